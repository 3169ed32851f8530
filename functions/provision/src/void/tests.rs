use credentials::{DerivationKey, PasswordReset, Random};
use domain::{Credential, EmailAddress, GroupId, Status, User, UserId, Workspace, WorkspaceId};
use jiff::SignedDuration;
use serde_json::json;
use storage::Store;
use storage::password_resets::password_reset_name;
use storage::testing::table_names;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use storage::versioned_records::Versioned;
use testkit::users::{by_code, member};
use testkit::{CrashPoint, TestEnv, advance, now};

use crate::error::ProvisionError;
use crate::event::Voided;
use crate::handler::Provisioner;

fn provisioner(env: &TestEnv) -> Provisioner {
    Provisioner {
        store: Store::new(&env.sdk, table_names("")),
        key: DerivationKey::from_secret(&"0123456789abcdef0123456789abcdef".into()).unwrap(),
        random: Random::os(),
    }
}

async fn void(env: &TestEnv, place: &str, preview: bool) -> Result<Voided, ProvisionError> {
    let place = match place {
        "all" => json!("all"),
        workspace => json!({ "workspace": workspace }),
    };
    let event = json!({ "void_open_credentials": place, "preview": preview });
    let event = serde_json::from_value(event).unwrap();
    provisioner(env).void(event, now()).await
}

fn invited(id: &str) -> User {
    let mut user = User {
        status: Status::Invited,
        credential: Credential::None,
        ..member(id)
    };
    let fields = user.synced_fields(GroupId::new("viewers"));
    user.invite(fields, now());
    user
}

fn with_initial_password(id: &str, code: &str) -> User {
    let mut user = by_code(id, code);
    user.issue_initial_password(now());
    user
}

/// Returns an environment with a member, an invited user, one with an initial password and a deleted
/// one with an initial password; and a workspace `ws_other` with an invited user.
async fn environment() -> TestEnv {
    let env = TestEnv::new(500, None).await;
    env.add_user(member("usr_member")).await;
    env.add_user(invited("usr_invited")).await;
    env.add_user(with_initial_password("usr_initial", "0012"))
        .await;
    let before = env
        .add_user(with_initial_password("usr_deleted", "0013"))
        .await;
    env.write(UserWrite::Delete { before }).await.unwrap();
    let other = Workspace {
        workspace_id: WorkspaceId::new("ws_other"),
        company_code: "other".into(),
        ..env.workspace.clone()
    };
    env.store.put_workspace(&other, &[]).await.unwrap();
    let create = UserWrite::Create {
        after: invited("usr_other"),
        hashes: CredentialHashChanges::default(),
    };
    env.write_in(&other.workspace_id, create).await.unwrap();
    env
}

fn voided(
    preview: bool,
    workspaces: usize,
    invitations: usize,
    initial_passwords: usize,
) -> Voided {
    Voided {
        preview,
        workspaces,
        invitations,
        initial_passwords,
        password_resets: 0,
    }
}

async fn open_in(env: &TestEnv, workspace: &str) -> Vec<String> {
    let users = env.store.users(&WorkspaceId::new(workspace)).await.unwrap();
    let open = |user: &&User| user.open_credentials(now()).next().is_some();
    let open = users.iter().filter(open);
    open.map(|user| user.user_id.to_string()).collect()
}

#[tokio::test]
async fn links_and_passwords_of_one_workspace_die_and_everybody_stays() {
    let env = environment().await;
    let preview = void(&env, "ws_test", true).await.unwrap();
    assert_eq!(preview, voided(true, 1, 1, 2));
    assert_eq!(
        open_in(&env, "ws_test").await,
        ["usr_initial", "usr_invited"]
    );

    let done = void(&env, "ws_test", false).await.unwrap();
    assert_eq!(done, voided(false, 1, 1, 2));
    assert_eq!(open_in(&env, "ws_test").await, [""; 0]);
    assert_eq!(env.users().await.len(), 3);
    assert_eq!(env.user("usr_member").await, member("usr_member"));
    let invited = env.user("usr_invited").await;
    assert_eq!(
        invited.invitation.unwrap().expires_at,
        now(),
        "expired, not gone"
    );
    let deleted = env.store.deleted_users(&env.workspace.workspace_id).await;
    let initial = Credential::Initial { expires_at: now() };
    assert_eq!(deleted.unwrap()[0].user.credential, initial);
    assert_eq!(open_in(&env, "ws_other").await, ["usr_other"]);

    assert_eq!(env.tables_with("credentials_voided").await, ["audit"]);
    let again = void(&env, "ws_test", false).await.unwrap();
    assert_eq!(again, voided(false, 1, 0, 0));
}

