//! The text of an expression comes in; what it takes to make of it a form that can be evaluated goes out.

use std::hint::black_box;

use criterion::Criterion;

use crate::expression::Held;
use crate::request::{CONDITION, CONDITION_OF_PEERS, CONDITION_OF_ZEN};

pub(crate) fn measure(criterion: &mut Criterion) {
    let held = Held::of_request();
    let mut group = criterion.benchmark_group("compile");
    group.bench_function("ours", |b| b.iter(|| held.compile(black_box(CONDITION))));
    group.bench_function("zen-expression", |b| {
        b.iter(|| zen_expression::compile_expression(black_box(CONDITION_OF_ZEN)).unwrap());
    });
    group.bench_function("cel", |b| b.iter(|| cel::Program::compile(black_box(CONDITION_OF_PEERS)).unwrap()));
    group.finish();
}
