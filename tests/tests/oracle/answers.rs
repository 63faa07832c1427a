//! A prompt and what the client is to do come in; the option and the data that it sends go out.

use wayfarer::lang::Value;
use wayfarer::step::Prompt;

use crate::data::Data;
use crate::model::{Step, Work};
use crate::script::{What, filled};

/// What is sent for an answer, or for a mistake.
pub(crate) fn answer(step: &Step, prompt: &Prompt, what: &What) -> (String, Value) {
    match what {
        What::Answers { option, picks } => {
            let option = prompt.choices[option % prompt.choices.len()].id.to_string();
            let data = match &step.work {
                Work::Collect { fields, .. } if option == "submit" => {
                    let filled = filled(fields, picks);
                    Data::Map(filled.into_iter().filter_map(|(name, given)| Some((name, given?))).collect())
                }
                _ => Data::Null,
            };
            (option, data.to_product())
        }
        What::Errs { option: true } => ("nowhere".to_owned(), Value::Null),
        _ => ("submit".to_owned(), Data::Map(vec![("unasked".to_owned(), Data::Int(1))]).to_product()),
    }
}

/// What a prompt shows, and its options.
pub(crate) fn shown(prompt: &Prompt) -> (Vec<Data>, Vec<String>) {
    let field = |name: &str| prompt.data.0.get(name).map(Data::from_product);
    let shown = match &*prompt.kind {
        "form" => vec![field("title").unwrap_or(Data::Null)],
        _ => ["title", "text"].into_iter().filter_map(field).collect(),
    };
    (shown, prompt.choices.iter().map(|choice| choice.id.to_string()).collect())
}
