#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use uuid::Uuid;
use wayfarer_lang::expr::{NoKeys, Seed};
use wayfarer_lang::program::{StepIndex, Target, Work};
use wayfarer_lang::{Catalog, Program, Value, check};
use wayfarer_step::attempt::Accepted;
use wayfarer_step::{AnyReply, Choice, Failure, Method, Prompt, StepError, Subject, Wait};

use super::{Applied, Believed, Ending, Inputs, Judged, Left, Next, Proven, apply, judge, next};
use crate::bundle::Bundle;
use crate::event::Wake;
use crate::record::encode;
use crate::run::{Activity, Run, Status};
use crate::testing::{Calls, registry};
use crate::{Limits, Registry};

/// What the world does at one turn: what a step answers, or what happens to a wait.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Exit(usize),
    UnknownExit,
    /// The exit that needs a proof, and the proof.
    Proven,
    Fails,
    Prompts,
    Naps,
    Submits,
    Signals,
    TimePasses(i64),
    Cancels,
    /// Something that does not fit where the run stands.
    Stray(u8),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        8 => (0..4_usize).prop_map(Turn::Exit),
        1 => Just(Turn::UnknownExit),
        3 => Just(Turn::Proven),
        1 => Just(Turn::Fails),
        3 => Just(Turn::Prompts),
        1 => Just(Turn::Naps),
        6 => Just(Turn::Submits),
        1 => Just(Turn::Signals),
        2 => (0..1200_i64).prop_map(Turn::TimePasses),
        1 => Just(Turn::Cancels),
        1 => any::<u8>().prop_map(Turn::Stray),
    ]
}

/// A journey whose steps lead on in order, with further exits wherever they lead; back only from steps that ask. The one
/// way to `done` is the success of `verify`.
fn journey() -> impl Strategy<Value = String> {
    let step = (0..5_usize, 0..8_usize, any::<bool>());
    proptest::collection::vec(step, 1..7).prop_map(|steps| {
        let count = steps.len();
        let name = |index: usize| if index < count { format!("s{index}") } else { "verify".to_owned() };
        let mut text = String::from("journey: any\nparams: { n: { type: integer, required: false } }\nsteps:\n");
        for (index, (kind, other, retries)) in steps.into_iter().enumerate() {
            let on = name(index + 1);
            let forward = if other == 7 { "no".to_owned() } else { name(index + 1 + other % (count - index)) };
            let retry = if retries { "    retry: { times: 1, delay: 5s }\n" } else { "" };
            text += &match kind {
                0 => format!("  s{index}:\n    type: ask\n    output: x\n    branches: {{ next: {on}, cancel: {} }}\n", name(other % count)),
                1 => format!("  s{index}:\n    type: odd\n    with: {{ act: well }}\n{retry}    error_output: e\n    branches: {{ next: {on}, failure: {forward} }}\n"),
                2 => format!(
                    "  s{index}:\n    type: condition\n    with: {{ if: \"1 / (@policy.request().params.n ?? 0) > 0\" }}\n    branches: {{ then: {on}, else: {forward} }}\n"
                ),
                3 => format!("  s{index}:\n    type: is_user_authenticated\n    branches: {{ then: {on}, else: {forward} }}\n"),
                _ => format!("  s{index}:\n    type: set_temporary_variables\n    with: {{ variables: {{ y: 1 }} }}\n    next: {on}\n"),
            };
        }
        text += "  verify:\n    type: verify\n    with: { user: u, code: c }\n    branches: { success: done, failure: no }\n";
        text += "  done: { type: complete_journey }\n  no: { type: reject_access }\n";
        text
    })
}

fn program(text: &str, catalog: &Catalog) -> Option<Program> {
    check("any.yaml", text.as_bytes(), catalog).program
}

fn steps() -> Registry {
    registry(&Arc::new(Calls::default()))
}

fn begin(bundle: &Bundle, n: i64) -> Run {
    let (now, n) = (Timestamp::UNIX_EPOCH, if n == 0 { Value::Null } else { Value::Int(n) });
    Run::begin(Uuid::nil(), bundle, vec![n], now, now + SignedDuration::from_hours(1)).unwrap()
}

/// Stores the run and reads it again: what a restart between any two happenings does.
fn reload(run: &Run) -> Run {
    let bytes = encode(run).unwrap();
    let back: Run = postcard::from_bytes(&bytes[1..]).unwrap();
    assert_eq!(encode(&back).unwrap(), bytes, "a run reads back as it was written");
    back
}

