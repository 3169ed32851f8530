//! The address of an incoming webhook of Slack or Microsoft Teams. Everybody who knows it can post to the channel, so
//! it is a secret.

use domain::ChatService;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

/// The longest address, in bytes. Those of Power Automate have some 300.
const LONGEST: usize = 2000;

/// The host of Slack's incoming webhooks.
const SLACK: &str = "hooks.slack.com";

/// What the hosts of Teams' webhooks end with: those of Power Automate, in which a workflow posts, and those of the
/// connectors before it.
const TEAMS: [&str; 3] = [
    ".api.powerplatform.com",
    ".logic.azure.com",
    ".webhook.office.com",
];

/// Which addresses are posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatReach {
    /// Those of Slack and Teams, with https.
    Public,
    /// Those of stand-ins on this machine as well: for the local stack and tests.
    Local,
}

impl ChatReach {
    /// Returns the reach that `CHAT_WEBHOOKS` says: "local", or anything else for [`ChatReach::Public`].
    pub fn of_setting(text: &str) -> Self {
        if text == "local" {
            Self::Local
        } else {
            Self::Public
        }
    }
}

/// Why a text is not an address that is posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatAddressError {
    /// It is no https address.
    NotHttps,
    /// It is neither Slack's nor Teams'.
    OtherHost,
}

impl ChatAddressError {
    /// Returns the sentence that the admin reads. It does not repeat the address.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotHttps => {
                "Webhook URLが正しくありません。SlackまたはMicrosoft Teamsで作成した、「https://」で始まるURLを貼り付けてください。"
            }
            Self::OtherHost => {
                "登録できるのは、SlackのIncoming Webhook(https://hooks.slack.com/services/…)と、Microsoft Teamsのワークフローで作成したWebhookのURLだけです。"
            }
        }
    }
}

/// An address that is posted to. It is not shown by `Debug`.
#[derive(Clone, Debug)]
pub struct ChatAddress {
    service: ChatService,
    url: SecretString,
}

impl ChatAddress {
    /// Parses the address that an admin typed, or that was stored.
    ///
    /// # Errors
    /// [`ChatAddressError`] when nothing is posted there.
    pub fn parse(text: &str, reach: ChatReach) -> Result<Self, ChatAddressError> {
        let text = text.trim();
        let url = Url::parse(text).map_err(|_| ChatAddressError::NotHttps)?;
        let is_here = match url.host() {
            Some(Host::Domain(host)) => host == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            _ => false,
        };
        let service = if reach == ChatReach::Local && is_here {
            Some(service_of_path(&url))
        } else if url.scheme() != "https" || text.len() > LONGEST {
            return Err(ChatAddressError::NotHttps);
        } else {
            service_of_host(&url)
        };
        let service = service.ok_or(ChatAddressError::OtherHost)?;
        let url = String::from(url).into();
        Ok(Self { service, url })
    }

    /// Returns the service.
    pub fn service(&self) -> ChatService {
        self.service
    }

    /// Returns the address, to post to it or to store it as a secret.
    pub fn expose(&self) -> &SecretString {
        &self.url
    }

    /// Returns the address as a URL.
    pub fn url(&self) -> Option<Url> {
        Url::parse(self.url.expose_secret()).ok()
    }
}

fn service_of_host(url: &Url) -> Option<ChatService> {
    let Some(Host::Domain(host)) = url.host() else {
        return None;
    };
    let is_bare = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    if !is_bare || url.path() == "/" {
        return None;
    }
    if host == SLACK {
        return Some(ChatService::Slack);
    }
    let is_teams = TEAMS.iter().any(|end| host.ends_with(end));
    is_teams.then_some(ChatService::Teams)
}

/// A stand-in tells the services apart by their paths.
fn service_of_path(url: &Url) -> ChatService {
    if url.path().starts_with("/services/") {
        ChatService::Slack
    } else {
        ChatService::Teams
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(text: &str, reach: ChatReach) -> Result<ChatService, ChatAddressError> {
        ChatAddress::parse(text, reach).map(|address| address.service())
    }

    #[test]
    fn addresses_of_slack_and_teams_are_posted_to_and_not_shown() {
        for (text, expected) in [
            (
                " https://hooks.slack.com/services/T0/B0/x\n",
                ChatService::Slack,
            ),
            (
                "https://default1.a.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/1/triggers/manual/paths/invoke?api-version=1&sig=x",
                ChatService::Teams,
            ),
            (
                "https://prod-12.japaneast.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=x",
                ChatService::Teams,
            ),
            (
                "https://midori.webhook.office.com/webhookb2/1",
                ChatService::Teams,
            ),
        ] {
            let address = ChatAddress::parse(text, ChatReach::Public).unwrap();
            assert_eq!(address.service(), expected, "{text}");
            let shown = format!("{address:?}");
            assert!(
                !shown.contains("https") && !shown.contains("sig"),
                "{shown}"
            );
        }
    }

    #[test]
    fn nothing_is_posted_to_any_other_host() {
        for (text, why) in [
            ("", ChatAddressError::NotHttps),
            ("hooks.slack.com/services/1", ChatAddressError::NotHttps),
            (
                "http://hooks.slack.com/services/1",
                ChatAddressError::NotHttps,
            ),
            ("https://hooks.slack.com", ChatAddressError::OtherHost),
            (
                "https://hooks.slack.com:8443/services/1",
                ChatAddressError::OtherHost,
            ),
            (
                "https://a@hooks.slack.com/services/1",
                ChatAddressError::OtherHost,
            ),
            (
                "https://hooks.slack.com.example/services/1",
                ChatAddressError::OtherHost,
            ),
            (
                "https://hooks.slack.com@10.0.0.1/services/1",
                ChatAddressError::OtherHost,
            ),
            (
                "https://evil-logic.azure.com/1",
                ChatAddressError::OtherHost,
            ),
            (
                "https://logic.azure.com.example/1",
                ChatAddressError::OtherHost,
            ),
            ("https://127.0.0.1/services/1", ChatAddressError::OtherHost),
            (
                "https://169.254.169.254/latest",
                ChatAddressError::OtherHost,
            ),
            ("http://127.0.0.1:9/services/1", ChatAddressError::NotHttps),
        ] {
            assert_eq!(service(text, ChatReach::Public), Err(why), "{text}");
        }
    }

    #[test]
    fn a_stand_in_on_this_machine_is_posted_to_by_the_local_stack_only() {
        let text = "http://127.0.0.1:9/services/1";
        assert_eq!(service(text, ChatReach::Local), Ok(ChatService::Slack));
        let teams = "http://localhost:9/workflows/1";
        assert_eq!(service(teams, ChatReach::Local), Ok(ChatService::Teams));
        assert!(service("https://idp.example/services/1", ChatReach::Local).is_err());
    }
}
