//! Web origins: what an operator allows comes in; whether a browser's `Origin` is one of them goes out (R79).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::IdentityError;

/// An origin that may call on behalf of a client, as browsers write it (RFC 6454 section 6.2): scheme, host, and the port
/// unless it is the scheme's own. `http://localhost:*` stands for every port of this machine, for development.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// The hosts that are this machine, to which alone plain HTTP is allowed.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

impl Origin {
    /// Reads an origin.
    ///
    /// # Errors
    /// When it is not exactly what a browser would send, or is plain HTTP to another machine.
    pub fn new(text: &str) -> Result<Self, IdentityError> {
        let refused = |reason: &str| IdentityError::invalid("origin", reason);
        let form = "must be as browsers write it: `https://app.example.com`, in lower case, without a path";
        let (scheme, authority) = text.split_once("://").ok_or_else(|| refused(form))?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let local = LOCAL.contains(&host);
        let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
        if host.is_empty() || host.len() > 253 || !local && !host.bytes().all(named) {
            return Err(refused(form));
        }
        match (scheme, local) {
            ("https", _) | ("http", true) => {}
            ("http", false) => return Err(refused("must be `https`, except on this machine")),
            _ => return Err(refused(form)),
        }
        match port {
            None => {}
            Some("*") if local && scheme == "http" => {}
            Some("*") => return Err(refused("may leave the port open only as `http://localhost:*`")),
            Some(port) => {
                let number: Option<u16> = port.parse().ok();
                let own = if scheme == "https" { 443 } else { 80 };
                if number.is_none_or(|number| number == 0 || number == own || number.to_string() != port) {
                    return Err(refused("must name a port only where it is not the scheme's own"));
                }
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether a browser's `Origin` header is this one. `null` never is.
    #[must_use]
    pub fn matches(&self, header: &str) -> bool {
        match self.0.strip_suffix(":*") {
            None => self.0 == header,
            Some(host) => {
                header == host
                    || header
                        .strip_prefix(host)
                        .and_then(|rest| rest.strip_prefix(':'))
                        .is_some_and(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port))
            }
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
