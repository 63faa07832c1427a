//! Texts of journeys come in, many short ones and single long ones; what reading and checking them takes goes out.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use tokio::runtime::Builder;
use wayfarer::Wayfarer;
use wayfarer::engine::{Bundle, Registry};
use wayfarer::lang::yaml::{self, Budget};
use wayfarer::lang::{Catalog, check_all, check_within};

/// The steps of single journeys. The longest has more bytes than a file may have: its limits are raised.
const LENGTHS: [usize; 5] = [10, 100, 1_000, 4_000, 10_000];
/// How many journeys are loaded at once, and the steps of each.
const MANY: usize = 10_000;
const SHORT: usize = 10;

pub(crate) fn measure(criterion: &mut Criterion) {
    let registry = wayfarer::steps::all().into_iter().fold(Registry::new(), |mut registry, step| {
        registry.insert(step).unwrap();
        registry
    });
    let catalog = registry.catalog();

    let mut group = criterion.benchmark_group("load");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for length in LENGTHS {
        let text = journey("long", length);
        group.throughput(Throughput::Elements(length as u64));
        group.bench_function(BenchmarkId::new("one of", length), |b| b.iter(|| load(black_box(&text), catalog)));
    }
    for (name, expression) in worst() {
        let text = conditional(&expression);
        group.throughput(Throughput::Elements(1));
        group.bench_function(BenchmarkId::new("worst", name), |b| {
            b.iter(|| check_within("worst.yaml", black_box(text.as_bytes()), catalog, &budget()));
        });
    }
    let text = journey("long", 1_000);
    group.throughput(Throughput::Elements(1_000));
    group.bench_function("one of 1000, read alone", |b| b.iter(|| read(black_box(&text))));
    group.bench_function("one of 1000, serde_yaml", |b| b.iter(|| parse(black_box(&text))));

    let texts: Vec<String> = (0..MANY).map(|number| journey(&format!("journey_{number}"), SHORT)).collect();
    group.throughput(Throughput::Elements(MANY as u64));
    group.bench_function("many", |b| {
        // All of them are kept, as an engine keeps them.
        b.iter(|| load_all(black_box(&texts), catalog));
    });
    group.bench_function("many, read alone", |b| b.iter(|| texts.iter().map(|text| read(text)).collect::<Vec<_>>()));
    group.bench_function("many, serde_yaml", |b| b.iter(|| texts.iter().map(|text| parse(text)).collect::<Vec<_>>()));
    let runtime = Builder::new_current_thread().build().unwrap();
    group.bench_function("many, opened", |b| {
        b.iter(|| {
            let builder =
                texts.iter().fold(Wayfarer::in_memory(), |builder, text| builder.journey("journey.yaml", text));
            runtime.block_on(builder.open()).unwrap()
        });
    });
    group.finish();
}

fn load(text: &str, catalog: &Catalog) -> Bundle {
    let checked = check_within("journey.yaml", text.as_bytes(), catalog, &budget());
    Bundle::new(checked.program.expect("the journey has no mistake"))
}

fn load_all(texts: &[String], catalog: &Catalog) -> Vec<Bundle> {
    let checked = check_all(texts.iter().map(|text| ("journey.yaml", text)), catalog);
    checked.into_iter().map(|file| Bundle::new(file.program.expect("the journey has no mistake"))).collect()
}

fn read(text: &str) -> yaml::Document {
    yaml::read(text.as_bytes(), &budget()).0.expect("the text is YAML")
}

fn parse(text: &str) -> serde_yaml::Value {
    serde_yaml::from_str(text).unwrap()
}

/// As it is for everybody, but for the longest journey.
fn budget() -> Budget {
    Budget { bytes: usize::MAX, nodes: usize::MAX, ..Budget::default() }
}

/// Expressions of nearly 4 KiB, or as long as their other limits let them be, of the shapes that cost the most for their
/// length: to parse, or to find the types of.
fn worst() -> [(&'static str, String); 7] {
    let param = "@policy.request().params.risk_score";
    let repeated = |part: &str, count: usize| part.repeat(count);
    [
        ("brackets", format!("{}1{}", repeated("(", 30), repeated(")", 30))),
        ("sum", format!("1{}", repeated(" + 1", 490))),
        ("words", format!("1{}", repeated(&format!(" + {param}"), 105))),
        ("choices", format!("{}false", repeated("v == 1 || ", 240)).replace("v ", "risk ")),
        ("paths", format!("let a = {param} return a{}", repeated("?.b", 480))),
        ("objects", format!("[{}0]", repeated("{a: 1, b: [2]}, ", 120))),
        ("lambdas", {
            let binding = |number: usize| format!("f{number} = (x) => @(f{})(@(f{})(x))", number - 1, number - 1);
            let bindings: Vec<_> = (1..25).map(binding).collect();
            format!("let f0 = (x) => x, {} return @(f24)(1)", bindings.join(", "))
        }),
    ]
}

/// A journey that decides by an expression.
fn conditional(expression: &str) -> String {
    let condition = "    type: condition\n    with:\n      if: >-\n        ";
    let ends = "    branches: { then: a, else: b }\n  a: { type: complete_journey }\n  b: { type: reject_access, with: { reason: no } }\n";
    format!(
        "journey: worst\nparams:\n  risk_score: integer\nvars:\n  risk: integer\nsteps:\n  only:\n{condition}{expression}\n{ends}"
    )
}

/// A journey of so many steps: conditions, variables, a match, a view, with an expression or two in each.
fn journey(id: &str, steps: usize) -> String {
    let mut text = format!(
        "journey: {id}\nparams:\n  risk_score: integer\n  country: string\n  channel: string\n  support_case: string\nsteps:\n"
    );
    for number in 1..steps {
        write!(text, "  s{number}:\n{}", step(number)).unwrap();
    }
    writeln!(text, "  s{steps}:\n    type: complete_journey").unwrap();
    text
}

fn step(number: usize) -> String {
    let next = number + 1;
    match number % 5 {
        0 => format!(
            "    type: match_case\n    with:\n      on: \"@policy.request().params.channel\"\n      cases: {{ web: web, phone: phone }}\n    branches: {{ web: s{next}, phone: s{next}, otherwise: s{next} }}\n"
        ),
        1 => format!(
            "    type: condition\n    with:\n      if: \"@policy.request().params.risk_score > {number} && @std.contains(['US', 'CA'], @policy.request().params.country)\"\n    branches: {{ then: s{next}, else: s{next} }}\n"
        ),
        2 => format!(
            "    type: set_temporary_variables\n    with:\n      variables:\n        doubled: \"@policy.request().params.risk_score * 2 + {number}\"\n        note: \"case ${{@policy.request().params.support_case}} from ${{@policy.request().params.country}}\"\n    next: s{next}\n"
        ),
        3 => format!("    type: is_user_authenticated\n    branches: {{ then: s{next}, else: s{next} }}\n"),
        _ => format!(
            "    type: display_information\n    with:\n      title: Step {number}\n      text: \"Your case is ${{@policy.request().params.support_case}}.\"\n      button_text: Go on\n    next: s{next}\n"
        ),
    }
}
