//! Validation of an event as a whole, so that the operator reads all its errors at once.

use credentials::{PersonalWords, check_new_password};
use domain::allowed_domains::{MOST_DOMAINS, parse_domain};
use domain::text::{visible, visible_name};
use domain::{EmailAddress, EmployeeCode, RelatedCompanyUser, Workspace};
use secrecy::SecretString;

use crate::error::ProvisionError;
use crate::event::{AdministratorFields, Event};

/// The length limit of a name, in characters.
const LONGEST_NAME: usize = 100;

/// An event with valid values.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) company_code: String,
    pub(crate) seats: u32,
    pub(crate) allowed_domains: Vec<String>,
    /// Those of the domains that only an admin vouches for.
    pub(crate) domains_of_admins: Vec<String>,
    pub(crate) groups: Vec<String>,
    /// The 企業コード of the parent company; empty for none, `None` if it stays as it is.
    pub(crate) parent_company_code: Option<String>,
    pub(crate) related_company_users: Vec<RelatedCompanyUser>,
    pub(crate) administrator: Option<Administrator>,
}

/// The valid fields of a system administrator: an e-mail address, a code or both, and a password unless
/// there is an address to send an invitation to.
#[derive(Debug)]
pub(crate) struct Administrator {
    pub(crate) name: String,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) code: Option<EmployeeCode>,
    pub(crate) password: Option<SecretString>,
}

/// Checks an event about the workspace `before`, or about a new one, and returns its valid content.
///
/// # Errors
/// [`ProvisionError::Invalid`] with all reasons.
pub(crate) fn check(event: Event, before: Option<&Workspace>) -> Result<Checked, ProvisionError> {
    let mut wrong = Vec::new();
    let name = given_or(event.name, before.map(|it| it.name.clone()));
    let name = checked_name("name", &name, &mut wrong);
    let company_code = given_or(event.company_code, before.map(|it| it.company_code.clone()));
    let company_code = company_code.trim().to_owned();
    if !is_company_code(&company_code) {
        wrong.push("company_code must be 2 to 40 half-width letters, digits and hyphens".into());
    }
    let seats = given_or(event.seats, before.map(|it| it.seats));
    if seats == 0 {
        wrong.push("seats must be at least 1".into());
    }
    let (allowed_domains, domains_of_admins) = match event.allowed_domains {
        Some(domains) => (checked_domains(&domains, &mut wrong), Vec::new()),
        None => before.map_or_else(Default::default, |before| {
            let of_admins = before.domains_of_admins.clone();
            (before.allowed_domains.clone(), of_admins)
        }),
    };
    let groups = event
        .groups
        .iter()
        .map(|group| checked_name("a group's name", group, &mut wrong))
        .collect();
    let related_company_users = match event.related_company_users {
        Some(emails) => checked_related(&emails, before, &mut wrong),
        None => before.map_or_else(Vec::new, |before| before.related_company_users.clone()),
    };
    if event.system_administrator.is_none() && before.is_none() {
        wrong.push("system_administrator is needed to create a workspace".into());
    }
    let administrator = event.system_administrator.map(|fields| {
        checked_administrator(fields, (&name, &company_code), &allowed_domains, &mut wrong)
    });
    if !wrong.is_empty() {
        return Err(ProvisionError::Invalid(wrong));
    }
    Ok(Checked {
        name,
        company_code,
        seats,
        allowed_domains,
        domains_of_admins,
        groups,
        parent_company_code: event.parent_company_code.map(|code| code.trim().to_owned()),
        related_company_users,
        administrator,
    })
}

/// Returns what the event gives, else what the workspace has. A new workspace has nothing, which no check accepts.
fn given_or<T: Default>(given: Option<T>, before: Option<T>) -> T {
    given.or(before).unwrap_or_default()
}

fn checked_related(
    emails: &[String],
    before: Option<&Workspace>,
    wrong: &mut Vec<String>,
) -> Vec<RelatedCompanyUser> {
    let field = "an address of related_company_users";
    let checked = emails
        .iter()
        .filter_map(|email| checked_email(field, email, wrong));
    checked
        .map(|email| {
            let listed = before.and_then(|before| before.related_company_user(&email));
            let listed = listed.cloned();
            listed.unwrap_or_else(|| RelatedCompanyUser::member(email))
        })
        .collect()
}

