//! A form or a query string comes in; its parameters go out, each of them once.

use std::collections::BTreeMap;

use crate::refusal::Refusal;

/// Parameters by name.
#[derive(Debug, Default)]
pub(crate) struct Parameters(BTreeMap<String, String>);

/// More than any call of ours has.
const MOST: usize = 64;

/// Reads `application/x-www-form-urlencoded`. A parameter that comes twice is refused (RFC 6749 section 3.2; R66).
pub(crate) fn read(bytes: &[u8]) -> Result<Parameters, Refusal> {
    let mut parameters = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        // What is not UTF-8 comes out of the parser as this mark.
        if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Refusal::malformed("the parameters are not UTF-8"));
        }
        if parameters.len() >= MOST {
            return Err(Refusal::TooLarge);
        }
        if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(Refusal::malformed("a parameter comes twice"));
        }
    }
    Ok(Parameters(parameters))
}

impl Parameters {
    /// The value of a parameter; none for one that is empty, as if it were not there (RFC 6749 section 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether there are no others than these.
    pub(crate) fn has_only(&self, known: &[&str]) -> bool {
        self.0.keys().all(|name| known.contains(&name.as_str()))
    }
}

/// One encoded value.
pub(crate) fn decode(text: &str) -> Option<String> {
    // In a form these would end the value.
    if text.contains(['&', '=']) {
        return None;
    }
    let (value, _) = form_urlencoded::parse(text.as_bytes()).next().unwrap_or_default();
    (!value.contains(char::REPLACEMENT_CHARACTER)).then(|| value.into_owned())
}

#[cfg(test)]
mod tests;
