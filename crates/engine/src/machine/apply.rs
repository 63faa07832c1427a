//! A run and what happened to it come in; the run that follows goes out.

use std::borrow::Cow;

use wayfarer_lang::Value;
use wayfarer_lang::catalog::Outward;
use wayfarer_lang::program::{Node, Program, Target, Work};
use wayfarer_lang::value::Object;
use wayfarer_step::Failure;

use super::judge::later;
use super::{Applied, Ending, Inputs, Left, Proven, Return, Way, code, journey};
use crate::bundle::Bundle;
use crate::event::Wake;
use crate::run::{Activity, Calling, Frame, Identity, Run, Status, WaitState, Woken};

/// Makes of a run what a happening makes of it. What does not fit the run makes it fail: nothing is skipped (law 1).
pub fn apply(bundle: &Bundle, run: &mut Run, applied: Applied, inputs: &Inputs<'_>) {
    if let Applied::Ended(ending) = applied {
        return end(bundle, run, ending);
    }
    run.provided = run.undelivered();
    run.status = Status::Running;
    let Some((program, node)) = code(bundle, run) else {
        return abort(run, "run_not_readable");
    };
    // A run that takes nothing in is no larger than it was.
    let grows = !matches!(&applied, Applied::Left(left) if left.brings_nothing());
    let activity = std::mem::replace(&mut run.activity, Activity::Over);
    match (applied, activity) {
        (Applied::Entered { params }, Activity::Enter) => {
            let visit = begin(run, node);
            let calling = Calling { visit, params, entered_at: inputs.now, turns: 0, woken: None, announced: false };
            run.activity = Activity::Calling(calling);
        }
        (Applied::Announced, Activity::Calling(calling)) => {
            run.activity = Activity::Calling(Calling { announced: true, ..calling });
        }
        (Applied::Waits { wait, named, provided }, Activity::Calling(_)) => {
            run.provided = provided.or_else(|| run.provided.take());
            if let Some(subject) = named {
                run.identity.turn_to(subject);
            }
            run.status = Status::Waiting;
            run.activity = Activity::Waiting(*wait);
        }
        (Applied::Woken(event), Activity::Waiting(wait)) => run.activity = Activity::Calling(wake(wait, event)),
        (Applied::Left(left), Activity::Enter) => {
            begin(run, node);
            leave(run, program, node, left, inputs);
        }
        (Applied::Left(left), Activity::Calling(_) | Activity::Waiting(_)) => {
            leave(run, program, node, left, inputs);
        }
        (Applied::Invoked { journey, parameters }, Activity::Enter) => {
            journey::invoke(bundle, run, node, journey, parameters, inputs);
        }
        (Applied::Returned(returned), activity) if ends_at(&returned.way, &activity) => {
            journey::come_back(bundle, run, returned, inputs);
        }
        (Applied::Again, Activity::Resting { .. }) => run.activity = Activity::Enter,
        _ => abort(run, "out_of_order"),
    }
    if grows && run.size() > inputs.limits.state_bytes {
        abort(run, "too_large");
    }
}

/// Whether a sub-journey may end so at what happens in it.
const fn ends_at(way: &Return, activity: &Activity) -> bool {
    match way {
        Return::Completed(_) | Return::Rejected(_) => matches!(activity, Activity::Enter),
        Return::TimedOut { .. } => !matches!(activity, Activity::Aborting { .. } | Activity::Over),
    }
}

/// Counts a visit and puts it on the path.
pub(super) fn begin(run: &mut Run, node: &Node) -> u32 {
    run.executions = run.executions.saturating_add(1);
    let entry = run.top().map_or_else(|| node.id.clone(), |frame| frame.path_of(&node.id));
    run.path.push(entry);
    if let Some(frame) = run.frames.last_mut()
        && frame.turns(node) == 0
        && let Some(visits) = usize::try_from(frame.step).ok().and_then(|step| frame.visits.get_mut(step))
    {
        *visits = visits.saturating_add(1);
    }
    run.executions
}

fn wake(wait: WaitState, event: Wake) -> Calling {
    let WaitState { visit, entered_at, turns, params, version, state, .. } = wait;
    Calling { visit, params, entered_at, turns, woken: Some(Woken { version, state, event }), announced: false }
}

