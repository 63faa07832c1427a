//! A file of answers comes in; one after the other goes out, each for the step that it names.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use serde::Deserialize;
use wayfarer::step::Prompt;
use wayfarer_lang::Value;

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
    data: serde_json::Value,
}

fn submit() -> String {
    "submit".to_owned()
}

impl Answers {
    /// Reads the file. What is wrong with it is told without its text: it may hold a code.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = files::answers(path)?;
        let given = serde_yaml::from_str(&text).map_err(|error| {
            let place = error.location().map(|at| format!(", line {}", at.line())).unwrap_or_default();
            Failure::usage(format!("`{}` is no list of answers{place}", path.display()))
                .help("write a list of `{ step: …, option: …, data: … }`".to_owned())
        })?;
        Ok(Self(given))
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
        Ok((Arc::from(option), Value::from(data)))
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
