//! What somebody tries on the accounts of システム管理者 and 管理者 who edits people in SmartHR, or who is a
//! 管理者 and connects a SmartHR company of their own.

use domain::{
    Company, Credential, CrewId, CrewLink, EmailAddress, EmployeeCode, GroupId, LoginMethod,
    LoginMethodSetting, Role, Status, TenantId, User, UserId,
};
use jiff::SignedDuration;
use security::{Product, sign_in_body};
use serde_json::{Value, json};
use testkit::users::{TENANT, active};
use testkit::{SentMail, TestEnv, crew_id, person};

/// Returns the address of the attacker for the account with this number. Rules about domains allow it.
fn evil_address(number: usize) -> String {
    format!("boss+evil-{number}@example.jp")
}

/// How the records that the attacker edits are tied to the accounts.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tie {
    /// An earlier night linked them.
    Linked,
    /// A record has the address of an account.
    Address,
    /// A record has the employee code of an account.
    Code,
}

const TIES: [Tie; 3] = [Tie::Linked, Tie::Address, Tie::Code];

/// How the admin signs in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Account {
    /// By address and password.
    Password,
    /// Not yet: the invitation is open.
    Invited,
    /// Through the identity provider.
    Sso,
    /// By employee code and password.
    ByCode,
}

const ACCOUNTS: [Account; 4] = [
    Account::Password,
    Account::Invited,
    Account::Sso,
    Account::ByCode,
];

/// Changes the record of the account with this number.
type Attack = fn(&mut Value, usize);

/// What the attacker writes into a record.
const ATTACKS: [(&str, Attack); 6] = [
    ("another address", |crew, number| {
        crew["email"] = evil_address(number).into();
    }),
    ("no address", |crew, _| crew["email"] = Value::Null),
    ("another code", |crew, number| {
        crew["emp_code"] = format!("EVIL-{number}").into();
    }),
    ("no code", |crew, _| crew["emp_code"] = Value::Null),
    ("another address and code", |crew, number| {
        crew["email"] = evil_address(number).into();
        crew["emp_code"] = format!("EVIL-{number}").into();
    }),
    ("retired", |crew, _| crew["emp_status"] = "retired".into()),
];

/// An account under attack, and the record in SmartHR that is used.
struct Victim {
    account: User,
    crew: Value,
}

fn victim(number: u32, role: Role, account: Account, tie: Tie) -> Victim {
    let mut crew = person(number);
    let mut user = User {
        email: EmailAddress::parse(&format!("p{number}@example.jp")),
        code: EmployeeCode::parse(&format!("{number:05}")),
        ..active(&format!("usr_victim_{number}"), role)
    };
    match account {
        Account::Password => {}
        Account::Invited => {
            user.status = Status::Invited;
            user.credential = Credential::None;
            let fields = user.synced_fields(GroupId::new("viewers"));
            user.invite(fields, testkit::now());
        }
        Account::Sso => {
            user.login_method = LoginMethod::Sso;
            user.credential = Credential::None;
        }
        Account::ByCode => user.email = None,
    }
    match tie {
        Tie::Linked => {
            user.crew_link = Some(CrewLink {
                tenant_id: TenantId::new(TENANT),
                crew_id: CrewId::new(crew_id(number)),
            });
        }
        Tie::Address => crew["emp_code"] = Value::Null,
        Tie::Code => crew["email"] = Value::Null,
    }
    Victim {
        account: user,
        crew,
    }
}

/// Returns the admins of every kind, numbered from 1.
fn victims() -> Vec<Victim> {
    let roles = [Role::SystemAdministrator, Role::Administrator];
    let mut victims = Vec::new();
    for role in roles {
        for account in ACCOUNTS {
            for tie in TIES {
                if (account, tie) == (Account::ByCode, Tie::Address) {
                    // There is no address to be found by.
                    continue;
                }
                let number = u32::try_from(victims.len()).unwrap() + 1;
                victims.push(victim(number, role, account, tie));
            }
        }
    }
    victims
}

/// What lets somebody in.
fn ways_in(user: &User) -> impl PartialEq + use<> {
    let mailed_to = user
        .invitation
        .clone()
        .map(|it| it.fields_at_invitation.email);
    (
        (user.email.clone(), user.code.clone()),
        (user.login_method, user.credential, user.status),
        (user.role, mailed_to),
    )
}

fn mails_to(env: &TestEnv, address: &str) -> usize {
    let mails = env.services.mails();
    let is_to = |mail: &&SentMail| mail.to.iter().any(|to| to == address);
    mails.iter().filter(is_to).count()
}

