//! Steps that behave, and steps that do not.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use wayfarer_lang::types::Type;
use wayfarer_lang::{Secret, Value};
use wayfarer_step::testing::{FakeLedger, FakeVerifier};
use wayfarer_step::{
    Actor, Attempts, Choice, Claim, Context, Event, Expected, Fact, Failure, Identifier, Journal, Method, Outward,
    PortError, Prompt, Reply, Shape, Step, StepError, Subject, Verdict, Wait, Write,
};

use crate::Registry;

/// How often steps were called, for those that count.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    pub(crate) sent_once: AtomicU32,
    pub(crate) sent_again: AtomicU32,
    pub(crate) flaky: AtomicU32,
    pub(crate) away: AtomicU32,
    /// How many calls of a slow step never come to an end.
    pub(crate) hanging: AtomicU32,
    /// The keys under which slow steps acted.
    pub(crate) acted: Mutex<Vec<u32>>,
}

pub(crate) fn registry(calls: &Arc<Calls>) -> Registry {
    Registry::new()
        .with(Ask)
        .and_then(|registry| registry.with(Verify))
        .and_then(|registry| registry.with(Odd))
        .and_then(|registry| registry.with(OddVerifier))
        .and_then(|registry| registry.with(Unasked))
        .and_then(|registry| registry.with(SendOnce(calls.clone())))
        .and_then(|registry| registry.with(SendAgain(calls.clone())))
        .and_then(|registry| registry.with(Flaky(calls.clone())))
        .and_then(|registry| registry.with(Listen))
        .and_then(|registry| registry.with(super::slow::Hang))
        .and_then(|registry| registry.with(super::slow::Slow::<true>(calls.clone())))
        .and_then(|registry| registry.with(super::slow::Slow::<false>(calls.clone())))
        .and_then(|registry| registry.with(super::talk::Say))
        .and_then(|registry| registry.with(super::talk::Tally))
        .unwrap()
}

/// Asks for one text.
pub(crate) struct Ask;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct AskParams {
    text: Option<String>,
}

impl Step for Ask {
    const TYPE: &'static str = "ask";
    const VERSION: u32 = 1;
    type Params = AskParams;
    type State = u32;
    type Output = serde_json::Value;

    fn shape() -> Shape {
        Shape::new("asks for a text").prompts().exit("next", "it was given").exit_or_abort("cancel", "it was not")
    }

    async fn enter(&self, _: &mut Context, params: AskParams) -> Result<Reply<u32, serde_json::Value>, StepError> {
        let answer = Type::object_of([("answer", Type::string())]);
        let prompt = Prompt::new("ask", Value::from(json!({ "text": params.text })))
            .choice(Choice::submit("submit", "Go on", Some(answer)))
            .choice(Choice::cancel("cancel", "Stop"));
        Ok(Reply::prompt(prompt, 7))
    }

    async fn resume(
        &self,
        _: &mut Context,
        _: AskParams,
        state: u32,
        event: Event,
    ) -> Result<Reply<u32, serde_json::Value>, StepError> {
        assert_eq!(state, 7);
        match event {
            Event::Submit { option, data } if &*option == "submit" => {
                Ok(Reply::exit("next").output(data.get("answer").unwrap().to_json().unwrap()))
            }
            Event::Submit { .. } => Ok(Reply::exit("cancel")),
            _ => Err(StepError::failed("unexpected_event", "only the client answers")),
        }
    }
}

/// Checks a temporary code.
pub(crate) struct Verify;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct VerifyParams {
    user: String,
    code: Secret<String>,
}

impl VerifyParams {
    pub(crate) fn new(user: &str, code: Secret<String>) -> Self {
        Self { user: user.to_owned(), code }
    }
}

pub(crate) fn claim(params: VerifyParams) -> Claim {
    let identifier = Identifier::User(params.user.into());
    Claim { method: Method::TEMP_CODE, identifier, secret: params.code }
}

impl Step for Verify {
    const TYPE: &'static str = "verify";
    const VERSION: u32 = 1;
    type Params = VerifyParams;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("checks a code")
            .exit("success", "it is right")
            .exit("failure", "it is not")
            .verifies(&Method::TEMP_CODE, "success")
    }

    async fn enter(&self, cx: &mut Context, params: VerifyParams) -> Result<Reply<(), ()>, StepError> {
        Ok(match cx.attempts().verify(claim(params)).await? {
            Verdict::Verified(proof) => Reply::verified("success", proof),
            Verdict::Refused(refusal) => Reply::failed("failure", Failure::new(refusal.code(), "refused")),
        })
    }
}

