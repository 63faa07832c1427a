//! A value goes out as bytes, its secrets included, and comes back: for stores that seal what they keep, and for nothing else.
//!
//! This is the only serialised form that a secret has. Put [`Stored`] around a value in a record that is itself serialised.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::{Object, Value};
use crate::Secret;

/// Deeper than anything that the readers of journeys, requests and expressions let in.
const MAX_DEPTH: usize = 192;

/// Bytes that no value was written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no stored value")]
pub struct NotStored;

/// Carries a value, secrets included, inside a record that is serialised and then sealed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stored<T>(pub T);

/// Writes a value with its secrets in the clear; the caller seals the bytes.
pub fn to_bytes(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length(value));
    write(value, &mut bytes);
    bytes
}

/// Writes several values as one array of them.
fn list_to_bytes(values: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + LENGTH + values.iter().map(length).sum::<usize>());
    write_list(values, &mut bytes);
    bytes
}

/// Reads what [`to_bytes`] wrote.
///
/// # Errors
/// The bytes are cut, too long, too deep, or of another origin.
pub fn from_bytes(bytes: &[u8]) -> Result<Value, NotStored> {
    let mut rest = bytes;
    let value = read(&mut rest, MAX_DEPTH)?;
    if rest.is_empty() { Ok(value) } else { Err(NotStored) }
}

/// With [`deserialize`], for `#[serde(with = "wayfarer_lang::value::stored")]` on a field of type [`Value`].
///
/// # Errors
/// Those of the serialiser.
pub fn serialize<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(&to_bytes(value))
}

/// See [`serialize`].
///
/// # Errors
/// The bytes are no stored value.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    deserializer.deserialize_bytes(Bytes)
}

/// The same for a field of type `Vec<Value>`.
pub mod list {
    use super::{Arc, Deserializer, Error, Serializer, Value, list_to_bytes};

    /// See [`serialize`](super::serialize).
    ///
    /// # Errors
    /// Those of the serialiser.
    pub fn serialize<S: Serializer>(values: &[Value], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&list_to_bytes(values))
    }

    /// See [`serialize`](super::serialize).
    ///
    /// # Errors
    /// The bytes are no stored values.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
        match super::deserialize(deserializer)? {
            Value::Array(items) => Ok(Arc::unwrap_or_clone(items)),
            _ => Err(D::Error::custom("these bytes are no stored values")),
        }
    }
}

struct Bytes;

impl<'de> Visitor<'de> for Bytes {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of a stored value")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Value, E> {
        from_bytes(bytes).map_err(E::custom)
    }

    // Text formats write bytes as a list of numbers.
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = items.next_element::<u8>()? {
            bytes.push(byte);
        }
        from_bytes(&bytes).map_err(A::Error::custom)
    }
}

impl Serialize for Stored<Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Stored<Value> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer).map(Self)
    }
}

impl Serialize for Stored<Secret<String>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Stored<Secret<String>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Secret::deserialize(deserializer).map(Self)
    }
}

/// The bytes that a length takes.
const LENGTH: usize = size_of::<u64>();

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 3;
const FLOAT: u8 = 4;
const TEXT: u8 = 5;
const ARRAY: u8 = 6;
const OBJECT: u8 = 7;
const SECRET: u8 = 8;

/// How many bytes [`write`] makes of a value.
fn length(value: &Value) -> usize {
    1 + match value {
        Value::Null | Value::Bool(_) => 0,
        Value::Int(_) | Value::Float(_) => 8,
        Value::Text(text) => LENGTH + text.len(),
        Value::Array(items) => LENGTH + items.iter().map(length).sum::<usize>(),
        Value::Object(fields) => {
            LENGTH + fields.iter().map(|(key, field)| LENGTH + key.len() + length(field)).sum::<usize>()
        }
        Value::Secret(inner) => length(inner.expose()),
    }
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(false) => out.push(FALSE),
        Value::Bool(true) => out.push(TRUE),
        Value::Int(number) => {
            out.push(INT);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::Float(number) => {
            out.push(FLOAT);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::Text(text) => {
            out.push(TEXT);
            write_text(text, out);
        }
        Value::Array(items) => write_list(items, out),
        Value::Object(fields) => {
            out.push(OBJECT);
            write_length(fields.len(), out);
            for (key, field) in fields.iter() {
                write_text(key, out);
                write(field, out);
            }
        }
        Value::Secret(inner) => {
            out.push(SECRET);
            write(inner.expose(), out);
        }
    }
}

fn write_list(items: &[Value], out: &mut Vec<u8>) {
    out.push(ARRAY);
    write_length(items.len(), out);
    items.iter().for_each(|item| write(item, out));
}

fn write_length(length: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&(length as u64).to_le_bytes());
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_length(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn read(rest: &mut &[u8], depth: usize) -> Result<Value, NotStored> {
    let depth = depth.checked_sub(1).ok_or(NotStored)?;
    let [tag] = take(rest)?;
    Ok(match tag {
        NULL => Value::Null,
        FALSE => Value::Bool(false),
        TRUE => Value::Bool(true),
        INT => Value::Int(i64::from_le_bytes(take(rest)?)),
        FLOAT => Value::Float(f64::from_le_bytes(take(rest)?)),
        TEXT => Value::Text(Arc::from(read_text(rest)?)),
        ARRAY => {
            let length = read_length(rest)?;
            // A length that the bytes do not bear out must not reserve memory; each item takes a byte at least.
            let mut items = Vec::with_capacity(length.min(rest.len()).min(1024));
            for _ in 0..length {
                items.push(read(rest, depth)?);
            }
            Value::from(items)
        }
        OBJECT => {
            let length = read_length(rest)?;
            let mut fields = Object::with_capacity(length.min(rest.len()).min(1024));
            for _ in 0..length {
                let key = Arc::from(read_text(rest)?);
                fields.insert(key, read(rest, depth)?);
            }
            Value::from(fields)
        }
        SECRET => read(rest, depth)?.into_secret(),
        _ => return Err(NotStored),
    })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], NotStored> {
    let (head, tail) = rest.split_first_chunk().ok_or(NotStored)?;
    *rest = tail;
    Ok(*head)
}

fn read_length(rest: &mut &[u8]) -> Result<usize, NotStored> {
    usize::try_from(u64::from_le_bytes(take(rest)?)).map_err(|_| NotStored)
}

fn read_text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, NotStored> {
    let length = read_length(rest)?;
    let (head, tail) = rest.split_at_checked(length).ok_or(NotStored)?;
    *rest = tail;
    std::str::from_utf8(head).map_err(|_| NotStored)
}
