//! グループ: what an admin may do with the groups of a workspace.

use crate::text::{people, search_key, visible_name};
use crate::{Group, GroupId, Workspace};

/// The largest number of groups of a workspace: they stand in one record.
pub const MOST_GROUPS: usize = 100;
/// The length limit of a group's name, in characters.
pub const LONGEST_GROUP_NAME: usize = 100;

/// Why a group is not created, renamed or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupError {
    /// The workspace has no such group.
    Unknown,
    /// Nothing of the name can be seen, or it is too long.
    InvalidName,
    /// Another group has the name.
    NameTaken(String),
    /// The workspace has [`MOST_GROUPS`] already.
    TooMany,
    /// The group is the デフォルトグループ, which the sync adds everybody to.
    IsDefault(String),
    /// Users are in the group.
    HasMembers {
        /// The name of the group.
        name: String,
        /// How many users are in it.
        members: usize,
    },
    /// It is the only group, and デフォルトグループ has to be one.
    IsLast,
}

impl GroupError {
    /// Returns the sentence that the admin reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::Unknown => "指定されたグループは存在しません。".into(),
            Self::InvalidName => {
                format!("グループ名は1文字以上{LONGEST_GROUP_NAME}文字以内で入力してください。")
            }
            Self::NameTaken(name) => format!("同じ名前のグループがあります(「{name}」)。"),
            Self::TooMany => format!("グループは{MOST_GROUPS}件まで作成できます。"),
            Self::IsDefault(name) => format!(
                "「{name}」は、ユーザー同期設定のデフォルトグループのため、削除できません。先に、ユーザー同期設定で別のグループを選択してください。"
            ),
            Self::HasMembers { name, members } => format!(
                "「{name}」にはメンバーがいるため({})、削除できません。先に、メンバーを外してください。",
                people(*members)
            ),
            Self::IsLast => "最後のグループは削除できません。".into(),
        }
    }
}

impl Workspace {
    /// Returns a group of the workspace.
    pub fn group(&self, id: &GroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == *id)
    }

    /// Returns the name of a group, and its id if the workspace does not have it any more.
    pub fn group_name(&self, id: &GroupId) -> String {
        let group = self.group(id);
        group.map_or_else(|| id.to_string(), |group| group.name.clone())
    }

    /// Adds a group with this name, as typed.
    ///
    /// # Errors
    /// [`GroupError`] when the name cannot be used or is taken, or the workspace has [`MOST_GROUPS`].
    pub fn with_group(mut self, id: GroupId, name: &str) -> Result<Self, GroupError> {
        let name = self.checked_group_name(name, None)?;
        if self.groups.len() >= MOST_GROUPS {
            return Err(GroupError::TooMany);
        }
        self.groups.push(Group { id, name });
        Ok(self)
    }

    /// Renames a group to the typed name. Its members stay.
    ///
    /// # Errors
    /// [`GroupError`] when there is no such group, or the name cannot be used or is taken.
    pub fn with_renamed_group(mut self, id: &GroupId, name: &str) -> Result<Self, GroupError> {
        let name = self.checked_group_name(name, Some(id))?;
        let mut groups = self.groups.iter_mut();
        let group = groups.find(|group| group.id == *id);
        group.ok_or(GroupError::Unknown)?.name = name;
        Ok(self)
    }

    /// Takes a group away that has this many `members`; `default_group` is that of the sync, if there is one.
    ///
    /// # Errors
    /// [`GroupError`] when there is no such group, or it is the default group, the last one, or has members.
    pub fn without_group(
        mut self,
        id: &GroupId,
        default_group: Option<&GroupId>,
        members: usize,
    ) -> Result<Self, GroupError> {
        let name = self.group(id).ok_or(GroupError::Unknown)?.name.clone();
        if default_group == Some(id) {
            return Err(GroupError::IsDefault(name));
        }
        if members > 0 {
            return Err(GroupError::HasMembers { name, members });
        }
        if self.groups.len() == 1 {
            return Err(GroupError::IsLast);
        }
        self.groups.retain(|group| group.id != *id);
        Ok(self)
    }

    /// Returns the name as it is kept. No two groups have the same one, in whatever letters it is typed.
    fn checked_group_name(&self, typed: &str, of: Option<&GroupId>) -> Result<String, GroupError> {
        let name = visible_name(typed)
            .filter(|name| name.chars().count() <= LONGEST_GROUP_NAME)
            .ok_or(GroupError::InvalidName)?;
        let key = search_key(&name);
        let mut others = self.groups.iter().filter(|group| Some(&group.id) != of);
        match others.find(|group| search_key(&group.name) == key) {
            Some(other) => Err(GroupError::NameTaken(other.name.clone())),
            None => Ok(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(id: &str) -> GroupId {
        GroupId::new(id)
    }

    #[test]
    fn no_two_groups_have_the_same_name_in_whatever_letters() {
        let one = Workspace::midori()
            .with_group(id("a"), " Tokyo本社 ")
            .unwrap();
        assert_eq!(one.groups[0].name, "Tokyo本社");
        let again = one.clone().with_group(id("b"), "ｔｏｋｙｏ本社");
        assert_eq!(again, Err(GroupError::NameTaken("Tokyo本社".into())));
        let two = one.with_group(id("b"), "支社").unwrap();
        let renamed = two.clone().with_renamed_group(&id("b"), "TOKYO本社");
        assert_eq!(renamed, Err(GroupError::NameTaken("Tokyo本社".into())));
        // A group may be written in other letters.
        let renamed = two.with_renamed_group(&id("a"), "TOKYO本社").unwrap();
        assert_eq!(renamed.group(&id("a")).unwrap().name, "TOKYO本社");
    }

    #[test]
    fn a_name_that_nobody_can_see_or_that_is_too_long_is_refused() {
        for name in ["", "\u{3000}\u{200b}", &"長".repeat(101)] {
            let refused = Workspace::midori().with_group(id("a"), name);
            assert_eq!(refused, Err(GroupError::InvalidName));
        }
    }

    #[test]
    fn the_default_group_a_group_with_members_and_the_last_group_stay() {
        let two = Workspace::midori().with_group(id("a"), "本社").unwrap();
        let two = two.with_group(id("b"), "支社").unwrap();
        let without = |of: &str, default: Option<&str>, members| {
            let default = default.map(id);
            two.clone()
                .without_group(&id(of), default.as_ref(), members)
        };
        let default = without("a", Some("a"), 0).unwrap_err();
        assert!(
            default
                .sentence()
                .contains("「本社」は、ユーザー同期設定のデフォルトグループ")
        );
        let members = without("a", Some("b"), 1_200).unwrap_err();
        assert!(members.sentence().contains("メンバーがいるため(1,200名)"));
        assert_eq!(without("c", None, 0), Err(GroupError::Unknown));
        let one = without("a", Some("b"), 0).unwrap();
        assert_eq!(one.groups.len(), 1);
        assert_eq!(
            one.without_group(&id("b"), None, 0),
            Err(GroupError::IsLast)
        );
    }

    #[test]
    fn a_workspace_has_a_hundred_groups_at_most() {
        let name = |number: usize| format!("グループ{number}");
        let full = (0..MOST_GROUPS).fold(Workspace::midori(), |it, number| {
            it.with_group(id(&number.to_string()), &name(number))
                .unwrap()
        });
        let refused = full.with_group(id("more"), "もうひとつ");
        assert_eq!(refused, Err(GroupError::TooMany));
    }
}