/// Does what it is told, and it is told to misbehave.
pub(crate) struct Odd;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct OddParams {
    act: String,
    user: Option<String>,
}

impl Step for Odd {
    const TYPE: &'static str = "odd";
    const VERSION: u32 = 1;
    type Params = OddParams;
    type State = ();
    type Output = serde_json::Value;

    fn shape() -> Shape {
        Shape::new("misbehaves").identifies().waits().exit("next", "it did not").exit_or_abort("failure", "it did")
    }

    async fn enter(&self, cx: &mut Context, params: OddParams) -> Result<Reply<(), serde_json::Value>, StepError> {
        match &*params.act {
            "panic" => panic!("on purpose"),
            "unknown_exit" => Ok(Reply::exit("nowhere")),
            "fail" => Err(StepError::failed("told_to", "it was told to fail")),
            "not_configured" => Err(PortError::NotConfigured { port: "mail" }.into()),
            "write_code" => {
                let expected = Expected::Absent;
                cx.stage(Write::Put {
                    kind: "test-code",
                    id: b"user123".to_vec(),
                    expected,
                    value: Vec::new(),
                    expires_at: None,
                });
                Ok(Reply::exit("next"))
            }
            "write_own" => {
                let (kind, expected) = ("step-notes", Expected::Absent);
                cx.stage(Write::Put { kind, id: b"1".to_vec(), expected, value: b"x".to_vec(), expires_at: None });
                cx.stage(Write::Record(Fact::new("note.taken", Actor::system())));
                Ok(Reply::exit("next"))
            }
            "secret_prompt" => {
                let data = Value::from("hidden").into_secret();
                Ok(Reply::prompt(Prompt::new("odd", data).choice(Choice::submit("submit", "Go on", None)), ()))
            }
            "wait_for_nothing" => Ok(Reply::Wait(Wait { prompt: None, signals: Vec::new(), until: None, state: () })),
            "nap" => {
                let until = cx.now().checked_add(SignedDuration::from_secs(10)).ok();
                Ok(Reply::Wait(Wait { prompt: None, signals: Vec::new(), until, state: () }))
            }
            "doze" => {
                let until = Some(cx.now());
                Ok(Reply::Wait(Wait { prompt: None, signals: Vec::new(), until, state: () }))
            }
            "provide" => {
                cx.provide(Value::from(json!({ "for": params.user })));
                Ok(Reply::exit("next"))
            }
            "provide_secret" => {
                cx.provide(Value::from(vec![Value::from("hidden").into_secret()]));
                Ok(Reply::exit("next"))
            }
            "provide_and_fail" => {
                cx.provide(Value::from("of a failed visit"));
                Err(StepError::failed("told_to", "it was told to fail"))
            }
            "name" => {
                let user_id = params.user.unwrap_or_default().into();
                cx.identify(Subject { user_id, external_user_id: None });
                Ok(Reply::exit("next"))
            }
            _ => Ok(Reply::exit("next").output(json!("well"))),
        }
    }

    async fn resume(
        &self,
        cx: &mut Context,
        params: OddParams,
        (): (),
        event: Event,
    ) -> Result<Reply<(), serde_json::Value>, StepError> {
        assert!(matches!(event, Event::Timeout));
        if &*params.act == "doze" {
            return self.enter(cx, params).await;
        }
        Ok(Reply::exit("next").output(json!("rested")))
    }
}

/// Says that it verified, in ways that must not be believed.
pub(crate) struct OddVerifier;

impl Step for OddVerifier {
    const TYPE: &'static str = "odd_verifier";
    const VERSION: u32 = 1;
    type Params = OddParams;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("claims to verify")
            .identifies()
            .exit("success", "it says that it did")
            .exit("failure", "it was not believed")
            .verifies(&Method::TEMP_CODE, "success")
    }

    async fn enter(&self, cx: &mut Context, params: OddParams) -> Result<Reply<(), ()>, StepError> {
        let claim = |method, secret: &str| Claim {
            method,
            identifier: Identifier::User("user123".into()),
            secret: Secret::new(secret.to_owned()),
        };
        let own = || {
            let (ledger, verifier) = (FakeLedger::for_user("user123"), FakeVerifier::accepting("mine"));
            Attempts::new(cx.scope().clone(), Arc::new(ledger), Arc::new(verifier), Journal::default())
        };
        let verdict = match &*params.act {
            "own_ledger" => own().verify(claim(Method::TEMP_CODE, "mine")).await?,
            "other_method" => cx.attempts().verify(claim(Method::new("other"), super::CODE)).await?,
            _ => {
                cx.identify(Subject { user_id: "mallory".into(), external_user_id: None });
                cx.stage(Write::Record(Fact::new("note.taken", Actor::system())));
                return Ok(Reply::exit("success"));
            }
        };
        match verdict {
            Verdict::Verified(proof) => Ok(Reply::verified("success", proof)),
            Verdict::Refused(_) => panic!("the fake ledger accepts it"),
        }
    }
}

