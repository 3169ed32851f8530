//! Crashes during a callback, a confirmation or a disconnect, at every call, before the request
//! arrives or before its response does. The admin repeats the action, and the result equals that of
//! an undisturbed one.

use connection::{Callback, CallbackOutcome, ConfirmError};
use domain::{Connection, ConnectionState, CustomItems, Webhook};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use testkit::CrashPoint;

use crate::admin::{AOZORA, AOZORA_ADMIN, Admin, MIDORI, MIDORI_ADMIN, in_a_new_process, soon};
use crate::webhooks::{night_keeps_webhook, registrations};

/// The action that crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// The workspace is connected for the first time.
    Connect,
    /// The admin connects the connected company again while another company awaits confirmation.
    ConnectAgain,
    /// The admin connects a company other than the connected one.
    ConnectAnother,
    /// The admin confirms (`true`) or refuses (`false`) the other company.
    Confirm(bool),
    /// The admin presses [解除する].
    Disconnect,
    /// The admin presses [解除する] while another company awaits confirmation.
    DisconnectWhileOneWaits,
}

/// The state after the action, without times and versions.
#[derive(Debug, PartialEq)]
struct Left {
    connection: Connection,
    companies_with_tokens: Vec<&'static str>,
    our_groups_in_aozora: usize,
    webhooks: Webhooks,
    mails: Vec<String>,
}

/// The webhooks at SmartHR, after the next night looked after them.
#[derive(Debug, PartialEq)]
struct Webhooks {
    /// Whether each is the one that the connection knows, by company.
    in_aozora: Vec<bool>,
    in_midori: Vec<bool>,
    registrations: usize,
}

impl Act {
    /// Prepares the state right before the action.
    async fn prepare(self) -> Admin {
        let mut admin = match self {
            Self::Connect | Self::ConnectAgain | Self::ConnectAnother => {
                Admin::of_connected_workspace().await
            }
            Self::Confirm(_) | Self::DisconnectWhileOneWaits | Self::Disconnect => {
                let admin = Admin::with_items().await;
                admin.connects(AOZORA_ADMIN).await;
                admin
            }
        };
        match self {
            Self::Connect => admin.moves_to_new_workspace().await,
            Self::ConnectAgain | Self::Confirm(_) | Self::DisconnectWhileOneWaits => {
                admin.connects(MIDORI_ADMIN).await;
            }
            Self::ConnectAnother | Self::Disconnect => {}
        }
        admin
    }

    /// Goes to SmartHR, if the action completes a callback, and returns the callback.
    async fn callback(self, admin: &Admin) -> Option<Callback> {
        let login = match self {
            Self::Connect | Self::ConnectAgain => AOZORA_ADMIN,
            Self::ConnectAnother => MIDORI_ADMIN,
            Self::Confirm(_) | Self::Disconnect | Self::DisconnectWhileOneWaits => return None,
        };
        Some(admin.goes_to_smarthr(login).await)
    }

    /// Performs the action in a new process.
    async fn happens(self, admin: &Admin, callback: Option<Callback>) {
        let new = in_a_new_process(&admin.env);
        match self {
            Self::Connect | Self::ConnectAgain | Self::ConnectAnother => {
                let callback = callback.unwrap();
                let done = new.complete(callback, Some(admin.caller()), soon()).await;
                let connected = matches!(
                    done,
                    Ok(CallbackOutcome::Connected { .. }
                        | CallbackOutcome::ConfirmationNeeded { .. })
                );
                assert!(connected, "{done:?}");
            }
            Self::Confirm(accept) => {
                let by = admin.author();
                let done = new.confirm_company_change(&admin.id, &by, accept, soon());
                let done = done.await;
                // The crashed attempt may have completed the confirmation.
                let nothing = matches!(done, Err(ConfirmError::NothingPending));
                assert!(done.is_ok() || nothing, "{done:?}");
            }
            Self::Disconnect | Self::DisconnectWhileOneWaits => {
                let by = admin.author();
                new.disconnect(&admin.id, &by, soon()).await.unwrap();
            }
        }
    }

    /// Performs the action undisturbed, and returns the state afterwards.
    async fn undisturbed(self) -> Left {
        let admin = self.prepare().await;
        let callback = self.callback(&admin).await;
        self.happens(&admin, callback).await;
        what_is_left(&admin).await
    }

    /// Crashes the action at `crash_point`, repeats it from the beginning, as an admin does who
    /// received no response, and returns the state afterwards. Returns `None` if the action ended
    /// without reaching the crash point.
    async fn dies(self, crash_point: CrashPoint) -> Option<Left> {
        let admin = self.prepare().await;
        let callback = self.callback(&admin).await;
        let happens = self.happens(&admin, callback);
        if admin
            .env
            .proxy
            .crash_at(crash_point, happens)
            .await
            .is_some()
        {
            return None;
        }
        // The locks of the crashed process have expired by then.
        testkit::advance(SignedDuration::from_mins(2));
        let callback = self.callback(&admin).await;
        self.happens(&admin, callback).await;
        Some(what_is_left(&admin).await)
    }
}

