//! What the steps read and give comes in; a finding for each output that is never read comes out.
//!
//! `error_output` and variables that are set by hand are left alone: they may be kept with the run for those who look after it.

use std::collections::BTreeSet;

use crate::check::assigned::Use;
use crate::check::names::{Symbols, Typed};
use crate::check::values::Values;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};

/// Reports the outputs that are never read.
pub(super) fn check(symbols: &Symbols, steps: &[Typed<'_>], values: &[Values], findings: &mut Findings) {
    let uses = values.iter().flat_map(|values| &values.uses);
    let read: BTreeSet<u16> = uses.filter(|one| matches!(one.what, Use::Read(_))).map(|one| one.what.slot()).collect();
    for output in steps.iter().filter_map(|step| step.source.output.as_ref()) {
        if symbols.slot(&output.value).is_none_or(|slot| read.contains(&slot)) {
            continue;
        }
        let message = format!("the output {} is never read", quoted(&output.value));
        let finding = Diagnostic::warning(Code::NEVER_READ, output.span, message);
        findings.push(finding.help("read it, or delete this line"));
    }
}
