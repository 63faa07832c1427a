#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at the first surprise")]

use super::*;

/// The catalogue of the built-in steps, and one more for what those do not show.
fn catalog() -> Catalog {
    let mut catalog = Catalog::forms();
    catalog.merge(Catalog::from_json(include_str!("tests/catalog.json")).unwrap()).unwrap();
    catalog
}

fn findings(text: &str) -> Vec<(&'static str, String)> {
    let checked = check("test.yaml", text.as_bytes(), &catalog());
    let finding = |finding: &crate::Diagnostic| (finding.code.id(), checked.source.slice(finding.span).to_owned());
    assert_eq!(checked.program.is_none(), checked.findings.has_errors());
    checked.findings.iter().map(finding).collect()
}

fn journeys() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../journeys");
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    all.sort();
    all
}

#[test]
fn shipped_journeys_check_clean() {
    let all = journeys();
    assert!(all.len() >= 5);
    for (name, text) in all {
        let checked = check(&name, text.as_bytes(), &catalog());
        let shown: Vec<_> = checked.findings.iter().map(|f| (f.code, &f.message, &f.help)).collect();
        assert!(shown.is_empty(), "{name}: {shown:?}");
        assert_eq!(format!("{}.yaml", checked.program.unwrap().id()), name);
    }
}

/// The texts under the headings of a page.
fn fenced(page: &str, heading: &str) -> Vec<String> {
    let part = page.split("\n## ").find(|part| part.starts_with(heading)).unwrap();
    let texts = part.split("```yaml\n").skip(1);
    texts.map(|text| text.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn pages_show_what_they_say() {
    for code in crate::Code::all() {
        for text in fenced(code.page(), "Right") {
            assert_eq!(findings(&text), [], "the right text of {code}");
        }
        if code.id() > "J0100" {
            for text in fenced(code.page(), "Wrong") {
                let codes: Vec<_> = findings(&text).into_iter().map(|(code, _)| code).collect();
                assert_eq!(codes, [code.id()], "the wrong text of {code}");
            }
        }
    }
}
