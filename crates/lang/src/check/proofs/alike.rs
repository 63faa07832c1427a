//! The exits of verifying steps come in; a finding for each failure comes out that certainly looks different to the client.

use std::cell::Cell;
use std::collections::{HashMap, HashSet, VecDeque};

use super::COMPLETE;
use super::walk::Ground;
use crate::Value;
use crate::catalog::{Declaration, Origin, Unlinked};
use crate::check::names::Typed;
use crate::check::values::{self, Values};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, Hop, quoted};
use crate::expr::{Reads, Roots, Scope, Template};
use crate::program::{Link, StepIndex, Target};

/// The exit that the others are compared with.
const FAILURE: &str = "failure";

/// How many steps are passed in all to compare the failures of a journey; what comes behind is taken to be alike.
const MOST_PASSED: usize = 2_000;

/// How many exits of a step are compared.
const MOST_EXITS: usize = 50;

/// What variables were set to on a way, where it is written out.
type Written = HashMap<u16, Value>;

/// Where a way is, and how it came there.
#[derive(Clone)]
struct At {
    target: Target,
    written: Written,
    path: Vec<Hop>,
}

/// Compares, for each verifying step, what follows `failure` with what follows the exits that are kinds of it by its
/// declaration. The ends of a `part` of other journeys are seen by those alone.
pub(super) fn check(ground: Ground<'_>, part: bool, findings: &mut Findings) {
    let budget = Cell::new(MOST_PASSED);
    for step in ground.steps {
        let Some(declaration) = step.declaration.filter(|it| it.verifies.is_some()) else { continue };
        let links = ground.links.get(step.index).map(|links| links.links.as_slice()).unwrap_or_default();
        let Some(failure) = links.iter().find(|link| &*link.name == FAILURE) else { continue };
        for other in links.iter().filter(|link| is_kind_of_failure(declaration, &link.name)) {
            if let Some(path) = differs(ground, part, &budget, step, failure, other) {
                let message = format!("the client can tell {} from `{FAILURE}`", quoted(&other.name));
                let place = place(step, &other.name);
                let finding = Diagnostic::warning(Code::FAILURES_DIFFER, place, message).path(path);
                findings.push(finding.help("lead both to the same step, or to ends that say the same"));
            }
        }
    }
}

fn is_kind_of_failure(declaration: &Declaration, exit: &str) -> bool {
    let declared = declaration.exits.iter().find(|declared| &*declared.name == exit);
    declared.is_some_and(|exit| matches!(&exit.unlinked, Unlinked::Follows(other) if &**other == FAILURE))
}

/// The link as it is written.
fn place(step: &Typed<'_>, exit: &str) -> crate::Span {
    let written = step.source.routes.branches.iter().find(|link| &*link.exit.value == exit);
    written.map_or(step.source.id.span, |link| link.exit.span)
}

/// The way behind the second exit up to where the client sees something else than behind the first; none if nothing is
/// certain to differ. Both ways are followed side by side, as long as what they pass is decided.
fn differs(
    ground: Ground<'_>,
    part: bool,
    budget: &Cell<usize>,
    step: &Typed<'_>,
    first: &Link,
    second: &Link,
) -> Option<Vec<Hop>> {
    let begin = |link: &Link| {
        let hop = Hop { step: step.source.id.value.clone(), exit: Some(link.name.clone()) };
        At { target: link.target, written: Written::new(), path: vec![hop] }
    };
    let mut seen = HashSet::new();
    let mut open = VecDeque::from([(begin(first), begin(second))]);
    while let Some((first, second)) = open.pop_front() {
        let (Some(first), Some(second)) = (shown(ground, budget, first), shown(ground, budget, second)) else {
            continue;
        };
        let same = first.target == second.target && first.written == second.written;
        if same || !seen.insert((first.target, second.target)) {
            continue;
        }
        let steps = (step_at(ground, first.target), step_at(ground, second.target));
        let hidden = |step: Option<&Typed<'_>>| part && step.is_none_or(|step| step.declaration.is_none_or(is_end));
        let (left, right) = match steps {
            (None, None) => continue,
            (first, second) if hidden(first) || hidden(second) => continue,
            (Some(left), Some(right)) => (left, right),
            _ => return Some(ended(second, ground)),
        };
        if sort(left) != sort(right) || says_otherwise((ground, left, &first), (ground, right, &second)) {
            return Some(ended(second, ground));
        }
        for link in links(ground, left).iter().take(MOST_EXITS) {
            if let Some(other) = links(ground, right).iter().find(|other| other.name == link.name) {
                open.push_back((passed(&first, left, link), passed(&second, right, other)));
            }
        }
    }
    None
}

