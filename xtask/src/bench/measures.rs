//! What is measured, beside what, and the goals: no code, only the table's rows. What each number means stands in
//! `docs/benchmarks.md`.

/// A part of the benches that runs by itself.
pub(super) struct Measure {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) rows: &'static [Row],
}

/// A row of the table.
pub(super) struct Row {
    pub(super) what: &'static str,
    pub(super) unit: Unit,
    pub(super) ours: Sample,
    pub(super) beside: Option<(&'static str, Sample)>,
    pub(super) goal: Option<Goal>,
}

/// What the numbers of a row count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Nanoseconds,
    Bytes,
    /// Nothing that has a name.
    Number,
}

/// Something that was measured, and how many parts it consists of.
pub(super) struct Sample {
    pub(super) id: &'static str,
    pub(super) per: f64,
}

/// When a row is good.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    /// Ours takes at most so many, in the unit of the row.
    Within(f64),
    /// Ours takes at most so many times what the other takes.
    AtMost(f64),
    /// The other takes at least so many times what ours takes.
    Faster(f64),
    /// Ours takes what the other takes, up to so much of it more or less.
    Flat(f64),
}

const MICROSECOND: f64 = 1e3;
const MILLISECOND: f64 = 1e6;
const SECOND: f64 = 1e9;

const fn one(id: &'static str) -> Sample {
    Sample { id, per: 1.0 }
}

const fn each(id: &'static str, per: f64) -> Sample {
    Sample { id, per }
}

const fn row(what: &'static str, ours: Sample, beside: Option<(&'static str, Sample)>, goal: Option<Goal>) -> Row {
    Row { what, unit: Unit::Nanoseconds, ours, beside, goal }
}

const fn counted(unit: Unit, row: Row) -> Row {
    Row { unit, ..row }
}

/// All of them, in the order of the table.
pub(super) const MEASURES: &[Measure] = &[
    Measure { name: "expression", about: "a condition and a path on a fresh request", rows: EXPRESSION },
    Measure { name: "compile", about: "the compilation of an expression", rows: COMPILE },
    Measure { name: "machine", about: "the machine alone", rows: MACHINE },
    Measure { name: "dispatch", about: "steps in short and long journeys", rows: DISPATCH },
    Measure { name: "journey", about: "whole journeys with everything", rows: JOURNEY },
    Measure { name: "commits", about: "durable commits of one and of many writers", rows: COMMITS },
    Measure { name: "load", about: "the reading and checking of journeys", rows: LOAD },
    Measure { name: "http", about: "journeys over HTTP, the server on one core", rows: HTTP },
    Measure { name: "timing", about: "refusals told apart by their time", rows: TIMING },
    Measure { name: "slow", about: "2,000 slow connections beside honest ones", rows: SLOW },
    Measure { name: "rest", about: "the start, the memory and the size of the program", rows: REST },
];

const EXPRESSION: &[Row] = &[
    row("condition", one("condition/ours"), HAND_CONDITION, Some(Goal::Within(100.0))),
    row("condition", one("condition/ours"), ZEN_CONDITION, Some(Goal::Faster(35.0))),
    row("condition", one("condition/ours"), CEL_CONDITION, Some(Goal::Faster(250.0))),
    row("condition, its values made from JSON", one("condition/ours from JSON"), ZEN_CONDITION, None),
    row("condition, its values made from JSON", one("condition/ours from JSON"), CEL_CONDITION, None),
    row("path", one("path/ours"), Some(("hand-written", one("path/hand-written"))), Some(Goal::Within(30.0))),
    row("path", one("path/ours"), Some(("zen-expression", one("path/zen-expression"))), Some(Goal::Faster(35.0))),
    row("path", one("path/ours"), Some(("cel", one("path/cel"))), Some(Goal::Faster(250.0))),
];
const HAND_CONDITION: Option<(&str, Sample)> = Some(("hand-written", one("condition/hand-written")));
const ZEN_CONDITION: Option<(&str, Sample)> = Some(("zen-expression", one("condition/zen-expression")));
const CEL_CONDITION: Option<(&str, Sample)> = Some(("cel", one("condition/cel")));

