//! Passkeys: what is asked for, what is believed, and what is refused.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on is a failed test"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use credentials::Random;
use credentials::passkey::{PasskeyError, PasskeyOwner, RelyingParty, StartedCeremony};
use domain::Passkey;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use testkit::authenticator::Authenticator;

const ORIGIN: &str = "https://app.kitera.example";

fn now() -> Timestamp {
    "2026-11-30T00:00:00Z".parse().unwrap()
}

fn site() -> RelyingParty {
    RelyingParty::of(ORIGIN).unwrap()
}

fn ask_to_register(passkeys: &[Passkey], seed: u64) -> StartedCeremony {
    let owner = PasskeyOwner {
        account: "sato@aozora.example",
        name: "佐藤 花子",
    };
    let started = site().start_registration(owner, passkeys, &Random::seeded(seed), now());
    started.unwrap()
}

fn register(started: &StartedCeremony, answer: &Value) -> Result<Passkey, PasskeyError> {
    site().finish_registration(&started.challenge, answer, (&[], "MacのChrome"), now())
}

/// Returns an authenticator with a registered passkey.
fn registered() -> (Authenticator, Passkey) {
    let mut authenticator = Authenticator::new(ORIGIN);
    let started = ask_to_register(&[], 1);
    let passkey = register(&started, &authenticator.register(&started.options)).unwrap();
    (authenticator, passkey)
}

fn ask(passkey: &Passkey) -> StartedCeremony {
    let started = site().start_authentication(std::slice::from_ref(passkey), now());
    started.unwrap()
}

fn check(
    started: &StartedCeremony,
    answer: &Value,
    passkeys: &[Passkey],
) -> Result<Passkey, PasskeyError> {
    site().finish_authentication(&started.challenge, answer, passkeys, now())
}

/// Returns what becomes of a sign-in in which one thing is not as it should be.
fn refused(change: impl FnOnce(&mut Authenticator)) -> PasskeyError {
    let (mut authenticator, passkey) = registered();
    change(&mut authenticator);
    let started = ask(&passkey);
    let answer = authenticator.authenticate(&started.options);
    check(&started, &answer, &[passkey]).unwrap_err()
}

#[test]
fn a_registered_passkey_signs_in_again_and_again() {
    let (mut authenticator, mut passkey) = registered();
    assert_eq!(passkey.name, "MacのChrome");
    for _ in 0..2 {
        let started = ask(&passkey);
        let answer = authenticator.authenticate(&started.options);
        passkey = check(&started, &answer, &[passkey]).unwrap();
        assert_eq!(passkey.last_used_at, now());
    }
}

#[test]
fn a_passkey_that_does_not_count_its_uses_signs_in_again_and_again() {
    let mut authenticator = Authenticator::new(ORIGIN);
    authenticator.counter = None;
    let started = ask_to_register(&[], 1);
    let mut passkey = register(&started, &authenticator.register(&started.options)).unwrap();
    for _ in 0..2 {
        let started = ask(&passkey);
        let answer = authenticator.authenticate(&started.options);
        passkey = check(&started, &answer, &[passkey]).unwrap();
    }
}

#[test]
fn the_browser_is_asked_for_user_verification_and_for_no_attestation() {
    let options = ask_to_register(&[], 1).options;
    assert_eq!(options["rp"]["id"], "app.kitera.example");
    assert_eq!(options["attestation"], "none");
    let selection = &options["authenticatorSelection"];
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(options["timeout"], 300_000);
    let (_, passkey) = registered();
    let options = ask(&passkey).options;
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["rpId"], "app.kitera.example");
    assert_eq!(options["allowCredentials"][0]["id"], passkey.credential_id);
}

#[test]
fn a_user_is_known_to_authenticators_by_a_random_id_that_stays_the_same() {
    let id = |started: StartedCeremony| started.options["user"]["id"].clone();
    let (_, passkey) = registered();
    let first = id(ask_to_register(&[], 1));
    assert_eq!(
        URL_SAFE_NO_PAD
            .decode(first.as_str().unwrap())
            .unwrap()
            .len(),
        64
    );
    assert_ne!(first, id(ask_to_register(&[], 2)));
    assert_eq!(first, id(ask_to_register(&[passkey], 2)));
}

#[test]
fn an_authenticator_is_not_registered_twice() {
    let (mut authenticator, passkey) = registered();
    let started = ask_to_register(std::slice::from_ref(&passkey), 2);
    assert_eq!(
        started.options["excludeCredentials"][0]["id"],
        passkey.credential_id
    );
    let answer = authenticator.register(&started.options);
    let passkeys = std::slice::from_ref(&passkey);
    let twice = site().finish_registration(&started.challenge, &answer, (passkeys, ""), now());
    assert_eq!(twice, Err(PasskeyError::AlreadyRegistered));
}

