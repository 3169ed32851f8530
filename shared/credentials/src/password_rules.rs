//! The rules for a new password, after NIST SP 800-63B: at least 10 characters, and not what attackers try first. How
//! many guesses a password takes is estimated by zxcvbn, which knows leaked passwords, English words, names, dates,
//! sequences and keyboards; `guessable_words.rs` adds what is known about the user and words of Japan.

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use zxcvbn::zxcvbn;

use crate::guessable_words::{PersonalWords, fold, with_guessable_words};

/// The minimum length of a password, in characters.
const MIN_CHARACTERS: usize = 10;
/// The maximum length of a password, in characters. It only bounds argon2's input.
const MAX_CHARACTERS: usize = 128;

/// The guesses that a password must take at least. zxcvbn calls 10⁸ safe from guessing over the network; a word with a
/// year and two signs takes nearly that. Ten random characters take 10¹⁰.
const MIN_GUESSES: u64 = 1_000_000_000;

/// The characters that are estimated together. The time grows exponentially with signs that stand for letters.
const ESTIMATED_TOGETHER: usize = 24;

/// The rule that a refused password breaks. `Display` is the Japanese text on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordRefusal {
    /// The password has fewer than 10 characters.
    #[error("パスワードは10文字以上にしてください。")]
    TooShort,
    /// The password has more than 128 characters.
    #[error("パスワードは128文字以内にしてください。")]
    TooLong,
    /// The password has no letter, as telephone numbers and dates have none.
    #[error(
        "数字と記号だけのパスワードは、電話番号や日付から推測されやすいため使用できません。言葉を加えてください。"
    )]
    NoLetter,
    /// The password takes too few guesses.
    #[error(
        "推測されやすいパスワードのため使用できません。製品名・企業名・氏名・メールアドレス・従業員コード、よく使われる言葉、キーボードの並びは、数字や記号を付けても推測されます。互いに関係のない言葉を3つ以上つなげるか、パスワード管理ツールで作成してください。"
    )]
    Guessable,
}

