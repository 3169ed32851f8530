//! AWS Signature Version 4, for requests to services that have no SDK client here.

use std::time::SystemTime;

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;

use crate::Error;
use crate::ministack::{REGION, credentials};

/// Returns the headers that sign a POST request to `service` as the account's owner.
///
/// # Errors
/// The address or the body cannot be signed.
pub(crate) fn signature(
    service: &str,
    url: &str,
    body: &[u8],
) -> Result<Vec<(String, String)>, Error> {
    let unsignable = |error: &dyn std::error::Error| Error::Malformed {
        what: "a request to sign",
        reason: error.to_string(),
    };
    let identity = credentials().into();
    #[expect(
        clippy::disallowed_methods,
        reason = "ministack checks signatures by the system's clock, not by the stack's"
    )]
    let now = SystemTime::now();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(service)
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| unsignable(&error))?
        .into();
    let request = SignableRequest::new("POST", url, std::iter::empty(), SignableBody::Bytes(body))
        .map_err(|error| unsignable(&error))?;
    let (signed, _) = sign(request, &parameters)
        .map_err(|error| unsignable(&error))?
        .into_parts();
    Ok(signed
        .headers()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}
