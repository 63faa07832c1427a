//! Chains of steps come in, from short to long; what it takes to run each from end to end goes out.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use jiff::Timestamp;
use uuid::Uuid;
use wayfarer::engine::machine::{Applied, Inputs, Next, apply, next};
use wayfarer::engine::run::Run;
use wayfarer::engine::{Bundle, Limits};
use wayfarer::lang::expr::NoKeys;
use wayfarer::lang::{Catalog, check_within, yaml::Budget};

/// The lengths of the chains.
const LENGTHS: [usize; 4] = [10, 100, 1_000, 10_000];

pub(crate) fn measure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("dispatch");
    for length in LENGTHS {
        let bundle = chain(length);
        let limits = Limits { executions: u32::MAX, ..Limits::default() };
        let inputs = Inputs { now: Timestamp::UNIX_EPOCH, limits: &limits, seed: None, keys: &NoKeys };
        assert_eq!(run_to_end(&bundle, begin(&bundle), &inputs), length);
        group.throughput(Throughput::Elements(length as u64));
        group.bench_function(BenchmarkId::from_parameter(length), |b| {
            b.iter_batched(
                || begin(&bundle),
                |run| run_to_end(black_box(&bundle), run, &inputs),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// Steps with next to no work of their own, each leading to the next.
fn chain(length: usize) -> Bundle {
    let mut text = String::from("journey: chain\nsteps:\n");
    for number in 1..length {
        let next = number + 1;
        writeln!(text, "  s{number}: {{ type: is_user_authenticated, branches: {{ then: s{next}, else: s{next} }} }}")
            .unwrap();
    }
    writeln!(text, "  s{length}: {{ type: complete_journey }}").unwrap();
    let budget = Budget { nodes: usize::MAX, ..Budget::default() };
    let checked = check_within("chain.yaml", text.as_bytes(), &Catalog::forms(), &budget);
    Bundle::new(checked.program.expect("the chain has no mistake"))
}

fn begin(bundle: &Bundle) -> Run {
    Run::begin(Uuid::nil(), bundle, Vec::new(), Timestamp::UNIX_EPOCH, Timestamp::MAX).unwrap()
}

/// Gives the number of steps that were entered.
fn run_to_end(bundle: &Bundle, mut run: Run, inputs: &Inputs<'_>) -> usize {
    let mut entered = 0;
    loop {
        match next(bundle, &run, inputs) {
            Next::Jump(applied) => apply(bundle, &mut run, applied, inputs),
            Next::Finish(ending) => apply(bundle, &mut run, Applied::Ended(ending), inputs),
            Next::Over => return entered,
            Next::Call(_) | Next::Wait { .. } => panic!("a form neither waits nor is called"),
        }
        entered = run.path.len();
    }
}
