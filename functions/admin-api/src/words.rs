//! The words of the API, for its OpenAPI document. The types that are really read and written are
//! those of the domain; a test holds the two together.

use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($word:ident $(= $shown:literal)?),+ })+) => {$(
        $(#[$doc])*
        #[derive(ToSchema)]
        #[schema(rename_all = "snake_case")]
        #[expect(dead_code, reason = "describes another type in the OpenAPI document")]
        pub(crate) enum $name { $($(#[schema(rename = $shown)])? $word),+ }
    )+};
}

words! {
    /// 役割: システム管理者, 管理者, 担当者, メンバー
    RoleWord { SystemAdministrator, Administrator, Staff, Member }
    /// 認証方法 of a user: パスワード, SSO
    LoginMethodWord { Password, Sso }
    /// 招待中, 有効
    StatusWord { Invited, Active }
    /// 同期対象: 全てのユーザー, the same + 従業員コードのみのユーザーも同期する, 特定のユーザー
    TargetWord { Everyone, EveryoneAndCodeOnly, Chosen }
    /// 認証方法 of everybody synced: パスワード, SSO, 個別設定
    LoginMethodSettingWord { Password, Sso, Individual }
    /// How a run was started: at 02:00, 今すぐ同期, by an engineer
    TriggerWord { Schedule, Manual, Operator }
    /// Where a run stands: under way, 成功, 失敗
    RunOutcomeWord { Running, Success, Failure }
    /// The answer to held deletions: 許可, 拒否
    DecisionWord { Allow, Refuse }
    /// 結果 of a person: 成功, 失敗, 保留, 警告
    OutcomeWord { Success, Failure, Held, Warning }
    /// 処理 of a person: 招待, 再招待, 登録, 更新, 削除, 変更なし, 対象外
    ActionWord { Invite, Reinvite, Register, Update, Delete, Unchanged, OutOfScope }
    /// 結果, as the log says it
    OutcomeLabel { Success = "成功", Failure = "失敗", Held = "保留", Warning = "警告" }
    /// 処理, as the log says it; 同期 is the run itself, when it failed as a whole
    ActionLabel {
        Invite = "招待", Reinvite = "再招待", Register = "登録", Update = "更新", Delete = "削除",
        Unchanged = "変更なし", OutOfScope = "対象外", Run = "同期"
    }
    /// What SmartHR decides about a linked user
    LockedField { Name, Email, EmployeeCode, LoginMethod }
}

#[cfg(test)]
mod tests {
    use connection::Decision;
    use domain::report::{Action, Outcome};
    use domain::{LoginMethod, LoginMethodSetting, Role, Status, SyncTarget};
    use domain::{RunOutcome, Trigger};
    use serde::de::DeserializeOwned;
    use utoipa::PartialSchema;

    use super::*;
    use crate::user_view::LOCKED_FIELDS;

    /// The words that the document knows for `W`.
    fn words<W: PartialSchema>() -> Vec<String> {
        let schema = serde_json::to_value(W::schema()).unwrap();
        let words: Vec<String> = serde_json::from_value(schema["enum"].clone()).unwrap();
        assert!(!words.is_empty());
        words
    }

    /// What `T` reads from every word that the document knows for `W`.
    fn reads<W: PartialSchema, T: DeserializeOwned>() -> Vec<T> {
        let read = |word| serde_json::from_value(serde_json::Value::String(word)).unwrap();
        words::<W>().into_iter().map(read).collect()
    }

    #[test]
    fn the_words_of_the_document_are_those_that_are_read() {
        reads::<RoleWord, Role>();
        reads::<LoginMethodWord, LoginMethod>();
        reads::<StatusWord, Status>();
        reads::<TargetWord, SyncTarget>();
        reads::<LoginMethodSettingWord, LoginMethodSetting>();
        reads::<TriggerWord, Trigger>();
        reads::<RunOutcomeWord, RunOutcome>();
        reads::<DecisionWord, Decision>();
        assert_eq!(words::<LockedField>(), LOCKED_FIELDS);
    }

    #[test]
    fn a_row_of_the_log_has_the_label_of_each_word_that_it_is_searched_by() {
        let outcomes = reads::<OutcomeWord, Outcome>();
        let labels: Vec<&str> = outcomes.into_iter().map(Outcome::label).collect();
        assert_eq!(words::<OutcomeLabel>(), labels);
        let actions = reads::<ActionWord, Action>();
        let mut labels: Vec<&str> = actions.into_iter().map(Action::label).collect();
        labels.push("同期");
        assert_eq!(words::<ActionLabel>(), labels);
    }
}
