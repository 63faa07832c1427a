//! `fmt` lays files out, `check --fix` cures them, and neither harms what it cannot read.

use serde_json::json;

use crate::rig::{Rig, journeys};

const LOOSE: &str = "# Hello.\nsteps: {done: {type: 'complete_journey'}} # all\njourney:   hello\n";
const CANONICAL: &str = "# Hello.\njourney: hello\nsteps:  # all\n  done: { type: complete_journey }\n";

#[test]
fn files_are_laid_out_in_their_places() {
    let rig = Rig::new();
    std::fs::create_dir(rig.path("all")).unwrap();
    rig.file("all/a.yaml", LOOSE);
    rig.file("all/b.yaml", CANONICAL);
    let said = rig.say(&["fmt", "all", "--check"]).ended(1);
    assert_eq!(said.out, "all/a.yaml\n");
    assert_eq!(std::fs::read_to_string(rig.path("all/a.yaml")).unwrap(), LOOSE, "a check changes nothing");

    let said = rig.say(&["fmt", "all"]).ended(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("all/a.yaml\n", "laid out 1 of 2 journeys\n"));
    assert_eq!(std::fs::read_to_string(rig.path("all/a.yaml")).unwrap(), CANONICAL);
    assert_eq!(std::fs::read_dir(rig.path("all")).unwrap().count(), 2, "nothing is left beside them");
    rig.say(&["fmt", "all", "--check"]).ended(0);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let rig = Rig::new();
    let said = rig.say_with(&["fmt", "-"], LOOSE).ended(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), (CANONICAL, ""));
    assert_eq!(rig.say_with(&["fmt", "-", "--check"], LOOSE).ended(1).out, "");
    rig.say_with(&["fmt", "-", "--check"], CANONICAL).ended(0);
    let said = rig.say_with(&["fmt", "-"], "a: @b\n").ended(1);
    assert!(said.out.is_empty() && said.err.contains("error[J0021]"), "{said:?}");
}

#[test]
fn what_cannot_be_read_is_refused_and_holds_up_nothing() {
    let rig = Rig::new();
    rig.file("a.yaml", "journey: @a\n");
    rig.file("b.yaml", LOOSE);
    let said = rig.say(&["fmt", "a.yaml", "b.yaml"]).ended(1);
    assert!(said.err.contains("error[J0021]") && said.out == "b.yaml\n", "{said:?}");
    assert_eq!(std::fs::read_to_string(rig.path("a.yaml")).unwrap(), "journey: @a\n");

    let report = rig.say(&["fmt", "a.yaml", "b.yaml", "c.yaml", "--format", "json"]).ended(2).json();
    assert_eq!(report["findings"][0]["code"], "J0021");
    assert_eq!(report["changed"], json!([]));
    assert_eq!(report["error"]["code"], "cannot_open");
}

#[test]
fn the_journeys_that_are_handed_out_are_laid_out() {
    Rig::new().say(&["fmt", "--check", &journeys()]).ended(0);
    let rig = Rig::new();
    rig.say(&["new", "mine"]).ended(0);
    rig.say(&["fmt", "--check", "journeys"]).ended(0);
}

const CURABLE: &str = "\
journey: hello
title: 2026
steps:
  say:
    type: display_information
    with:
      title: 7
      text: @time().nowISO
      button_text: Go on
    next: done
  done:
    type: complete_journey
    timeout: 30s
    retry: { times: 2 }
";
const CURED: &str = "\
journey: hello
title: \"2026\"
steps:
  say:
    type: display_information
    with:
      title: \"7\"
      text: \"@time().nowISO\"
      button_text: Go on
    next: done
  done:
    type: complete_journey
";

#[test]
fn what_is_certain_is_cured_until_nothing_is_left() {
    let rig = Rig::new();
    let file = rig.file("a.yaml", CURABLE);
    let said = rig.say(&["check", &file, "--fix", "--deny", "warnings"]).ended(0);
    assert!(said.err.starts_with("fixed 5 findings in a.yaml\n"), "{said:?}");
    assert_eq!(std::fs::read_to_string(rig.path("a.yaml")).unwrap(), CURED);

    rig.file("a.yaml", CURABLE);
    let report = rig.say(&["check", &file, "--fix", "--format", "json"]).ended(0).json();
    assert_eq!(report, json!({ "findings": [], "fixed": [{ "file": "a.yaml", "fixed": 5 }] }));
}

#[test]
fn what_is_only_likely_is_shown_and_left() {
    let rig = Rig::new();
    let text = "journey: hello\nsteps:\n  done:\n    type: complete_jurney\n";
    let file = rig.file("a.yaml", text);
    let report = rig.say(&["check", &file, "--fix", "--format", "json"]).ended(1).json();
    let edit = json!({ "line": 4, "column": 11, "end_line": 4, "end_column": 26, "text": "complete_journey" });
    assert_eq!(report["findings"][0]["fix"], json!({ "certainty": "likely", "edits": [edit] }));
    assert_eq!(std::fs::read_to_string(rig.path("a.yaml")).unwrap(), text);
}

#[test]
fn a_file_that_cannot_be_read_again_is_left_alone() {
    let rig = Rig::new();
    for text in [&b"journey: \xff\ntitle: @a\n"[..], b"journey: @a\nsteps: [\n"] {
        let file = rig.file("a.yaml", text);
        rig.say(&["check", &file, "--fix"]).ended(1);
        assert_eq!(std::fs::read(rig.path("a.yaml")).unwrap(), text);
    }
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_rights_and_its_links() {
    use std::os::unix::fs::PermissionsExt;
    let rig = Rig::new();
    rig.file("a.yaml", LOOSE);
    std::fs::set_permissions(rig.path("a.yaml"), std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("a.yaml", rig.path("b.yaml")).unwrap();
    rig.say(&["fmt", "b.yaml"]).ended(0);
    assert!(std::fs::symlink_metadata(rig.path("b.yaml")).unwrap().is_symlink());
    assert_eq!(std::fs::metadata(rig.path("a.yaml")).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(std::fs::read_to_string(rig.path("a.yaml")).unwrap(), CANONICAL);
}

#[test]
fn machines_get_findings_in_their_own_forms() {
    let rig = Rig::new();
    let file = rig.file(
        "a.yaml",
        "journey: hello\ntitle: '🔑 ${x'\nsteps:\n  done:\n    type: complete_jurney\n    next: a\n    next: b\n",
    );
    let said = rig.say(&["check", &file, "--format", "github"]).ended(1);
    insta::assert_snapshot!("github", said.out);
    let said = rig.say(&["check", &file, "missing.yaml", "--format", "sarif"]).ended(2);
    let log = serde_json::to_string_pretty(&said.json()).unwrap();
    insta::assert_snapshot!("sarif", log);
}
