//! What mails to admins and newcomers contain.

use local::Mail;

/// Returns the link of an invitation.
pub fn invitation_link(mail: &Mail) -> String {
    let start = mail.text.find("http").expect("the mail has a link");
    let link = mail.text[start..].split_whitespace().next().unwrap();
    assert!(link.contains("/invitations/"), "{link}");
    link.to_owned()
}

/// Returns the rows of the mail's only attachment, a CSV file, without its header.
pub fn csv_of(mail: &Mail) -> Vec<Vec<String>> {
    let [attachment] = &mail.attachments[..] else {
        panic!("one attachment, not {}", mail.attachments.len());
    };
    let bytes = attachment.bytes();
    let text = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .expect("Excel needs a BOM");
    rows_of(text).collect()
}

/// Returns the rows of a CSV file after its header, cell by cell.
pub(crate) fn rows_of(csv: &[u8]) -> impl Iterator<Item = Vec<String>> {
    let rows = csv::Reader::from_reader(csv).into_records();
    rows.map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect())
}
