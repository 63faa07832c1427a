//! What is told of a run, by the product and by the interpreter: two stories that must be the same.

use std::collections::BTreeMap;

use crate::data::Data;

/// What shows of a run only on the inside.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inside {
    /// The variables of each journey that is under way, the one that was started first.
    pub(crate) variables: Vec<BTreeMap<String, Data>>,
    /// The user who is proven.
    pub(crate) user: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Story {
    /// The steps that were entered, in their order.
    pub(crate) path: Vec<String>,
    pub(crate) rests: Vec<Rest>,
    pub(crate) end: End,
    /// As the run ended. None: the teller cannot see it.
    pub(crate) inside: Option<Inside>,
    /// What came to the client with the end.
    pub(crate) provided: Option<Data>,
}

/// A wait, for the client or for another try.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rest {
    pub(crate) step: String,
    /// Seconds since the run began, at which time itself ends the wait.
    pub(crate) until: i64,
    /// What the client is shown, and the options that it has. None: it is not asked.
    pub(crate) shown: Option<(Vec<Data>, Vec<String>)>,
    pub(crate) provided: Option<Data>,
    pub(crate) inside: Option<Inside>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    Completed(Option<Data>),
    Rejected(Option<Data>),
    Failed(String),
}

impl Story {
    /// What of it shows on the outside.
    pub(crate) fn outside(mut self) -> Self {
        self.inside = None;
        for rest in &mut self.rests {
            rest.inside = None;
            // Who waits for time alone is not told where.
            if rest.shown.is_none() {
                rest.step.clear();
            }
        }
        self
    }
}

/// The texts of failures are for people; the stories tell only their codes.
pub(crate) fn masked(name: &str, value: Data) -> Data {
    match value {
        Data::Map(mut fields) if name.starts_with(crate::generate::ERRORS) => {
            for (_, message) in fields.iter_mut().filter(|(name, _)| name == "message") {
                *message = Data::text("?");
            }
            Data::Map(fields)
        }
        other => other,
    }
}