fn checked_administrator(
    fields: AdministratorFields,
    (company_name, company_code): (&str, &str),
    allowed_domains: &[String],
    wrong: &mut Vec<String>,
) -> Administrator {
    let name = checked_name("system_administrator.name", &fields.name, wrong);
    let given = |text: Option<String>| text.as_deref().and_then(visible);
    let (typed_email, typed_code) = (given(fields.email), given(fields.employee_code));
    let email = typed_email
        .as_deref()
        .and_then(|email| checked_email("system_administrator.email", email, wrong));
    if let Some(email) = &email
        && !allowed_domains.is_empty()
        && !allowed_domains.contains(&email.domain())
    {
        wrong.push("system_administrator.email is not of an allowed domain".into());
    }
    let code = typed_code.as_deref().and_then(EmployeeCode::parse);
    if typed_code.is_some() && code.is_none() {
        wrong.push(
            "system_administrator.employee_code may have half-width letters, digits and hyphens only"
                .into(),
        );
    }
    if typed_email.is_none() && typed_code.is_none() {
        wrong.push("system_administrator needs an email or an employee_code".into());
    }
    match &fields.password {
        None if typed_email.is_none() => wrong.push(
            "system_administrator without an email needs a password: no invitation can be sent"
                .into(),
        ),
        None => {}
        Some(password) => {
            let personal = PersonalWords {
                name: &name,
                email: typed_email.as_deref(),
                employee_code: typed_code.as_deref(),
                company_code: Some(company_code),
                company_name: Some(company_name),
            };
            if let Err(refusal) = check_new_password(password, &personal) {
                wrong.push(format!(
                    "system_administrator.password is refused: {refusal:?}"
                ));
            }
        }
    }
    Administrator {
        name,
        email,
        code,
        password: fields.password,
    }
}

fn checked_name(field: &str, name: &str, wrong: &mut Vec<String>) -> String {
    let name = visible_name(name).unwrap_or_default();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
        wrong.push(format!("{field} must be 1 to {LONGEST_NAME} characters"));
    }
    name
}

fn checked_email(field: &str, email: &str, wrong: &mut Vec<String>) -> Option<EmailAddress> {
    let parsed = EmailAddress::parse(email);
    if parsed.is_none() {
        wrong.push(format!("{field} is not an e-mail address: {email}"));
    }
    parsed
}

fn checked_domains(domains: &[String], wrong: &mut Vec<String>) -> Vec<String> {
    if domains.len() > MOST_DOMAINS {
        wrong.push(format!("allowed_domains may be at most {MOST_DOMAINS}"));
    }
    let mut checked = Vec::new();
    for domain in domains {
        match parse_domain(domain) {
            Err(_) => wrong.push(format!("allowed_domains: {domain} is not a domain")),
            Ok(domain) if checked.contains(&domain) => {}
            Ok(domain) => checked.push(domain),
        }
    }
    checked
}

/// Returns whether a company code is valid. People type it, and it is part of URLs.
fn is_company_code(code: &str) -> bool {
    (2..=40).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(event: serde_json::Value) -> String {
        let event = serde_json::from_value(event).expect("an event");
        check(event, None).expect_err("a refusal").to_string()
    }

    #[test]
    fn the_operator_reads_everything_that_is_wrong_at_once() {
        let refusals = refusals(serde_json::json!({
            "name": " ",
            "company_code": "みどり",
            "seats": 0,
            "allowed_domains": ["midori example"],
            "related_company_users": ["nobody"],
            "system_administrator": {"name": "田中", "employee_code": "12 3"}
        }));
        for expected in [
            "name must be",
            "company_code must be",
            "seats must be at least 1",
            "midori example is not a domain",
            "not an e-mail address: nobody",
            "employee_code may have",
            "without an email needs a password",
        ] {
            assert!(refusals.contains(expected), "{expected} in {refusals}");
        }
    }

    #[test]
    fn a_weak_first_password_is_refused_and_not_repeated() {
        let refusals = refusals(serde_json::json!({
            "name": "みどり商事", "company_code": "MIDORI", "seats": 10,
            "system_administrator": {
                "name": "田中", "email": "tanaka@midori.example", "password": "tanaka-2026"
            }
        }));
        assert!(refusals.contains("password is refused: Guessable"));
        assert!(!refusals.contains("tanaka-2026"));
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        let event = serde_json::json!({
            "name": "みどり商事", "company_code": "MIDORI", "seats": 10, "seat": 20
        });
        let error = serde_json::from_value::<Event>(event).expect_err("a refusal");
        assert!(error.to_string().contains("unknown field `seat`"));
    }
}
