//! One record of a page of `GET /v1/crews` that is any JSON: it is at most the failure of its own person.

use std::sync::Arc;

use domain::plan::Change;
use domain::{
    Credential, CrewLink, DeletionDecisions, EmailAddress, Employee, EmployeeCode,
    EmploymentStatus, GroupId, LoginMethodSetting, PlanInput, PlanScope, RecentDeletions, Status,
    SyncTarget, TenantId, User, UserId, plan,
};
use jiff::Timestamp;
use serde_json::Value;
use smarthr::employees_on_page;

use crate::crews::{settings, workspace};

/// The page, of which the first record is replaced.
const PAGE: &str = include_str!("../samples/crews/stand-in-first-page.json");
/// How many records of it are used.
const PEOPLE: usize = 5;

/// Puts any JSON in place of a record, and in place of each of its attributes. The other people must be read as before,
/// and nobody may be changed or removed but the record's own person, who is removed only as readably retired.
pub fn crew_record(json: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(json) else {
        return;
    };
    let page: Vec<Value> = serde_json::from_str(PAGE).unwrap();
    let page = &page[..PEOPLE];
    let before = read(page);
    let users: Vec<User> = before.iter().map(linked).collect();
    check(&before, &users, &before);

    let attributes = page[0].as_object().unwrap().keys();
    let changed = attributes.map(|name| {
        let mut record = page[0].clone();
        record[name] = value.clone();
        record
    });
    for record in changed.chain([value.clone()]) {
        let mut page = page.to_vec();
        page[0] = record;
        let after = read(&page);
        assert_eq!(after.len(), PEOPLE);
        assert_eq!(after[1..], before[1..], "the others are read as before");
        // With the id of somebody else the list is not whole, and no run begins.
        if before[1..].iter().all(|it| it.crew_id != after[0].crew_id) {
            check(&before, &users, &after);
        }
    }
}

fn read(page: &[Value]) -> Vec<Employee> {
    let page = Value::Array(page.to_vec()).to_string();
    employees_on_page(page.as_bytes(), None).unwrap()
}

/// Returns the user whom the sync made of an employee.
fn linked(employee: &Employee) -> User {
    User {
        crew_link: Some(CrewLink {
            tenant_id: TenantId::new("tenant"),
            crew_id: employee.crew_id.clone(),
        }),
        synced_group: Some(GroupId::new("viewers")),
        groups: Arc::new([GroupId::new("viewers")].into()),
        email: employee.email.as_deref().and_then(EmailAddress::parse),
        code: employee.code.as_deref().and_then(EmployeeCode::parse),
        status: Status::Active,
        credential: Credential::Password,
        version: 1,
        ..User::new(
            UserId::new(format!("usr_{}", employee.crew_id)),
            employee.name.clone().unwrap(),
        )
    }
}

/// Plans a night, in which only the first person may change.
fn check(before: &[Employee], users: &[User], employees: &[Employee]) {
    let workspace = workspace();
    let settings = settings(
        SyncTarget::EveryoneAndCodeOnly,
        LoginMethodSetting::Password,
    );
    let (tenant, decisions) = (TenantId::new("tenant"), DeletionDecisions::default());
    let plan = plan(&PlanInput {
        workspace: &workspace,
        settings: &settings,
        tenant: &tenant,
        scope: PlanScope::Everybody,
        employees,
        users,
        unreadable_users: &[],
        recent_deletions: RecentDeletions::default(),
        decisions: &decisions,
        account_answers: &[],
        asked_account_changes: &[],
        now: Timestamp::UNIX_EPOCH,
    });
    let (own, record) = (&users[0].user_id, &employees[0]);
    let is_same = before == employees;
    for change in &plan.changes {
        let changed = match change {
            Change::Add { .. } => None,
            Change::Alter { user, .. } | Change::Delete { user, .. } => Some(&user.user_id),
        };
        assert!(!is_same, "the sync made everybody so: {change:?}");
        assert!(changed.is_none_or(|it| it == own), "{change:?}");
        if let Change::Delete { .. } = change {
            assert_eq!(record.status, EmploymentStatus::Retired);
            assert_eq!(record.unreadable, None);
        }
    }
    assert!(plan.held.iter().all(|held| held.user.user_id == *own));
}