/// Returns the webhooks, after the next night looked after them if there is one.
async fn webhooks_left(admin: &Admin) -> Webhooks {
    if admin.connection().await.is_connected() {
        night_keeps_webhook(&in_a_new_process(&admin.env), &admin.id).await;
    }
    let webhook = admin.connection().await.webhook;
    let path_id = webhook.as_ref().and_then(Webhook::path_id);
    let known = |webhooks: Vec<Value>| {
        let urls = webhooks.iter().map(|it| it["url"].as_str().unwrap());
        urls.map(|url| path_id.is_some_and(|path_id| url.ends_with(path_id)))
            .collect()
    };
    Webhooks {
        in_aozora: known(admin.env.webhooks_in_smarthr("aozora").await),
        in_midori: known(admin.env.webhooks_in_smarthr("midori").await),
        registrations: registrations(&admin.env, &admin.id).await,
    }
}

async fn what_is_left(admin: &Admin) -> Left {
    let webhooks = webhooks_left(admin).await;
    let mut connection = admin.connection().await;
    connection.version = 0;
    connection.webhook = None;
    connection.connected_at = Timestamp::UNIX_EPOCH;
    // The ids of the custom items differ between runs of the test.
    connection.items = connection.items.map(|_| CustomItems::BEING_MADE);
    // The id of a mail ends with its time.
    let mails = admin.env.store.waiting_mails(&admin.id).await.unwrap();
    let kind = |mail: &String| Some(mail.split_once('#')?.0.to_owned());
    Left {
        connection,
        companies_with_tokens: admin.companies_with_tokens().await,
        our_groups_in_aozora: admin.groups_in_smarthr().await,
        webhooks,
        mails: mails.iter().filter_map(kind).collect(),
    }
}

async fn dies_everywhere(act: Act) {
    let undisturbed = act.undisturbed().await;
    let (state, with_tokens): (_, &[&str]) = match act {
        Act::Connect | Act::ConnectAgain | Act::Confirm(false) => {
            (ConnectionState::Connected, &[AOZORA])
        }
        Act::ConnectAnother => (ConnectionState::Connected, &[AOZORA, MIDORI]),
        Act::Confirm(true) => (ConnectionState::Connected, &[MIDORI]),
        Act::Disconnect | Act::DisconnectWhileOneWaits => (ConnectionState::Disconnected, &[]),
    };
    assert_eq!(undisturbed.connection.state, state);
    let webhooks = match act {
        Act::Confirm(true) => (0, 1),
        Act::Disconnect | Act::DisconnectWhileOneWaits => (0, 0),
        _ => (1, 0),
    };
    let found = &undisturbed.webhooks;
    assert_eq!((found.in_aozora.len(), found.in_midori.len()), webhooks);
    assert_eq!(found.registrations, webhooks.0 + webhooks.1);
    assert!(found.in_aozora.iter().chain(&found.in_midori).all(|it| *it));
    assert_eq!(undisturbed.companies_with_tokens, with_tokens);
    let mut points = 0;
    for crash_point in [
        CrashPoint::Before as fn(usize) -> CrashPoint,
        CrashPoint::After,
    ] {
        for call in 0.. {
            let Some(left) = act.dies(crash_point(call)).await else {
                break;
            };
            assert_eq!(left, undisturbed, "{act:?} {:?}", crash_point(call));
            points += 1;
        }
    }
    println!("crash points: {points}, recovered: {points}, lost: 0, mails twice: 0");
    assert!(points >= 10, "{points}");
}

#[tokio::test]
async fn a_callback_that_dies_at_any_call_is_made_good_by_the_next_one() {
    for act in [Act::Connect, Act::ConnectAgain, Act::ConnectAnother] {
        dies_everywhere(act).await;
    }
}

#[tokio::test]
async fn a_confirmation_that_dies_at_any_call_is_made_good_by_the_next_one() {
    dies_everywhere(Act::Confirm(true)).await;
}

#[tokio::test]
async fn a_refusal_that_dies_at_any_call_is_made_good_by_the_next_one() {
    dies_everywhere(Act::Confirm(false)).await;
}

#[tokio::test]
async fn a_disconnect_that_dies_at_any_call_is_made_good_by_the_next_one() {
    for act in [Act::Disconnect, Act::DisconnectWhileOneWaits] {
        dies_everywhere(act).await;
    }
}

#[tokio::test]
async fn tokens_of_a_company_that_was_left_go_at_night_when_nobody_confirms_again() {
    let act = Act::Confirm(true);
    let admin = act.prepare().await;
    let _held = admin.env.proxy.hold_operation("DeleteSecret", 0);
    admin.env.proxy.until_held(act.happens(&admin, None)).await;
    assert_eq!(admin.connection().await.company.tenant_id.as_str(), MIDORI);
    assert_eq!(admin.companies_with_tokens().await, [AOZORA, MIDORI]);
    let tonight = admin.workspaces_for_tonight().await;
    assert_eq!(tonight, std::slice::from_ref(&admin.id));

    testkit::advance(SignedDuration::from_hours(24));
    admin.env.run(&admin.env.nightly_message()).await.unwrap();
    assert_eq!(admin.companies_with_tokens().await, [MIDORI]);
    assert_eq!(admin.connection().await.left_companies, []);
}
