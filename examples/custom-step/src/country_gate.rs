//! `country_gate`: a country and a list come in; the run leaves by `allowed` or `blocked`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wayfarer::step::{Context, Failure, Reply, Shape, Step, StepError};

/// Lets a journey go on only from certain countries.
pub(crate) struct CountryGate;

/// What an author writes under `with:`. The doc comments become the documentation.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The country of the caller, as an ISO 3166-1 alpha-2 code such as `NL`.
    country: String,
    /// The countries from which the journey may go on.
    allowed: Vec<String>,
}

/// What the author's `output` variable takes.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Decision {
    /// The country, in capitals.
    country: String,
}

impl Step for CountryGate {
    const TYPE: &'static str = "country_gate";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = Decision;

    fn shape() -> Shape {
        Shape::new("lets the journey go on only from certain countries")
            .exit_giving("allowed", "the country is on the list")
            .exit_giving("blocked", "it is not")
            .exit_following("unknown", "blocked", "this is no country code")
            .error("unknown_country", "the text is not two letters")
    }

    async fn enter(&self, _: &mut Context, params: Params) -> Result<Reply<(), Decision>, StepError> {
        let country = params.country.trim().to_ascii_uppercase();
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Ok(Reply::failed("unknown", Failure::new("unknown_country", "a country code has two letters")));
        }
        let known = params.allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&country));
        Ok(Reply::exit(if known { "allowed" } else { "blocked" }).output(Decision { country }))
    }
}

#[cfg(test)]
mod tests;
