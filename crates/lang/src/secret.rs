//! A value that must not be shown comes in; a wrapper that never prints, serialises or compares it goes out.

mod schema;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Visitor};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

pub use schema::SCHEMA_KEY;

use crate::Value;

/// The name of the newtype through which [`Secret`] is deserialised; [`Value`]'s deserialiser knows it.
pub(crate) const MARKER: &str = "$wayfarer::Secret";

/// What is printed in a secret's place.
pub(crate) const MASK: &str = "[secret]";

/// Something whose memory can be overwritten before it is given back.
pub trait Wipe {
    /// Overwrites the content, as far as nobody else holds it.
    fn wipe(&mut self);
}

impl Wipe for String {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl Wipe for Vec<u8> {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl<const N: usize> Wipe for [u8; N] {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl<T: Wipe> Wipe for Option<T> {
    fn wipe(&mut self) {
        if let Some(inner) = self {
            inner.wipe();
        }
    }
}

impl Wipe for Value {
    fn wipe(&mut self) {
        match self {
            Self::Text(text) => {
                if let Some(text) = Arc::get_mut(text) {
                    text.zeroize();
                }
            }
            Self::Int(number) => number.zeroize(),
            Self::Float(number) => number.zeroize(),
            Self::Array(items) => {
                if let Some(items) = Arc::get_mut(items) {
                    items.iter_mut().for_each(Wipe::wipe);
                }
            }
            Self::Object(fields) => {
                if let Some(fields) = Arc::get_mut(fields) {
                    fields.values_mut().for_each(Wipe::wipe);
                }
            }
            Self::Null | Self::Bool(_) | Self::Secret(_) => {}
        }
    }
}

impl Wipe for Arc<Value> {
    fn wipe(&mut self) {
        if let Some(value) = Self::get_mut(self) {
            value.wipe();
        }
    }
}

/// A secret: it prints as `[secret]`, has no serialised form, cannot be compared by accident, and is overwritten when dropped.
///
/// Deserialising reads the inner value; from a [`Value`] both a secret and a plain value are accepted.
///
/// ```
/// use wayfarer_lang::Secret;
///
/// let code = Secret::new(String::from("482913"));
/// assert_eq!(format!("{code} {code:?}"), "[secret] [secret]");
/// assert!(code.matches("482913"));
/// ```
pub struct Secret<T: Wipe>(T);

impl<T: Wipe> Secret<T> {
    /// Wraps a secret.
    pub fn new(inner: T) -> Self {
        Self(inner)
    }

    /// The secret itself. Each call is a place to look at in a review.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl Secret<String> {
    /// Whether `guess` is this secret, in a time that depends on the lengths alone.
    pub fn matches(&self, guess: &str) -> bool {
        self.0.as_bytes().ct_eq(guess.as_bytes()).into()
    }
}

impl<T: Wipe> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl<T: Wipe + Clone> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Wipe> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl<T: Wipe> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl<T: Wipe> From<T> for Secret<T> {
    fn from(inner: T) -> Self {
        Self(inner)
    }
}

impl<'de, T: Wipe + Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Inner<T>(PhantomData<T>);

        impl<'de, T: Wipe + Deserialize<'de>> Visitor<'de> for Inner<T> {
            type Value = Secret<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a secret")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                T::deserialize(deserializer).map(Secret)
            }
        }

        deserializer.deserialize_newtype_struct(MARKER, Inner(PhantomData))
    }
}

#[cfg(test)]
mod tests;
