//! A body comes in; its fields go out, of the names and types that the call knows.

use serde_json::{Map, Value as Json};

use super::failure::Failure;

/// The fields of a call's body.
pub(super) struct Fields(Map<String, Json>);

impl Fields {
    /// Takes an object with no other fields than these. What a call does not do it refuses: nobody shall believe that it was
    /// done.
    pub(super) fn new(body: Json, known: &[&str], not_done: &[&str]) -> Result<Self, Failure> {
        let Json::Object(fields) = body else { return Err(Failure::invalid("the body must be an object")) };
        for name in fields.keys() {
            if not_done.contains(&name.as_str()) {
                return Err(Failure::invalid(format!("`{name}` is not supported")));
            }
            if !known.contains(&name.as_str()) {
                return Err(Failure::invalid(format!("a field is unknown; there is {}", listed(known))));
            }
        }
        Ok(Self(fields))
    }

    /// A text that may be missing.
    pub(super) fn optional(&self, name: &str) -> Result<Option<&str>, Failure> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(_) => Err(Failure::invalid(format!("`{name}` must be a text"))),
        }
    }

    /// A text that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, Failure> {
        self.optional(name)?.ok_or_else(|| Failure::invalid(format!("`{name}` is required")))
    }

    /// Any value.
    pub(super) fn value(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
