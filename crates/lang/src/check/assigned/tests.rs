use super::*;
use crate::check::graph::Edge;

/// Steps as `(uses, targets)`; a use is `"r0"` or `"s12"`.
fn run(steps: &[(&str, &[usize])], initial: &[bool]) -> Vec<(usize, u16)> {
    let edges =
        steps.iter().map(|(_, to)| to.iter().map(|to| Edge { to: *to, span: Span::default(), again: false }).collect());
    let graph = Graph { edges: edges.collect(), start: 0 };
    let one = |word: &str| {
        let slot = word.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or_default();
        PlacedUse { what: if word.starts_with('r') { Use::Read(slot) } else { Use::Set(slot) }, span: Span::default() }
    };
    let uses: Vec<Vec<_>> = steps.iter().map(|(uses, _)| uses.split_whitespace().map(one).collect()).collect();
    unset_reads(&graph, &uses, initial).into_iter().map(|read| (read.step, read.slot)).collect()
}

#[test]
fn a_variable_must_be_set_on_every_way() {
    assert_eq!(run(&[("s0", &[1]), ("r0", &[])], &[false]), []);
    // Set on one of two ways that meet again.
    assert_eq!(run(&[("", &[1, 2]), ("s0", &[2]), ("r0", &[])], &[false]), [(2, 0)]);
    assert_eq!(run(&[("", &[1, 2]), ("s0", &[3]), ("s0", &[3]), ("r0", &[])], &[false]), []);
}

#[test]
fn the_order_within_a_step_counts() {
    assert_eq!(run(&[("r0 s0", &[])], &[false]), [(0, 0)]);
    assert_eq!(run(&[("s0 r0", &[])], &[false]), []);
    assert_eq!(run(&[("r0 r0", &[])], &[false]), [(0, 0)], "one finding for a step and variable");
}

#[test]
fn a_cycle_is_entered_unset() {
    // The cycle's own set does not help its first turn.
    assert_eq!(run(&[("", &[1]), ("r0 s0", &[1, 2]), ("", &[])], &[false]), [(1, 0)]);
    assert_eq!(run(&[("s0", &[1]), ("r0", &[2]), ("s0", &[1])], &[false]), []);
}

#[test]
fn a_read_is_reported_once_on_a_way() {
    assert_eq!(run(&[("r0", &[1]), ("r0", &[])], &[false]), [(0, 0)]);
}

#[test]
fn a_default_counts_as_set_and_unreachable_steps_do_not_count() {
    assert_eq!(run(&[("r0 r1", &[])], &[true, false]), [(0, 1)]);
    assert_eq!(run(&[("", &[]), ("r0", &[])], &[false]), []);
}

#[test]
fn more_than_64_variables_are_told_apart() {
    let steps: &[(&str, &[usize])] = &[("s0 s63 s130", &[1]), ("r0 r63 r64 r130 r131", &[])];
    assert_eq!(run(steps, &[false; 132]), [(1, 64), (1, 131)]);
}
