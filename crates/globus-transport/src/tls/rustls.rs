//! TLS by rustls, with its `ring` provider passed explicitly: a program may have installed another one for the process, or
//! none.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::{error, fs, io};

use ::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use ::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use ::rustls::pki_types::pem::PemObject;
use ::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use ::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

use super::TlsSettings;
use crate::error::network::chain;
use crate::settings::VerifySsl;
use crate::{Error, ErrorKind};

pub(super) fn config(settings: &TlsSettings) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|err| Error::with_source(ErrorKind::Configuration, "TLS cannot be set up", err))?;
    let extra = settings.extra_roots.iter().map(|pem| certificates(pem, "the given root certificates"));
    let extra = extra.collect::<Result<Vec<_>, _>>()?.concat();
    let mut config = match &settings.verify {
        VerifySsl::CaFile(path) => {
            let name = path.display().to_string();
            let pem = fs::read(path).map_err(|err| unreadable(path, err))?;
            let mut roots = RootCertStore::empty();
            for certificate in certificates(&pem, &name)?.into_iter().chain(extra) {
                roots.add(certificate).map_err(|err| {
                    Error::with_source(
                        ErrorKind::Configuration,
                        format!("{name} holds a certificate that cannot be used"),
                        err,
                    )
                })?;
            }
            builder.with_root_certificates(roots).with_no_client_auth()
        }
        VerifySsl::Platform => {
            let verifier = PlatformVerifier { provider, extra, loaded: OnceLock::new() };
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
        }
        VerifySsl::DangerNone => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAll { provider }))
            .with_no_client_auth(),
    };
    if cfg!(feature = "http2") {
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    Ok(config)
}

fn unreadable(path: &Path, err: io::Error) -> Error {
    let why = match err.kind() {
        io::ErrorKind::NotFound => "no such file is there",
        io::ErrorKind::PermissionDenied => "this user has no permission",
        _ => "it is no plain file, or the disk fails",
    };
    let message = format!(
        "the CA file {path:?} cannot be read, {why}; GLOBUS_SDK_VERIFY_SSL is true, false, or the path of a file with CA \
         certificates"
    );
    Error::with_source(ErrorKind::Configuration, message, err)
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong = |why: String| {
        Error::new(ErrorKind::Configuration, format!("{what} cannot be read as PEM certificates: {why}"))
    };
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|err| wrong(err.to_string()))?;
    if found.is_empty() { Err(wrong("there is none".to_owned())) } else { Ok(found) }
}

/// The platform's verifier, made when the first certificate is to be judged: loading the roots takes longer than everything
/// else about a new client.
#[derive(Debug)]
struct PlatformVerifier {
    provider: Arc<CryptoProvider>,
    extra: Vec<CertificateDer<'static>>,
    loaded: OnceLock<Verifier>,
}

impl PlatformVerifier {
    fn verifier(&self) -> Result<&Verifier, TlsError> {
        if let Some(verifier) = self.loaded.get() {
            return Ok(verifier);
        }
        // Two threads may load at once; one result is kept. A failure is not: the next connection tries again.
        let verifier =
            Verifier::new_with_extra_roots(self.extra.iter().cloned(), Arc::clone(&self.provider))?;
        Ok(self.loaded.get_or_init(|| verifier))
    }
}

impl ServerCertVerifier for PlatformVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        self.verifier()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.verifier()?.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.verifier()?.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Believes everybody; only the signature of the handshake is still checked.
#[derive(Debug)]
struct AcceptAll {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AcceptAll {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

pub(super) fn failure_in_words(err: &reqwest::Error, host: &str) -> Option<String> {
    let err = chain(err).find_map(tls_error)?;
    Some(match err {
        TlsError::InvalidCertificate(why) => match why {
            CertificateError::UnknownIssuer => format!(
                "the certificate of {host} is not trusted, its issuer is unknown here; add the issuer with \
                 GLOBUS_SDK_VERIFY_SSL=<CA file>, and beware of a proxy that reads along"
            ),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                format!("the certificate of {host} has expired; check the clock of this machine")
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                format!("the certificate of {host} is not valid yet; check the clock of this machine")
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                format!("the certificate that {host} shows was issued for another name")
            }
            _ => format!("the certificate of {host} is not trusted"),
        },
        _ => format!("no secure connection to {host} could be made; does it speak TLS?"),
    })
}

/// The TLS error that `err` is or wraps: an I/O error, of which there may be several around it, hides it from `source`.
fn tls_error<'a>(err: &'a (dyn error::Error + 'static)) -> Option<&'a TlsError> {
    match err.downcast_ref::<io::Error>() {
        Some(io) => tls_error(io.get_ref()?),
        None => err.downcast_ref(),
    }
}
