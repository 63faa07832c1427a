//! The resolved steps come in; findings about the ways through the journey come out.

use super::assigned::{self, PlacedUse, Use};
use super::graph::Graph;
use super::links::{self, Links};
use super::names::{Symbols, Typed};
use super::values::Values;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::journey::Journey;
use crate::program::{StepIndex, Target};

/// Whether a visit of a step waits, whatever happens. What is unknown is taken to.
fn waits(step: &Typed<'_>) -> bool {
    match step.callee {
        Some(callee) => callee.learnt.waits,
        None => step.declaration.is_none_or(|declaration| declaration.waits || declaration.prompts),
    }
}

/// How many ways are searched out to explain an unset variable; further findings do without.
const WAYS: usize = 50;

/// How many steps of a way are named.
const NAMED: usize = 8;

/// How many places that set a variable are shown.
const PLACES: usize = 3;

/// The first step; none if there is none, or a name that means nothing stands after `start`.
pub(super) fn start(journey: &Journey, symbols: &Symbols, findings: &mut Findings) -> Option<usize> {
    let Some(name) = &journey.start else { return (!journey.steps.is_empty()).then_some(0) };
    if &*name.value == "abort" && symbols.step("abort").is_none() {
        let finding = Diagnostic::error(Code::UNKNOWN_TARGET, name.span, "a journey cannot start with `abort`");
        findings.push(finding.help("name the first step"));
        return None;
    }
    match links::target(name, None, symbols, findings).0 {
        Some(Target::Step(StepIndex(index))) => Some(index as usize),
        Some(Target::Continue(_) | Target::Abort) | None => None,
    }
}

/// Looks at all ways from the start, and says whether each of them that comes to an end waits before.
pub(super) fn check(
    journey: &Journey,
    symbols: &Symbols,
    steps: &[Typed<'_>],
    links: &[Links],
    values: &[Values],
    start: usize,
    findings: &mut Findings,
) -> bool {
    let graph = Graph { edges: links.iter().map(|links| links.edges.clone()).collect(), start };
    let flow = Flow { journey, symbols, steps, links, graph };
    let reachable = flow.graph.reachable();
    flow.unreachable(&reachable, findings);
    let endless = flow.endless(&reachable, findings);
    flow.ends(&reachable, endless, findings);
    flow.unset(values, findings);
    flow.always_waits()
}

struct Flow<'a> {
    journey: &'a Journey,
    symbols: &'a Symbols,
    steps: &'a [Typed<'a>],
    links: &'a [Links],
    graph: Graph,
}

