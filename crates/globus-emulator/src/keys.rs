//! The key that signs ID tokens.

use std::fmt;
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPrivateKey, rand_core};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::watch;

const BITS: usize = 2048;
const KEY_ID: &str = "globus-emulator";

/// An RSA key for RS256.
pub(crate) struct Key {
    signing: SigningKey<Sha256>,
    modulus: String,
    exponent: String,
}

/// One key for all emulators of a process: making one takes longer than everything else together.
static KEY: LazyLock<watch::Receiver<Option<Arc<Key>>>> = LazyLock::new(|| {
    let (sender, receiver) = watch::channel(None);
    std::thread::spawn(move || {
        if let Ok(private) = RsaPrivateKey::new(&mut rand_core::OsRng, BITS) {
            sender.send_replace(Some(Arc::new(Key::new(private))));
        }
    });
    receiver
});

/// Starts making the key, so that it is there when it is wanted.
pub(crate) fn prepare() {
    LazyLock::force(&KEY);
}

/// The key, once it is made; `None` if that failed.
pub(crate) async fn key() -> Option<Arc<Key>> {
    let mut receiver = KEY.clone();
    receiver.wait_for(Option::is_some).await.ok().and_then(|key| key.clone())
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("modulus", &self.modulus).finish_non_exhaustive()
    }
}

impl Key {
    fn new(private: RsaPrivateKey) -> Self {
        let modulus = URL_SAFE_NO_PAD.encode(private.n().to_bytes_be());
        let exponent = URL_SAFE_NO_PAD.encode(private.e().to_bytes_be());
        Self { signing: SigningKey::new(private), modulus, exponent }
    }

    /// The private key as text: PKCS #1 in Base64.
    pub(crate) fn to_text(&self) -> Option<String> {
        let private: &RsaPrivateKey = self.signing.as_ref();
        Some(URL_SAFE_NO_PAD.encode(private.to_pkcs1_der().ok()?.as_bytes()))
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let der = URL_SAFE_NO_PAD.decode(text).ok()?;
        RsaPrivateKey::from_pkcs1_der(&der).ok().map(Self::new)
    }

    /// The public part, as a JSON Web Key.
    pub(crate) fn jwk(&self) -> Value {
        json!({ "kty": "RSA", "alg": "RS256", "use": "sig", "kid": KEY_ID, "n": self.modulus, "e": self.exponent })
    }

    /// The claims as a signed compact JWT.
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({ "alg": "RS256", "kid": KEY_ID, "typ": "JWT" });
        let signed = format!("{}.{}", part(&header), part(claims));
        let signature = self.signing.try_sign(signed.as_bytes()).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes())))
    }
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
