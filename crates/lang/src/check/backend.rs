//! A journey's kind and its steps come in; findings about what only a journey for backends may have, and about what it must
//! not, come out.

use super::names::Typed;
use crate::catalog::{Declaration, Origin};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::journey::{Journey, WithEntry};
use crate::program::Kind;
use crate::response::may_set;
use crate::types::Type;
use crate::yaml::NodeKind;

/// The parameters of `complete_journey` that make up an HTTP answer, beside `data`, which is its body.
pub(super) const STATUS: &str = "status";
pub(super) const HEADERS: &str = "headers";

/// Whether a backend calls the journey.
pub(super) fn is_backend(journey: &Journey) -> bool {
    journey.kind.as_ref().is_some_and(|kind| kind.value == Kind::Backend)
}

/// Looks at every step. Says whether the journey may wait for anybody.
pub(super) fn check(journey: &Journey, steps: &[Typed<'_>], findings: &mut Findings) -> bool {
    let backend = is_backend(journey);
    for step in steps.iter().filter(|_| backend) {
        if let Some(why) = waits(step) {
            let message = format!("{} {why}, and a backend gets its answer in one call", quoted(&step.source.id.value));
            let finding = Diagnostic::error(Code::BACKEND_WAITS, step.source.id.span, message);
            findings.push(finding.help("let a journey of `kind: client` do it, or leave it out"));
        }
    }
    for step in steps.iter().filter(|step| step.declaration.is_some_and(|it| &*it.name == "complete_journey")) {
        for entry in step.source.with.iter().filter(|entry| [STATUS, HEADERS].contains(&&*entry.name.value)) {
            if backend {
                headers(entry, findings);
            } else {
                let message = format!("{} is for the HTTP answer of a journey for backends", quoted(&entry.name.value));
                let finding = Diagnostic::error(Code::BACKEND_ONLY, entry.name.span, message);
                findings.push(finding.help("delete it, or write `kind: backend` if a backend calls the journey"));
            }
        }
    }
    steps.iter().any(|step| waits(step).is_some())
}

/// Why a step may wait for somebody.
fn waits(step: &Typed<'_>) -> Option<&'static str> {
    match step.declaration? {
        Declaration { prompts: true, .. } => Some("asks the client"),
        Declaration { waits: true, origin: Origin::Step, .. } => Some("waits"),
        _ if step.callee.is_some_and(|callee| callee.learnt.asks) => Some("plays a journey that waits"),
        _ => None,
    }
}

/// Names that are written out are looked at before any run.
fn headers(entry: &WithEntry, findings: &mut Findings) {
    let NodeKind::Mapping(fields) = &entry.value.kind else { return };
    for field in fields.iter().filter(|_| &*entry.name.value == HEADERS) {
        let (name, _) = field;
        let NodeKind::Text(text) = &name.kind else { continue };
        if !may_set(&text.value) {
            let message = format!("the header {} cannot be set by a journey", quoted(&text.value));
            let finding = Diagnostic::error(Code::HEADER_KEPT, name.span, message);
            findings.push(finding.help("the server sets what belongs to the connection, to cookies and to pages"));
        }
    }
}

/// The type of what `complete_journey` hands out in a journey for backends: the answer, in parts. The bounds hold for what is
/// evaluated, too.
pub(super) fn answer(body: Option<Type>) -> Type {
    let required = body
        .as_ref()
        .and_then(|body| body.properties.as_ref())
        .is_some_and(|fields| fields.values().any(Type::is_required));
    let body = body.unwrap_or_else(Type::any);
    let body = if required { body } else { body.optional().nullable() };
    let status = Type { minimum: Some(200.0), maximum: Some(599.0), ..Type::integer() };
    Type::object_of([("data", body), (STATUS, status.optional()), (HEADERS, Type::object().optional())])
}
