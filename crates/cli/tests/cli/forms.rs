//! Forms in the terminal: fields are asked for one by one, or answered from a file.

use serde_json::json;

use crate::rig::{Rig, journey, wrong};

fn form() -> String {
    journey("recovery_by_form")
}

#[test]
fn identifier_and_code_are_asked_for_and_once_more_after_a_wrong_code() {
    let rig = Rig::new();
    rig.user("user123");
    let code = rig.code("user123");
    let words = ["run", &form(), "--data", "data"];
    let said = rig.say_with(&words, &format!("user123\n{}\n\n{code}\n", wrong(&code))).ended(0);
    assert!(said.out.contains("completed"), "{said:?}");
    assert!(said.err.contains("This code was not accepted."), "{said:?}");
    assert!(!said.err.contains(&code) && !said.out.contains(&code), "R99: {said:?}");

    // A field that does not fit ends a script, and the run with it.
    let said = rig.say_with(&words, "\n\n").ended(2);
    assert!(said.err.contains("identifier"), "{said:?}");
}

#[test]
fn answers_come_from_a_file_and_one_that_does_not_fit_is_told() {
    let rig = Rig::new();
    rig.user("user123");
    let code = rig.code("user123");
    let data = |code: &str| json!({ "identifier": "user123", "temp_code": code });
    let good = json!({ "answers": [
        { "step": "ask", "data": data(&wrong(&code)) },
        { "step": "ask_again", "option": "submit", "data": data(&code) },
    ] });
    rig.file("good.json", good.to_string());
    let answer = |file: &str| rig.ask(&["run", &form(), "--answers", file]);
    let completed = answer("good.json").ended(0).json();
    assert_eq!(completed["path"], json!(["ask", "verify", "ask_again", "verify_again", "restore_access"]));

    rig.file("cancel.yaml", "answers: [{ step: ask, option: cancel }]\n");
    assert_eq!(answer("cancel.yaml").ended(1).json()["path"], json!(["ask", "given_up"]));
    for (name, text, told) in [
        ("other.yaml", "answers: [{ step: ask_again }]\n", "`ask_again`"),
        ("option.yaml", "answers: [{ step: ask, option: forgot }]\n", "`forgot`"),
        ("few.yaml", "answers: []\n", "have ended"),
        ("many.yaml", "answers: [{ step: ask, option: cancel }, { step: ask }]\n", "is left"),
        ("none.yaml", "step: ask\n", "holds no answers"),
        ("twice.yaml", "answers: []\nanswers: []\n", "line 2, column 1"),
        ("field.yaml", "answers: [{ step: ask, data: { identifer: a } }]\n", "identifer"),
    ] {
        rig.file(name, text);
        let said = answer(name).ended(2);
        assert!(format!("{}{}", said.out, said.err).contains(told), "{name}: {said:?}");
    }
}

#[test]
fn a_loop_gives_three_tries_and_no_more() {
    let rig = Rig::new();
    rig.user("user123");
    let code = rig.code("user123");
    let play = |codes: &[&str]| {
        let answer = |code: &&str| json!({ "step": "ask", "data": { "identifier": "user123", "temp_code": code } });
        let answers: Vec<_> = codes.iter().map(answer).collect();
        rig.file("tries.json", json!({ "answers": answers }).to_string());
        rig.ask(&["run", &journey("recovery_three_tries"), "--answers", "tries.json"])
    };
    let guess = wrong(&code);
    let third = play(&[&guess, &guess, &code]).ended(0).json();
    assert_eq!(third["path"].as_array().map(Vec::len), Some(12), "{third}");

    let code = rig.code("user123");
    let none = play(&[&guess, &guess, &guess]).ended(1).json();
    assert_eq!(none["path"].as_array().and_then(|path| path.last()), Some(&json!("deny_access")));
    // The lock does not care for loops: it holds in the next run, too.
    assert_eq!(play(&[&code, &code, &code]).ended(1).json()["data"], none["data"]);
}

#[test]
fn what_only_waits_is_shown_and_waited_for() {
    let rig = Rig::new();
    let waits = r#"
journey: waits
steps:
  create: { type: create_cross_session_message, output: message, next: wait }
  wait:
    type: wait_for_cross_session_message
    with: { id: "@message.id", wait_timeout: 1, title: Go on elsewhere, content: "id:${message.id}" }
    branches: { next: done, timeout: late, cancel: given_up }
  done: { type: complete_journey }
  late: { type: reject_access }
  given_up: { type: reject_access }
"#;
    rig.file("waits.yaml", waits);
    let said = rig.ask(&["run", "waits.yaml"]).ended(1);
    assert_eq!(said.json()["path"], json!(["create", "wait", "late"]));
    for told in ["Go on elsewhere", "id:", "waiting until"] {
        assert_eq!(said.err.matches(told).count(), 1, "{told}: {said:?}");
    }
    rig.file("cancel.yaml", "answers: [{ step: wait, option: cancel }]\n");
    let said = rig.ask(&["run", "waits.yaml", "--answers", "cancel.yaml"]).ended(1);
    assert_eq!(said.json()["path"], json!(["create", "wait", "given_up"]));
}
