//! Random journeys, played by the product and by a naive interpreter that was written from the pages of the language: both tell
//! the same story, with the same path, the same variables and the same end, and each run stays within its bounds.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod answers;
mod data;
mod desk;
mod dice;
mod engine;
mod evaluate;
mod expression;
mod generate;
mod interpreter;
mod machine;
mod model;
mod schema;
mod script;
mod steps;
mod story;
mod write;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

use wayfarer::engine::Bundle;
use wayfarer::lang::program::Work;

use crate::dice::{Dice, Tape, shrunk};
use crate::engine::Whole;
use crate::generate::{Case, Size, case};
use crate::interpreter::tell;
use crate::machine::Machine;
use crate::story::{End, Story};

/// Cases for the machine alone, which is fast.
const CASES: u64 = 100_000;

/// Cases for the whole engine, which takes each to its store.
const WHOLE_CASES: u64 = 2_000;

/// Cases in which nobody is let in without a proof.
const PROVEN_CASES: u64 = 25_000;

/// Codes with which some runs fail, however few the cases are.
const COMMON: [&str; 6] = ["aborted", "cancelled", "expired", "not-a-number", "timeout", "too_many_steps"];

/// Codes with which some of many runs fail.
const RARE: [&str; 8] = [
    "bad-argument",
    "invalid_parameters",
    "overflow",
    "shaken",
    "too_deep",
    "too_many_visits",
    "null-access",
    "wrong_type",
];

/// What an evaluation fails with, if a value in it is of another type than it needs. An index that is no place is not among
/// them: -1 is a number, too.
const OF_TYPES: [&str; 8] = [
    "bad-argument",
    "lambda-use",
    "no-fields",
    "not-a-lambda",
    "not-a-number",
    "null-access",
    "unset-variable",
    "wrong_type",
];

/// What came of the cases, and how often.
type Tally = BTreeMap<String, usize>;

/// What came of one: a word for how the run ended, or what is wrong.
type Outcome = Result<String, String>;

/// Most cases are small, so that there can be many; every fifth is as large as journeys may be here.
fn size(seed: u64) -> Size {
    if seed.is_multiple_of(5) { Size { steps: 40, acts: 40 } } else { Size { steps: 9, acts: 14 } }
}

/// Lets a player tell the story of a case that checks, and holds it against the interpreter's.
fn compare(machine: &Machine, case: &Case, play: impl FnOnce(&Bundle) -> Story, seen: fn(Story) -> Story) -> Outcome {
    let (bundle, vouched) = match machine.check(case) {
        Ok(checked) => checked,
        Err(word) => return Ok(word.to_owned()),
    };
    let Ok((told, faults)) = tell(&case.library, &case.arguments, &case.script) else {
        return Ok("outgrown".to_owned());
    };
    if let Some(fault) = faults.iter().find(|fault| vouched && OF_TYPES.contains(&fault.as_str())) {
        return Err(format!("the checker vouches for the types, and an evaluation fails with `{fault}`"));
    }
    let (told, played) = (seen(told), play(&bundle));
    let vouched = if vouched { "vouched " } else { "" };
    if told == played { Ok(format!("{vouched}{}", word(&told))) } else { Err(difference(&told, &played)) }
}

fn word(story: &Story) -> String {
    match &story.end {
        End::Completed(_) => "completed".to_owned(),
        End::Rejected(_) => "rejected".to_owned(),
        End::Failed(code) => format!("failed {code}"),
    }
}

fn difference(told: &Story, played: &Story) -> String {
    let (mut told, mut played) = (lines(told), lines(played));
    let same = told.iter().zip(&played).take_while(|(told, played)| told == played).count();
    let (told, played) = (told.split_off(same).join("\n"), played.split_off(same).join("\n"));
    format!("the interpreter tells\n{told}\nand the product\n{played}")
}

fn lines(story: &Story) -> Vec<String> {
    let rests = story.rests.iter().map(|rest| format!("{rest:?}"));
    let ends = [format!("{:?}", story.end), format!("{:?}", story.inside), format!("provided {:?}", story.provided)];
    [format!("path {}", story.path.join(" "))].into_iter().chain(rests).chain(ends).collect()
}

/// The smallest case like that of the seed that still goes wrong. A panic is one more thing that may.
fn explain(seed: u64, run: impl Fn(&Case) -> Outcome) -> String {
    let wrong = |case: &Case| {
        catch_unwind(AssertUnwindSafe(|| run(case).err())).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            Some(text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default())
        })
    };
    let replayed = |tape: &Tape| case(&mut Dice::replaying(tape), size(seed));
    let mut dice = Dice::seeded(seed);
    case(&mut dice, size(seed));
    let tape = shrunk(dice.into_tape(), |tape| wrong(&replayed(tape)).is_some());
    let case = replayed(&tape);
    let files: String = case.library.journeys.iter().map(write::file).collect();
    let Case { arguments, script, reloads, .. } = &case;
    let wrong = wrong(&case).unwrap_or_else(|| "it went wrong once, and not again".to_owned());
    format!("seed {seed}\n{files}\narguments {arguments:?}\nreloads {reloads}\nscript {script:?}\n{wrong}")
}

