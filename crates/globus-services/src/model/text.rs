//! [`Text`]: what a document has many of, ids and times.

use std::fmt;
use std::ops::Deref;

use arrayvec::ArrayString;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// As long as a UUID, and longer than most times.
const SHORT: usize = 36;

/// A text that is never changed. A short one lies in the document itself: a list of tasks would otherwise make, and give back,
/// ten small pieces of memory for each.
#[derive(Clone)]
pub(super) enum Text {
    Short(ArrayString<SHORT>),
    Long(Box<str>),
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Short(text) => text,
            Self::Long(text) => text,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        ArrayString::from(text).map_or_else(|_| Self::Long(text.into()), Self::Short)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        match ArrayString::from(&text) {
            Ok(short) => Self::Short(short),
            Err(_) => Self::Long(text.into()),
        }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        match text {
            Text::Short(text) => text.as_str().to_owned(),
            Text::Long(text) => text.into(),
        }
    }
}

/// As of the text, whichever way it is kept.
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl std::hash::Hash for Text {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyText;

        impl Visitor<'_> for AnyText {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(text.into())
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Text, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_str(AnyText)
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_is_what_it_was_made_of(text in "\\PC{0,45}", other in "\\PC{0,45}") {
            let (kept, owned) = (Text::from(text.as_str()), Text::from(text.clone()));
            prop_assert_eq!((&*kept, &kept), (text.as_str(), &owned));
            prop_assert_eq!(matches!(kept, Text::Short(_)), text.len() <= SHORT);
            let json = serde_json::to_string(&kept)?;
            prop_assert_eq!(&json, &serde_json::to_string(&text)?);
            prop_assert_eq!(&serde_json::from_str::<Text>(&json)?, &kept);
            prop_assert_eq!(kept.cmp(&Text::from(other.as_str())), text.cmp(&other));
            let hashes = RandomState::new();
            prop_assert_eq!(hashes.hash_one(&kept), hashes.hash_one(&text));
            prop_assert_eq!((format!("{kept:?}"), String::from(kept)), (format!("{text:?}"), text));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(serde_json::from_str::<Text>("7").unwrap_err().to_string().contains("a string"));
    }
}
