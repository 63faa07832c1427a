//! Journeys of the test, arguments and a script come in; the story of the run goes out. It is written from the pages of
//! the language alone, as plainly as can be: steps within steps are calls within calls.

mod ask;
mod call;
mod turns;
mod work;

use std::collections::{BTreeMap, HashMap};

use crate::data::{Data, Fault};
use crate::evaluate::Scope;
use crate::model::{Journey, Library, Step, Target, Work};
use crate::script::Act;
use crate::story::{End, Inside, Rest, Story};

// The bounds of every run: step executions, visits of one step, seconds from start to end, seconds without an answer.
const EXECUTIONS: usize = 200;
const VISITS: usize = 10;
const LIFETIME: i64 = 3600;
const IDLE: i64 = 900;

/// Journeys that wait for one another.
const DEPTH: usize = 8;

/// A value has outgrown the interpreter, so it has no story to tell.
pub(crate) struct Outgrown;

/// The run is over, wherever it stands.
enum Stop {
    Failed(String),
    /// The time of a call is over: of the one that so many journeys were under way for.
    Late(usize),
    Outgrown,
}

/// How a visit ended.
enum Gone {
    Exit(String),
    Failed(String),
    TimedOut,
    /// A loop takes a turn.
    Body,
    End(End),
}

/// Where the steps of a body, or of a journey, lead in the end.
enum Way {
    To(String),
    Continue,
    Break,
    End(End),
}

/// One journey that is under way.
struct Frame {
    /// What stands before its steps on the path.
    prefix: String,
    /// When it must have ended.
    deadline: Option<i64>,
    parameters: Vec<(String, Data)>,
    variables: BTreeMap<String, Data>,
    visits: HashMap<String, usize>,
}

struct Interpreter<'a> {
    library: &'a Library,
    script: std::slice::Iter<'a, Act>,
    /// Seconds since the run began.
    now: i64,
    executions: usize,
    /// How often the unreliable step was called.
    calls: usize,
    path: Vec<String>,
    frames: Vec<Frame>,
    /// The user who was proven last.
    user: Option<String>,
    provided: Option<Data>,
    rests: Vec<Rest>,
    /// What evaluations have failed with, whatever became of that.
    faults: Vec<String>,
}

/// The story, and what evaluations in it have failed with.
pub(crate) fn tell(
    library: &Library,
    arguments: &[(String, Data)],
    script: &[Act],
) -> Result<(Story, Vec<String>), Outgrown> {
    let mut interpreter = Interpreter {
        library,
        script: script.iter(),
        now: 0,
        executions: 0,
        calls: 0,
        path: Vec::new(),
        frames: Vec::new(),
        user: None,
        provided: None,
        rests: Vec::new(),
        faults: Vec::new(),
    };
    let main = &library.journeys[0];
    let end = match interpreter.journey(main, arguments.to_vec(), String::new(), None) {
        Ok(end) => end,
        Err(Stop::Failed(code)) => {
            interpreter.faults.push(code.clone());
            End::Failed(code)
        }
        Err(Stop::Late(_)) => panic!("nobody has called the first journey"),
        Err(Stop::Outgrown) => return Err(Outgrown),
    };
    let provided = interpreter.provided.take().filter(|_| !matches!(end, End::Failed(_)));
    let inside = Some(interpreter.inside());
    Ok((Story { path: interpreter.path, rests: interpreter.rests, end, inside, provided }, interpreter.faults))
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Word(word) => Self::Failed(word.to_owned()),
            Fault::Outgrown => Self::Outgrown,
        }
    }
}

