//! An unknown name and the known ones come in; the one that was probably meant comes out.

/// Names longer than this are never compared: the work grows with the product of the lengths.
const LONGEST: usize = 64;

/// The candidate with the fewest edits from `name`, if a slip of the keyboard explains the difference: at most
/// one edit in three characters. Letter case counts as no edit. Among equals the first wins.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(name)?;
    let allowed = wanted.len().div_ceil(3);
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(&wanted, &folded(candidate)?), candidate)))
        .filter(|(edits, candidate)| *edits <= allowed && *edits < candidate.chars().count())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// A help sentence that offers the nearest name, if there is one.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

fn folded(name: &str) -> Option<Vec<char>> {
    (name.len() <= LONGEST).then(|| name.chars().flat_map(char::to_lowercase).collect())
}

/// The optimal string alignment distance: insert, delete, replace, swap two neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (row, &x) in a.iter().enumerate() {
        let mut current = Vec::with_capacity(last.len());
        current.push(row + 1);
        let mut left_of = None;
        for (column, &y) in b.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut best = at(&last, column) + usize::from(x != y);
            best = best.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if previous == Some(y) && left_of == Some(x) && column > 0 {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
            left_of = Some(y);
        }
        previous = Some(x);
        before = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found() {
        let names = ["success", "failure", "expired", "then", "else"];
        for (slip, meant) in [
            ("sucess", "success"),
            ("Success", "success"),
            ("failrue", "failure"),
            ("expire", "expired"),
            ("thn", "then"),
            ("lese", "else"),
        ] {
            assert_eq!(nearest(slip, names), Some(meant), "{slip}");
        }
    }

    #[test]
    fn other_words_are_not_offered() {
        let names = ["success", "failure", "a"];
        for word in ["", "x", "done", "unrelated", "surplus_of_letters"] {
            assert_eq!(nearest(word, names), None, "{word}");
        }
        assert_eq!(nearest(&"s".repeat(10_000), names), None);
    }

    #[test]
    fn a_swap_is_one_edit() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        for (a, b, edits) in [("ab", "ba", 1), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("é", "e", 1)]
        {
            assert_eq!(distance(&chars(a), &chars(b)), edits, "{a} {b}");
        }
    }
}
