//! A walk through the journey comes in; a finding for each round through a verification that no loop counts comes out.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::verifies;
use super::walk::{Ground, Spot, Walk, Way};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, Hop, quoted};

/// Reports, once for each knot of steps, the shortest round through a verification. The turns of a loop are counted; a loop
/// that is begun anew counts anew, so one with a verification in its body is as good as a verification.
pub(super) fn check(ground: Ground<'_>, walk: &Walk<'_>, findings: &mut Findings) {
    if !ground.steps.iter().any(verifies) {
        return;
    }
    let spots: Vec<Spot> = walk.spots().map(|(spot, _)| spot).collect();
    let mut reached = vec![false; ground.steps.len()];
    for spot in &spots {
        if let Some(reached) = reached.get_mut(spot.step) {
            *reached = true;
        }
    }
    let is_tried =
        |index: usize| reached.get(index).copied().unwrap_or_default() && ground.steps.get(index).is_some_and(verifies);
    let tries: Vec<bool> = ground.steps.iter().map(|step| (step.index..step.end).any(is_tried)).collect();
    let tries = |spot: &Spot| tries.get(spot.step).copied().unwrap_or_default();
    let rounds = Rounds::new(&spots, walk, ground);
    let mut told: HashSet<usize> = HashSet::new();
    for knot in rounds.knots() {
        let steps: Vec<usize> = knot.iter().filter_map(|place| Some(spots.get(*place)?.step)).collect();
        if steps.iter().any(|step| told.contains(step)) {
            continue;
        }
        let first = knot.iter().copied().find(|place| spots.get(*place).is_some_and(tries));
        let Some((first, step)) = first.and_then(|first| Some((first, ground.steps.get(spots.get(first)?.step)?)))
        else {
            continue;
        };
        let Some(path) = rounds.shortest(first, &knot, ground) else { continue };
        told.extend(steps);
        let id = &step.source.id;
        let message = format!("{} can be tried again and again", quoted(&id.value));
        let finding = Diagnostic::warning(Code::UNBOUNDED_TRIES, id.span, message);
        findings.push(finding.help("go round with a `while_loop`: its `max_iterations` bounds the tries").path(path));
    }
}

/// The places of a walk and the ways that no loop counts. From the place where a loop begins, one leads to each where its turns
/// may have led: it has no exit, for it is no way that is drawn.
struct Rounds<'w> {
    spots: &'w [Spot],
    ways: Vec<Vec<(usize, Option<Arc<str>>)>>,
}

impl<'w> Rounds<'w> {
    fn new(spots: &'w [Spot], walk: &Walk<'_>, ground: Ground<'_>) -> Self {
        let places: HashMap<usize, usize> =
            spots.iter().enumerate().map(|(place, spot)| (spot.number(), place)).collect();
        let place = |spot: Spot| places.get(&spot.number()).copied();
        let out = |ways: &Vec<Way>| {
            let free = ways.iter().filter(|way| !way.is_counted);
            free.filter_map(|way| Some((place(way.to)?, Some(Arc::clone(&way.exit))))).collect()
        };
        let mut ways: Vec<Vec<_>> = walk.ways().iter().map(out).collect();
        for (begin, spot) in spots.iter().enumerate() {
            let Some(step) = ground.steps.get(spot.step).filter(|step| step.source.body.is_some()) else { continue };
            let (mut seen, mut open) = (HashSet::new(), vec![begin]);
            while let Some(way) = open.pop().and_then(|at| walk.ways().get(at)).filter(|_| !spot.is_turn()) {
                for to in way.iter().map(|way| way.to).filter(|to| (step.index..step.end).contains(&to.step)) {
                    let Some(at) = place(to).filter(|at| seen.insert(*at)) else { continue };
                    match ways.get_mut(begin) {
                        Some(ways) if to.step == step.index && to.is_turn() => ways.push((at, None)),
                        _ if to.step != step.index => open.push(at),
                        _ => {}
                    }
                }
            }
        }
        Self { spots, ways }
    }

    /// Places that lead to one another, in the order of the walk.
    fn knots(&self) -> Vec<Vec<usize>> {
        let mut graph: DiGraph<(), ()> = DiGraph::new();
        let nodes: Vec<NodeIndex> = self.ways.iter().map(|_| graph.add_node(())).collect();
        for (from, ways) in nodes.iter().zip(&self.ways) {
            for to in ways.iter().filter_map(|(to, _)| nodes.get(*to)) {
                graph.add_edge(*from, *to, ());
            }
        }
        let knots = kosaraju_scc(&graph).into_iter().map(|knot| {
            let mut knot: Vec<usize> = knot.into_iter().map(NodeIndex::index).collect();
            knot.sort_unstable();
            knot
        });
        let mut knots: Vec<_> =
            knots.filter(|knot| knot.len() > 1 || knot.iter().any(|only| self.leads(*only, *only))).collect();
        knots.sort();
        knots
    }

    fn leads(&self, from: usize, to: usize) -> bool {
        self.ways.get(from).into_iter().flatten().any(|(other, _)| *other == to)
    }

    /// The shortest way from a place back to itself among the places of a knot.
    fn shortest(&self, first: usize, knot: &[usize], ground: Ground<'_>) -> Option<Vec<Hop>> {
        let mut before: HashMap<usize, (usize, Option<Arc<str>>)> = HashMap::new();
        let mut queue = VecDeque::from([first]);
        while let Some(at) = queue.pop_front().filter(|_| !before.contains_key(&first)) {
            for (to, exit) in self.ways.get(at).into_iter().flatten() {
                if knot.binary_search(to).is_ok() && !before.contains_key(to) {
                    before.insert(*to, (at, exit.clone()));
                    queue.push_back(*to);
                }
            }
        }
        let id = |place: usize| Some(Arc::clone(&ground.steps.get(self.spots.get(place)?.step)?.source.id.value));
        let mut hops = vec![Hop { step: id(first)?, exit: None }];
        let mut at = first;
        for _ in knot {
            let (from, exit) = before.get(&at).cloned()?;
            if exit.is_some() {
                hops.push(Hop { step: id(from)?, exit });
            }
            at = from;
            if at == first {
                hops.reverse();
                return Some(hops);
            }
        }
        None
    }
}
