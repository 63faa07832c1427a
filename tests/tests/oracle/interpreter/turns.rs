//! A loop comes in; its body is played turn by turn, and where it leads in the end goes out.

use super::{Gone, Interpreter, Stop, Way, lead};
use crate::model::{Journey, Step};

impl Interpreter<'_> {
    /// A loop that is reached from outside.
    pub(super) fn turns(&mut self, journey: &Journey, step: &Step) -> Result<Way, Stop> {
        for turn in 0.. {
            // To come back for the next turn is an execution, and no visit.
            match self.visit(journey, step, turn == 0, turn)? {
                Gone::Body => {}
                gone => return lead(step, gone),
            }
            self.forget(step.body());
            match self.steps(journey, step.body())? {
                Way::Continue => {}
                Way::Break => return lead(step, Gone::Exit("next".to_owned())),
                out => return Ok(out),
            }
        }
        panic!("a loop has its bound")
    }

    /// The steps of a body may be visited anew in each turn.
    fn forget(&mut self, body: &[Step]) {
        for step in body {
            self.frame().visits.remove(&step.id);
            self.forget(step.body());
        }
    }
}
