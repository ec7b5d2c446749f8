//! The JSON document of a token file: known parts are read, everything else is carried along as it is.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::entry::EntryOut;
use crate::{TokenData, entry};

/// An object whose members keep their order. Where a name occurs twice, the last one counts, as in Python.
#[derive(Debug, Default)]
pub(super) struct Object<'a>(Vec<(String, Node<'a>)>);

#[derive(Debug)]
pub(super) enum Node<'a> {
    /// Text of the file, as it stands there.
    Raw(&'a RawValue),
    Object(Object<'a>),
    Text(&'a str),
    Token(&'a TokenData),
}

impl<'a> Object<'a> {
    pub(super) fn parse(json: &'a str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|err| match err.classify() {
            serde_json::error::Category::Data => "it is not a JSON object".to_owned(),
            _ => entry::describe(&err),
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.0.iter().rev().find(|member| member.0 == name).map(|member| &member.1)
    }

    /// Puts `node` where `old` stood, under the name `new`, or at the end.
    pub(super) fn replace(&mut self, old: &str, new: &str, node: Node<'a>) {
        match self.0.iter_mut().rev().find(|member| member.0 == old) {
            Some(member) => *member = (new.to_owned(), node),
            None => self.0.push((new.to_owned(), node)),
        }
    }

    pub(super) fn set(&mut self, name: &str, node: Node<'a>) {
        self.replace(name, name, node);
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Node<'a>> {
        let index = self.0.iter().rposition(|member| member.0 == name)?;
        let node = self.0.remove(index).1;
        self.0.retain(|member| member.0 != name);
        Some(node)
    }

    /// The object under `name`, made when there is none.
    pub(super) fn object_mut(&mut self, name: &str) -> Result<&mut Self, String> {
        let index = self.0.iter().rposition(|member| member.0 == name).unwrap_or_else(|| {
            self.0.push((name.to_owned(), Node::Object(Self::default())));
            self.0.len() - 1
        });
        let (name, node) = &mut self.0[index];
        if let Node::Raw(raw) = *node {
            *node = Node::Object(Self::parse(raw.get()).map_err(|_| format!("`{name}` is not an object"))?);
        }
        match node {
            Node::Object(object) => Ok(object),
            _ => Err(format!("`{name}` is not an object")),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Node<'a>)> {
        self.0.iter().map(|(name, node)| (name.as_str(), node))
    }
}

impl<'a> Node<'a> {
    pub(super) fn as_object(&self, name: &str) -> Result<Object<'a>, String> {
        match self {
            Self::Raw(raw) => Object::parse(raw.get()).map_err(|_| format!("`{name}` is not an object")),
            _ => Err(format!("`{name}` is not an object")),
        }
    }

    pub(super) fn as_text(&self) -> Option<String> {
        match self {
            Self::Raw(raw) => serde_json::from_str(raw.get()).ok(),
            Self::Text(text) => Some((*text).to_owned()),
            _ => None,
        }
    }

    pub(super) fn as_token(&self, resource_server: &str) -> Result<TokenData, String> {
        match self {
            Self::Raw(raw) => entry::read(raw.get())
                .map_err(|err| format!("the entry of {}: {err}", resource_server.escape_debug())),
            Self::Token(data) => Ok((*data).clone()),
            _ => Err(format!("the entry of {} is not a token", resource_server.escape_debug())),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, raw)) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((name, Node::Raw(raw)));
                }
                Ok(Object(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, node) in &self.0 {
            map.serialize_entry(name, node)?;
        }
        map.end()
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Raw(raw) => raw.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Token(data) => EntryOut::from(*data).serialize(serializer),
        }
    }
}