impl Interpreter<'_> {
    fn journey(
        &mut self,
        journey: &Journey,
        parameters: Vec<(String, Data)>,
        prefix: String,
        deadline: Option<i64>,
    ) -> Result<End, Stop> {
        let variables = journey.variables.iter().map(|variable| (variable.name.to_owned(), variable.default.clone()));
        let (variables, visits) = (variables.collect(), HashMap::new());
        self.frames.push(Frame { prefix, deadline, parameters, variables, visits });
        match self.steps(journey, &journey.steps)? {
            Way::End(end) => Ok(end),
            Way::To(_) | Way::Continue | Way::Break => panic!("a journey leads out of itself"),
        }
    }

    /// Plays steps from the first one until a way leads out of them.
    fn steps(&mut self, journey: &Journey, steps: &[Step]) -> Result<Way, Stop> {
        let mut here = &steps[0];
        loop {
            let way = match here.work {
                Work::Loop { .. } => self.turns(journey, here)?,
                _ => {
                    let gone = self.visit(journey, here, true, 0)?;
                    lead(here, gone)?
                }
            };
            match way {
                Way::To(id) => match steps.iter().find(|step| step.id == id) {
                    Some(step) => here = step,
                    None => return Ok(Way::To(id)),
                },
                out => return Ok(out),
            }
        }
    }

    /// Visits a step, and again as often as its `retry` says.
    fn visit(&mut self, journey: &Journey, step: &Step, counts: bool, turn: u32) -> Result<Gone, Stop> {
        // A form that decides at once would decide the same again.
        let (times, delay) = step.retry.filter(|_| !step.is_instant()).unwrap_or_default();
        for again in (0..=times).rev() {
            self.allow(step, counts)?;
            self.enter(step, counts);
            let gone = self.work(journey, step, turn)?;
            let failed = matches!(gone, Gone::Failed(_)) || matches!(&gone, Gone::Exit(exit) if exit == "failure");
            if !failed || again == 0 {
                return Ok(gone);
            }
            self.pause(step, delay)?;
        }
        panic!("the last try is the end of it")
    }

    /// The limits stand before any step is entered.
    fn allow(&mut self, step: &Step, counts: bool) -> Result<(), Stop> {
        if let Some((_, call)) = self.late() {
            return Err(Stop::Late(call));
        }
        if self.executions >= EXECUTIONS {
            return Err(Stop::Failed("too_many_steps".to_owned()));
        }
        if counts && self.frame().visits.get(&step.id).is_some_and(|visits| *visits >= VISITS) {
            return Err(Stop::Failed("too_many_visits".to_owned()));
        }
        if self.frames.len() > DEPTH {
            return Err(Stop::Failed("too_deep".to_owned()));
        }
        Ok(())
    }

    fn enter(&mut self, step: &Step, counts: bool) {
        self.executions += 1;
        let entry = format!("{}{}", self.frame().prefix, step.id);
        self.path.push(entry);
        *self.frame().visits.entry(step.id.clone()).or_default() += usize::from(counts);
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().unwrap()
    }

    fn set(&mut self, name: &str, value: Data) {
        self.frame().variables.insert(name.to_owned(), value);
    }

    fn scope(&mut self) -> Scope {
        let user = self.user.clone();
        let frame = self.frame();
        let names = frame.variables.clone().into_iter().collect();
        Scope { names, parameters: frame.parameters.clone(), user }
    }

    fn inside(&self) -> Inside {
        Inside { variables: self.frames.iter().map(|frame| frame.variables.clone()).collect(), user: self.user.clone() }
    }
}

/// Where a step leads, after the exits that may stay unlinked.
fn lead(step: &Step, gone: Gone) -> Result<Way, Stop> {
    let (target, code) = match gone {
        Gone::End(end) => return Ok(Way::End(end)),
        Gone::Exit(exit) => {
            let target = match &*exit {
                "expired" => step.target("expired").or_else(|| step.target("failure")),
                exit => step.target(exit),
            };
            (target, "aborted".to_owned())
        }
        Gone::Failed(code) => (step.target("failure"), code),
        Gone::TimedOut => (step.target("timeout").or_else(|| step.target("failure")), "timeout".to_owned()),
        Gone::Body => panic!("a turn is no exit"),
    };
    match target {
        Some(Target::Step(id)) => Ok(Way::To(id.clone())),
        Some(Target::Continue) => Ok(Way::Continue),
        Some(Target::Break) => Ok(Way::Break),
        Some(Target::Abort) | None => Err(Stop::Failed(code)),
    }
}
