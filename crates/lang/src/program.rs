//! A journey that was checked comes in; the form that the engine runs goes out: names are slots, jumps are indexes.
//!
//! Only [`check`](crate::check()) makes a [`Program`], so whoever holds one holds a journey without errors.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::catalog::{Outward, Verifies};
use crate::expr::{Expression, Template};
use crate::text::Span;
use crate::types::Type;
use crate::value::Value;

/// Who may start a journey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A client, which answers its prompts.
    #[default]
    Client,
    /// A backend, in one call and without prompts.
    Backend,
    /// Another journey.
    Sub,
}

/// A start parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterDeclaration {
    /// Its name.
    pub name: Arc<str>,
    /// What it accepts; a secret type wraps what it accepted.
    pub ty: Type,
    /// Whether a start without it is refused.
    pub required: bool,
    /// What stands in when it is not given; already in its normal form.
    pub default: Option<Value>,
}

/// A journey without errors, ready to run. A clone copies one pointer.
#[derive(Clone, Debug)]
pub struct Program(Arc<Parts>);

/// What [`check`](crate::check()) puts together.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) id: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) title: Option<Arc<str>>,
    pub(crate) parameters: Vec<ParameterDeclaration>,
    pub(crate) parameter_names: Vec<Arc<str>>,
    pub(crate) outputs: Option<Type>,
    pub(crate) variables: Vec<Arc<str>>,
    pub(crate) variable_types: Vec<Option<Type>>,
    pub(crate) start: StepIndex,
    pub(crate) loops: usize,
    pub(crate) callees: Vec<Arc<str>>,
    pub(crate) steps: Vec<Node>,
    pub(crate) index: HashMap<Arc<str>, StepIndex>,
    pub(crate) step_versions: Vec<(Arc<str>, u32)>,
    pub(crate) text: Arc<str>,
}

/// A step of one program, by its place in [`Program::steps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepIndex(pub u32);

/// One step, compiled.
///
/// After each visit, by whatever exit, the slot `output` holds what the step gave, or null; the slot `error_output`
/// holds the failure as `{ code, message }`, or null when there was none. The checker counts both as set on every way
/// out of the step.
#[derive(Clone, Debug)]
pub struct Node {
    /// The step's id.
    pub id: Arc<str>,
    /// The word after `type:`.
    pub type_name: Arc<str>,
    /// What a visit does.
    pub work: Work,
    /// The slot that takes what the step gives.
    pub output: Option<u16>,
    /// The slot that takes the failure.
    pub error_output: Option<u16>,
    /// All exits that have a target, those that follow another or abort included.
    pub exits: Vec<Link>,
    /// How long a visit may last. With it, `exits` holds `timeout`.
    pub timeout: Option<SignedDuration>,
    /// How often a failed visit is tried again.
    pub retry: Option<Retry>,
    /// The step's id in the source text.
    pub span: Span,
}

/// An exit and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The exit.
    pub name: Arc<str>,
    /// Where it leads.
    pub target: Target,
}

/// Where an exit leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// To a step.
    Step(StepIndex),
    /// To the next turn of the loop that the step is in.
    Continue(StepIndex),
    /// To the end of the journey, as failed.
    Abort,
}

/// How often and how soon a failed visit is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Tries after the first one.
    pub times: u32,
    /// The pause before each.
    pub delay: SignedDuration,
}

/// One case of a match.
#[derive(Clone, Debug)]
pub struct Case {
    /// The exit that it leads to.
    pub exit: Arc<str>,
    /// The value that leads to it.
    pub value: Template,
}

