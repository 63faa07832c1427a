//! A scope goes in and out of JSON as the word for it, and the OpenAPI document lists all words.

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use wayfarer_identity::ClientScope;

/// A scope.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct ScopeWord(pub(super) ClientScope);

impl PartialSchema for ScopeWord {
    fn schema() -> RefOr<Schema> {
        let words = ClientScope::ALL.map(ClientScope::as_str);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("One thing that a client may be allowed"))
            .enum_values(Some(words))
            .into()
    }
}

impl ToSchema for ScopeWord {
    fn name() -> std::borrow::Cow<'static, str> {
        "Scope".into()
    }
}
