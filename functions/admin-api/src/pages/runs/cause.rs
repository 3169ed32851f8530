//! The causes among the people of a run, with how many people have each: thousands of failures often have one cause.

use url::form_urlencoded::Serializer;

use crate::api::runs::log_rows::LogRow;

/// A cause, which leads to the people who have it.
pub(crate) struct Cause {
    /// The cause, without what is one person's own.
    pub(crate) text: String,
    /// The query that asks for these people.
    pub(crate) query: String,
    pub(crate) remedy: String,
    /// 結果 of these people.
    pub(crate) outcome: String,
    pub(crate) people: usize,
}

impl Cause {
    /// Returns the causes of those who were not synced as planned, the most frequent first.
    pub(crate) fn among(rows: &[LogRow]) -> Vec<Self> {
        let mut causes: Vec<Self> = Vec::new();
        for row in rows.iter().filter(|row| row.needs_attention()) {
            let cause = row.general_cause();
            let known = causes
                .iter_mut()
                .find(|it| it.text == cause && it.outcome == row.outcome);
            match known {
                Some(known) => known.people += 1,
                None => causes.push(Self {
                    text: cause.to_owned(),
                    query: Serializer::new(String::new())
                        .append_pair("cause", cause)
                        .finish(),
                    remedy: row.remedy.clone(),
                    outcome: row.outcome.clone(),
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

    fn failed(cause: &str) -> LogRow {
        LogRow {
            outcome: "失敗".into(),
            cause: cause.into(),
            remedy: "直す".into(),
            ..LogRow::default()
        }
    }

    #[test]
    fn a_cause_counts_all_who_have_it_whatever_their_own_values_are() {
        let mut done = failed("同期対象ではありません");
        done.outcome = "成功".into();
        let rows = [
            failed("氏名が登録されていません"),
            failed("メールアドレスの形式が不正です(a(at)b)"),
            failed("メールアドレスの形式が不正です(c)"),
            done,
        ];
        let causes = Cause::among(&rows);
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
