//! A value in memory comes in; YAML text that [`read`](super::read) understands comes out.

use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::ser::{Formatter, Serializer};

use super::characters;

/// A value that could not be written as YAML.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the value as YAML")]
pub enum WriteError {
    /// In block style.
    Block(#[from] serde_yaml::Error),
    /// In the style of JSON.
    Json(#[from] serde_json::Error),
}

/// Writes `value` in block style, texts in quotes where they would otherwise be read as something else. Reading the
/// result gives the same value, if that is a mapping within the [`Budget`](super::Budget) without an integer over 64 bits.
///
/// A value that can stand in a file only with escapes, because of a key `<<` or a character that the reader refuses, is
/// written on one line in the style of JSON.
///
/// # Errors
/// When a library fails, which no JSON value makes it do.
pub fn write(value: &serde_json::Value) -> Result<String, WriteError> {
    let block = serde_yaml::to_string(value)?;
    if block.contains("<<:") || block.chars().any(characters::is_refused) {
        let mut flow = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut flow, Flow))?;
        return Ok(String::from_utf8_lossy(&flow).into_owned());
    }
    Ok(block)
}

/// JSON that is YAML: each key stands behind a `?`, without which it could have 1,024 characters only.
struct Flow;

impl Formatter for Flow {
    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"? " } else { b", ? " })
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for character in fragment.chars() {
            if characters::is_refused(character) {
                write!(writer, "\\u{:04x}", u32::from(character))?;
            } else {
                write!(writer, "{character}")?;
            }
        }
        Ok(())
    }
}