/// Names a user, and does not declare that it may.
pub(crate) struct Unasked;

impl Step for Unasked {
    const TYPE: &'static str = "names_unasked";
    const VERSION: u32 = 1;
    type Params = NoParams;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("names a user").exit("next", "it did").exit_or_abort("failure", "it may not")
    }

    async fn enter(&self, cx: &mut Context, _: NoParams) -> Result<Reply<(), ()>, StepError> {
        cx.identify(Subject { user_id: "mallory".into(), external_user_id: None });
        Ok(Reply::exit("next"))
    }
}

/// Acts on the world outside, which must not be done twice.
pub(crate) struct SendOnce(Arc<Calls>);

#[derive(Deserialize, JsonSchema)]
pub(crate) struct NoParams {}

impl Step for SendOnce {
    const TYPE: &'static str = "send_once";
    const VERSION: u32 = 1;
    type Params = NoParams;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("sends").outward(Outward::Once).exit("next", "sent").exit_or_abort("failure", "perhaps not")
    }

    async fn enter(&self, _: &mut Context, _: NoParams) -> Result<Reply<(), ()>, StepError> {
        self.0.sent_once.fetch_add(1, Ordering::SeqCst);
        Ok(Reply::exit("next"))
    }
}

/// Acts on the world outside, under the visit's key.
pub(crate) struct SendAgain(Arc<Calls>);

impl Step for SendAgain {
    const TYPE: &'static str = "send_again";
    const VERSION: u32 = 1;
    type Params = NoParams;
    type State = ();
    type Output = u32;

    fn shape() -> Shape {
        Shape::new("sends under a key").outward(Outward::Idempotent).exit("next", "sent")
    }

    async fn enter(&self, cx: &mut Context, _: NoParams) -> Result<Reply<(), u32>, StepError> {
        self.0.sent_again.fetch_add(1, Ordering::SeqCst);
        Ok(Reply::exit("next").output(cx.visit().number))
    }
}

/// Fails twice, then succeeds; or is away for the first calls.
pub(crate) struct Flaky(Arc<Calls>);

impl Step for Flaky {
    const TYPE: &'static str = "flaky";
    const VERSION: u32 = 1;
    type Params = NoParams;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("fails twice").exit("next", "at last").exit_or_abort("failure", "not yet")
    }

    async fn enter(&self, _: &mut Context, _: NoParams) -> Result<Reply<(), ()>, StepError> {
        if self.0.away.load(Ordering::SeqCst) > 0 {
            self.0.away.fetch_sub(1, Ordering::SeqCst);
            return Err(PortError::unavailable("mail", "it is away").into());
        }
        match self.0.flaky.fetch_add(1, Ordering::SeqCst) {
            0 | 1 => Ok(Reply::failed("failure", Failure::new("not_yet", "not yet"))),
            _ => Ok(Reply::exit("next")),
        }
    }
}

/// Waits for a signal or for the client to give up.
pub(crate) struct Listen;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct ListenParams {
    key: String,
    /// A user whom it names before it waits: the run is committed for that, and then waits.
    user: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Heard {
    heard: String,
}

impl Step for Listen {
    const TYPE: &'static str = "listen";
    const VERSION: u32 = 1;
    type Params = ListenParams;
    type State = ();
    type Output = Heard;

    fn shape() -> Shape {
        Shape::new("waits for a signal")
            .identifies()
            .waits()
            .exit("next", "it came")
            .exit_or_abort("failure", "it did not")
    }

    async fn enter(&self, cx: &mut Context, params: ListenParams) -> Result<Reply<(), Heard>, StepError> {
        if let Some(user) = params.user {
            cx.identify(Subject { user_id: user.into(), external_user_id: None });
        }
        Ok(Reply::Wait(Wait { prompt: None, signals: vec![params.key.into()], until: None, state: () }))
    }

    async fn resume(
        &self,
        _: &mut Context,
        _: ListenParams,
        (): (),
        event: Event,
    ) -> Result<Reply<(), Heard>, StepError> {
        match event {
            Event::Signal { data, .. } => {
                Ok(Reply::exit("next").output(Heard { heard: data.as_text().unwrap_or_default().to_owned() }))
            }
            _ => Err(StepError::failed("unexpected_event", "only a signal is heard")),
        }
    }
}
