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
    has_changed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

impl Version {
    /// The member that has the tokens.
    fn tokens(self) -> &'static str {
        match self {
            Self::One => BY_RS,
            Self::Two => DATA,
        }
    }
}

impl<'a> TokenFile<'a> {
    pub(super) fn empty() -> Self {
        let mut root = Object::default();
        root.set(DATA, Node::Object(Object::default()));
        root.set(FORMAT, Node::Text("2.0"));
        root.set(WRITER, Node::Text(WRITER_VERSION));
        Self { root, version: Version::Two, has_changed: false }
    }

    /// Reads the content of the file at `path`, which is only named in errors, to look at `namespace` first.
    pub(super) fn parse(content: &'a [u8], path: &Path, namespace: &str) -> Result<Self, StorageError> {
        let corrupt = |why: &str| files::corrupt(path, why);
        let text = str::from_utf8(content).map_err(|_| corrupt("it is not UTF-8 text"))?;
        let mut root = Object::parse(text, &[DATA, namespace]).map_err(|why| corrupt(&why))?;
        let format = root.get(FORMAT).ok_or_else(|| corrupt("it has no `format_version`"))?;
        let version = match format.as_text().as_deref() {
            Some("1.0") => Version::One,
            Some("2.0") => Version::Two,
            _ => return Err(unsupported(path)),
        };
        if root.get(WRITER).is_none() {
            return Err(corrupt("it has no `globus-sdk.version`"));
        }
        let tokens = version.tokens();
        if root.object(tokens).map_err(|why| corrupt(&why))?.is_none() {
            return Err(corrupt(&format!("it has no `{tokens}`")));
        }
        Ok(Self { root, version, has_changed: false })
    }

    pub(super) fn tokens(&mut self, namespace: &str) -> Result<BTreeMap<String, TokenData>, String> {
        let Some(tokens) = self.namespace(namespace)? else { return Ok(BTreeMap::new()) };
        tokens
            .iter()
            .map(|(resource_server, node)| Ok((resource_server.to_owned(), node.as_token(resource_server)?)))
            .collect()
    }

    pub(super) fn token(
        &mut self,
        namespace: &str,
        resource_server: &str,
    ) -> Result<Option<TokenData>, String> {
        let Some(tokens) = self.namespace(namespace)? else { return Ok(None) };
        tokens.get(resource_server).map(|node| node.as_token(resource_server)).transpose()
    }

    pub(super) fn store(
        &mut self,
        namespace: &str,
        tokens: impl IntoIterator<Item = (String, TokenData)>,
    ) -> Result<(), String> {
        self.upgrade();
        let stored = self.root.object_or_new(DATA)?.object_or_new(namespace)?;
        for (resource_server, data) in tokens {
            stored.set(&resource_server, Node::Token(Box::new(data)));
        }
        self.root.set(WRITER, Node::Text(WRITER_VERSION));
        self.has_changed = true;
        Ok(())
    }

    /// `false` when there is nothing to remove.
    pub(super) fn remove(&mut self, namespace: &str, resource_server: &str) -> Result<bool, String> {
        let Some(tokens) = self.namespace(namespace)? else { return Ok(false) };
        let removed = tokens.take(resource_server);
        if removed {
            self.upgrade();
            self.has_changed = true;
        }
        Ok(removed)
    }

    /// `false` when something else than `expected` is stored.
    pub(super) fn swap(
        &mut self,
        namespace: &str,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<TokenData>,
    ) -> Result<bool, String> {
        if self.token(namespace, resource_server)?.as_ref() != expected {
            return Ok(false);
        }
        match new {
            Some(new) => self.store(namespace, [(resource_server.to_owned(), new)])?,
            None => drop(self.remove(namespace, resource_server)?),
        }
        Ok(true)
    }

    /// Those that hold an entry, in the order of their names.
    pub(super) fn namespaces(&mut self) -> Result<Vec<String>, String> {
        let Some(tokens) = self.root.object(self.version.tokens())? else { return Ok(Vec::new()) };
        if self.version == Version::One {
            let holds_any = tokens.iter().next().is_some();
            return Ok(holds_any.then(|| DEFAULT_NAMESPACE.to_owned()).into_iter().collect());
        }
        // Of a name that occurs twice the last one counts.
        let mut holds_any = BTreeMap::new();
        for (name, node) in tokens.iter() {
            holds_any.insert(name, node.holds_any(name)?);
        }
        Ok(holds_any
            .into_iter()
            .filter(|(_, holds_any)| *holds_any)
            .map(|(name, _)| name.to_owned())
            .collect())
    }

    pub(super) fn has_changed(&self) -> bool {
        self.has_changed
    }

    pub(super) fn root(&self) -> &Object<'a> {
        &self.root
    }

    fn namespace(&mut self, namespace: &str) -> Result<Option<&mut Object<'a>>, String> {
        let tokens = self.root.object(self.version.tokens())?;
        match (self.version, tokens) {
            (Version::Two, Some(namespaces)) => namespaces.object(namespace),
            (Version::One, tokens) if namespace == DEFAULT_NAMESPACE => Ok(tokens),
            _ => Ok(None),
        }
    }

    /// Makes a 1.0 document a 2.0 document: its tokens become those of the default namespace.
    fn upgrade(&mut self) {
        if self.version == Version::Two {
            return;
        }
        self.version = Version::Two;
        self.root.take(DATA);
        self.root.wrap(BY_RS, DATA, DEFAULT_NAMESPACE);
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
