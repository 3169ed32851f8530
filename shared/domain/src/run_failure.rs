//! Why a whole run could not sync: the cause and the remedy, in the words that an admin reads in the
//! history.

use serde::{Deserialize, Serialize};

/// Why a whole run changed nothing, or stopped before its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunFailure {
    /// The workspace is not connected to SmartHR.
    #[serde(rename = "not_linked")]
    NotConnected,
    /// SmartHR refused the access token and the refresh token.
    TokenRefused,
    /// SmartHR refuses our own OAuth client: a mistake of ours, for every workspace.
    ClientRefused,
    /// SmartHR did not answer, or answered with errors, until the retries ended. Among them are 401s to tokens that it
    /// has just issued: nobody revoked anything.
    SmartHrDown,
    /// SmartHR is in maintenance.
    SmartHrMaintenance,
    /// SmartHR answered, and what it said has not the shape of a list of people.
    AnswerUnreadable,
    /// SmartHR refuses the request itself.
    SmartHrForbidden,
    /// The list of people could not be read completely.
    ReadNotWhole {
        /// The number of people by SmartHR's `x-total-count`.
        expected: u64,
        /// The number of different people that were read.
        got: u64,
    },
    /// An attribute that most people had is suddenly missing: a permission was taken away, or it was deleted on
    /// purpose. Those who would lose it wait for a システム管理者; the others were synced.
    PermissionLost {
        /// The attribute that is missing.
        field: SmartHrField,
    },
    /// The list changed with every page that was read, however often it was read again.
    ReadUnsteady,
    /// The saved settings use our custom items, and they cannot be read.
    ItemsHidden,
    /// Somebody had deleted our custom items in SmartHR. They were made again, and nobody was
    /// changed because the new ones are empty.
    ItemsMadeAgain,
    /// SmartHR sent a value that is unknown to us, and guessing could delete users.
    UnknownData,
    /// The sync was switched off, or the workspace disconnected, while the run was under way.
    Stopped,
    /// The run crashed, and not all rows of its log can be read any more.
    RowsUnreadable,
    /// The run finished its work, but its log could not be stored.
    LogNotKept,
    /// An error on our own side.
    Internal,
}

/// An attribute of SmartHR whose permission can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmartHrField {
    /// メールアドレス: the e-mail address.
    Email,
    /// 社員番号: the employee code.
    Code,
}

impl SmartHrField {
    /// Returns the name of the attribute in SmartHR.
    pub fn label(self) -> &'static str {
        match self {
            Self::Email => "メールアドレス",
            Self::Code => "社員番号",
        }
    }
}

impl RunFailure {
    /// Returns the attribute that most people suddenly lack, if that is the failure.
    pub fn lost_field(&self) -> Option<SmartHrField> {
        match self {
            Self::PermissionLost { field } => Some(*field),
            _ => None,
        }
    }

