//! Arguments of `@std` functions come in; their values go out.

pub(super) mod list;
pub(super) mod number;
pub(super) mod object;
pub(super) mod order;
pub(super) mod phone;
pub(super) mod picture;
pub(super) mod query;
pub(super) mod random;
pub(super) mod search;
pub(super) mod xml;

use super::Kind;

const T: Kind = Kind::Item('T');
const U: Kind = Kind::Item('U');
const LIST: super::Parameter = super::one("list", Kind::Array(&T));
const TEST: Kind = Kind::Lambda(&[T], &Kind::Any);
