//! Names that are written in other characters and look the same.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use super::one_line;

/// Returns whether two texts look the same: whether they have composed or decomposed letters (NFC), which
/// blanks stand between the words, and what nobody can see makes no difference. Another variant of an
/// ideograph, or half-width letters, do: they are another way to write the name.
pub fn is_same_text(one: &str, other: &str) -> bool {
    one == other || seen(one) == seen(other)
}

fn seen(text: &str) -> String {
    let line = one_line(text);
    let words: Vec<&str> = line.split_whitespace().collect();
    let words = match &*words {
        [word] => Cow::Borrowed(*word),
        words => Cow::Owned(words.join(" ")),
    };
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    nfc.normalize(&words).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_the_same_whatever_blanks_and_composition_it_comes_in() {
        for (one, other) in [
            ("ガルシア 花子", "カ\u{3099}ルシア 花子"),
            ("田中 花子", "田中\u{3000}花子"),
            ("田中 花子", " 田中  花\u{200B}子\u{A0}"),
            ("José", "Jose\u{301}"),
        ] {
            assert!(is_same_text(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("田中 花子", "田中花子"),
            ("タナカ", "ﾀﾅｶ"),
            ("葛城", "葛\u{E0100}城"),
            ("Sato", "SATO"),
        ] {
            assert!(!is_same_text(one, other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_seen_of_a_text_is_the_same_text(text in any::<String>()) {
            prop_assert_eq!(seen(&seen(&text)), seen(&text));
            prop_assert!(is_same_text(&seen(&text), &text));
        }
    }
}