const COMPILE: &[Row] = &[
    row(
        "compile the condition",
        one("compile/ours"),
        Some(("zen-expression", one("compile/zen-expression"))),
        Some(Goal::Within(10.0 * MICROSECOND)),
    ),
    row("compile the condition", one("compile/ours"), Some(("cel", one("compile/cel"))), None),
];

const MACHINE: &[Row] = &[
    row(
        "machine alone",
        one("machine/ours"),
        Some(("hand-written `async fn`", one("machine/hand-written"))),
        Some(Goal::AtMost(2.0)),
    ),
    row(
        "machine alone, saved and restored",
        one("machine/ours restored"),
        Some(("hand-written, as JSON", one("machine/hand-written restored"))),
        Some(Goal::AtMost(1.0)),
    ),
];

const DISPATCH: &[Row] = &[
    row("a step of 10", OF_10, None, Some(Goal::Within(60.0))),
    row("a step of 100", each("dispatch/100", 100.0), BESIDE_10, Some(Goal::Flat(0.2))),
    row("a step of 1,000", each("dispatch/1000", 1_000.0), BESIDE_10, Some(Goal::Flat(0.2))),
    row("a step of 10,000", each("dispatch/10000", 10_000.0), BESIDE_10, Some(Goal::Flat(0.2))),
    row("a step of 10,000", each("dispatch/10000", 10_000.0), None, Some(Goal::Within(60.0))),
];
const OF_10: Sample = each("dispatch/10", 10.0);
const BESIDE_10: Option<(&str, Sample)> = Some(("a step of 10", OF_10));

const JOURNEY: &[Row] = &[
    row(
        "whole journey in memory",
        one("journey/ours in memory"),
        Some(("hand-written host", one("journey/hand-written in memory"))),
        Some(Goal::AtMost(1.5)),
    ),
    row(
        "whole journey in a file",
        one("journey/ours in a file"),
        Some(("hand-written host", one("journey/hand-written in a file"))),
        Some(Goal::AtMost(1.5)),
    ),
];

const COMMITS: &[Row] = &[
    row(
        "commit, 64 writers",
        BY_64,
        Some(("redb, one commit each", each("commits/redb by 64", 64.0))),
        Some(Goal::Faster(5.0)),
    ),
    row("commit, 64 writers", BY_64, Some(("append log, grouped", each("commits/log by 64", 64.0))), None),
    row(
        "commit, 1 writer",
        one("commits/ours by 1"),
        Some(("redb, one commit each", one("commits/redb by 1"))),
        Some(Goal::AtMost(1.1)),
    ),
    row("commit, 1 writer", one("commits/ours by 1"), Some(("append log, grouped", one("commits/log by 1"))), None),
];
const BY_64: Sample = each("commits/ours by 64", 64.0);

const LOAD: &[Row] = &[
    row(
        "check 10,000 journeys of 10 steps",
        one("load/many"),
        Some(("our reader of YAML alone", one("load/many, read alone"))),
        Some(Goal::Within(4.0 * SECOND)),
    ),
    row("check 10,000 journeys of 10 steps", one("load/many"), SERDE_MANY, None),
    row("open a host with these journeys", one("load/many, opened"), SERDE_MANY, None),
    row(
        "check a journey of 1,000 steps",
        one("load/one of/1000"),
        Some(("our reader of YAML alone", one("load/one of 1000, read alone"))),
        Some(Goal::Within(50.0 * MILLISECOND)),
    ),
    row(
        "check a journey of 1,000 steps",
        one("load/one of/1000"),
        Some(("serde_yaml alone", one("load/one of 1000, serde_yaml"))),
        None,
    ),
    row("check a step of 1,000", each("load/one of/1000", 1_000.0), CHECK_100, Some(Goal::AtMost(1.2))),
    row("check a step of 4,000", each("load/one of/4000", 4_000.0), CHECK_100, Some(Goal::AtMost(1.2))),
    // No worse than n log n: a step of 100 times as many costs log 10,000 / log 100 as much.
    row("check a step of 10,000", each("load/one of/10000", 10_000.0), CHECK_100, Some(Goal::AtMost(2.0))),
    row("check 4 KiB of brackets", one("load/worst/brackets"), None, WORST),
    row("check 4 KiB of a sum", one("load/worst/sum"), None, WORST),
    row("check 4 KiB of a sum of parameters", one("load/worst/words"), None, WORST),
    row("check 4 KiB of choices", one("load/worst/choices"), None, WORST),
    row("check 4 KiB of fields", one("load/worst/paths"), None, WORST),
    row("check 4 KiB of objects", one("load/worst/objects"), None, WORST),
    row("check 4 KiB of lambdas that call lambdas", one("load/worst/lambdas"), None, WORST),
];
/// For an expression of the worst shape.
const WORST: Option<Goal> = Some(Goal::Within(5.0 * MILLISECOND));
const SERDE_MANY: Option<(&str, Sample)> = Some(("serde_yaml alone", one("load/many, serde_yaml")));
const CHECK_100: Option<(&str, Sample)> = Some(("a step of 100", each("load/one of/100", 100.0)));

