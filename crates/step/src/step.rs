//! [`Step`] is what an author of steps writes; [`AnyStep`] is the same with types erased, which the engine stores.

use std::any::Any;
use std::future::Future;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wayfarer_lang::Value;
use wayfarer_lang::catalog::Declaration;

use crate::declare::{ShapeError, declaration};
use crate::reply::{AnyReply, RawOutput, Reply, Wait};
use crate::{Context, Event, Shape, StepError};

/// A step type. Built-in steps and a host's own are written against this same trait.
///
/// Parameters are evaluated once, on entering a visit, and kept sealed with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a step",
    note = "implement `wayfarer_step::Step`: a type name, a version, the types of parameters, state and output, and `enter`"
)]
pub trait Step: Send + Sync + 'static {
    /// The name that stands after `type:` in a journey.
    const TYPE: &'static str;
    /// Grows when the meaning of parameters or state changes. A run stays on the version it began with (law 6).
    const VERSION: u32;
    /// What stands under `with:`. Doc comments become the documentation; a `Secret<String>` field takes secrets.
    type Params: DeserializeOwned + JsonSchema + Send + Sync + 'static;
    /// The server's half of a wait: sealed, never sent to a client. `()` for steps that do not wait.
    type State: Serialize + DeserializeOwned + Send + 'static;
    /// What the author's `output` variable takes. `()` for none.
    type Output: Serialize + JsonSchema + Send + 'static;

    /// Exits, waits, error codes, and what the step verifies. It is data, so that a catalogue file can carry it.
    fn shape() -> Shape;

    /// Begins a visit.
    fn enter(
        &self,
        cx: &mut Context,
        params: Self::Params,
    ) -> impl Future<Output = Result<Reply<Self::State, Self::Output>, StepError>> + Send;

    /// Goes on after a wait. Only steps that answer [`Reply::Wait`] need it.
    fn resume(
        &self,
        cx: &mut Context,
        params: Self::Params,
        state: Self::State,
        event: Event,
    ) -> impl Future<Output = Result<Reply<Self::State, Self::Output>, StepError>> + Send {
        let _ = (cx, params, state, event);
        async { Err(StepError::failed("unexpected_event", format!("a `{}` step never waits", Self::TYPE))) }
    }

    /// Turns the state of an older version into today's; `None` if that cannot be done, and the run fails closed.
    #[must_use]
    fn upgrade(from: u32, state: Value) -> Option<Self::State> {
        let _ = (from, state);
        None
    }
}

/// A step with its types erased.
#[async_trait]
pub trait AnyStep: Send + Sync + 'static {
    /// What the checker, the catalogue and the reference know of it.
    ///
    /// # Errors
    /// When the shape contradicts itself or a parameter's schema has no counterpart in the journey language.
    fn declaration(&self) -> Result<Declaration, ShapeError>;

    /// Begins a visit with evaluated parameters.
    async fn enter(&self, cx: &mut Context, params: &Value) -> Result<AnyReply, StepError>;

    /// Goes on after a wait, with the state as it was stored by the step's version `version`.
    async fn resume(
        &self,
        cx: &mut Context,
        params: &Value,
        version: u32,
        state: &Value,
        event: Event,
    ) -> Result<AnyReply, StepError>;
}

#[async_trait]
impl<S: Step> AnyStep for S {
    fn declaration(&self) -> Result<Declaration, ShapeError> {
        declaration::<S>()
    }

    async fn enter(&self, cx: &mut Context, params: &Value) -> Result<AnyReply, StepError> {
        let params = read_params::<S>(params)?;
        erase(Step::enter(self, cx, params).await?)
    }

    async fn resume(
        &self,
        cx: &mut Context,
        params: &Value,
        version: u32,
        state: &Value,
        event: Event,
    ) -> Result<AnyReply, StepError> {
        let params = read_params::<S>(params)?;
        let state =
            if version == S::VERSION { state.deserialize_into().ok() } else { S::upgrade(version, state.clone()) };
        let state = state.ok_or_else(|| {
            StepError::failed(
                "state_not_readable",
                format!("the state of `{}` version {version} cannot be read", S::TYPE),
            )
        })?;
        erase(Step::resume(self, cx, params, state, event).await?)
    }
}

fn read_params<S: Step>(params: &Value) -> Result<S::Params, StepError> {
    params.deserialize_into().map_err(|error| StepError::failed("invalid_parameters", error.to_string()))
}

fn erase<State: Serialize, Output: Serialize + 'static>(reply: Reply<State, Output>) -> Result<AnyReply, StepError> {
    Ok(match reply {
        Reply::Done { exit, output, failure, proof } => {
            let output = output.map(|output| output_value(&output)).transpose()?;
            AnyReply::Done { exit, output, failure, proof }
        }
        Reply::Wait(Wait { prompt, signals, until, state }) => {
            AnyReply::Wait(Wait { prompt, signals, until, state: to_value(&state, "state")? })
        }
    })
}

fn output_value<Output: Serialize + 'static>(output: &Output) -> Result<Value, StepError> {
    match (output as &dyn Any).downcast_ref::<RawOutput>() {
        Some(RawOutput(value)) => Ok(value.clone()),
        None => to_value(output, "output"),
    }
}

fn to_value(value: &impl Serialize, what: &str) -> Result<Value, StepError> {
    Value::from_serialize(value)
        .map_err(|error| StepError::failed("invalid_result", format!("the step's {what} cannot be kept: {error}")))
}
