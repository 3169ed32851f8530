//! The preview: which lines can be added, and what is wrong with the others. The checks of a person are those of
//! [ユーザーを招待]; here are those that concern several lines.

use std::collections::{BTreeMap, BTreeSet};

use credentials::hex;
use domain::text::search_key;
use domain::time::later;
use domain::{GroupId, Identifier, Role, SeatsInUse, User, UserId, Workspace, identifiers_of};

use super::file::{FileLine, lines_of};
use super::stored::to_json;
use super::{
    BadLine, FileError, ImportError, KEPT, LONGEST_SHOWN, LineProblem, PersonToImport, UserImport,
};
use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::initial_password::check_recipient_among;
use crate::new_user::{NewPerson, check_rights, new_user};

/// The largest import that is stored, in bytes: an item of DynamoDB has at most 400 KB.
const LARGEST_STORED: usize = 380_000;

impl Accounts<'_> {
    /// Checks each line of a file and stores the result for an hour. Nobody is added yet.
    ///
    /// # Errors
    /// [`ImportError::File`] when the file as a whole cannot be read; [`ImportError::Account`] when AWS does not answer.
    pub async fn preview_import(
        &self,
        workspace: &Workspace,
        file: &[u8],
    ) -> Result<UserImport, ImportError> {
        let lines = lines_of(file)?;
        let mut checked = Checked::of(self.admin, workspace, lines)?;
        let users: Vec<User> = checked.users().cloned().collect();
        let identifiers: Vec<Identifier<'_>> = users.iter().flat_map(identifiers_of).collect();
        let (store, id) = (self.store, self.workspace_id);
        let counted = store
            .seats_and_lease(id)
            .await
            .map_err(AccountError::from)?;
        let reserved = store.reserved(id, &identifiers).await;
        let reserved = reserved.map_err(AccountError::from)?;
        let limits = self.invitation_limits(workspace).await?;
        checked.refuse(|_, user| check_not_reserved(user, &reserved))?;
        checked.refuse(|_, user| match user.email {
            Some(_) => Ok(limits.check(user)?),
            None => Ok(()),
        })?;
        if checked.users().any(|user| user.email.is_none()) {
            let admins = store.admins(id).await.map_err(AccountError::from)?;
            checked.refuse(|_, user| match user.email {
                Some(_) => Ok(()),
                None => Ok(check_recipient_among(&admins)?),
            })?;
        }
        let free = SeatsInUse::of(workspace, counted.users).free() as usize;
        checked.refuse(|index, _| {
            if index < free {
                return Ok(());
            }
            Err(LineProblem::NoSeat.into())
        })?;
        checked.bad.sort_by_key(|bad| bad.line);
        let import = UserImport {
            import_id: hex(&self.random.bytes::<16>()),
            uploaded_by: self.admin.user_id.clone(),
            uploaded_at: self.now,
            people: checked.good.into_iter().map(|(person, _)| person).collect(),
            bad: checked.bad,
        };
        let content = to_json(&import)?;
        if content.len() > LARGEST_STORED {
            return Err(FileError::TooLarge.into());
        }
        let until = later(self.now, KEPT);
        let put = store.put_user_import(id, &import.import_id, content, until);
        put.await.map_err(AccountError::from)?;
        Ok(import)
    }
}

/// Why somebody cannot be added.
enum Refusal {
    /// Something is wrong with the line.
    Line(LineProblem),
    /// The reason is about no person.
    Other(AccountError),
}

impl From<LineProblem> for Refusal {
    fn from(problem: LineProblem) -> Self {
        Self::Line(problem)
    }
}

impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        LineProblem::of(error).map_or_else(Self::Other, Self::Line)
    }
}

fn check_not_reserved(user: &User, reserved: &BTreeSet<Identifier<'_>>) -> Result<(), Refusal> {
    let taken = identifiers_of(user).find(|identifier| reserved.contains(identifier));
    match taken {
        None => Ok(()),
        Some(Identifier::Email(_)) => Err(LineProblem::EmailTaken.into()),
        Some(Identifier::Code(_)) => Err(LineProblem::EmployeeCodeTaken.into()),
    }
}

