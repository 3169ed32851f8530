//! What happens at 株式会社あおぞら商事 in the weeks after the two nights.

use local::Error;
use reqwest::Method;
use serde_json::{Value, json};

use crate::company::{Company, id};

/// Who is hired with a private address, by number in the company.
const PRIVATE: u32 = 305;

impl Company {
    /// Everybody who failed gets what was missing.
    ///
    /// # Errors
    /// The stand-in refused something.
    pub(crate) async fn corrects_what_the_log_named(&self) -> Result<(), Error> {
        for (number, change) in [
            (107, json!({ "emp_code": "A0107" })),
            (113, json!({ "email": "kimura@aozora-shoji.example" })),
            (114, json!({ "emp_code": "A0114" })),
            // Had the code of 115.
            (116, json!({ "emp_code": "A0116" })),
            // Had the address of 117.
            (118, json!({ "email": "shomu@aozora-shoji.example" })),
            (119, json!({ "last_name": "水野", "first_name": "あかり" })),
            (
                123,
                json!({ "email": "private.person@aozora-shoji.example" }),
            ),
        ] {
            self.change(number, change).await?;
        }
        Ok(())
    }

    /// The next read of the employees is forbidden.
    ///
    /// # Errors
    /// The stand-in refused it.
    pub(crate) async fn refuses_kitera_once(&self) -> Result<(), Error> {
        let fault = json!({ "path": "/api/v1/crews", "status": 403, "count": 1 });
        self.order(Method::POST, "faults", Some(fault)).await?;
        Ok(())
    }

    /// Of four who accepted their invitation.
    ///
    /// # Errors
    /// The stand-in refused something.
    pub(crate) async fn has_three_weddings_and_a_farewell(&self) -> Result<(), Error> {
        for (number, name) in [(21, "白石"), (22, "柏木"), (41, "早瀬")] {
            self.change(number, json!({ "last_name": name })).await?;
        }
        self.change(42, json!({ "emp_status": "retired" })).await
    }

    /// Three with an address, one with a code only, one whose address is a private one.
    ///
    /// # Errors
    /// The stand-in refused it.
    pub(crate) async fn hires_five(&self) -> Result<(), Error> {
        self.hire(vec![
            person(
                301,
                "早川",
                "みのり",
                Some("minori.hayakawa@aozora-shoji.example"),
            ),
            person(
                302,
                "藤原",
                "たくみ",
                Some("takumi.fujiwara@aozora-shoji.example"),
            ),
            person(
                303,
                "岡本",
                "ゆい",
                Some("yui.okamoto@aozora-shoji.example"),
            ),
            person(304, "小野", "まさる", None),
            person(PRIVATE, "村田", "かおる", Some("kaoru@mail.example")),
        ])
        .await
    }

    /// One of the company's in its place.
    ///
    /// # Errors
    /// The stand-in refused it.
    pub(crate) async fn replaces_the_private_address(&self) -> Result<(), Error> {
        let address = json!({ "email": "kaoru.murata@aozora-shoji.example" });
        self.change(PRIVATE, address).await
    }

    /// 30 people retire at once.
    ///
    /// # Errors
    /// The stand-in refused something.
    pub(crate) async fn closes_a_branch(&self) -> Result<(), Error> {
        for number in 60..=89 {
            self.change(number, json!({ "emp_status": "retired" }))
                .await?;
        }
        Ok(())
    }

    /// One is hired and one marries: for the preview.
    ///
    /// # Errors
    /// The stand-in refused it.
    pub(crate) async fn has_an_ordinary_day(&self) -> Result<(), Error> {
        let address = Some("kento.matsui@aozora-shoji.example");
        self.hire(vec![person(306, "松井", "けんと", address)])
            .await?;
        self.change(24, json!({ "last_name": "若林" })).await
    }
}

fn person(number: u32, last_name: &str, first_name: &str, email: Option<&str>) -> Value {
    json!({
        "id": id(number),
        "emp_code": format!("A{number:04}"),
        "last_name": last_name,
        "first_name": first_name,
        "email": email,
        "emp_status": "employed",
    })
}
