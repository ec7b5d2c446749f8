//! The JSON document of a token file: known parts are read, everything else is carried along as it is.

use std::{fmt, mem};

use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serialize, Serializer};
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
    Token(Box<TokenData>),
}

impl<'a> Object<'a> {
    /// Reads an object. The objects on `way`, one in the other, are read along with it where there are such: what stays as text
    /// is gone through again when it is looked into.
    pub(super) fn parse(json: &'a str, way: &[&str]) -> Result<Self, String> {
        let read = |way| {
            let mut deserializer = serde_json::Deserializer::from_str(json);
            let object = Way(way).deserialize(&mut deserializer)?;
            deserializer.end().map(|()| object)
        };
        // Something else may be on the way. Whether that matters is seen there.
        read(way).or_else(|_| read(&[])).map_err(|err: serde_json::Error| match err.classify() {
            serde_json::error::Category::Data => "it is not a JSON object".to_owned(),
            _ => entry::describe(&err),
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.0.iter().rev().find(|member| member.0 == name).map(|member| &member.1)
    }

    /// Puts `node` under `name`, in the place of what is there, or at the end.
    pub(super) fn set(&mut self, name: &str, node: Node<'a>) {
        match self.member_mut(name) {
            Some(member) => member.1 = node,
            None => self.0.push((name.to_owned(), node)),
        }
    }

    /// Removes what is under `name`; `false` when there is nothing.
    pub(super) fn take(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|member| member.0 != name);
        self.0.len() < before
    }

    /// Makes what is under `name` an object under `new_name`, in which it is under `inner_name`.
    pub(super) fn wrap(&mut self, name: &str, new_name: &str, inner_name: &str) {
        if let Some(member) = self.member_mut(name) {
            let inner = mem::replace(&mut member.1, Node::Text(""));
            *member = (new_name.to_owned(), Node::Object(Self(vec![(inner_name.to_owned(), inner)])));
        }
        // Those before it never counted, and would now.
        self.0.retain(|member| member.0 != name);
    }

    /// The object under `name`, if there is something.
    pub(super) fn object(&mut self, name: &str) -> Result<Option<&mut Self>, String> {
        let Some((_, node)) = self.member_mut(name) else { return Ok(None) };
        let no_object = || format!("`{}` is not an object", name.escape_debug());
        if let Node::Raw(raw) = *node {
            *node = Node::Object(Self::parse(raw.get(), &[]).map_err(|_| no_object())?);
        }
        match node {
            Node::Object(object) => Ok(Some(object)),
            _ => Err(no_object()),
        }
    }

    /// The object under `name`, made when there is nothing.
    pub(super) fn object_or_new(&mut self, name: &str) -> Result<&mut Self, String> {
        if self.get(name).is_none() {
            self.set(name, Node::Object(Self::default()));
        }
        self.object(name)?.ok_or_else(|| "it has changed".to_owned())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Node<'a>)> {
        self.0.iter().map(|(name, node)| (name.as_str(), node))
    }

    fn member_mut(&mut self, name: &str) -> Option<&mut (String, Node<'a>)> {
        self.0.iter_mut().rev().find(|member| member.0 == name)
    }
}

impl<'a> Node<'a> {
    /// Whether it is an object with a member.
    pub(super) fn holds_any(&self, name: &str) -> Result<bool, String> {
        match self {
            Self::Raw(raw) => Object::parse(raw.get(), &[]).map(|object| !object.0.is_empty()).ok(),
            Self::Object(object) => Some(!object.0.is_empty()),
            _ => None,
        }
        .ok_or_else(|| format!("`{}` is not an object", name.escape_debug()))
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
            Self::Token(data) => Ok((**data).clone()),
            _ => Err(format!("the entry of {} is not a token", resource_server.escape_debug())),
        }
    }
}

/// Reads an object, and in it the objects on the way.
struct Way<'w>(&'w [&'w str]);

impl<'de> DeserializeSeed<'de> for Way<'_> {
    type Value = Object<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Way<'_> {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let node = match self.0.split_first() {
                Some((next, rest)) if name == *next => Node::Object(map.next_value_seed(Way(rest))?),
                _ => Node::Raw(map.next_value()?),
            };
            members.push((name, node));
        }
        Ok(Object(members))
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
            Self::Token(data) => EntryOut::from(&**data).serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found under `a` and in that under `b`, as it would be written, or what is said instead.
    fn found(json: &str, way: &[&str]) -> Result<String, String> {
        let mut root = Object::parse(json, way)?;
        let found = match root.object("a")? {
            Some(inner) => match inner.object("b")? {
                Some(found) => serde_json::to_string(found).unwrap(),
                None => "no b".to_owned(),
            },
            None => "no a".to_owned(),
        };
        Ok(format!("{found} in {}", serde_json::to_string(&root).unwrap()))
    }

    #[test]
    fn a_way_changes_nothing_but_how_often_the_text_is_read() {
        let found_it = r#"{"c":[1, 2]} in {"a":{"b":{"c":[1, 2]},"z":null},"y":{"b": 1}}"#;
        for (json, expected) in [
            (r#"{"a": {"b": {"c": [1, 2]}, "z": null}, "y": {"b": 1}}"#, Ok(found_it)),
            (r#"{"a": {"\u0062": {"c": [1, 2]}, "z": null}, "y": {"b": 1}}"#, Ok(found_it)),
            (r#"{"a": {"b": {}}}"#, Ok(r#"{} in {"a":{"b":{}}}"#)),
            (r#"{"a": {"z": {"b": 1}}}"#, Ok(r#"no b in {"a":{"z":{"b": 1}}}"#)),
            (r#"{"b": {"a": 1}}"#, Ok(r#"no a in {"b":{"a": 1}}"#)),
            (r#"{"a": {"b": 7}}"#, Err("`b` is not an object")),
            (r#"{"a": {"b": {"\ud800": 7}}}"#, Err("`b` is not an object")),
            (r#"{"a": null}"#, Err("`a` is not an object")),
            (r#"{"a": {"b": {}}, "a": []}"#, Err("`a` is not an object")),
            (r#"{"a": {"b": {}}"#, Err("it is empty or cut off (line 1, column 15)")),
            (r#"{"a": {"b": {}}} {}"#, Err("it is not JSON (line 1, column 18)")),
            (r#"{"a": {"b": {} "c"}}"#, Err("it is not JSON (line 1, column 16)")),
            ("[]", Err("it is not a JSON object")),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            for way in [&["a", "b"][..], &["a"], &["y", "b"], &["none"], &[]] {
                assert_eq!(found(json, way), expected, "{json} by {way:?}");
            }
        }
        // The last of two counts.
        let json = r#"{"a": 1, "a": {"b": "first", "b": {"c": 2}}}"#;
        for way in [&["a", "b"][..], &[]] {
            assert_eq!(found(json, way).unwrap(), r#"{"c":2} in {"a":1,"a":{"b":"first","b":{"c":2}}}"#);
        }
    }
}
