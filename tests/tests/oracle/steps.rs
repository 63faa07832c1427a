//! The steps that random journeys use: those of the house, and one of a host's own that is not to be relied on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use schemars::JsonSchema;
use serde::Deserialize;
use wayfarer::step::{AnyStep, Context, Reply, Shape, Step, StepError};

/// How often the unreliable step was called in a run.
pub(crate) type Calls = Arc<AtomicUsize>;

pub(crate) fn all(calls: &Calls) -> Vec<Arc<dyn AnyStep>> {
    let mut steps = wayfarer::steps::all();
    steps.push(Arc::new(Shaky(calls.clone())));
    steps
}

/// Fails, except in some calls.
struct Shaky(Calls);

#[derive(Deserialize, JsonSchema)]
struct Params {
    /// The calls that succeed: those whose number this divides.
    every: i64,
}

/// Whether a call of the step succeeds, by its number in the run, from 1.
pub(crate) fn succeeds(call: usize, every: i64) -> bool {
    every > 0 && i64::try_from(call).unwrap() % every == 0
}

impl Step for Shaky {
    const TYPE: &'static str = "shaky";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = i64;

    fn shape() -> Shape {
        Shape::new("fails, except in some calls")
            .exit("next", "this call is one of them")
            .exit_or_abort("failure", "this call is none of them")
    }

    async fn enter(&self, _: &mut Context, Params { every }: Params) -> Result<Reply<(), i64>, StepError> {
        let call = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        if succeeds(call, every) {
            return Ok(Reply::exit("next").output(every));
        }
        Err(StepError::failed("shaken", "this call is not one that succeeds"))
    }
}
