//! The source of a request: the network that API Gateway saw, and API Gateway's id of the request.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;
use domain::{Author, UserId};
use lambda_http::request::RequestContext;

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestSource {
    /// The network of the client: an IPv4 address, or an IPv6 /64. `X-Forwarded-For` and similar headers
    /// do not count, because the client chooses them.
    pub network: String,
    /// The id that API Gateway gave the request.
    pub request_id: String,
}

impl RequestSource {
    /// Returns the source that the function's event names.
    pub fn of(extensions: &Extensions) -> Self {
        let (address, request_id) = match extensions.get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => (
                context.http.source_ip.as_deref(),
                context.request_id.as_deref(),
            ),
            _ => (None, None),
        };
        Self {
            network: network(address.unwrap_or_default()),
            request_id: request_id.unwrap_or_default().to_owned(),
        }
    }

    /// Returns the author of what `user_id` changes by this request.
    pub fn author(&self, user_id: &UserId) -> Author {
        Author {
            user_id: user_id.clone(),
            home: None,
            network: self.network.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestSource {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// Returns the network of one household or company: an IPv4 address, or an IPv6 /64.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => "unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_household_is_one_network() {
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
    }
}