const HTTP: &[Row] = &[
    row("whether it lives", one("http/health"), HELLO, Some(Goal::AtMost(1.0 / 0.85))),
    row("request of a journey, in memory", IN_MEMORY, HELLO, Some(Goal::AtMost(2.0))),
    row("request of a journey, in memory", IN_MEMORY, Some(("hand-written on axum", one("http/hand in memory"))), None),
    row(
        "request of a journey, in a file",
        IN_A_FILE,
        Some(("hand-written on axum and redb, grouped", one("http/hand in a file"))),
        Some(Goal::AtMost(1.25)),
    ),
    row("request of a journey, in a file", IN_A_FILE, HELLO, Some(Goal::AtMost(1.0 / 0.26))),
    row(
        "… half of them within",
        one("http/ours in a file, p50"),
        Some(("hand-written on axum and redb, grouped", one("http/hand in a file, p50"))),
        None,
    ),
    row(
        "… 99 of 100 within",
        one("http/ours in a file, p99"),
        Some(("hand-written on axum and redb, grouped", one("http/hand in a file, p99"))),
        Some(Goal::Within(5.0 * MILLISECOND)),
    ),
];
const HELLO: Option<(&str, Sample)> = Some(("bare axum", one("http/hello")));
const IN_MEMORY: Sample = one("http/ours in memory");
const IN_A_FILE: Sample = one("http/ours in a file");

const TIMING: &[Row] = &[
    told_apart("refusals told apart in memory, worst pair", one("timing/memory, area")),
    row(
        "refusals in memory, the slowest median",
        one("timing/memory, slowest"),
        Some(("the quickest", one("timing/memory, quickest"))),
        Some(Goal::AtMost(1.05)),
    ),
    told_apart("refusals told apart in a file, worst pair", one("timing/file, area")),
    row(
        "refusals in a file, the slowest median",
        one("timing/file, slowest"),
        Some(("the quickest", one("timing/file, quickest"))),
        Some(Goal::AtMost(1.05)),
    ),
];

/// The area under the curve of a classifier by time alone: 0.5 is a coin.
const fn told_apart(what: &'static str, area: Sample) -> Row {
    counted(Unit::Number, row(what, area, None, Some(Goal::Within(0.55))))
}

const SLOW: &[Row] = &[
    row(
        "99 of 100 honest requests within",
        one("slow/beside"),
        Some(("the same alone", one("slow/alone"))),
        Some(Goal::AtMost(2.0)),
    ),
    row("the last slow connection is cut late by", one("slow/late"), None, Some(Goal::Within(2.0 * SECOND))),
];

const REST: &[Row] = &[
    row(
        "start to the first answer, 10 journeys",
        one("rest/ours, first answer"),
        Some(("bare axum", one("rest/floor, first answer"))),
        Some(Goal::AtMost(2.0)),
    ),
    row(
        "start to the first answer, 10 journeys",
        one("rest/ours, first answer"),
        None,
        Some(Goal::Within(50.0 * MILLISECOND)),
    ),
    counted(
        Unit::Bytes,
        row(
            "memory at rest",
            one("rest/ours, memory"),
            Some(("bare axum", one("rest/floor, memory"))),
            Some(Goal::Within(15e6)),
        ),
    ),
    counted(Unit::Bytes, row("the program's size", one("rest/ours, size"), None, Some(Goal::Within(12e6)))),
];
