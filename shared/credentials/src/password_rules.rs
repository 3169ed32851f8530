//! The rules for a new password, after NIST SP 800-63B: at least 10 characters, and none of the
//! passwords that attackers try first. There are no rules about kinds of characters.

use std::collections::HashSet;
use std::sync::LazyLock;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

/// The minimum length of a password, in characters.
const MIN_CHARACTERS: usize = 10;
/// The maximum length of a password, in characters. It only bounds argon2's input.
const MAX_CHARACTERS: usize = 128;

/// Personal words with fewer characters do not count: too many good passwords contain them by chance.
const MIN_PERSONAL_CHARACTERS: usize = 4;

/// The longest unit whose repetition counts as too simple, as in `abcdabcdabcd`.
const MAX_REPEATED_UNIT: usize = 4;

/// Common passwords in lower case, one per line: those of at least 8 characters in the list of leaked
/// passwords that Django ships (BSD licence), and common Japanese words.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common-passwords.txt").lines().collect());

/// The rule that a refused password breaks. `Display` is the Japanese text on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordRefusal {
    /// The password has fewer than 10 characters.
    #[error("パスワードは10文字以上にしてください。")]
    TooShort,
    /// The password has more than 128 characters.
    #[error("パスワードは128文字以内にしてください。")]
    TooLong,
    /// The password is on the list of common passwords, with or without digits and signs at its end.
    #[error("よく使われるパスワードのため使用できません。別のパスワードにしてください。")]
    Common,
    /// The password is a repeated character or short unit, or a sequence of characters.
    #[error("同じ文字の繰り返しや連続した文字だけのパスワードは使用できません。")]
    TooSimple,
    /// The password contains the user's e-mail address, employee code or company code.
    #[error("メールアドレス、従業員コード、企業コードを含むパスワードは使用できません。")]
    Personal,
}

/// Words that an attacker knows about a user. A password must not contain them.
#[derive(Clone, Copy, Debug, Default)]
pub struct PersonalWords<'a> {
    /// The e-mail address. Both the whole address and its local part count.
    pub email: Option<&'a str>,
    /// The employee code (従業員コード).
    pub employee_code: Option<&'a str>,
    /// The company code (企業コード).
    pub company_code: Option<&'a str>,
}

/// Checks a new password against the rules.
///
/// # Errors
/// The first rule that the password breaks.
pub fn check_new_password(
    password: &SecretString,
    person: &PersonalWords<'_>,
) -> Result<(), PasswordRefusal> {
    let characters = password.expose_secret().chars().count();
    if characters < MIN_CHARACTERS {
        return Err(PasswordRefusal::TooShort);
    }
    if characters > MAX_CHARACTERS {
        return Err(PasswordRefusal::TooLong);
    }
    let folded = fold(password.expose_secret());
    if is_simple(&folded) {
        return Err(PasswordRefusal::TooSimple);
    }
    if is_common(&folded) {
        return Err(PasswordRefusal::Common);
    }
    if is_personal(&folded, person) {
        return Err(PasswordRefusal::Personal);
    }
    Ok(())
}

/// Converts to lower case, and full-width letters, digits and signs to half-width.
fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            // U+FF01..U+FF5E are ASCII 0x21..0x7E, moved by a fixed distance.
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns whether the characters repeat a short unit, or each follows the one before, up or down.
/// 0 follows 9, as in `1234567890`.
fn is_simple(folded: &str) -> bool {
    let codes: Vec<i64> = folded.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps_by = |step: i64| {
        codes.windows(2).all(|pair| {
            let around = [i64::from(b'9'), i64::from(b'0')];
            pair[1] - pair[0] == step
                || (step == 1 && pair == around)
                || (step == -1 && pair.iter().rev().eq(&around))
        })
    };
    let repeats = |unit: usize| codes.iter().zip(&codes[unit..]).all(|(a, b)| a == b);
    [1, -1].into_iter().any(steps_by) || (1..=MAX_REPEATED_UNIT).any(repeats)
}

/// Returns whether the password is on the list, as it is or without the digits and signs at its end
/// (`Password2026!`).
fn is_common(folded: &str) -> bool {
    let mut stem = folded;
    loop {
        if COMMON.contains(stem) {
            return true;
        }
        match stem.char_indices().next_back() {
            Some((end, last)) if !last.is_alphabetic() => stem = &stem[..end],
            _ => return false,
        }
    }
}

