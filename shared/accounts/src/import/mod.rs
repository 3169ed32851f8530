//! [CSVで招待]: adds up to 1,000 people from a file, after an admin saw line by line what would happen.
//!
//! The people whom the preview found good are stored for an hour, with the faults of the others, and only these people
//! are added. Each transaction adds some of them and says in the same write how far the import has come, so that a
//! repetition goes on where an earlier request ended, and adds nobody twice.
//!
//! A thousand people take about five seconds. A request that finds a table throttled stops after eight, and the page
//! leads on.

mod apply;
mod check;
mod file;
mod file_error;
mod line_problem;
mod stored;
mod text;

use std::collections::BTreeSet;

use domain::{GroupId, Role, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use file::TEMPLATE_HEADER;
pub use file_error::FileError;
pub use line_problem::LineProblem;
pub use text::LARGEST_FILE;

use crate::error::AccountError;
use crate::new_user::NewPerson;

/// The most people in one file.
pub const MOST_IMPORTED: usize = 1_000;

/// How long an import can be carried out after the admin saw it.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// An import, as the admin saw it before anybody was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserImport {
    /// The id of the import.
    pub import_id: String,
    /// Who uploaded the file.
    pub uploaded_by: UserId,
    /// The time of the upload.
    pub uploaded_at: Timestamp,
    /// The people who can be added, in the order of the file.
    pub people: Vec<PersonToImport>,
    /// The lines whose people cannot, in the order of the file.
    pub bad: Vec<BadLine>,
}

impl UserImport {
    /// Returns the number of people without an address: they get an initial password.
    pub fn by_code(&self) -> usize {
        let by_code = |it: &&PersonToImport| it.email.is_none();
        self.people.iter().filter(by_code).count()
    }

    /// Returns how many people are left to be handled; 0 when the import is finished.
    pub fn left(&self, progress: &ImportProgress) -> usize {
        self.people.len().saturating_sub(progress.handled)
    }
}

/// Somebody who can be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonToImport {
    /// The number of the line, from 1.
    pub line: u32,
    /// 氏名; may be empty for somebody with an address.
    pub name: String,
    /// メールアドレス
    pub email: Option<String>,
    /// 従業員コード
    pub employee_code: Option<String>,
    /// 役割
    pub role: Role,
    /// グループ
    pub groups: BTreeSet<GroupId>,
}

impl PersonToImport {
    /// Returns the person as [`NewPerson`].
    fn new_person(&self) -> NewPerson {
        NewPerson {
            name: self.name.clone(),
            email: self.email.clone(),
            employee_code: self.employee_code.clone(),
        }
    }

    fn bad_line(&self, problem: LineProblem) -> BadLine {
        BadLine::of(self.line, &self.new_person(), problem)
    }
}

/// A line whose person is not added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadLine {
    /// The number of the line, from 1.
    pub line: u32,
    /// The address, code or name of the line; may be empty.
    pub person: String,
    /// What is wrong.
    pub problem: LineProblem,
}

impl BadLine {
    fn of(line: u32, person: &NewPerson, problem: LineProblem) -> Self {
        let typed = Some(person.typed()).filter(|typed| !typed.is_empty());
        let shown = typed.as_ref().unwrap_or(&person.name).chars();
        Self {
            line,
            person: shown.take(LONGEST_SHOWN).collect(),
            problem,
        }
    }
}

/// The length, in characters, at which a text of the file is cut where only the admin reads it.
const LONGEST_SHOWN: usize = 100;

/// How far an import has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProgress {
    /// How many of the people were handled, from the first one on.
    pub handled: usize,
    /// Those of them who could not be added any more.
    pub refused: Vec<BadLine>,
}

impl ImportProgress {
    /// Returns how many people were added.
    pub fn added(&self) -> usize {
        self.handled.saturating_sub(self.refused.len())
    }
}

/// Why no import was made of a file.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file as a whole cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The reason has nothing to do with the file.
    #[error(transparent)]
    Account(#[from] AccountError),
}
