//! Everything a run talks to, in one process: DynamoDB (dynoxide), the little that is needed of SQS,
//! S3, Secrets Manager and SES, and SmartHR's stand-in, all over HTTP through the real SDKs. Every
//! request passes a [`Tap`], which counts it, may delay it, and may be where the process dies.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a world that cannot be made is a failed test"
)]

mod clock;
mod proxy;
mod services;
mod tap;
mod world;

pub use clock::{advance, now};
pub use services::Services;
pub use tap::{Death, Tap};
pub use world::World;
