//! 氏名 (※ビジネスネーム優先): which of SmartHR's names is shown.

use crate::text::visible_name;

/// The name parts of a crew. A part without a value is `None` or blank.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameParts<'a> {
    /// `preferred_last_name`, `business_last_name`, `last_name`: the first filled one is used.
    pub last: [Option<&'a str>; 3],
    /// `preferred_first_name`, `business_first_name`, `first_name`: the first filled one is used.
    pub first: [Option<&'a str>; 3],
}

/// The most characters of a name part that are kept. No real name is longer, but a step of a run,
/// with the names of everybody in it, has to fit into an item of 400 KB.
const LONGEST_PART: usize = 100;

/// Returns the name to show: business name first, part by part, so that a half-filled business name
/// is completed from the legal one, as SmartHR does itself. `None` when no part is filled.
pub fn display_name(parts: &NameParts<'_>) -> Option<String> {
    let last = first_filled(parts.last);
    let first = first_filled(parts.first);
    match (last, first) {
        (Some(last), Some(first)) => Some(format!("{last} {first}")),
        (only, None) | (None, only) => only,
    }
}

fn first_filled(candidates: [Option<&str>; 3]) -> Option<String> {
    candidates
        .into_iter()
        .flatten()
        .find_map(visible_name)
        .map(|part| {
            let kept: String = part.chars().take(LONGEST_PART).collect();
            kept.trim_end().to_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_name(last: [Option<&str>; 3], first: [Option<&str>; 3], name: Option<&str>) {
        let shown = display_name(&NameParts { last, first });
        assert_eq!(shown.as_deref(), name);
    }

    #[test]
    fn the_business_name_wins_over_the_legal_one() {
        let last = [None, Some("田中"), Some("佐藤")];
        let first = [None, Some("花子"), Some("華子")];
        assert_name(last, first, Some("田中 花子"));
    }

    #[test]
    fn a_half_filled_business_name_is_completed_part_by_part() {
        let last = [Some(""), Some("田中"), Some("佐藤")];
        let first = [None, Some(" "), Some("華子")];
        assert_name(last, first, Some("田中 華子"));
    }

    #[test]
    fn a_name_is_what_can_be_seen_of_it_and_of_bearable_length() {
        let longest = "長".repeat(100);
        for (last, name) in [
            ("\u{202E}田\u{0}中\r\n", Some("田 中")),
            ("\u{200F}\u{7} ", None),
            ("\u{200B}\u{FEFF}", None),
            (&"長".repeat(10_000), Some(&*longest)),
        ] {
            assert_name([None, None, Some(last)], [None; 3], name);
        }
    }

    #[test]
    fn a_person_with_one_part_is_shown_by_it_and_one_with_none_has_no_name() {
        let first = [None, None, Some("ソクラテス")];
        assert_name([None; 3], first, Some("ソクラテス"));
        assert_name([None; 3], [None; 3], None);
    }
}
