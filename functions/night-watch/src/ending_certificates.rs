//! Every morning: mails the システム管理者 whose SAML identity provider has a certificate that ends soon.

use domain::{MailKind, OutboxMail, SamlProvider, certificate_warning, time};
use jiff::SignedDuration;
use lambda::metrics::Metrics;
use storage::StoreError;
use storage::saml_certificates::SamlCertificates;

use crate::watch::{RoundReport, Watch};

/// The time before the end of a certificate that nobody replaced from which an operator looks at it.
const ALARMING: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Watch {
    /// Writes each due warning once, and counts the workspaces whose certificate ends within a week or has ended, as
    /// `CertificatesEnding`. A certificate that ended is still believed; its provider may change it at any time.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer.
    pub(crate) async fn warn_of_ending_certificates(&self) -> Result<RoundReport, StoreError> {
        let now = (self.clock)();
        let (mut ending, mut mailed) = (0_u32, 0_u32);
        for certificates in self.store.saml_certificates().await? {
            let ends_at = certificates.ends_at;
            let is_alarming = ends_at <= time::later(now, ALARMING);
            let warning = certificate_warning(ends_at, now);
            if (!is_alarming && warning.is_none()) || !self.is_in_use(&certificates).await? {
                continue;
            }
            let workspace_id = &certificates.workspace_id;
            if is_alarming {
                tracing::warn!(%workspace_id, %ends_at, "the certificate of an identity provider ends soon");
                ending += 1;
            }
            let Some(days) = warning else { continue };
            let mail = OutboxMail::new(MailKind::SamlCertificateEnds { ends_at, days }, now);
            mailed += u32::from(self.mail_once(workspace_id, mail).await?);
        }
        Metrics::new(now)
            .count("CertificatesEnding", ending)
            .print();
        Ok(RoundReport::Certificates { ending, mailed })
    }

    /// Returns whether people sign in with exactly these certificates.
    async fn is_in_use(&self, certificates: &SamlCertificates) -> Result<bool, StoreError> {
        let workspace = self.store.workspace(&certificates.workspace_id).await?;
        let provider = workspace.as_ref().and_then(|it| it.saml_in_use());
        let ends_at = provider.and_then(SamlProvider::certificates_end_at);
        Ok(ends_at == Some(certificates.ends_at))
    }
}