/// Plays the cases of all seeds on all cores. Each worker makes a player of its own.
fn play_all<R: Fn(&Case) -> Outcome>(cases: u64, worker: impl Fn() -> R + Sync) -> Tally {
    let (next, tally, found) = (AtomicU64::new(0), Mutex::new(Tally::new()), OnceLock::new());
    let workers = std::thread::available_parallelism().unwrap().get();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let run = worker();
                let mut own = Tally::new();
                while found.get().is_none() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= cases {
                        break;
                    }
                    let case = case(&mut Dice::seeded(seed), size(seed));
                    match catch_unwind(AssertUnwindSafe(|| run(&case))) {
                        Ok(Ok(word)) => *own.entry(word).or_default() += 1,
                        _ => drop(found.set(seed)),
                    }
                }
                let mut all = tally.lock().unwrap();
                own.into_iter().for_each(|(word, count)| *all.entry(word).or_default() += count);
            });
        }
    });
    if let Some(seed) = found.get() {
        panic!("{}", explain(*seed, worker()));
    }
    tally.into_inner().unwrap()
}

/// The cases are of many sorts, and few of them are none.
fn assert_meaningful(tally: &Tally, cases: u64, codes: &[&str]) {
    let cases = usize::try_from(cases).unwrap();
    let count = |word: &str| {
        let vouched = tally.get(&format!("vouched {word}")).copied().unwrap_or_default();
        tally.get(word).copied().unwrap_or_default() + vouched
    };
    let vouched: usize = tally.iter().filter(|(word, _)| word.starts_with("vouched ")).map(|(_, count)| count).sum();
    assert!(vouched * 10 > cases, "the checker vouches for many: {tally:#?}");
    assert!(count("unchecked") * 20 < cases, "nearly all journeys check: {tally:#?}");
    assert!(count("mistyped") * 5 < cases * 2, "few types are never right, though they are chance: {tally:#?}");
    assert!(count("outgrown") * 100 < cases, "nearly all values stay small: {tally:#?}");
    assert!(
        count("completed") * 5 > cases && count("rejected") * 10 > cases,
        "many runs come to their end: {tally:#?}"
    );
    for code in codes {
        assert!(count(&format!("failed {code}")) > 0, "some runs end by `{code}`: {tally:#?}");
    }
}

#[test]
fn the_machine_and_a_naive_interpreter_tell_the_same_story() {
    let tally = play_all(CASES, || {
        let machine = Machine::new();
        move |case: &Case| compare(&machine, case, |bundle| machine.play(bundle, case), |story| story)
    });
    assert_meaningful(&tally, CASES, &[&COMMON[..], &RARE].concat());
}

#[test]
fn the_whole_engine_and_a_naive_interpreter_tell_the_same_story() {
    let tally = play_all(WHOLE_CASES, || {
        let machine = Machine::new();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let whole = runtime.block_on(Whole::new());
        move |case: &Case| compare(&machine, case, |_| runtime.block_on(whole.play(case)), Story::outside)
    });
    assert_meaningful(&tally, WHOLE_CASES, &COMMON);
}

/// Whether a journey that is played verifies somebody.
fn verifies(bundle: &Bundle) -> bool {
    let programs = (0..).map_while(|place| bundle.program(place));
    let mut steps = programs.flat_map(|program| program.steps());
    steps.any(|step| matches!(&step.work, Work::Call { verifies: Some(_), .. }))
}

/// What the checker proves is so, whatever is played.
#[test]
fn no_run_of_a_journey_that_verifies_completes_for_a_user_who_is_not_proven() {
    let tally = play_all(PROVEN_CASES, || {
        let machine = Machine::new();
        move |case: &Case| {
            let Ok(bundle) = machine.check_proofs(case) else { return Ok("refused".to_owned()) };
            if !verifies(&bundle) {
                return Ok("nothing to prove".to_owned());
            }
            let story = machine.play(&bundle, case);
            let user = story.inside.as_ref().and_then(|inside| inside.user.as_ref());
            match (&story.end, user) {
                (End::Completed(_), None) => Err(format!("nobody is proven: {}", story.path.join(" "))),
                (End::Completed(_), Some(_)) => Ok("proven".to_owned()),
                _ => Ok("not completed".to_owned()),
            }
        }
    });
    let count = |word: &str| tally.get(word).copied().unwrap_or_default();
    assert!(count("proven") > 3 && count("not completed") > 1_000, "{tally:#?}");
}
