//! Crashes during a callback, a confirmation or a disconnect, at every call, before the request
//! arrives or before its response does. The admin repeats the action, and the result equals that of
//! an undisturbed one.

use connection::{Callback, CallbackOutcome};
use domain::{Connection, ConnectionState, CustomItems};
use jiff::{SignedDuration, Timestamp};
use testkit::CrashPoint;

use crate::admin::{
    AOZORA, AOZORA_ADMIN, Admin, MIDORI, MIDORI_ADMIN, in_a_new_process, settings_with_items, soon,
};

/// The action that crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// The workspace is connected for the first time.
    Link,
    /// The admin connects the connected company again while another company awaits confirmation.
    LinkTheSameAgain,
    /// The admin connects a company other than the connected one.
    LinkAnother,
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
    has_aozora: bool,
    has_midori: bool,
    our_groups_in_aozora: usize,
    mails: Vec<String>,
}

impl Act {
    /// Prepares the state right before the action. Returns the callback if the action completes
    /// one.
    async fn prepare(self) -> (Admin, Option<Callback>) {
        let mut admin = Admin::of_connected_workspace().await;
        let login = match self {
            Self::Link => {
                admin.moves_to_new_workspace().await;
                Some(AOZORA_ADMIN)
            }
            Self::LinkTheSameAgain => {
                admin.connects(MIDORI_ADMIN).await;
                Some(AOZORA_ADMIN)
            }
            Self::LinkAnother => Some(MIDORI_ADMIN),
            Self::Confirm(_) | Self::DisconnectWhileOneWaits | Self::Disconnect => {
                admin.saves(&settings_with_items()).await.unwrap();
                None
            }
        };
        if matches!(self, Self::Confirm(_) | Self::DisconnectWhileOneWaits) {
            admin.connects(MIDORI_ADMIN).await;
        }
        let callback = match login {
            Some(login) => Some(admin.goes_to_smarthr(login).await),
            None => None,
        };
        (admin, callback)
    }

    /// Performs the action in a new process.
    async fn happens(self, admin: &Admin, callback: Option<Callback>) {
        let new = in_a_new_process(&admin.env);
        match self {
            Self::Link | Self::LinkTheSameAgain | Self::LinkAnother => {
                let callback = callback.unwrap();
                let done = new.complete(callback, Some(admin.caller()), soon()).await;
                let linked = matches!(
                    done,
                    Ok(CallbackOutcome::Connected { .. }
                        | CallbackOutcome::ConfirmationNeeded { .. })
                );
                assert!(linked, "{done:?}");
            }
            Self::Confirm(accept) => {
                let user = &admin.user.user_id;
                let done = new
                    .confirm_company_change(&admin.id, user, accept, soon())
                    .await;
                // The crashed attempt may have completed the confirmation.
                let nothing = matches!(done, Err(connection::ConfirmError::NothingPending));
                assert!(done.is_ok() || nothing, "{done:?}");
            }
            Self::Disconnect | Self::DisconnectWhileOneWaits => {
                new.disconnect(&admin.id, soon()).await.unwrap();
            }
        }
    }

    /// Repeats the action from the beginning, as an admin does who received no response.
    async fn happens_again(self, admin: &Admin) {
        let login = match self {
            Self::Link | Self::LinkTheSameAgain => Some(AOZORA_ADMIN),
            Self::LinkAnother => Some(MIDORI_ADMIN),
            Self::Confirm(_) | Self::Disconnect | Self::DisconnectWhileOneWaits => None,
        };
        let callback = match login {
            Some(login) => Some(admin.goes_to_smarthr(login).await),
            None => None,
        };
        self.happens(admin, callback).await;
    }

    /// Crashes the action at `crash_point`, repeats it, and returns the state afterwards. Returns
    /// `None` if the action ended without reaching the crash point.
    async fn dies(self, crash_point: Option<CrashPoint>) -> Option<Left> {
        let (admin, callback) = self.prepare().await;
        admin.env.proxy.restart(crash_point);
        let died = tokio::select! {
            () = self.happens(&admin, callback) => false,
            () = admin.env.proxy.crashed() => true,
        };
        admin.env.proxy.restart(None);
        if crash_point.is_some() && !died {
            return None;
        }
        if died {
            // The locks of the crashed process have expired by then.
            testkit::advance(SignedDuration::from_mins(2));
            self.happens_again(&admin).await;
        }
        Some(what_is_left(&admin).await)
    }
}

async fn what_is_left(admin: &Admin) -> Left {
    let mut connection = admin.connection().await;
    connection.version = 0;
    connection.linked_at = Timestamp::UNIX_EPOCH;
    // The ids of the custom items differ between runs of the test.
    connection.items = connection.items.map(|_| CustomItems::BEING_MADE);
    Left {
        connection,
        has_aozora: admin.has_tokens_for(AOZORA).await,
        has_midori: admin.has_tokens_for(MIDORI).await,
        our_groups_in_aozora: admin.groups_in_smarthr().await,
        mails: admin.env.store.waiting_mails(&admin.id).await.unwrap(),
    }
}

async fn dies_everywhere(act: Act) {
    let undisturbed = act.dies(None).await.unwrap();
    let tokens = [undisturbed.has_aozora, undisturbed.has_midori];
    let expected = match act {
        Act::Link | Act::LinkTheSameAgain | Act::Confirm(false) => [true, false],
        Act::LinkAnother => [true, true],
        Act::Confirm(true) => [false, true],
        Act::Disconnect | Act::DisconnectWhileOneWaits => [false, false],
    };
    assert_eq!(tokens, expected, "{undisturbed:#?}");
    let disconnects = matches!(act, Act::Disconnect | Act::DisconnectWhileOneWaits);
    let state = undisturbed.connection.state;
    assert_eq!(state == ConnectionState::Disconnected, disconnects);
    let mut points = 0;
    for crash_point in [
        CrashPoint::Before as fn(usize) -> CrashPoint,
        CrashPoint::After,
    ] {
        for call in 0.. {
            let Some(left) = act.dies(Some(crash_point(call))).await else {
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
    for act in [Act::Link, Act::LinkTheSameAgain, Act::LinkAnother] {
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
    let (admin, _) = Act::Confirm(true).prepare().await;
    let _held = admin.env.proxy.hold_operation("DeleteSecret", 0);
    tokio::select! {
        () = Act::Confirm(true).happens(&admin, None) => panic!("it was to die"),
        () = admin.env.proxy.held() => {}
    }
    assert_eq!(admin.connection().await.company.tenant_id.as_str(), MIDORI);
    assert!(admin.has_tokens_for(AOZORA).await);
    let tonight = admin.env.store.workspaces_for_tonight().await.unwrap();
    assert_eq!(tonight.as_slice(), std::slice::from_ref(&admin.id));

    testkit::advance(SignedDuration::from_hours(24));
    admin.env.run(&admin.env.nightly_message()).await.unwrap();
    assert!(!admin.has_tokens_for(AOZORA).await);
    assert!(admin.has_tokens_for(MIDORI).await);
    assert_eq!(admin.connection().await.left_companies, []);
}
