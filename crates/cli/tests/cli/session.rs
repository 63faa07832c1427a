//! The sessions that the guide shows, word for word.

use serde_json::json;

use crate::rig::{Rig, journey, reference, wrong};

#[test]
fn support_issues_a_code_and_the_user_gets_in() {
    let rig = Rig::new();
    let words = ["user", "add", "--external-user-id", "user123", "--email", "ann@example.com", "--data", "data"];
    rig.say(&words).ended(0);

    let issue = ["code", "issue", "--identifier-type", "external_user_id", "--identifier", "user123"];
    let issued = rig.ask(&[&issue[..], &["--expires-in", "600"]].concat()).ended(0).json();
    let code = issued["code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "R3: {code}");
    assert!(issued["expires_at"].as_str().unwrap().ends_with('Z'));

    let rejected = rig.run("user123", &wrong(code)).ended(1).json();
    assert_eq!(rejected["outcome"], "rejected");
    assert_eq!(rejected["path"], json!(["verify_code", "deny_access"]));
    assert_eq!(rejected["data"], json!({ "message": "This code is not valid. Please call support again." }));

    let completed = rig.run("user123", code).ended(0).json();
    assert_eq!(completed["outcome"], "completed");
    assert_eq!(completed["path"], json!(["verify_code", "restore_access"]));
    assert_eq!((&completed["claims"]["amr"], &completed["claims"]["acr"]), (&json!(["tac"]), &json!("recovery")));
    assert!(completed["tokens"]["expires_in"].as_i64().unwrap() <= 600, "R32");
    assert!(completed["tokens"]["session_id"].is_string());
}

#[test]
fn tokens_are_printed_only_when_asked_for() {
    let rig = Rig::new();
    rig.user("user123");
    let names = |json: &serde_json::Value| json["tokens"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let code = rig.code("user123");
    let quiet = rig.run("user123", &code).ended(0).json();
    assert!(!names(&quiet).iter().any(|name| name.ends_with("_token")), "{quiet}");

    let code = format!("temp_code={}", rig.code("user123"));
    let words = ["run", &reference(), "-p", "external_user_id=user123", "-p", &code, "--show-tokens"];
    let loud = rig.ask(&words).ended(0).json();
    for name in ["access_token", "id_token"] {
        assert_eq!(loud["tokens"][name].as_str().unwrap().split('.').count(), 3, "{name}");
    }
    assert!(loud["tokens"].get("refresh_token").is_none(), "a temporary code gives no refresh token");
}

#[test]
fn a_code_need_not_stand_in_the_words() {
    let rig = Rig::new();
    rig.user("user123");
    let code = rig.code("user123");
    let words = ["run", &reference(), "-p", "external_user_id=user123", "-p", "temp_code=-", "--data", "data"];
    let said = rig.say_with(&words, &format!("{code}\n")).ended(0);
    assert!(said.out.contains("completed"), "{said:?}");
    assert!(said.err.contains("verify_code") && said.err.contains("restore_access"), "the path is shown: {said:?}");

    let said = rig.say_with(&words, "").ended(2);
    assert!(said.err.contains("the parameter `temp_code` is asked for, and the input has ended"), "{said:?}");
}

#[test]
fn a_client_step_is_answered_from_standard_input() {
    let rig = Rig::new();
    rig.user("user123");
    let code = format!("temp_code={}", rig.code("user123"));
    let file = journey("guided_recovery");
    let words = ["run", &file, "-p", "external_user_id=user123", "-p", &code, "--data", "data"];

    let ended = rig.say_with(&words, "").ended(2);
    assert!(ended.err.contains("the step `explain` asks, and the input has ended"), "{ended:?}");
    assert!(ended.err.contains("Recover your account"), "the text is shown: {ended:?}");

    let done = rig.say_with(&words, "\n\n").ended(0);
    assert!(done.err.contains("Welcome back") && done.out.contains("completed"), "{done:?}");
}

#[test]
fn r11_three_wrong_codes_in_three_runs_lock_the_user() {
    let rig = Rig::new();
    rig.user("user123");
    let code = rig.code("user123");
    for _ in 0..3 {
        rig.run("user123", &wrong(&code)).ended(1);
    }
    let show = || rig.ask(&["user", "show", "--identifier", "user123"]).ended(0).json()["temp_code"].clone();
    let locked = show();
    assert_eq!(locked["code"]["status"], "burnt", "{locked}");
    let until = locked["locked_until"].as_str().unwrap().to_owned();

    rig.run("user123", &code).ended(1);
    let fresh = rig.code("user123");
    rig.run("user123", &fresh).ended(1);
    assert_eq!(show()["locked_until"], until, "nothing extends a lock");

    let words = ["code", "unlock", "--identifier", "user123", "--reason", "called back"];
    assert_eq!(rig.ask(&words).ended(0).json(), json!({ "done": true }));
    rig.run("user123", &fresh).ended(0);
}

#[test]
fn a_disabled_user_stays_out() {
    let rig = Rig::new();
    rig.user("user123");
    let code = rig.code("user123");
    rig.ask(&["user", "disable", "--identifier", "user123"]).ended(0);
    rig.run("user123", &code).ended(1);
    let refused = rig.ask(&["code", "issue", "--identifier", "user123"]).ended(2);
    assert_eq!(refused.json()["error"]["code"], "user_disabled");

    rig.ask(&["user", "enable", "--identifier", "user123"]).ended(0);
    rig.run("user123", &code).ended(1);
    let code = rig.code("user123");
    rig.run("user123", &code).ended(0);
}

#[test]
fn the_trail_tells_what_happened_and_is_whole() {
    let rig = Rig::new();
    rig.user("user123");
    let code = rig.code("user123");
    let run = rig.run("user123", &wrong(&code)).ended(1).json()["run"].as_str().unwrap().to_owned();

    let shown = rig.ask(&["audit", "show", "--run", &run]).ended(0).json();
    let entries = shown["entries"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["name"] == "tempcode.attempt_failed"), "{shown}");
    assert!(entries.iter().all(|entry| entry["run"] == run.as_str()));
    let last = rig.ask(&["audit", "show", "--limit", "1"]).ended(0).json();
    assert_eq!(last["entries"].as_array().unwrap().len(), 1);

    let proof = rig.ask(&["audit", "verify"]).ended(0).json();
    assert_eq!((&proof["intact"], &proof["findings"]), (&json!(true), &json!([])));
}

#[test]
fn the_demonstration_plays() {
    let said = Rig::new().say(&["demo"]).ended(0);
    for word in [
        "verify_code",
        "POST /oidc/token",
        "POST /cis/v1/auth/otp/send",
        "anonymous_invoke?clientId=web",
        "\"state\":\"completed\"",
        "byte for byte",
        "tempcode.attempt_refused  no_live_code",
        "tempcode.attempt_refused  expired",
        "tempcode.attempt_refused  locked",
        "everything was as it should be",
    ] {
        assert!(said.out.contains(word), "{said:?}");
    }
}
