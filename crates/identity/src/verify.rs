//! A ticket and what somebody typed come in; whether it is the code goes out, in a time that tells nothing.

use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;
use wayfarer_step::port::{Ticket, Verifier};
use wayfarer_step::{Method, PortError, Secret};
use wayfarer_store::TenantId;

use crate::Identity;
use crate::attempt::material;
use crate::code::{Binding, normalise};

/// Fulfils [`Verifier`].
pub(crate) struct Comparing(pub(crate) Identity);

#[async_trait]
impl Verifier for Comparing {
    async fn compare(&self, ticket: &Ticket, secret: &Secret<String>) -> Result<bool, PortError> {
        let material = material(ticket)?;
        Ok(self.compare_tags(&material.binding, &material.tag, secret))
    }

    async fn pretend(&self, secret: &Secret<String>) -> Result<(), PortError> {
        let nothing = Binding {
            tenant: TenantId::default(),
            user_id: Arc::from(NOBODY),
            method: Method::TEMP_CODE,
            application: Arc::from("default"),
            code_id: Uuid::nil(),
        };
        self.compare_tags(&nothing, &[0; 32], secret);
        Ok(())
    }
}

/// As long as a generated user id, so that the same amount is hashed.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

impl Comparing {
    /// A tag is made and compared whatever was typed (R16, R39). What has no digits stands as the empty text, which no
    /// code is.
    fn compare_tags(&self, binding: &Binding, tag: &[u8; 32], typed: &Secret<String>) -> bool {
        let digits = normalise(typed.expose()).unwrap_or_default();
        binding.matches(self.0.vault(), &digits, tag)
    }
}

#[cfg(test)]
mod tests;
