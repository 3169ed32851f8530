//! What a test environment holds after its runs, in a form that can be compared with that of another one.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Credential, Identifier, Status, User, WorkspaceId};
use storage::testing::table_names;

use crate::clock::now;
use crate::tables::Item;
use crate::test_env::TestEnv;

/// What must be the same however often runs crashed: everything but random ids, times, and the order of mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalState {
    /// Each user, by the id of the crew.
    pub users: BTreeMap<String, String>,
    /// The number of users that the seats are counted against.
    pub seats: u32,
    /// The outcome and counts of each run, newest first.
    pub runs: Vec<String>,
    /// The lines of the last run's log, sorted.
    pub log: Vec<String>,
    /// The number of waiting mails, by kind and recipient.
    pub mails: BTreeMap<String, usize>,
}

impl TestEnv {
    /// Returns the state after the last run, and empties the queues.
    ///
    /// # Panics
    /// When a run is still going on, when the data is inconsistent, or when a waiting mail has no message in the queue.
    pub async fn final_state(&self) -> FinalState {
        let id = &self.workspace.workspace_id;
        let users = self.store.users(id).await.unwrap();
        self.assert_consistent(&users).await;
        let by_id: BTreeMap<String, String> = users
            .iter()
            .map(|user| (user.user_id.to_string(), user.name.clone()))
            .collect();
        let seats = self.seats_and_lease().await;
        assert_eq!(seats.running(now()), None);
        let runs = self.store.runs(id, None, 10).await.unwrap();
        let log = match runs.first().and_then(|run| run.log_key.clone()) {
            Some(key) => self.log(&key),
            None => Vec::new(),
        };
        // The last columns are ids, of which the user's is random, between two times.
        let compared = |line: &String| line.rsplitn(5, ',').last().map(ToOwned::to_owned);
        let log = log.iter().filter_map(compared).collect();
        let mut messages = String::new();
        while let Some((_queue, message)) = self.services.take_message() {
            messages.push_str(&message);
        }
        let mut mails = BTreeMap::new();
        for mail_id in self.waiting_mails().await {
            assert!(
                messages.contains(&format!("\"{mail_id}\"")),
                "no message asks for {mail_id}"
            );
            // The name in place of the random id in "invitation#usr_…#2"; nothing in place of the run in
            // "failed-run#…".
            let mut parts: Vec<String> = mail_id.split('#').map(ToOwned::to_owned).collect();
            parts[1] = by_id.get(&parts[1]).cloned().unwrap_or_default();
            *mails.entry(parts.join("#")).or_default() += 1;
        }
        FinalState {
            users: users
                .iter()
                .map(|user| {
                    let link = user.crew_link.as_ref();
                    let crew = link.map_or_else(String::new, |link| link.crew_id.to_string());
                    (crew, shape(user))
                })
                .collect(),
            seats: seats.users,
            runs: runs
                .iter()
                .map(|run| format!("{:?} {:?} {:?}", run.outcome, run.failure, run.counts))
                .collect(),
            log,
            mails,
        }
    }

    /// Returns the lines of a sync log, sorted.
    pub fn log(&self, key: &str) -> Vec<String> {
        let log = self.services.object(&format!("logs/{key}")).unwrap();
        let text = String::from_utf8(log.to_vec()).unwrap();
        let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
        lines.sort();
        lines
    }

    /// Checks what must hold between any two writes: the number of users, the seats, who holds which identifier, who is
    /// listed as an admin, and that each invitation and initial password has a hash.
    pub async fn assert_consistent(&self, users: &[User]) {
        let id = &self.workspace.workspace_id;
        let counted = self.seats_and_lease().await.users;
        assert_eq!(counted as usize, users.len(), "users are miscounted");
        assert!(
            counted <= self.workspace.seats,
            "{counted} exceed the seats"
        );
        let mut identifiers = self.items(&table_names("").identifiers).await;
        identifiers
            .retain(|item| text(item, "workspace_id").split('#').next() == Some(id.as_str()));
        let holders: BTreeMap<String, String> = identifiers
            .iter()
            .map(|item| {
                let stored = format!(
                    "{} {}",
                    text(item, "identifier"),
                    text(item, "workspace_id")
                );
                (stored, text(item, "user_id"))
            })
            .collect();
        assert_eq!(holders, identifiers_of(id, users));
        self.assert_admins_listed(users).await;
        let stored = self.items_by(&table_names("").users, "user_id").await;
        for user in users {
            let has = |hash| stored[user.user_id.as_str()].contains_key(hash);
            assert_eq!(
                has("invitation_hash"),
                user.invitation.is_some(),
                "{user:?}"
            );
            let initial = matches!(user.credential, Credential::Initial { .. });
            assert_eq!(has("initial_password_hash"), initial, "{user:?}");
            if user.status == Status::Invited {
                assert!(user.invitation.is_some(), "{user:?} cannot sign in");
            }
        }
    }

    /// Checks that the items of the admins are those of the admins among `users`.
    async fn assert_admins_listed(&self, users: &[User]) {
        let partition = format!("admins#{}", self.workspace.workspace_id);
        let mut items = self.items(&table_names("").users).await;
        items.retain(|item| text(item, "workspace_id") == partition);
        let listed: BTreeSet<String> = items.iter().map(|item| text(item, "user_id")).collect();
        let admins = users
            .iter()
            .filter(|user| user.role.may_manage_connection());
        let ids = admins.map(|user| user.user_id.to_string());
        let expected: BTreeSet<String> = ids.chain(["#complete".to_owned()]).collect();
        assert_eq!(listed, expected, "the admins are listed wrongly");
    }

    /// Returns the workspace's items of a table, by this attribute.
    async fn items_by(&self, table: &str, key: &str) -> BTreeMap<String, Item> {
        let mut items = self.items(table).await;
        items.retain(|item| text(item, "workspace_id") == self.workspace.workspace_id.as_str());
        items
            .into_iter()
            .map(|item| (text(&item, key), item))
            .collect()
    }
}

fn text(item: &Item, name: &str) -> String {
    item[name].as_s().unwrap().clone()
}

/// Returns the identifiers that these users have, as they are stored, each with the user's id.
fn identifiers_of(id: &WorkspaceId, users: &[User]) -> BTreeMap<String, String> {
    let stored = |identifier: &Identifier| {
        let in_any_case = identifier.mixed_code_in_lower_case();
        let (identifier, code) = match identifier {
            Identifier::Email(email) => (format!("email#{email} {id}"), String::new()),
            Identifier::Code(code) => (format!("code#{id}#{code} {id}"), format!("{id}#{code}")),
        };
        let in_any_case = in_any_case.map(|lower| format!("any-case#{id}#{lower} {code}"));
        std::iter::once(identifier).chain(in_any_case)
    };
    let of = |user: &User| {
        let user_id = user.user_id.to_string();
        let stored: Vec<String> = domain::identifiers_of(user)
            .flat_map(|it| stored(&it))
            .collect();
        stored.into_iter().map(move |item| (item, user_id.clone()))
    };
    users.iter().flat_map(of).collect()
}

fn shape(user: &User) -> String {
    let credential = match user.credential {
        Credential::None => "none",
        Credential::Password => "password",
        Credential::Initial { .. } => "initial",
    };
    format!(
        "{} {:?} {:?} {:?} {:?} {:?} {credential} serial {} invited {}",
        user.name,
        user.email,
        user.code,
        user.status,
        user.login_method,
        user.groups,
        user.serial,
        user.invitation.is_some(),
    )
}
