//! A step that invokes another journey comes in; findings about the journey that it names come out, and, compiled, what it
//! gives to it.

use std::sync::Arc;

use super::fit::fit;
use super::library::{Interface, JOURNEY, Library, callee};
use super::names::{Symbols, Typed};
use super::secrets::holds_secret;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::journey::{Journey, Spanned};
use crate::program::Kind;
use crate::yaml::Node;

/// How many journeys may wait for one another: the engine's bound, unless the host sets another.
const DEEPEST: usize = 8;

/// Looks at every journey that is invoked.
pub(super) fn check(
    journey: &Journey,
    symbols: &Symbols,
    steps: &[Typed<'_>],
    library: &Library,
    findings: &mut Findings,
) {
    let own = journey.id.as_ref().map_or("", |id| &id.value);
    for step in steps {
        if let Some(name) = callee(step.source) {
            named(&name, own, symbols, library, findings);
        }
    }
}

fn named(name: &Spanned<Arc<str>>, own: &str, symbols: &Symbols, library: &Library, findings: &mut Findings) {
    let id = quoted(&name.value);
    if name.value.starts_with('@') || name.value.contains("${") {
        let message = format!("{} cannot be an expression", quoted(JOURNEY));
        let finding = Diagnostic::error(Code::WRONG_TYPE, name.span, message);
        return findings
            .push(finding.help("write the id out: what a journey may come to is known before any run begins"));
    }
    let Some(interface) = library.get(&name.value) else {
        let guess = symbols.nearest(&name.value, library.subs().into_iter());
        let help = || "it must lie beside this file, or be checked or loaded together with it".to_owned();
        let finding = Diagnostic::error(Code::UNKNOWN_JOURNEY, name.span, format!("there is no journey {id}"));
        return findings.push(finding.guess_or(guess, help));
    };
    if let Some(circle) = library.circle(own, &name.value) {
        let way: Vec<_> = circle.iter().map(|id| quoted(id)).collect();
        let message = format!("{} leads back to itself: {}", quoted(own), shortened(&way));
        let finding = Diagnostic::error(Code::RECURSION, name.span, message);
        return findings.push(finding.help("a journey cannot wait for itself; go round with a `while_loop`"));
    }
    if interface.kind != Kind::Sub {
        let message = format!("{id} is no sub-journey");
        let finding = Diagnostic::error(Code::NOT_A_SUB_JOURNEY, name.span, message);
        return findings.push(finding.help("write `kind: sub` in its file, if nobody else starts it"));
    }
    let depth = interface.learnt.depth + 1;
    if depth > DEEPEST {
        let message = format!("{depth} journeys would wait for one another here, and a run ends at {DEEPEST}");
        let finding = Diagnostic::warning(Code::TOO_MANY_JOURNEYS, name.span, message);
        findings.push(finding.help("invoke fewer journeys from within others, or raise the limit of the host"));
    }
}

/// A way of which only the ends are named if it is long.
fn shortened(way: &[String]) -> String {
    const NAMED: usize = 8;
    match way {
        [first @ .., last] if way.len() > NAMED => {
            let first: Vec<_> = first.iter().take(NAMED - 1).map(String::as_str).collect();
            format!("{} → … → {last}", first.join(" → "))
        }
        _ => way.join(" → "),
    }
}

/// Holds what is given to a journey against what it declares. Says which entries it takes, each with its place among the
/// parameters and whether it may be a secret.
pub(super) fn arguments<'n>(
    node: &'n Node,
    interface: &Interface,
    symbols: &Symbols,
    findings: &mut Findings,
) -> Vec<(Arc<str>, bool, &'n Node)> {
    let mut given = Vec::new();
    for (key, value) in node.as_mapping().unwrap_or_default() {
        let Some(name) = key.as_text() else { continue };
        let Some(parameter) = interface.parameters.iter().find(|parameter| parameter.name.value == *name) else {
            let known: Vec<_> = interface.parameters.iter().map(|parameter| &*parameter.name.value).collect();
            let guess = symbols.nearest(name, known.iter().copied());
            let help = || match known.as_slice() {
                [] => "it takes none: delete this".to_owned(),
                _ => format!("its parameters are `{}`", known.join("`, `")),
            };
            let message = format!("the journey {} has no parameter {}", quoted(&interface.id), quoted(name));
            findings.push(Diagnostic::error(Code::UNKNOWN_PARAMETER, key.span, message).guess_or(guess, help));
            continue;
        };
        fit(name, value, &parameter.ty, symbols, findings);
        given.push((Arc::clone(name), holds_secret(&parameter.ty), value));
    }
    given
}

/// Reports the parameters that must be given and are not.
pub(super) fn missing(step: &Typed<'_>, params: Option<&Node>, symbols: &Symbols, findings: &mut Findings) {
    let Some(interface) = step.callee else { return };
    let place = params.map_or_else(|| step.source.with_key.unwrap_or(step.source.id.span), |node| node.span);
    let meant = |parameter: &str| {
        let entries = params.and_then(Node::as_mapping).unwrap_or_default();
        let unknown = |name: &str| interface.parameters.iter().all(|known| &*known.name.value != name);
        // A slip in the name is one mistake, not two.
        entries.iter().filter_map(|(key, _)| key.as_text()).any(|name| {
            **name == *parameter || unknown(name) && symbols.nearest(name, std::iter::once(parameter)).is_some()
        })
    };
    for parameter in interface.parameters.iter().filter(|parameter| parameter.ty.is_required()) {
        let name = &parameter.name.value;
        if !meant(name) {
            let message = format!("the journey {} needs the parameter {}", quoted(&interface.id), quoted(name));
            let help = format!("add `{name}: ` under `params`");
            findings.push(Diagnostic::error(Code::MISSING_PARAMETER, place, message).help(help));
        }
    }
}
