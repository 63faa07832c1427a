//! Rows with their numbers come in; a table goes out that reads as text and as Markdown, or the same for machines.

use serde_json::{Value, json};

use super::measures::Unit;
use super::{Goal, Measured};

const HEAD: [&str; 7] = ["measure", "ours", "beside", "takes", "ratio", "goal", ""];

/// The table.
pub(super) fn drawn(measured: &[Measured]) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    lines.extend(measured.iter().map(cells));
    let mut widths = [0; HEAD.len()];
    for line in &lines {
        widths.iter_mut().zip(line).for_each(|(wide, cell)| *wide = width(cell).max(*wide));
    }
    let rule = widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>();
    let mut drawn = Vec::with_capacity(lines.len() + 1);
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide - width(cell))));
        drawn.push(format!("| {} |", cells.collect::<Vec<_>>().join(" | ")));
    }
    drawn.insert(1, format!("|-{}-|", rule.join("-|-")));
    drawn.join("\n")
}

/// The rows with their numbers, in nanoseconds or bytes.
pub(super) fn as_json(measured: &[Measured]) -> Value {
    let row = |measured: &Measured| {
        json!({
            "measure": measured.row.what,
            "unit": match measured.row.unit {
                Unit::Nanoseconds => "ns",
                Unit::Bytes => "bytes",
                Unit::Number => "1",
            },
            "ours": measured.ours,
            "beside": measured.row.beside.as_ref().map(|(name, _)| name),
            "takes": measured.beside,
            "goal": measured.row.goal.map(|goal| told(goal, measured.row.unit)),
            "met": measured.row.goal.map(|goal| is_met(goal, measured)),
        })
    };
    measured.iter().map(row).collect()
}

fn cells(measured: &Measured) -> [String; 7] {
    let beside = measured.row.beside.as_ref().map(|(name, _)| (*name).to_owned());
    let unit = measured.row.unit;
    let takes = measured.beside.map(|number| worded(number, unit));
    let verdict = measured.row.goal.map(|goal| if is_met(goal, measured) { "met" } else { "MISSED" });
    [
        measured.row.what.to_owned(),
        worded(measured.ours, unit),
        beside.unwrap_or_default(),
        takes.unwrap_or_default(),
        measured.beside.map(|beside| ratio(measured.row.goal, measured.ours, beside)).unwrap_or_default(),
        measured.row.goal.map(|goal| told(goal, unit)).unwrap_or_default(),
        verdict.unwrap_or_default().to_owned(),
    ]
}

/// Whether the row is good. A goal that needs something beside it is not met by nothing.
pub(super) fn is_met(goal: Goal, measured: &Measured) -> bool {
    let ours = measured.ours;
    match (goal, measured.beside) {
        (Goal::Within(most), _) => ours <= most,
        (Goal::AtMost(times), Some(beside)) => ours <= times * beside,
        (Goal::Faster(times), Some(beside)) => times * ours <= beside,
        (Goal::Flat(part), Some(beside)) => (ours - beside).abs() <= part * beside,
        (_, None) => false,
    }
}

fn told(goal: Goal, unit: Unit) -> String {
    match goal {
        Goal::Within(most) => format!("≤ {}", worded(most, unit)),
        Goal::AtMost(times) => format!("≤ {} ×", digits(times)),
        Goal::Faster(times) => format!("≥ {times} × faster"),
        Goal::Flat(part) => format!("± {} %", part * 100.0),
    }
}

/// Ours as a multiple of the other's, or turned round where we are the faster ones.
fn ratio(goal: Option<Goal>, ours: f64, beside: f64) -> String {
    let multiple = matches!(goal, Some(Goal::AtMost(_) | Goal::Flat(_)));
    if multiple || ours > beside {
        format!("{} ×", digits(ours / beside))
    } else {
        format!("{} × faster", digits(beside / ours))
    }
}

/// A number with its unit, as large as suits it.
pub(super) fn worded(number: f64, unit: Unit) -> String {
    let (units, least): (&[_], _) = match unit {
        Unit::Nanoseconds => (&[(1e9, " s"), (1e6, " ms"), (1e3, " µs")], " ns"),
        Unit::Bytes => (&[(1e6, " MB"), (1e3, " kB")], " B"),
        Unit::Number => (&[], ""),
    };
    let (size, unit) = units.iter().copied().find(|(size, _)| number >= *size).unwrap_or((1.0, least));
    format!("{}{unit}", digits(number / size))
}

/// Three digits that mean something, or as many as stand before the point.
fn digits(number: f64) -> String {
    let places = match number {
        number if number >= 100.0 => 0,
        number if number >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{number:.places$}");
    if places == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}
