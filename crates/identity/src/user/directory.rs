//! A user id comes in; what a journey may see of the user goes out.

use std::sync::Arc;

use async_trait::async_trait;
use wayfarer_step::lang::Object;
use wayfarer_step::port::Directory;
use wayfarer_step::{PortError, Scope, Value};

use super::User;
use crate::Identity;

/// Fulfils [`Directory`].
pub(crate) struct Users(pub(crate) Identity);

#[async_trait]
impl Directory for Users {
    async fn user_context(&self, scope: &Scope, user_id: &str) -> Result<Option<Value>, PortError> {
        let tenant = self.0.tenant(scope)?;
        let user = User::load(self.0.vault(), &tenant, user_id).await?.value;
        Ok(user.map(|user| {
            let text = |value: &Option<Arc<str>>| Value::from(value.clone());
            let status = if user.active { "active" } else { "disabled" };
            let fields = [
                ("user_id", Value::from(user.user_id.clone())),
                ("external_user_id", text(&user.external_user_id)),
                ("email", text(&user.email)),
                ("phone_number", text(&user.phone_number)),
                ("username", text(&user.username)),
                ("status", Value::from(status)),
            ];
            Value::from(fields.into_iter().map(|(name, value)| (Arc::from(name), value)).collect::<Object>())
        }))
    }
}
