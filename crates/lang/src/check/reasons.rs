//! The compiled values come in; a warning for each failure of a verifying step whose reason goes to the client comes out (R40).

use super::names::{Symbols, Typed};
use super::values::Values;
use crate::catalog::{Declaration, Origin};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::expr::{self, SecretRead, Template};
use crate::journey::Journey;
use crate::program::Kind;
use crate::text::Span;

/// Follows the `error_output` of verifying steps to what a client receives, or, in a sub-journey, its caller, and says
/// whether the latter gets any. A decision by the reason is not followed: only the reason itself, whole or as part of a
/// text.
pub(super) fn check(
    journey: &Journey,
    symbols: &Symbols,
    steps: &[Typed<'_>],
    values: &[Values],
    findings: &mut Findings,
) -> bool {
    let mut reasons = Reasons { set: vec![None; symbols.variable_names().len()] };
    for step in steps.iter().filter(|step| step.declaration.is_some_and(|it| it.verifies.is_some())) {
        if let Some(name) = &step.source.error_output {
            reasons.mark(symbols.slot(&name.value), name.span);
        }
    }
    for step in steps.iter().filter(|step| step.callee.is_some_and(|callee| callee.learnt.reasons)) {
        for name in [&step.source.output, &step.source.error_output].into_iter().flatten() {
            reasons.mark(symbols.slot(&name.value), name.span);
        }
    }
    if reasons.set.iter().all(Option::is_none) {
        return false;
    }
    // Each turn marks at least one variable, or is the last.
    loop {
        let assignments = values.iter().flat_map(|values| &values.assignments);
        let passing =
            assignments.filter(|one| !reasons.reads(&one.template).is_empty()).map(|one| (one.slot, one.span));
        let passing: Vec<_> = passing.collect();
        let marked = passing.into_iter().filter(|(slot, span)| reasons.mark(Some(*slot), *span)).count();
        if marked == 0 {
            break;
        }
    }
    let sub = journey.kind.as_ref().is_some_and(|kind| kind.value == Kind::Sub);
    let mut handed = false;
    for (step, values) in steps.iter().zip(values) {
        // A form that ends the journey hands out `data`; that of a sub-journey goes to its caller.
        let ends = |it: &Declaration| it.origin == Origin::Form && it.exits.is_empty();
        let shows = step.declaration.is_some_and(|it| it.prompts || (ends(it) && !sub));
        handed |= sub
            && step.declaration.is_some_and(ends)
            && values.entries.iter().any(|entry| !reasons.reads(&entry.template).is_empty());
        for entry in values.entries.iter().filter(|_| shows) {
            for read in reasons.reads(&entry.template) {
                let expr::Origin::Variable(slot) = read.origin else { continue };
                let name = quoted(symbols.variable_name(slot));
                let message = format!("the reason of a failure goes to the client: {name}");
                let mut finding = Diagnostic::warning(Code::REASON_SHOWN, read.span, message)
                    .help("say the same for every failure; the reason is for those who run the journey");
                if let Some(span) = reasons.set.get(usize::from(slot)).copied().flatten() {
                    finding = finding.label(span, "takes the reason here");
                }
                findings.push(finding);
            }
        }
    }
    handed
}

struct Reasons {
    /// For each variable that holds a reason: where it is set.
    set: Vec<Option<Span>>,
}

impl Reasons {
    fn mark(&mut self, slot: Option<u16>, span: Span) -> bool {
        match slot.and_then(|slot| self.set.get_mut(usize::from(slot))) {
            Some(set @ None) => {
                *set = Some(span);
                true
            }
            _ => false,
        }
    }

    fn reads(&self, template: &Template) -> Vec<SecretRead> {
        let holds = |origin, _: &[&str]| match origin {
            expr::Origin::Variable(slot) => self.set.get(usize::from(slot)).is_some_and(Option::is_some),
            expr::Origin::Parameter(_) | expr::Origin::Root(_) => false,
        };
        let flow = template.secrets(&holds);
        flow.passed.into_iter().chain(flow.misused).collect()
    }
}
