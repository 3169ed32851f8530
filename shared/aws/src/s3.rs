//! The two requests that are made of S3, signed in their address as AWS Signature Version 4 says
//! (<https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>).
//!
//! S3's own client would bring 0.7 MB of tables for checksums with it, a sixth of what an artefact may measure: it
//! can compute all those that S3 knows. We ask for none; S3 then makes one itself, and TLS keeps what is under way.

use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::error::{BoxError, ErrorMetadata, ProvideErrorMetadata};
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_http::label::{EncodingStrategy, fmt_string};
use aws_smithy_http::query_writer::QueryWriter;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;

use crate::clock;
use crate::error::StoreError;
use crate::requests;

/// How long what we sign for ourselves works: repetitions included.
const WITHIN: Duration = Duration::from_mins(5);

/// A bucket.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    /// Scheme and host.
    origin: String,
    /// What stands before keys.
    folder: String,
    region: Region,
    credentials: SharedCredentialsProvider,
    http: Operation<HttpRequest, Vec<u8>, Refused>,
}

/// S3's answer is an error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(ErrorMetadata);

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

impl Bucket {
    /// The bucket of this name; `None` when AWS is reached by nobody.
    pub(crate) fn new(sdk: &SdkConfig, name: &str) -> Option<Self> {
        let region = sdk.region()?.clone();
        let (origin, folder) = match sdk.endpoint_url() {
            // A stand-in on this machine has no host name per bucket.
            Some(endpoint) => (endpoint.to_owned(), format!("/{name}/")),
            None => (
                format!("https://{name}.s3.{region}.amazonaws.com"),
                "/".into(),
            ),
        };
        let http = Operation::builder()
            .service_name("S3")
            .operation_name("Object")
            .behavior_version(BehaviorVersion::latest())
            .http_client(sdk.http_client()?)
            .no_auth()
            .standard_retry(&RetryConfig::standard())
            .retry_classifier(HttpStatusCodeClassifier::default())
            .retry_classifier(TransientErrorClassifier::<Refused>::new())
            .timeout_config(TimeoutConfig::disabled())
            .interceptor(requests::S3)
            .endpoint_url(&origin)
            .serializer(Ok)
            .deserializer(read)
            .build();
        Some(Self {
            origin,
            folder,
            region,
            credentials: sdk.credentials_provider()?,
            http,
        })
    }

    /// What is under a key, if anything is.
    pub(crate) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.call("GetObject", "GET", key, SdkBody::empty()).await {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.code() == Some("NoSuchKey") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts something there.
    pub(crate) async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), StoreError> {
        self.call("PutObject", "PUT", key, content.into()).await?;
        Ok(())
    }

    /// An address that does for whoever opens it, within this time, what `method` does to a key.
    pub(crate) async fn signed(
        &self,
        method: &str,
        key: &str,
        query: &[(&str, &str)],
        within: Duration,
    ) -> Result<String, BoxError> {
        let key = fmt_string(key, EncodingStrategy::Greedy);
        let mut address =
            QueryWriter::new_from_string(&format!("{}{}{key}", self.origin, self.folder))?;
        for (name, value) in query {
            address.insert(name, value);
        }
        let address = address.build_uri().to_string();
        let who = self.credentials.provide_credentials().await?.into();
        let time = (clock::of_aws(), within);
        signed(method, &address, &who, self.region.as_ref(), time)
    }

    async fn call(
        &self,
        operation: &'static str,
        method: &str,
        key: &str,
        body: SdkBody,
    ) -> Result<Vec<u8>, StoreError> {
        let request = async {
            let address = self.signed(method, key, &[], WITHIN).await?;
            let mut request = HttpRequest::new(body);
            request.set_method(method)?;
            request.set_uri(address.trim_start_matches(self.origin.as_str()))?;
            Ok::<_, BoxError>(request)
        };
        let request = request.await.map_err(unsigned(operation))?;
        let answer = self.http.invoke(request).await;
        answer.map_err(StoreError::from_sdk(operation))
    }
}

/// `address` with the signature of `who`, from a time on for so long.
fn signed(
    method: &str,
    address: &str,
    who: &Identity,
    region: &str,
    (from, within): (SystemTime, Duration),
) -> Result<String, BoxError> {
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(within);
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let parameters = v4::SigningParams::builder()
        .identity(who)
        .region(region)
        .name("s3")
        .time(from)
        .settings(settings)
        .build()?
        .into();
    let body = SignableBody::UnsignedPayload;
    let request = SignableRequest::new(method, address, std::iter::empty(), body)?;
    let (signature, _) = sign(request, &parameters)?.into_parts();
    let mut signed = QueryWriter::new_from_string(address)?;
    for (name, value) in signature.params() {
        signed.insert(name, value);
    }
    Ok(signed.build_uri().to_string())
}

/// What cannot be signed is not sent.
pub(crate) fn unsigned(operation: &'static str) -> impl FnOnce(BoxError) -> StoreError {
    move |error| StoreError::Unavailable {
        operation,
        code: "cannot be signed".into(),
        message: error.to_string(),
    }
}

fn read(answer: &HttpResponse) -> Result<Vec<u8>, OrchestratorError<Refused>> {
    let body = answer.body().bytes().unwrap_or_default();
    if answer.status().is_success() {
        return Ok(body.to_vec());
    }
    let text = String::from_utf8_lossy(body);
    let within = |tag: &str| {
        let (_, rest) = text.split_once(&format!("<{tag}>"))?;
        Some(rest.split_once('<')?.0.to_owned())
    };
    let refused = ErrorMetadata::builder()
        .code(within("Code").unwrap_or_else(|| answer.status().as_u16().to_string()))
        .message(within("Message").unwrap_or_default());
    Err(OrchestratorError::operation(Refused(refused.build())))
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;

    use super::*;

    #[test]
    fn an_address_is_signed_as_in_the_example_of_aws() {
        let (id, secret) = (
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        );
        let who = Credentials::new(id, secret, None, None, "example").into();
        // Friday, 24 May 2013, 00:00 UTC, for a day.
        let from = SystemTime::UNIX_EPOCH + Duration::from_secs(1_369_353_600);
        let time = (from, Duration::from_secs(86_400));
        let address = "https://examplebucket.s3.amazonaws.com/test.txt";
        let signed = signed("GET", address, &who, "us-east-1", time).unwrap();
        assert!(
            signed.ends_with(
                "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
            ),
            "{signed}"
        );
    }

    #[test]
    fn a_refusal_says_what_s3_says() {
        let refused = |status: u16, body: &'static str| {
            let answer = HttpResponse::new(status.try_into().unwrap(), body.into());
            let error = read(&answer).unwrap_err();
            let refused = error.as_operation_error().unwrap().meta().clone();
            refused.code().unwrap().to_owned()
        };
        let missing = "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>";
        assert_eq!(refused(404, missing), "NoSuchKey");
        assert_eq!(refused(502, "Bad Gateway"), "502");
    }
}