/// What a step answers at this turn, judged as the driver judges it.
fn answer(bundle: &Bundle, run: &Run, step: StepIndex, turn: Turn, inputs: &Inputs<'_>) -> Applied {
    let node = bundle.program(0).unwrap().step(step).unwrap();
    let Activity::Calling(calling) = &run.activity else { return Applied::Again };
    let done = |exit: &str| {
        Ok(AnyReply::Done { exit: exit.to_owned().into(), output: Some(Value::Int(1)), failure: None, proof: None })
    };
    let reply = match turn {
        Turn::Exit(number) => done(&node.exits[number % node.exits.len()].name),
        Turn::UnknownExit => done("nowhere"),
        Turn::Prompts => {
            let prompt = Prompt::new("ask", Value::Null).choice(Choice::submit("submit", "Go on", None));
            Ok(AnyReply::Wait(Wait {
                prompt: Some(prompt),
                signals: vec!["k".into()],
                until: None,
                state: Value::Null,
            }))
        }
        Turn::Naps => {
            let until = Some(inputs.now + SignedDuration::from_secs(10));
            Ok(AnyReply::Wait(Wait { prompt: None, signals: Vec::new(), until, state: Value::Null }))
        }
        _ => Err(StepError::failed("told_to", "it was told to fail")),
    };
    match judge(node, calling, 1, reply, &[], inputs.now, inputs.limits) {
        Judged::Waits(wait) => Applied::Waits { wait, named: None, provided: None },
        Judged::Left(left, believed) => {
            assert!(believed.is_none(), "nothing was compared");
            match (&node.work, turn) {
                (Work::Call { verifies: Some(_), .. }, Turn::Proven) => proven(inputs.now),
                _ => Applied::Left(*left),
            }
        }
    }
}

/// What the driver makes of a proof on its own list.
fn proven(at: Timestamp) -> Applied {
    let subject = Subject { user_id: "u".into(), external_user_id: None };
    let believed = Believed { ticket: Uuid::nil(), accepted: Accepted { subject, method: Method::TEMP_CODE, at } };
    let proven = Proven {
        accepted: believed.accepted,
        user: Value::from("u"),
        tokens: Value::from("t").into_secret(),
        claims: Value::Null,
    };
    Applied::Left(Left { proven: Some(Box::new(proven)), ..Left::exit("success") })
}

fn stray(number: u8) -> Applied {
    match number % 6 {
        0 => Applied::Again,
        1 => Applied::Announced,
        2 => Applied::Woken(Wake::Submit { option: "submit".into(), data: Value::Null }),
        3 => Applied::Woken(Wake::Timeout),
        4 => Applied::Entered { params: Value::Null },
        _ => Applied::Left(Left::failed(Failure::new("stray", "stray"))),
    }
}

/// Whether a happening has its place where the run stands.
fn fits(run: &Run, applied: &Applied) -> bool {
    matches!(
        (applied, &run.activity),
        (Applied::Again, Activity::Resting { .. })
            | (Applied::Announced | Applied::Waits { .. }, Activity::Calling(_))
            | (Applied::Woken(_), Activity::Waiting(_))
            | (Applied::Entered { .. }, Activity::Enter)
            | (Applied::Left(_), Activity::Enter | Activity::Calling(_) | Activity::Waiting(_))
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Laws 1, 3 and 9, for any journey and any order of events, with a restart after each of them (R57, R58, R59).
    #[test]
    fn any_order_of_events_keeps_the_laws(text in journey(), turns in proptest::collection::vec(turn(), 1..120), n in -1..2_i64) {
        let checked = program(&text, steps().catalog());
        // An unreachable step or the like is the checker's business.
        let Some(program) = checked else { return Ok(()) };
        let bundle = Bundle::new(program);
        let limits = Limits::default();
        let mut run = begin(&bundle, n);
        let mut now = run.started_at;
        let mut turns = turns.into_iter();
        let (mut proofs, mut completed) = (0, false);
        for _ in 0..5_000 {
            run = reload(&run);
            let inputs = Inputs { now, limits: &limits, seed: None, keys: &NoKeys };
            let applied = match next(&bundle, &run, &inputs) {
                Next::Over => break,
                Next::Jump(applied) => applied,
                Next::Finish(ending) => {
                    completed = matches!(ending, Ending::Completed { .. });
                    Applied::Ended(ending)
                }
                Next::Call(call) => {
                    let turn = turns.next().unwrap_or(Turn::Fails);
                    match turn {
                        Turn::Stray(number) => stray(number),
                        _ => answer(&bundle, &run, call.step, turn, &inputs),
                    }
                }
                Next::Wait { until } => match turns.next() {
                    Some(Turn::Submits) if run.wait().is_some_and(|wait| wait.prompt.is_some()) => {
                        Applied::Woken(Wake::Submit { option: "submit".into(), data: Value::Null })
                    }
                    Some(Turn::Signals) if run.wait().is_some() => Applied::Woken(Wake::Signal { key: "k".into(), data: Value::Null }),
                    Some(Turn::Cancels) => Applied::Ended(Ending::failed("cancelled")),
                    Some(Turn::Stray(number)) => stray(number),
                    Some(Turn::TimePasses(seconds)) => {
                        now += SignedDuration::from_secs(seconds);
                        continue;
                    }
                    Some(_) => continue,
                    None => {
                        now = until;
                        continue;
                    }
                },
            };
            let strays = !matches!(applied, Applied::Ended(_)) && !fits(&run, &applied);
            proofs += usize::from(matches!(&applied, Applied::Left(Left { proven: Some(_), .. })));
            apply(&bundle, &mut run, applied, &inputs);
            prop_assert!(!strays || matches!(run.activity, Activity::Aborting { .. }), "what does not fit aborts");
            prop_assert_eq!(run.identity.proofs.len(), proofs, "proofs come from nowhere else");
            prop_assert!(run.executions <= limits.executions);
            prop_assert!(run.frames.iter().all(|frame| frame.visits.iter().all(|visits| *visits <= limits.visits)));
        }
        prop_assert!(run.status.is_end(), "it came to an end: {:?}", run.activity);
        prop_assert_eq!(run.status == Status::Completed, completed);
        if run.status == Status::Completed {
            // P12: no way to the end that does not pass the proof.
            prop_assert!(proofs > 0);
            prop_assert_eq!(run.path.last().map(|step| &**step), Some("done"));
        }
        prop_assert!(run.frames.is_empty() && run.identity.tokens == Value::Null, "nothing is kept");
    }
}

#[test]
fn most_random_journeys_are_journeys() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let registry = steps();
    let checked = (0..200).filter(|_| {
        let text = journey().new_tree(&mut runner).unwrap().current();
        program(&text, registry.catalog()).is_some()
    });
    assert!(checked.count() > 60);
}

