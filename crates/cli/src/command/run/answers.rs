//! A file of answers comes in; one after the other goes out, each for the step that it names.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use serde::Deserialize;
use wayfarer::step::Prompt;
use wayfarer_lang::yaml::{self, Budget};
use wayfarer_lang::{Source, Value};

use crate::failure::Failure;
use crate::files;

/// Answers that are still to be given.
pub(super) struct Answers(VecDeque<Given>);

/// One answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    /// The step that asks.
    step: String,
    /// The option; `submit` if none is named.
    #[serde(default = "submit")]
    option: String,
    #[serde(default)]
    data: Value,
}

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    answers: VecDeque<Given>,
}

fn submit() -> String {
    "submit".to_owned()
}

impl Answers {
    /// Reads the file. What is wrong with it is told without its text: it may hold a code.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let bytes = files::answers(path)?;
        let refused = |why: String| {
            Failure::usage(format!("`{}` holds no answers: {why}", path.display()))
                .help("write `answers:` and under it a list of `{ step: …, option: …, data: … }`".to_owned())
        };
        let (document, findings) = yaml::read(&bytes, &Budget::default());
        if let Some(finding) = findings.iter().next() {
            let place = Source::from_bytes("", &bytes).position(finding.span.start);
            return Err(refused(format!("line {}, column {}: {}", place.line, place.column, finding.message)).into());
        }
        let root = document.as_ref().map(|document| document.root().to_value()).unwrap_or_default();
        let file: File = root.deserialize_into().map_err(|error| refused(error.to_string()))?;
        Ok(Self(file.answers))
    }

    /// Whether the next answer is for this step.
    pub(super) fn is_for(&self, step: &str) -> bool {
        self.0.front().is_some_and(|given| given.step == step)
    }

    /// The answer to what this step asks.
    pub(super) fn next(&mut self, step: &str, prompt: &Prompt) -> Result<(Arc<str>, Value)> {
        let Some(Given { step: meant, option, data }) = self.0.pop_front() else {
            return Err(mismatch(format!("the step `{step}` asks, and the answers have ended")));
        };
        if meant != step {
            return Err(mismatch(format!("the step `{step}` asks, and the next answer is for `{meant}`")));
        }
        if prompt.find(&option).is_none() {
            let offered: Vec<_> = prompt.choices.iter().map(|choice| &*choice.id).collect();
            let message = format!("the step `{step}` does not offer `{option}`; it offers `{}`", offered.join("`, `"));
            return Err(mismatch(message));
        }
        Ok((Arc::from(option), data))
    }

    /// Says so if answers are left when the run has ended.
    pub(super) fn finish(&self) -> Result<()> {
        match self.0.front() {
            Some(Given { step, .. }) => Err(mismatch(format!("the run has ended, and an answer for `{step}` is left"))),
            None => Ok(()),
        }
    }
}

fn mismatch(message: String) -> anyhow::Error {
    Failure::new("answers_do_not_fit", message).into()
}
