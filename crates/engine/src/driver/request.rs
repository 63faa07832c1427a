//! A request comes in; its fingerprint goes out, and the record in which its answer is kept (law 5; R48).

use aws_lc_rs::digest::{Context, SHA256};
use wayfarer_lang::Value;
use wayfarer_store::{Key, TenantId};

use super::Inner;
use crate::error::EngineError;
use crate::record::{ANSWER, Answered, decode};

/// SHA-256 over length-prefixed parts (R106).
pub(super) struct Fingerprint(Context);

impl Fingerprint {
    pub(super) fn new(label: &str) -> Self {
        Self(Context::new(&SHA256)).text(label)
    }

    pub(super) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    pub(super) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    /// A value, whatever the order of its fields.
    pub(super) fn value(self, value: &Value) -> Self {
        match value {
            Value::Null => self.text("null"),
            Value::Bool(value) => self.text("boolean").bytes(&[u8::from(*value)]),
            Value::Int(number) => self.text("integer").bytes(&number.to_be_bytes()),
            Value::Float(number) => self.text("float").bytes(&number.to_be_bytes()),
            Value::Text(text) => self.text("string").text(text),
            Value::Array(items) => {
                let start = self.text("array").bytes(&(items.len() as u64).to_be_bytes());
                items.iter().fold(start, Self::value)
            }
            Value::Object(fields) => {
                let mut sorted: Vec<_> = fields.iter().collect();
                sorted.sort_unstable_by_key(|(name, _)| *name);
                let start = self.text("object").bytes(&(sorted.len() as u64).to_be_bytes());
                sorted.into_iter().fold(start, |so_far, (name, value)| so_far.text(name).value(value))
            }
            Value::Secret(inner) => self.value(inner.expose()),
        }
    }

    pub(super) fn finish(self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.iter_mut().zip(self.0.finish().as_ref()).for_each(|(to, from)| *to = *from);
        hash
    }
}

impl Inner {
    /// What is known of a request: the version of its record, and the record.
    pub(super) async fn answered(
        &self,
        tenant: &TenantId,
        record: &[u8],
    ) -> Result<Option<(u64, Answered)>, EngineError> {
        match self.vault.get(&Key::new(tenant, ANSWER, record)).await? {
            None => Ok(None),
            Some(record) => Ok(Some((record.version, decode(&record)?))),
        }
    }
}

#[cfg(test)]
mod tests;
