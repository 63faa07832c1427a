//! Steps that never answer.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use schemars::JsonSchema;
use serde::Deserialize;
use wayfarer_lang::Secret;
use wayfarer_step::{
    Actor, Context, Event, Expected, Fact, Method, Outward, Prompt, Reply, Shape, Step, StepError, Subject, Value,
    Wait, Write,
};

use super::steps::{Calls, NoParams, VerifyParams, claim};

/// Never comes to an end, and lets no time pass with it: while it is waited for, time jumps to the next moment that somebody
/// waits for.
async fn hang<T>() -> T {
    struct Resume;
    impl Drop for Resume {
        fn drop(&mut self) {
            tokio::time::resume();
        }
    }
    tokio::time::pause();
    let _resume = Resume;
    std::future::pending().await
}

/// Checks a code if it gets one, leaves all sorts of things behind, and hangs; or hangs only when it is woken.
pub(crate) struct Hang;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct HangParams {
    code: Option<Secret<String>>,
    later: Option<bool>,
}

impl Step for Hang {
    const TYPE: &'static str = "hang";
    const VERSION: u32 = 1;
    type Params = HangParams;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("hangs")
            .identifies()
            .waits()
            .exit_or_abort("success", "never")
            .exit_or_abort("failure", "it took too long")
            .verifies(&Method::TEMP_CODE, "success")
    }

    async fn enter(&self, cx: &mut Context, params: HangParams) -> Result<Reply<(), ()>, StepError> {
        if params.later == Some(true) {
            let prompt = Some(Prompt::new("hang", Value::Null));
            return Ok(Reply::Wait(Wait { prompt, signals: vec!["go".into()], until: None, state: () }));
        }
        if let Some(code) = params.code {
            cx.attempts().verify(claim(VerifyParams::new("user123", code))).await?;
        }
        cx.identify(Subject { user_id: "mallory".into(), external_user_id: None });
        cx.stage(Write::Record(Fact::new("note.taken", Actor::system())));
        let (kind, expected, value) = ("step-notes", Expected::Absent, Vec::new());
        cx.stage(Write::Put { kind, id: b"hang".to_vec(), expected, value, expires_at: None });
        cx.signal("step-hang", Value::Null);
        hang().await
    }

    async fn resume(&self, _: &mut Context, _: HangParams, (): (), _: Event) -> Result<Reply<(), ()>, StepError> {
        hang().await
    }
}

/// Acts outside, and does not come back from it as often as it is told.
pub(crate) struct Slow<const ONCE: bool>(pub(crate) Arc<Calls>);

impl<const ONCE: bool> Step for Slow<ONCE> {
    const TYPE: &'static str = if ONCE { "slow_once" } else { "slow_again" };
    const VERSION: u32 = 1;
    type Params = NoParams;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        let outward = if ONCE { Outward::Once } else { Outward::Idempotent };
        Shape::new("acts slowly").outward(outward).exit("next", "done").exit_or_abort("failure", "perhaps not")
    }

    async fn enter(&self, cx: &mut Context, _: NoParams) -> Result<Reply<(), ()>, StepError> {
        self.0.acted.lock().unwrap().push(cx.visit().number);
        if self.0.hanging.load(Ordering::SeqCst) > 0 {
            self.0.hanging.fetch_sub(1, Ordering::SeqCst);
            return hang().await;
        }
        Ok(Reply::exit("next"))
    }
}