/// Checks a new password against the rules.
///
/// # Errors
/// The first rule that the password breaks.
pub fn check_new_password(
    password: &SecretString,
    person: &PersonalWords<'_>,
) -> Result<(), PasswordRefusal> {
    let folded: Vec<char> = fold(password.expose_secret()).chars().collect();
    let characters = password.expose_secret().chars().count();
    if characters < MIN_CHARACTERS {
        return Err(PasswordRefusal::TooShort);
    }
    if characters > MAX_CHARACTERS {
        return Err(PasswordRefusal::TooLong);
    }
    if !folded.iter().any(|c| c.is_alphabetic()) {
        return Err(PasswordRefusal::NoLetter);
    }
    // A password is at least as hard to guess as any part of it.
    let is_hard = with_guessable_words(person, |words| {
        folded.chunks(ESTIMATED_TOGETHER).any(|part| {
            let part: String = part.iter().collect();
            zxcvbn(&part, words).guesses() >= MIN_GUESSES
        })
    });
    is_hard.then_some(()).ok_or(PasswordRefusal::Guessable)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    const HANAKO: PersonalWords<'_> = PersonalWords {
        name: "田中 花子",
        email: Some("Hanako.Tanaka@midori.example"),
        employee_code: Some("A-1024"),
        company_code: Some("midori"),
        company_name: Some("株式会社みどり製作所"),
    };

    /// What attackers try at every account of a company before anything else.
    const SPRAYED: &str = "KiteRa2026! kitera1234 KiteRa@2026 k1t3r4-2026 kitera.smarthr Midori2026! midori1234! \
        m1d0r1@2026 みどり製作所2026 ミドリ製作所2026! みどり2026年度! 株式会社みどり製作所 hanako.tanaka!7 tanaka1024! \
        Hanako1990! tanakahanako 田中花子12345678 xx-A-1024-qz 09012345678 090-1234-5678 03-1234-5678 +81-90-1234-5678 \
        1990040112 2026/11/29 ０９０１２３４５６７８ Summer2026! Winter@2026 Spring-2026 haru2026!! natsuyasumi2026 \
        November2026 December-2026! reiwa8nen11 juuichigatsu8 qwertyuiop 1qaz2wsx3edc zaq12wsxcde3 asdfghjkl; \
        P@ssw0rd2026! ｐａｓｓｗｏｒｄ１２ パスワード2026! welcome2026! admin@1234! sakura2026!! doraemon-123 \
        ohayougozaimasu onegaishimasu1 shainbangou1024 よろしくお願いします 就業規則2026!! aaaaaaaaaa ああああああああああ \
        abababababab abcdefghijkl あいうえお12345";

    const GOOD: [&str; 20] = [
        "あさごはんにたべたいな",
        "駅前の喫茶店で雨宿り",
        "猫が三匹と青い自転車",
        "うどん大盛り七味多めで",
        "九月の海でひろった丸い石",
        "月曜は傘とみかんとトランペット",
        "ゆうやけに さんぽする くじら",
        "サボテンと電車とヨーグルト",
        "brick7-walnut-kite",
        "tq8-vm2k!x",
        "correct horse battery staple",
        "purple-otter-climbs-38-stairs",
        "raincoat violin magnet 7",
        "kE4vXq9ZpL2m",
        "nQ7#fds93kLw",
        "Wednesday socks smell of pine",
        "obsidian.teapot.marathon",
        "mizu to kaban to enpitsu 9",
        "tulip-gravel-sixty-banjo",
        "k7qm-2xpa-9trc-w4hd-5nbe",
    ];

    fn check(password: &str) -> Result<(), PasswordRefusal> {
        check_new_password(&password.into(), &HANAKO)
    }

    #[test]
    fn length_is_counted_in_characters_not_bytes() {
        for short in ["ねこ", "tq8-vm2k!"] {
            assert_eq!(check(short), Err(PasswordRefusal::TooShort));
        }
        let longest: String = GOOD.concat().chars().take(128).collect();
        assert_eq!(check(&longest), Ok(()));
        assert_eq!(check(&format!("{longest}x")), Err(PasswordRefusal::TooLong));
    }

    #[test]
    fn what_attackers_spray_is_refused() {
        let sprayed: Vec<&str> = SPRAYED.split_whitespace().collect();
        assert!(sprayed.len() >= 50);
        for password in sprayed {
            let letters = password.chars().any(char::is_alphabetic);
            let why = [PasswordRefusal::NoLetter, PasswordRefusal::Guessable][usize::from(letters)];
            assert_eq!(check(password), Err(why), "{password}");
        }
    }

    #[test]
    fn good_passphrases_are_taken_also_japanese_ones() {
        for password in GOOD {
            assert_eq!(check(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn words_that_nobody_is_known_by_do_not_spoil_a_password() {
        let person = PersonalWords {
            name: "K",
            email: Some("k@example.co.jp"),
            employee_code: Some("7"),
            company_code: Some(""),
            company_name: Some("株式会社"),
        };
        let good = check_new_password(&"brick7-walnut-kite".into(), &person);
        assert_eq!(good, Ok(()));
    }

    #[test]
    fn a_refusal_tells_what_to_do_in_japanese() {
        let guessable = PasswordRefusal::Guessable.to_string();
        assert!(guessable.contains("関係のない言葉を3つ以上つなげる"));
    }

    /// Signs that may stand for letters cost zxcvbn most. Taken together, these took it 5 s in a release build.
    #[test]
    fn no_password_takes_long_to_judge() {
        let begun = Instant::now();
        for signs in ["4@8({[<3691!|70$5+%2", "e6<{ty5sdvo$[5@2r|p3", "p@$$w0rd1!"] {
            let _ = check(&signs.repeat(13)[..128]);
        }
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{:?}",
            begun.elapsed()
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_strong_random_password_is_always_taken(password in "[a-zA-Z0-9]{16,128}") {
            prop_assert_eq!(check(&password), Ok(()));
        }
    }
}
