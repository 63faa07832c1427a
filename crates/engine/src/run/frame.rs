//! One journey of a run: where it stands, what it knows, and what waits for its end.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wayfarer_lang::Value;
use wayfarer_lang::program::{Node, Program, StepIndex, Work};
use wayfarer_lang::value::stored;

use super::Identity;
use crate::serial;

/// One journey that is under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frame {
    /// Its place in the bundle.
    pub journey: u16,
    /// The step that it stands at.
    pub step: u32,
    /// How often that step was tried again since it was reached.
    pub retries: u32,
    /// Visits so far, by step; in the body of a loop those of the present turn.
    pub visits: Vec<u32>,
    /// Turns so far since it was reached from outside, by loop.
    pub loops: Vec<u32>,
    /// The parameters, in the order of their declaration.
    #[serde(with = "stored::list")]
    pub parameters: Vec<Value>,
    /// The variables, by slot; none: not set yet.
    #[serde(with = "serial::slots")]
    pub variables: Vec<Option<Value>>,
    /// What waits for its end; none in the journey that was started.
    pub caller: Option<Box<Caller>>,
}

/// The step that invoked a sub-journey.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Caller {
    /// What stands before the ids of the sub-journey's steps on the run's path: those of the calling steps.
    pub path: Arc<str>,
    /// Whom the run spoke of, and what was proven of them: this counts again unless the sub-journey completes.
    pub identity: Identity,
    /// The moment at which the calling step's `timeout` ends the sub-journey.
    #[serde(with = "serial::time_option")]
    pub timeout_at: Option<Timestamp>,
}

impl Frame {
    /// A journey that begins.
    #[must_use]
    pub fn begin(journey: u16, program: &Program, parameters: Vec<Value>) -> Self {
        Self {
            journey,
            step: program.start().0,
            retries: 0,
            visits: vec![0; program.steps().len()],
            loops: vec![0; program.loops()],
            parameters,
            variables: program.initial_variables(),
            caller: None,
        }
    }

    /// The path entry of one of its steps.
    pub(crate) fn path_of(&self, step: &Arc<str>) -> Arc<str> {
        match &self.caller {
            None => Arc::clone(step),
            Some(caller) => format!("{}/{step}", caller.path).into(),
        }
    }

    /// The turns that a loop has taken since it was reached from outside; a step that is no loop takes none.
    #[must_use]
    pub fn turns(&self, node: &Node) -> u32 {
        match node.work {
            Work::Loop { counter, .. } => self.loops.get(counter as usize).copied().unwrap_or_default(),
            _ => 0,
        }
    }

    /// Takes a loop's turn: its body may be visited anew. Gives where the body begins.
    pub(crate) fn turn(&mut self, node: &Node) -> Option<StepIndex> {
        let Work::Loop { counter, body, end, .. } = node.work else { return None };
        let turns = self.loops.get_mut(counter as usize)?;
        *turns = turns.saturating_add(1);
        self.visits.get_mut(body.0 as usize..end.0 as usize)?.fill(0);
        Some(body)
    }

    /// Goes to a step from outside: if it is a loop, its count begins anew.
    pub(crate) fn go(&mut self, program: &Program, step: StepIndex) {
        if let Some(Work::Loop { counter, .. }) = program.step(step).map(|node| &node.work)
            && let Some(turns) = self.loops.get_mut(*counter as usize)
        {
            *turns = 0;
        }
        self.step = step.0;
    }
}
