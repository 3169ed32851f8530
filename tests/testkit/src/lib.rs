//! Everything a run talks to, in one process: DynamoDB (dynoxide), the little that is needed of SQS,
//! S3, Secrets Manager and SES, and SmartHR's stand-in, all over HTTP through the real SDKs. Every
//! request passes a [`Tap`], which counts it, may delay it, and may be where the process dies.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a test environment that cannot be made is a failed test"
)]

mod clock;
mod company;
mod cut_body;
mod end;
mod evening;
mod items;
mod link;
mod mails;
mod mishap;
mod people;
mod proxy;
mod services;
mod smarthr;
mod spoil;
mod tap;
mod test_env;

pub use clock::{advance, now};
pub use company::{code_only, crew_id, first_night, person, second_night};
pub use end::End;
pub use http_client as http;
pub use mishap::Mishap;
pub use services::Services;
pub use tap::{Death, Held, Tap};
pub use test_env::TestEnv;