/// Goes on to where the client sees something, or the run ends; none if that depends on more than is written.
fn shown(ground: Ground<'_>, budget: &Cell<usize>, mut at: At) -> Option<At> {
    loop {
        budget.set(budget.get().checked_sub(1)?);
        let Some(step) = step_at(ground, at.target) else { return Some(at) };
        let declaration = step.declaration?;
        if declaration.prompts || is_end(declaration) {
            return Some(at);
        }
        if declaration.origin != Origin::Form || &*declaration.name != "set_temporary_variables" {
            return None;
        }
        let link = links(ground, step).first()?;
        let mut next = passed(&at, step, link);
        for one in &values_of(ground, step)?.assignments {
            match known(&one.template, &next.written) {
                Some(value) => next.written.insert(one.slot, value),
                None => next.written.remove(&one.slot),
            };
        }
        at = next;
    }
}

/// Whether two places say something else to the client, whatever else the run holds.
fn says_otherwise(first: (Ground<'_>, &Typed<'_>, &At), second: (Ground<'_>, &Typed<'_>, &At)) -> bool {
    let entries = |(ground, step, _): (Ground<'_>, &Typed<'_>, &At)| {
        let entries = values_of(ground, step).map(|values| &values.entries);
        entries.into_iter().flatten().map(|entry| entry.name.clone()).collect::<Vec<_>>()
    };
    let mut names = entries(first);
    names.extend(entries(second));
    names.sort();
    names.dedup();
    names.iter().any(|name| match (said(first, name), said(second, name)) {
        (Some(left), Some(right)) => left != right,
        _ => false,
    })
}

/// What a step says under a key, if it is certain; null where it has no such key.
fn said((ground, step, at): (Ground<'_>, &Typed<'_>, &At), name: &str) -> Option<Value> {
    let entry: Option<&values::Value> = values_of(ground, step)?.entries.iter().find(|entry| &*entry.name == name);
    entry.map_or(Some(Value::Null), |entry| known(&entry.template, &at.written))
}

/// The value of a template that reads nothing but what was written.
fn known(template: &Template, written: &Written) -> Option<Value> {
    let Reads { variables, parameters, roots } = template.reads();
    if !parameters.is_empty() || !roots.is_empty() || !variables.iter().all(|(slot, _)| written.contains_key(slot)) {
        return None;
    }
    let count = variables.iter().map(|(slot, _)| usize::from(*slot) + 1).max().unwrap_or_default();
    let variables: Vec<_> = (0..count).map(|slot| written.get(&u16::try_from(slot).ok()?).cloned()).collect();
    let scope = Scope { parameters: &[], parameter_names: &[], variables: &variables, roots: Roots::default() };
    template.evaluate(&scope).ok().filter(|value| !value.holds_secret())
}

/// Behind a step: what it sets itself is not written anywhere.
fn passed(at: &At, step: &Typed<'_>, link: &Link) -> At {
    let mut next = at.clone();
    next.target = link.target;
    next.path.push(Hop { step: step.source.id.value.clone(), exit: Some(link.name.clone()) });
    if step.source.output.is_some() || step.source.error_output.is_some() {
        next.written.clear();
    }
    next
}

fn ended(mut at: At, ground: Ground<'_>) -> Vec<Hop> {
    let step = step_at(ground, at.target).map_or_else(|| "abort".into(), |step| step.source.id.value.clone());
    at.path.push(Hop { step, exit: None });
    at.path
}

fn is_end(declaration: &Declaration) -> bool {
    declaration.origin == Origin::Form && declaration.exits.is_empty() && declaration.exits_from.is_none()
}

/// What the client can tell apart whatever is said: the sorts of step.
fn sort<'a>(step: &Typed<'a>) -> &'a str {
    step.declaration.map_or(COMPLETE, |declaration| &declaration.name)
}

fn step_at<'a>(ground: Ground<'a>, target: Target) -> Option<&'a Typed<'a>> {
    match target {
        Target::Step(StepIndex(index)) | Target::Continue(StepIndex(index)) => ground.steps.get(index as usize),
        Target::Abort => None,
    }
}

fn links<'a>(ground: Ground<'a>, step: &Typed<'_>) -> &'a [Link] {
    ground.links.get(step.index).map(|links| links.links.as_slice()).unwrap_or_default()
}

fn values_of<'a>(ground: Ground<'a>, step: &Typed<'_>) -> Option<&'a Values> {
    ground.values.get(step.index)
}
