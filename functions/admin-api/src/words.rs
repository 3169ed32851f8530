//! The words of the API, for its OpenAPI document. The types that are really read and written are
//! those of the domain; a test holds the two together.

use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($word:ident),+ })+) => {$(
        $(#[$doc])*
        #[derive(ToSchema)]
        #[schema(rename_all = "snake_case")]
        #[expect(dead_code, reason = "describes another type in the OpenAPI document")]
        pub(crate) enum $name { $($word),+ }
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
}

#[cfg(test)]
mod tests {
    use aws::runs::{RunOutcome, Trigger};
    use directory::{LoginMethod, LoginMethodSetting, Role, Status, SyncTarget};
    use integration::Decision;
    use serde::de::DeserializeOwned;
    use utoipa::PartialSchema;

    use super::*;

    /// Whether every word that the document knows for `W` is one that `T` reads.
    fn reads<W: PartialSchema, T: DeserializeOwned>() {
        let schema = serde_json::to_value(W::schema()).unwrap();
        let words = schema["enum"].as_array().unwrap();
        assert!(!words.is_empty());
        for word in words {
            assert!(serde_json::from_value::<T>(word.clone()).is_ok(), "{word}");
        }
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
    }
}
