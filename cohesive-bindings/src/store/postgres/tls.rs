//! Connections over TLS.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::misfit;
use crate::store::StoreError;

/// What a server has to show before anything is sent to it: a certificate for its host name, from an authority that
/// is trusted here.
#[derive(Debug, Clone)]
pub struct Tls {
    authorities: Vec<CertificateDer<'static>>,
}

impl Tls {
    /// Trusts the certificates of a file, and no others. The file is in PEM form, as the operating system or the
    /// operator of the database provides it.
    ///
    /// # Errors
    /// When the file cannot be read or has no certificate.
    pub fn trusting(file: impl AsRef<Path>) -> Result<Self, StoreError> {
        let file = file.as_ref();
        let unreadable = |cause: &dyn std::fmt::Display| misfit(format!("{}: {cause}", file.display()));
        let certificates = CertificateDer::pem_file_iter(file).map_err(|cause| unreadable(&cause))?;
        let authorities = certificates.collect::<Result<Vec<_>, _>>().map_err(|cause| unreadable(&cause))?;
        if authorities.is_empty() {
            return Err(unreadable(&"there is no certificate in this file"));
        }
        Ok(Self { authorities })
    }

    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, StoreError> {
        let mut roots = RootCertStore::empty();
        for authority in &self.authorities {
            roots
                .add(authority.clone())
                .map_err(|cause| misfit(format!("a certificate to trust: {cause}")))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|cause| misfit(cause.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(MakeRustlsConnect::new(config))
    }
}
