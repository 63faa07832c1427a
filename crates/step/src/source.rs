//! A caller's address and what it says of its program come in; what of it may stand in the audit trail goes out (R115, R116).

use std::net::IpAddr;
use std::sync::Arc;

use crate::Fact;

/// The longest user agent that is kept, in characters.
const LONGEST: usize = 256;

/// From where somebody calls. Empty where nobody does, such as when time moves a run, and where a host does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    address: Option<IpAddr>,
    user_agent: Option<Arc<str>>,
}

impl Source {
    /// An address that the host has made sure of, and what the caller says of its program: the first 256 characters, without
    /// those that steer a terminal or turn the direction of text.
    #[must_use]
    pub fn new(address: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let kept = |agent: &str| agent.chars().filter(|c| !steers(*c)).take(LONGEST).collect::<String>();
        let user_agent = user_agent.map(kept).filter(|agent| !agent.is_empty());
        Self { address, user_agent: user_agent.map(Arc::from) }
    }

    /// The address.
    #[must_use]
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// What the caller says of its program. Anybody may say anything.
    #[must_use]
    pub fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }

    /// The fact with what is known, as its details `address` and `user_agent`.
    pub(crate) fn noted(&self, fact: Fact) -> Fact {
        let fact = match self.address {
            Some(address) => fact.detail("address", address.to_string()),
            None => fact,
        };
        match &self.user_agent {
            Some(agent) => fact.detail("user_agent", &**agent),
            None => fact,
        }
    }
}

/// Control characters, ends of lines, and what turns the direction of text.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
