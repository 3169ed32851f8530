//! A person who is erased (APPI, article 35), and what is recognised as theirs. Pure.

use std::collections::BTreeSet;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::report::{FieldChange, Row};
use crate::text::search_key;
use crate::{CrewId, EmailAddress, User, UserId};

/// What the history says in place of an erased person's name, and of a cause that names them.
pub const ERASED: &str = "削除済み";

/// What is known of a person who is erased.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ErasedPerson {
    /// The users that the person had; more than one for somebody who came back.
    pub user_ids: BTreeSet<UserId>,
    /// The person's records in SmartHR.
    pub crew_ids: BTreeSet<CrewId>,
    /// The [`search_key`]s of the names that the person had: the history may have them in other characters.
    pub names: BTreeSet<String>,
    /// The e-mail addresses that the person had, in lower case.
    pub emails: BTreeSet<String>,
    /// The employee codes that the person had.
    pub codes: BTreeSet<String>,
    /// Those of the addresses and codes that somebody else has by now: they prove nothing without the
    /// name.
    pub taken: BTreeSet<String>,
}

impl ErasedPerson {
    /// Adds what the person's user says about them.
    pub fn learn(&mut self, user: &User) {
        let name = search_key(&user.name);
        // Every text has the empty one in it.
        self.names.extend((!name.is_empty()).then_some(name));
        self.emails
            .extend(user.email.as_ref().map(EmailAddress::key));
        self.codes
            .extend(user.code.as_ref().map(|code| code.as_str().to_owned()));
        if let Some(link) = &user.crew_link {
            self.crew_ids.insert(link.crew_id.clone());
        }
    }

    /// Returns a hash of all that is known of the person: what was searched for by less must be searched again.
    pub fn fingerprint(&self) -> String {
        let user_ids = self.user_ids.iter().map(UserId::as_str).collect();
        let crew_ids = self.crew_ids.iter().map(CrewId::as_str).collect();
        let texts = [&self.names, &self.emails, &self.codes, &self.taken];
        let texts = texts.map(|texts| texts.iter().map(String::as_str).collect());
        let known: [Vec<&str>; 2] = [user_ids, crew_ids];
        let mut hash = Sha256::new();
        for some in known.iter().chain(&texts) {
            for text in some {
                hash.update(text.as_bytes());
                hash.update([0]);
            }
            hash.update([1]);
        }
        let mut hex = String::new();
        for byte in hash.finalize() {
            _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// Returns whether anything is known by which logs are searched for the person.
    pub fn can_be_found_in_logs(&self) -> bool {
        !(self.names.is_empty() && self.emails.is_empty() && self.codes.is_empty())
    }

    /// Returns whether a line of the history with these fields is the person's. An address or a code is
    /// enough, unless somebody else has it by now; the name only where there is nothing else.
    pub fn has(&self, code: &str, name: &str, email: &str) -> bool {
        let email = email.to_lowercase();
        let has_name = || self.names.contains(&search_key(name));
        let is_mine = |known: &BTreeSet<String>, text: &str| {
            known.contains(text) && (!self.taken.contains(text) || has_name())
        };
        is_mine(&self.emails, &email)
            || is_mine(&self.codes, code)
            || (code.is_empty() && email.is_empty() && has_name())
    }

    /// Returns whether a text names the person or one of their addresses.
    pub fn is_named_in(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        let mut emails = self.emails.difference(&self.taken);
        let key = search_key(text);
        self.names.iter().any(|name| key.contains(name)) || emails.any(|it| lower.contains(it))
    }

    /// Erases the person from a row of a step: what it says of them, or a cause or change that names
    /// them. Returns whether it said anything.
    pub fn erase_from(&self, row: &mut Row) -> bool {
        let before = row.clone();
        let is_theirs = row.user_id.iter().any(|id| self.user_ids.contains(id))
            || row.crew_id.iter().any(|id| self.crew_ids.contains(id))
            || self.has(&row.code, &row.name, &row.email);
        let names_them =
            |change: &FieldChange| self.is_named_in(&change.old) || self.is_named_in(&change.new);
        if is_theirs || row.changes.iter().any(names_them) {
            *row = Row {
                crew_id: None,
                user_id: None,
                code: String::new(),
                name: ERASED.into(),
                email: String::new(),
                cause: String::new(),
                remedy: String::new(),
                changes: Vec::new(),
                ..before.clone()
            };
        } else if self.is_named_in(&row.cause) {
            row.cause = ERASED.into();
        }
        *row != before
    }
}
