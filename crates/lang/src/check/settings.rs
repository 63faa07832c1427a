//! What stands beside a step's `with` comes in: `timeout`, `retry`, `output`, `error_output`; findings about what it must not
//! have, or what has no effect, come out.

use super::library::INVOKE;
use super::names::{Symbols, Typed};
use crate::catalog::Declaration;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, Fix, quoted};
use crate::types::{Type, TypeKind};

/// Looks for settings that mean nothing to this step, or that it must not have.
pub(super) fn check(
    step: &Typed<'_>,
    declaration: &Declaration,
    symbols: &Symbols,
    text: &str,
    findings: &mut Findings,
) {
    let source = step.source;
    let name = quoted(&declaration.name);
    if let Some(retry) = &source.retry
        && let Some(why) = refuses_retry(declaration)
    {
        let message = format!("{name} {why}, and cannot be tried again by itself");
        let finding = Diagnostic::error(Code::RETRY_REFUSED, retry.span, message);
        findings.push(finding.help("delete `retry`, and lead an exit to where the journey should go on"));
    }
    let ends = declaration.ends();
    let mut useless = Vec::new();
    if let Some(output) = &source.output
        && declaration.output.is_none()
    {
        useless.push((output.span, format!("{name} gives no output: {} is always null", quoted(&output.value))));
    }
    let why = if ends { "ends the journey" } else { "decides at once" };
    let idle = |setting: &str| format!("`{setting}` has no effect: {name} {why}");
    if ends {
        useless.extend(source.error_output.as_ref().map(|name| (name.span, idle("error_output"))));
    }
    if ends || declaration.is_instant() {
        useless.extend(source.timeout.as_ref().map(|timeout| (timeout.span, idle("timeout"))));
        useless.extend(source.retry.as_ref().map(|retry| (retry.span, idle("retry"))));
    }
    for (span, message) in useless {
        let entry = source.entries.iter().find(|(key, value)| *key == span || *value == span);
        let fix = entry.and_then(|(key, value)| Fix::remove(text, *key, *value));
        findings.push(Diagnostic::warning(Code::NO_EFFECT, span, message).help("delete it").fix(fix));
    }
    let failure = Type::object();
    let given = super::fields::output(step);
    let output = source.output.as_ref().zip(given.as_ref());
    for (variable, given) in output.into_iter().chain(source.error_output.as_ref().map(|name| (name, &failure))) {
        let declared = symbols.slot(&variable.value).and_then(|slot| symbols.variable_type(slot));
        if let Some(declared) = declared.filter(|declared| !takes(declared, given)) {
            let (to, from) = (quoted(declared.kind.word()), quoted(given.kind.word()));
            let message = format!("{} is declared as {to}, and would take {from} here", quoted(&variable.value));
            let finding = Diagnostic::error(Code::WRONG_TYPE, variable.span, message);
            findings.push(finding.help("declare it as what the step gives, or take another variable"));
        }
    }
}

/// Why a step cannot be tried again, if it cannot.
pub(crate) fn refuses_retry(declaration: &Declaration) -> Option<&'static str> {
    match declaration {
        Declaration { prompts: true, .. } => Some("asks the client"),
        Declaration { verifies: Some(_), .. } => Some("checks a secret"),
        it if &*it.name == INVOKE => Some("plays another journey"),
        _ => None,
    }
}

/// Whether a variable of one type may take what is of another, as far as their words tell.
fn takes(variable: &Type, given: &Type) -> bool {
    let (to, from) = (variable.kind, given.kind);
    to == from
        || to == TypeKind::Any
        || from == TypeKind::Any
        || matches!(
            (to, from),
            (TypeKind::Number, TypeKind::Integer)
                | (TypeKind::Integer, TypeKind::Number)
                | (TypeKind::String, TypeKind::Date)
                | (TypeKind::Date, TypeKind::String)
        )
}
