//! Who issues a code and what was seen come in; whether that is enough goes out.

use wayfarer_step::Actor;

use crate::IdentityError;

/// What is asked of whoever issues a code, beyond the right to it. By default nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Issuing {
    /// A person must be named: an agent or an operator. A client alone is none.
    pub agent: bool,
    /// It must be said what the agent saw that proved who called.
    pub evidence: bool,
}

/// The kinds of actors that are people.
const PEOPLE: [&str; 2] = ["agent", "operator"];

impl Issuing {
    /// Refuses what is not enough.
    pub(crate) fn hold(self, actor: &Actor, evidence: Option<&str>) -> Result<(), IdentityError> {
        if self.agent && !PEOPLE.contains(&&*actor.kind) {
            return Err(IdentityError::invalid("agent", "is required: a person issues a code"));
        }
        if self.evidence && evidence.is_none() {
            return Err(IdentityError::invalid("evidence", "is required: what proved who called"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