pub(super) fn leave(run: &mut Run, program: &Program, node: &Node, left: Left, inputs: &Inputs<'_>) {
    let Left { way, output, failure, refused, assignments, named, provided, proven, in_doubt } = left;
    run.provided = provided.or_else(|| run.provided.take());
    if let Some(subject) = named {
        run.identity.turn_to(subject);
    }
    if let Some(proven) = proven {
        accept(&mut run.identity, *proven);
    }
    let Some(frame) = run.frames.last_mut() else {
        return abort(run, "run_not_readable");
    };
    for (slot, value) in assignments {
        set(frame, slot, value);
    }
    let code = failure.as_ref().map(|failure| failure.code.clone());
    let mut fits = true;
    if let Some(slot) = node.output {
        let value = output.unwrap_or_default();
        let typed = program.variable_type(slot).filter(|_| !matches!(value, Value::Null));
        match typed.map_or(Ok(value.clone()), |ty| ty.accept(&value)) {
            Ok(value) => set(frame, slot, value),
            Err(_) => fits = false,
        }
    }
    if let Some(slot) = node.error_output {
        set(frame, slot, failure.map_or(Value::Null, |failure| error_value(&failure, refused)));
    }
    if !fits {
        return abort(run, "wrong_type");
    }
    let failed = matches!(way, Way::Failed | Way::TimedOut) || way == Way::Exit(Cow::Borrowed("failure"));
    // What must not be done twice, and may have been done, is not tried again.
    let once = matches!(node.work, Work::Call { outward: Outward::Once, .. });
    let spent = once && (in_doubt || way == Way::TimedOut);
    if failed
        && !spent
        && let Some(retry) = node.retry
        && frame.retries < retry.times
    {
        frame.retries += 1;
        // Without a rest no answer goes out, so what a step has for the client stays owed.
        if retry.delay.is_zero() {
            run.activity = Activity::Enter;
        } else {
            run.status = Status::Waiting;
            run.activity = Activity::Resting { until: later(inputs.now, retry.delay) };
        }
        return;
    }
    let (target, otherwise) = match way {
        Way::Exit(name) => {
            let target = node.exit(&name);
            (target, Cow::Borrowed(if target.is_some() { "aborted" } else { "unknown_exit" }))
        }
        Way::Body => (frame.turn(node).map(Target::Step), Cow::Borrowed("unknown_exit")),
        Way::Failed => (node.exit("failure"), code.unwrap_or(Cow::Borrowed("step_failed"))),
        Way::TimedOut => (node.exit("timeout").or_else(|| node.exit("failure")), Cow::Borrowed("timeout")),
    };
    match target {
        Some(to @ (Target::Step(step) | Target::Continue(step))) => {
            if matches!(to, Target::Step(_)) {
                frame.go(program, step);
            } else {
                frame.step = step.0;
            }
            frame.retries = 0;
            run.activity = Activity::Enter;
        }
        Some(Target::Abort) | None => abort(run, otherwise),
    }
}

fn accept(identity: &mut Identity, proven: Proven) {
    let Proven { accepted, user, tokens, claims } = proven;
    identity.turn_to(accepted.subject.clone());
    identity.proofs.push(accepted);
    identity.user = user;
    identity.tokens = tokens;
    identity.claims = claims;
}

fn set(frame: &mut Frame, slot: u16, value: Value) {
    if let Some(variable) = frame.variables.get_mut(usize::from(slot)) {
        *variable = Some(value);
    }
}

/// What `error_output` takes.
fn error_value(failure: &Failure, refused: Option<Value>) -> Value {
    let texts = [("code", &*failure.code), ("message", &*failure.message)];
    let texts = texts.into_iter().map(|(name, text)| (name.into(), Value::from(text)));
    Value::from(texts.chain(refused.map(|data| ("data".into(), data))).collect::<Object>())
}

pub(super) fn abort(run: &mut Run, code: impl Into<Cow<'static, str>>) {
    run.activity = Activity::Aborting { code: code.into() };
}

/// Ends a run and forgets what it knew: parameters, variables and tokens do not outlive it.
fn end(bundle: &Bundle, run: &mut Run, ending: Ending) {
    if matches!(ending, Ending::Completed { .. } | Ending::Rejected { .. })
        && let Some((_, node)) = code(bundle, run)
    {
        begin(run, node);
    }
    run.status = match ending {
        Ending::Completed { .. } => Status::Completed,
        Ending::Rejected { .. } => Status::Rejected,
        Ending::Failed { code } => Status::Failed { code },
    };
    run.activity = Activity::Over;
    run.frames.clear();
    run.identity.user = Value::Null;
    run.identity.tokens = Value::Null;
    run.identity.claims = Value::Null;
    run.provided = None;
    run.handle = None;
    run.lease = None;
}
