//! Arguments of `@strings` functions come in; their values go out.

pub(super) mod code;
pub(super) mod mask;
pub(super) mod pad;
pub(super) mod part;
pub(super) mod pattern;
pub(super) mod shape;

use super::{Kind, Parameter, one};

const TEXT: Parameter = one("text", Kind::String);
