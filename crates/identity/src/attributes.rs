//! What a backend says about the person before it comes in; it goes out to the audit trail, and is believed by nobody.

use std::net::IpAddr;

use wayfarer_step::Fact;

use crate::IdentityError;

/// Whom the caller says it serves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    user_agent: Option<String>,
    ip_address: Option<IpAddr>,
}

impl Attributes {
    /// A user agent of at most 512 characters, and an address.
    ///
    /// # Errors
    /// When one of them is none.
    pub fn new(user_agent: Option<&str>, ip_address: Option<&str>) -> Result<Self, IdentityError> {
        let agent_fits =
            |agent: &str| (1..=512).contains(&agent.chars().count()) && !agent.chars().any(char::is_control);
        if user_agent.is_some_and(|agent| !agent_fits(agent)) {
            return Err(IdentityError::invalid("user_agent", "must be 1 to 512 characters without control characters"));
        }
        let ip_address = ip_address.map(str::parse).transpose();
        let ip_address = ip_address.map_err(|_| IdentityError::invalid("ip_address", "must be an IP address"))?;
        Ok(Self { user_agent: user_agent.map(str::to_owned), ip_address })
    }

    /// The fact with what was said: under names that show who said it.
    pub(crate) fn noted(&self, fact: Fact) -> Fact {
        let fact = match &self.user_agent {
            Some(agent) => fact.detail("claimed_user_agent", agent.as_str()),
            None => fact,
        };
        match self.ip_address {
            Some(address) => fact.detail("claimed_ip_address", address.to_string()),
            None => fact,
        }
    }
}