/// The lines of a file, as far as they were checked.
#[derive(Default)]
struct Checked {
    good: Vec<(PersonToImport, User)>,
    bad: Vec<BadLine>,
}

impl Checked {
    /// Checks what needs no other users: each line by itself, and for somebody who stands in the file twice.
    fn of(admin: &User, workspace: &Workspace, lines: Vec<FileLine>) -> Result<Self, AccountError> {
        let mut checked = Self::default();
        let mut first_lines = BTreeMap::new();
        for line in lines {
            let person = NewPerson {
                name: line.name.clone(),
                email: line.email.clone(),
                employee_code: line.employee_code.clone(),
            };
            match check_line(admin, workspace, &line, &person, &mut first_lines) {
                Ok(user) => {
                    let person = PersonToImport {
                        line: line.number,
                        name: user.name.clone(),
                        email: person.email,
                        employee_code: person.employee_code,
                        role: user.role,
                        groups: user.groups.as_ref().clone(),
                    };
                    checked.good.push((person, user));
                }
                Err(Refusal::Line(problem)) => {
                    let bad = BadLine::of(line.number, &person, problem);
                    checked.bad.push(bad);
                }
                Err(Refusal::Other(error)) => return Err(error),
            }
        }
        Ok(checked)
    }

    fn users(&self) -> impl Iterator<Item = &User> {
        self.good.iter().map(|(_, user)| user)
    }

    /// Moves those for whom `check` finds a problem to the bad lines. It is given their place among those still good.
    fn refuse(
        &mut self,
        check: impl Fn(usize, &User) -> Result<(), Refusal>,
    ) -> Result<(), AccountError> {
        let mut good = Vec::with_capacity(self.good.len());
        for (index, (person, user)) in self.good.drain(..).enumerate() {
            match check(index, &user) {
                Ok(()) => good.push((person, user)),
                Err(Refusal::Line(problem)) => self.bad.push(person.bad_line(problem)),
                Err(Refusal::Other(error)) => return Err(error),
            }
        }
        self.good = good;
        Ok(())
    }
}

/// Returns the user that the person of a line becomes. `first_lines` has the numbers of the earlier lines by their
/// addresses and codes.
fn check_line(
    admin: &User,
    workspace: &Workspace,
    line: &FileLine,
    person: &NewPerson,
    first_lines: &mut BTreeMap<String, u32>,
) -> Result<User, Refusal> {
    if let Some(fault) = line.fault {
        return Err(LineProblem::from(fault).into());
    }
    let ids = (UserId::new(""), &admin.user_id);
    let mut user = new_user(workspace, ids, (Role::Member, &BTreeSet::new()), person)?;
    for identifier in identifiers_of(&user) {
        // An address has an @, and a code has none.
        let (key, same): (String, fn(u32) -> LineProblem) = match identifier {
            Identifier::Email(email) => (email.into_owned(), LineProblem::SameEmailAs),
            Identifier::Code(code) => (code.to_owned(), LineProblem::SameCodeAs),
        };
        let first = *first_lines.entry(key).or_insert(line.number);
        if first != line.number {
            return Err(same(first).into());
        }
    }
    user.role = role_of(&line.role)?;
    let groups = groups_of(&line.groups, workspace)?;
    check_rights(admin, workspace, user.role, &groups)?;
    user.groups = groups.into();
    Ok(user)
}

/// Returns the role that a cell names; an empty one is メンバー.
fn role_of(cell: &str) -> Result<Role, LineProblem> {
    if cell.is_empty() {
        return Ok(Role::Member);
    }
    let key = search_key(cell);
    let mut roles = Role::ALL.into_iter();
    let role = roles.find(|role| search_key(role.label()) == key);
    role.ok_or_else(|| LineProblem::UnknownRole(shown(cell)))
}

