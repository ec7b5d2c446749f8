//! [`FormFields`]: a form that is being filled in.

use std::borrow::Cow;

use crate::Secret;
use crate::encoding::{form_length, push_form};

/// Fields of a form, in order. The values are kept as secrets, since most of them are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormFields(Vec<(Cow<'static, str>, Secret)>);

impl FormFields {
    /// Adds a field at the end.
    pub fn push(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Secret>) -> &mut Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// Sets a field, in the place of what it was; of several with that name one is left.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Secret>) -> &mut Self {
        let (name, value) = (name.into(), value.into());
        let place = self.0.iter().position(|(known, _)| *known == name).unwrap_or(self.0.len());
        self.remove(&name).0.insert(place, (name, value));
        self
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// The whole form as it is sent (`application/x-www-form-urlencoded`), written into a buffer of the right size: none that
    /// grew leaves a part of a secret behind.
    pub fn encode(&self) -> Secret {
        let length = |(name, value): (&str, &Secret)| form_length(name) + form_length(value.expose()) + 2;
        let mut form = String::with_capacity(self.iter().map(length).sum());
        for (name, value) in self.iter() {
            if !form.is_empty() {
                form.push('&');
            }
            push_form(&mut form, name);
            form.push('=');
            push_form(&mut form, value.expose());
        }
        form.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_set_again_is_replaced() {
        let mut form = FormFields::default();
        form.push("a", "1").push("b", "2").push("a", "3").set("a", "4").set("c", "5");
        let fields: Vec<_> = form.iter().map(|(name, value)| (name, value.expose())).collect();
        assert_eq!(fields, [("a", "4"), ("b", "2"), ("c", "5")]);
        assert_eq!((form.get("a"), form.get("x")), (Some(&Secret::from("4")), None));
    }

    #[test]
    fn a_form_is_written_in_its_order() {
        let mut form = FormFields::default();
        assert_eq!(form.encode().expose(), "");
        form.push("scope", "a b+c&d=é").push("grant type", "x~*").push("empty", "");
        assert_eq!(form.encode().expose(), "scope=a+b%2Bc%26d%3D%C3%A9&grant+type=x~%2A&empty=");
    }
}
