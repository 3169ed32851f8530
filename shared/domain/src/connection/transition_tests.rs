//! The table "A connection" of docs/design.md.

use super::*;
use crate::WebhookIds;
use crate::ids::GroupId;
use crate::settings::{LoginMethodSetting, SyncTarget};
use ConnectionState::{Connected, Disconnected, Disconnecting, ReconnectNeeded};

fn at(time: &str) -> Timestamp {
    format!("2026-11-23T{time}:00Z").parse().unwrap()
}

fn company(tenant: &str) -> Company {
    Company {
        tenant_id: TenantId::new(tenant),
        name: format!("株式会社{tenant}"),
        subdomain: None,
    }
}

fn settings(enabled: bool, group: &str) -> Settings {
    Settings {
        password_csv: crate::PasswordCsv::default(),
        invitation_texts: crate::InvitationTexts::default(),
        immediate: true,
        enabled,
        target: SyncTarget::Everyone,
        login_method: LoginMethodSetting::Password,
        default_group: GroupId::new(group),
    }
}

fn connect(tenant: &str) -> ConnectionEvent {
    ConnectionEvent::ConnectSucceeded {
        company: company(tenant),
        admin: UserId::new("admin"),
        at: at("10:00"),
        first_settings: settings(false, "first"),
    }
}

fn confirm() -> ConnectionEvent {
    ConnectionEvent::CompanyConfirmed {
        admin: UserId::new("confirmer"),
        at: at("11:00"),
    }
}

fn disconnect() -> ConnectionEvent {
    ConnectionEvent::DisconnectRequested {
        first_settings: settings(false, "first"),
    }
}

fn save(enabled: bool) -> ConnectionEvent {
    ConnectionEvent::SettingsSaved {
        settings: settings(enabled, "saved"),
        at: at("12:00"),
    }
}

fn delete(tenant: &str) -> Effect {
    Effect::DeleteTokens(TenantId::new(tenant))
}

/// Returns a connection to company `a` with saved settings, custom items and held deletions.
fn in_state(state: ConnectionState) -> Connection {
    Connection {
        state,
        settings: settings(true, "saved"),
        items: Some(CustomItems::BEING_MADE),
        webhook: Some(registered("p")),
        decisions: DeletionDecisions {
            more_held: true,
            ..DeletionDecisions::default()
        },
        version: 7,
        ..newly_connected()
    }
}

fn registered(path_id: &str) -> Webhook {
    Webhook::Registered(WebhookIds {
        path_id: path_id.into(),
        webhook_id: "w".into(),
        enabled_again_at: None,
    })
}

fn newly_connected() -> Connection {
    transition(None, connect("a")).unwrap().connection
}

fn with_pending(state: ConnectionState) -> Connection {
    Connection {
        pending: Some(company("b")),
        ..in_state(state)
    }
}

fn with_left(companies: &[&str], connection: Connection) -> Connection {
    Connection {
        left_companies: companies.iter().copied().map(TenantId::new).collect(),
        ..connection
    }
}

/// Returns the connection after an event that has these effects.
#[track_caller]
fn after(before: &Connection, event: ConnectionEvent, effects: &[Effect]) -> Connection {
    let next = transition(Some(before), event).unwrap();
    assert_eq!(next.effects, effects);
    next.connection
}

#[track_caller]
fn assert_changes_nothing(before: &Connection, event: ConnectionEvent, effects: &[Effect]) {
    assert_eq!(after(before, event, effects), *before);
}

#[track_caller]
fn assert_refused(before: &Connection, event: ConnectionEvent, error: TransitionError) {
    assert_eq!(transition(Some(before), event), Err(error));
}

#[test]
fn without_a_record_only_connecting_is_possible_and_it_syncs_nobody() {
    let next = transition(None, connect("a")).unwrap();
    assert_eq!(next.connection.state, Connected);
    assert_eq!(next.connection.settings, settings(false, "first"));
    assert_eq!(next.connection.version, 0);
    assert_eq!(next.effects, [Effect::MailConnected]);
    let refused = ConnectionEvent::CompanyRefused;
    for event in [confirm(), refused, disconnect(), save(true)] {
        assert_eq!(transition(None, event), Err(TransitionError::NotConnected));
    }
}

