//! Why nobody was signed in, in words for the person in front of the browser.

use axum::http::StatusCode;
use storage::StoreError;
use web::Problem;

use crate::oidc::OidcError;

/// Why a sign-in ends without a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No workspace has this company code or domain, or its SSO is not configured. The answer does not reveal which.
    NoSingleSignOn,
    /// The state is missing, unknown, or was used before.
    UnknownState,
    /// The answer came to the address of another workspace, or names another issuer.
    MixedUp,
    /// The answer came in another browser than the one that began.
    OtherBrowser,
    /// The sign-in took too long.
    Expired,
    /// The configuration was changed since the sign-in began.
    Changed,
    /// The person, or the provider for them, refused.
    Denied,
    /// The provider reports an error.
    ProviderError,
    /// The provider could not be used, or not be believed.
    Provider(OidcError),
    /// The answer of a SAML provider is not believed.
    Saml(saml::Refusal),
    /// The provider does not name an e-mail address.
    NoEmail,
    /// The provider says that the address is not verified.
    EmailNotVerified,
    /// No user of the workspace has the address.
    NotRegistered,
    /// The user who had the address was deleted.
    Deleted,
    /// The user has not accepted their invitation.
    Invited,
    /// The user signs in with a password.
    SignsInWithPassword,
    /// Somebody else than the user who confirms came back.
    OtherPerson,
    /// The provider did not ask the person again, or does not say when it asked.
    NotAskedAgain,
}

/// Why a request ends early.
pub(crate) enum Stop {
    /// A refusal to show to the person.
    Refused(Refusal),
    /// What the server failed at, or does not allow.
    Problem(Problem),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<OidcError> for Stop {
    fn from(error: OidcError) -> Self {
        Self::Refused(Refusal::Provider(error))
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Refusal {
    /// Returns the reason for the log.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::NoSingleSignOn => "no_single_sign_on",
            Self::UnknownState => "state_unknown",
            Self::MixedUp => "provider_mixed_up",
            Self::OtherBrowser => "other_browser",
            Self::Expired => "state_expired",
            Self::Changed => "configuration_changed",
            Self::Denied => "denied_by_provider",
            Self::ProviderError => "provider_reports_error",
            Self::Provider(error) => error.reason(),
            Self::Saml(_) => "saml_answer_refused",
            Self::NoEmail => "email_missing",
            Self::EmailNotVerified => "email_not_verified",
            Self::NotRegistered => "not_registered",
            Self::Deleted => "deleted",
            Self::Invited => "invited",
            Self::SignsInWithPassword => "signs_in_with_password",
            Self::OtherPerson => "other_person",
            Self::NotAskedAgain => "not_asked_anew",
        }
    }

    /// Returns the status of the page.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoSingleSignOn => StatusCode::NOT_FOUND,
            Self::Provider(error) if error.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
            Self::UnknownState | Self::MixedUp | Self::Expired | Self::Changed => {
                StatusCode::BAD_REQUEST
            }
            Self::Denied
            | Self::Saml(saml::Refusal::NotSignedIn)
            | Self::OtherBrowser
            | Self::EmailNotVerified
            | Self::NotRegistered
            | Self::Deleted
            | Self::Invited
            | Self::OtherPerson
            | Self::SignsInWithPassword => StatusCode::FORBIDDEN,
            Self::Provider(_)
            | Self::Saml(_)
            | Self::ProviderError
            | Self::NoEmail
            | Self::NotAskedAgain => StatusCode::BAD_GATEWAY,
        }
    }

    /// Returns what happened and what the person can do.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::NoSingleSignOn => {
                "SSOのログイン先が見つかりませんでした。企業コードを確認して、もう一度お試しください。企業コードが分からない場合は、所属企業のシステム管理者にお問い合わせください。"
            }
            Self::UnknownState => {
                "このURLは無効か、すでに使用されています。もう一度[SSOでログイン]をクリックしてください。"
            }
            Self::MixedUp => {
                "別のログイン先からの応答だったため、ログインを中止しました。もう一度[SSOでログイン]をクリックしてください。"
            }
            Self::OtherBrowser => {
                "ログインを開始したブラウザーを確認できませんでした。同じブラウザーで、もう一度[SSOでログイン]をクリックしてください。"
            }
            Self::Expired => {
                "操作の有効期限(10分)が切れました。もう一度[SSOでログイン]をクリックしてください。"
            }
            Self::Changed => {
                "ログイン中にSSOの設定が変更されました。もう一度[SSOでログイン]をクリックしてください。"
            }
            Self::Denied | Self::Saml(saml::Refusal::NotSignedIn) => {
                "所属企業のログイン画面で、ログインがキャンセルされたか、KiteRaの利用が許可されませんでした。利用できるはずの場合は、所属企業のシステム管理者にお問い合わせください。"
            }
            Self::Provider(error) if error.is_outage() => {
                "所属企業のログイン画面(IDプロバイダー)に接続できません。時間をおいて、もう一度お試しください。認証方法がパスワードの方は、この間もパスワードでログインできます。緊急用のアカウントも使用できます。"
            }
            Self::ProviderError | Self::Provider(_) | Self::Saml(_) | Self::NoEmail => {
                "所属企業のログイン画面(IDプロバイダー)からの応答を確認できなかったため、ログインできませんでした。所属企業のシステム管理者に、SSOの設定と接続テストの結果の確認を依頼してください。"
            }
            Self::EmailNotVerified => {
                "所属企業のIDプロバイダーで、メールアドレスの確認が完了していません。所属企業のシステム管理者にお問い合わせください。"
            }
            Self::NotRegistered => {
                "このメールアドレスは、KiteRaのユーザーとして登録されていません。入社直後の場合は、まだ登録されていないことがあります。日を改めて、もう一度お試しください。解決しない場合は、所属企業のシステム管理者にお問い合わせください。"
            }
            Self::Deleted => {
                "このメールアドレスのユーザーは、退職などにより削除されています。心当たりがない場合は、所属企業のシステム管理者にお問い合わせください。"
            }
            Self::Invited => {
                "登録がまだ完了していません。招待メールのリンクを開いて登録してください。招待メールがない場合は、所属企業のシステム管理者にお問い合わせください。"
            }
            Self::SignsInWithPassword => {
                "このメールアドレスの認証方法はパスワードです。ログイン画面で、パスワードを入力してログインしてください。"
            }
            Self::OtherPerson => {
                "KiteRaにログイン中のユーザーとは別のユーザーだったため、本人確認を完了できませんでした。KiteRaにログイン中のご本人のアカウントで、もう一度お試しください。"
            }
            Self::NotAskedAgain => {
                "所属企業のログイン画面(IDプロバイダー)で、ログインし直したことを確認できなかったため、本人確認を完了できませんでした。いったんKiteRaからログアウトし、もう一度ログインしてから操作してください。"
            }
        }
    }
}
