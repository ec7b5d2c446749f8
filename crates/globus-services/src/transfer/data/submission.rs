//! `submission!`: the documents that make a task.

/// Declares a document that makes a task: a constructor with what is required, a chained setter for each optional field.
///
/// A field that was not set is left out. Every change forgets the submission id: the service takes the same id as the
/// same submission, and would drop what was changed without a word.
macro_rules! submission {
    (
        $(#[$meta:meta])*
        pub struct $name:ident($($required:ident: $required_ty:ty),*) of $item:ty, tagged $tag:literal {
            $( $(#[$field_meta:meta])* $field:ident: $ty:ty, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[must_use = "a document does nothing until it is submitted"]
        pub struct $name {
            $( $required: $required_ty, )*
            items: $crate::transfer::data::Encoded,
            submission_id: Option<$crate::model::SubmissionId>,
            $( $field: Option<$ty>, )*
            additional: ::serde_json::Map<String, ::serde_json::Value>,
        }

        impl $name {
            /// A document with what is required, and no items yet.
            pub fn new($( $required: impl Into<$required_ty> ),*) -> Self {
                Self {
                    $( $required: $required.into(), )*
                    items: $crate::transfer::data::Encoded::default(),
                    submission_id: None,
                    $( $field: None, )*
                    additional: ::serde_json::Map::new(),
                }
            }

            $(
                $(#[$field_meta])*
                pub fn $field(mut self, value: impl Into<$ty>) -> Self {
                    self.$field = Some(value.into());
                    self.submission_id = None;
                    self
                }
            )*

            /// Adds items. They are written as JSON at once, and take the room of their text.
            pub fn items(mut self, items: impl IntoIterator<Item = $item>) -> Self {
                for item in items {
                    self.items.push(&item);
                }
                self.submission_id = None;
                self
            }

            /// Adds a field that this version does not know; it wins over a known one of that name.
            pub fn additional_field(mut self, name: impl Into<String>, value: impl Into<::serde_json::Value>) -> Self {
                let (name, value): (String, ::serde_json::Value) = (name.into(), value.into());
                if let ("submission_id", Some(id)) = (name.as_str(), value.as_str()) {
                    return self.submission_id(id);
                }
                self.additional.insert(name, value);
                self.submission_id = None;
                self
            }

            /// The id under which it is submitted, from `get_submission_id`; without one, a fresh one is fetched.
            ///
            /// Set it last, and submit the same document again after a failure that left open whether it arrived: the
            /// service then makes one task, not two. A later change of the document forgets the id.
            pub fn submission_id(mut self, id: impl Into<$crate::model::SubmissionId>) -> Self {
                self.submission_id = Some(id.into());
                self
            }

            /// How many items it has.
            pub fn len(&self) -> usize {
                self.items.len()
            }

            /// Whether it has no items, which the service refuses.
            pub fn is_empty(&self) -> bool {
                self.items.len() == 0
            }

            /// The id under which it will be submitted, when it has one.
            pub fn assigned_submission_id(&self) -> Option<&$crate::model::SubmissionId> {
                self.submission_id.as_ref()
            }
        }

        impl $name {
            /// The fields without the items.
            fn write_head<M: ::serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                let known = |name: &str| !self.additional.contains_key(name);
                if known("DATA_TYPE") {
                    map.serialize_entry("DATA_TYPE", $tag)?;
                }
                $(
                    if known(stringify!($required)) {
                        map.serialize_entry(stringify!($required), &self.$required)?;
                    }
                )*
                if let Some(id) = &self.submission_id {
                    map.serialize_entry("submission_id", id)?;
                }
                $(
                    if let (Some(value), true) = (&self.$field, known(stringify!($field))) {
                        map.serialize_entry(stringify!($field), value)?;
                    }
                )*
                for (name, value) in &self.additional {
                    map.serialize_entry(name, value)?;
                }
                Ok(())
            }

            /// The document as it is sent.
            pub(in $crate::transfer) fn body(&self) -> Result<::globus_transport::Body, ::serde_json::Error> {
                use ::serde::ser::{SerializeMap, Serializer};
                let mut head = Vec::new();
                let mut serializer = ::serde_json::Serializer::new(&mut head);
                let mut map = serializer.serialize_map(None)?;
                self.write_head(&mut map)?;
                map.end()?;
                Ok(if self.additional.contains_key("DATA") {
                    ::globus_transport::Body::Json(head.into())
                } else {
                    self.items.body(head)
                })
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                self.write_head(&mut map)?;
                if !self.additional.contains_key("DATA") {
                    map.serialize_entry("DATA", &self.items)?;
                }
                map.end()
            }
        }
    };
}
pub(crate) use submission;
