//! The plan of a million people, in memory, on one core.

use std::time::Duration;

use directory::{
    CrewId, DeletionDecisions, Employee, EmploymentStatus, Group, GroupId, LoginMethodSetting,
    PlanInput, Settings, SyncTarget, TenantId, User, UserId, Workspace, WorkspaceId, apply, plan,
};

use crate::Error;
use crate::office::in_hours;
use crate::process::Process;
use crate::row::{Limit, Row, median_s};
use crate::rows::TIMES;

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// A row for each size; the limit is for the largest.
pub(crate) fn rows() -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for people in SIZES {
        let company = Company::new(people);
        let mut times = Vec::new();
        for _ in 0..TIMES {
            times.push(company.plan()?);
        }
        let cpu_s = median_s(times);
        let mut row = Row {
            name: "plan in memory, 1 % changed".into(),
            people,
            cpu_s: Some(cpu_s),
            ..Row::default()
        };
        if people == 1_000_000 {
            row.limits = vec![Limit::measure("CPU s", cpu_s, 1.0)];
        }
        crate::table::print(&row);
        rows.push(row);
    }
    Ok(rows)
}

struct Company {
    workspace: Workspace,
    settings: Settings,
    tenant: TenantId,
    employees: Vec<Employee>,
    users: Vec<User>,
}

impl Company {
    /// Everybody was registered on an earlier night. Since then, of every 100 people one has
    /// another name.
    fn new(people: usize) -> Self {
        let viewers = GroupId::new("viewers");
        let mut company = Self {
            workspace: Workspace {
                workspace_id: WorkspaceId::new("ws"),
                name: "株式会社テスト".into(),
                company_code: "test".into(),
                seats: u32::MAX,
                allowed_domains: Vec::new(),
                sso_configured: true,
                groups: vec![Group {
                    id: viewers.clone(),
                    name: "閲覧権限グループ".into(),
                }],
                related_company_users: Vec::new(),
            },
            settings: Settings {
                enabled: true,
                target: SyncTarget::EveryoneAndCodeOnly,
                login_method: LoginMethodSetting::Password,
                default_group: viewers,
            },
            tenant: TenantId::new("11111111-1111-4111-8111-111111111111"),
            employees: (0..people).map(|number| employee(mixed(number))).collect(),
            users: Vec::new(),
        };
        company
            .employees
            .sort_unstable_by(|a, b| a.crew_id.cmp(&b.crew_id));
        company.users = company.first_night();
        for employee in company.employees.iter_mut().step_by(100) {
            employee.name = Some("改姓".into());
        }
        company
    }

    fn first_night(&self) -> Vec<User> {
        let nobody = self.input(&[]);
        let mut number = 0;
        let mut users: Vec<User> = plan(&nobody)
            .map(|plan| {
                let changes = plan.changes.iter();
                changes
                    .filter_map(|change| {
                        apply::user_after(change, &self.tenant, nobody.now, || {
                            number += 1;
                            UserId::new(format!("usr_{:032x}", mixed(number)))
                        })
                    })
                    .collect()
            })
            .unwrap_or_default();
        users.sort_unstable_by(|a, b| a.user_id.cmp(&b.user_id));
        users
    }

    fn input<'a>(&'a self, users: &'a [User]) -> PlanInput<'a> {
        static UNDECIDED: std::sync::LazyLock<DeletionDecisions> =
            std::sync::LazyLock::new(DeletionDecisions::default);
        PlanInput {
            workspace: &self.workspace,
            settings: &self.settings,
            tenant: &self.tenant,
            employees: &self.employees,
            users,
            decisions: &UNDECIDED,
            now: in_hours(0),
        }
    }

    /// The CPU time of one plan, which must change exactly those who changed.
    fn plan(&self) -> Result<Duration, Error> {
        let before = Process::own().cpu()?;
        let plan = plan(&self.input(&self.users)).map_err(|failure| failure.cause())?;
        let cpu = Process::own().cpu()?.saturating_sub(before);
        if plan.changes.len() != self.employees.len() / 100 {
            return Err(format!("{} people change", plan.changes.len()).into());
        }
        Ok(cpu)
    }
}

/// The numbers in no order (Knuth's multiplicative hash), as ids are.
fn mixed(number: usize) -> u32 {
    u32::try_from(number)
        .unwrap_or_default()
        .wrapping_mul(2_654_435_761)
}

fn employee(number: u32) -> Employee {
    Employee {
        crew_id: CrewId::new(format!("{number:08x}-0000-4000-8000-{:012x}", !number)),
        code: Some(format!("{number:010}")),
        email: Some(format!("p{number}@example.jp")),
        status: EmploymentStatus::Employed,
        name: Some(format!("社員 {number}")),
        sync_choice: None,
        login_choice: None,
    }
}
