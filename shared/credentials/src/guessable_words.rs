//! The words that an attacker tries first: those of the product, of the user's company, of the user, and of everybody.

use std::sync::LazyLock;

/// Words that people in Japan make passwords of, in Japanese and in Latin letters, the most common first.
static WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("guessable-words.txt").lines().collect());

/// Leaked passwords that zxcvbn does not refuse by itself, out of the list that Django ships (BSD licence).
static LEAKED: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("leaked-passwords.txt").lines().collect());

const PRODUCT: [&str; 2] = ["kitera", "smarthr"];

const LEGAL_FORMS: [&str; 6] = ["株式会社", "有限会社", "合同会社", "(株)", "(有)", "㈱"];

/// What an attacker knows about a user.
#[derive(Clone, Copy, Debug, Default)]
pub struct PersonalWords<'a> {
    /// 氏名.
    pub name: &'a str,
    /// The e-mail address.
    pub email: Option<&'a str>,
    /// The employee code (従業員コード).
    pub employee_code: Option<&'a str>,
    /// The company code (企業コード).
    pub company_code: Option<&'a str>,
    /// The name of the workspace, which is the company's.
    pub company_name: Option<&'a str>,
}

impl PersonalWords<'_> {
    /// Returns the words as passwords are compared: each text whole and in parts.
    fn words(&self) -> Vec<String> {
        let texts = [
            Some(self.name),
            self.email,
            self.employee_code,
            self.company_code,
        ];
        let mut words = PRODUCT.map(str::to_owned).to_vec();
        for text in texts.into_iter().flatten().map(fold) {
            let parts = text
                .split(|c: char| !c.is_alphanumeric())
                .map(str::to_owned);
            words.extend(parts);
            words.extend(text.split('@').map(str::to_owned));
            words.push(text.split_whitespace().collect());
        }
        words.extend(
            self.company_name
                .map(fold)
                .iter()
                .flat_map(|it| beginnings(it)),
        );
        words.retain(|word| word.chars().nth(1).is_some());
        words
    }
}

/// Returns every beginning of a company's name, since nobody types 「みどり製作所」 for 「みどり」.
fn beginnings(company_name: &str) -> Vec<String> {
    let without_form = LEGAL_FORMS
        .iter()
        .fold(company_name.to_owned(), |name, form| name.replace(form, ""));
    let letters: Vec<char> = without_form
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    (2..=letters.len())
        .map(|end| letters[..end].iter().collect())
        .collect()
}

/// Passes every guessable word to `use_words`, the most obvious first.
pub(crate) fn with_guessable_words<T>(
    person: &PersonalWords<'_>,
    use_words: impl FnOnce(&[&str]) -> T,
) -> T {
    let personal = person.words();
    let words: Vec<&str> = personal
        .iter()
        .map(String::as_str)
        .chain(WORDS.iter().copied())
        .chain(LEAKED.iter().copied())
        .collect();
    use_words(&words)
}

/// Converts to lower case, full-width letters, digits and signs to half-width, and katakana to hiragana.
pub(crate) fn fold(text: &str) -> String {
    let moved = |c: char, distance: u32| char::from_u32(u32::from(c) - distance).unwrap_or(c);
    text.chars()
        .map(|c| match c {
            // U+FF01..U+FF5E are ASCII 0x21..0x7E, moved by a fixed distance; so are both kana.
            '！'..='～' => moved(c, 0xFEE0),
            'ァ'..='ヶ' => moved(c, 0x60),
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_written_as_passwords_are_compared() {
        assert!(WORDS.len() > 200 && LEAKED.len() > 100);
        for word in WORDS.iter().chain(LEAKED.iter()) {
            assert_eq!(fold(word), **word);
        }
    }

    #[test]
    fn a_company_is_known_by_the_beginning_of_its_name_without_its_legal_form() {
        let person = PersonalWords {
            company_name: Some("株式会社ミドリ製作所"),
            ..PersonalWords::default()
        };
        let words = person.words();
        assert!(words.contains(&"みどり".to_owned()));
        assert!(words.contains(&"みどり製作所".to_owned()));
    }
}
