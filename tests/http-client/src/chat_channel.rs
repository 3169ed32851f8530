//! A chat's incoming webhook that answers every post with one status and keeps it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// The longest wait for a post.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// A channel of a chat on this machine.
pub struct ChatChannel {
    /// The address of its webhook.
    pub url: String,
    posts: Arc<Mutex<Vec<String>>>,
    posted: Arc<Notify>,
}

impl ChatChannel {
    /// Opens a channel whose webhook answers with `answer`: a status and its reason, with further header lines if need
    /// be.
    pub async fn open(answer: impl Into<String>) -> Self {
        let answer = answer.into();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let channel = Self {
            url: format!("http://{address}/services/T0/B0/secret"),
            posts: Arc::default(),
            posted: Arc::default(),
        };
        let (posts, posted) = (Arc::clone(&channel.posts), Arc::clone(&channel.posted));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut read = Vec::new();
                while !is_whole(&read) {
                    assert!(stream.read_buf(&mut read).await.unwrap() > 0);
                }
                posts.lock().unwrap().push(String::from_utf8(read).unwrap());
                posted.notify_one();
                let answer =
                    format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        channel
    }

    /// Returns the requests so far, heads included.
    pub fn posts(&self) -> Vec<String> {
        self.posts.lock().unwrap().clone()
    }

    /// Waits for further posts until there are so many, and returns the last one.
    pub async fn post(&self, number: usize) -> String {
        while self.posts().len() < number {
            let posted = self.posted.notified();
            tokio::time::timeout(LONGEST_WAIT, posted).await.unwrap();
        }
        self.posts().pop().unwrap()
    }
}

fn is_whole(read: &[u8]) -> bool {
    let text = String::from_utf8_lossy(read).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length: "));
    length.is_some_and(|length| body.len() >= length.parse().unwrap())
}
