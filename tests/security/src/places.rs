//! A workspace after two runs that has something at every address, and another workspace beside it.

use domain::{
    BETWEEN_INVITATIONS, Company, Connection, EmailAddress, Group, GroupId, Mode,
    RelatedCompanyUser, Role, Status, TenantId, User, Workspace, WorkspaceId, invitation_mail_id,
};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use serde_json::json;
use testkit::{TestEnv, changed_company};

use crate::listing::Route;
use crate::product::Product;

/// The number of people who join before the second run: enough that each route has a person of its own.
const JOINERS: u32 = 52;

/// What the workspace has, for the parameters of routes.
#[derive(Clone, Debug)]
pub struct Places {
    /// A complete run with a log.
    pub run: String,
    /// A complete preview.
    pub preview: String,
    /// Initial passwords that a run issued and whose cards can be printed.
    pub password_issue: String,
    /// Two deleted users who can be restored.
    pub deleted: [String; 2],
    /// A user who signs in by employee code, with an initial password.
    pub by_code: User,
    /// The users with an open invitation whose mail waits.
    pub invited: Vec<User>,
    /// The tokens of their links, in the same order.
    pub tokens: Vec<String>,
    /// The token of the open password reset of [`FORGETFUL`].
    pub reset_token: String,
}

/// A メンバー who forgot their password.
pub const FORGETFUL: &str = "usr_forgetful";

impl Places {
    /// Sets up the two workspaces; returns what the first one has.
    pub async fn set_up() -> (Product, Self) {
        let mut env = TestEnv::with_pending_changes(JOINERS).await;
        add_groups(&mut env).await;
        add_parent_company(&mut env).await;
        let run = env.nightly_run().await;
        let mut preview = env.manual_message();
        preview.mode = Mode::Preview;
        env.run(&preview).await.unwrap();
        env.clear_queues();
        // Those whom the run invited may be invited again.
        testkit::advance(BETWEEN_INVITATIONS);
        add_another_workspace(&env).await;
        for import_id in ["import_for_api", "import_for_page"] {
            add_import(&env, import_id).await;
        }

        let id = &env.workspace.workspace_id;
        let users = env.users().await;
        let is_invited = |user: &&User| user.status == Status::Invited && user.email.is_some();
        let (mut invited, mut tokens) = (Vec::new(), Vec::new());
        for user in users.iter().filter(is_invited) {
            let mail_id = invitation_mail_id(&user.user_id, user.serial);
            // A link that was mailed before is known to its mail only.
            if env.store.mail_waits(id, &mail_id).await.unwrap() {
                let token = env.open_invitation(user).await.token();
                tokens.push(token.expose_secret().to_owned());
                invited.push(user.clone());
            }
        }
        let by_code = users.iter().find(|user| user.email.is_none()).unwrap();
        let deleted = env.store.deleted_users(id).await.unwrap();
        let issues = env.store.password_issues(id, testkit::now()).await.unwrap();
        let mut places = Self {
            password_issue: issues[0].issue_id.clone(),
            run: run.run_id.to_string(),
            preview: preview.run_id.to_string(),
            deleted: [0, 1].map(|index: usize| deleted[index].user.user_id.to_string()),
            by_code: by_code.clone(),
            reset_token: String::new(),
            tokens,
            invited,
        };
        let product = Product::of(env);
        let forgetful = product.add_user(FORGETFUL, Role::Member).await;
        let email = forgetful.email.unwrap();
        places.reset_token = product.reset_token(email.as_str()).await.unwrap();
        (product, places)
    }

    /// Returns the path of a route with real ids in it; `number` picks the person or the link.
    pub fn path(&self, route: &Route, number: usize) -> String {
        let path = route.path.as_str();
        let id = match path {
            _ if path.contains("/initial-passwords/") => &self.password_issue,
            _ if path.contains("/previews/") => &self.preview,
            _ if path.contains("/runs/") || path.contains("/history/") => &self.run,
            _ if path.starts_with("/api/v1/user-imports/") => "import_for_api",
            _ if path.starts_with("/users/import/") => "import_for_page",
            "/settings/groups/{id}/delete" => "grp_for_page",
            _ if path.contains("/groups/") && route.method == "DELETE" => "grp_for_api",
            _ if path.contains("/groups/") => "grp_to_fill",
            _ if path.contains("/deleted-users/") => &self.deleted[0],
            _ if path.contains("/deleted/") => &self.deleted[1],
            _ if path.ends_with("/initial-password") => self.by_code.user_id.as_str(),
            _ if path.ends_with("/password-reset") => FORGETFUL,
            _ if path.starts_with("/invitations/") => &self.tokens[number],
            _ if path.starts_with("/password-resets/") => &self.reset_token,
            _ if path.starts_with("/help/") => "first-login-by-mail",
            _ if path.starts_with("/assets/") => "console.css",
            // Nobody enters from there, or signed in there.
            _ if path.starts_with("/related-companies/") => "ws_parent",
            _ if path.starts_with("/workspaces/") => "ws_parent",
            // Nobody asked for another address.
            _ if path.starts_with("/users/address-changes/") => "a-guessed-token",
            _ => self.invited[number].user_id.as_str(),
        };
        fill(path, id)
    }
}

