//! The environment variables of the functions (README, "Configuration").

use testkit::TestEnv;

/// Returns the variables that point every function to a test environment, through its fault proxy.
pub(crate) fn environment(env: &TestEnv) -> Vec<(&'static str, String)> {
    let aws = env.sdk.endpoint_url().unwrap_or_default();
    let smarthr = env.smarthr_proxy_url();
    let (api, oauth) = (format!("{smarthr}/api"), format!("{smarthr}/oauth"));
    let variables = [
        ("AWS_ENDPOINT_URL", aws),
        ("SMARTHR_API_BASE_URL", &api),
        ("SMARTHR_OAUTH_BASE_URL", &oauth),
        ("SMARTHR_CREW_URL", ""),
        ("AWS_REGION", "ap-northeast-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_LAMBDA_LOG_LEVEL", "warn"),
        ("WORKSPACES_TABLE", "workspaces"),
        ("USERS_TABLE", "users"),
        ("IDENTIFIERS_TABLE", "identifiers"),
        ("RUNS_TABLE", "runs"),
        ("OUTBOX_TABLE", "outbox"),
        ("SESSIONS_TABLE", "sessions"),
        ("WEBHOOKS_TABLE", "webhooks"),
        ("AUDIT_TABLE", "audit"),
        ("SYNC_LOGS_BUCKET", "logs"),
        ("SYNC_QUEUE_URL", "http://localhost/1/sync"),
        ("MANUAL_SYNC_QUEUE_URL", "http://localhost/1/manual-sync"),
        ("MAIL_QUEUE_URL", "http://localhost/1/mail"),
        ("TOKENS_SECRET_PREFIX", "tokens/"),
        ("SSO_SECRET_PREFIX", "sso/"),
        ("SSO_PROVIDERS", "local"),
        ("CHAT_SECRET_PREFIX", "chat/"),
        ("CHAT_WEBHOOKS", "local"),
        ("TOKENS_KEY_ID", ""),
        ("SMARTHR_CLIENT_SECRET_ID", "client"),
        ("DERIVATION_KEY_SECRET_ID", "key"),
        ("PUBLIC_BASE_URL", "https://localhost"),
        ("MAIL_FROM", "kitera@example.jp"),
        ("SES_CONFIGURATION_SET", ""),
    ];
    let variables = variables.into_iter();
    variables
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
}
