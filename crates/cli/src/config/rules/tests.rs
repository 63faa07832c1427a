#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::path::Path;

use wayfarer_lang::check_all_with;

use super::super::Config;
use super::*;

fn read(text: &str) -> (Written, Vec<String>) {
    let (config, findings) = Config::read(text.as_bytes(), Path::new(""), None);
    let source = Source::new("wayfarer.yaml", text);
    let told =
        findings.iter().map(|finding| format!("{} `{}` {}", finding.code, source.slice(finding.span), finding.message));
    let told = told.collect();
    (Written { source: Some(Arc::new(source)), ..config.rules }, told)
}

#[test]
fn both_sorts_of_rules_become_one() {
    let (written, findings) = read(
        "rules:
  past_failure:
    never: { from: { type: temp_code_*, exit: failure }, to: { id: done }, unless: { exit: success } }
    journeys: [recovery_*]
    message: no
  note_first: { always_before: { step: { type: complete_journey }, comes: { type: audit_note } } }
",
    );
    assert_eq!(findings, Vec::<String>::new());
    let [never, before] = written.rules.rules.as_slice() else { panic!("{written:?}") };
    let globs = |place: &Place| {
        let text = |glob: &Option<Glob>| glob.as_ref().map_or("", Glob::as_str).to_owned();
        (text(&place.id), text(&place.type_name), place.exit.as_deref().unwrap_or_default().to_owned())
    };
    let three = |id: &str, kind: &str, exit: &str| (id.to_owned(), kind.to_owned(), exit.to_owned());
    assert_eq!((&*never.name, never.message.as_deref()), ("past_failure", Some("no")));
    assert_eq!(never.journeys.as_ref().unwrap().iter().map(Glob::as_str).collect::<Vec<_>>(), ["recovery_*"]);
    assert_eq!(globs(never.from.as_ref().unwrap()), three("", "temp_code_*", "failure"));
    assert_eq!(globs(&never.to), three("done", "", ""));
    assert_eq!(globs(never.unless.as_ref().unwrap()), three("", "", "success"));
    assert!(before.from.is_none() && before.journeys.is_none());
    assert_eq!(globs(&before.to), three("", "complete_journey", ""));
    assert_eq!(globs(before.unless.as_ref().unwrap()), three("", "audit_note", ""));
    // The types that are written out are looked up.
    let error = written.known_to(&Catalog::forms()).unwrap_err();
    let mistakes = error.downcast_ref::<Mistakes>().unwrap();
    let told: Vec<_> = mistakes.findings.iter().map(|one| (one.code, mistakes.text.slice(one.span))).collect();
    assert_eq!(told, [(Code::UNKNOWN_STEP_TYPE, "audit_note")]);
}

#[test]
fn a_mistake_in_a_rule_has_its_place_and_its_code() {
    for (text, told) in [
        ("rules: []", "J0103 `[]` `rules` must be a mapping of ids"),
        ("rules: { 'a b': { never: { to: { id: x } } } }", "J0104 `'a b'` a rule cannot be called `a b`"),
        ("rules: { a: {} }", "J0102 `{}` the rule `a` lacks the key `never`"),
        ("rules: { a: { never: {} } }", "J0102 `{}` `never` lacks the key `to`"),
        (
            "rules: { a: { always_before: { step: { id: x } } } }",
            "J0102 `{ step: { id: x } }` `always_before` lacks the key `comes`",
        ),
        ("rules: { a: { never: { to: {} } } }", "J0102 `{}` `to` lacks the key `type`"),
        ("rules: { a: { never: { to: { typ: x } } } }", "J0101 `typ` `to` has no key `typ`"),
        ("rules: { a: { never: { too: { id: x }, to: { id: x } } } }", "J0101 `too` `never` has no key `too`"),
        ("rules: { a: { never: { to: { id: 'x y' } } } }", "J0602 `'x y'` `id` must be an id, in which"),
        ("rules: { a: { never: { to: { exit: 'x*' } } } }", "J0602 `'x*'` `exit` must be the name of an exit"),
        ("rules: { a: { never: { to: { id: x } }, journeys: ['?'] } }", "J0602 `'?'` `journeys` must be an id"),
        (
            "rules: { a: { never: { to: { id: x } }, always_before: { step: { id: x }, comes: { id: y } } } }",
            "J0603 `a` the rule `a` has both",
        ),
    ] {
        let (_, found) = read(text);
        assert!(found.iter().any(|found| found.starts_with(told)), "{text}\n  found: {found:?}\n  named: {told}");
        assert!(found.len() <= 2, "{text}: {found:?}");
    }
    let long = format!("rules: {{ a: {{ never: {{ to: {{ id: x }} }}, message: {} }} }}", "m".repeat(201));
    assert!(read(&long).1.concat().starts_with("J0601"), "{long}");
    let many: String = (0..65).map(|n| format!("  r{n}: {{ never: {{ to: {{ id: x }} }} }}\n")).collect();
    assert!(read(&format!("rules:\n{many}")).1.concat().starts_with("J0601"));
}

/// The fenced texts of a page under a heading.
fn fenced(page: &str, heading: &str, language: &str) -> Vec<String> {
    let part = page.split("\n## ").find(|part| part.starts_with(heading)).unwrap();
    let begin = format!("```{language}\n");
    part.split(&*begin).skip(1).map(|text| text.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_page_about_broken_rules_shows_what_it_says() {
    let page = Code::RULE_BROKEN.page();
    let (written, findings) = read(&fenced(page, "Wrong", "yaml configuration").concat());
    assert_eq!(findings, Vec::<String>::new());
    let mut catalog = Catalog::forms();
    for step in wayfarer::steps::all() {
        catalog.insert(step.declaration().unwrap()).unwrap();
    }
    let rules = written.known_to(&catalog).unwrap();
    for (heading, told) in [("Wrong", vec![Code::RULE_BROKEN]), ("Right", Vec::new())] {
        let checked = check_all_with([("page", fenced(page, heading, "yaml").concat())], &catalog, &rules);
        let found: Vec<_> = checked.iter().flat_map(|file| &file.findings).map(|finding| finding.code).collect();
        assert_eq!(found, told, "{heading}");
    }
}