impl Product {
    /// Asks for a link to choose a new password, and returns the token of the link that is mailed; `None`
    /// when none is. All mails that wait in the queue are delivered.
    pub async fn reset_token(&self, email: &str) -> Option<String> {
        let link = "/password-resets/";
        self.env.deliver_queued_mails().await;
        let before = self.env.mails_with(link);
        let fields = [("email", email)];
        let asked = self.browser().form("/forgot-password", &fields).await;
        assert_eq!(asked.location(), "/forgot-password?done=sent");
        self.env.deliver_queued_mails().await;
        let texts = self.env.mail_texts();
        let links = texts.iter().filter_map(|text| text.split_once(link));
        let (_, rest) = links.skip(before).last()?;
        rest.split_whitespace().next().map(str::to_owned)
    }

    /// Retires a user's crew in SmartHR; nobody else changes.
    pub async fn retire(&self, user: &User) {
        let crew_id = user.crew_link.as_ref().unwrap().crew_id.as_str();
        let mut company = changed_company(JOINERS);
        let retired = company.iter_mut().find(|person| person["id"] == crew_id);
        retired.unwrap()["emp_status"] = "retired".into();
        self.env.set_crews(&company).await;
    }
}

/// Returns the path of a route with `id` for its parameter.
pub fn fill(pattern: &str, id: &str) -> String {
    let segments = pattern.split('/').map(|segment| match segment {
        parameter if parameter.starts_with('{') => id,
        fixed => fixed,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Adds two groups that can be deleted, and one that can be filled.
async fn add_groups(env: &mut TestEnv) {
    for id in ["grp_for_api", "grp_for_page", "grp_to_fill"] {
        env.workspace.groups.push(Group {
            id: GroupId::new(id),
            name: id.into(),
        });
    }
    env.store.put_workspace(&env.workspace, &[]).await.unwrap();
}

/// Adds an import of one person, whom nobody invited yet.
async fn add_import(env: &TestEnv, import_id: &str) {
    let person = json!({
        "line": 2, "name": "新井 一郎", "email": format!("{import_id}@example.jp"),
        "employee_code": null, "role": "member", "groups": [],
    });
    let import = json!({
        "import_id": import_id, "uploaded_by": "usr_actor", "uploaded_at": testkit::now(),
        "people": [person], "bad": [],
    });
    let id = &env.workspace.workspace_id;
    // Longer than the product keeps one: the tests move the clock.
    let until = testkit::now() + SignedDuration::from_hours(24);
    let put = env
        .store
        .put_user_import(id, import_id, import.to_string(), until);
    put.await.unwrap();
}

/// Makes a company without users the parent of the workspace, and lists somebody of it as an operator does.
async fn add_parent_company(env: &mut TestEnv) {
    let parent = Workspace {
        workspace_id: WorkspaceId::new("ws_parent"),
        name: "みどりホールディングス".into(),
        company_code: "parent".into(),
        ..env.workspace.clone()
    };
    env.store.put_workspace(&parent, &[]).await.unwrap();
    env.workspace.parent_workspace_id = Some(parent.workspace_id);
    let email = EmailAddress::parse("oya@example.jp").unwrap();
    env.workspace.related_company_users = vec![RelatedCompanyUser::member(email)];
    env.store.put_workspace(&env.workspace, &[]).await.unwrap();
}

/// Adds a workspace that is connected to another company and has no users yet.
async fn add_another_workspace(env: &TestEnv) {
    let other = Workspace {
        workspace_id: WorkspaceId::new("ws_other"),
        name: "みどり物産の規程".into(),
        company_code: "other".into(),
        groups: vec![Group {
            id: GroupId::new("others"),
            name: "閲覧権限グループ".into(),
        }],
        ..env.workspace.clone()
    };
    let (id, connection) = (&other.workspace_id, env.connection().await);
    let tenant = TenantId::new("22222222-2222-4222-8222-222222222222");
    let (secrets, first) = (env.secrets(), &env.workspace.workspace_id);
    let tokens = secrets.tokens(first, &connection.company.tenant_id).await;
    let tokens = tokens.unwrap().unwrap();
    let put = secrets.put_tokens(id, &tenant, &tokens).await;
    put.unwrap();
    let mut settings = connection.settings.clone();
    settings.default_group = GroupId::new("others");
    let mut connection = Connection {
        company: Company {
            tenant_id: tenant,
            name: "株式会社みどり物産".into(),
            subdomain: connection.company.subdomain.clone(),
        },
        settings,
        version: 0,
        ..connection
    };
    env.store.put_workspace(&other, &[]).await.unwrap();
    env.store.put_connection(id, &mut connection).await.unwrap();
}
