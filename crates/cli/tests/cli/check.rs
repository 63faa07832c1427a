//! `check` shows every mistake at once, for people and for machines.

use serde_json::json;

use crate::rig::{Rig, journey};

const MISTAKES: &str = "\
journey: recovery
params:
  external_user_id: string
  temp_code: { type: string, secret: true }
steps:
  verify_code:
    type: temp_code_authentification
    with:
      external_user_id: \"@policy.request().params.external_user\"
    branches:
      success: restore_acess
      failure: deny_access
  restore_access:
    type: complete_journey
  deny_access:
    type: reject_access
    whit: {}
";

#[test]
fn every_mistake_is_drawn_with_its_place_and_cure() {
    let rig = Rig::new();
    let file = rig.file("recovery.yaml", MISTAKES);
    let said = rig.say(&["check", &file]).ended(1);
    assert!(!said.out.contains('\u{1b}'), "no colour where no terminal reads");
    insta::assert_snapshot!("mistakes", format!("{}---\n{}", said.out, said.err));
}

#[test]
fn machines_get_the_same_findings_as_data() {
    let rig = Rig::new();
    let file = rig.file("recovery.yaml", MISTAKES);
    let said = rig.say(&["check", &file, "--format", "json"]).ended(1);
    let report = said.json();
    let findings = report["findings"].as_array().unwrap();
    let drawn = rig.say(&["check", &file]).out;
    assert_eq!(drawn.matches("error[J").count(), findings.len());
    for finding in findings {
        let names: Vec<_> = finding.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["code", "severity", "message", "help", "file", "line", "column", "end_line", "end_column", "fix"]
        );
        let head = format!("error[{}]: {}", finding["code"].as_str().unwrap(), finding["message"].as_str().unwrap());
        assert!(drawn.contains(&head), "{head}");
    }
    assert_eq!(findings[0]["file"], "recovery.yaml");
}

#[test]
fn all_files_of_all_folders_are_checked() {
    let rig = Rig::new();
    std::fs::create_dir_all(rig.path("all/below/.hidden")).unwrap();
    std::fs::copy(journey("temp_code_auth_journey"), rig.path("all/a.yml")).unwrap();
    rig.file("all/below/b.yaml", MISTAKES);
    rig.file("all/below/c.txt", MISTAKES);
    rig.file("all/below/.hidden/d.yaml", MISTAKES);
    let said = rig.say(&["check", "all"]).ended(1);
    assert!(said.err.contains("in 1 of 2 journeys"), "{said:?}");
    assert!(said.out.contains("all/below/b.yaml:"), "{said:?}");
}

#[test]
fn the_journeys_that_are_handed_out_have_no_findings() {
    let folder = journey("temp_code_auth_journey").replace("/temp_code_auth_journey.yaml", "");
    let said = Rig::new().say(&["check", &folder, "--deny", "warnings"]).ended(0);
    assert!(said.out.is_empty() && said.err.starts_with("no findings in "), "{said:?}");
}

#[test]
fn what_cannot_be_opened_is_usage_and_hides_nothing() {
    let rig = Rig::new();
    let file = rig.file("recovery.yaml", MISTAKES);
    let said = rig.say(&["check", "missing.yaml", &file]).ended(2);
    assert!(said.err.contains("cannot open `missing.yaml`") && said.out.contains("recovery.yaml:"), "{said:?}");

    let report = rig.say(&["check", "missing.yaml", &file, "--format", "json"]).ended(2).json();
    assert_eq!(report["error"]["code"], "cannot_open");
    assert!(!report["findings"].as_array().unwrap().is_empty());

    std::fs::create_dir(rig.path("empty")).unwrap();
    let said = rig.say(&["check", "empty", "--format", "json"]).ended(2);
    assert_eq!(said.json()["error"]["code"], "no_journeys", "an empty folder must not look clean");
}

#[test]
fn bytes_that_are_no_text_are_a_finding() {
    let rig = Rig::new();
    let file = rig.file("bytes.yaml", b"journey: \xff\xfe\n");
    let report = rig.say(&["check", &file, "--format", "json"]).ended(1).json();
    assert_eq!(report["findings"][0]["code"], "J0001");
    assert_eq!((&report["findings"][0]["line"], &report["findings"][0]["column"]), (&json!(1), &json!(10)));
}

#[test]
fn warnings_fail_only_where_they_are_denied() {
    let rig = Rig::new();
    let text = "journey: a\nsteps:\n  deny:\n    type: reject_access\n";
    let file = rig.file("a.yaml", text);
    let said = rig.say(&["check", &file]).ended(0);
    assert!(said.out.contains("warning[J0306]"), "{said:?}");
    rig.say(&["check", &file, "--deny", "warnings"]).ended(1);
}

#[test]
fn colour_is_a_wish() {
    let rig = Rig::new();
    let file = rig.file("recovery.yaml", MISTAKES);
    assert!(rig.say(&["check", &file, "--color", "always"]).out.contains('\u{1b}'));
    assert!(!rig.say(&["check", &file, "--color", "never"]).out.contains('\u{1b}'));
}

#[test]
fn the_starter_checks_clean_and_is_never_replaced() {
    let rig = Rig::new();
    let said = rig.say(&["new", "my-recovery"]).ended(0);
    assert_eq!(said.out, "journeys/my-recovery.yaml\n");
    rig.say(&["check", "journeys", "--deny", "warnings"]).ended(0);

    std::fs::write(rig.path("journeys/my-recovery.yaml"), "mine").unwrap();
    rig.say(&["new", "my-recovery"]).ended(2);
    assert_eq!(std::fs::read(rig.path("journeys/my-recovery.yaml")).unwrap(), b"mine");

    let said = rig.say(&["new", "../escape"]).ended(2);
    assert!(said.err.contains("cannot be a journey's id") && !rig.path("escape.yaml").exists(), "{said:?}");
}

#[test]
fn a_journey_is_drawn() {
    let said = Rig::new().say(&["graph", &journey("temp_code_auth_journey")]).ended(0);
    assert!(said.out.starts_with("flowchart") && said.out.contains("success"), "{said:?}");

    let rig = Rig::new();
    let file = rig.file("recovery.yaml", MISTAKES);
    let said = rig.say(&["graph", &file]).ended(1);
    assert!(said.out.is_empty() && said.err.contains("error[J"), "{said:?}");
}

#[test]
fn a_catalogue_makes_the_steps_of_a_host_known() {
    let rig = Rig::new();
    let catalog = rig.say(&["steps", "--format", "json"]).ended(0).out;
    let further = catalog.replace("\"display_information\"", "\"country_gate\"");
    rig.file("host.json", &further);
    let text = "journey: a\nsteps:\n  gate:\n    type: country_gate\n    with: { title: t, text: t, button_text: t }\n    next: done\n  done:\n    type: complete_journey\n";
    let file = rig.file("a.yaml", text);
    rig.say(&["check", &file]).ended(1);
    rig.say(&["check", &file, "--catalog", "host.json"]).ended(0);
    let said = rig.say(&["steps", "--catalog", "host.json"]).ended(0);
    assert!(said.out.contains("country_gate"), "{said:?}");

    rig.file("broken.json", "{}");
    let said = rig.say(&["check", &file, "--catalog", "broken.json"]).ended(2);
    assert!(said.err.contains("cannot use the catalogue `broken.json`"), "{said:?}");
}
