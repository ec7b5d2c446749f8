//! `model!`: the one way in which a document of a service becomes a type.

/// Declares a document type: public fields, tolerant decoding, encoding that loses nothing.
///
/// A field is an `Option` unless it is marked: `= key` for the few without which the document means nothing,
/// `= list` for a `Vec` that is empty when absent, `= secret` for an `Option<Secret>`, which is written in clear text by whoever
/// writes the document. `as "name"` gives the name on the wire where ours differs.
/// Unknown fields, and known ones that were `null`, are kept in `extra`.
///
/// The decoder is written out by hand here, because `#[serde(flatten)]` would buffer every value before it is
/// read: a tenth slower on a page of endpoints, and slower to compile.
macro_rules! model {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(<$generic:ident>)? {
            $( $(#[$field_meta:meta])* $field:ident $(as $wire:literal)? : $ty:ty $(= $kind:ident)? ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name $(<$generic>)? {
            $( $(#[$field_meta])* pub $field: $ty, )*
            /// Fields of the document that this type does not know.
            pub extra: $crate::model::Extra,
        }

        const _: () = {
            use ::serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
            use ::serde::ser::{Serialize, SerializeMap, Serializer};

            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named like the fields")]
            enum Field { $($field,)* __Unknown(Box<str>) }

            #[allow(non_camel_case_types, clippy::upper_case_acronyms, dead_code, reason = "named like the fields")]
            enum Index { $($field),* }

            // `Extra` has a bit for each.
            const _: () = assert!([$(Index::$field as u32),*].len() <= 128);

            impl<'de> Deserialize<'de> for Field {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct Name;
                    impl Visitor<'_> for Name {
                        type Value = Field;
                        fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                            f.write_str("a field name")
                        }
                        fn visit_str<E>(self, __name: &str) -> Result<Field, E> {
                            Ok(match __name {
                                $( $crate::model::model!(@wire $field $(, $wire)?) => Field::$field, )*
                                _ => Field::__Unknown(__name.into()),
                            })
                        }
                    }
                    deserializer.deserialize_identifier(Name)
                }
            }

            impl<'de $(, $generic: Deserialize<'de>)?> Deserialize<'de> for $name $(<$generic>)? {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct Document $(<$generic>(::std::marker::PhantomData<$generic>))?;
                    impl<'de $(, $generic: Deserialize<'de>)?> Visitor<'de> for Document $(<$generic>)? {
                        type Value = $name $(<$generic>)?;
                        fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                            f.write_str(concat!("a ", stringify!($name), " document"))
                        }
                        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                            let mut extra = $crate::model::Extra::default();
                            $( let mut $field: $crate::model::model!(@slot $ty $(, $kind)?) = None; )*
                            while let Some(__field) = map.next_key::<Field>()? {
                                match __field {
                                    $( Field::$field => $crate::model::model!(@read map, extra, $field $(as $wire)? $(, $kind)?), )*
                                    Field::__Unknown(__name) => extra.push(__name, map.next_value()?),
                                }
                            }
                            Ok($name {
                                $( $field: $crate::model::model!(@finish $field $(as $wire)? $(, $kind)?), )*
                                extra,
                            })
                        }
                    }
                    deserializer.deserialize_map(Document $((::std::marker::PhantomData::<$generic>))?)
                }
            }

            impl $(<$generic: Serialize>)? Serialize for $name $(<$generic>)? {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let mut map = serializer.serialize_map(None)?;
                    $( $crate::model::model!(@write map, self, $field $(as $wire)? $(, $kind)?); )*
                    for (name, value) in self.extra.iter() {
                        // A list that was `null`, and has elements now.
                        let outdated = value.is_null()
                            && (false $(|| $crate::model::model!(@fills name, self, $field $(as $wire)? $(, $kind)?))*);
                        if !outdated {
                            map.serialize_entry(name, value)?;
                        }
                    }
                    map.end()
                }
            }
        };
    };

    (@slot $ty:ty) => { $ty };
    (@slot $ty:ty, secret) => { $ty };
    (@slot $ty:ty, $kind:ident) => { Option<$ty> };

    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident, $wire:literal) => { $wire };

    (@read $map:ident, $extra:ident, $field:ident $(as $wire:literal)?) => {{
        $field = $map.next_value()?;
        if $field.is_none() {
            $extra.note_empty(Index::$field as u32);
        }
    }};
    (@read $map:ident, $extra:ident, $field:ident $(as $wire:literal)?, secret) => {
        $crate::model::model!(@read $map, $extra, $field)
    };
    (@read $map:ident, $extra:ident, $field:ident $(as $wire:literal)?, key) => { $field = Some($map.next_value()?) };
    (@read $map:ident, $extra:ident, $field:ident $(as $wire:literal)?, list) => {{
        $field = $map.next_value()?;
        match &mut $field {
            Some(list) if !list.is_empty() => $crate::model::compact(list),
            Some(_) => $extra.note_empty(Index::$field as u32),
            None => {
                $extra.push($crate::model::model!(@wire $field $(, $wire)?).into(), ::serde_json::Value::Null);
            }
        }
    }};

    (@finish $field:ident $(as $wire:literal)? $(, secret)?) => { $field };
    (@finish $field:ident $(as $wire:literal)?, key) => {
        $field.ok_or_else(|| ::serde::de::Error::missing_field($crate::model::model!(@wire $field $(, $wire)?)))?
    };
    (@finish $field:ident $(as $wire:literal)?, list) => { $field.unwrap_or_default() };

    (@fills $name:ident, $self:ident, $field:ident $(as $wire:literal)?, list) => {
        $name == $crate::model::model!(@wire $field $(, $wire)?) && !$self.$field.is_empty()
    };
    (@fills $name:ident, $self:ident, $field:ident $(as $wire:literal)? $(, $kind:ident)?) => { false };

    (@write $map:ident, $self:ident, $field:ident $(as $wire:literal)?) => {
        if $self.$field.is_some() || $self.extra.was_empty(Index::$field as u32) {
            $map.serialize_entry($crate::model::model!(@wire $field $(, $wire)?), &$self.$field)?;
        }
    };
    (@write $map:ident, $self:ident, $field:ident $(as $wire:literal)?, secret) => {
        if $self.$field.is_some() || $self.extra.was_empty(Index::$field as u32) {
            let text = $self.$field.as_ref().map(::globus_auth_core::Secret::expose);
            $map.serialize_entry($crate::model::model!(@wire $field $(, $wire)?), &text)?;
        }
    };
    (@write $map:ident, $self:ident, $field:ident $(as $wire:literal)?, key) => {
        $map.serialize_entry($crate::model::model!(@wire $field $(, $wire)?), &$self.$field)?;
    };
    (@write $map:ident, $self:ident, $field:ident $(as $wire:literal)?, list) => {
        if !$self.$field.is_empty() || $self.extra.was_empty(Index::$field as u32) {
            $map.serialize_entry($crate::model::model!(@wire $field $(, $wire)?), &$self.$field)?;
        }
    };
}
pub(crate) use model;
