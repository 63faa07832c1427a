//! A request comes in; what it takes to answer a condition and to read a path on it goes out.
//!
//! A peer converts the request into values of its own and evaluates: that is what a server does for each request if it
//! takes such an engine. Ours reads the values that a run holds anyway; what making them costs is measured too.

use std::hint::black_box;
use std::sync::Arc;

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion};
use serde_json::Value as Json;
use wayfarer::lang::Value;
use wayfarer::lang::expr::{self, Expression, Names, Roots, Scope};
use zen_expression::vm::VM;

use crate::request::{CONDITION, CONDITION_OF_PEERS, CONDITION_OF_ZEN, PATH, PATH_OF_PEERS, context, parameters};

/// The start parameters of a journey, as a run holds them.
pub(crate) struct Held {
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) values: Vec<Value>,
}

impl Held {
    /// What the request brings.
    pub(crate) fn of_request() -> Self {
        let Value::Object(fields) = Value::from(parameters()) else { panic!("the parameters are no object") };
        let (names, values) = fields.iter().map(|(name, value)| (name.clone(), value.clone())).unzip();
        Self { names, values }
    }

    /// Compiles an expression that may read them.
    pub(crate) fn compile(&self, text: &str) -> Expression {
        expr::compile(&expr::parse(text).unwrap(), self).unwrap()
    }

    fn slot(&self, name: &str) -> usize {
        self.names.iter().position(|known| **known == *name).unwrap()
    }
}

impl Names for Held {
    fn variable(&self, _: &str) -> Option<u16> {
        None
    }

    fn parameter(&self, name: &str) -> Option<u16> {
        self.names.iter().position(|known| **known == *name).map(|slot| slot as u16)
    }

    fn variables(&self) -> Vec<&str> {
        Vec::new()
    }

    fn parameters(&self) -> Vec<&str> {
        self.names.iter().map(|name| &**name).collect()
    }
}

pub(crate) fn measure(criterion: &mut Criterion) {
    let held = Held::of_request();
    let roots = Roots::default();
    let json = context();
    let scope = Scope { parameters: &held.values, parameter_names: &held.names, variables: &[], roots };

    let mut group = criterion.benchmark_group("condition");
    let condition = held.compile(CONDITION);
    assert!(condition.truth(&scope).unwrap());
    group.bench_function("ours", |b| b.iter(|| black_box(&condition).truth(black_box(&scope)).unwrap()));
    group.bench_function("ours from JSON", |b| {
        b.iter_batched(
            parameters,
            |json| {
                let Value::Object(fields) = Value::from(json) else { panic!("the parameters are no object") };
                let values: Vec<Value> = held.names.iter().map(|name| fields[name].clone()).collect();
                condition.truth(&Scope { parameters: &values, ..scope }).unwrap()
            },
            BatchSize::SmallInput,
        );
    });
    let (risk, country) = (held.slot("risk_score"), held.slot("country"));
    group.bench_function("hand-written", |b| b.iter(|| by_hand(black_box(&held.values), risk, country)));
    let zen = zen_expression::compile_expression(CONDITION_OF_ZEN).unwrap();
    group.bench_function("zen-expression", |b| {
        let mut vm = VM::new();
        b.iter(|| zen.evaluate_with(black_box(&json).into(), &mut vm).unwrap().as_bool().unwrap());
    });
    bench_cel(&mut group, CONDITION_OF_PEERS, &true.into());
    group.finish();

    let mut group = criterion.benchmark_group("path");
    let path = held.compile(PATH);
    assert_eq!(path.read(&scope).unwrap().as_text(), parameters()["external_user_id"].as_str());
    group.bench_function("ours", |b| {
        b.iter(|| black_box(&path).read(black_box(&scope)).unwrap().as_text().map(str::len));
    });
    let user = held.slot("external_user_id");
    group.bench_function("hand-written", |b| {
        b.iter(|| black_box(&held.values)[black_box(user)].as_text().map(str::len));
    });
    let zen = zen_expression::compile_expression(PATH_OF_PEERS).unwrap();
    group.bench_function("zen-expression", |b| {
        let mut vm = VM::new();
        b.iter(|| zen.evaluate_with(black_box(&json).into(), &mut vm).unwrap());
    });
    let user = parameters()["external_user_id"].as_str().unwrap().to_owned();
    bench_cel(&mut group, PATH_OF_PEERS, &user.into());
    group.finish();
}

/// What somebody would write who knows where the two values lie.
fn by_hand(values: &[Value], risk: usize, country: usize) -> bool {
    values[risk].as_int().is_some_and(|score| score > 70) && matches!(values[country].as_text(), Some("US" | "CA"))
}

/// The functions of the language are registered once; each request gets a scope below them.
fn bench_cel(group: &mut BenchmarkGroup<'_, WallTime>, text: &str, expected: &cel::Value) {
    let program = cel::Program::compile(text).unwrap();
    let root = cel::Context::default();
    let json = context();
    let evaluate = |json: &serde_json::Map<String, Json>| {
        let mut scope = root.new_inner_scope();
        for (name, value) in json {
            scope.add_variable(name, value).unwrap();
        }
        program.execute(&scope).unwrap()
    };
    let fields = json.as_object().unwrap();
    assert_eq!(evaluate(fields), *expected);
    group.bench_function("cel", |b| b.iter(|| evaluate(black_box(fields))));
}
