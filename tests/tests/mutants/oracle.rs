//! Journeys come in as they are written; whether some run completes that must not, or guesses without end, goes out.
//!
//! It plays every run there can be, step by step, with all counts of all loops and all journeys on the stack: nothing is summed
//! up and nothing is remembered of a journey but its steps. So it is slow, and shares no thought with the checker.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::model::{Journey, Step, To};

/// A journey on the stack.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Frame {
    journey: usize,
    step: usize,
    /// The turns of each loop so far.
    turns: Vec<usize>,
    /// Whether the user was proven as it began.
    before: bool,
}

/// A run at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Moment {
    frames: Vec<Frame>,
    proven: bool,
    failed: bool,
}

/// What is wrong with the runs of a journey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// One completes without a proof, or after a failure without a later success.
    pub(crate) opens: bool,
    /// One can try a verification again and again.
    pub(crate) unbinds: bool,
}

/// What can happen to a journey that is started, among those that it may play.
pub(crate) fn wrongs(main: usize, journeys: &[Journey]) -> Wrong {
    let player = Player { journeys };
    let start = Moment { frames: vec![player.frame(main, false)], proven: false, failed: false };
    let mut wrong = Wrong::default();
    let mut numbers = HashMap::from([(start.clone(), 0)]);
    let mut next: Vec<Vec<usize>> = Vec::new();
    let mut tries = Vec::new();
    let mut queue = VecDeque::from([start]);
    while let Some(moment) = queue.pop_front() {
        tries.push(player.step(&moment).is_some_and(|step| step.proves.is_some()));
        let mut here = Vec::new();
        for after in player.after(&moment) {
            match after {
                After::Completed { marked, proven, failed } => wrong.opens |= !marked && (!proven || failed),
                After::Goes(after) => {
                    let count = numbers.len();
                    here.push(*numbers.entry(after.clone()).or_insert_with(|| {
                        queue.push_back(after);
                        count
                    }));
                }
            }
        }
        next.push(here);
    }
    let tried = (0..next.len()).filter(|number| tries[*number]);
    wrong.unbinds = tried.into_iter().any(|number| comes_back(number, &next));
    wrong
}

fn comes_back(to: usize, next: &[Vec<usize>]) -> bool {
    let (mut seen, mut open) = (HashSet::new(), next[to].clone());
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(&next[at]);
        }
    }
    false
}

enum After {
    Goes(Moment),
    Completed { marked: bool, proven: bool, failed: bool },
}

struct Player<'j> {
    journeys: &'j [Journey],
}

impl Player<'_> {
    fn frame(&self, journey: usize, before: bool) -> Frame {
        Frame { journey, step: 0, turns: vec![0; self.journeys[journey].steps.len()], before }
    }

    fn step(&self, moment: &Moment) -> Option<&Step> {
        let frame = moment.frames.last()?;
        self.journeys[frame.journey].steps.get(frame.step)
    }

    /// Everything that may come next.
    fn after(&self, moment: &Moment) -> Vec<After> {
        let Some(step) = self.step(moment) else { return Vec::new() };
        let test = step.test.as_deref().and_then(constant);
        let mut all = Vec::new();
        match &*step.type_name {
            "complete_journey" => {
                let Moment { proven, failed, .. } = *moment;
                if moment.frames.len() == 1 {
                    return vec![After::Completed { marked: step.is_marked, proven, failed }];
                }
                let mut moment = moment.clone();
                moment.frames.pop();
                self.leave(&moment, "completed", &mut all);
            }
            "reject_access" => {
                let mut moment = moment.clone();
                if let Some(gone) = moment.frames.pop().filter(|_| !moment.frames.is_empty()) {
                    moment.proven = gone.before;
                    self.leave(&moment, "rejected", &mut all);
                }
            }
            "while_loop" => self.turn(moment, step, test, &mut all),
            "condition" => {
                for (exit, truth) in [("then", true), ("else", false)] {
                    if test.is_none_or(|test| test == truth) {
                        self.leave(moment, exit, &mut all);
                    }
                }
                self.leave(moment, "failure", &mut all);
            }
            "is_user_authenticated" => self.leave(moment, if moment.proven { "then" } else { "else" }, &mut all),
            "invoke_sub_journey" => {
                self.leave(moment, "failure", &mut all);
                let callee = self.journeys.iter().position(|journey| Some(&journey.id) == step.plays.as_ref());
                if let Some(callee) = callee.filter(|_| moment.frames.len() < 4) {
                    let mut moment = moment.clone();
                    moment.frames.push(self.frame(callee, moment.proven));
                    all.push(After::Goes(moment));
                }
            }
            _ => {
                for (exit, _) in &step.exits {
                    let mut moment = moment.clone();
                    match &step.proves {
                        Some(proves) if proves == exit => (moment.proven, moment.failed) = (true, false),
                        Some(_) => moment.failed = true,
                        None => {}
                    }
                    self.leave(&moment, exit, &mut all);
                }
            }
        }
        all
    }

    fn turn(&self, moment: &Moment, step: &Step, test: Option<bool>, all: &mut Vec<After>) {
        let frame = moment.frames.last().unwrap();
        let played = frame.turns[frame.step];
        if test != Some(true) {
            self.leave(moment, "next", all);
        }
        if test != Some(false) && played == step.most {
            self.leave(moment, "exhausted", all);
        }
        self.leave(moment, "failure", all);
        if let Some(body) = step.body.filter(|_| test != Some(false) && played < step.most) {
            let mut moment = moment.clone();
            let frame = moment.frames.last_mut().unwrap();
            frame.turns[frame.step] += 1;
            frame.step = body;
            all.push(After::Goes(moment));
        }
    }

    fn leave(&self, moment: &Moment, exit: &str, all: &mut Vec<After>) {
        let Some((_, to)) = self.step(moment).and_then(|step| step.exits.iter().find(|(name, _)| name == exit)) else {
            return;
        };
        let mut moment = moment.clone();
        let frame = moment.frames.last_mut().unwrap();
        match *to {
            To::Abort => return,
            To::Again(step) => frame.step = step,
            To::Step(step) => {
                frame.step = step;
                frame.turns[step] = 0;
            }
        }
        all.push(After::Goes(moment));
    }
}

/// The answer of a decision that does not depend on the run.
fn constant(test: &str) -> Option<bool> {
    let test = test.trim();
    match test.strip_prefix("!(").and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => constant(inner).map(|truth| !truth),
        None => test.parse().ok(),
    }
}
