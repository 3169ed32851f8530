//! Secrets Manager: SmartHR tokens, our client secret, the derivation key, client secrets at identity providers, chat
//! webhooks.
//!
//! There is one secret of tokens per workspace and SmartHR company. Tokens of a company that an admin
//! has not confirmed yet are kept beside those in use, and tokens of two companies cannot be confused.

use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_types::SdkConfig;
use domain::{TenantId, WorkspaceId};
use jiff::Timestamp;
use lambda::config::{MissingSetting, setting};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// The longest that an attempt may take. Secrets Manager answers within a tenth of a second.
const ATTEMPT: Duration = Duration::from_secs(5);

/// The tokens of one workspace for one SmartHR company.
#[derive(Clone, Deserialize)]
pub struct StoredTokens {
    /// The token of API calls.
    pub access_token: SecretString,
    /// The token that is exchanged for the next access token.
    pub refresh_token: SecretString,
    /// The time at which the access token expires.
    pub expires_at: Timestamp,
    /// The company's subdomain, if SmartHR named it with the tokens. It is newer than the connection's: companies
    /// rename themselves.
    #[serde(default)]
    pub subdomain: Option<String>,
}

#[derive(Serialize)]
struct TokensText<'a> {
    access_token: &'a str,
    refresh_token: &'a str,
    expires_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    subdomain: Option<&'a str>,
}

/// The credentials of our OAuth client at SmartHR, as the operator stores them.
#[derive(Clone, Deserialize)]
pub struct ClientCredentials {
    /// The `client_id` of OAuth 2.0.
    pub client_id: String,
    /// The `client_secret` of OAuth 2.0.
    pub client_secret: SecretString,
}

/// How often the creation of a secret is tried while one of that name is being deleted.
const CREATIONS: u32 = 5;

/// The names of our secrets, and the key of those that are created here.
#[derive(Clone, Debug)]
pub struct SecretNames {
    /// The prefix of the names of all tokens, such as `kitera/dev/smarthr-tokens/`.
    pub tokens_prefix: String,
    /// The ARN of the KMS key that encrypts tokens; `None` means the account's key for Secrets
    /// Manager.
    pub tokens_key_id: Option<String>,
    /// The id of the secret that contains [`ClientCredentials`] as JSON.
    pub client_secret_id: String,
    /// The id of the secret that invitations and initial passwords are derived from.
    pub derivation_key_id: String,
    /// The prefix of the names of all client secrets at identity providers, such as `kitera/dev/sso/`.
    pub sso_prefix: String,
    /// The prefix of the names of all addresses of chat webhooks, such as `kitera/dev/chat/`.
    pub chat_prefix: String,
}

