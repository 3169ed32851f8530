//! The table "A connection" of docs/design.md.

use super::*;
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
    let connected = after(None, connect("a")).connection;
    Connection {
        state,
        settings: settings(true, "saved"),
        items: Some(CustomItems::BEING_MADE),
        decisions: DeletionDecisions {
            more_held: true,
            ..DeletionDecisions::default()
        },
        version: 7,
        ..connected
    }
}

fn with_pending(state: ConnectionState) -> Connection {
    Connection {
        pending: Some(company("b")),
        ..in_state(state)
    }
}

#[track_caller]
fn after(before: Option<&Connection>, event: ConnectionEvent) -> Transition {
    transition(before, event).unwrap()
}

#[track_caller]
fn changes_nothing(before: &Connection, event: ConnectionEvent, effects: &[Effect]) {
    let next = after(Some(before), event);
    assert_eq!(next.connection, *before);
    assert_eq!(next.effects, effects);
}

#[test]
fn without_a_record_only_connecting_is_possible_and_it_syncs_nobody() {
    let next = after(None, connect("a"));
    assert_eq!(next.connection.state, Connected);
    assert_eq!(next.connection.settings, settings(false, "first"));
    assert_eq!(next.connection.version, 0);
    assert_eq!(next.effects, []);
    for event in [
        confirm(),
        ConnectionEvent::CompanyRefused,
        disconnect(),
        save(true),
    ] {
        assert_eq!(transition(None, event), Err(TransitionError::NotConnected));
    }
}

#[test]
fn connecting_the_same_company_keeps_what_was_set_up_unless_it_was_disconnected() {
    for state in [Connected, ReconnectNeeded] {
        let before = in_state(state);
        let next = after(Some(&before), connect("a")).connection;
        let expected = Connection {
            state: Connected,
            ..before
        };
        assert_eq!(next, expected);
    }
    for state in [Disconnecting, Disconnected] {
        let next = after(Some(&in_state(state)), connect("a")).connection;
        assert_eq!(next.state, Connected);
        assert_eq!(next.settings, settings(false, "first"));
        assert_eq!(next.items, None);
        assert_eq!(next.decisions, DeletionDecisions::default());
        assert_eq!(next.version, 7);
    }
}

#[test]
fn connecting_another_company_leaves_it_pending() {
    for state in [Connected, ReconnectNeeded, Disconnected] {
        let before = in_state(state);
        let next = after(Some(&before), connect("b"));
        assert_eq!(next.connection, with_pending(state));
        assert_eq!(next.effects, []);
    }
    let next = transition(Some(&in_state(Disconnecting)), connect("b"));
    assert_eq!(next, Err(TransitionError::Disconnecting));
}

#[test]
fn a_pending_company_gives_way_to_a_third_one_or_to_the_connected_one_and_is_left() {
    let before = with_pending(Connected);
    let third = after(Some(&before), connect("c")).connection;
    assert_eq!(third.pending, Some(company("c")));
    assert_eq!(third.left_companies, [TenantId::new("b")]);
    let back = after(Some(&third), connect("b")).connection;
    assert_eq!(back.left_companies, [TenantId::new("c")]);
    let same = after(Some(&before), connect("a")).connection;
    assert_eq!((same.pending, same.state), (None, Connected));
    assert_eq!(same.left_companies, [TenantId::new("b")]);
}

#[test]
fn confirming_moves_to_the_pending_company_switches_off_and_stops_runs() {
    for state in [Connected, ReconnectNeeded, Disconnected] {
        let next = after(Some(&with_pending(state)), confirm());
        assert_eq!(next.effects, [Effect::StopRuns]);
        let now = next.connection;
        assert_eq!((now.state, now.company), (Connected, company("b")));
        assert_eq!(now.settings, settings(false, "saved"));
        assert_eq!((now.items, now.pending), (None, None));
        assert_eq!(now.decisions, DeletionDecisions::default());
        assert_eq!(now.left_companies, [TenantId::new("a")]);
        assert_eq!(
            (now.linked_by, now.linked_at),
            (UserId::new("confirmer"), at("11:00"))
        );
    }
}

#[test]
fn refusing_deletes_the_pending_company_s_tokens_and_leaves_everything_else() {
    let next = after(
        Some(&with_pending(Connected)),
        ConnectionEvent::CompanyRefused,
    );
    assert_eq!(next.connection, in_state(Connected));
    assert_eq!(next.effects, [delete("b")]);
}

#[test]
fn nothing_is_confirmed_or_refused_without_a_pending_company_or_while_disconnecting() {
    for event in [confirm(), ConnectionEvent::CompanyRefused] {
        let next = transition(Some(&in_state(Connected)), event.clone());
        assert_eq!(next, Err(TransitionError::NothingPending));
        let next = transition(Some(&with_pending(Disconnecting)), event);
        assert_eq!(next, Err(TransitionError::Disconnecting));
    }
}

#[test]
fn a_refused_token_asks_for_a_reconnect_once_and_only_of_the_connected_company() {
    let refused = |tenant| ConnectionEvent::TokenRefused(TenantId::new(tenant));
    let next = after(Some(&in_state(Connected)), refused("a"));
    assert_eq!(next.connection, in_state(ReconnectNeeded));
    assert_eq!(next.effects, [Effect::MailReconnectNeeded]);
    changes_nothing(&in_state(Connected), refused("b"), &[]);
    for state in [ReconnectNeeded, Disconnecting, Disconnected] {
        changes_nothing(&in_state(state), refused("a"), &[]);
    }
}

