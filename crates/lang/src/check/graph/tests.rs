#![expect(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use super::*;

fn graph(edges: &[&[usize]]) -> Graph {
    let edge = |(number, to): (usize, &usize)| Edge {
        to: *to,
        span: Span::at(u32::try_from(number).unwrap_or(0)),
        again: false,
    };
    Graph { edges: edges.iter().map(|list| list.iter().enumerate().map(edge).collect()).collect(), start: 0 }
}

#[test]
fn reachable_steps_are_those_that_a_way_leads_to() {
    let graph = graph(&[&[1, 2], &[3], &[3], &[], &[3], &[5]]);
    assert_eq!(graph.reachable(), [true, true, true, true, false, false]);
    assert_eq!(graph.leading_to([3].into_iter()), [true, true, true, true, true, false]);
}

#[test]
fn each_closing_link_gives_a_round() {
    let diamond = graph(&[&[1, 2], &[3], &[3], &[]]);
    assert_eq!(diamond.rounds(&[true; 4]), []);

    let rounds = graph(&[&[1], &[2, 1], &[0]]).rounds(&[true; 3]);
    let steps: Vec<_> = rounds.iter().map(|round| round.steps.as_slice()).collect();
    assert_eq!(steps, [&[0, 1, 2][..], &[1]]);
    assert_eq!(rounds[1].closing, Span::at(1));
}

#[test]
fn a_round_through_a_step_that_is_left_out_is_none() {
    let graph = graph(&[&[1], &[2], &[0]]);
    assert_eq!(graph.rounds(&[true, false, true]), []);
    assert_eq!(graph.rounds(&[true; 3]).len(), 1);
}

#[test]
fn the_way_avoids_what_is_blocked() {
    let graph = graph(&[&[1, 2], &[4], &[3], &[4], &[]]);
    assert_eq!(graph.way(4, |_| false), Some(vec![0, 1, 4]));
    assert_eq!(graph.way(4, |step| step == 1), Some(vec![0, 2, 3, 4]));
    assert_eq!(graph.way(4, |step| step == 1 || step == 3), None);
    assert_eq!(graph.way(0, |_| true), Some(vec![0]));
}

#[test]
fn a_very_long_journey_needs_no_deep_stack() {
    let count = 50_000;
    let mut chain: Vec<Vec<Edge>> =
        (1..count).map(|to| vec![Edge { to, span: Span::default(), again: false }]).collect();
    chain.push(vec![Edge { to: 0, span: Span::default(), again: false }]);
    let graph = Graph { edges: chain, start: 0 };
    assert_eq!(graph.rounds(&vec![true; count]).len(), 1);
    assert!(graph.reachable().into_iter().all(|reached| reached));
    assert_eq!(graph.way(count - 1, |_| false).map(|way| way.len()), Some(count));
}
