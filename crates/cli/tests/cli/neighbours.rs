//! Journeys that invoke others: what lies beside a file is known to it, and is played with it.

use serde_json::json;

use crate::rig::{Rig, journey, wrong};

const MAIN: &str = "\
journey: main
steps:
  call:
    type: invoke_sub_journey
    with: { journey: part, params: { text: hello } }
    branches: { completed: done, rejected: abort }
  done: { type: complete_journey }
";

const PART: &str = "\
journey: part
kind: sub
params: { text: string }
steps:
  done: { type: complete_journey }
";

#[test]
fn a_file_may_invoke_what_lies_beside_it() {
    let rig = Rig::new();
    std::fs::create_dir(rig.path("here")).unwrap();
    rig.file("here/main.yaml", MAIN);
    let said = rig.say(&["check", "here/main.yaml"]).ended(1);
    assert!(said.out.contains("there is no journey `part`"), "{said:?}");

    rig.file("here/part.yaml", PART);
    rig.file("here/broken.yaml", "journey: broken\n");
    let said = rig.say(&["check", "here/main.yaml"]).ended(0);
    assert!(said.err.contains("1 journey"), "only what was named is told of: {said:?}");
    rig.say(&["graph", "here/main.yaml"]).ended(0);
    let said = rig.ask(&["run", "here/main.yaml"]).ended(0);
    assert_eq!(said.json()["path"], json!(["call", "call/done", "done"]));
    let said = rig.say(&["run", "here/main.yaml", "--data", "data"]).ended(0);
    assert!(said.err.contains("call/done") && said.err.contains("complete_journey"), "{said:?}");

    // Named by a folder, every file is told of.
    rig.say(&["check", "here"]).ended(1);
    let said = rig.say(&["check", "here/main.yaml", "here/part.yaml"]).ended(0);
    assert!(said.err.contains("2 journeys"), "{said:?}");
}

#[test]
fn a_mistake_in_what_is_invoked_is_told_before_anything_runs() {
    let rig = Rig::new();
    rig.file("main.yaml", MAIN);
    rig.file("part.yaml", PART.replace("complete_journey", "complete_jurney"));
    rig.say(&["check", "main.yaml"]).ended(0);
    let said = rig.say(&["run", "main.yaml", "--data", "data"]).ended(1);
    assert!(said.out.contains("part.yaml:5") && said.out.contains("complete_jurney"), "{said:?}");
    assert!(!rig.path("data").exists());

    let said = rig.say(&["run", "part.yaml", "-p", "text=a", "--data", "data"]);
    assert_eq!(said.code, 1, "a sub-journey with mistakes");
    rig.file("part.yaml", PART);
    let said = rig.say(&["run", "part.yaml", "-p", "text=a", "--data", "data"]).ended(2);
    assert!(said.err.contains("only another journey can start it"), "{said:?}");
}

#[test]
fn two_journeys_with_one_id_are_told_apart_by_nobody() {
    let rig = Rig::new();
    std::fs::create_dir(rig.path("here")).unwrap();
    rig.file("here/one.yaml", PART);
    rig.file("here/two.yaml", PART);
    let said = rig.say(&["check", "here"]).ended(1);
    assert!(said.out.contains("J0210") && said.out.contains("here/one.yaml"), "{said:?}");
}

#[test]
fn one_sub_journey_asks_for_both_codes() {
    let rig = Rig::new();
    rig.user("user123");
    let code = rig.code("user123");
    let answer = |code: &str| json!({ "step": "ask", "data": { "temp_code": code } });
    let answers = [answer(&wrong(&code)), answer(&code), answer(&code), json!({ "step": "ask", "option": "cancel" })];
    rig.file("answers.json", json!({ "answers": answers }).to_string());
    let words =
        ["run", &journey("recovery_by_two_agents"), "-p", "external_user_id=user123", "--answers", "answers.json"];
    let end = rig.ask(&words).ended(1).json();
    let path: Vec<_> = end["path"].as_array().unwrap().iter().filter_map(|step| step.as_str()).collect();
    assert!(path.contains(&"first_agent/proven") && path.contains(&"second_agent/not_proven"), "{path:?}");
    assert_eq!(path.last(), Some(&"deny_access"));
}
