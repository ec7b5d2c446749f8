//! Where in a document reading failed, in names that the code knows: those of a map come from outside, and `*` stands for them.

use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor,
};

/// Where reading `body` as `T` fails, such as `DATA[1].size`; nothing when it does not, or fails at the top.
pub(super) fn of_failure<T: DeserializeOwned>(body: &[u8]) -> Option<String> {
    let mut path = Path(Vec::new());
    let inner = &mut serde_json::Deserializer::from_slice(body);
    let result = T::deserialize(Tracked { inner, path: &mut path });
    (result.is_err() && !path.0.is_empty()).then(|| path.to_string())
}

/// The way from the top to what is being read; a step is taken back when its value has been read.
struct Path(Vec<Step>);

enum Step {
    Item(usize),
    Field(String),
    /// The name is the document's own.
    Unknown,
}

impl Path {
    fn step<T, E>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.0.push(step);
        let value = read(self)?;
        self.0.pop();
        Ok(value)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            let dot = if at == 0 { "" } else { "." };
            match step {
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::Field(name) => write!(f, "{dot}{name}")?,
                Step::Unknown => write!(f, "{dot}*")?,
            }
        }
        Ok(())
    }
}

/// Any of serde's roles, with an eye on the path.
struct Tracked<'p, T> {
    inner: T,
    path: &'p mut Path,
}

/// The items of a list.
struct Items<'p, T> {
    inner: T,
    path: &'p mut Path,
    next: usize,
}

/// The fields of a document or the entries of a map.
struct Entries<'p, T> {
    inner: T,
    path: &'p mut Path,
    step: Option<Step>,
}

/// The reader of a name, and where it is noted when the code asks for one that it knows.
struct Name<'n, T> {
    inner: T,
    known: &'n mut Option<String>,
}

/// Passes the methods of a deserializer on, with their visitor wrapped.
macro_rules! deserialize {
    ($self:ident, $visitor:ident => $wrapped:expr; $($method:ident($($argument:ident: $ty:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>($self $(, $argument: $ty)*, $visitor: V) -> Result<V::Value, D::Error> {
            $self.inner.$method($($argument,)* $wrapped)
        })*
        fn is_human_readable(&self) -> bool {
            self.inner.is_human_readable()
        }
    };
    ($self:ident, $visitor:ident => $wrapped:expr) => {
        deserialize! { $self, $visitor => $wrapped;
            deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32()
            deserialize_i64() deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32()
            deserialize_u64() deserialize_u128() deserialize_f32() deserialize_f64() deserialize_char()
            deserialize_str() deserialize_string() deserialize_bytes() deserialize_byte_buf()
            deserialize_option() deserialize_unit() deserialize_seq() deserialize_map()
            deserialize_ignored_any() deserialize_tuple(length: usize)
            deserialize_unit_struct(name: &'static str) deserialize_newtype_struct(name: &'static str)
            deserialize_tuple_struct(name: &'static str, length: usize)
            deserialize_struct(name: &'static str, fields: &'static [&'static str])
            deserialize_enum(name: &'static str, variants: &'static [&'static str])
        }
    };
}

/// Passes the methods of a visitor on.
macro_rules! visit {
    ($($method:ident: $ty:ty)*) => {
        $(fn $method<E: Error>(self, value: $ty) -> Result<V::Value, E> {
            self.inner.$method(value)
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tracked<'_, D> {
    type Error = D::Error;

    deserialize! { self, visitor => Tracked { inner: visitor, path: self.path } }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_identifier(visitor)
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Tracked<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! {
        visit_bool: bool visit_i8: i8 visit_i16: i16 visit_i32: i32 visit_i64: i64 visit_i128: i128
        visit_u8: u8 visit_u16: u16 visit_u32: u32 visit_u64: u64 visit_u128: u128 visit_f32: f32
        visit_f64: f64 visit_char: char visit_str: &str visit_borrowed_str: &'de str visit_string: String
        visit_bytes: &[u8] visit_borrowed_bytes: &'de [u8] visit_byte_buf: Vec<u8>
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, some: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Tracked { inner: some, path: self.path })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, only: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Tracked { inner: only, path: self.path })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Items { inner: items, path: self.path, next: 0 })
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Entries { inner: entries, path: self.path, step: None })
    }

    /// The path ends at an enum: no document has one with content.
    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(variant)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Tracked<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Tracked { inner: value, path: self.path })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let (inner, at) = (&mut self.inner, self.next);
        self.next += 1;
        self.path.step(Step::Item(at), |path| inner.next_element_seed(Tracked { inner: seed, path }))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let mut known = None;
        let key = self.inner.next_key_seed(Name { inner: seed, known: &mut known })?;
        self.step = Some(known.map_or(Step::Unknown, Step::Field));
        Ok(key)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let (inner, step) = (&mut self.inner, self.step.take().unwrap_or(Step::Unknown));
        self.path.step(step, |path| inner.next_value_seed(Tracked { inner: seed, path }))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Name<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Name { inner: name, known: self.known })
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Name<'_, D> {
    type Error = D::Error;

    deserialize! { self, visitor => visitor }

    /// What a type asks for when it looks for its own fields.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_identifier(Name { inner: visitor, known: self.known })
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Name<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        *self.known = Some(name.to_owned());
        self.inner.visit_str(name)
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<V::Value, E> {
        *self.known = Some(name.to_owned());
        self.inner.visit_borrowed_str(name)
    }
}
