//! Attacks on the sign-in at a company's SAML provider. What is done to the messages themselves is in
//! `shared/saml/tests`; here genuine ones are stolen, repeated, and brought to other places.

mod confirmation;

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{LoginMethod, Role};
use flate2::read::DeflateDecoder;
use jiff::SignedDuration;
use security::{Actor, Answer, Places, Product, Request};
use testkit::TestEnv;
use testkit::saml::{SamlMessage, SamlSigner};
use url::Url;

use crate::sso::{Attacks, lets_in};

/// The person whose account is attacked: active, SSO.
const VICTIM: &str = "usr-victim@example.jp";
const ACS: &str = "/sso/acs/ws_test";

/// A workspace with SSO, and its provider.
struct Company {
    product: Product,
    provider: SamlSigner,
}

/// A sign-in that went to the provider.
struct Begun {
    cookie: String,
    request: String,
    request_id: String,
    relay_state: String,
}

impl Company {
    async fn new() -> Self {
        let env = TestEnv::new(20, None).await;
        let provider = SamlSigner::new("https://idp.example/metadata", 2030);
        let product = Product::of(env);
        for id in ["usr_victim", "usr_attacker", "usr_password"] {
            product.add_user(id, Role::Member).await;
        }
        let to_sso = |user: &mut domain::User| user.login_method = LoginMethod::Sso;
        product.env.change_user("usr_victim", to_sso).await;
        product.env.change_user("usr_attacker", to_sso).await;
        let company = Self { product, provider };
        company.trust(&company.provider).await;
        company
    }

    /// Configures the workspace for `provider`.
    async fn trust(&self, provider: &SamlSigner) {
        let metadata = provider.metadata("https://idp.example/sso");
        let provider = saml::read_metadata(metadata.as_bytes()).unwrap();
        self.product.env.configure_saml(provider).await;
    }

    async fn begin(&self) -> Begun {
        begun(&self.product.browser().get("/sso/test").await)
    }

    /// Returns what the provider says when somebody signs in there.
    async fn message(&self, begun: &Begun, email: &str) -> SamlMessage {
        let ours = self.product.browser().get("/sso/metadata/ws_test").await;
        let value = |name: &str| {
            let (_, rest) = ours.text.split_once(&format!("{name}=\"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        SamlMessage {
            name_id: email.into(),
            response_id: format!("_response{}", begun.request_id),
            assertion_id: format!("_assertion{}", begun.request_id),
            in_response_to: Some(begun.request_id.clone()),
            destination: value("Location"),
            recipient: value("Location"),
            audience: value("entityID"),
            issuer: self.provider.entity_id.clone(),
            issued_at: testkit::now(),
            attributes: String::new(),
        }
    }

    /// Begins, and signs in at the provider. Returns its answer.
    async fn at_provider(&self, email: &str) -> (Begun, String) {
        let begun = self.begin().await;
        let response = self.message(&begun, email).await.signed_by(&self.provider);
        (begun, response)
    }

    /// Posts an answer as the provider's page does: without cookies.
    async fn post(&self, path: &str, response: &str, relay_state: &str) -> Answer {
        let response = STANDARD.encode(response);
        let form = [
            ("SAMLResponse", response.as_str()),
            ("RelayState", relay_state),
        ];
        let request = Request::post(path).form(&form);
        let request = request
            .header("origin", "https://idp.example")
            .header("sec-fetch-site", "cross-site");
        self.product.browser().send(request).await
    }

    /// Posts an answer, and goes where it leads in the browser with this cookie.
    async fn come_back(&self, cookie: &str, response: &str, relay_state: &str) -> Answer {
        let posted = self.post(ACS, response, relay_state).await;
        if posted.status != 303 {
            return posted;
        }
        assert!(!lets_in(&posted), "before the cookie was shown");
        let path = posted.location().to_owned();
        assert!(path.starts_with("/sso/callback/ws_test?state="), "{path}");
        self.product
            .browser()
            .send(Request::get(&path).header("cookie", cookie))
            .await
    }

    async fn sign_in(&self, email: &str) -> Answer {
        let (begun, response) = self.at_provider(email).await;
        self.come_back(&begun.cookie, &response, &begun.relay_state)
            .await
    }
}

fn begun(answer: &Answer) -> Begun {
    let (_, address) = answer
        .html()
        .split_once("href=\"https://idp.example")
        .unwrap();
    let address = address.split('"').next().unwrap();
    let url = format!(
        "https://idp.example{}",
        address.replace("&#38;", "&").replace("&amp;", "&")
    );
    let url = Url::parse(&url).unwrap();
    let value = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .into_owned()
    };
    let mut request = String::new();
    let deflated = STANDARD.decode(value("SAMLRequest")).unwrap();
    DeflateDecoder::new(&deflated[..])
        .read_to_string(&mut request)
        .unwrap();
    let (_, id) = request.split_once(" ID=\"").unwrap();
    Begun {
        cookie: answer.cookie_named("__Host-sso").unwrap().to_owned(),
        request_id: id.split('"').next().unwrap().to_owned(),
        request,
        relay_state: value("RelayState"),
    }
}

impl Attacks {
    /// Answers that are repeated, or brought by others than those whose they are.
    async fn with_stolen_answers(&mut self) {
        let company = Company::new().await;
        assert!(lets_in(&company.sign_in(VICTIM).await), "the honest answer");

        let (mine, response) = company.at_provider(VICTIM).await;
        let state = &mine.relay_state;
        assert!(lets_in(
            &company.come_back(&mine.cookie, &response, state).await
        ));
        self.note(
            "replayed",
            &company.come_back(&mine.cookie, &response, state).await,
        );
        let next = company.begin().await;
        let again = company
            .come_back(&next.cookie, &response, &next.relay_state)
            .await;
        self.note("replayed in another sign-in", &again);

        let next = company.begin().await;
        let same_id = SamlMessage {
            assertion_id: format!("_assertion{}", mine.request_id),
            ..company.message(&next, VICTIM).await
        };
        let same_id = same_id.signed_by(&company.provider);
        let again = company
            .come_back(&next.cookie, &same_id, &next.relay_state)
            .await;
        self.note("another assertion with a used id", &again);

        let (victims, response) = company.at_provider(VICTIM).await;
        let attackers = company.begin().await;
        let state = &attackers.relay_state;
        self.note(
            "stolen for another sign-in",
            &company.come_back(&attackers.cookie, &response, state).await,
        );
        let state = &victims.relay_state;
        self.note(
            "in another browser",
            &company.come_back(&attackers.cookie, &response, state).await,
        );
        self.note(
            "in the right browser after that",
            &company.come_back(&victims.cookie, &response, state).await,
        );
        let (_, response) = company.at_provider(VICTIM).await;
        self.note(
            "without a cookie",
            &company.come_back("", &response, state).await,
        );

        let (mine, response) = company.at_provider(VICTIM).await;
        let first = company.post(ACS, &response, &mine.relay_state).await;
        self.note(
            "posted twice",
            &company.post(ACS, &response, &mine.relay_state).await,
        );
        let callback = Request::get(first.location()).header("cookie", &mine.cookie);
        assert!(
            lets_in(&company.product.browser().send(callback).await),
            "posted once"
        );

        let mine = company.begin().await;
        let callback = format!("/sso/callback/ws_test?state={}", mine.relay_state);
        let callback = Request::get(&callback).header("cookie", &mine.cookie);
        self.note(
            "callback without an answer",
            &company.product.browser().send(callback).await,
        );

        for relay_state in ["", "guessed", "https://evil.example/", "//evil.example"] {
            let (mine, response) = company.at_provider(VICTIM).await;
            let answer = company
                .come_back(&mine.cookie, &response, relay_state)
                .await;
            self.note("another RelayState", &answer);
        }
    }

