//! Several journeys come in; what each may know of the others goes out, and the order in which to check them.

use std::collections::HashMap;
use std::sync::Arc;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::proofs::Proofs;
use super::values;
use crate::journey::{Journey, ParameterSource, Spanned, StepSource};
use crate::program::Kind;
use crate::types::Type;

/// The form that invokes another journey.
pub(super) const INVOKE: &str = "invoke_sub_journey";

/// The parameter that names it.
pub(super) const JOURNEY: &str = "journey";

/// What the journeys that are checked together may know of one another.
#[derive(Debug, Default)]
pub(super) struct Library {
    interfaces: Vec<Interface>,
    by_id: HashMap<Arc<str>, usize>,
}

/// What other journeys may know of one.
#[derive(Debug)]
pub(super) struct Interface {
    pub(super) id: Arc<str>,
    pub(super) kind: Kind,
    pub(super) parameters: Vec<ParameterSource>,
    pub(super) outputs: Option<Type>,
    /// The ids that it invokes.
    calls: Vec<Arc<str>>,
    /// The circle of journeys that it is in, itself included; a number for each.
    circle: usize,
    /// What its own check found out; in a circle, what leaves the fewest follow-ups.
    pub(super) learnt: Learnt,
}

/// What the check of a journey tells those that invoke it.
#[derive(Clone, Debug)]
pub(super) struct Learnt {
    /// Whether every way through it waits.
    pub(super) waits: bool,
    /// Whether some way through it may wait.
    pub(super) asks: bool,
    /// Whether it hands out the reason of a failure.
    pub(super) reasons: bool,
    /// How many journeys wait for one another in it at most, itself included.
    pub(super) depth: usize,
    /// What its ways prove.
    pub(super) proofs: Proofs,
}

impl Default for Learnt {
    fn default() -> Self {
        Self { waits: true, asks: false, reasons: false, depth: 1, proofs: Proofs::default() }
    }
}

impl Library {
    /// Reads what is written in the journeys, and gives the order in which to check them: whoever is invoked comes first.
    pub(super) fn new(journeys: &[Option<&Journey>]) -> (Self, Vec<usize>) {
        let mut library = Self::default();
        for (index, journey) in journeys.iter().enumerate() {
            let interface = journey.map_or_else(Interface::unreadable, Interface::new);
            if journey.is_some_and(|journey| journey.id.is_some()) {
                // The first of two bears the id; the other one has its finding.
                library.by_id.entry(Arc::clone(&interface.id)).or_insert(index);
            }
            library.interfaces.push(interface);
        }
        let order = library.circles();
        (library, order)
    }

    /// Finds the circles of journeys. What comes out is the order of their ends: whoever is invoked comes first.
    fn circles(&mut self) -> Vec<usize> {
        let mut graph: DiGraph<(), ()> = DiGraph::new();
        let nodes: Vec<NodeIndex> = self.interfaces.iter().map(|_| graph.add_node(())).collect();
        for (from, interface) in nodes.iter().zip(&self.interfaces) {
            for to in interface.calls.iter().filter_map(|id| nodes.get(*self.by_id.get(id)?)) {
                graph.add_edge(*from, *to, ());
            }
        }
        let circles = kosaraju_scc(&graph);
        for (number, circle) in circles.iter().enumerate() {
            for node in circle {
                if let Some(interface) = self.interfaces.get_mut(node.index()) {
                    interface.circle = number;
                }
            }
        }
        circles.into_iter().flatten().map(NodeIndex::index).collect()
    }

    /// The journey of this id.
    pub(super) fn get(&self, id: &str) -> Option<&Interface> {
        self.by_id.get(id).and_then(|index| self.interfaces.get(*index))
    }

    /// The place of the journey that bears this id.
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The ids of the journeys that may be invoked.
    pub(super) fn subs(&self) -> Vec<&str> {
        self.interfaces.iter().filter(|one| one.kind == Kind::Sub).map(|one| &*one.id).collect()
    }

    /// The way from `caller` through `callee` back to it, if there is one.
    pub(super) fn circle(&self, caller: &str, callee: &str) -> Option<Vec<Arc<str>>> {
        let (first, second) = (self.place(caller)?, self.place(callee)?);
        let circle = |index: usize| self.interfaces.get(index).map(|one| one.circle);
        if circle(first) != circle(second) {
            return None;
        }
        let mut before: HashMap<usize, usize> = HashMap::new();
        let mut queue = std::collections::VecDeque::from([second]);
        while let Some(at) = queue.pop_front() {
            if at == first {
                let mut way = vec![at];
                let mut here = at;
                while here != second {
                    here = before.get(&here).copied()?;
                    way.push(here);
                }
                way.push(first);
                way.reverse();
                return way
                    .into_iter()
                    .map(|index| self.interfaces.get(index).map(|one| Arc::clone(&one.id)))
                    .collect();
            }
            for next in self.interfaces.get(at)?.calls.iter().filter_map(|id| self.place(id)) {
                if circle(next) == circle(first) && next != second && !before.contains_key(&next) {
                    before.insert(next, at);
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// Keeps what the check of the journey at a place found out.
    pub(super) fn learn(&mut self, place: usize, learnt: Learnt) {
        if let Some(interface) = self.interfaces.get_mut(place) {
            interface.learnt = learnt;
        }
    }
}

impl Interface {
    fn new(journey: &Journey) -> Self {
        Self {
            id: journey.id.as_ref().map_or_else(|| Arc::from(""), |id| Arc::clone(&id.value)),
            kind: journey.kind.as_ref().map(|kind| kind.value).unwrap_or_default(),
            parameters: journey.parameters.clone(),
            outputs: values::outputs(journey),
            calls: callees(journey),
            circle: 0,
            learnt: Learnt::default(),
        }
    }

    fn unreadable() -> Self {
        Self {
            id: Arc::from(""),
            kind: Kind::Client,
            parameters: Vec::new(),
            outputs: None,
            calls: Vec::new(),
            circle: 0,
            learnt: Learnt::default(),
        }
    }
}

/// The id that a step invokes, as it is written; none if it invokes nothing.
pub(super) fn callee(step: &StepSource) -> Option<Spanned<Arc<str>>> {
    step.type_name.as_ref().filter(|name| &*name.value == INVOKE)?;
    let entry = step.with.iter().find(|entry| &*entry.name.value == JOURNEY)?;
    Some(Spanned::new(Arc::clone(entry.value.as_text()?), entry.value.span))
}

/// The ids that a journey invokes, each once.
pub(super) fn callees(journey: &Journey) -> Vec<Arc<str>> {
    let mut ids = Vec::new();
    invoked(&journey.steps, &mut ids);
    ids.sort();
    ids.dedup();
    ids
}

/// Gathers the ids that steps invoke. A file is only so deep, and this with it.
fn invoked(steps: &[StepSource], ids: &mut Vec<Arc<str>>) {
    for step in steps {
        ids.extend(callee(step).map(|id| id.value));
        if let Some(body) = &step.body {
            invoked(&body.value, ids);
        }
    }
}