/// Runs a night, delivers its mails, and lets the attacker answer what it asks.
async fn night(product: &Product, attacker: &security::Browser<'_>, refused: &mut usize) {
    let run = product.env.nightly_run().await;
    product.env.deliver_queued_mails().await;
    let asked: Vec<&UserId> = run
        .held_account_changes
        .iter()
        .map(|question| &question.change.user_id)
        .collect();
    let path = format!("/api/v1/runs/{}/held-account-changes", run.run_id);
    let answer = json!({"user_ids": asked, "decision": "allow"});
    assert_eq!(attacker.post(&path, answer).await.status, 403);
    *refused += 1;
    testkit::advance(SignedDuration::from_hours(24));
}

/// A company whose records the attacker edits: first they are as the accounts are, then as the attack
/// says. Returns the numbers of attempts, and of those that gained something.
async fn attack(attack: Attack, setting: LoginMethodSetting) -> (usize, usize) {
    let product = Product::of(TestEnv::new(1_000, None).await);
    let env = &product.env;
    env.change_connection(|connection| connection.settings.login_method = setting)
        .await;
    product
        .add_user("usr_boss", Role::SystemAdministrator)
        .await;
    product.add_user("usr_attacker", Role::Administrator).await;
    let victims = victims();
    for victim in &victims {
        env.add_user(victim.account.clone()).await;
    }
    // Somebody without power, whom the sync does change: the attack reaches the product.
    let control = victim(0, Role::Member, Account::Password, Tie::Linked);
    env.add_user(control.account.clone()).await;

    // So many that the rest of the company hides the attack from the other guards.
    let mut bystanders = Vec::new();
    for number in 100..140 {
        let bystander = victim(number, Role::Member, Account::Password, Tie::Linked);
        env.add_user(bystander.account).await;
        bystanders.push(bystander.crew);
    }

    let attacker = product.sign_in("usr-attacker@example.jp").await;
    let mut attempts = 0;
    let mut crews: Vec<Value> = victims.iter().map(|victim| victim.crew.clone()).collect();
    env.set_crews(&[&crews[..], &bystanders].concat()).await;
    night(&product, &attacker, &mut attempts).await;
    for (number, crew) in crews.iter_mut().enumerate() {
        attack(crew, number);
    }
    let mut of_control = control.crew.clone();
    of_control["email"] = "moved@example.jp".into();
    env.set_crews(&[&crews[..], &bystanders, &[of_control]].concat())
        .await;
    for _ in 0..2 {
        let attacker = product.sign_in("usr-attacker@example.jp").await;
        night(&product, &attacker, &mut attempts).await;
    }

    let moved = env.user(control.account.user_id.as_str()).await.email;
    assert_eq!(moved, EmailAddress::parse("moved@example.jp"));
    let stored = env.users().await;
    let mut gained = 0;
    for (number, Victim { account, .. }) in victims.iter().enumerate() {
        // A record that has lost its account is a person of its own: a メンバー without any power.
        let evil = EmailAddress::parse(&evil_address(number));
        let is_new_member = |user: &User| user.email == evil && user.role == Role::Member;
        if !stored.iter().any(is_new_member) {
            gained += mails_to(env, &evil_address(number));
        }
        let found = stored.iter().find(|user| user.user_id == account.user_id);
        let is_unharmed = match found {
            Some(now) => ways_in(now) == ways_in(account),
            // Whom a night had linked may retire; nobody else is deleted.
            None => account.crew_link.is_some(),
        };
        if !is_unharmed {
            eprintln!("harmed: {account:?} is now {found:?}");
            gained += 1;
        }
    }
    (attempts + victims.len(), gained)
}

#[tokio::test]
async fn editing_people_in_smarthr_gains_nothing_over_an_admin() {
    let (mut attempts, mut gained) = (0, 0);
    for (name, change) in ATTACKS {
        for setting in [LoginMethodSetting::Password, LoginMethodSetting::Sso] {
            let (tried, succeeded) = attack(change, setting).await;
            assert_eq!(succeeded, 0, "{name} with {setting:?}");
            attempts += tried;
            gained += succeeded;
        }
    }
    println!("takeover: attempts {attempts}, gained {gained}");
}

