//! The bytes of a file that says it is a journey come in; that reader and checker keep to their word is asserted.

use std::collections::HashMap;
use std::sync::OnceLock;

use wayfarer::Registry;
use wayfarer::engine::Bundle;
use wayfarer::lang::format::{FormatError, format};
use wayfarer::lang::graph::{self, Graph};
use wayfarer::lang::program::Target;
use wayfarer::lang::yaml::{self, Budget, Node, NodeKind};
use wayfarer::lang::{Catalog, Findings, Journey, Program, Source, Span, check, check_all};

/// Whatever is read or refused, places are places of the text, and what was read without a finding can be written and
/// reads back as the same value (R90, R91).
pub(super) fn yaml(bytes: &[u8]) {
    let budget = Budget::default();
    let (document, findings) = yaml::read(bytes, &budget);
    let source = Source::from_bytes("fuzz.yaml", bytes);
    places(&source, &findings);
    assert!(findings.len() <= budget.findings + 1, "{} findings", findings.len());
    let Some(document) = document else {
        assert!(findings.has_errors(), "nothing was read, and nobody is told why");
        return;
    };
    let nodes = inspect(&source, document.root(), Span::new(0, u32::try_from(source.text().len()).unwrap()), 1);
    assert!(nodes <= budget.nodes, "{nodes} nodes");
    if findings.is_empty() {
        let value = document.root().to_value().to_json().unwrap();
        let written = yaml::write(&value).unwrap();
        let (again, findings) = yaml::read(written.as_bytes(), &budget);
        // Block style may take more bytes than the file had.
        if written.len() <= budget.bytes {
            let again = again.unwrap_or_else(|| panic!("{written:?} is not read: {findings:?}"));
            assert_eq!(again.root().to_value().to_json().unwrap(), value, "{written:?}");
        }
    }
}

/// Between the files of one input.
const NEXT_FILE: &[u8] = b"\n====\n";

/// The most files of one input.
const FILES: usize = 6;

/// A program comes out exactly if no error was found; it is whole; and a journey that was read survives the way through
/// a value. Files that are checked together are linked, each with those that it can reach.
pub(super) fn journey(bytes: &[u8]) {
    let mut files = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(NEXT_FILE.len()).position(|window| window == NEXT_FILE) {
        files.push(&rest[..at]);
        rest = &rest[at + NEXT_FILE.len()..];
    }
    files.push(rest);
    files.truncate(FILES);
    if files.len() == 1 {
        return alone(bytes);
    }
    let checked = check_all(files.iter().map(|bytes| ("fuzz.yaml", bytes)), catalog());
    assert_eq!(checked.len(), files.len(), "a file is lost");
    for file in &checked {
        places(&file.source, &file.findings);
        assert_eq!(file.program.is_some(), !file.findings.has_errors(), "{:?}", file.findings);
    }
    let programs: Vec<Program> = checked.into_iter().filter_map(|file| file.program).collect();
    programs.iter().for_each(whole);
    // Where one has errors, those that invoke it may have none of their own.
    if programs.len() == files.len() {
        let library: HashMap<_, _> = programs.iter().map(|program| (program.id().clone(), program.clone())).collect();
        assert_eq!(library.len(), programs.len(), "two journeys have one id");
        for program in programs {
            assert!(Bundle::link(program, &library).is_some(), "a journey that is invoked is not there");
        }
    }
}

fn alone(bytes: &[u8]) {
    let checked = check("fuzz.yaml", bytes, catalog());
    places(&checked.source, &checked.findings);
    assert!(checked.findings.len() <= 1001, "{} findings", checked.findings.len());
    assert_eq!(checked.program.is_some(), !checked.findings.has_errors(), "{:?}", checked.findings);
    let Some(program) = checked.program else { return };
    whole(&program);
    let value = checked.journey.unwrap().to_value();
    let (source, journey) = Journey::from_value("fuzz.yaml", &value).unwrap();
    assert_eq!(journey.to_value(), value, "{}", source.text());
    let again = check("fuzz.yaml", source.text().as_bytes(), catalog());
    assert!(again.program.is_some(), "{}\n{:?}", source.text(), again.findings);
}

