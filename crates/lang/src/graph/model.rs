//! A program comes in; its boxes and arrows go out, from which every drawing is made.

use std::sync::Arc;

use super::back;
use super::sort::Sort;
use super::way::Way;
use crate::program::{Node as Step, Parts, Program, Target, Work};

/// A journey as boxes and arrows. The same journey always gives the same ones, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The journey's id.
    pub id: Arc<str>,
    /// Its title.
    pub title: Option<Arc<str>>,
    /// The first step, by its place in `nodes`.
    pub start: usize,
    /// All steps; the body of a loop stands right behind it.
    pub nodes: Vec<Node>,
    /// All arrows, ordered by the steps that they leave.
    pub arrows: Vec<Arrow>,
    /// The ways that show what is not proven; none for a journey without errors.
    pub ways: Vec<Way>,
}

/// A step as a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The step's id.
    pub id: Arc<str>,
    /// The word after `type:`.
    pub type_name: Arc<str>,
    /// The journey that it plays, if it plays one.
    pub plays: Option<Arc<str>>,
    /// What it is, for its shape and colour.
    pub sort: Sort,
    /// The innermost loop in whose body it stands, by its place among the nodes; always one before its own.
    pub within: Option<usize>,
    /// Whether one of the graph's ways passes it.
    pub on_way: bool,
}

/// An arrow: all exits of one step that lead to the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The step that it leaves.
    pub from: usize,
    /// The step that it leads to; none: the journey ends as failed.
    pub to: Option<usize>,
    /// The exits; none for the way into a loop's body.
    pub exits: Vec<Arc<str>>,
    /// What sort of arrow it is.
    pub kind: ArrowKind,
    /// Whether it leads back to a step on the way to it, or to the step that it leaves: without such arrows there are no rounds.
    pub is_back: bool,
    /// Whether one of the graph's ways takes it.
    pub on_way: bool,
}

/// The sorts of arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrowKind {
    /// From a loop to the first step of its body.
    Body,
    /// From a step to another.
    Exit,
    /// To the next turn of the loop that the step is in.
    Continue,
    /// To the end of the journey, as failed.
    Abort,
}

impl ArrowKind {
    /// The word for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Exit => "exit",
            Self::Continue => "continue",
            Self::Abort => "abort",
        }
    }
}

impl Node {
    /// What the step does: the journey that it plays, or its type.
    pub fn what(&self) -> &str {
        self.plays.as_ref().unwrap_or(&self.type_name)
    }
}

impl Arrow {
    /// What stands beside it: its exits, but for a lone `next`, which says nothing.
    pub fn label(&self) -> Option<String> {
        match self.exits.as_slice() {
            _ if self.kind == ArrowKind::Body => Some("body".to_owned()),
            [only] if &**only == "next" => None,
            exits => Some(exits.join(", ")),
        }
    }
}

impl Graph {
    /// The graph of a journey without errors.
    pub fn of(program: &Program) -> Self {
        Self::new(program.parts())
    }

    /// The graph of a journey that is whole, whatever its ways prove.
    pub(crate) fn new(parts: &Parts) -> Self {
        let mut arrows = Vec::new();
        for (from, step) in parts.steps.iter().enumerate() {
            if let Work::Loop { body, .. } = &step.work {
                let to = Some(body.0 as usize);
                arrows.push(Arrow {
                    from,
                    to,
                    exits: Vec::new(),
                    kind: ArrowKind::Body,
                    is_back: false,
                    on_way: false,
                });
            }
            arrows.extend(exits(from, step));
        }
        let start = parts.start.0 as usize;
        back::mark(&mut arrows, parts.steps.len(), start);
        let nodes = parts.steps.iter().zip(homes(&parts.steps)).map(|(step, within)| Node {
            id: Arc::clone(&step.id),
            type_name: Arc::clone(&step.type_name),
            plays: match step.work {
                Work::Invoke { callee, .. } => parts.callees.get(usize::from(callee)).map(Arc::clone),
                _ => None,
            },
            sort: Sort::of(&step.work),
            within,
            on_way: false,
        });
        Self {
            id: Arc::clone(&parts.id),
            title: parts.title.clone(),
            start,
            nodes: nodes.collect(),
            arrows,
            ways: Vec::new(),
        }
    }
}

/// For each step the innermost loop around it.
fn homes(steps: &[Step]) -> Vec<Option<usize>> {
    let mut around: Vec<(usize, usize)> = Vec::new();
    let mut homes = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        while around.pop_if(|(_, end)| *end <= index).is_some() {}
        homes.push(around.last().map(|(home, _)| *home));
        if let Work::Loop { end, .. } = &step.work {
            around.push((index, end.0 as usize));
        }
    }
    homes
}

/// The arrows of a step's exits, in their order; those with the same target share one.
fn exits(from: usize, step: &Step) -> Vec<Arrow> {
    let mut arrows: Vec<(Target, Arrow)> = Vec::new();
    for link in &step.exits {
        if let Some((_, arrow)) = arrows.iter_mut().find(|(target, _)| *target == link.target) {
            arrow.exits.push(Arc::clone(&link.name));
            continue;
        }
        let (to, kind) = match link.target {
            Target::Step(to) => (Some(to.0 as usize), ArrowKind::Exit),
            Target::Continue(to) => (Some(to.0 as usize), ArrowKind::Continue),
            Target::Abort => (None, ArrowKind::Abort),
        };
        let arrow = Arrow { from, to, exits: vec![Arc::clone(&link.name)], kind, is_back: false, on_way: false };
        arrows.push((link.target, arrow));
    }
    arrows.into_iter().map(|(_, arrow)| arrow).collect()
}

#[cfg(test)]
mod tests;
