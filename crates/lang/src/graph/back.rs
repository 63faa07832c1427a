//! Arrows come in; those that lead back go out: what is left has no rounds.

use super::model::Arrow;

/// Marks the arrows that lead back to a step that is on the way to them, or to the step that they leave.
///
/// A depth-first search on a stack of its own: the longest journey is deeper than any thread's stack.
pub(super) fn mark(arrows: &mut [Arrow], nodes: usize, start: usize) {
    let mut leaving = vec![Vec::new(); nodes];
    for (place, arrow) in arrows.iter().enumerate() {
        if let (Some(list), Some(to)) = (leaving.get_mut(arrow.from), arrow.to) {
            list.push((place, to));
        }
    }
    let (mut seen, mut on_way) = (vec![false; nodes], vec![false; nodes]);
    for root in std::iter::once(start).chain(0..nodes) {
        let mut way = Vec::new();
        enter(root, &mut way, &mut seen, &mut on_way);
        while let Some((step, next)) = way.last_mut() {
            let (step, next_arrow) = (*step, leaving.get(*step).and_then(|list| list.get(*next)).copied());
            *next += 1;
            let Some((place, to)) = next_arrow else {
                way.pop();
                set(&mut on_way, step, false);
                continue;
            };
            if on_way.get(to).copied().unwrap_or_default() {
                if let Some(arrow) = arrows.get_mut(place) {
                    arrow.is_back = true;
                }
            } else {
                enter(to, &mut way, &mut seen, &mut on_way);
            }
        }
    }
}

/// Goes to a step that was not seen before.
fn enter(step: usize, way: &mut Vec<(usize, usize)>, seen: &mut [bool], on_way: &mut [bool]) {
    if seen.get(step).copied() == Some(false) {
        set(seen, step, true);
        set(on_way, step, true);
        way.push((step, 0));
    }
}

fn set(list: &mut [bool], place: usize, value: bool) {
    if let Some(slot) = list.get_mut(place) {
        *slot = value;
    }
}
