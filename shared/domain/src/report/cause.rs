//! The causes among the people of a run, with how many people have each: thousands of failures often have one cause.

use super::Outcome;
use crate::causes::general_cause;

/// A cause, and how many people have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The cause, without what is one person's own.
    pub text: String,
    /// 対処
    pub remedy: String,
    /// 結果 of these people.
    pub outcome: String,
    /// The number of these people.
    pub people: usize,
}

/// The words of a row of the log that say why somebody was not synced as planned.
#[derive(Clone, Copy, Debug)]
pub struct CauseOfRow<'a> {
    /// 結果
    pub outcome: &'a str,
    /// 原因
    pub cause: &'a str,
    /// 対処
    pub remedy: &'a str,
}

impl Cause {
    /// Returns the causes of those who were not synced as planned, the most frequent first.
    pub fn among<'a>(rows: impl IntoIterator<Item = CauseOfRow<'a>>) -> Vec<Self> {
        let mut causes: Vec<Self> = Vec::new();
        for row in rows {
            if row.outcome == Outcome::Success.label() {
                continue;
            }
            let text = general_cause(row.cause);
            let known = causes
                .iter_mut()
                .find(|it| it.text == text && it.outcome == row.outcome);
            match known {
                Some(known) => known.people += 1,
                None => causes.push(Self {
                    text: text.to_owned(),
                    remedy: row.remedy.to_owned(),
                    outcome: row.outcome.to_owned(),
                    people: 1,
                }),
            }
        }
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.people));
        causes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_counts_all_who_have_it_whatever_their_own_values_are() {
        let row = |outcome, cause| CauseOfRow {
            outcome,
            cause,
            remedy: "直す",
        };
        let causes = Cause::among([
            row("失敗", "氏名が登録されていません"),
            row("失敗", "メールアドレスの形式が不正です(a(at)b)"),
            row("失敗", "メールアドレスの形式が不正です(c)"),
            row("成功", "同期対象ではありません"),
        ]);
        let causes: Vec<_> = causes.iter().map(|it| (it.people, &*it.text)).collect();
        assert_eq!(
            causes,
            [
                (2, "メールアドレスの形式が不正です"),
                (1, "氏名が登録されていません"),
            ]
        );
    }
}
