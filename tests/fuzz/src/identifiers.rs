//! E-mail addresses and employee codes.

use domain::{EmailAddress, EmployeeCode};
use jiff::Timestamp;
use mail::{Mail, SyncLogRow, smtp_mailbox, sync_log_csv};
use mail_parser::MessageParser;
use secrecy::ExposeSecret;

use crate::csv_cells;
use crate::texts;

/// Parses an address. A mail to it must have it as its only recipient.
pub fn email_address(bytes: &[u8]) {
    let [text] = texts(bytes);
    let Some(address) = EmailAddress::parse(&text) else {
        return;
    };
    assert!(address.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
    assert_eq!(EmailAddress::parse(address.as_str()), Some(address.clone()));
    assert_eq!(address.key().rsplit_once('@').unwrap().1, address.domain());

    let raw = Mail {
        from: "no-reply@kitera.example".into(),
        to: vec![address.as_str().to_owned()],
        subject: "件名".into(),
        text: "本文".into(),
        html: "<p>本文</p>".into(),
        attachments: Vec::new(),
    }
    .to_mime("mail", Timestamp::UNIX_EPOCH)
    .expect("a mail to a valid address");
    let read = MessageParser::default().parse(raw.expose_secret()).unwrap();
    let to: Vec<_> = read.to().unwrap().iter().map(|it| it.address()).collect();
    assert_eq!(to, [Some(&*smtp_mailbox(address.as_str()))]);
    assert!(read.cc().is_none() && read.bcc().is_none());
}

/// Parses a code. It must have only the characters of the manual, and be unchanged in a CSV file.
pub fn employee_code(bytes: &[u8]) {
    let [text] = texts(bytes);
    let Some(code) = EmployeeCode::parse(&text) else {
        return;
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    assert!(code.as_str().bytes().all(allowed));
    assert_eq!(EmployeeCode::parse(code.as_str()), Some(code.clone()));
    let file = sync_log_csv([SyncLogRow {
        employee_code: code.as_str().to_owned(),
        ..SyncLogRow::default()
    }]);
    assert_eq!(csv_cells::read(&file.unwrap())[0][0], code.as_str());
}
