//! What people type on different keyboards for one and the same text. The folded text is for comparing only;
//! what was typed is kept for showing.
//!
//! A sign-in folds the company code, the employee code, the address and the initial password. In none of them is a
//! blank, a long vowel or a full-width letter ever meant.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::{is_invisible, is_variant_selector};

/// Returns a code, an address or an initial password as it is compared: full-width letters and digits
/// become half-width (NFKC), everything that looks like a hyphen becomes one, and blanks and invisible
/// characters are gone. Case stays. A well-formed code or address is its own folded text.
///
/// It is not for names, which have blanks and long vowels, nor for passwords that people choose.
pub fn folded(text: &str) -> String {
    let characters = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let kept: String = characters
        .chars()
        .filter(|c| !(c.is_whitespace() || is_invisible(*c) || is_variant_selector(*c)))
        .map(|c| match c {
            c if is_hyphen_like(c) => '-',
            // The full stop of a Japanese keyboard, in an address.
            '\u{3002}' => '.',
            c => c,
        })
        .collect();
    ComposingNormalizerBorrowed::new_nfc()
        .normalize(&kept)
        .into_owned()
}

/// Returns a text as people are looked up by it: as [`folded`], and in lower case. A part of what is shown for
/// somebody, typed on any keyboard, with or without blanks, is a part of its key.
pub fn search_key(text: &str) -> String {
    let lower: String = folded(text).chars().flat_map(char::to_lowercase).collect();
    folded(&lower)
}

/// Returns whether `c` looks like a hyphen: hyphens and dashes, the minus sign, the long vowel of kana,
/// and the horizontal lines that Japanese keyboards offer for it.
fn is_hyphen_like(c: char) -> bool {
    matches!(
        c,
        '\u{02D7}' | '\u{2010}'
            ..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2500}' | '\u{2501}' | '\u{30FC}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_japanese_keyboard_types_for_a_code_is_the_code() {
        for typed in [
            "A0-1",
            "Ａ０－１",
            "A0\u{2010}1",
            "A0\u{2011}1",
            "A0\u{2212}1",
            "A0ー1",
            "A0ｰ1",
            "A0\u{2500}1",
            " A0 -\u{3000}1\u{A0}",
            "\u{FEFF}A0-\u{200B}1\u{202C}",
        ] {
            assert_eq!(folded(typed), "A0-1", "{}", typed.escape_unicode());
        }
        assert_eq!(folded("ｔａｒｏ＠ｅｘａｍｐｌｅ。ｊｐ"), "taro@example.jp");
        assert_eq!(folded("ﾐﾄﾞﾘ"), "ミドリ");
    }

    #[test]
    fn somebody_is_found_by_a_part_of_a_name_or_code_however_it_is_typed() {
        for (shown, typed) in [
            ("田中 花子", "田中　花子"),
            ("田中 花子", "田中花子"),
            ("タナカ ハナコ", "ﾀﾅｶ"),
            ("葛\u{E0100}城 一", "葛城"),
            ("葛城 一", "葛\u{E0100}城"),
            ("0012", "００１２"),
            ("が", "か\u{3099}"),
            ("Hanako@Example.jp", "ＨＡＮＡＫＯ＠ex"),
        ] {
            assert!(
                search_key(shown).contains(&search_key(typed)),
                "{shown} {typed}"
            );
        }
        assert!(!search_key("田中 花子").contains(&search_key("中田")));
    }

    proptest! {
        #[test]
        fn a_search_key_is_its_own_key(text in any::<String>()) {
            let once = search_key(&text);
            prop_assert_eq!(search_key(&once), once);
        }

        #[test]
        fn folding_is_idempotent(text in any::<String>()) {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }

        #[test]
        fn a_well_formed_code_or_address_is_its_own_folded_text(text in "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]{0,40}") {
            prop_assert_eq!(folded(&text), text);
        }
    }
}
