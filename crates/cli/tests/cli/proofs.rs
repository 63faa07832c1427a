//! What the ways through journeys prove: the way is drawn, the project's rules hold, and what is taken for granted is told.

use serde_json::json;

use crate::rig::Rig;

/// Whoever is asked may go round the verification.
pub(crate) const ROUND: &str = r#"journey: round
params:
  user: string
  code: { type: string, secret: true }
steps:
  ask:
    type: display_information
    with: { title: A, text: b, button_text: c }
    timeout: 30s
    branches: { next: verify, timeout: done }
  verify:
    type: temp_code_authentication
    with: { external_user_id: "@policy.request().params.user", temp_code: "@policy.request().params.code" }
    branches: { success: done, failure: no }
  done: { type: complete_journey }
  no: { type: reject_access }
"#;

const RULES: &str = "\
rules:
  told_first:
    always_before: { step: { type: complete_journey }, comes: { type: display_information } }
    message: people are told
";

#[test]
fn the_way_that_shows_it_is_drawn_and_is_data() {
    let rig = Rig::new();
    let file = rig.file("round.yaml", ROUND);
    let said = rig.say(&["check", &file]).ended(1);
    assert!(said.out.contains("error[J0801]: a way leads to `done` without a verification"), "{said:?}");
    assert!(said.out.contains("= note: the way: ask ─timeout→ done"), "{said:?}");
    let report = rig.say(&["check", &file, "--format", "json"]).ended(1).json();
    let path = json!([{ "step": "ask", "exit": "timeout" }, { "step": "done", "exit": null }]);
    assert_eq!(report["findings"][0]["path"], path, "{report}");
    assert_eq!(report.get("assumptions"), None);
}

#[test]
fn a_rule_of_the_project_holds_wherever_journeys_are_taken() {
    let rig = Rig::new();
    std::fs::create_dir(rig.path("journeys")).unwrap();
    let file = rig.file("journeys/bare.yaml", "journey: bare\nsteps:\n  done: { type: complete_journey }\n");
    rig.say(&["check", &file]).ended(0);
    rig.file("wayfarer.yaml", RULES);
    let broken = "error[J0806]: a way to `done` breaks the rule `told_first`: people are told";
    let said = rig.say(&["check", &file]).ended(1);
    assert!(said.out.contains(broken), "{said:?}");
    for verb in [&["run", &file][..], &["graph", &file], &["serve"], &["journey", "deploy", "journeys"]] {
        rig.say(&["user", "add", "--external-user-id", "u"]);
        let said = rig.say(verb).ended(1);
        assert!(format!("{}{}", said.out, said.err).contains(broken), "{verb:?}: {said:?}");
    }
}

#[test]
fn a_rule_that_names_no_step_type_is_a_mistake() {
    let rig = Rig::new();
    let file = rig.file("bare.yaml", "journey: bare\nsteps:\n  done: { type: complete_journey }\n");
    rig.file("wayfarer.yaml", RULES.replace("display_information", "display_infomation"));
    let said = rig.say(&["check", &file]).ended(1);
    let told = format!("{}{}", said.out, said.err);
    assert!(told.contains("error[J0201]: there is no step type `display_infomation`"), "{told}");
    assert!(told.contains("wayfarer.yaml:3:") && told.contains("did you mean `display_information`?"), "{told}");
}

#[test]
fn what_is_taken_for_granted_of_further_steps_is_told() {
    let rig = Rig::new();
    let file = rig.file(
        "own.yaml",
        "journey: own\nsteps:\n  pick: { type: pick_user, next: done }\n  done: { type: complete_journey }\n",
    );
    let catalog = json!({ "wayfarer_catalog": 1, "steps": [{
        "name": "pick_user", "version": 4, "origin": "step", "summary": "asks who it is", "identifies": true,
        "exits": [{ "name": "next" }],
    }] });
    let catalog = rig.file("steps.json", catalog.to_string());
    let said = rig.say(&["check", &file, "--catalog", &catalog]).ended(0);
    assert!(said.err.contains("rests on what steps declare that are not built in: pick_user"), "{said:?}");
    let report = rig.say(&["check", &file, "--catalog", &catalog, "--format", "json"]).ended(0).json();
    let told = json!([{ "step": "pick_user", "version": 4, "verifies": null, "identifies": true }]);
    assert_eq!(report, json!({ "findings": [], "assumptions": told }));
}
