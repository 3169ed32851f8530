//! Attacks on the sign-in at the company's identity provider. The provider is one that can lie in every way.

use domain::{Credential, LoginMethod, Role, Status};
use identity_provider::{CLIENT_ID, CLIENT_SECRET, IdToken, IdentityProvider, Signature};
use jiff::SignedDuration;
use security::{Answer, Browser, Product, Request};
use serde_json::json;
use storage::transaction::UserWrite;
use testkit::TestEnv;
use url::Url;

/// The person whose account is attacked: active, SSO.
const VICTIM: &str = "usr-victim@example.jp";

/// A workspace with SSO, and its provider.
struct Company {
    product: Product,
    provider: IdentityProvider,
}

/// A sign-in that went to the provider: the address there, and the cookie of the browser.
struct Begun {
    authorization: String,
    cookie: String,
}

impl Company {
    async fn new() -> Self {
        let env = TestEnv::new(20, None).await;
        let provider = IdentityProvider::start(testkit::now).await.unwrap();
        let client = (CLIENT_ID, CLIENT_SECRET);
        env.configure_sso(provider.issuer(), client, true).await;
        let product = Product::of(env);
        product.add_user("usr_victim", Role::Member).await;
        product
            .env
            .change_user("usr_victim", |user| user.login_method = LoginMethod::Sso)
            .await;
        product
            .add_user("usr_password", Role::SystemAdministrator)
            .await;
        Self { product, provider }
    }

    fn browser(&self) -> Browser<'_> {
        self.product.browser()
    }

    /// Opens the link for SSO of the workspace.
    async fn begin(&self) -> Begun {
        let answer = self.browser().get("/sso/test").await;
        begun(&answer)
    }

    /// Begins, and signs in at the provider. Returns where the provider sends the browser.
    async fn at_provider(&self, email: &str) -> (Begun, Url) {
        let begun = self.begin().await;
        let back = self.provider.sign_in(&begun.authorization, email);
        (begun, back)
    }

    /// Signs in honestly; the provider changes the token.
    async fn sign_in(&self, email: &str) -> Answer {
        let (begun, back) = self.at_provider(email).await;
        self.come_back(&begun.cookie, &back).await
    }

    /// Adds a workspace with SSO at the attacker's provider.
    async fn evil_workspace(&self) -> IdentityProvider {
        let provider = IdentityProvider::start(testkit::now).await.unwrap();
        let env = &self.product.env;
        let client = (CLIENT_ID, CLIENT_SECRET);
        env.add_workspace_with_sso("evil", provider.issuer(), client)
            .await;
        provider
    }

    /// Opens the address that the provider sent a browser to, in the browser with this cookie.
    async fn come_back(&self, cookie: &str, back: &Url) -> Answer {
        let path = format!("{}?{}", back.path(), back.query().unwrap());
        let request = Request::get(&path).header("cookie", cookie);
        self.browser().send(request).await
    }
}

fn begun(answer: &Answer) -> Begun {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let authorization = IdentityProvider::address_on(answer.html());
    let cookie = answer.cookie_named("__Host-sso").unwrap().to_owned();
    Begun {
        authorization,
        cookie,
    }
}

/// Returns whether the answer signs somebody in.
pub(crate) fn lets_in(answer: &Answer) -> bool {
    answer.cookie().starts_with("__Host-session=")
}

/// Returns the address with another value of a query parameter, or without it.
fn with(url: &Url, name: &str, value: Option<&str>) -> Url {
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    pairs.retain(|(key, _)| key != name);
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url
}

fn value(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
}

