//! Why the metadata of an identity provider is not taken.

/// Why the metadata that an admin pasted is not taken. Each has its text for the admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// More than 256 KiB.
    #[error("the metadata is larger than 256 KiB")]
    TooLarge,
    /// Not well-formed XML in UTF-8.
    #[error("the metadata is not XML")]
    NotXml,
    /// It has a document type declaration.
    #[error("the metadata has a DTD")]
    Doctype,
    /// The root is not an `EntityDescriptor`: several entities, or no metadata at all.
    #[error("the metadata is not of one entity")]
    NotOneEntity,
    /// The entity is no identity provider: most likely our own metadata.
    #[error("the entity is no identity provider")]
    NotAnIdentityProvider,
    /// No sign-in address for the binding HTTP-Redirect.
    #[error("the identity provider has no address for HTTP-Redirect")]
    NoRedirectAddress,
    /// The sign-in address does not begin with `https://`.
    #[error("the address of the identity provider is not https")]
    NotHttps,
    /// No certificate that signs.
    #[error("the identity provider has no signing certificate")]
    NoCertificate,
    /// More than two certificates that sign.
    #[error("the identity provider has more than two signing certificates")]
    TooManyCertificates,
    /// A certificate cannot be read, or has a key that is too weak.
    #[error("a signing certificate cannot be used")]
    BadCertificate,
}

impl MetadataError {
    /// Returns 原因: what is wrong, in Japanese.
    pub fn cause(self) -> &'static str {
        match self {
            Self::TooLarge => "メタデータが大きすぎます(上限256KB)",
            Self::NotXml => "メタデータをXMLとして読み取れません",
            Self::Doctype => "メタデータにDTD(<!DOCTYPE>)が含まれています",
            Self::NotOneEntity => "1つのIDプロバイダーのメタデータ(EntityDescriptor)ではありません",
            Self::NotAnIdentityProvider => {
                "IDプロバイダーのメタデータではありません(IDPSSODescriptorがありません)"
            }
            Self::NoRedirectAddress => "HTTP-RedirectのSSO URL(SingleSignOnService)がありません",
            Self::NotHttps => "SSO URLがhttps://で始まっていません",
            Self::NoCertificate => "署名用の証明書がありません",
            Self::TooManyCertificates => "署名用の証明書が3つ以上あります",
            Self::BadCertificate => "署名用の証明書を使用できません",
        }
    }

    /// Returns 対処: what an admin can do about it, in Japanese.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::TooLarge | Self::NotOneEntity => {
                "IDプロバイダーの管理画面から、KiteRa用のアプリケーションのメタデータだけをダウンロードしてください"
            }
            Self::NotXml | Self::Doctype => {
                "IDプロバイダーの管理画面からダウンロードしたメタデータXMLを、変更せずにそのまま貼り付けてください"
            }
            Self::NotAnIdentityProvider => {
                "KiteRaのメタデータではなく、IDプロバイダーの管理画面からダウンロードしたメタデータXMLを貼り付けてください"
            }
            Self::NoRedirectAddress => {
                "IDプロバイダーでHTTP-Redirectバインディングを有効にし、メタデータをダウンロードし直してください"
            }
            Self::NotHttps => "IDプロバイダーのSSO URLをhttps://で始まるアドレスに変更してください",
            Self::NoCertificate => {
                "IDプロバイダーで署名用の証明書を作成し、メタデータをダウンロードし直してください"
            }
            Self::TooManyCertificates => {
                "IDプロバイダーで使用していない証明書を削除し、メタデータをダウンロードし直してください(同時に登録できるのは2つまでです)"
            }
            Self::BadCertificate => {
                "IDプロバイダーで鍵がRSA 2048ビット以上または楕円曲線(P-256、P-384)の証明書を作成し、メタデータをダウンロードし直してください"
            }
        }
    }
}
