//! A response body that breaks off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use http_body::{Body, Frame};

/// A body that sends some bytes and then fails, so that the server closes the connection.
pub(crate) struct CutBody {
    first: Option<Bytes>,
}

impl CutBody {
    pub(crate) fn after(first: Bytes) -> Self {
        Self { first: Some(first) }
    }
}

impl Body for CutBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(match self.first.take() {
            Some(first) => Ok(Frame::data(first)),
            None => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        }))
    }
}
