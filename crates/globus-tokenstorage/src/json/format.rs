//! The versions of the file format: which keys there must be, and how an old file becomes a new one.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{Node, Object};
use crate::entry::WRITER_VERSION;
use crate::{DEFAULT_NAMESPACE, StorageError, StorageErrorKind, TokenData, files};

const FORMAT: &str = "format_version";
const WRITER: &str = "globus-sdk.version";
const DATA: &str = "data";
const BY_RS: &str = "by_rs";

/// A document whose version is known and whose outer parts are right.
#[derive(Debug)]
pub(super) struct TokenFile<'a> {
    root: Object<'a>,
    version: Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

impl<'a> TokenFile<'a> {
    pub(super) fn empty() -> Self {
        let mut root = Object::default();
        root.set(DATA, Node::Object(Object::default()));
        root.set(FORMAT, Node::Text("2.0"));
        root.set(WRITER, Node::Text(WRITER_VERSION));
        Self { root, version: Version::Two }
    }

    /// Reads the content of the file at `path`, which is only named in errors.
    pub(super) fn parse(content: &'a [u8], path: &Path) -> Result<Self, StorageError> {
        let corrupt = |why: &str| files::corrupt(path, why);
        let text = str::from_utf8(content).map_err(|_| corrupt("it is not UTF-8 text"))?;
        let root = Object::parse(text).map_err(|why| corrupt(&why))?;
        let format = root.get(FORMAT).ok_or_else(|| corrupt("it has no `format_version`"))?;
        let version = match format.as_text().as_deref() {
            Some("1.0") => Version::One,
            Some("2.0") => Version::Two,
            _ => return Err(unsupported(path)),
        };
        if root.get(WRITER).is_none() {
            return Err(corrupt("it has no `globus-sdk.version`"));
        }
        let content = if version == Version::One { BY_RS } else { DATA };
        let node = root.get(content).ok_or_else(|| corrupt(&format!("it has no `{content}`")))?;
        node.as_object(content).map_err(|why| corrupt(&why))?;
        Ok(Self { root, version })
    }

    pub(super) fn tokens(&self, namespace: &str) -> Result<BTreeMap<String, TokenData>, String> {
        let Some(tokens) = self.namespace(namespace)? else { return Ok(BTreeMap::new()) };
        tokens
            .iter()
            .map(|(resource_server, node)| Ok((resource_server.to_owned(), node.as_token(resource_server)?)))
            .collect()
    }

    pub(super) fn token(&self, namespace: &str, resource_server: &str) -> Result<Option<TokenData>, String> {
        let Some(tokens) = self.namespace(namespace)? else { return Ok(None) };
        tokens.get(resource_server).map(|node| node.as_token(resource_server)).transpose()
    }

    pub(super) fn contains(&self, namespace: &str, resource_server: &str) -> Result<bool, String> {
        Ok(self.namespace(namespace)?.is_some_and(|tokens| tokens.get(resource_server).is_some()))
    }

    pub(super) fn store<'b>(
        &mut self,
        namespace: &str,
        tokens: impl IntoIterator<Item = (&'b String, &'a TokenData)>,
    ) -> Result<(), String> {
        self.upgrade();
        let stored = self.root.object_mut(DATA)?.object_mut(namespace)?;
        for (resource_server, data) in tokens {
            stored.set(resource_server, Node::Token(data));
        }
        self.root.set(WRITER, Node::Text(WRITER_VERSION));
        Ok(())
    }

    /// `false` when there is nothing to remove.
    pub(super) fn remove(&mut self, namespace: &str, resource_server: &str) -> Result<bool, String> {
        if !self.contains(namespace, resource_server)? {
            return Ok(false);
        }
        self.upgrade();
        Ok(self.root.object_mut(DATA)?.object_mut(namespace)?.take(resource_server).is_some())
    }

    pub(super) fn root(&self) -> &Object<'a> {
        &self.root
    }

    fn namespace(&self, namespace: &str) -> Result<Option<Object<'a>>, String> {
        match (self.version, self.root.get(DATA), self.root.get(BY_RS)) {
            (Version::One, _, Some(by_rs)) if namespace == DEFAULT_NAMESPACE => {
                by_rs.as_object(BY_RS).map(Some)
            }
            (Version::Two, Some(Node::Raw(_)), _) => {
                let data = self.root.get(DATA).map(|data| data.as_object(DATA)).transpose()?;
                data.and_then(|data| data.get(namespace).map(|tokens| tokens.as_object(namespace)))
                    .transpose()
            }
            _ => Ok(None),
        }
    }

    /// Makes a 1.0 document a 2.0 document: its tokens become those of the default namespace.
    fn upgrade(&mut self) {
        if self.version == Version::Two {
            return;
        }
        self.version = Version::Two;
        let mut data = Object::default();
        if let Some(Node::Raw(by_rs)) = self.root.get(BY_RS) {
            data.set(DEFAULT_NAMESPACE, Node::Raw(by_rs));
        }
        self.root.take(DATA);
        self.root.replace(BY_RS, DATA, Node::Object(data));
        self.root.set(FORMAT, Node::Text("2.0"));
    }
}

fn unsupported(path: &Path) -> StorageError {
    StorageError::new(
        StorageErrorKind::UnsupportedVersion,
        format!(
            "cannot use the token file {}: its `format_version` is neither 1.0 nor 2.0; it was left as it is: \
             use the program that wrote it, or another file",
            path.display()
        ),
    )
    .with_path(path)
}
