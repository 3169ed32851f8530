//! A small company to plan for, and the results that an admin sees.

use std::collections::BTreeMap;

use domain::apply::user_after;
use domain::report::{Row, row_of_change, rows_of_rest};
use domain::{
    AccountAnswer, AskedAccountChange, Change, CountedDeletions, CrewId, DeletionDecisions,
    Employee, Group, GroupId, LoginMethodSetting, OidcProvider, Plan, PlanInput, PlanScope,
    Settings, SingleSignOn, SyncTarget, TenantId, User, UserId, Workspace, WorkspaceId,
};
use jiff::{Timestamp, ToSpan};

use crate::people::{editors, readers, tenant};

/// 2026-11-24 02:00 in Japan, the start of the nightly run.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_795_453_200, 0);

/// The input of the planner: a workspace, its settings and decisions, and the people in SmartHR and
/// in KiteRa.
#[derive(Clone, Debug)]
pub(crate) struct Company {
    pub(crate) workspace: Workspace,
    pub(crate) settings: Settings,
    pub(crate) tenant: TenantId,
    pub(crate) employees: Vec<Employee>,
    pub(crate) users: Vec<User>,
    pub(crate) decisions: DeletionDecisions,
    pub(crate) account_answers: Vec<AccountAnswer>,
    pub(crate) asked: Vec<AskedAccountChange>,
    pub(crate) deletions: CountedDeletions,
    pub(crate) scope: Scope,
    pub(crate) now: Timestamp,
}

/// Whom the run looks at.
#[derive(Clone, Debug)]
pub(crate) enum Scope {
    Everybody,
    EverybodyByDay,
    /// `employees`; SmartHR reported these crews as well, and does not have them.
    Reported(Vec<CrewId>),
}

impl Company {
    /// Returns a company whose workspace has plenty of seats and SSO, and syncs everybody with the
    /// login method password.
    pub(crate) fn new(
        employees: impl IntoIterator<Item = Employee>,
        users: impl IntoIterator<Item = User>,
    ) -> Self {
        Self {
            workspace: workspace(),
            settings: Settings {
                password_csv: domain::PasswordCsv::default(),
                invitation_texts: domain::InvitationTexts::default(),
                immediate: true,
                enabled: true,
                target: SyncTarget::EveryoneAndCodeOnly,
                login_method: LoginMethodSetting::Password,
                default_group: editors(),
            },
            tenant: tenant(),
            employees: employees.into_iter().collect(),
            users: users.into_iter().collect(),
            decisions: DeletionDecisions::default(),
            account_answers: Vec::new(),
            asked: Vec::new(),
            deletions: CountedDeletions::default(),
            scope: Scope::Everybody,
            now: NOW,
        }
    }

    /// Returns the company as an immediate run sees it after SmartHR reported these crews.
    pub(crate) fn reported<T: AsRef<str>>(&self, crews: &[T]) -> Self {
        let mut not_found: Vec<_> = crews.iter().map(|it| CrewId::new(it.as_ref())).collect();
        let mut employees = self.employees.clone();
        employees.retain(|employee| not_found.contains(&employee.crew_id));
        not_found.retain(|crew| employees.iter().all(|it| it.crew_id != *crew));
        Self {
            employees,
            scope: Scope::Reported(not_found),
            ..self.clone()
        }
    }

    /// Returns the company after an immediate run that SmartHR's report of these crews started.
    pub(crate) fn after_report<T: AsRef<str>>(&self, crews: &[T]) -> Self {
        Self {
            employees: self.employees.clone(),
            scope: Scope::Everybody,
            ..self.reported(crews).after_night()
        }
    }

    /// Returns the company with another setting 認証方法.
    pub(crate) fn signing_in_by(mut self, login_method: LoginMethodSetting) -> Self {
        self.settings.login_method = login_method;
        self
    }

    /// Returns the company with another setting 同期対象.
    pub(crate) fn syncing(mut self, target: SyncTarget) -> Self {
        self.settings.target = target;
        self
    }

    /// Returns the company with a plan for this many users.
    pub(crate) fn with_seats(mut self, seats: u32) -> Self {
        self.workspace.seats = seats;
        self
    }

    /// Returns the company with mail addresses allowed in this domain only.
    pub(crate) fn allowing_only(mut self, domain: &str) -> Self {
        self.workspace.allowed_domains = vec![domain.into()];
        self
    }

