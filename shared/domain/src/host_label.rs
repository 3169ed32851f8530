//! One label of a host name.

/// Returns whether `text` is one label of a host name (RFC 1123, section 2.1): 1 to 63 ASCII
/// letters, digits and hyphens, with no hyphen at either end.
pub fn is_host_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_label_of_a_host_name_is_a_host_label() {
        for right in ["aozora-shoji1", "A", &"a".repeat(63)] {
            assert!(is_host_label(right), "{right}");
        }
        for wrong in ["", "-a", "a-", "a.b", "a/b", "a@b", "あ", &"a".repeat(64)] {
            assert!(!is_host_label(wrong), "{wrong}");
        }
    }
}