fn is_personal(folded: &str, person: &PersonalWords<'_>) -> bool {
    let local_part = person.email.and_then(|email| email.split('@').next());
    [
        local_part,
        person.email,
        person.employee_code,
        person.company_code,
    ]
    .into_iter()
    .flatten()
    .map(fold)
    .filter(|word| word.chars().count() >= MIN_PERSONAL_CHARACTERS)
    .any(|word| folded.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANAKO: PersonalWords<'_> = PersonalWords {
        email: Some("Hanako.Tanaka@example.co.jp"),
        employee_code: Some("A-1024"),
        company_code: Some("midori"),
    };

    fn check(password: &str) -> Result<(), PasswordRefusal> {
        check_new_password(&password.into(), &HANAKO)
    }

    #[track_caller]
    fn assert_refused<const N: usize>(passwords: [&str; N], why: PasswordRefusal) {
        for password in passwords {
            assert_eq!(check(password), Err(why), "{password}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_not_bytes() {
        assert_refused(["ねこ", "tq8-vm2k!"], PasswordRefusal::TooShort);
        let longest = "tq8-vm2k".repeat(16);
        for password in ["tq8-vm2k!x", "あさごはんにたべたいな", &longest] {
            assert_eq!(check(password), Ok(()));
        }
        assert_refused([&*format!("{longest}x")], PasswordRefusal::TooLong);
    }

    #[test]
    fn a_common_password_is_refused_however_it_is_dressed_up() {
        let plain = ["qwertyuiop", "password123", "1q2w3e4r5t", "arigatou123"];
        assert_refused(plain, PasswordRefusal::Common);
        let with_year = ["Password2026!", "Doraemon-2026", "iloveyou99", "1qaz2wsx!!"];
        assert_refused(with_year, PasswordRefusal::Common);
        let spelt = ["QwertyUiop", "ｐａｓｓｗｏｒｄ１２", "yamadatarou1"];
        assert_refused(spelt, PasswordRefusal::Common);
    }

    #[test]
    fn one_character_over_and_over_and_sequences_are_refused() {
        let one_character = ["aaaaaaaaaa", "AAAAAAAAAAaa", "ああああああああああ"];
        assert_refused(one_character, PasswordRefusal::TooSimple);
        let ascending = ["1234567890", "12345678901234", "abcdefghijkl"];
        assert_refused(ascending, PasswordRefusal::TooSimple);
        let descending = ["0987654321", "zyxwvutsrqp"];
        assert_refused(descending, PasswordRefusal::TooSimple);
        let repeated = ["abababababab", "12341234123"];
        assert_refused(repeated, PasswordRefusal::TooSimple);
    }

    #[test]
    fn a_persons_own_words_are_refused() {
        let personal = ["hanako.tanaka!7", "xx-A-1024-qz", "MIDORI-wqx7-k"];
        assert_refused(personal, PasswordRefusal::Personal);
    }

    #[test]
    fn an_address_is_refused_however_short_what_stands_before_the_at_is() {
        let person = PersonalWords {
            email: Some("p4@example.jp"),
            ..PersonalWords::default()
        };
        let whole = check_new_password(&"P4@example.jp".into(), &person);
        assert_eq!(whole, Err(PasswordRefusal::Personal));
    }

    #[test]
    fn a_very_short_personal_word_does_not_spoil_a_good_password() {
        let person = PersonalWords {
            email: Some("k@example.co.jp"),
            employee_code: Some("7"),
            company_code: Some(""),
        };
        let good = check_new_password(&"brick7-walnut-kite".into(), &person);
        assert_eq!(good, Ok(()));
    }

    #[test]
    fn a_refusal_tells_what_to_do_in_japanese() {
        let too_short = PasswordRefusal::TooShort.to_string();
        assert_eq!(too_short, "パスワードは10文字以上にしてください。");
    }

    #[test]
    fn the_list_is_long_and_written_as_passwords_are_compared() {
        assert!(COMMON.len() > 1_000);
        for word in COMMON.iter() {
            assert!(word.chars().count() >= 8, "{word} is too short to matter");
            assert_eq!(fold(word), **word);
        }
    }
}
