//! How a secret shows in a JSON Schema: as its inner type, with a mark.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{Secret, Wipe};

/// The keyword that marks a field which takes a secret.
pub const SCHEMA_KEY: &str = "x-wayfarer-secret";

impl<T: Wipe + JsonSchema> JsonSchema for Secret<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Owned(format!("Secret_{}", T::schema_name()))
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        schema.insert(SCHEMA_KEY.to_owned(), true.into());
        schema
    }
}