#[test]
fn an_exit_that_nobody_linked_leads_nowhere_but_out() {
    let text = "journey: a\nsteps:\n  s: { type: odd, with: { act: well }, branches: { next: done } }\n  done: { type: complete_journey }\n";
    let program = program(text, steps().catalog()).unwrap();
    let node = program.step(StepIndex(0)).unwrap();
    assert_eq!(node.exit("failure"), Some(Target::Abort));
    assert_eq!(node.exit("nowhere"), None);
}

/// R99: where the checker cannot see a secret coming, the machine does.
#[test]
fn r99_a_secret_leaves_by_no_end() {
    for end in ["complete_journey", "reject_access"] {
        let text = format!(
            "journey: a\nsteps:\n  s: {{ type: ask, output: x, branches: {{ next: done }} }}\n  done: {{ type: {end}, with: {{ data: [\"@x\"] }} }}\n"
        );
        let bundle = Bundle::new(program(&text, steps().catalog()).unwrap());
        let mut run = begin(&bundle, 0);
        let frame = run.frames.last_mut().unwrap();
        frame.step = bundle.program(0).unwrap().find("done").unwrap().0;
        frame.variables[0] = Some(Value::from("hidden").into_secret());
        let inputs = Inputs { now: run.started_at, limits: &Limits::default(), seed: None, keys: &NoKeys };
        let Next::Jump(failed) = next(&bundle, &run, &inputs) else { panic!("the step fails") };
        apply(&bundle, &mut run, failed, &inputs);
        assert_eq!(run.path.last().map(|step| &**step), Some("done"), "where it failed is on the path");
        let Next::Finish(ending) = next(&bundle, &run, &inputs) else { panic!("it ends") };
        assert_eq!(ending, Ending::failed("secret_in_output"));
    }
}

/// Chance comes in with the inputs: the same ones lead to the same end, and in it nothing comes twice.
#[test]
fn random_numbers_are_of_the_seed_and_never_the_same() {
    let text = "journey: a\nsteps:\n  s: { type: set_temporary_variables, with: { variables: { x: '@std.uuid()', y: '@std.uuid()' } }, branches: { next: done } }\n  done: { type: complete_journey }\n";
    let bundle = Bundle::new(program(text, steps().catalog()).unwrap());
    let run = begin(&bundle, 0);
    let limits = Limits::default();
    let assigned = |seed| {
        let inputs = Inputs { now: run.started_at, limits: &limits, seed, keys: &NoKeys };
        let Next::Jump(Applied::Left(left)) = next(&bundle, &run, &inputs) else { panic!("the form is left") };
        left
    };
    let one = assigned(Some(Seed::new([1; 32])));
    let [(_, x), (_, y)] = &one.assignments[..] else { panic!("{one:?}") };
    assert_ne!(x, y);
    assert_eq!(one.assignments, assigned(Some(Seed::new([1; 32]))).assignments);
    assert_ne!(one.assignments, assigned(Some(Seed::new([2; 32]))).assignments);
    let failed = assigned(None).failure.unwrap();
    assert_eq!(failed.code, "not-available");
}
