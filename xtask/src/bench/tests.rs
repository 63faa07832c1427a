//! What is read out of estimates, when a goal is met, and how the table looks.

use std::collections::HashSet;

use super::measures::{Goal, MEASURES, Row, Sample, Unit};
use super::table::{as_json, drawn, is_met, worded};
use super::{Measured, median};

const ROW: Row = Row {
    what: "condition",
    unit: Unit::Nanoseconds,
    ours: Sample { id: "condition/ours", per: 1.0 },
    beside: Some(("cel", Sample { id: "condition/cel", per: 1.0 })),
    goal: Some(Goal::Faster(250.0)),
};

fn measured(ours: f64, beside: f64) -> Measured {
    Measured { row: &ROW, ours, beside: Some(beside) }
}

#[test]
fn the_median_is_read() {
    let estimates = r#"{"mean":{"point_estimate":2.0},"median":{"confidence_interval":{},"point_estimate":1.5}}"#;
    assert_eq!(median(estimates), Some(1.5));
    assert_eq!(median("{}"), None);
}

#[test]
fn a_goal_is_met_up_to_its_bound_and_not_beyond() {
    for (goal, ours, beside, met) in [
        (Goal::Within(100.0), 100.0, 1.0, true),
        (Goal::Within(100.0), 101.0, 1.0, false),
        (Goal::AtMost(2.0), 20.0, 10.0, true),
        (Goal::AtMost(2.0), 21.0, 10.0, false),
        (Goal::Faster(5.0), 10.0, 50.0, true),
        (Goal::Faster(5.0), 10.0, 49.0, false),
        (Goal::Flat(0.2), 12.0, 10.0, true),
        (Goal::Flat(0.2), 13.0, 10.0, false),
        (Goal::Flat(0.2), 7.0, 10.0, false),
    ] {
        assert_eq!(is_met(goal, &measured(ours, beside)), met, "{ours} beside {beside}");
    }
    assert!(!is_met(Goal::AtMost(2.0), &Measured { row: &ROW, ours: 1.0, beside: None }));
}

#[test]
fn the_table_is_drawn() {
    let table = drawn(&[measured(80.25, 24_000.0), measured(80.25, 16_000.0)]);
    assert_eq!(
        table,
        "\
| measure   | ours    | beside | takes | ratio        | goal           |        |
|-----------|---------|--------|-------|--------------|----------------|--------|
| condition | 80.2 ns | cel    | 24 µs | 299 × faster | ≥ 250 × faster | met    |
| condition | 80.2 ns | cel    | 16 µs | 199 × faster | ≥ 250 × faster | MISSED |"
    );
    assert_eq!(as_json(&[measured(1.0, 250.0)]).pointer("/0/met"), Some(&true.into()));
}

#[test]
fn numbers_have_three_digits_and_a_unit() {
    let told = [0.5, 1.0, 99.94, 1_234.0, 56_700_000.0, 4e9].map(|number| worded(number, Unit::Nanoseconds));
    assert_eq!(told, ["0.5 ns", "1 ns", "99.9 ns", "1.23 µs", "56.7 ms", "4 s"]);
    assert_eq!([12.0, 9_876_543.0].map(|number| worded(number, Unit::Bytes)), ["12 B", "9.88 MB"]);
    assert_eq!(worded(0.51, Unit::Number), "0.51");
}

#[test]
fn no_row_stands_twice() {
    let mut seen = HashSet::new();
    for row in MEASURES.iter().flat_map(|measure| measure.rows) {
        assert!(seen.insert((row.what, row.beside.as_ref().map(|(name, _)| name))), "{}", row.what);
    }
}