/// Returns the groups that a cell names: one, or several with `;` or 、 between them.
fn groups_of(cell: &str, workspace: &Workspace) -> Result<BTreeSet<GroupId>, LineProblem> {
    let group_of = |name: &str| {
        let key = search_key(name);
        let mut groups = workspace.groups.iter();
        let group = groups.find(|group| search_key(&group.name) == key);
        group.map(|group| group.id.clone())
    };
    // A name may have a 、 in it.
    if let Some(group) = group_of(cell) {
        return Ok(BTreeSet::from([group]));
    }
    let names = cell.split([';', '；', '、']).map(str::trim);
    let names = names.filter(|name| !name.is_empty());
    names
        .map(|name| group_of(name).ok_or_else(|| LineProblem::UnknownGroup(shown(name))))
        .collect()
}

fn shown(typed: &str) -> String {
    typed.chars().take(LONGEST_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{user, workspace};

    fn checked(role: Role, lines: &str) -> Checked {
        let text = format!("メールアドレス,社員番号,氏名,役割,グループ\n{lines}");
        let lines = lines_of(text.as_bytes()).unwrap();
        let checked = Checked::of(&user("admin", role), &workspace(), lines);
        checked.unwrap()
    }

    #[test]
    fn a_line_becomes_the_user_that_its_cells_describe() {
        let lines =
            "Ａ＠example.jp,,,,\nb@example.jp,7,乙,担当者,閲覧権限グループ\n,Ｆ－１,丙,管理 者,\n";
        let checked = checked(Role::Administrator, lines);
        assert_eq!(checked.bad, []);
        let people: Vec<(&str, Role, usize)> = checked
            .users()
            .map(|user| (user.name.as_str(), user.role, user.groups.len()))
            .collect();
        let expected = [
            ("A", Role::Member, 0),
            ("乙", Role::Staff, 1),
            ("丙", Role::Administrator, 0),
        ];
        assert_eq!(people, expected);
        let code = checked.good[2].1.code.as_ref().unwrap();
        assert_eq!(code.as_str(), "F-1");
    }

    #[test]
    fn each_bad_line_has_its_number_its_person_and_what_is_wrong() {
        use LineProblem as P;
        let cases = [
            ("a@example.jp,,,,", None),
            ("A@example.jp,,,,", Some(P::SameEmailAs(2))),
            (",1,甲,,", None),
            ("c@example.jp,1,,,", Some(P::SameCodeAs(4))),
            ("nobody,,,,", Some(P::InvalidEmail)),
            ("x@other.example,,,,", Some(P::DomainNotAllowed)),
            (",営業1,甲,,", Some(P::InvalidEmployeeCode)),
            (",2,,,", Some(P::InvalidName)),
            (",,甲,,", Some(P::NoIdentifier)),
            ("d@example.jp,,,部長,", Some(P::UnknownRole("部長".into()))),
            (
                "e@example.jp,,,,営業;閲覧権限グループ",
                Some(P::UnknownGroup("営業".into())),
            ),
            (
                "f@example.jp,,,システム管理者,",
                Some(P::SystemAdministrator),
            ),
            ("g@example.jp,,,,,あまり", Some(P::TooManyCells)),
        ];
        let lines: Vec<&str> = cases.iter().map(|(line, _)| *line).collect();
        let checked = checked(Role::SystemAdministrator, &lines.join("\n"));
        let bad: Vec<(u32, &P)> = checked
            .bad
            .iter()
            .map(|it| (it.line, &it.problem))
            .collect();
        let expected: Vec<(u32, &P)> = (2..)
            .zip(&cases)
            .filter_map(|(line, (_, problem))| Some((line, problem.as_ref()?)))
            .collect();
        assert_eq!(bad, expected);
        assert_eq!(checked.bad[1].person, "c@example.jp");
        assert_eq!(checked.bad[6].person, "甲");
        for bad in &checked.bad {
            let texts = [bad.problem.sentence(), bad.problem.remedy().to_owned()];
            assert!(texts.iter().all(|text| text.ends_with('。')), "{texts:?}");
        }
    }
}