#[tokio::test]
async fn an_invitation_that_ended_while_its_mail_waited_is_voided_too_and_is_not_counted() {
    let env = environment().await;
    advance(SignedDuration::from_hours(100));
    let ended = env.user("usr_invited").await.invitation.unwrap();
    let done = void(&env, "ws_test", false).await.unwrap();
    assert_eq!(done.invitations, 0);
    let voided = env.user("usr_invited").await.invitation.unwrap();
    assert_eq!(voided.expires_at, ended.expires_at);
    assert_eq!((ended.serial, voided.serial), (1, 0), "no mail is of it");
    let before = env.user("usr_invited").await;
    void(&env, "ws_test", false).await.unwrap();
    assert_eq!(env.user("usr_invited").await, before, "once");
}

#[tokio::test]
async fn all_workspaces_are_voided_at_once_and_an_unknown_one_is_refused() {
    let env = environment().await;
    let done = void(&env, "all", false).await.unwrap();
    assert_eq!(done, voided(false, 2, 2, 2));
    for workspace in ["ws_test", "ws_other"] {
        assert_eq!(open_in(&env, workspace).await, [""; 0]);
    }
    let unknown = void(&env, "ws_unknown", false).await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no workspace ws_unknown");
}

#[tokio::test]
async fn sessions_that_an_initial_password_began_end() {
    let env = environment().await;
    let (id, user) = (&env.workspace.workspace_id, env.user("usr_initial").await);
    let epoch = async || {
        let stored = env.store.user_with_hashes(id, &user.user_id).await;
        stored.unwrap().unwrap().1.session_epoch
    };
    let before = epoch().await;
    void(&env, "ws_test", false).await.unwrap();
    assert_eq!(epoch().await, before + 1);
}

#[tokio::test]
async fn links_of_password_resets_die_of_that_workspace_only() {
    let env = environment().await;
    let (member, secret) = (UserId::new("usr_member"), "secret".into());
    let email = EmailAddress::parse("usr-member@example.jp").unwrap();
    let opens = async |workspace: &WorkspaceId| {
        let name = password_reset_name(workspace, &member);
        let stored = env.store.versioned::<PasswordReset>(&name).await.unwrap();
        stored.value.opens(&secret, &email, 1, now())
    };
    let (id, other) = (&env.workspace.workspace_id, &WorkspaceId::new("ws_other"));
    for workspace in [id, other] {
        let mut reset = Versioned::<PasswordReset>::default();
        reset.value.ask("request", email.as_str(), 1, now());
        reset.value.set_secret(&secret, now());
        let (name, until) = (password_reset_name(workspace, &member), now());
        env.store.put_versioned(&name, &reset, until).await.unwrap();
    }
    for preview in [true, false] {
        assert!(opens(id).await);
        let done = void(&env, "ws_test", preview).await.unwrap();
        assert_eq!(done.password_resets, 1);
    }
    assert!(!opens(id).await);
    assert!(opens(other).await);
    let again = void(&env, "ws_test", false).await.unwrap();
    assert_eq!(again, voided(false, 1, 0, 0));
}

#[tokio::test]
async fn an_invitation_issued_meanwhile_is_voided_like_the_one_that_was_read() {
    let env = environment().await;
    let held = env.proxy.hold_operation("TransactWriteItems", 0);
    let meanwhile = async {
        env.proxy.held().await;
        let rename = |user: &mut User| user.name = "新しい 名前".into();
        env.change_user("usr_invited", rename).await;
        held.release();
    };
    let (done, ()) = tokio::join!(void(&env, "ws_test", false), meanwhile);
    done.unwrap();
    assert_eq!(open_in(&env, "ws_test").await, [""; 0]);
    assert_eq!(env.user("usr_invited").await.name, "新しい 名前");
}

#[tokio::test]
async fn whatever_call_it_dies_at_the_next_invocation_completes_it() {
    for crash_point in [CrashPoint::Before, CrashPoint::After] {
        for call in 0.. {
            let env = environment().await;
            // More than one transaction takes.
            let create = |number| UserWrite::Create {
                after: invited(&format!("usr_{number}")),
                hashes: CredentialHashChanges::default(),
            };
            for numbers in [0..45, 45..90, 90..120] {
                let commit = Commit {
                    users: numbers.map(create).collect(),
                    seats: 500,
                    ..Commit::default()
                };
                let id = &env.workspace.workspace_id;
                env.store.commit(id, &commit, now()).await.unwrap();
            }
            let dies = Box::pin(void(&env, "ws_test", false));
            if env.proxy.crash_at(crash_point(call), dies).await.is_some() {
                assert!(call > 5, "{call}");
                break;
            }
            void(&env, "ws_test", false).await.unwrap();
            assert_eq!(open_in(&env, "ws_test").await, [""; 0]);
            let preview = void(&env, "ws_test", true).await.unwrap();
            assert_eq!(preview, voided(true, 1, 0, 0));
        }
    }
}
