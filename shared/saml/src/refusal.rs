//! Why a response is not believed: the cause and the remedy, in the words that an admin reads in the connection test.

use serde::{Deserialize, Serialize};

/// Why a response is not believed. One variant for each check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// More than 256 KiB.
    #[error("the response is larger than 256 KiB")]
    TooLarge,
    /// Not base64, not UTF-8, or not well-formed XML.
    #[error("the response is not XML")]
    NotXml,
    /// It has a document type declaration.
    #[error("the response has a DTD")]
    Doctype,
    /// It has a comment or a processing instruction, which a signature does not cover.
    #[error("the response has a comment or a processing instruction")]
    Comment,
    /// The root is not a SAML 2.0 response.
    #[error("the message is not a response")]
    NotAResponse,
    /// The provider says that nobody signed in.
    #[error("the identity provider did not sign the person in")]
    NotSignedIn,
    /// The assertion or the name is encrypted. We have no key to be encrypted for.
    #[error("the assertion is encrypted")]
    Encrypted,
    /// No assertion where it belongs.
    #[error("the response has no assertion")]
    NoAssertion,
    /// More than one assertion or response, wherever.
    #[error("the response has several assertions")]
    SeveralAssertions,
    /// Something that every assertion has is missing.
    #[error("the assertion is incomplete")]
    Incomplete,
    /// Neither the response nor the assertion is signed.
    #[error("the response is not signed")]
    Unsigned,
    /// A signature in another place, or of another form, than providers make.
    #[error("the signature has a form that is not taken")]
    SignatureForm,
    /// Signed with SHA-1.
    #[error("the response is signed with SHA-1")]
    Sha1,
    /// A signature is not by a key of the provider, or not of this content.
    #[error("a signature cannot be verified")]
    Signature,
    /// Issued by another provider.
    #[error("the issuer is another one")]
    Issuer,
    /// Sent to another address.
    #[error("the destination is another one")]
    Destination,
    /// Confirmed for another address.
    #[error("the recipient is another one")]
    Recipient,
    /// Made for another service.
    #[error("the audience is another one")]
    Audience,
    /// It answers no request. The caller begins a sign-in of its own instead.
    #[error("the response was not asked for")]
    Unsolicited,
    /// It answers another request than this browser's.
    #[error("the response answers another request")]
    OtherRequest,
    /// Not valid yet.
    #[error("the assertion is not valid yet")]
    NotYetValid,
    /// Not valid any more.
    #[error("the assertion expired")]
    Expired,
    /// Not confirmed by bearing it.
    #[error("the subject is not confirmed by bearer")]
    NotBearer,
    /// A condition that we do not know.
    #[error("the assertion has an unknown condition")]
    UnknownCondition,
    /// Nothing in it is an e-mail address.
    #[error("the assertion has no address")]
    NoAddress,
    /// It has several addresses.
    #[error("the assertion has several addresses")]
    SeveralAddresses,
}

