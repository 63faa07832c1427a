//! Steps and the edges between them come in as numbers; what can be reached, what goes round and what never ends come out.

use crate::text::Span;

/// The flow of a journey: steps by number, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// The ways out of each step.
    pub(super) edges: Vec<Vec<Edge>>,
    /// The first step.
    pub(super) start: usize,
}

/// A way from one step to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    /// The step at its end.
    pub(super) to: usize,
    /// The target as it is written.
    pub(super) span: Span,
    /// Whether it leads to the next turn of a loop, of which there are only so many.
    pub(super) again: bool,
}

/// A round of steps: the link that closes it, and the steps from the link's target to its origin.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Round {
    pub(super) closing: Span,
    pub(super) steps: Vec<usize>,
}

impl Graph {
    pub(super) fn len(&self) -> usize {
        self.edges.len()
    }

    pub(super) fn out(&self, step: usize) -> &[Edge] {
        self.edges.get(step).map_or(&[], Vec::as_slice)
    }

    /// Which steps a way leads to from the start.
    pub(super) fn reachable(&self) -> Vec<bool> {
        let forward = |step: usize| self.out(step).iter().map(|edge| edge.to);
        spread(self.len(), std::iter::once(self.start), forward)
    }

    /// Which steps a way leads to from the start that passes no step in which `blocked` holds.
    pub(super) fn reachable_past(&self, blocked: impl Fn(usize) -> bool) -> Vec<bool> {
        let forward = |step: usize| {
            let edges = if blocked(step) { &[] } else { self.out(step) };
            edges.iter().map(|edge| edge.to)
        };
        spread(self.len(), std::iter::once(self.start), forward)
    }

    /// From which steps a way leads to one of `goals`; the goals themselves are among them.
    pub(super) fn leading_to(&self, goals: impl Iterator<Item = usize>) -> Vec<bool> {
        let mut before = vec![Vec::new(); self.len()];
        for (from, edges) in self.edges.iter().enumerate() {
            for edge in edges {
                if let Some(list) = before.get_mut(edge.to) {
                    list.push(from);
                }
            }
        }
        spread(self.len(), goals, |step| before.get(step).into_iter().flatten().copied())
    }

    /// The rounds among the steps that are `kept`, one for each link that closes one. The turns of a loop are none.
    ///
    /// A depth-first search on a stack of its own: the longest journey is deeper than any thread's stack.
    pub(super) fn rounds(&self, kept: &[bool]) -> Vec<Round> {
        let keeps = |step: usize| kept.get(step).copied().unwrap_or_default();
        let mut rounds = Vec::new();
        let mut done = vec![false; self.len()];
        // Where a step is on the way from the search's root to its present place.
        let mut place: Vec<Option<usize>> = vec![None; self.len()];
        for root in (0..self.len()).filter(|step| keeps(*step)) {
            if done.get(root).copied().unwrap_or(true) {
                continue;
            }
            let mut way: Vec<(usize, usize)> = vec![(root, 0)];
            set(&mut place, root, Some(0));
            while let Some((step, next)) = way.last_mut() {
                let (here, edge) = (*step, self.out(*step).get(*next).copied());
                *next += 1;
                let Some(edge) = edge else {
                    set(&mut place, here, None);
                    set(&mut done, here, true);
                    way.pop();
                    continue;
                };
                if edge.again || !keeps(edge.to) || done.get(edge.to).copied().unwrap_or(true) {
                    continue;
                }
                if let Some(first) = place.get(edge.to).copied().flatten() {
                    let steps = way.iter().skip(first).map(|(step, _)| *step).collect();
                    rounds.push(Round { closing: edge.span, steps });
                } else {
                    set(&mut place, edge.to, Some(way.len()));
                    way.push((edge.to, 0));
                }
            }
        }
        rounds
    }

    /// The shortest way from the start to `goal` that passes no step in which `blocked` holds; the goal may be blocked.
    pub(super) fn way(&self, goal: usize, blocked: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
        let mut before: Vec<Option<usize>> = vec![None; self.len()];
        let mut queue = std::collections::VecDeque::from([self.start]);
        set(&mut before, self.start, Some(self.start));
        while let Some(step) = queue.pop_front() {
            if step == goal {
                let mut way = vec![step];
                let mut here = step;
                while here != self.start {
                    here = before.get(here).copied().flatten()?;
                    way.push(here);
                }
                way.reverse();
                return Some(way);
            }
            if blocked(step) {
                continue;
            }
            for edge in self.out(step) {
                if before.get(edge.to).is_some_and(Option::is_none) {
                    set(&mut before, edge.to, Some(step));
                    queue.push_back(edge.to);
                }
            }
        }
        None
    }
}

/// All that can be reached from `roots`.
fn spread<I: Iterator<Item = usize>>(
    count: usize,
    roots: impl Iterator<Item = usize>,
    next: impl Fn(usize) -> I,
) -> Vec<bool> {
    let mut seen = vec![false; count];
    let mut open: Vec<usize> = roots.collect();
    while let Some(step) = open.pop() {
        match seen.get_mut(step) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        open.extend(next(step));
    }
    seen
}

fn set<T>(list: &mut [T], index: usize, value: T) {
    if let Some(slot) = list.get_mut(index) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests;
