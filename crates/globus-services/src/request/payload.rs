//! `payload!`: the documents that are sent.

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
/// Types and encoders are those of `request!`.
macro_rules! payload {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(($($fixed:literal = $value:expr),*))? {
            new($($required:ident: $required_ty:ident as $required_encode:ident $(, named $required_wire:literal)?);*);
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
            pub fn new($($required: $crate::request::request!(@argument $required_ty)),*) -> Self {
                #[allow(unused_mut, reason = "some require nothing")]
                let mut document = Self(::serde_json::Map::new());
                $($( document.set($fixed, $value.into()); )*)?
                $({
                    let value = $crate::request::request!(@convert $required, $required_ty);
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
                self.0.insert(name.into(), value.into());
                self
            }

            fn set(&mut self, name: &str, value: ::serde_json::Value) {
                self.0.insert(name.to_owned(), value);
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