impl Flow<'_> {
    fn unreachable(&self, reachable: &[bool], findings: &mut Findings) {
        if self.links.iter().zip(reachable).any(|(links, reached)| *reached && links.anywhere) {
            return;
        }
        // A step that bears another's id has its finding.
        let named = |step: &&Typed<'_>| self.symbols.step(&step.source.id.value) == Some(step.index);
        let missed = self.steps.iter().zip(reachable).filter(|(_, reached)| !**reached).map(|(step, _)| step);
        for step in missed.filter(named).map(|step| step.source) {
            let message = format!("no way leads to the step {}", quoted(&step.id.value));
            let finding = Diagnostic::error(Code::UNREACHABLE_STEP, step.id.span, message);
            findings.push(finding.help("link an exit to it, or delete it"));
        }
    }

    /// Rounds in which no step waits: the run would spin until its limits end it. Says whether there are any.
    fn endless(&self, reachable: &[bool], findings: &mut Findings) -> bool {
        let spins: Vec<bool> =
            self.steps.iter().zip(reachable).map(|(step, reached)| *reached && !waits(step)).collect();
        let rounds = self.graph.rounds(&spins);
        let found = !rounds.is_empty();
        for round in rounds {
            let mut names = round.steps.clone();
            names.extend(round.steps.first());
            let message = format!("{} goes round without waiting for the client", self.way(&names));
            let finding = Diagnostic::error(Code::ENDLESS_CYCLE, round.closing, message);
            findings.push(finding.help("lead it through a step that asks the client, or out of the cycle"));
        }
        found
    }

    /// Whether no way leads to an end without waiting.
    fn always_waits(&self) -> bool {
        let reached = self.graph.reachable_past(|index| self.steps.get(index).is_some_and(waits));
        let ends = self
            .steps
            .iter()
            .filter(|step| step.declaration.is_some_and(|it| it.exits.is_empty() && it.exits_from.is_none()));
        !ends.into_iter().any(|step| reached.get(step.index).copied().unwrap_or_default())
    }

    /// Journeys that cannot complete, and steps from which nothing ends; the latter unless an endless cycle says so.
    fn ends(&self, reachable: &[bool], endless: bool, findings: &mut Findings) {
        let reached = || reachable.iter().enumerate().filter(|(_, reached)| **reached).map(|(index, _)| index);
        let incomplete = |index: &usize| self.links.get(*index).is_none_or(|links| links.incomplete);
        if reached().any(|index| incomplete(&index)) {
            return;
        }
        let is = |index: usize, name: &str| {
            let declaration = self.steps.get(index).and_then(|step| step.declaration);
            declaration.is_some_and(|declaration| &*declaration.name == name)
        };
        if !reached().any(|index| is(index, "complete_journey")) {
            let place = self.journey.id.as_ref().map_or(self.journey.span, |id| id.span);
            let finding = Diagnostic::warning(Code::NEVER_COMPLETES, place, "no way leads to `complete_journey`");
            findings.push(
                finding.help("a run can only fail or be refused; add a `complete_journey` step if it may succeed"),
            );
        }
        let ends = |index: &usize| {
            self.links
                .get(*index)
                .is_some_and(|links| links.aborts || (links.edges.is_empty() && links.links.is_empty()))
        };
        let ending = self.graph.leading_to((0..self.graph.len()).filter(ends));
        let stuck = reached().find(|index| !endless && !ending.get(*index).copied().unwrap_or(true));
        if let Some(step) = stuck.and_then(|index| self.steps.get(index)).map(|step| step.source) {
            let message = format!("no way leads from {} to an end of the journey", quoted(&step.id.value));
            let finding = Diagnostic::warning(Code::DEAD_END, step.id.span, message);
            findings.push(finding.help("lead an exit to `complete_journey`, to `reject_access`, or to `abort`"));
        }
    }

    fn unset(&self, values: &[Values], findings: &mut Findings) {
        let uses: Vec<Vec<PlacedUse>> = values.iter().map(|values| values.uses.clone()).collect();
        let initial: Vec<bool> =
            (self.symbols.variable_types.iter()).map(|ty| ty.as_ref().is_some_and(|ty| ty.default.is_some())).collect();
        for (count, read) in assigned::unset_reads(&self.graph, &uses, &initial).into_iter().enumerate() {
            let name = quoted(self.symbols.variable_name(read.slot));
            let sets = || uses.iter().flatten().filter(|one| one.what == Use::Set(read.slot));
            let message = if sets().next().is_none() {
                format!("the variable {name} is declared, and never set")
            } else {
                format!("the variable {name} may be unset here")
            };
            let mut finding = Diagnostic::error(Code::UNSET_VARIABLE, read.span, message);
            let default = "declare it under `vars` with a `default`";
            let way = (count < WAYS).then(|| self.unset_way(&uses, read.step, read.slot)).flatten();
            finding = finding.help(match way {
                Some(way) if way.len() > 1 => {
                    format!("nothing sets it on the way {}; set it there, or {default}", self.way(&way))
                }
                _ => format!("set it before it is read, or {default}"),
            });
            if count < WAYS {
                for set in sets().filter(|set| set.span != read.span).take(PLACES) {
                    finding = finding.label(set.span, "set here");
                }
            }
            findings.push(finding);
        }
    }

    /// A way to `step` on which nothing sets the slot.
    fn unset_way(&self, uses: &[Vec<PlacedUse>], step: usize, slot: u16) -> Option<Vec<usize>> {
        let sets = |index: usize| uses.get(index).into_iter().flatten().any(|one| one.what == Use::Set(slot));
        self.graph.way(step, sets)
    }

    /// The ids of steps, as a way.
    fn way(&self, way: &[usize]) -> String {
        let name = |index: &usize| self.steps.get(*index).map_or(String::new(), |step| quoted(&step.source.id.value));
        if way.len() <= NAMED {
            return way.iter().map(name).collect::<Vec<_>>().join(" → ");
        }
        let ends = NAMED / 2;
        let first: Vec<_> = way.iter().take(ends).map(name).collect();
        let last: Vec<_> = way.iter().skip(way.len() - ends).map(name).collect();
        format!("{} → … → {}", first.join(" → "), last.join(" → "))
    }
}