#[tokio::test]
async fn what_a_system_administrator_allows_is_made_and_nothing_else() {
    let product = Product::of(TestEnv::new(100, None).await);
    let env = &product.env;
    product
        .add_user("usr_boss", Role::SystemAdministrator)
        .await;
    let victims = [1, 2].map(|number| {
        victim(
            number,
            Role::SystemAdministrator,
            Account::Password,
            Tie::Linked,
        )
    });
    let mut crews = Vec::new();
    for Victim { account, crew } in &victims {
        env.add_user(account.clone()).await;
        let mut crew = crew.clone();
        crew["email"] = format!("new-{}@example.jp", crew["emp_code"].as_str().unwrap()).into();
        crews.push(crew);
    }
    env.set_crews(&crews).await;
    let run = env.nightly_run().await;
    env.deliver_queued_mails().await;
    assert_eq!(run.counts.held, 2);
    assert_eq!(mails_to(env, "usr-boss@example.jp"), 1, "the boss is asked");

    let boss = product.sign_in("usr-boss@example.jp").await;
    let path = format!("/api/v1/runs/{}/held-account-changes", run.run_id);
    for (user, decision) in [(1, "allow"), (2, "refuse")] {
        let user_ids = [format!("usr_victim_{user}")];
        let answer = json!({"user_ids": user_ids, "decision": decision});
        assert_eq!(boss.post(&path, answer).await.status, 200);
    }
    testkit::advance(SignedDuration::from_hours(24));
    let after = env.nightly_run().await;
    assert_eq!((after.counts.updated, after.counts.held), (1, 0));
    let email = async |id: &str| env.user(id).await.email.unwrap().to_string();
    assert_eq!(email("usr_victim_1").await, "new-00001@example.jp");
    assert_eq!(email("usr_victim_2").await, "p2@example.jp");

    let late = json!({"user_ids": ["usr_victim_2"], "decision": "allow"});
    let boss = product.sign_in("usr-boss@example.jp").await;
    assert_eq!(
        boss.post(&path, late).await.status,
        409,
        "a newer run asks now"
    );
}

#[tokio::test]
async fn another_company_is_confirmed_by_a_system_administrator_only() {
    let product = Product::of(TestEnv::new(100, None).await);
    let env = &product.env;
    product
        .add_user("usr_boss", Role::SystemAdministrator)
        .await;
    product.add_user("usr_attacker", Role::Administrator).await;
    env.change_connection(|connection| {
        connection.pending = Some(Company {
            tenant_id: TenantId::new("22222222-2222-4222-8222-222222222222"),
            name: "攻撃者の会社".into(),
            subdomain: None,
        });
    })
    .await;
    let attacker = product.sign_in("usr-attacker@example.jp").await;
    let accept = json!({"accept": true});
    let answer = attacker
        .post("/api/v1/integration/relink", accept.clone())
        .await;
    assert_eq!(answer.status, 403);
    let page = attacker.get("/settings/smarthr").await;
    assert!(!page.text.contains(">切り替える</button>"));
    assert_eq!(env.connection().await.company.tenant_id.as_str(), TENANT);

    // Keeping the company that is connected is no risk.
    let keep = json!({"accept": false});
    let answer = attacker.post("/api/v1/integration/relink", keep).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn nobody_becomes_system_administrator_whose_link_is_still_open() {
    let product = Product::of(TestEnv::new(100, None).await);
    let env = &product.env;
    product
        .add_user("usr_boss", Role::SystemAdministrator)
        .await;
    let invited = victim(1, Role::Member, Account::Invited, Tie::Linked).account;
    env.add_user(invited.clone()).await;
    let boss = product.sign_in("usr-boss@example.jp").await;
    let path = format!("/api/v1/users/{}", invited.user_id);
    let promote = json!({"role": "system_administrator"});
    let answer = boss.patch(&path, promote).await;
    assert_eq!(answer.status, 409, "{}", answer.text);
    assert_eq!(env.user(invited.user_id.as_str()).await.role, Role::Member);
}

#[tokio::test]
async fn an_admin_whom_an_attack_could_not_move_signs_in_as_before() {
    let product = Product::of(TestEnv::new(100, None).await);
    let env = &product.env;
    let boss = product
        .add_user("usr_boss", Role::SystemAdministrator)
        .await;
    let mut crew = person(1);
    crew["email"] = boss.email.unwrap().as_str().into();
    env.set_crews(&[crew.clone()]).await;
    env.nightly_run().await;
    crew["email"] = evil_address(1).into();
    env.set_crews(&[crew]).await;
    testkit::advance(SignedDuration::from_hours(24));
    env.nightly_run().await;
    env.deliver_queued_mails().await;
    product.sign_in("usr-boss@example.jp").await;
    let evil = sign_in_body(&evil_address(1));
    let evil = product.browser().post("/api/v1/sign-in", evil).await;
    assert_eq!(evil.status, 401);
}
