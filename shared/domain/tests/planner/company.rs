//! A small company to plan for, and the results that an admin sees.

use std::collections::BTreeMap;

use domain::apply::user_after;
use domain::report::{Row, row_of_change, rows_of_rest};
use domain::{
    CrewId, DeletionDecisions, Employee, Group, GroupId, LoginMethodSetting, Plan, PlanInput,
    RunFailure, Settings, SyncTarget, TenantId, User, UserId, Workspace, WorkspaceId,
};
use jiff::{SignedDuration, Timestamp};

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
    pub(crate) now: Timestamp,
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
                enabled: true,
                target: SyncTarget::EveryoneAndCodeOnly,
                login_method: LoginMethodSetting::Password,
                default_group: editors(),
            },
            tenant: tenant(),
            employees: employees.into_iter().collect(),
            users: users.into_iter().collect(),
            decisions: DeletionDecisions::default(),
            now: NOW,
        }
    }

    /// Returns the plan of a run, or the reason why the run stops.
    pub(crate) fn try_plan(&self) -> Result<Plan<'_>, RunFailure> {
        domain::plan(&PlanInput {
            workspace: &self.workspace,
            settings: &self.settings,
            tenant: &self.tenant,
            employees: &self.employees,
            users: &self.users,
            decisions: &self.decisions,
            now: self.now,
        })
    }

    /// Returns the plan of a run.
    pub(crate) fn plan(&self) -> Plan<'_> {
        self.try_plan().unwrap()
    }

    /// Returns the company after a run.
    pub(crate) fn after_night(&self) -> Self {
        let plan = self.plan();
        let mut users: BTreeMap<UserId, User> = self
            .users
            .iter()
            .map(|user| (user.user_id.clone(), user.clone()))
            .collect();
        for change in &plan.changes {
            if let Some(user) = change.user() {
                users.remove(&user.user_id);
            }
            let new_id = || new_user_id(&change.employee().crew_id);
            if let Some(user) = user_after(change, &self.tenant, self.now, new_id) {
                users.insert(user.user_id.clone(), user);
            }
        }
        Self {
            users: users.into_values().collect(),
            decisions: self.decisions.after(&plan),
            ..self.clone()
        }
    }

    /// Returns the company with the clock advanced by `hours`.
    pub(crate) fn hours_later(mut self, hours: i64) -> Self {
        self.now += SignedDuration::from_hours(hours);
        self
    }

    /// Returns all rows of the sync log.
    pub(crate) fn log(&self) -> Vec<Row> {
        let plan = self.plan();
        let changed = plan
            .changes
            .iter()
            .map(|change| row_of_change(change, &self.workspace));
        changed.chain(rows_of_rest(&plan)).collect()
    }

    /// Returns the last row of a crew in the sync log.
    pub(crate) fn row(&self, crew: &str) -> Row {
        self.rows_of(crew).pop().unwrap()
    }

    /// Returns the rows of a crew in the sync log.
    pub(crate) fn rows_of(&self, crew: &str) -> Vec<Row> {
        let mut rows = self.log();
        rows.retain(|row| row.crew_id == Some(CrewId::new(crew)));
        rows
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
        let crews = plan.changes.iter().map(domain::Change::employee);
        crews.map(|crew| crew.crew_id.to_string()).collect()
    }

    /// Returns the user linked to a crew.
    pub(crate) fn user(&self, crew: &str) -> Option<&User> {
        let crew = CrewId::new(crew);
        self.users
            .iter()
            .find(|user| user.crew_in(&self.tenant) == Some(&crew))
    }
}

fn workspace() -> Workspace {
    let group = |id: GroupId, name: &str| Group {
        id,
        name: name.into(),
    };
    Workspace {
        workspace_id: WorkspaceId::new("workspace"),
        name: "サンプル商事".into(),
        company_code: "SAMPLE".into(),
        seats: 1_000_000,
        allowed_domains: Vec::new(),
        sso_configured: true,
        groups: vec![
            group(editors(), "編集権限グループ"),
            group(readers(), "閲覧権限グループ"),
        ],
        related_company_users: Vec::new(),
    }
}

/// Returns the id of the user that a run creates for a crew.
pub(crate) fn new_user_id(crew: &CrewId) -> UserId {
    UserId::new(format!("new user of {crew}"))
}
