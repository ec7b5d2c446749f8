//! [`NativeAppInstance`]: a client that an installation of a program has for itself.

use std::mem;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use super::{Client, ClientCredential, ClientDocument};

/// A client that an installation of a program has for itself, with its secret: the answer of
/// [`create_native_app_instance`](crate::auth::NativeAppAuthClient::create_native_app_instance).
///
/// `Debug` shows a fingerprint of the secret only. Writing the document, as JSON for example, writes the secret itself.
#[derive(Clone, Debug, PartialEq)]
pub struct NativeAppInstance {
    document: ClientDocument,
    /// What is around the document, which the service has been seen to wrap into another.
    wrapper: Option<Map<String, Value>>,
}

impl NativeAppInstance {
    /// The client.
    pub fn client(&self) -> &Client {
        &self.document.client
    }

    /// Its secret, of which this is the only answer that holds it.
    pub fn client_credential(&self) -> Option<&ClientCredential> {
        self.document.included.as_ref()?.client_credential.as_ref()
    }
}

impl<'de> Deserialize<'de> for NativeAppInstance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut outer = Map::deserialize(deserializer)?;
        let is_wrapped = outer.get("client").is_some_and(|client| client["client"].is_object());
        let document = if is_wrapped {
            outer.remove("client").unwrap_or_default()
        } else {
            Value::Object(mem::take(&mut outer))
        };
        // What is wrong is not passed on: it may quote the secret.
        let document = serde_json::from_value(document)
            .map_err(|_| de::Error::custom("a field of the new client has the wrong type"))?;
        Ok(Self { document, wrapper: is_wrapped.then_some(outer) })
    }
}

impl Serialize for NativeAppInstance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.wrapper {
            Some(others) => Wrapped { client: &self.document, others }.serialize(serializer),
            None => self.document.serialize(serializer),
        }
    }
}

#[derive(Serialize)]
struct Wrapped<'a> {
    client: &'a ClientDocument,
    #[serde(flatten)]
    others: &'a Map<String, Value>,
}
