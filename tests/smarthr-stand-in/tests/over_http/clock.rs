//! What happens as time passes, moved by the offset file.

use std::path::PathBuf;

use smarthr_stand_in::Options;

use crate::client::{TestClient, person, unhurried};

const DAY: i64 = 24 * 60 * 60;

/// A file of this test run with an offset of the clock in it.
struct OffsetFile(PathBuf);

impl OffsetFile {
    fn named(name: &str) -> Self {
        let file = Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name));
        file.set(0);
        file
    }

    fn set(&self, seconds: i64) {
        std::fs::write(&self.0, seconds.to_string()).unwrap();
    }

    fn options(&self) -> Options {
        Options {
            clock_offset_file: Some(self.0.clone()),
            ..unhurried()
        }
    }
}

#[tokio::test]
async fn an_access_token_expires_and_a_refresh_returns_another() {
    let clock = OffsetFile::named("an-access-token-expires");
    let client = TestClient::logged_in_with(clock.options()).await;
    let tokens = client.log_in().await;
    client.read("/users/me").await;
    clock.set(7201);
    assert_eq!(client.get("/users/me").await.status(), 401);
    assert_eq!(client.refresh(&tokens).await.status(), 200);
}

#[tokio::test]
async fn a_refresh_token_expires_after_ninety_days_unused() {
    let clock = OffsetFile::named("a-refresh-token-expires");
    let client = TestClient::with(clock.options()).await;
    let tokens = client.log_in().await;
    clock.set(90 * DAY);
    assert_eq!(client.refresh(&tokens).await.status(), 400);
}

#[tokio::test]
async fn a_person_who_leaves_tomorrow_is_retired_three_days_later_and_counts_as_updated() {
    let clock = OffsetFile::named("leaves-tomorrow");
    let mut client = TestClient::logged_in_with(clock.options()).await;
    let path = format!("/crews/{}", person(110));
    assert_eq!(client.read(&path).await["emp_status"], "employed");

    clock.set(3 * DAY);
    client.log_in_again().await;
    assert_eq!(client.read(&path).await["emp_status"], "retired");
    let latest = client.read("/crews?sort=-updated_at&per_page=1").await;
    assert_eq!(latest[0]["id"], person(110).as_str());
    // Somebody who leaves in a month is still there, and somebody who had retired has not changed.
    let month = client.read(&format!("/crews/{}", person(111))).await;
    assert_eq!(month["emp_status"], "employed");
}
