use local::{Error, Mail};
use reqwest::header::ORIGIN;

use crate::admin::succeeded;

/// What everybody in the story chooses.
pub(crate) const PASSWORD: &str = "mizuumi-no-hotori";

/// The people with these addresses open their invitations and set a password.
///
/// # Errors
/// A link did not work.
pub(crate) async fn accept(
    base_url: &str,
    mails: &[Mail],
    addresses: &[String],
) -> Result<(), Error> {
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let theirs = mails
        .iter()
        .filter(|mail| mail.to.iter().any(|to| addresses.contains(to)));
    for mail in theirs {
        let mut words = mail.text.split_whitespace();
        let link = words.rfind(|word| word.contains("/invitations/"));
        let form = [("password", PASSWORD), ("password_confirmation", PASSWORD)];
        let request = http
            .post(link.unwrap_or_default())
            .header(ORIGIN, base_url)
            .form(&form);
        succeeded("an invitation", request.send().await?).await?;
    }
    Ok(())
}
