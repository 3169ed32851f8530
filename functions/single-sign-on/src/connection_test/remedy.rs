//! What went wrong in a connection test, and what to do about it at the provider.

use crate::oidc::{OidcError, TokenFault};
use crate::outcome::Refusal;

/// A failed test in words.
pub(super) struct Failure {
    pub(super) cause: &'static str,
    pub(super) remedy: &'static str,
}

/// Returns cause and remedy.
pub(super) fn failure(refusal: Refusal) -> Failure {
    let (cause, remedy) = match refusal {
        Refusal::Provider(error) => provider_failure(error),
        Refusal::Saml(refusal) => (refusal.cause(), refusal.remedy()),
        Refusal::Denied => (
            "IDプロバイダーでログインがキャンセルされたか、KiteRaの利用が許可されませんでした。",
            "IDプロバイダーで、KiteRaのアプリケーションをこのユーザーに割り当ててください。",
        ),
        Refusal::ProviderError => (
            "IDプロバイダーがエラーを返しました。",
            "IDプロバイダーに登録したアプリケーションで、認可コードフロー、PKCE(S256)、スコープ「openid email」が許可されているか確認してください。",
        ),
        Refusal::MixedUp => (
            "応答の発行者(iss)が、設定した発行者と異なります。",
            "発行者(Issuer)の値を、IDプロバイダーの「/.well-known/openid-configuration」にあるissuerと同じにしてください。",
        ),
        Refusal::NoEmail => (
            "メールアドレス(email)を受け取れませんでした。",
            "IDプロバイダーで、IDトークンまたはUserInfoにemailを含めるように設定してください。",
        ),
        Refusal::EmailNotVerified => (
            "メールアドレスが確認済みではありません(email_verifiedがfalse)。",
            "IDプロバイダーで、このユーザーのメールアドレスを確認済みにしてください。",
        ),
        Refusal::NotRegistered | Refusal::Deleted | Refusal::Invited => (
            "受け取ったメールアドレスと一致する、有効なKiteRaのユーザーがいません。",
            "IDプロバイダーがemailに設定する値が、KiteRaに登録したメールアドレスと同じか確認してください。登録済みのユーザーでログインして、もう一度テストしてください。",
        ),
        Refusal::NoSingleSignOn
        | Refusal::UnknownState
        | Refusal::OtherBrowser
        | Refusal::Expired
        | Refusal::Changed
        | Refusal::OtherPerson
        | Refusal::NotAskedAgain
        | Refusal::SignsInWithPassword => (
            "テストを完了できませんでした。",
            "SSOの設定に戻り、もう一度[接続テスト]をクリックしてください。",
        ),
    };
    Failure { cause, remedy }
}

fn provider_failure(error: OidcError) -> (&'static str, &'static str) {
    match error {
        OidcError::AddressNotAllowed(_) => (
            "IDプロバイダーのURLに接続できません。httpsで始まる、インターネットに公開されたURLだけを使用できます。",
            "発行者(Issuer)と、IDプロバイダーが公開している各エンドポイントのURLを確認してください。",
        ),
        OidcError::Unavailable(_) => (
            "IDプロバイダーが応答しません。",
            "発行者(Issuer)のURLを確認してください。正しい場合は、IDプロバイダーの稼働状況を確認し、時間をおいてもう一度テストしてください。",
        ),
        OidcError::UnexpectedAnswer(_) => (
            "IDプロバイダーの応答が、OpenID Connectの形式ではありません。",
            "発行者(Issuer)の値に「/.well-known/openid-configuration」を付けたURLが、設定情報(JSON)を返すか確認してください。",
        ),
        OidcError::OtherIssuer => (
            "IDプロバイダーが公開している発行者(issuer)が、設定した値と異なります。",
            "発行者(Issuer)の値を、末尾の「/」も含めて、IDプロバイダーが公開している値と同じにしてください。",
        ),
        OidcError::ClientRefused => (
            "クライアントIDまたはクライアントシークレットが正しくありません。",
            "IDプロバイダーに表示されているクライアントIDとクライアントシークレットを、もう一度登録してください。シークレットの有効期限も確認してください。",
        ),
        OidcError::CodeRefused => (
            "IDプロバイダーが認可コードを受け付けませんでした。",
            "IDプロバイダーに登録したリダイレクトURIが、KiteRaの画面に表示されている値と同じか確認してください。",
        ),
        OidcError::Token(fault) => token_failure(fault),
    }
}

fn token_failure(fault: TokenFault) -> (&'static str, &'static str) {
    match fault {
        TokenFault::Missing => (
            "IDトークンを受け取れませんでした。",
            "IDプロバイダーに登録したアプリケーションが、OAuthだけでなくOpenID Connectに対応しているか確認してください。",
        ),
        TokenFault::Signature | TokenFault::AccessToken => (
            "IDトークンの署名を確認できませんでした。",
            "IDプロバイダーが公開している鍵(jwks_uri)で、IDトークンが署名されているか確認してください。",
        ),
        TokenFault::Algorithm => (
            "IDトークンの署名アルゴリズムを使用できません。",
            "IDプロバイダーで、IDトークンの署名アルゴリズムをRS256、PS256またはES256にしてください。HS256と署名なし(none)は使用できません。",
        ),
        TokenFault::Issuer => (
            "IDトークンの発行者(iss)が、設定した発行者と異なります。",
            "発行者(Issuer)の値を、IDプロバイダーが公開している値と同じにしてください。",
        ),
        TokenFault::Audience => (
            "IDトークンの宛先(aud)が、設定したクライアントIDではありません。",
            "クライアントIDの値を確認してください。",
        ),
        TokenFault::Expired | TokenFault::IssueTime => (
            "IDトークンの時刻(exp、iat、nbf)が、KiteRaの時刻と合いません。",
            "IDプロバイダーのサーバーの時計を合わせてください。",
        ),
        TokenFault::Nonce | TokenFault::Malformed => (
            "IDトークンの内容が、このログインのものではありません。",
            "もう一度テストしてください。繰り返す場合は、IDプロバイダーがnonceをIDトークンに含めるか確認してください。",
        ),
    }
}
