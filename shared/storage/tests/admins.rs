//! The admins of a workspace are found without reading everybody, whatever was written before and by which version.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be written or read is a failed test"
)]

mod database;

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use database::{now, store, store_and_sdk, user, workspace};
use domain::{Role, User, UserId, Workspace};
use storage::testing::table_names;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use storage::{Store, StoreError};

/// A workspace, and a client that sees and changes its items.
struct Tables {
    store: Store,
    client: Client,
}

impl Tables {
    async fn new() -> Self {
        let (store, sdk) = store_and_sdk().await;
        let client = Client::new(&sdk);
        let new = Workspace::new(workspace(), "みどり商事", "MIDORI", 1_000);
        store.put_workspace(&new, &[]).await.unwrap();
        Self { store, client }
    }

    async fn write(&self, write: UserWrite) -> Result<(), StoreError> {
        let commit = Commit {
            users: vec![write],
            seats: 1_000,
            ..Commit::default()
        };
        self.store.commit(&workspace(), &commit, now()).await
    }

    async fn add(&self, id: &str, role: Role) -> User {
        let after = with_role(id, role);
        let hashes = CredentialHashChanges::default();
        let added = after.clone();
        self.write(UserWrite::Create { after, hashes })
            .await
            .unwrap();
        added
    }

    /// Returns who has an item as an admin, or says that all have.
    async fn listed(&self) -> BTreeSet<String> {
        let query = self
            .client
            .query()
            .table_name(table_names("").users)
            .key_condition_expression("workspace_id = :admins")
            .expression_attribute_values(":admins", AttributeValue::S("admins#ws_1".into()));
        let items = query.send().await.unwrap().items.unwrap();
        let id = |item: &HashMap<String, AttributeValue>| item["user_id"].as_s().unwrap().clone();
        items.iter().map(id).collect()
    }

    async fn delete_item(&self, user_id: &str) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let delete = self
            .client
            .delete_item()
            .table_name(table_names("").users)
            .key("workspace_id", text("admins#ws_1"))
            .key("user_id", text(user_id));
        delete.send().await.unwrap();
    }

    /// Makes it what an earlier version left.
    async fn delete_items(&self) {
        for user_id in self.listed().await {
            self.delete_item(&user_id).await;
        }
    }

    /// Makes a night's check of the items.
    async fn mend(&self) -> Result<(), StoreError> {
        let users = self.store.all_users(&workspace()).await.unwrap();
        self.store.mend_admins(&workspace(), &users).await
    }

    /// Checks that the items are those of the admins among all users, and that reading the admins finds these.
    async fn items_are_those_of_the_admins(&self, when: &str) {
        let mut admins = self.store.users(&workspace()).await.unwrap();
        admins.retain(|user| user.role.may_manage_connection());
        let found = self.store.admins(&workspace()).await.unwrap();
        assert_eq!(found, admins, "{when}");
        let ids = admins.iter().map(|user| user.user_id.to_string());
        let expected: BTreeSet<String> = ids.chain(["#complete".to_owned()]).collect();
        assert_eq!(self.listed().await, expected, "{when}");
    }
}

fn with_role(id: &str, role: Role) -> User {
    User {
        role,
        ..user(id, None, Some(id))
    }
}

fn changed(before: &User, role: Role) -> (UserWrite, User) {
    let mut after = before.clone();
    after.version += 1;
    after.role = role;
    let write = UserWrite::Change {
        before: before.clone(),
        after: after.clone(),
        hashes: CredentialHashChanges::default(),
    };
    (write, after)
}

#[tokio::test]
async fn after_any_changes_the_items_are_those_of_the_admins_among_all_users() {
    let tables = Tables::new().await;
    let mut held: Vec<(User, bool)> = Vec::new();
    let mut state: u32 = 20_261_130;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    for round in 0..150 {
        let role = Role::ALL[next(Role::ALL.len())];
        let chosen = next(held.len().max(1));
        let write = match (next(3), held.get(chosen).cloned()) {
            (0, Some((before, true))) => {
                held[chosen].1 = false;
                UserWrite::Delete { before }
            }
            (1, Some((before, true))) => {
                let (write, after) = changed(&before, role);
                held[chosen].0 = after;
                write
            }
            (_, Some((after, false))) => {
                held[chosen].1 = true;
                UserWrite::Restore { after }
            }
            _ => {
                let after = with_role(&format!("usr_{round}"), role);
                held.push((after.clone(), true));
                let hashes = CredentialHashChanges::default();
                UserWrite::Create { after, hashes }
            }
        };
        tables.write(write).await.unwrap();
        let when = format!("round {round}");
        tables.items_are_those_of_the_admins(&when).await;
    }
}

#[tokio::test]
async fn a_change_that_is_refused_lists_nobody() {
    let tables = Tables::new().await;
    let taro = tables.add("taro", Role::Member).await;
    let (first, _) = changed(&taro, Role::Staff);
    let (late, _) = changed(&taro, Role::Administrator);
    tables.write(first).await.unwrap();
    tables.write(late).await.unwrap_err();
    tables
        .items_are_those_of_the_admins("after a refusal")
        .await;
}

#[tokio::test]
async fn in_a_workspace_of_an_earlier_version_everybody_is_read_until_a_night_wrote_the_items() {
    let tables = Tables::new().await;
    for number in 0..120 {
        let role = [Role::SystemAdministrator, Role::Administrator][number % 2];
        tables.add(&format!("admin_{number}"), role).await;
    }
    tables.add("taro", Role::Member).await;
    tables.delete_items().await;
    let found = tables.store.admins(&workspace()).await.unwrap();
    assert_eq!(found.len(), 120);
    // One who is listed meanwhile does not hide the others.
    tables.add("hanako", Role::Administrator).await;
    let found = tables.store.admins(&workspace()).await.unwrap();
    assert_eq!(found.len(), 121);

    tables.mend().await.unwrap();
    tables.items_are_those_of_the_admins("after a night").await;
}

#[tokio::test]
async fn a_night_mends_what_an_earlier_version_changed_after_a_roll_back() {
    let tables = Tables::new().await;
    tables.add("admin", Role::SystemAdministrator).await;
    let taro = tables.add("taro", Role::Administrator).await;
    // The earlier version gave one role, and took another, without writing an item.
    tables.delete_item("admin").await;
    let (demoted, _) = changed(&taro, Role::Member);
    tables.write(demoted).await.unwrap();
    let stale = tables
        .client
        .put_item()
        .table_name(table_names("").users)
        .item("workspace_id", AttributeValue::S("admins#ws_1".into()))
        .item("user_id", AttributeValue::S("taro".into()));
    stale.send().await.unwrap();
    let found = tables.store.admins(&workspace()).await.unwrap();
    assert!(found.is_empty(), "a member is no admin: {found:?}");

    tables.mend().await.unwrap();
    tables.items_are_those_of_the_admins("after a night").await;
}

#[tokio::test]
async fn only_those_who_exist_are_read_by_their_ids_in_order() {
    let store = store().await;
    let new = ["c", "a", "b"].map(|id| UserWrite::Create {
        after: with_role(id, Role::Member),
        hashes: CredentialHashChanges::default(),
    });
    let commit = Commit {
        users: new.into(),
        seats: 3,
        ..Commit::default()
    };
    store.commit(&workspace(), &commit, now()).await.unwrap();
    let ids = ["c", "nobody", "a"].map(UserId::new).into();
    let found = store.users_by_id(&workspace(), &ids).await.unwrap();
    let found: Vec<&str> = found.iter().map(|user| user.user_id.as_str()).collect();
    assert_eq!(found, ["a", "c"]);
}