type Forgery = (&'static str, fn(&mut IdToken));

fn later(token: &mut IdToken, claim: &str, seconds: i64) {
    let time = token.claims[claim]
        .as_i64()
        .unwrap_or_else(|| testkit::now().as_second());
    token.claims[claim] = json!(time + seconds);
}

fn without(token: &mut IdToken, claim: &str) {
    token.claims.as_object_mut().unwrap().remove(claim);
}

/// ID tokens that a provider must not get anybody in with, although everything else about the sign-in is right.
const FORGERIES: [Forgery; 31] = [
    ("expired", |token| later(token, "exp", -301)),
    ("expired long ago", |token| later(token, "exp", -86_400)),
    ("without exp", |token| without(token, "exp")),
    ("issued in the future", |token| later(token, "iat", 3600)),
    ("issued an hour ago", |token| later(token, "iat", -3600)),
    ("without iat", |token| without(token, "iat")),
    ("not valid yet", |token| later(token, "nbf", 3600)),
    ("algorithm none", |token| {
        token.sign_as("none", Signature::Nothing);
    }),
    ("algorithm NONE", |token| {
        token.sign_as("NONE", Signature::Nothing);
    }),
    ("RS256 without a signature", |token| {
        token.sign_as("RS256", Signature::Nothing);
    }),
    ("HS256 with the public key", |token| {
        token.sign_as("HS256", Signature::MacOfPublicKey);
    }),
    ("HS256 with the key set", |token| {
        token.sign_as("HS256", Signature::MacOfPublishedKey);
    }),
    ("HS256 with the secret", |token| {
        token.sign_as("HS256", Signature::MacOfClientSecret);
    }),
    ("another key, same kid", |token| {
        token.sign_as("RS256", Signature::UnknownKey);
    }),
    ("another key, no kid", |token| {
        token.header = json!({ "alg": "RS256" });
        token.signature = Signature::UnknownKey;
    }),
    ("another key, which the header brings along", |token| {
        token.header["jku"] = json!("http://evil.example/keys");
        token.header["kid"] = json!("evil");
        token.signature = Signature::UnknownKey;
    }),
    ("ES256 with the RSA key", |token| {
        token.sign_as("ES256", Signature::Rsa);
    }),
    ("RS256 with the EC key", |token| {
        token.sign_as("RS256", Signature::Ec);
    }),
    ("critical header", |token| {
        token.header["crit"] = json!(["b64"]);
    }),
    ("nested token", |token| token.header["cty"] = json!("JWT")),
    ("another type of token", |token| {
        token.header["typ"] = json!("logout+jwt");
    }),
    ("another audience", |token| {
        token.claims["aud"] = json!("another-app");
    }),
    ("a further audience", |token| {
        token.claims["aud"] = json!([CLIENT_ID, "another-app"]);
    }),
    ("without audience", |token| without(token, "aud")),
    ("another authorized party", |token| {
        token.claims["azp"] = json!("another-app");
    }),
    ("another issuer", |token| {
        token.claims["iss"] = json!("https://idp.evil.example");
    }),
    ("without issuer", |token| without(token, "iss")),
    ("another nonce", |token| {
        token.claims["nonce"] = json!("another-nonce");
    }),
    ("without nonce", |token| without(token, "nonce")),
    ("another access token", |token| {
        token.claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
    }),
    ("unverified address", |token| {
        token.claims["email_verified"] = json!(false);
    }),
];

/// What was tried, and what of it got in.
#[derive(Default)]
pub(crate) struct Attacks {
    pub(crate) tried: usize,
    pub(crate) let_in: Vec<String>,
}

impl Attacks {
    pub(crate) fn note(&mut self, name: &str, answer: &Answer) {
        self.tried += 1;
        let is_refused = answer.status.is_client_error() || answer.status.is_server_error();
        if lets_in(answer) || !is_refused {
            self.let_in
                .push(format!("{name}: {} {}", answer.status, answer.text));
        }
    }

    /// Everything about the sign-in is right but the token.
    async fn with_forged_tokens(&mut self) {
        let company = Company::new().await;
        for (name, forge) in FORGERIES {
            company.provider.change_tokens(forge);
            self.note(name, &company.sign_in(VICTIM).await);
        }
        company.provider.change_tokens(|_| {});
        assert!(lets_in(&company.sign_in(VICTIM).await), "the honest token");
    }

    /// Answers that are not those to the browser's own question.
    async fn with_answers_to_others(&mut self) {
        let company = Company::new().await;
        let (mine, my_answer) = company.at_provider("usr-attacker@example.jp").await;
        let (victims, victims_answer) = company.at_provider(VICTIM).await;

        let code = value(&victims_answer, "code");
        let injected = with(&my_answer, "code", Some(&code));
        self.note(
            "code of another flow",
            &company.come_back(&mine.cookie, &injected).await,
        );
        // The code is used up by now, and so is the state above.
        let used_up = company.come_back(&victims.cookie, &victims_answer).await;
        self.note("code that an attacker tried before", &used_up);

        let (mine, my_answer) = company.at_provider(VICTIM).await;
        let (_, other_answer) = company.at_provider(VICTIM).await;
        let state = value(&other_answer, "state");
        let swapped = with(&my_answer, "state", Some(&state));
        self.note(
            "state of another flow",
            &company.come_back(&mine.cookie, &swapped).await,
        );

        let (begun, back) = company.at_provider(VICTIM).await;
        self.note("another browser", &company.come_back("", &back).await);
        self.note(
            "the right browser after that",
            &company.come_back(&begun.cookie, &back).await,
        );
        let (_, back) = company.at_provider(VICTIM).await;
        let other = company.begin().await.cookie;
        self.note(
            "a browser of another flow",
            &company.come_back(&other, &back).await,
        );

        let (begun, back) = company.at_provider(VICTIM).await;
        assert!(lets_in(&company.come_back(&begun.cookie, &back).await));
        self.note("replayed", &company.come_back(&begun.cookie, &back).await);

        for (name, parameter, changed) in [
            ("without state", "state", None),
            ("guessed state", "state", Some("guessed")),
            ("without code", "code", None),
            ("guessed code", "code", Some("guessed")),
            (
                "another issuer in the answer",
                "iss",
                Some("https://idp.evil.example"),
            ),
            ("no issuer in the answer", "iss", None),
            ("refused by the provider", "error", Some("access_denied")),
            ("an error of the provider", "error", Some("server_error")),
        ] {
            let (begun, back) = company.at_provider(VICTIM).await;
            let changed = with(&back, parameter, changed);
            self.note(name, &company.come_back(&begun.cookie, &changed).await);
        }

        let (begun, back) = company.at_provider(VICTIM).await;
        testkit::advance(SignedDuration::from_mins(10));
        self.note(
            "after ten minutes",
            &company.come_back(&begun.cookie, &back).await,
        );
    }

    /// Another workspace, whose admins run the attacker's provider.
    async fn with_another_workspace(&mut self) {
        let company = Company::new().await;
        let evil = company.evil_workspace().await;
        let begun = begun(&company.browser().get("/sso/evil").await);
        let back = evil.sign_in(&begun.authorization, VICTIM);
        let mut elsewhere = back.clone();
        elsewhere.set_path("/sso/callback/ws_test");
        let answer = company.come_back(&begun.cookie, &elsewhere).await;
        self.note("answer of another workspace's provider", &answer);

        let (begun, back) = {
            let begun = self::begun(&company.browser().get("/sso/evil").await);
            let back = evil.sign_in(&begun.authorization, VICTIM);
            (begun, back)
        };
        let answer = company.come_back(&begun.cookie, &back).await;
        self.note(
            "somebody of this workspace at another one's provider",
            &answer,
        );

        // The mix-up of RFC 9700, 4.4: the attacker's provider sends the browser on to the honest one.
        let begun = self::begun(&company.browser().get("/sso/evil").await);
        let honest = company.begin().await;
        let mixed = with(
            &Url::parse(&honest.authorization).unwrap(),
            "state",
            Some(&value(&Url::parse(&begun.authorization).unwrap(), "state")),
        );
        let back = company.provider.sign_in(mixed.as_str(), VICTIM);
        let answer = company.come_back(&begun.cookie, &back).await;
        self.note("mixed up", &answer);

        // The honest workspace gets tokens that the attacker's provider signed.
        let issuer = company.provider.issuer().to_owned();
        let (begun, back) = company.at_provider(VICTIM).await;
        evil.change_tokens(move |token| token.claims["iss"] = json!(issuer.clone()));
        let answer = company
            .come_back(&begun.cookie, &with(&back, "code", Some("code-0-22")))
            .await;
        self.note("code of another provider", &answer);
    }

    /// People who may not come in by SSO, whatever the provider says.
    async fn with_people_who_may_not(&mut self) {
        let company = Company::new().await;
        let env = &company.product.env;
        self.note(
            "nobody's address",
            &company.sign_in("usr-nobody@example.jp").await,
        );
        self.note(
            "a password user",
            &company.sign_in("usr-password@example.jp").await,
        );
        let no_address = ["", "@", "usr-victim", "usr-victim@example.jp,x@example.jp"];
        for email in no_address {
            self.note("no address", &company.sign_in(email).await);
        }
        let env_user = |id: &'static str| {
            env.change_user(id, |user| {
                user.status = Status::Invited;
                user.credential = Credential::None;
            })
        };
        company.product.add_user("usr_invited", Role::Member).await;
        env_user("usr_invited").await;
        self.note(
            "an invited user",
            &company.sign_in("usr-invited@example.jp").await,
        );
        let before = env.user("usr_victim").await;
        env.write(UserWrite::Delete { before }).await.unwrap();
        self.note("a deleted user", &company.sign_in(VICTIM).await);
    }

    /// A configuration that changes, or was never tested.
    async fn with_other_configurations(&mut self) {
        let company = Company::new().await;
        let env = &company.product.env;
        let (begun, back) = company.at_provider(VICTIM).await;
        let other = ("kitera-2", CLIENT_SECRET);
        env.configure_sso(company.provider.issuer(), other, true)
            .await;
        self.note(
            "changed meanwhile",
            &company.come_back(&begun.cookie, &back).await,
        );

        let client = (CLIENT_ID, CLIENT_SECRET);
        env.configure_sso(company.provider.issuer(), client, false)
            .await;
        self.note("not tested", &company.browser().get("/sso/test").await);
        env.configure_sso(company.provider.issuer(), client, true)
            .await;
        let (begun, back) = company.at_provider(VICTIM).await;
        let workspace = env.stored_workspace().await;
        env.store
            .put_single_sign_on(&workspace, None, &[])
            .await
            .unwrap();
        self.note(
            "removed meanwhile",
            &company.come_back(&begun.cookie, &back).await,
        );
        self.note("removed", &company.browser().get("/sso/test").await);

        let company = Company::new().await;
        company
            .provider
            .change_metadata(json!({ "issuer": "https://idp.evil.example" }));
        self.note(
            "metadata of another issuer",
            &company.browser().get("/sso/test").await,
        );
    }
}

#[tokio::test]
async fn no_forged_or_stolen_sign_in_at_a_provider_lets_anybody_in() {
    let mut attacks = Attacks::default();
    attacks.with_forged_tokens().await;
    attacks.with_answers_to_others().await;
    attacks.with_another_workspace().await;
    attacks.with_people_who_may_not().await;
    attacks.with_other_configurations().await;
    for line in &attacks.let_in {
        println!("{line}");
    }
    println!(
        "sso attacks: {}, let in: {}",
        attacks.tried,
        attacks.let_in.len()
    );
    assert_eq!(attacks.let_in.len(), 0);
    assert!(attacks.tried > 60, "{}", attacks.tried);
}
