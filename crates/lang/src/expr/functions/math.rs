//! Arguments of `@math` functions come in, texts that are numbers among them; numbers go out.

pub(super) mod curve;
pub(super) mod random;
pub(super) mod round;

use super::{Kind, Parameter, one};

/// A number, or a text that is one.
const NUMERIC: Kind = Kind::Either(&[Kind::Number, Kind::String]);
const X: &[Parameter] = &[one("x", NUMERIC)];
