//! What the steps read and set comes in; a finding for each variable that is set, or declared, and never read comes out.
//!
//! `error_output` is none of them: the reason of a failure is kept with the run, for those who look after it.

use std::collections::BTreeSet;

use crate::check::assigned::Use;
use crate::check::names::{Symbols, Typed};
use crate::check::values::Values;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};

/// Reports what is never read.
pub(super) fn check(symbols: &Symbols, steps: &[Typed<'_>], values: &[Values], findings: &mut Findings) {
    let uses = || values.iter().flat_map(|values| &values.uses);
    let read: BTreeSet<u16> =
        uses().filter(|one| matches!(one.what, Use::Read(_))).map(|one| one.what.slot()).collect();
    let kept = steps.iter().filter_map(|step| symbols.slot(&step.source.error_output.as_ref()?.value));
    let mut known: BTreeSet<u16> = read.into_iter().chain(kept).collect();
    for one in uses() {
        let slot = one.what.slot();
        if !known.insert(slot) {
            continue;
        }
        let message = format!("the variable {} is set and never read", quoted(symbols.variable_name(slot)));
        let finding = Diagnostic::warning(Code::NEVER_READ, one.span, message);
        findings.push(finding.help("read it, or delete what sets it"));
    }
}
