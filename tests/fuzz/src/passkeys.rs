//! Passkeys: the answer that a browser submits.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use credentials::Random;
use credentials::passkey::{PasskeyOwner, RelyingParty};
use domain::Passkey;
use jiff::Timestamp;
use serde_json::Value;
use testkit::authenticator::Authenticator;

const ORIGIN: &str = "https://app.kitera.example";
const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const PARTS: [&str; 5] = [
    "clientDataJSON",
    "authenticatorData",
    "signature",
    "userHandle",
    "attestationObject",
];

/// A challenge with the right answer to it.
struct Answered {
    challenge: String,
    answer: Value,
}

struct Genuine {
    site: RelyingParty,
    registration: Answered,
    authentication: Answered,
    passkey: Passkey,
}

static GENUINE: LazyLock<Genuine> = LazyLock::new(|| {
    let site = RelyingParty::of(ORIGIN).unwrap();
    let mut authenticator = Authenticator::new(ORIGIN);
    let owner = PasskeyOwner {
        account: "sato@aozora.example",
        name: "佐藤 花子",
    };
    let started = site.start_registration(owner, &[], &Random::seeded(1), NOW);
    let started = started.unwrap();
    let registration = Answered {
        answer: authenticator.register(&started.options),
        challenge: started.challenge,
    };
    let Answered { challenge, answer } = &registration;
    let passkey = site.finish_registration(challenge, answer, (&[], ""), NOW);
    let passkey = passkey.unwrap();
    let started = site.start_authentication(std::slice::from_ref(&passkey), NOW);
    let started = started.unwrap();
    let authentication = Answered {
        answer: authenticator.authenticate(&started.options),
        challenge: started.challenge,
    };
    Genuine {
        site,
        registration,
        authentication,
        passkey,
    }
});

/// Reads bytes as an answer, and as a change of the right one: which part, from which byte on, and what it is
/// overwritten with. No changed answer signs anybody in.
pub fn passkeys(input: &[u8]) {
    give(&serde_json::from_slice(input).unwrap_or_default());
    let [part, at, bytes @ ..] = input else {
        return;
    };
    let part = PARTS[usize::from(*part) % PARTS.len()];
    for answered in [&GENUINE.authentication, &GENUINE.registration] {
        let mut answer = answered.answer.clone();
        let Some(text) = answer["response"][part].as_str() else {
            continue;
        };
        let mut changed = URL_SAFE_NO_PAD.decode(text).unwrap();
        let from = usize::from(*at).min(changed.len());
        let to = (from + bytes.len()).min(changed.len());
        changed.splice(from..to, bytes.iter().copied());
        answer["response"][part] = URL_SAFE_NO_PAD.encode(changed).into();
        if answer != answered.answer {
            give(&answer);
        }
    }
}

/// Gives an answer that was never made to both challenges.
fn give(answer: &Value) {
    let Genuine {
        site,
        registration,
        authentication,
        passkey,
    } = &*GENUINE;
    // A key that nobody attests to is as good as any other: what counts is that reading it ends.
    site.finish_registration(&registration.challenge, answer, (&[], ""), NOW)
        .ok();
    let passkeys = std::slice::from_ref(passkey);
    let believed = site.finish_authentication(&authentication.challenge, answer, passkeys, NOW);
    assert!(believed.is_err(), "{answer}");
}
