//! Arguments of `@crypto` functions come in, and keys by their aliases; digests, sealed texts and verified claims go out.

pub(super) mod cipher;
pub(super) mod digest;
pub(super) mod random;
pub(super) mod token;

use super::argument::{Arguments, text};
use super::{Kind, Parameter, one};
use crate::expr::error::{EvalCode, Outcome, fault};
use crate::expr::eval::Machine;
use crate::expr::keys::NamedKey;

const KEY: Parameter = one("key", Kind::String);

/// The key of the alias at that place.
fn key<'a>(machine: &Machine<'_, 'a>, arguments: Arguments<'_, '_>, index: usize) -> Outcome<&'a NamedKey> {
    match machine.roots().keys.key(text(arguments, index)?) {
        Some(key) => Ok(key),
        None => fault(EvalCode::UnknownKey, "no key goes by this alias"),
    }
}

/// The bytes of the symmetric key of the alias at that place.
fn symmetric<'a>(machine: &Machine<'_, 'a>, arguments: Arguments<'_, '_>, index: usize) -> Outcome<&'a [u8]> {
    match key(machine, arguments, index)? {
        NamedKey::Symmetric(bytes) => Ok(bytes.expose()),
        NamedKey::Public(_) => fault(EvalCode::UnknownKey, "the key of this alias is a public one"),
    }
}