/// What a visit does: the forms by name, everything else by a call.
#[derive(Clone, Debug)]
pub enum Work {
    /// Exit `then` or `else`, by the truth of `test`; `failure` if it cannot be evaluated.
    Condition {
        /// The expression under `if`.
        test: Expression,
    },
    /// The exit of the first case whose value is that of `on`, else `otherwise`; `failure` if one cannot be evaluated.
    Match {
        /// The expression under `on`.
        on: Expression,
        /// The cases, in the order of the file.
        cases: Vec<Case>,
    },
    /// Exit `next` if `test` is false; the body if it is true, and `exhausted` once the body was played `most` times;
    /// `failure` if it cannot be evaluated. Whoever leads here from outside begins to count anew; a turn is no visit.
    Loop {
        /// The expression under `while`.
        test: Expression,
        /// The most turns.
        most: u32,
        /// The number of the loop among those of the journey.
        counter: u32,
        /// The first step of the body.
        body: StepIndex,
        /// The step behind the body: the steps from `body` up to it are the body, other loops' bodies included.
        end: StepIndex,
    },
    /// Sets the slots one after the other: a value may read the slots set before it. Exit `next`.
    SetVariables(Vec<(u16, Template)>),
    /// Exit `then` or `else`, by whether this run proved a user.
    IsUserAuthenticated,
    /// Another journey is played. Exit `completed` or `rejected`, by how it ends; `failure` if a parameter cannot be
    /// evaluated or is not accepted.
    Invoke {
        /// The journey's place in [`Program::callees`].
        callee: u16,
        /// What its parameters take, in the order of their declaration; none: it is not given.
        arguments: Vec<Option<Template>>,
    },
    /// The journey has succeeded.
    Complete {
        /// What the client or the calling journey receives.
        data: Option<Template>,
    },
    /// The journey is refused.
    Reject {
        /// What the client receives.
        data: Option<Template>,
    },
    /// A registered step does the work.
    Call {
        /// The version of the step type that the journey was checked against.
        version: u32,
        /// The parameters, evaluated once for each visit; gives an object.
        with: Template,
        /// The method whose secret it checks, and the exit that needs a proof.
        verifies: Option<Verifies>,
        /// The exits by which the output is always there.
        gives: Vec<Arc<str>>,
        /// Whether it may say which user the run speaks of, without proving it.
        identifies: bool,
        /// Whether it waits for the client.
        prompts: bool,
        /// Whether it acts on the outside world.
        outward: Outward,
    },
}

impl Program {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    /// The journey's id.
    pub fn id(&self) -> &Arc<str> {
        &self.0.id
    }

    /// Who may start it.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Its title.
    pub fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// The start parameters, in the order of the file.
    pub fn parameters(&self) -> &[ParameterDeclaration] {
        &self.0.parameters
    }

    /// The names of the start parameters, in the same order.
    pub fn parameter_names(&self) -> &[Arc<str>] {
        &self.0.parameter_names
    }

    /// The type of what `complete_journey` hands out as `data`: an object with the fields under `outputs`.
    pub fn outputs(&self) -> Option<&Type> {
        self.0.outputs.as_ref()
    }

    /// The variables: slot → name.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.0.variables
    }

    /// The declared type of the variable in a slot.
    pub fn variable_type(&self, slot: u16) -> Option<&Type> {
        self.0.variable_types.get(usize::from(slot))?.as_ref()
    }

    /// The slots as a run begins: a variable declared with a default has it, all others are unset.
    pub fn initial_variables(&self) -> Vec<Option<Value>> {
        self.0.variable_types.iter().map(|ty| ty.as_ref()?.default.clone()).collect()
    }

    /// The first step.
    pub fn start(&self) -> StepIndex {
        self.0.start
    }

    /// How many loops there are: each keeps a count.
    pub fn loops(&self) -> usize {
        self.0.loops
    }

    /// The ids of the journeys that it invokes, each once.
    pub fn callees(&self) -> &[Arc<str>] {
        &self.0.callees
    }

    /// The id of the journey that a step of it invokes.
    pub fn callee(&self, step: &Node) -> Option<&Arc<str>> {
        match step.work {
            Work::Invoke { callee, .. } => self.0.callees.get(usize::from(callee)),
            _ => None,
        }
    }

    /// All steps, in the order of the file; the body of a loop stands right behind it.
    pub fn steps(&self) -> &[Node] {
        &self.0.steps
    }

    /// The step at an index; none if the index is of another program.
    pub fn step(&self, index: StepIndex) -> Option<&Node> {
        self.0.steps.get(index.0 as usize)
    }

    /// The step with this id.
    pub fn find(&self, id: &str) -> Option<StepIndex> {
        self.0.index.get(id).copied()
    }

    /// The exact source text that it was made from.
    pub fn text(&self) -> &Arc<str> {
        &self.0.text
    }

    /// The registered step types in use and their versions, ordered by name.
    pub fn step_versions(&self) -> Vec<(Arc<str>, u32)> {
        self.0.step_versions.clone()
    }
}

impl Node {
    /// Where an exit leads, fall-backs resolved. None: the step has no such exit.
    pub fn exit(&self, name: &str) -> Option<Target> {
        self.exits.iter().find(|link| &*link.name == name).map(|link| link.target)
    }

    /// Whether a visit ends the journey.
    pub fn is_end(&self) -> bool {
        matches!(self.work, Work::Complete { .. } | Work::Reject { .. })
    }
}
