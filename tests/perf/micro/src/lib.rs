//! A company of any size in memory, as the planner's input.

use domain::{
    CrewId, DeletionDecisions, Employee, EmploymentStatus, Group, GroupId, LoginMethodSetting,
    PlanInput, PlanScope, RecentDeletions, Settings, SyncTarget, TenantId, User, UserId, Workspace,
    WorkspaceId, apply, plan,
};
use jiff::Timestamp;

/// A company whose people were all registered by an earlier run. Since then, of every 500 people three were renamed,
/// one has left and one has joined.
#[derive(Debug)]
pub struct Company {
    workspace: Workspace,
    settings: Settings,
    tenant: TenantId,
    employees: Vec<Employee>,
    users: Vec<User>,
    decisions: DeletionDecisions,
}

impl Company {
    /// Returns a company of this size. People and users are ordered by their ids and allocated from front to back, as
    /// two reads would.
    pub fn new(people: usize) -> Self {
        let mut company = Self::before_the_first_run(people);
        company.users = company.users_after_the_first_run();
        for (number, employee) in company.employees.iter_mut().enumerate() {
            match number % 500 {
                0..3 => employee.name = Some("改姓".into()),
                3 => employee.status = EmploymentStatus::Retired,
                _ => {}
            }
        }
        let came = (people..).map(mixed);
        company
            .employees
            .extend(came.take(people / 500).map(employee));
        company
    }

    /// Returns the number of people that a plan changes.
    pub fn changed(&self) -> usize {
        self.users.len() / 100
    }

    /// Returns the planner's input.
    pub fn input(&self) -> PlanInput<'_> {
        PlanInput {
            workspace: &self.workspace,
            settings: &self.settings,
            tenant: &self.tenant,
            scope: PlanScope::Everybody,
            employees: &self.employees,
            users: &self.users,
            unreadable_users: &[],
            recent_deletions: RecentDeletions::default(),
            decisions: &self.decisions,
            account_answers: &[],
            asked_account_changes: &[],
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn before_the_first_run(people: usize) -> Self {
        let viewers = GroupId::new("viewers");
        let mut numbers: Vec<u32> = (0..people).map(mixed).collect();
        numbers.sort_unstable();
        Self {
            workspace: Workspace {
                groups: vec![Group {
                    id: viewers.clone(),
                    name: "閲覧権限グループ".into(),
                }],
                ..Workspace::new(WorkspaceId::new("ws"), "株式会社テスト", "test", u32::MAX)
            },
            settings: Settings {
                password_csv: domain::PasswordCsv::default(),
                invitation_texts: domain::InvitationTexts::default(),
                immediate: true,
                enabled: true,
                target: SyncTarget::EveryoneAndCodeOnly,
                login_method: LoginMethodSetting::Password,
                default_group: viewers,
            },
            tenant: TenantId::new("11111111-1111-4111-8111-111111111111"),
            employees: numbers.into_iter().map(employee).collect(),
            users: Vec::new(),
            decisions: DeletionDecisions::default(),
        }
    }

    fn users_after_the_first_run(&self) -> Vec<User> {
        let plan = plan(&self.input());
        let mut changes: Vec<_> = (0..).map(mixed).zip(&plan.changes).collect();
        changes.sort_unstable_by_key(|(id, _)| *id);
        let user = |(id, change): (u32, _)| {
            let id = || UserId::new(format!("usr_{id:032x}"));
            apply::user_after(change, &self.tenant, Timestamp::UNIX_EPOCH, id)
        };
        changes.into_iter().filter_map(user).collect()
    }
}

/// Returns the number's hash (Knuth's multiplicative one), because ids have no order.
fn mixed(number: usize) -> u32 {
    u32::try_from(number)
        .unwrap_or_default()
        .wrapping_mul(2_654_435_761)
}

fn employee(number: u32) -> Employee {
    Employee {
        crew_id: CrewId::new(format!("{number:08x}-0000-4000-8000-{:012x}", !number)),
        // The codes have another order than the ids.
        code: Some(format!("{:010}", number.wrapping_mul(2_246_822_519))),
        email: Some(format!("p{number}@example.jp")),
        status: EmploymentStatus::Employed,
        name: Some(format!("社員 {number}")),
        sync_choice: None,
        login_choice: None,
        unreadable: None,
    }
}