#[test]
fn connecting_the_same_company_keeps_what_was_set_up_unless_it_was_disconnected() {
    for state in [Connected, ReconnectNeeded] {
        let next = after(&in_state(state), connect("a"), &[]);
        assert_eq!(next, in_state(Connected));
    }
    for state in [Disconnecting, Disconnected] {
        let next = after(&in_state(state), connect("a"), &[Effect::MailConnected]);
        let expected = Connection {
            version: 7,
            ..newly_connected()
        };
        assert_eq!(next, expected);
    }
}

#[test]
fn connecting_another_company_leaves_it_pending() {
    for state in [Connected, ReconnectNeeded, Disconnected] {
        let next = after(&in_state(state), connect("b"), &[]);
        assert_eq!(next, with_pending(state));
    }
    let disconnecting = in_state(Disconnecting);
    assert_refused(&disconnecting, connect("b"), TransitionError::Disconnecting);
}

#[test]
fn a_pending_company_gives_way_to_a_third_one_or_to_the_connected_one_and_is_left() {
    let before = with_pending(Connected);
    let third = after(&before, connect("c"), &[]);
    assert_eq!(third.pending, Some(company("c")));
    assert_eq!(third.left_companies, [TenantId::new("b")]);
    let back = after(&third, connect("b"), &[]);
    assert_eq!(back.left_companies, [TenantId::new("c")]);
    let same = after(&before, connect("a"), &[]);
    assert_eq!(same, with_left(&["b"], in_state(Connected)));
}

#[test]
fn confirming_moves_to_the_pending_company_switches_off_and_stops_runs() {
    for state in [Connected, ReconnectNeeded, Disconnected] {
        let effects = [Effect::MailConnected, Effect::StopRuns];
        let next = after(&with_pending(state), confirm(), &effects);
        let expected = Connection {
            company: company("b"),
            connected_by: UserId::new("confirmer"),
            connected_at: at("11:00"),
            settings: settings(false, "saved"),
            version: 7,
            ..with_left(&["a"], newly_connected())
        };
        assert_eq!(next, expected);
    }
}

#[test]
fn refusing_deletes_the_pending_company_s_tokens_and_leaves_everything_else() {
    let refused = ConnectionEvent::CompanyRefused;
    let next = after(&with_pending(Connected), refused, &[delete("b")]);
    assert_eq!(next, in_state(Connected));
}

#[test]
fn nothing_is_confirmed_or_refused_without_a_pending_company_or_while_disconnecting() {
    let disconnecting = with_pending(Disconnecting);
    for event in [confirm(), ConnectionEvent::CompanyRefused] {
        let nothing_pending = TransitionError::NothingPending;
        assert_refused(&in_state(Connected), event.clone(), nothing_pending);
        assert_refused(&disconnecting, event, TransitionError::Disconnecting);
    }
}

#[test]
fn a_refused_token_asks_for_a_reconnect_once_and_only_of_the_connected_company() {
    let at = Timestamp::UNIX_EPOCH;
    let refused = |tenant| ConnectionEvent::TokenRefused {
        company: TenantId::new(tenant),
        at,
    };
    let mail = [Effect::MailReconnectNeeded];
    let next = after(&in_state(Connected), refused("a"), &mail);
    assert_eq!(next.stopped_since(), next.settings.enabled.then_some(at));
    let expected = Connection {
        refused_at: Some(at),
        ..in_state(ReconnectNeeded)
    };
    assert_eq!(next, expected);
    assert_changes_nothing(&in_state(Connected), refused("b"), &[]);
    for state in [ReconnectNeeded, Disconnecting, Disconnected] {
        assert_changes_nothing(&in_state(state), refused("a"), &[]);
    }
}

#[test]
fn a_disconnect_forgets_settings_and_answers_and_stops_runs() {
    for before in [
        in_state(Connected),
        in_state(ReconnectNeeded),
        with_pending(Disconnected),
    ] {
        let next = after(&before, disconnect(), &[Effect::StopRuns]);
        // The items are still in SmartHR.
        let expected = Connection {
            state: Disconnecting,
            settings: settings(false, "first"),
            decisions: DeletionDecisions::default(),
            ..before
        };
        assert_eq!(next, expected);
    }
    for state in [Disconnecting, Disconnected] {
        assert_changes_nothing(&in_state(state), disconnect(), &[Effect::StopRuns]);
    }
}

