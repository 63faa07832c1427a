//! `explain` and `--help`: a page for everything, and a help for who mistypes.

use crate::rig::Rig;

#[test]
fn findings_steps_and_functions_have_pages() {
    let rig = Rig::new();
    for (name, title) in [
        ("J0006", "J0006: anchors are not allowed"),
        ("j0006", "J0006: anchors are not allowed"),
        ("condition", "condition: goes one of two ways by an expression"),
        ("temp_code_authentication", "temp_code_authentication: signs a user in"),
        ("strings.length", "@strings.length"),
        ("@std.len()", "@std.len"),
        ("@std.map(list, x)", "@std.map"),
        ("@map", "@std.map"),
    ] {
        let said = rig.say(&["explain", name]).ended(0);
        assert!(said.out.starts_with(title), "{name}: {said:?}");
        let page = rig.say(&["explain", name, "--format", "markdown"]).ended(0);
        assert!(page.out.starts_with(&format!("# {title}")), "{name}: {page:?}");
    }
}

#[test]
fn everything_listed_has_a_page() {
    let rig = Rig::new();
    let list = rig.say(&["explain"]).ended(0).out;
    let names: Vec<_> = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    assert!(names.len() > 30, "{list}");
    for name in names {
        rig.say(&["explain", name, "--format", "markdown"]).ended(0);
    }
}

#[test]
fn machines_get_pages_and_the_list_of_them() {
    let rig = Rig::new();
    let list = rig.say(&["explain", "--format", "json"]).ended(0).json();
    let pages = list["pages"].as_array().unwrap();
    let of = |kind: &str| pages.iter().filter(|page| page["kind"] == kind).count();
    assert!(of("finding") > 50 && of("form") >= 8 && of("step") > 5 && of("function") > 10, "{list}");
    let page = rig.say(&["explain", "@std.map", "--format", "json"]).ended(0).json();
    assert_eq!((&page["kind"], &page["name"]), (&"function".into(), &"std.map".into()));
    assert!(page["page"].as_str().unwrap().starts_with("# @std.map\n"), "{page}");
    assert!(page["signature"].as_str().unwrap().starts_with("@std.map("), "{page}");
    let page = rig.say(&["explain", "j0301", "--format", "json"]).ended(0).json();
    assert_eq!((&page["name"], &page["severity"]), (&"J0301".into(), &"error".into()));
    let refused = rig.say(&["explain", "nothing_like_it", "--format", "json"]).ended(2).json();
    assert_eq!(refused["error"]["code"], "unknown_name");
}

#[test]
fn a_slip_is_answered_with_the_name_that_was_meant() {
    let rig = Rig::new();
    for (slip, meant) in [
        ("conditoin", "condition"),
        ("temp_code", "temp_code_authentication"),
        ("string.length", "strings.length"),
        ("@std.mpa", "std.map"),
    ] {
        let said = rig.say(&["explain", slip]).ended(2);
        assert!(said.err.contains(&format!("did you mean `{meant}`?")), "{slip}: {said:?}");
    }
}

#[test]
fn help_is_on_stdout_and_wrong_usage_on_stderr() {
    let rig = Rig::new();
    let said = rig.say(&["--help"]).ended(0);
    assert!(said.out.contains("First steps") && said.err.is_empty());
    let said = rig.say(&["chekc"]).ended(2);
    assert!(said.out.is_empty() && said.err.contains("check"), "{said:?}");
    rig.say(&[]).ended(2);
}

#[test]
fn the_schema_knows_the_steps_of_catalogues() {
    let rig = Rig::new();
    let types = |words: &[&str]| {
        let schema = rig.say(words).ended(0).json();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        schema["$defs"]["step"]["properties"]["type"]["enum"].as_array().unwrap().clone()
    };
    let own = types(&["schema"]);
    assert!(own.contains(&"condition".into()) && own.contains(&"temp_code_authentication".into()), "{own:?}");
    assert!(!own.contains(&"country_gate".into()));
    let catalog = rig.say(&["steps", "--format", "json"]).ended(0).out;
    let further = catalog.replace("\"display_information\"", "\"country_gate\"");
    rig.file("host.json", &further);
    assert!(types(&["schema", "--catalog", "host.json"]).contains(&"country_gate".into()));
    rig.file("wayfarer.yaml", "catalogs: [host.json]\n");
    assert!(types(&["schema"]).contains(&"country_gate".into()));
    let refused = rig.say(&["schema", "--catalog", "none.json"]).ended(2);
    assert_eq!(refused.json()["error"]["code"], "cannot_open");
}
