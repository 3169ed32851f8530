//! A page of `GET /v1/crews` → employees → a plan.

use domain::report::{row_of_change, rows_of_rest};
use domain::{
    CustomItemId, CustomItemIds, DeletionDecisions, Employee, GroupId, LoginMethodSetting,
    OidcProvider, PlanInput, PlanScope, RecentDeletions, Settings, SingleSignOn, SyncTarget,
    TenantId, Workspace, WorkspaceId, plan,
};
use jiff::Timestamp;
use smarthr::employees_on_page;

/// Reads a page of SmartHR, which must be refused or yield employees that can be planned for, each at most once.
pub fn crews(page: &[u8]) {
    for items in [None, Some(&ours())] {
        let Ok(employees) = employees_on_page(page, items) else {
            continue;
        };
        for employee in &employees {
            let name = employee.name.as_deref();
            assert!(!name.is_some_and(|name| name.trim().is_empty()));
            assert!(employee.email.as_deref() != Some("") && employee.code.as_deref() != Some(""));
        }
        planned(&employees, SyncTarget::Everyone);
        planned(&employees, SyncTarget::EveryoneAndCodeOnly);
        planned(&employees, SyncTarget::Chosen);
    }
}

/// Plans for the employees without duplicates, which are refused before a plan is made.
fn planned(employees: &[Employee], target: SyncTarget) {
    let mut employees = employees.to_vec();
    employees.sort_by(|a, b| a.crew_id.cmp(&b.crew_id));
    employees.dedup_by(|a, b| a.crew_id == b.crew_id);
    let workspace = workspace();
    let settings = settings(target, LoginMethodSetting::Individual);
    let (tenant, decisions) = (TenantId::new("tenant"), DeletionDecisions::default());
    let plan = plan(&PlanInput {
        workspace: &workspace,
        settings: &settings,
        tenant: &tenant,
        scope: PlanScope::Everybody,
        employees: &employees,
        users: &[],
        unreadable_users: &[],
        recent_deletions: RecentDeletions::default(),
        decisions: &decisions,
        account_answers: &[],
        asked_account_changes: &[],
        now: Timestamp::UNIX_EPOCH,
    });
    let changes = plan.changes.iter();
    let rows_of_changes = changes.map(|change| row_of_change(change, &workspace));
    let rows = rows_of_changes.chain(rows_of_rest(&plan));
    let mut crews: Vec<_> = rows.filter_map(|row| row.crew_id).collect();
    crews.sort();
    let is_once = crews.is_sorted_by(|one, next| one < next);
    assert!(is_once, "a crew has two rows");
    assert!(plan.changes.len() <= workspace.seats as usize, "too many");
}

pub(crate) fn settings(target: SyncTarget, login_method: LoginMethodSetting) -> Settings {
    Settings {
        password_csv: domain::PasswordCsv::default(),
        invitation_texts: domain::InvitationTexts::default(),
        immediate: true,
        enabled: true,
        target,
        login_method,
        default_group: GroupId::new("viewers"),
    }
}

pub(crate) fn workspace() -> Workspace {
    let provider = OidcProvider {
        issuer: "https://idp.example.jp".into(),
        client_id: "kitera".into(),
        secret_id: "1".into(),
    };
    Workspace {
        single_sign_on: Some(SingleSignOn::new(provider).passed_test()),
        ..Workspace::new(WorkspaceId::new("ws_1"), "みどり商事", "MIDORI", 50)
    }
}

fn ours() -> CustomItemIds {
    let item = |template_id: &str| CustomItemId {
        template_id: template_id.into(),
        choice_ids: ["choice-0".into(), "choice-1".into()],
    };
    CustomItemIds {
        group_id: "group".into(),
        sync_target: Some(item("sync-target")),
        login_method: Some(item("login-method")),
    }
}