    /// Answers that are not this provider's, not ours, or not of now.
    async fn with_other_answers(&mut self) {
        let company = Company::new().await;
        let other = SamlSigner::new(&company.provider.entity_id, 2030);
        let begun = company.begin().await;
        let message = company.message(&begun, VICTIM).await;
        let forged = message.clone();
        let elsewhere = |change: fn(&mut SamlMessage)| {
            let mut changed = message.clone();
            change(&mut changed);
            changed.signed_by(&company.provider)
        };
        let honest = message.signed_by(&company.provider);
        for (name, response) in [
            ("signed by another provider", forged.signed_by(&other)),
            ("not signed", forged.response(&forged.assertion())),
            (
                "another name",
                honest.replace(VICTIM, "usr-attacker@example.jp"),
            ),
            (
                "comment in the name",
                honest.replace(VICTIM, "usr-victim<!---->@example.jp"),
            ),
            (
                "another audience",
                elsewhere(|it| it.audience = it.audience.replace("ws_test", "ws_evil")),
            ),
            (
                "another recipient",
                elsewhere(|it| it.recipient = it.recipient.replace("ws_test", "ws_evil")),
            ),
            (
                "another destination",
                elsewhere(|it| it.destination = it.destination.replace("ws_test", "ws_evil")),
            ),
            (
                "another issuer",
                elsewhere(|it| it.issuer = "https://evil.example".into()),
            ),
            (
                "expired",
                elsewhere(|it| it.issued_at -= SignedDuration::from_mins(7)),
            ),
            (
                "of the future",
                elsewhere(|it| it.issued_at += SignedDuration::from_mins(3)),
            ),
            (
                "unsolicited in a sign-in",
                elsewhere(|it| it.in_response_to = None),
            ),
            ("no XML", "x".into()),
            ("nothing", String::new()),
        ] {
            let begun = company.begin().await;
            let response =
                response.replace(&message.in_response_to.clone().unwrap(), &begun.request_id);
            let answer = company
                .come_back(&begun.cookie, &response, &begun.relay_state)
                .await;
            self.note(name, &answer);
        }

        let (begun, response) = company.at_provider(VICTIM).await;
        let answer = company
            .post("/sso/acs/ws_evil", &response, &begun.relay_state)
            .await;
        self.note("brought to another workspace", &answer);
        let (begun, response) = company.at_provider(VICTIM).await;
        company.trust(&other).await;
        let answer = company
            .come_back(&begun.cookie, &response, &begun.relay_state)
            .await;
        self.note("the provider was changed meanwhile", &answer);
        company.trust(&company.provider).await;
        let (begun, response) = company.at_provider(VICTIM).await;
        testkit::advance(SignedDuration::from_mins(10));
        let answer = company
            .come_back(&begun.cookie, &response, &begun.relay_state)
            .await;
        self.note("after ten minutes", &answer);
        for email in [
            "usr-nobody@example.jp",
            "usr-password@example.jp",
            "usr-victim",
        ] {
            self.note("somebody who may not", &company.sign_in(email).await);
        }
    }
}

#[tokio::test]
async fn no_forged_or_stolen_answer_of_a_saml_provider_lets_anybody_in() {
    let mut attacks = Attacks::default();
    attacks.with_stolen_answers().await;
    attacks.with_other_answers().await;
    for line in &attacks.let_in {
        println!("{line}");
    }
    println!(
        "sso attacks (SAML): {}, let in: {}",
        attacks.tried,
        attacks.let_in.len()
    );
    assert_eq!(attacks.let_in.len(), 0);
    assert!(attacks.tried > 25, "{}", attacks.tried);
}

/// A tile in the provider's portal posts an answer that nobody asked for.
#[tokio::test]
async fn an_answer_that_nobody_asked_for_begins_a_sign_in_instead_of_being_believed() {
    let company = Company::new().await;
    let unsolicited = SamlMessage {
        in_response_to: None,
        ..company.message(&company.begin().await, VICTIM).await
    };
    let unsolicited = unsolicited.signed_by(&company.provider);
    let answer = company
        .post(ACS, &unsolicited, "https://evil.example/")
        .await;
    assert!(!lets_in(&answer));
    answer.shows_no(&["evil.example"]);
    let begun = begun(&answer);
    let response = company
        .message(&begun, VICTIM)
        .await
        .signed_by(&company.provider);
    let signed_in = company
        .come_back(&begun.cookie, &response, &begun.relay_state)
        .await;
    assert!(lets_in(&signed_in));
}

#[tokio::test]
async fn a_system_administrator_pastes_the_metadata_and_reads_what_is_wrong_with_it() {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let save = async |metadata: &str| {
        let form = [("metadata", metadata)];
        admin
            .send(Request::post("/settings/single-sign-on/saml").form(&form))
            .await
    };
    let provider = SamlSigner::new("https://idp.example/metadata", 2030);
    let metadata = provider.metadata("https://idp.example/sso");
    let refused = save(&metadata.replace("HTTP-Redirect", "SOAP")).await;
    assert_eq!(refused.status, 422);
    refused.shows(&["HTTP-RedirectのSSO URL(SingleSignOnService)がありません"]);
    let refused = save(&format!("<!DOCTYPE x>{metadata}")).await;
    refused.shows(&["DTD(&#60;!DOCTYPE&#62;)が含まれています"]);

    assert_eq!(
        save(&metadata).await.location(),
        "/settings/single-sign-on?done=sso-saved"
    );
    let page = admin.get("/settings/single-sign-on").await;
    page.shows(&[
        "https://idp.example/metadata",
        "https://idp.example/sso",
        "接続テストに成功していない",
    ]);
    let workspace = product.env.stored_workspace().await;
    assert!(workspace.single_sign_on.is_some_and(|sso| !sso.is_tested()));
}

#[tokio::test]
async fn a_session_ends_when_the_provider_says_so() {
    let company = Company::new().await;
    let begun = company.begin().await;
    let message = company.message(&begun, VICTIM).await;
    let half_an_hour = SignedDuration::from_mins(30);
    let assertion = message.assertion().replace(
        r#"SessionIndex="_session""#,
        &format!(
            r#"SessionIndex="_session" SessionNotOnOrAfter="{}""#,
            testkit::now() + half_an_hour
        ),
    );
    let signed = company.provider.sign(&assertion, &message.assertion_id);
    let response = message.response(&signed);
    let come_back = company.come_back(&begun.cookie, &response, &begun.relay_state);
    let signed_in = come_back.await;
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap();
    let home = async || {
        let request = Request::get("/").header("cookie", cookie);
        company.product.browser().send(request).await.status
    };
    testkit::advance(half_an_hour - SignedDuration::from_secs(1));
    assert_eq!(home().await, 200);
    testkit::advance(SignedDuration::from_secs(1));
    assert_eq!(home().await, 303);
}
