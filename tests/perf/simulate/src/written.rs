//! Numbers that are read from the template and from the code, so that a simulation cannot differ from what is deployed.

use std::str::FromStr;

use crate::time::{MINUTE, SECOND, Time};

/// The template.
const TEMPLATE: &str = include_str!("../../../../infra/template.yaml");

/// The files with constants that decide a night.
pub mod file {
    /// How long a mail may take, and when no further one is begun.
    pub const MAIL_BATCH: &str = include_str!("../../../../functions/mail-delivery/src/batch.rs");
    /// How SES's throttling is waited out.
    pub const HAND_TO_SES: &str =
        include_str!("../../../../functions/mail-delivery/src/hand_to_ses.rs");
    /// What becomes of mails for which SES's quota has no room.
    pub const SES_QUOTA: &str =
        include_str!("../../../../functions/mail-delivery/src/ses_quota.rs");
    /// How long a throttled transaction is repeated.
    pub const TRANSACTIONS: &str =
        include_str!("../../../../shared/storage/src/transaction/execute.rs");
    /// The rounds of the sweeper.
    pub const SWEEPER: &str =
        include_str!("../../../../functions/night-watch/src/waiting_mails.rs");
    /// When a failed message comes again.
    pub const REDELIVERY: &str =
        include_str!("../../../../shared/storage/src/queues/redelivery.rs");
    /// The longest delay of a message.
    pub const QUEUES: &str = include_str!("../../../../shared/storage/src/queues/mod.rs");
    /// How tokens are refreshed and stored.
    pub const TOKENS: &str = include_str!("../../../../shared/connection/src/tokens/refresh.rs");
    /// When a run that is out of time goes on in another invocation.
    pub const CONTINUATION: &str = include_str!("../../../../shared/sync/src/continuation.rs");
    /// When a run comes again that SmartHR did not answer.
    pub const OUTAGE_RETRY: &str = include_str!("../../../../shared/domain/src/outage_retry.rs");
    /// How many batches the night's dispatch sends at the same time.
    pub const DISPATCH: &str = include_str!("../../../../shared/sync/src/dispatch.rs");
}

/// Returns a property of one of the template's resources, or of the globals (`Function`).
///
/// # Panics
/// When the resource has no such property with a number.
pub fn template(resource: &str, property: &str) -> u64 {
    template_if_any(resource, property)
        .unwrap_or_else(|| panic!("the template has no number {resource}.{property}"))
}

/// Returns a property of one of the template's resources, if it has it.
pub fn template_if_any(resource: &str, property: &str) -> Option<u64> {
    number_of(resource, property)
}

/// Returns a property of one of the template's resources that is a part of one, in percent.
///
/// # Panics
/// When the resource has no such property with a number.
pub fn template_percent(resource: &str, property: &str) -> u64 {
    let part: f64 = number_of(resource, property)
        .unwrap_or_else(|| panic!("the template has no number {resource}.{property}"));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of one"
    )]
    let percent = (part * 100.0).round() as u64;
    percent
}

fn number_of<T: FromStr>(resource: &str, property: &str) -> Option<T> {
    text_of(resource).lines().find_map(|line| {
        let line = line.split(" #").next().unwrap_or_default();
        let (before, value) = line.split_once(&format!("{property}: "))?;
        let is_whole = before.is_empty() || before.ends_with([' ', '{']);
        let digits = |c: &char| c.is_ascii_digit() || *c == '.';
        let digits: String = value.chars().take_while(digits).collect();
        digits.parse().ok().filter(|_| is_whole)
    })
}

/// Returns whether one of the template's resources has this line.
pub fn template_says(resource: &str, line: &str) -> bool {
    text_of(resource).lines().any(|it| it.trim() == line)
}

/// Returns whether a property of a resource has this value.
pub fn template_says_of(resource: &str, property: &str, value: &str) -> bool {
    let mut lines = text_of(resource).lines();
    lines.any(|line| {
        let after = line.split_once(&format!("{property}: "));
        after.is_some_and(|(_, after)| after.trim_end_matches([' ', '}']) == value)
    })
}

/// Returns the memory of a function, in MB.
pub fn memory(function: &str) -> u64 {
    template_if_any(function, "MemorySize").unwrap_or_else(|| template("Function", "MemorySize"))
}

/// Returns the lines of a resource.
fn text_of(resource: &str) -> &'static str {
    let (_, after) = TEMPLATE
        .split_once(&format!("\n  {resource}:\n"))
        .unwrap_or_else(|| panic!("the template has no {resource}"));
    let mut end = 0;
    for line in after.split_inclusive('\n') {
        let is_next =
            line.starts_with("  ") && !line.starts_with("   ") && !line.starts_with("  #");
        if is_next {
            break;
        }
        end += line.len();
    }
    after.get(..end).unwrap_or(after)
}

/// Returns the text of a constant's value in a file of the code.
fn value(source: &'static str, name: &str) -> &'static str {
    let after = source.split_once(&format!("const {name}: "));
    let after = after.unwrap_or_else(|| panic!("the code has no constant {name}"));
    let value = after
        .1
        .split_once(" = ")
        .and_then(|it| it.1.split_once(';'));
    value.unwrap_or_else(|| panic!("{name} has no value")).0
}

/// Returns the numbers in a constant's value.
pub fn numbers(source: &'static str, name: &str) -> Vec<u64> {
    let value = value(source, name).replace('_', "");
    let digits = |c: char| !c.is_ascii_digit();
    let words = value.split(digits).filter_map(|it| it.parse().ok());
    words.collect()
}

/// Returns a constant that is one number.
///
/// # Panics
/// When it is none.
pub fn number(source: &'static str, name: &str) -> u64 {
    match numbers(source, name)[..] {
        [number] => number,
        ref other => panic!("{name} is {other:?}"),
    }
}

/// Returns a constant that is a duration, such as `Duration::from_secs(20)`.
///
/// # Panics
/// When it is none.
pub fn duration(source: &'static str, name: &str) -> Time {
    let units = [
        ("from_millis", 1),
        ("from_secs", SECOND),
        ("from_mins", MINUTE),
        ("from_hours", 60 * MINUTE),
    ];
    let text = value(source, name);
    let unit = units.iter().find(|(unit, _)| text.contains(unit));
    let (_, unit) = unit.unwrap_or_else(|| panic!("{name} is no duration: {text}"));
    number(source, name) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_that_of_the_resource_it_is_asked_of() {
        assert_eq!(template("SyncQueue", "VisibilityTimeout"), 960);
        assert_eq!(template("MailQueue", "VisibilityTimeout"), 360);
        assert_eq!(template("MailDeliveryQueueSource", "BatchSize"), 10);
        assert_eq!(template_if_any("UsersTable", "VisibilityTimeout"), None);
    }

    #[test]
    fn a_function_without_memory_of_its_own_has_that_of_the_globals() {
        assert_eq!(memory("NightlySync"), template("Function", "MemorySize"));
        assert_eq!(memory("WorkspaceSync"), 512);
    }

    #[test]
    fn constants_of_the_code_are_read_with_their_units() {
        assert_eq!(duration(file::MAIL_BATCH, "TIME_LIMIT"), 20 * SECOND);
        assert_eq!(duration(file::SWEEPER, "ROUND"), 15 * MINUTE);
        let attempts = numbers(file::OUTAGE_RETRY, "RETRY_MINUTES");
        assert_eq!(attempts, [150, 180, 240, 300, 360]);
    }
}
