//! An unknown name and the known ones come in; the one that was probably meant comes out.

/// Names longer than this are never compared, and of the known ones only so many, with at most so many edits: a file
/// can hold thousands of unknown names and thousands of known ones, and every pair costs time.
const LONGEST: usize = 64;
const MOST_COMPARED: usize = 500;
const MOST_EDITS: usize = 3;

/// The candidate with the fewest edits from `name`, if a slip of the keyboard explains the difference: at most one edit
/// in three characters, and three in all. Letter case counts as no edit. Among equals the first wins.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(name)?;
    let allowed = wanted.len().div_ceil(3).min(MOST_EDITS);
    let mut best: Option<(usize, &str)> = None;
    let alike = candidates.into_iter().filter(|candidate| candidate.len().abs_diff(name.len()) <= 4 * allowed);
    for candidate in alike.take(MOST_COMPARED) {
        let Some(known) = folded(candidate) else { continue };
        // Only fewer edits than the best so far are worth counting; and not a name that is wholly replaced.
        let limit = best.map_or(allowed + 1, |(edits, _)| edits).min(known.len());
        match distance(&wanted, &known, limit) {
            Some(0) => return Some(candidate),
            Some(edits) => best = Some((edits, candidate)),
            None => {}
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A help sentence that offers the nearest name, if there is one.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

fn folded(name: &str) -> Option<Vec<char>> {
    (name.len() <= LONGEST).then(|| name.chars().flat_map(char::to_lowercase).collect())
}

/// The optimal string alignment distance (insert, delete, replace, swap two neighbours), if it is below `limit`.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) >= limit {
        return None;
    }
    let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(limit);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut current: Vec<usize> = Vec::with_capacity(last.len());
    let mut previous = None;
    for (row, &x) in a.iter().enumerate() {
        current.clear();
        current.push(row + 1);
        let mut left_of = None;
        for (column, &y) in b.iter().enumerate() {
            // A cell this far from the diagonal cannot be part of so short a way.
            let best = if row.abs_diff(column) >= limit {
                limit
            } else {
                let swapped = previous == Some(y) && left_of == Some(x) && column > 0;
                let swap = if swapped { at(&before, column - 1) + 1 } else { limit };
                let replace = at(&last, column) + usize::from(x != y);
                replace.min(at(&last, column + 1) + 1).min(at(&current, column) + 1).min(swap)
            };
            current.push(best);
            left_of = Some(y);
        }
        if current.iter().all(|edits| *edits >= limit) {
            return None;
        }
        previous = Some(x);
        // The three lines take turns.
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut current);
    }
    last.last().copied().filter(|edits| *edits < limit)
}

#[cfg(test)]
mod tests;