impl Refusal {
    /// Returns 原因: what is wrong, in Japanese.
    pub fn cause(self) -> &'static str {
        match self {
            Self::TooLarge => "IDプロバイダーの応答が大きすぎます(上限256KB)",
            Self::NotXml => "IDプロバイダーの応答をXMLとして読み取れません",
            Self::Doctype => "IDプロバイダーの応答にDTD(<!DOCTYPE>)が含まれています",
            Self::Comment => {
                "IDプロバイダーの応答に、署名の対象にならないコメントまたは処理命令が含まれています"
            }
            Self::NotAResponse => "SAML 2.0の応答(Response)ではありません",
            Self::NotSignedIn => "IDプロバイダーでログインできませんでした",
            Self::Encrypted => "アサーションが暗号化されています",
            Self::NoAssertion => "IDプロバイダーの応答にアサーションがありません",
            Self::SeveralAssertions => "IDプロバイダーの応答に複数のアサーションが含まれています",
            Self::Incomplete => {
                "アサーションに必要な項目(NameID、Conditions、AuthnStatement、有効期限など)がありません"
            }
            Self::Unsigned => "IDプロバイダーの応答に署名がありません",
            Self::SignatureForm => "署名の形式に対応していません",
            Self::Sha1 => "署名にSHA-1が使用されています",
            Self::Signature => "登録されている証明書で署名を確認できません",
            Self::Issuer => "発行者(Issuer)が、登録されているIDプロバイダーのEntity IDと異なります",
            Self::Destination => "送信先(Destination)が、KiteRaのACS URLと異なります",
            Self::Recipient => "受信者(Recipient)が、KiteRaのACS URLと異なります",
            Self::Audience => "対象者(Audience)が、KiteRaのEntity IDと異なります",
            Self::Unsolicited => "KiteRaからのログイン要求に対する応答ではありません",
            Self::OtherRequest => "このブラウザーで開始したログインに対する応答ではありません",
            Self::NotYetValid => "アサーションの有効期間が始まっていません",
            Self::Expired => "アサーションの有効期限が切れています",
            Self::NotBearer => "本人確認の方式(SubjectConfirmation)がbearerではありません",
            Self::UnknownCondition => {
                "アサーションに対応していない条件(Conditions)が含まれています"
            }
            Self::NoAddress => "アサーションにメールアドレスがありません",
            Self::SeveralAddresses => "アサーションに複数のメールアドレスが含まれています",
        }
    }

    /// Returns 対処: what to do at the IDプロバイダー, in Japanese.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::TooLarge => {
                "IDプロバイダーで、KiteRaに送信する属性(グループなど)を減らしてください"
            }
            Self::NotXml | Self::NotAResponse | Self::Doctype | Self::Comment => {
                "IDプロバイダーのSAML 2.0アプリケーションとして、KiteRaのメタデータを使用して設定し直してください"
            }
            Self::NotSignedIn => {
                "IDプロバイダーで、このユーザーにKiteRaのアプリケーションを割り当ててください"
            }
            Self::Encrypted => {
                "IDプロバイダーで、アサーションの暗号化を無効にしてください(通信はHTTPSで保護されています)"
            }
            Self::NoAssertion | Self::Incomplete | Self::UnknownCondition => {
                "IDプロバイダーで、KiteRaのアプリケーションをSAML 2.0の標準の設定(Web Browser SSO)に戻してください"
            }
            Self::SeveralAssertions => {
                "IDプロバイダーで、アサーションを1つだけ送信するように設定してください"
            }
            Self::Unsigned => "IDプロバイダーで、アサーションまたは応答の署名を有効にしてください",
            Self::SignatureForm => {
                "IDプロバイダーで、署名アルゴリズムをRSA-SHA256、正規化方式をExclusive XML Canonicalization(コメントなし)にしてください"
            }
            Self::Sha1 => {
                "IDプロバイダーで、署名アルゴリズムとダイジェストをSHA-256に変更してください"
            }
            Self::Signature => {
                "IDプロバイダーの証明書が変更されている場合は、IDプロバイダーのメタデータをダウンロードし直して登録してください"
            }
            Self::Issuer => {
                "KiteRaに登録したメタデータが、ログインに使用しているIDプロバイダーのものか確認してください"
            }
            Self::Destination | Self::Recipient => {
                "IDプロバイダーのACS URL(応答URL、シングルサインオンURL)に、KiteRaに表示されているACS URLをそのまま設定してください"
            }
            Self::Audience => {
                "IDプロバイダーのAudience(識別子、Entity ID)に、KiteRaに表示されているEntity IDをそのまま設定してください"
            }
            Self::Unsolicited | Self::OtherRequest => {
                "KiteRaのログイン画面から、もう一度ログインしてください"
            }
            Self::NotYetValid | Self::Expired => {
                "もう一度ログインしてください。繰り返す場合は、IDプロバイダーの時計を合わせてください(KiteRaとの差は2分まで許容されます)"
            }
            Self::NotBearer => "IDプロバイダーで、SubjectConfirmationの方式をbearerにしてください",
            Self::NoAddress => {
                "IDプロバイダーで、NameIDまたは属性「email」にメールアドレスを設定してください"
            }
            Self::SeveralAddresses => {
                "IDプロバイダーで、属性「email」に送信するメールアドレスを1つだけにしてください"
            }
        }
    }
}
