//! A value in memory comes in; YAML text that [`read`](super::read) understands comes out.

/// A value that could not be written as YAML.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the value as YAML")]
pub struct WriteError(#[from] serde_yaml::Error);

/// Writes `value` in block style, texts in quotes where they would otherwise be read as something else. Reading the
/// result gives the same value, if that is a mapping within the [`Budget`](super::Budget) and holds nothing that the
/// reader refuses in any spelling: an integer over 64 bits, a key `<<`, a character that changes the direction of text.
///
/// # Errors
/// When the YAML library fails, which no JSON value makes it do.
pub fn write(value: &serde_json::Value) -> Result<String, WriteError> {
    Ok(serde_yaml::to_string(value)?)
}