#[test]
fn a_registration_for_another_site_or_without_user_verification_is_refused() {
    let refused = |change: fn(&mut Authenticator)| {
        let mut authenticator = Authenticator::new(ORIGIN);
        change(&mut authenticator);
        let started = ask_to_register(&[], 1);
        register(&started, &authenticator.register(&started.options)).unwrap_err()
    };
    let other = |it: &mut Authenticator| it.origin = "https://evil.example".into();
    assert_eq!(refused(other), PasskeyError::OtherOrigin);
    let other = |it: &mut Authenticator| it.rp_id = Some("evil.example".into());
    assert_eq!(refused(other), PasskeyError::OtherRelyingParty);
    let unverified = |it: &mut Authenticator| it.verifies_user = false;
    assert_eq!(refused(unverified), PasskeyError::UserNotVerified);
}

#[test]
fn a_passkey_used_on_a_page_of_another_origin_is_refused() {
    for origin in [
        "https://evil.example",
        "http://app.kitera.example",
        "https://app.kitera.example:8443",
        "https://app.kitera.example.evil.example",
    ] {
        let refusal = refused(|it| it.origin = origin.into());
        assert_eq!(refusal, PasskeyError::OtherOrigin, "{origin}");
    }
}

#[test]
fn a_passkey_of_another_site_is_refused() {
    let refusal = refused(|it| it.rp_id = Some("kitera.example".into()));
    assert_eq!(refusal, PasskeyError::OtherRelyingParty);
}

#[test]
fn a_passkey_used_without_user_verification_is_refused() {
    let refusal = refused(|it| it.verifies_user = false);
    assert_eq!(refusal, PasskeyError::UserNotVerified);
}

#[test]
fn a_signature_counter_that_does_not_grow_is_refused() {
    let (mut authenticator, mut passkey) = registered();
    authenticator.counter = Some(10);
    let started = ask(&passkey);
    let answer = authenticator.authenticate(&started.options);
    passkey = check(&started, &answer, &[passkey]).unwrap();
    for counter in [10, 3] {
        authenticator.counter = Some(counter);
        let started = ask(&passkey);
        let answer = authenticator.authenticate(&started.options);
        let checked = check(&started, &answer, std::slice::from_ref(&passkey));
        assert_eq!(checked, Err(PasskeyError::CounterWentBack), "{counter}");
    }
}

#[test]
fn an_answer_to_another_challenge_is_refused() {
    let (mut authenticator, passkey) = registered();
    let (first, second) = (ask(&passkey), ask(&passkey));
    let answer = authenticator.authenticate(&first.options);
    let passkeys = [passkey];
    let replayed = check(&second, &answer, &passkeys);
    assert_eq!(replayed, Err(PasskeyError::OtherChallenge));
    let registration = ask_to_register(&[], 1);
    let mixed = check(&registration, &answer, &passkeys);
    assert_eq!(mixed, Err(PasskeyError::OtherChallenge));
    assert!(check(&first, &answer, &passkeys).is_ok());
}

#[test]
fn a_challenge_is_void_after_five_minutes() {
    let (mut authenticator, passkey) = registered();
    let started = ask(&passkey);
    let answer = authenticator.authenticate(&started.options);
    let after = |seconds| {
        let now = now() + SignedDuration::from_secs(seconds);
        let passkeys = std::slice::from_ref(&passkey);
        site().finish_authentication(&started.challenge, &answer, passkeys, now)
    };
    assert!(after(299).is_ok());
    assert_eq!(after(300), Err(PasskeyError::Expired));
}

#[test]
fn a_changed_message_or_a_foreign_signature_is_refused() {
    let (mut authenticator, passkey) = registered();
    let started = ask(&passkey);
    let answer = authenticator.authenticate(&started.options);
    let foreign = Authenticator::new(ORIGIN).authenticate(&started.options);
    for part in ["authenticatorData", "signature"] {
        let mut changed = answer.clone();
        changed["response"][part] = foreign["response"][part].clone();
        let checked = check(&started, &changed, std::slice::from_ref(&passkey));
        assert_eq!(checked, Err(PasskeyError::WrongSignature), "{part}");
    }
    for nonsense in [
        json!({}),
        json!({"id": "", "response": {}}),
        json!([]),
        json!(null),
    ] {
        let checked = check(&started, &nonsense, std::slice::from_ref(&passkey));
        assert_eq!(checked, Err(PasskeyError::Invalid), "{nonsense}");
    }
}

#[test]
fn a_passkey_of_another_user_is_refused() {
    let (_, ours) = registered();
    let (mut theirs, their_passkey) = registered();
    let started = ask(&ours);
    let answer = theirs.authenticate(&started.options);
    let checked = check(&started, &answer, std::slice::from_ref(&ours));
    assert_eq!(checked, Err(PasskeyError::UnknownPasskey));
    // Also when it is registered by the time of the answer: nobody asked for it.
    let checked = check(&started, &answer, &[ours, their_passkey]);
    assert_eq!(checked, Err(PasskeyError::UnknownPasskey));
}

#[test]
fn nobody_without_a_passkey_is_asked_for_one() {
    let started = site().start_authentication(&[], now());
    assert_eq!(started.unwrap_err(), PasskeyError::UnknownPasskey);
}
