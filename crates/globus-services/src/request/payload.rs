//! `payload!`: the documents that are sent.

use serde_json::{Map, Value};

/// Declares a document that is sent: a constructor with what is required, a chained setter for each optional field. What was not
/// set is left out.
///
/// ```text
/// payload! {
///     /// What the document is.
///     pub struct BookmarkData("DATA_TYPE" = "bookmark") {
///         new(name: String as json, endpoint_id: CollectionId as json);
///         /// What the field means.
///         path: String as json;
///         description: Nullable<String> as json, named "desc";
///     }
/// }
/// ```
///
/// Types and encoders are those of `request!`. A name that begins with `/` is a place in the document (a JSON pointer), and `in "/place"`
/// after the name of the type puts all other fields below it.
macro_rules! payload {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(($($fixed:literal = $value:expr),* $(,)?))? $(in $container:literal)? {
            new($($required:ident: $required_ty:ident $(<$required_inner:ident>)? as $required_encode:ident $(, named $required_wire:literal)?);*);
            $( $(#[$field_meta:meta])* $field:ident: $ty:ident $(<$inner:ident>)? as $encode:ident $(, named $wire:literal)?; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize)]
        #[serde(transparent)]
        #[must_use = "a document does nothing until it is sent"]
        pub struct $name(::serde_json::Map<String, ::serde_json::Value>);

        impl $name {
            /// The document with what is required.
            #[allow(clippy::new_without_default, reason = "one that requires something has no default")]
            pub fn new($($required: $crate::request::request!(@argument $required_ty $(<$required_inner>)?)),*) -> Self {
                #[allow(unused_mut, reason = "some require nothing")]
                let mut document = Self(::serde_json::Map::new());
                $($( document.set($fixed, $value.into()); )*)?
                $({
                    let value = $crate::request::request!(@convert $required, $required_ty $(<$required_inner>)?);
                    let name = $crate::request::request!(@name $required $($required_wire)?);
                    document.set(name, $crate::request::encode::$required_encode(value));
                })*
                document
            }

            $(
                $(#[$field_meta])*
                pub fn $field(mut self, value: $crate::request::request!(@argument $ty $(<$inner>)?)) -> Self {
                    let value = $crate::request::request!(@convert value, $ty $(<$inner>)?);
                    let name = $crate::request::request!(@name $field $($wire)?);
                    self.set(name, $crate::request::encode::$encode(value));
                    self
                }
            )*

            /// Sets a field that this version does not know.
            pub fn additional_field(
                mut self,
                name: impl Into<String>,
                value: impl Into<::serde_json::Value>,
            ) -> Self {
                let container = concat!($($container)?);
                $crate::request::payload::insert(&mut self.0, container, name.into(), value.into());
                self
            }

            #[allow(dead_code, reason = "some have no field but those that the constructor sets")]
            fn set(&mut self, name: &str, value: ::serde_json::Value) {
                let (place, name) = $crate::request::payload::place(concat!($($container)?), name);
                $crate::request::payload::insert(&mut self.0, place, name.to_owned(), value);
            }
        }

        /// A document as it is sent, for whoever has it as JSON.
        impl From<::serde_json::Map<String, ::serde_json::Value>> for $name {
            fn from(document: ::serde_json::Map<String, ::serde_json::Value>) -> Self {
                Self(document)
            }
        }
    };
}
pub(crate) use payload;

/// Where the field `name` goes: into which object, and under which name.
pub(crate) fn place<'a>(container: &'a str, name: &'a str) -> (&'a str, &'a str) {
    if name.starts_with('/') { name.rsplit_once('/').unwrap_or((container, name)) } else { (container, name) }
}

/// Puts `value` under `name` into the object at `place`, which is made if it is not there.
pub(crate) fn insert(object: &mut Map<String, Value>, place: &str, name: String, value: Value) {
    let Some(place) = place.strip_prefix('/') else {
        object.insert(name, value);
        return;
    };
    let (first, rest) = place.split_at(place.find('/').unwrap_or(place.len()));
    let inner = object.entry(first).or_insert_with(|| Map::new().into());
    if !inner.is_object() {
        *inner = Map::new().into();
    }
    if let Value::Object(inner) = inner {
        insert(inner, rest, name, value);
    }
}

#[cfg(test)]
mod tests {
    #![expect(unreachable_pub, reason = "the macro makes public types")]

    payload! {
        /// A document in the form of JSON:API.
        pub struct Thing("/data/type" = "Thing") in "/data/attributes" {
            new(id: String as json, named "/data/id"; name: String as json);
            /// Its colour.
            colour: String as json, named "color";
        }
    }

    #[test]
    fn fields_go_where_the_service_wants_them() {
        let thing = Thing::new("1", "a").colour("red").additional_field("/x", 2);
        let expected = serde_json::json!({
            "data": {"type": "Thing", "id": "1", "attributes": {"name": "a", "color": "red", "/x": 2}}
        });
        assert_eq!(serde_json::to_value(thing).unwrap(), expected);
    }

    #[test]
    fn what_stands_in_the_way_of_a_field_gives_way() {
        let document = serde_json::json!({"data": null}).as_object().cloned().unwrap();
        let thing = serde_json::to_value(Thing::from(document).colour("red")).unwrap();
        assert_eq!(thing, serde_json::json!({"data": {"attributes": {"color": "red"}}}));
    }
}