/// A secret that a workspace's company gave us, by the random id in its name.
#[derive(Clone, Copy, Debug)]
pub enum CustomerSecret<'a> {
    /// The client secret of KiteRa at the company's identity provider.
    SsoClient(&'a str),
    /// The address of the company's chat webhook.
    ChatAddress(&'a str),
}

/// The secrets of the product, in Secrets Manager.
#[derive(Clone, Debug)]
pub struct Secrets {
    client: Client,
    names: SecretNames,
}

impl Secrets {
    /// Opens the secrets that the environment names.
    ///
    /// # Errors
    /// [`MissingSetting`] when one is not set.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, MissingSetting> {
        let names = SecretNames {
            tokens_prefix: setting("TOKENS_SECRET_PREFIX")?,
            tokens_key_id: Some(setting("TOKENS_KEY_ID")?).filter(|key| !key.is_empty()),
            client_secret_id: setting("SMARTHR_CLIENT_SECRET_ID")?,
            derivation_key_id: setting("DERIVATION_KEY_SECRET_ID")?,
            sso_prefix: setting("SSO_SECRET_PREFIX")?,
            chat_prefix: setting("CHAT_SECRET_PREFIX")?,
        };
        Ok(Self::new(sdk, names))
    }

    /// Opens secrets of these names.
    pub fn new(sdk: &SdkConfig, names: SecretNames) -> Self {
        let config = aws_sdk_secretsmanager::config::Builder::from(sdk)
            .interceptor(lambda::aws_requests::SECRETS_MANAGER)
            .timeout_config(lambda::sdk::timeouts(ATTEMPT))
            .build();
        Self {
            client: Client::from_conf(config),
            names,
        }
    }

    fn tokens_id(&self, workspace_id: &WorkspaceId, tenant_id: &TenantId) -> String {
        format!("{}{workspace_id}/{tenant_id}", self.names.tokens_prefix)
    }

    async fn read(&self, id: &str) -> Result<Option<SecretString>, StoreError> {
        let answer = self
            .client
            .get_secret_value()
            .secret_id(id)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetSecretValue"));
        match answer {
            Ok(answer) => Ok(answer.secret_string.map(SecretString::from)),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn required(&self, id: &str, what: &'static str) -> Result<SecretString, StoreError> {
        self.read(id).await?.ok_or(StoreError::Corrupt {
            what,
            why: "the secret has no value".into(),
        })
    }

    /// Returns the tokens of a workspace for a company, if there are any.
    ///
    /// # Errors
    /// [`StoreError`] when Secrets Manager does not answer.
    pub async fn tokens(
        &self,
        workspace_id: &WorkspaceId,
        tenant_id: &TenantId,
    ) -> Result<Option<StoredTokens>, StoreError> {
        let id = self.tokens_id(workspace_id, tenant_id);
        let text = self.read(&id).await?;
        text.map(|text| parse(&text, "tokens")).transpose()
    }

    /// Stores the tokens of a workspace for a company.
    ///
    /// # Errors
    /// [`StoreError`] when Secrets Manager does not answer.
    pub async fn put_tokens(
        &self,
        workspace_id: &WorkspaceId,
        tenant_id: &TenantId,
        tokens: &StoredTokens,
    ) -> Result<(), StoreError> {
        let text = serde_json::to_string(&TokensText {
            access_token: tokens.access_token.expose_secret(),
            refresh_token: tokens.refresh_token.expose_secret(),
            expires_at: tokens.expires_at,
            subdomain: tokens.subdomain.as_deref(),
        })
        .map_err(|_| StoreError::Corrupt {
            what: "tokens",
            why: "cannot be written as JSON".into(),
        })?;
        self.put(&self.tokens_id(workspace_id, tenant_id), &text)
            .await
    }

    async fn put(&self, id: &str, text: &str) -> Result<(), StoreError> {
        let put = self
            .client
            .put_secret_value()
            .secret_id(id)
            .secret_string(text)
            .send()
            .await
            .map_err(StoreError::from_sdk("PutSecretValue"));
        match put {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) || is_being_deleted(&error) => {
                self.create(id, text).await
            }
            Err(error) => Err(error),
        }
    }

    /// Creates a secret. Secrets Manager deletes in the background, and frees a name some seconds later.
    async fn create(&self, id: &str, text: &str) -> Result<(), StoreError> {
        let mut tried = 0;
        loop {
            tried += 1;
            let created = self
                .client
                .create_secret()
                .name(id)
                .set_kms_key_id(self.names.tokens_key_id.clone())
                .secret_string(text)
                .send()
                .await
                .map_err(StoreError::from_sdk("CreateSecret"));
            match created {
                Ok(_) => return Ok(()),
                Err(error) if tried < CREATIONS && is_being_deleted(&error) => {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Deletes the tokens of a workspace for a company at once and for good, if there are any.
    ///
    /// # Errors
    /// [`StoreError`] when Secrets Manager does not answer.
    pub async fn delete_tokens(
        &self,
        workspace_id: &WorkspaceId,
        tenant_id: &TenantId,
    ) -> Result<(), StoreError> {
        self.delete(self.tokens_id(workspace_id, tenant_id)).await
    }

    async fn delete(&self, id: String) -> Result<(), StoreError> {
        let deleted = self
            .client
            .delete_secret()
            .secret_id(id)
            .force_delete_without_recovery(true)
            .send()
            .await
            .map_err(StoreError::from_sdk("DeleteSecret"));
        match deleted {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) || is_being_deleted(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn customer_id(&self, workspace_id: &WorkspaceId, secret: CustomerSecret<'_>) -> String {
        let (prefix, id) = match secret {
            CustomerSecret::SsoClient(id) => (&self.names.sso_prefix, id),
            CustomerSecret::ChatAddress(id) => (&self.names.chat_prefix, id),
        };
        format!("{prefix}{workspace_id}/{id}")
    }

    /// Returns a secret of a workspace's company, if it is stored.
    ///
    /// # Errors
    /// [`StoreError`] when Secrets Manager does not answer.
    pub async fn customer_secret(
        &self,
        workspace_id: &WorkspaceId,
        secret: CustomerSecret<'_>,
    ) -> Result<Option<SecretString>, StoreError> {
        self.read(&self.customer_id(workspace_id, secret)).await
    }

    /// Stores a secret of a workspace's company.
    ///
    /// # Errors
    /// [`StoreError`] when Secrets Manager does not answer.
    pub async fn put_customer_secret(
        &self,
        workspace_id: &WorkspaceId,
        secret: CustomerSecret<'_>,
        text: &SecretString,
    ) -> Result<(), StoreError> {
        let id = self.customer_id(workspace_id, secret);
        self.put(&id, text.expose_secret()).await
    }

    /// Deletes a secret of a workspace's company at once and for good, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when Secrets Manager does not answer.
    pub async fn delete_customer_secret(
        &self,
        workspace_id: &WorkspaceId,
        secret: CustomerSecret<'_>,
    ) -> Result<(), StoreError> {
        self.delete(self.customer_id(workspace_id, secret)).await
    }

    /// Returns our credentials at SmartHR.
    ///
    /// # Errors
    /// [`StoreError`] when Secrets Manager does not answer, or the operator has not stored them.
    pub async fn client_credentials(&self) -> Result<ClientCredentials, StoreError> {
        let text = self
            .required(&self.names.client_secret_id, "SmartHR client secret")
            .await?;
        parse(&text, "SmartHR client secret")
    }

    /// Returns the key that invitations and initial passwords are derived from.
    ///
    /// # Errors
    /// [`StoreError`] when Secrets Manager does not answer.
    pub async fn derivation_key(&self) -> Result<SecretString, StoreError> {
        self.required(&self.names.derivation_key_id, "derivation key")
            .await
    }
}

fn is_gone(error: &StoreError) -> bool {
    error.code() == Some("ResourceNotFoundException")
}

fn is_being_deleted(error: &StoreError) -> bool {
    error.code() == Some("InvalidRequestException")
}

/// Parses a secret. The error names a column and quotes nothing.
fn parse<'a, T: Deserialize<'a>>(
    text: &'a SecretString,
    what: &'static str,
) -> Result<T, StoreError> {
    serde_json::from_str(text.expose_secret()).map_err(|error| StoreError::Corrupt {
        what,
        why: format!("not the expected JSON at column {}", error.column()),
    })
}