/// Whatever is read without an error can be laid out; the layout is its own, and says the same: it is the same journey,
/// with the same findings.
pub(super) fn format_keeps(bytes: &[u8]) {
    let once = match format(bytes) {
        Ok(once) => once,
        Err(FormatError::Unreadable(findings)) => return assert!(findings.has_errors(), "nothing is wrong with it"),
        Err(FormatError::TooLarge) => return,
        Err(FormatError::Unfaithful) => panic!("{:?} cannot be laid out", String::from_utf8_lossy(bytes)),
    };
    match format(once.as_bytes()) {
        Ok(twice) => assert_eq!(twice, once, "a second time changes something"),
        Err(error) => panic!("{once:?} cannot be laid out again: {error}"),
    }
    let (before, after) = (check("fuzz.yaml", bytes, catalog()), check("fuzz.yaml", once.as_bytes(), catalog()));
    let written = |journey: &Option<Journey>| journey.as_ref().map(|journey| journey.to_value().to_string());
    assert_eq!(written(&before.journey), written(&after.journey), "{once}");
    assert_eq!(before.program.is_some(), after.program.is_some(), "{once}");
    let said = |findings: &Findings| {
        let mut said: Vec<_> = findings.iter().map(|finding| (finding.code, finding.message.clone())).collect();
        said.sort();
        said
    };
    // Which of too many are dropped depends on the order of the text.
    if before.findings.len() < 100 {
        assert_eq!(said(&before.findings), said(&after.findings), "{once}");
    }
}

/// The forms and the built-in steps.
pub(super) fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let mut registry = Registry::new();
        wayfarer::steps::all().into_iter().for_each(|step| registry.insert(step).unwrap());
        registry.catalog().clone()
    })
}

fn places(source: &Source, findings: &Findings) {
    for finding in findings.iter() {
        let spans = finding.labels.iter().map(|label| label.span).chain([finding.span]);
        for span in spans {
            assert!(source.text().get(span.range()).is_some(), "{span:?} is no place: {finding:?}");
        }
        assert!(!finding.message.is_empty(), "nothing is said");
        let labels = finding.labels.iter().map(|label| &label.text);
        for text in labels.chain(&finding.help).chain([&finding.message]) {
            assert!(!text.chars().any(char::is_control), "{text:?}");
        }
        let json = finding.to_json(source);
        assert!(json["line"].as_u64() > Some(0) && json["column"].as_u64() > Some(0), "{json}");
    }
}

/// Counts the nodes, each of which lies in the one around it.
fn inspect(source: &Source, node: &Node, around: Span, depth: usize) -> usize {
    let span = node.span;
    assert!(depth <= 33, "too deep");
    assert!(source.text().get(span.range()).is_some(), "{span:?} is no place");
    assert!(around.start <= span.start && span.end <= around.end, "{span:?} is not in {around:?}");
    let inner = |node: &Node| inspect(source, node, span, depth + 1);
    match &node.kind {
        NodeKind::Sequence(items) => 1 + items.iter().map(inner).sum::<usize>(),
        NodeKind::Mapping(entries) => 1 + entries.iter().map(|(key, value)| inner(key) + inner(value)).sum::<usize>(),
        NodeKind::Text(text) => {
            if text.exact {
                assert_eq!(source.slice(node.inner_span(0..text.value.len())), &*text.value, "the place is not exact");
            }
            1
        }
        _ => 1,
    }
}

/// Every jump has a place to land, and the picture can be drawn.
fn whole(program: &Program) {
    assert!(program.step(program.start()).is_some(), "no start");
    for step in program.steps() {
        for link in &step.exits {
            if let Target::Step(index) = link.target {
                assert!(program.step(index).is_some(), "`{}` of `{}` leads nowhere", link.name, step.id);
            }
        }
        let slots = step.output.into_iter().chain(step.error_output);
        assert!(slots.into_iter().all(|slot| usize::from(slot) < program.variables().len()), "no such slot");
    }
    let graph = Graph::of(program);
    assert_eq!(graph.nodes.len(), program.steps().len());
    assert!(!graph::mermaid(&graph).is_empty() && !graph::dot(&graph).is_empty(), "no picture");
    assert!(graph::json(&graph)["start"].is_string(), "no start in the picture");
}
