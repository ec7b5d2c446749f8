//! Checksums of files: what an item asks for, and what comes out.

use serde_json::Value;
use sha2::digest::{Digest, DynDigest};

use crate::transfer::error::TransferError;

/// A checksum that is being computed, by whichever thread.
pub(super) type Sum = Box<dyn DynDigest + Send>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    const ALL: [Self; 4] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    pub(super) fn start(self) -> Sum {
        match self {
            Self::Md5 => Box::new(md5::Md5::new()),
            Self::Sha1 => Box::new(sha1::Sha1::new()),
            Self::Sha256 => Box::new(sha2::Sha256::new()),
            Self::Sha512 => Box::new(sha2::Sha512::new()),
        }
    }
}

/// What an item wants to know of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) algorithm: Algorithm,
    /// What the user knows already, in lower case.
    pub(crate) external: Option<String>,
}

impl Check {
    pub(super) fn read(item: &Value) -> Result<Option<Self>, TransferError> {
        let text = |field: &str| match &item[field] {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.as_str())),
            _ => Err(TransferError::invalid(format!("'{field}' must be a text"))),
        };
        let (external, algorithm) = (text("external_checksum")?, text("checksum_algorithm")?);
        if external.is_none() && algorithm.is_none() {
            return Ok(None);
        }
        let algorithm = named(algorithm.unwrap_or("MD5"))?;
        let external = external.map(str::to_ascii_lowercase);
        let digits = algorithm.start().output_size() * 2;
        if let Some(external) = &external
            && (external.len() != digits || !external.bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            let name = algorithm.as_str();
            return Err(TransferError::invalid(format!(
                "A checksum by {name} has {digits} hexadecimal digits"
            )));
        }
        if external.is_some() && item["recursive"] == true {
            return Err(TransferError::invalid("An external checksum is for one file, not for a directory"));
        }
        Ok(Some(Self { algorithm, external }))
    }

    /// What holds for each file of a directory.
    pub(super) fn of_each(&self) -> Self {
        Self { algorithm: self.algorithm, external: None }
    }
}

fn named(name: &str) -> Result<Algorithm, TransferError> {
    let plain = name.replace('-', "").to_ascii_uppercase();
    let found = Algorithm::ALL.into_iter().find(|algorithm| algorithm.as_str() == plain);
    found.ok_or_else(|| {
        TransferError::invalid(format!("checksum_algorithm '{name}' is none of MD5, SHA1, SHA256, SHA512"))
    })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn checksums_are_those_that_everybody_knows() {
        for (algorithm, sum) in [
            (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Algorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Algorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ] {
            let mut state = algorithm.start();
            state.update(b"abc");
            assert_eq!(hex(&state.finalize()), sum, "{algorithm:?}");
        }
        assert_eq!(Algorithm::Sha512.start().output_size(), 64);
    }

    #[test]
    fn an_item_names_an_algorithm_or_means_md5() {
        let read = |item: Value| Check::read(&item).map_err(|error| error.message);
        assert_eq!(read(json!({})).unwrap(), None);
        let md5 = "900150983CD24FB0D6963F7D28E17F72";
        let check = read(json!({ "external_checksum": md5 })).unwrap().unwrap();
        assert_eq!((check.algorithm, check.external), (Algorithm::Md5, Some(md5.to_ascii_lowercase())));
        let check = read(json!({ "checksum_algorithm": "sha-256" })).unwrap().unwrap();
        assert_eq!((check.algorithm, check.external), (Algorithm::Sha256, None));
        for bad in [
            json!({ "checksum_algorithm": "CRC32" }),
            json!({ "checksum_algorithm": 5 }),
            json!({ "external_checksum": "xyz" }),
            json!({ "external_checksum": md5, "checksum_algorithm": "SHA1" }),
            json!({ "external_checksum": md5, "recursive": true }),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }
}
