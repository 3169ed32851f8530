//! Names of people and companies in mails.

use jiff::Timestamp;
use mail::{CompanyText, Invitation, InvitationKind, MailName};
use mail_parser::{Message, MessageParser};
use secrecy::ExposeSecret;

use crate::texts;

/// Writes an invitation with these names. Its headers and its markup must be those of any other.
pub fn mails(bytes: &[u8]) {
    let [person, company] = texts(bytes);
    let mail = raw(&person, &company);
    let plain = raw("田中 花子", "みどり商事");
    let mail = MessageParser::default().parse(&mail).unwrap();
    let plain = MessageParser::default().parse(&plain).unwrap();
    assert_eq!(headers(&mail), headers(&plain));
    assert_eq!(mail.to(), plain.to());
    for mark in ['<', '>', '"', '\''] {
        assert_eq!(count(&mail, mark), count(&plain, mark), "{mark}");
    }
    assert_eq!(mail.attachment_count(), 0);
    assert!(!mail.subject().unwrap().contains(char::is_control));
    for mark in ['.', ':', '/', '@', '\\'] {
        let [mail, plain] = [&mail, &plain].map(|mail| mail.body_text(0).unwrap());
        assert_eq!(
            mail.matches(mark).count(),
            plain.matches(mark).count(),
            "{mark}"
        );
    }
}

fn raw(person: &str, company: &str) -> Vec<u8> {
    let mail = Invitation {
        kind: InvitationKind::Invitation,
        workspace_name: MailName::new(company),
        company_code: "MIDORI",
        person_name: MailName::new(person),
        url: &"https://kitera.example/invitations/abc".into(),
        valid_until: Timestamp::UNIX_EPOCH,
        comes_again: true,
        from_smarthr: true,
        sign_in_url: "https://kitera.example/sign-in",
        contact: Some(CompanyText::new(person)),
        message: Some(CompanyText::new(company)),
    }
    .mail("no-reply@kitera.example", "hanako@example.jp")
    .unwrap();
    let raw = mail.to_mime("mail", Timestamp::UNIX_EPOCH).unwrap();
    raw.expose_secret().to_vec()
}

fn headers(mail: &Message<'_>) -> Vec<String> {
    let headers = mail.headers().iter();
    headers.map(|header| header.name().to_owned()).collect()
}

fn count(mail: &Message<'_>, mark: char) -> usize {
    mail.body_html(0).unwrap().matches(mark).count()
}