    /// Returns the plan of a run.
    pub(crate) fn plan(&self) -> Plan<'_> {
        domain::plan(&PlanInput {
            workspace: &self.workspace,
            settings: &self.settings,
            tenant: &self.tenant,
            scope: match &self.scope {
                Scope::Everybody => PlanScope::Everybody,
                Scope::EverybodyByDay => PlanScope::EverybodyByDay,
                Scope::Reported(not_found) => PlanScope::Reported { not_found },
            },
            employees: &self.employees,
            users: &self.users,
            unreadable_users: &[],
            recent_deletions: self.deletions.recent(self.now),
            decisions: &self.decisions,
            account_answers: &self.account_answers,
            asked_account_changes: &self.asked,
            now: self.now,
        })
    }

    /// Returns the company after a run.
    pub(crate) fn after_night(&self) -> Self {
        let plan = self.plan();
        let users = self.users.iter().cloned();
        let by_id = users.map(|user| (user.user_id.clone(), user));
        let mut users: BTreeMap<UserId, User> = by_id.collect();
        let mut deleted = 0;
        for change in &plan.changes {
            if let Some(user) = change.user() {
                users.remove(&user.user_id);
            }
            if let Change::Delete { user, .. } = change {
                deleted += usize::from(!self.decisions.allowed.contains(&user.user_id));
            }
            if let Some(user) = self.user_after(change) {
                users.insert(user.user_id.clone(), user);
            }
        }
        Self {
            users: users.into_values().collect(),
            decisions: self.decisions.after(&plan),
            account_answers: AccountAnswer::after(&self.account_answers, &plan, self.now),
            asked: asked(&self.asked, &plan, self.now),
            deletions: self.deletions.with(self.now, deleted),
            ..self.clone()
        }
    }

    /// Returns the user that a change leaves, if any.
    pub(crate) fn user_after(&self, change: &Change<'_>) -> Option<User> {
        let crew = &change.employee().crew_id;
        let new_id = || UserId::new(format!("new user of {crew}"));
        user_after(change, &self.tenant, self.now, new_id)
    }

    /// Returns the company with the clock advanced by `hours`.
    pub(crate) fn hours_later(mut self, hours: i64) -> Self {
        self.now += hours.hours();
        self
    }

    /// Returns all rows of the sync log.
    pub(crate) fn log(&self) -> Vec<Row> {
        let plan = self.plan();
        let changes = plan.changes.iter();
        let rows_of_changes = changes.map(|change| row_of_change(change, &self.workspace));
        rows_of_changes.chain(rows_of_rest(&plan)).collect()
    }

    /// Returns the last row of a crew in the sync log.
    pub(crate) fn row(&self, crew: &str) -> Row {
        let crew = Some(CrewId::new(crew));
        let mut rows = self.log().into_iter();
        rows.rfind(|row| row.crew_id == crew).unwrap()
    }

    /// Returns 処理 and 結果 of a crew as the sync log shows them.
    pub(crate) fn logged(&self, crew: &str) -> (&'static str, &'static str) {
        let row = self.row(crew);
        (row.action.label(), row.outcome.label())
    }

    /// Returns 原因 of a crew's failure.
    pub(crate) fn cause(&self, crew: &str) -> String {
        let row = self.row(crew);
        assert_eq!(row.outcome.label(), "失敗", "{row:?}");
        assert_ne!(row.remedy, "", "a failure says what to do");
        row.cause
    }

    /// Returns the crews in the order in which the plan changes them.
    pub(crate) fn order(&self) -> Vec<String> {
        let plan = self.plan();
        let crews = plan.changes.iter().map(Change::employee);
        crews.map(|crew| crew.crew_id.to_string()).collect()
    }

    /// Returns the user linked to a crew.
    pub(crate) fn user(&self, crew: &str) -> Option<&User> {
        let crew = CrewId::new(crew);
        self.users
            .iter()
            .find(|user| user.crew_in(&self.tenant) == Some(&crew))
    }

    /// Returns the user linked to a crew after a run.
    pub(crate) fn user_after_night(&self, crew: &str) -> User {
        self.after_night().user(crew).unwrap().clone()
    }
}

/// Returns a configuration of SSO that passed the connection test.
pub(crate) fn tested_single_sign_on() -> SingleSignOn {
    let provider = OidcProvider {
        issuer: "https://idp.example.jp".into(),
        client_id: "kitera".into(),
        secret_id: "1".into(),
    };
    SingleSignOn::new(provider).passed_test()
}

fn workspace() -> Workspace {
    let group = |id: GroupId, name: &str| Group {
        id,
        name: name.into(),
    };
    Workspace {
        single_sign_on: Some(tested_single_sign_on()),
        groups: vec![
            group(editors(), "編集権限グループ"),
            group(readers(), "閲覧権限グループ"),
        ],
        ..Workspace::new(
            WorkspaceId::new("workspace"),
            "サンプル商事",
            "SAMPLE",
            1_000_000,
        )
    }
}

/// Returns what the システム管理者 have been asked about after a run.
fn asked(
    before: &[AskedAccountChange],
    plan: &Plan<'_>,
    now: Timestamp,
) -> Vec<AskedAccountChange> {
    let not_looked_at = before
        .iter()
        .filter(|it| !plan.looks_at(&it.change.user_id))
        .cloned();
    let open = plan.account_changes().filter(|held| !held.refused);
    let open = open.map(|held| AskedAccountChange {
        change: held.change.clone(),
        at: now,
    });
    not_looked_at.chain(open).collect()
}
