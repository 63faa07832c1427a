//! Journeys of the test's own: the generator makes them, the interpreter plays them, and they are written out as files.

use crate::data::Data;
use crate::expression::{Expr, Part};

/// The journey that is started, and those that it may call.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    pub(crate) journeys: Vec<Journey>,
}

#[derive(Clone, Debug)]
pub(crate) struct Journey {
    pub(crate) id: String,
    /// Whether it is there for others to invoke.
    pub(crate) sub: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) variables: Vec<Declared>,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) secret: bool,
}

/// A variable that is declared, and has a value from the beginning.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) name: &'static str,
    pub(crate) ty: Type,
    pub(crate) default: Data,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Integer,
    Text,
    Boolean,
    Any,
}

#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Its place among all steps of the case as they were laid out.
    pub(crate) number: usize,
    pub(crate) id: String,
    pub(crate) work: Work,
    pub(crate) output: Option<String>,
    pub(crate) error_output: Option<String>,
    /// The exits that are linked.
    pub(crate) exits: Vec<(String, Target)>,
    /// In seconds.
    pub(crate) timeout: Option<i64>,
    /// How often, and after how many seconds.
    pub(crate) retry: Option<(u32, i64)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Step(String),
    Continue,
    Break,
    Abort,
}

#[derive(Clone, Debug)]
pub(crate) enum Work {
    Condition(Expr),
    Match {
        on: Expr,
        cases: Vec<(String, Template)>,
    },
    Loop {
        test: Expr,
        most: u32,
        body: Vec<Step>,
    },
    Set(Vec<(String, Template)>),
    Authenticated,
    Complete(Option<Template>),
    Reject(Option<Template>),
    Collect {
        title: Template,
        fields: Vec<(String, Field)>,
        options: Vec<String>,
    },
    Display {
        title: Template,
        text: Template,
    },
    Verify {
        user: Template,
        code: Template,
    },
    Provide(Template),
    /// The calls that succeed are those whose number this divides.
    Shaky(Expr),
    /// Another journey, and what it is given, in the order in which it declares it.
    Invoke {
        journey: String,
        params: Vec<(String, Template)>,
    },
}

/// What a form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// A text that must not be empty.
    Name,
    /// An integer that may be left out.
    Count,
    /// A boolean.
    Agree,
    /// An integer with a default.
    Level,
    /// One of two texts.
    Way,
    /// A secret text.
    Code,
}

/// A value in the file.
#[derive(Clone, Debug)]
pub(crate) enum Template {
    Literal(Data),
    /// `@…`
    At(Expr),
    /// `${…}` and nothing else.
    Whole(Expr),
    /// A text with at least one plain part.
    Text(Vec<Part>),
    List(Vec<Template>),
    Map(Vec<(String, Template)>),
}

impl Library {
    pub(crate) fn get(&self, id: &str) -> &Journey {
        self.journeys.iter().find(|journey| journey.id == id).unwrap()
    }

    /// The step that an entry of a path names.
    pub(crate) fn step(&self, entry: &str) -> &Step {
        let mut journey = &self.journeys[0];
        let mut ids = entry.split('/').peekable();
        while let Some(id) = ids.next() {
            let step = journey.all().into_iter().find(|step| step.id == id).unwrap();
            match &step.work {
                Work::Invoke { journey: callee, .. } if ids.peek().is_some() => journey = self.get(callee),
                _ => return step,
            }
        }
        panic!("an entry of a path names a step")
    }
}

impl Journey {
    /// All steps, each before those of its body.
    pub(crate) fn all(&self) -> Vec<&Step> {
        let mut all = Vec::new();
        for step in &self.steps {
            step.gather(&mut all);
        }
        all
    }
}

impl Step {
    pub(crate) fn body(&self) -> &[Self] {
        match &self.work {
            Work::Loop { body, .. } => body,
            _ => &[],
        }
    }

    fn gather<'a>(&'a self, all: &mut Vec<&'a Self>) {
        all.push(self);
        for step in self.body() {
            step.gather(all);
        }
    }

    pub(crate) fn target(&self, exit: &str) -> Option<&Target> {
        self.exits.iter().find(|(name, _)| name == exit).map(|(_, target)| target)
    }

    /// Whether it is a form that waits for nothing.
    pub(crate) fn is_instant(&self) -> bool {
        let waits = matches!(self.work, Work::Collect { .. } | Work::Display { .. } | Work::Invoke { .. });
        !waits && !matches!(self.work, Work::Verify { .. } | Work::Provide(_) | Work::Shaky(_))
    }
}

impl Field {
    pub(crate) const ALL: [Self; 6] = [Self::Name, Self::Count, Self::Agree, Self::Level, Self::Way, Self::Code];

    /// How an answer is given: by a number of no meaning. None: it is left out.
    pub(crate) fn given(self, pick: usize) -> Option<Data> {
        Some(match self {
            Self::Name => Data::text(["Ann", "5", "é \"x\"", "-1.5"][pick % 4]),
            Self::Count if pick.is_multiple_of(2) => return None,
            Self::Count => Data::Int([1, -3, 40][pick % 3]),
            Self::Agree => Data::Bool(pick.is_multiple_of(2)),
            Self::Level if pick.is_multiple_of(2) => return None,
            // What a whole number is does not depend on how it is written.
            Self::Level => [Data::Int(2), Data::Float(3.0)][pick % 4 / 2].clone(),
            Self::Way => Data::text(["low", "high"][pick % 2]),
            Self::Code => Data::Hidden(crate::desk::CODES[pick % crate::desk::CODES.len()].to_owned()),
        })
    }

    /// What the form makes of an answer.
    pub(crate) fn taken(self, given: Option<Data>) -> Option<Data> {
        match (self, given) {
            (Self::Level, None) => Some(Data::Int(7)),
            (Self::Level, Some(Data::Float(number))) => Some(Data::Int(number as i64)),
            (_, given) => given,
        }
    }
}