#[test]
fn a_finished_clean_up_deletes_the_tokens_of_every_company_the_connected_one_last() {
    let finished = || ConnectionEvent::CleanupFinished;
    let before = with_left(&["c"], with_pending(Disconnecting));
    let deleted = [delete("b"), delete("c"), delete("a")];
    let expected = Connection {
        items: None,
        webhook: None,
        ..in_state(Disconnected)
    };
    assert_eq!(after(&before, finished(), &deleted), expected);
    for state in [Connected, ReconnectNeeded, Disconnected] {
        assert_changes_nothing(&in_state(state), finished(), &[]);
    }
}

#[test]
fn items_are_remembered_before_and_after_they_are_made() {
    let being_made = |tenant| ConnectionEvent::ItemsBeingMade(TenantId::new(tenant));
    let before = Connection {
        items: None,
        ..in_state(Connected)
    };
    let next = after(&before, being_made("a"), &[]);
    assert_eq!(next.items, Some(CustomItems::BEING_MADE));
    let ids = CustomItemIds {
        group_id: "g".into(),
        sync_target: None,
        login_method: None,
    };
    let made = |tenant| ConnectionEvent::ItemsMade(TenantId::new(tenant), ids.clone());
    let next = after(&next, made("a"), &[]);
    assert_eq!(next.items.as_ref().and_then(CustomItems::ids), Some(&ids));
    assert_changes_nothing(&next, being_made("a"), &[]);
    for (before, event) in [
        (&before, being_made("b")),
        (&before, made("b")),
        (&in_state(ReconnectNeeded), being_made("a")),
    ] {
        assert_refused(before, event, TransitionError::NotConnected);
    }
}

#[test]
fn a_webhook_is_noted_in_place_of_the_one_that_was_known_and_of_no_other() {
    let noted = |company, before: Option<Webhook>| ConnectionEvent::WebhookNoted {
        company: TenantId::new(company),
        before,
        now: registered("new"),
    };
    let known = || Some(registered("p"));
    for state in [Connected, ReconnectNeeded] {
        let next = after(&in_state(state), noted("a", known()), &[]);
        assert_eq!(next.webhook, Some(registered("new")));
    }
    let first = after(&newly_connected(), noted("a", None), &[]);
    assert_eq!(first.webhook, Some(registered("new")));
    for (before, event, error) in [
        (
            in_state(Connected),
            noted("a", None),
            TransitionError::OtherWebhook,
        ),
        (
            in_state(Connected),
            noted("b", known()),
            TransitionError::NotConnected,
        ),
        (
            in_state(Disconnecting),
            noted("a", known()),
            TransitionError::NotConnected,
        ),
    ] {
        assert_refused(&before, event, error);
    }
}

#[test]
fn switching_off_stops_runs_until_they_are_stopped() {
    let off = after(&in_state(Connected), save(false), &[Effect::StopRuns]);
    assert!(off.stopping);
    assert_changes_nothing(&off, save(false), &[Effect::StopRuns]);
    let stopped = after(&off, ConnectionEvent::RunsStopped, &[]);
    assert_changes_nothing(&stopped, save(false), &[]);
    let on = after(&off, save(true), &[]);
    assert_eq!((on.stopping, on.switched_at), (false, Some(at("12:00"))));
    let again = after(&in_state(Connected), save(true), &[]);
    assert_eq!(again.switched_at, None, "it was on all the time");
}

#[test]
fn settings_are_saved_while_the_company_is_established() {
    let reconnect_needed = in_state(ReconnectNeeded);
    let next = after(&reconnect_needed, save(false), &[Effect::StopRuns]);
    assert_eq!(next.settings, settings(false, "saved"));
    for state in [Disconnecting, Disconnected] {
        assert_refused(&in_state(state), save(true), TransitionError::NotConnected);
    }
}

#[test]
fn left_companies_are_forgotten_one_by_one() {
    let before = with_left(&["b", "c"], in_state(Connected));
    let deleted = ConnectionEvent::TokensDeleted(vec![TenantId::new("b")]);
    let next = after(&before, deleted, &[]);
    assert_eq!(next.left_companies, [TenantId::new("c")]);
}

#[test]
fn the_night_takes_up_what_is_switched_on_or_has_something_left_to_do() {
    let off = Connection {
        settings: settings(false, "saved"),
        ..in_state(Connected)
    };
    for (connection, runs) in [
        (in_state(Connected), true),
        (off, false),
        (in_state(ReconnectNeeded), false),
        (in_state(Disconnecting), true),
        (in_state(Disconnected), false),
        (with_left(&["b"], in_state(Disconnected)), true),
    ] {
        assert_eq!(connection.runs_at_night(), runs, "{connection:?}");
    }
}
