//! Random journeys, played by the product and by a naive interpreter that was written from the pages of the language: both tell
//! the same story, with the same path, the same variables and the same end, and each run stays within its bounds.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
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
mod script;
mod story;
mod write;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::dice::{Dice, shrunk};
use crate::generate::{Case, Size, case};
use crate::interpreter::tell;
use crate::machine::Machine;
use crate::story::{End, Story};

const CASES: u64 = 100_000;

/// What came of a case, and how often.
type Tally = BTreeMap<String, usize>;

/// Most cases are small, so that there can be many; every tenth is as large as journeys may be here.
fn size(seed: u64) -> Size {
    if seed.is_multiple_of(10) { Size { steps: 40, acts: 30 } } else { Size { steps: 8, acts: 8 } }
}

fn compare(machine: &Machine, case: &Case) -> Result<String, String> {
    let Ok(bundle) = machine.check(case) else { return Ok("unchecked".to_owned()) };
    let main = &case.library.journeys[0];
    let Ok(told) = tell(main, &case.arguments, &case.script) else { return Ok("outgrown".to_owned()) };
    let played = machine.play(&bundle, case);
    if told == played { Ok(sort(&told)) } else { Err(difference(&told, &played)) }
}

fn sort(story: &Story) -> String {
    match &story.end {
        End::Completed(_) => "completed".to_owned(),
        End::Rejected(_) => "rejected".to_owned(),
        End::Failed(code) => format!("failed {code}"),
    }
}

fn difference(told: &Story, played: &Story) -> String {
    format!("the interpreter tells\n{told:#?}\nthe product tells\n{played:#?}")
}

/// A case with what goes wrong in it; a panic is one more thing that may.
fn run(machine: &Machine, case: &Case) -> Result<String, String> {
    catch_unwind(AssertUnwindSafe(|| compare(machine, case))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default())
    })
}

/// The smallest case like this one that still goes wrong.
fn explain(machine: &Machine, seed: u64) -> String {
    let mut dice = Dice::seeded(seed);
    case(&mut dice, size(seed));
    let tape = shrunk(dice.into_tape(), |tape| run(machine, &case(&mut Dice::replaying(tape), size(seed))).is_err());
    let case = case(&mut Dice::replaying(&tape), size(seed));
    let files: String = case.library.journeys.iter().map(write::file).collect();
    let (arguments, script) = (&case.arguments, &case.script);
    let wrong = run(machine, &case).unwrap_err();
    format!("seed {seed}\n{files}\narguments {arguments:?}\nreloads {}\nscript {script:#?}\n{wrong}", case.reloads)
}

#[test]
fn the_machine_and_a_naive_interpreter_agree() {
    let (next, tally) = (AtomicU64::new(0), Mutex::new(Tally::new()));
    let workers = std::thread::available_parallelism().unwrap().get();
    let cases = std::env::var("CASES").map_or(CASES, |cases| cases.parse().unwrap());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let machine = Machine::new();
                let mut own = Tally::new();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= cases {
                        break;
                    }
                    match run(&machine, &case(&mut Dice::seeded(seed), size(seed))) {
                        Ok(sort) => *own.entry(sort).or_default() += 1,
                        Err(_) => panic!("{}", explain(&machine, seed)),
                    }
                }
                let mut all = tally.lock().unwrap();
                own.into_iter().for_each(|(sort, count)| *all.entry(sort).or_default() += count);
            });
        }
    });
    panic!("{:#?}", tally.into_inner().unwrap());
}