#[test]
fn a_disconnect_forgets_settings_and_answers_and_stops_runs() {
    let others = [
        in_state(Connected),
        in_state(ReconnectNeeded),
        with_pending(Disconnected),
    ];
    for before in others {
        let next = after(Some(&before), disconnect());
        assert_eq!(next.effects, [Effect::StopRuns]);
        assert_eq!(next.connection.state, Disconnecting);
        assert_eq!(next.connection.settings, settings(false, "first"));
        assert_eq!(next.connection.decisions, DeletionDecisions::default());
        assert_eq!(
            next.connection.items, before.items,
            "they are still in SmartHR"
        );
    }
    for state in [Disconnecting, Disconnected] {
        changes_nothing(&in_state(state), disconnect(), &[Effect::StopRuns]);
    }
}

#[test]
fn a_finished_clean_up_deletes_the_tokens_of_every_company_the_connected_one_last() {
    let before = Connection {
        left_companies: vec![TenantId::new("c")],
        ..with_pending(Disconnecting)
    };
    let next = after(Some(&before), ConnectionEvent::CleanupFinished);
    assert_eq!(next.effects, [delete("b"), delete("c"), delete("a")]);
    let now = next.connection;
    assert_eq!((now.state, now.company), (Disconnected, company("a")));
    assert_eq!((now.items, now.pending), (None, None));
    assert_eq!(now.left_companies, []);
    for state in [Connected, ReconnectNeeded, Disconnected] {
        changes_nothing(&in_state(state), ConnectionEvent::CleanupFinished, &[]);
    }
}

#[test]
fn items_are_remembered_before_and_after_they_are_made() {
    let being_made = |tenant| ConnectionEvent::ItemsBeingMade(TenantId::new(tenant));
    let before = Connection {
        items: None,
        ..in_state(Connected)
    };
    let next = after(Some(&before), being_made("a")).connection;
    assert_eq!(next.items, Some(CustomItems::BEING_MADE));
    let ids = CustomItemIds {
        group_id: "g".into(),
        sync_target: None,
        login_method: None,
    };
    let made = |tenant| ConnectionEvent::ItemsMade(TenantId::new(tenant), ids.clone());
    let next = after(Some(&next), made("a")).connection;
    assert_eq!(next.items.as_ref().and_then(CustomItems::ids), Some(&ids));
    changes_nothing(&next, being_made("a"), &[]);
    let refused = Err(TransitionError::NotConnected);
    assert_eq!(transition(Some(&before), being_made("b")), refused);
    assert_eq!(transition(Some(&before), made("b")), refused);
    assert_eq!(
        transition(Some(&in_state(ReconnectNeeded)), being_made("a")),
        refused
    );
}

#[test]
fn switching_off_stops_runs_until_they_are_stopped() {
    let off = after(Some(&in_state(Connected)), save(false));
    assert_eq!(off.effects, [Effect::StopRuns]);
    assert!(off.connection.stopping);
    changes_nothing(&off.connection, save(false), &[Effect::StopRuns]);
    let stopped = after(Some(&off.connection), ConnectionEvent::RunsStopped).connection;
    changes_nothing(&stopped, save(false), &[]);
    let on = after(Some(&off.connection), save(true)).connection;
    assert_eq!((on.stopping, on.enabled_at), (false, Some(at("12:00"))));
    let again = after(Some(&in_state(Connected)), save(true)).connection;
    assert_eq!(again.enabled_at, None, "it was on all the time");
}

#[test]
fn settings_are_saved_while_the_company_is_established() {
    assert_eq!(
        after(Some(&in_state(ReconnectNeeded)), save(false))
            .connection
            .settings,
        settings(false, "saved")
    );
    for state in [Disconnecting, Disconnected] {
        let saved = transition(Some(&in_state(state)), save(true));
        assert_eq!(saved, Err(TransitionError::NotConnected));
    }
}

#[test]
fn left_companies_are_forgotten_one_by_one() {
    let before = Connection {
        left_companies: ["b", "c"].map(TenantId::new).to_vec(),
        ..in_state(Connected)
    };
    let deleted = ConnectionEvent::TokensDeleted(vec![TenantId::new("b")]);
    let next = after(Some(&before), deleted).connection;
    assert_eq!(next.left_companies, [TenantId::new("c")]);
}

#[test]
fn the_night_takes_up_what_is_switched_on_or_has_something_left_to_do() {
    let left = Connection {
        left_companies: vec![TenantId::new("b")],
        ..in_state(Disconnected)
    };
    let off = Connection {
        settings: settings(false, "saved"),
        ..in_state(Connected)
    };
    let at_night = [
        (in_state(Connected), true),
        (off, false),
        (in_state(ReconnectNeeded), false),
        (in_state(Disconnecting), true),
        (in_state(Disconnected), false),
        (left, true),
    ];
    for (connection, runs) in at_night {
        assert_eq!(connection.runs_at_night(), runs, "{connection:?}");
    }
}
