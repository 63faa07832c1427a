//! Journeys that are shipped, each with one change: what opens a way round a verification, unbinds guessing, exposes a secret or
//! breaks a name or a type is found, as an oracle of its own tells it; the rest is counted.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may stop at the first surprise"
)]

mod model;
mod mutate;
mod oracle;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wayfarer::lang::{Catalog, Checked, Code, Diagnostic, Severity, check_all};

use wayfarer_tests::known::with_own;

use crate::model::Journey;
use crate::mutate::{Change, Mutant, mutants};
use crate::oracle::{Wrong, wrongs};

/// Where journeys lie that people can use.
const FOLDERS: [&str; 3] = ["journeys", "examples/custom-step/journeys", "tests/browser/journeys"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every journey that is handed out.
fn shipped() -> Vec<String> {
    let mut paths: Vec<PathBuf> = vec![root().join("crates/cli/src/command/new/starter.yaml")];
    for folder in FOLDERS {
        let entries = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        paths.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")));
    }
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// A journey, those that it plays, and those that play it.
fn together(at: usize, texts: &[String], journeys: &[Journey]) -> Vec<usize> {
    let plays =
        |journey: &Journey, other: &Journey| journey.steps.iter().any(|step| step.plays.as_ref() == Some(&other.id));
    let related = |other: &usize| {
        *other == at || plays(&journeys[*other], &journeys[at]) || plays(&journeys[at], &journeys[*other])
    };
    (0..texts.len()).filter(related).collect()
}

/// How the mutants of one sort fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    all: usize,
    opens: usize,
    unbinds: usize,
    breaks: usize,
    /// Further ones in which something is found.
    further: usize,
    /// Those that only a test of the journey can tell.
    left: usize,
}

/// What the oracle says of some journeys, of which the first was changed.
fn judged(texts: &[&str], verified: &[bool], catalog: &Catalog) -> Option<Wrong> {
    let journeys: Vec<_> = texts.iter().map(|text| model::journey(text, catalog)).collect::<Option<_>>()?;
    if journeys.iter().any(|journey| !journey.is_whole) {
        return None;
    }
    let mut wrong = Wrong::default();
    for (main, _) in verified.iter().enumerate().filter(|(_, verified)| **verified) {
        let one = wrongs(main, &journeys);
        wrong = Wrong { opens: wrong.opens || one.opens, unbinds: wrong.unbinds || one.unbinds };
    }
    Some(wrong)
}

/// Whether a journey verifies somebody, itself or by what it plays.
fn verifies(journey: &Journey, journeys: &[Journey]) -> bool {
    journey.steps.iter().any(|step| {
        let played = journeys.iter().find(|other| Some(&other.id) == step.plays.as_ref());
        step.proves.is_some() || played.is_some_and(|other| verifies(other, journeys))
    })
}

fn refused(files: &[Checked]) -> bool {
    files.iter().any(|file| file.findings.has_errors())
}

fn warned(files: &[Checked]) -> bool {
    files.iter().flat_map(|file| &file.findings).any(|finding| finding.severity >= Severity::Warning)
}

#[test]
fn what_a_change_opens_exposes_unbinds_or_breaks_is_found() {
    let (catalog, texts) = (with_own(), shipped());
    let journeys: Vec<_> = texts.iter().map(|text| model::journey(text, &catalog).unwrap()).collect();
    assert!(journeys.len() >= 15);
    let mut fared = Fared::default();
    for (at, text) in texts.iter().enumerate() {
        let group = together(at, &texts, &journeys);
        let others: Vec<_> = group.iter().filter(|other| **other != at).map(|other| texts[*other].as_str()).collect();
        let verified: Vec<_> = std::iter::once(at)
            .chain(group.iter().copied().filter(|other| *other != at))
            .map(|index| verifies(&journeys[index], &journeys))
            .collect();
        let whole: Vec<_> = std::iter::once(text.as_str()).chain(others.iter().copied()).collect();
        assert_eq!(judged(&whole, &verified, &catalog), Some(Wrong::default()), "{}", journeys[at].id);
        let alone = check_all(whole.iter().map(|text| ("whole.yaml", text)), &catalog);
        assert!(
            !warned(&alone),
            "{}: {:?}",
            journeys[at].id,
            alone.iter().map(|file| &file.findings).collect::<Vec<_>>()
        );
        for mutant in mutants(text) {
            let texts: Vec<_> = std::iter::once(mutant.text.as_str()).chain(others.iter().copied()).collect();
            let files = check_all(texts.iter().map(|text| ("mutant.yaml", text)), &catalog);
            let wrong = judged(&texts, &verified, &catalog).unwrap_or_default();
            fared.count(&journeys[at].id, &mutant, wrong, &files);
        }
    }
    let Fared { counts, missed, left } = fared;
    assert_eq!(missed, "", "\n{missed}");
    let page = std::fs::read_to_string(root().join("docs/proofs.md")).unwrap();
    let table = table(&counts);
    assert!(page.contains(&table), "docs/proofs.md should hold:\n{table}");
    let list = std::fs::read_to_string(root().join("tests/spec/mutants.md")).unwrap();
    assert!(list.ends_with(&left), "tests/spec/mutants.md should end with:\n{left}");
}

/// How all mutants fared.
#[derive(Debug, Default)]
struct Fared {
    counts: BTreeMap<Change, Count>,
    /// What is wrong and was not found, or was found and is not wrong.
    missed: String,
    /// Those that only a test of the journey can tell, each on its line.
    left: String,
}

impl Fared {
    fn count(&mut self, id: &str, mutant: &Mutant, wrong: Wrong, files: &[Checked]) {
        let Self { counts, missed, left } = self;
        let Mutant { change, what, breaks, .. } = mutant;
        let count = counts.entry(*change).or_default();
        count.all += 1;
        let (refused, warned) = (refused(files), warned(files));
        let (must, found) = match (wrong, breaks) {
            (Wrong { opens: true, .. }, _) => (&mut count.opens, refused),
            (Wrong { unbinds: true, .. }, _) => (&mut count.unbinds, warned),
            (_, true) => (&mut count.breaks, refused),
            (_, false) if warned => (&mut count.further, true),
            (_, false) => {
                writeln!(left, "| `{id}` | {} | {what} |", change.words()).unwrap();
                (&mut count.left, true)
            }
        };
        *must += 1;
        let ways = [Code::UNVERIFIED, Code::AFTER_FAILURE];
        if !wrong.opens && files.iter().flat_map(|file| &file.findings).any(|finding| ways.contains(&finding.code)) {
            writeln!(missed, "{id}: {change:?} {what}, and no run shows it").unwrap();
        }
        let alone = |finding: &Diagnostic| finding.code == Code::UNBOUNDED_TRIES;
        if !wrong.unbinds && files.iter().flat_map(|file| &file.findings).any(alone) {
            writeln!(missed, "{id}: {change:?} {what}, and no run goes round").unwrap();
        }
        if !found {
            writeln!(missed, "{id}: {change:?} {what} ({wrong:?}, breaks: {breaks})").unwrap();
        }
    }
}

fn table(counts: &BTreeMap<Change, Count>) -> String {
    let mut table = String::new();
    let mut row = |words: &str, count: Count| {
        let Count { all, opens, unbinds, breaks, further, left } = count;
        writeln!(table, "| {words} | {all} | {opens} | {unbinds} | {breaks} | {further} | {left} |").unwrap();
    };
    let mut sum = Count::default();
    for change in Change::ALL {
        let count = counts.get(&change).copied().unwrap_or_default();
        row(change.words(), count);
        sum.all += count.all;
        sum.opens += count.opens;
        sum.unbinds += count.unbinds;
        sum.breaks += count.breaks;
        sum.further += count.further;
        sum.left += count.left;
    }
    row("all", sum);
    table
}