    /// Returns whether the cause is on our own side, so that an engineer has to look whosever run it was.
    pub fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::ClientRefused | Self::RowsUnreadable | Self::LogNotKept | Self::Internal
        )
    }

    /// Returns whether SmartHR was unavailable as a whole, which passes without anybody's help.
    pub fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::SmartHrDown | Self::SmartHrMaintenance | Self::AnswerUnreadable
        )
    }

    /// Returns the code of the failure for logs and metrics. Admins are not notified again of a
    /// code that they were mailed about recently.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotConnected => "not_linked",
            Self::TokenRefused => "token_refused",
            Self::ClientRefused => "client_refused",
            Self::SmartHrDown => "smarthr_down",
            Self::SmartHrMaintenance => "smarthr_maintenance",
            Self::AnswerUnreadable => "answer_unreadable",
            Self::SmartHrForbidden => "smarthr_forbidden",
            Self::ReadNotWhole { .. } => "read_not_whole",
            Self::PermissionLost {
                field: SmartHrField::Email,
            } => "permission_lost_email",
            Self::PermissionLost {
                field: SmartHrField::Code,
            } => "permission_lost_code",
            Self::ReadUnsteady => "read_unsteady",
            Self::ItemsHidden => "items_hidden",
            Self::ItemsMadeAgain => "items_made_again",
            Self::UnknownData => "unknown_data",
            Self::Stopped => "stopped",
            Self::RowsUnreadable => "rows_unreadable",
            Self::LogNotKept => "log_not_kept",
            Self::Internal => "internal",
        }
    }

    /// Returns 原因: the cause, in Japanese.
    pub fn cause(&self) -> String {
        match self {
            Self::NotConnected => "SmartHRと連携されていません".into(),
            Self::TokenRefused => "SmartHRとの連携が無効になりました(再連携が必要です)".into(),
            Self::ClientRefused => {
                "KiteRaのシステムの設定に問題があり、SmartHRに接続できませんでした(当社側の問題です)"
                    .into()
            }
            Self::SmartHrDown => "SmartHRに接続できませんでした".into(),
            Self::SmartHrMaintenance => "SmartHRがメンテナンス中です".into(),
            Self::AnswerUnreadable => "SmartHRの応答を読み取れませんでした".into(),
            Self::SmartHrForbidden => "SmartHRがKiteRaからのアクセスを許可していません".into(),
            Self::ReadNotWhole { expected, got } => {
                format!("SmartHRの従業員情報をすべて取得できませんでした({expected}名中{got}名)")
            }
            Self::PermissionLost { field } => format!(
                "SmartHRで多くの従業員の{}が取得できなくなりました",
                field.label()
            ),
            Self::ItemsHidden => "SmartHRの項目「連携対象」「認証方法」が取得できません".into(),
            Self::ReadUnsteady => {
                "取得中にSmartHRの従業員情報が変更され続けたため、すべてを取得できませんでした"
                    .into()
            }
            Self::ItemsMadeAgain => {
                "SmartHRの項目「連携対象」「認証方法」が削除されていたため、作成し直しました".into()
            }
            Self::UnknownData => {
                "SmartHRの従業員情報に、KiteRaが対応していない値が含まれています".into()
            }
            Self::Stopped => "連携の解除または同期の無効化により、同期が途中で終了しました".into(),
            Self::RowsUnreadable => {
                "KiteRaのシステムでエラーが発生し、同期が途中で終了しました。同期結果の一部は記録されていません"
                    .into()
            }
            Self::LogNotKept => {
                "同期は最後まで実行されましたが、KiteRaのシステムでエラーが発生し、同期ログを保存できませんでした"
                    .into()
            }
            Self::Internal => {
                "KiteRaのシステムでエラーが発生しました(当社側の内部エラーです)".into()
            }
        }
    }

    /// Returns 対処: what an admin can do about it, in Japanese.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotConnected | Self::TokenRefused => {
                "[外部サービス連携]→[SmartHR]から[連携する]をクリックし、もう一度連携してください"
            }
            Self::ClientRefused => {
                "設定を変更する必要はありません。当社で復旧した後、次回の同期で再試行されます"
            }
            Self::SmartHrDown
            | Self::SmartHrMaintenance
            | Self::AnswerUnreadable
            | Self::ReadNotWhole { .. }
            | Self::ReadUnsteady => {
                "次回の同期で再試行されます。急ぐ場合は時間をおいて「今すぐ同期」を実行してください"
            }
            Self::PermissionLost { .. } => {
                "SmartHRでKiteRaアプリの権限を確認してください。意図した変更の場合は、[ユーザー同期履歴]で対象の方を確認し、システム管理者が変更を許可してください"
            }
            Self::SmartHrForbidden | Self::ItemsHidden => {
                "SmartHRでKiteRaアプリの権限を確認してください"
            }
            Self::ItemsMadeAgain => {
                "SmartHRで従業員ごとに項目の値を設定してください。次回の同期から反映されます"
            }
            Self::UnknownData => {
                "SmartHRの項目「連携対象」「認証方法」の選択肢を変更した場合は元に戻してください。解決しない場合はサポートにお問い合わせください"
            }
            Self::RowsUnreadable => {
                "次回の同期で再試行されます。実行された変更は[ユーザー管理]でご確認ください"
            }
            Self::LogNotKept => {
                "実行された変更は[ユーザー管理]でご確認ください。失敗したユーザーは、次回の同期ログで原因を確認できます"
            }
            Self::Stopped => "再開するには、連携して[有効にする]にチェックを入れて保存してください",
            Self::Internal => {
                "次回の同期で再試行されます。繰り返す場合はサポートにお問い合わせください"
            }
        }
    }
}
