//! 在籍状況 of a user, as far as KiteRa knows it: what the last run that looked at everybody says about them.

use domain::report::{Action, Category, GONE_FROM_SMARTHR};

use crate::api::runs::log_rows::LogRow;

/// Returns 在籍状況 of a user who is `linked` to SmartHR, or not; `row` is theirs in the last log.
pub(super) fn employment(linked: bool, row: Option<&LogRow>) -> &'static str {
    match row {
        _ if !linked => "SmartHRと連携なし",
        None => "未確認",
        Some(row) if row.cause == GONE_FROM_SMARTHR => "SmartHRに登録なし",
        Some(row) if row.action == Action::Delete.label() && row.is_of(Category::Held) => {
            "退職(削除を保留中)"
        }
        // The last システム管理者 is not deleted, and neither is who was refused.
        Some(row) if row.action == Action::Delete.label() => "退職",
        Some(row) if row.action == Action::OutOfScope.label() => "在籍(同期対象外)",
        Some(_) => "在籍",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_last_run_said_of_somebody_tells_whether_they_are_employed() {
        let row = |action: &str, outcome: &str, cause: &str| LogRow {
            action: action.into(),
            outcome: outcome.into(),
            cause: cause.into(),
            ..LogRow::default()
        };
        let unchanged = row("変更なし", "成功", "");
        assert_eq!(employment(true, Some(&unchanged)), "在籍");
        assert_eq!(employment(false, Some(&unchanged)), "SmartHRと連携なし");
        assert_eq!(employment(true, None), "未確認");
        let held = row("削除", "保留", "");
        assert_eq!(employment(true, Some(&held)), "退職(削除を保留中)");
        let last = row("削除", "失敗", "最後のシステム管理者のため、削除できません");
        assert_eq!(employment(true, Some(&last)), "退職");
        let gone = row("対象外", "成功", "SmartHRから削除されています");
        assert_eq!(employment(true, Some(&gone)), "SmartHRに登録なし");
        let out = row("対象外", "成功", "同期対象ではありません");
        assert_eq!(employment(true, Some(&out)), "在籍(同期対象外)");
    }
}
