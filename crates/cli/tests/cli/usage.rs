//! Wrong words, wrong keys, foreign files: one clear sentence each, exit code 2, and the same as data.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::rig::{Rig, Said, journey, reference};

#[track_caller]
fn refused(said: Said, code: &str, words: &str) {
    let said = said.ended(2);
    assert_eq!(said.json()["error"]["code"], code, "{said:?}");
    assert!(said.err.contains(words), "{said:?}");
}

#[test]
fn parameters_are_judged_by_their_declaration() {
    let rig = Rig::new();
    let file = reference();
    let run = |words: &[&str]| rig.ask(&[&["run", &file][..], words].concat());
    refused(run(&[]), "missing_parameter", "the parameter `external_user_id` is missing");
    refused(run(&["-p", "external_user=a"]), "unknown_parameter", "did you mean `external_user_id`?");
    refused(run(&["-p", "482913"]), "usage", "`-p` takes `name=value`");
    refused(run(&["-p", "temp_code=1", "-p", "temp_code=2"]), "usage", "given twice");

    let file = journey("recovery_after_loss");
    let words = ["run", &file, "-p", "external_user_id=a", "-p", "temp_code=1", "-p", "device_lost=perhaps"];
    refused(rig.ask(&words), "invalid_parameters", "the value of `device_lost` does not fit");
    assert!(!rig.path("data").exists(), "wrong usage makes no store");
}

#[test]
fn a_journey_with_mistakes_does_not_run() {
    let rig = Rig::new();
    let file = rig.file("a.yaml", "journey: a\nsteps: {}\n");
    let said = rig.ask(&["run", &file]).ended(1);
    assert!(!said.json()["findings"].as_array().unwrap().is_empty());
    let said = rig.say(&["run", &file]).ended(1);
    assert!(said.out.contains("error[J0106]"), "{said:?}");
    refused(rig.ask(&["run", "missing.yaml"]), "cannot_open", "cannot open `missing.yaml`");
}

#[test]
fn r6_a_lifetime_out_of_bounds_is_refused() {
    let rig = Rig::new();
    rig.user("user123");
    for seconds in ["0", "59", "3601", "-60", "9223372036854775807"] {
        let said = rig.ask(&["code", "issue", "--identifier", "user123", "--expires-in", seconds]);
        refused(said, "invalid_input", "3600");
    }
    refused(rig.ask(&["code", "issue", "--identifier", "user123", "--expires-in", "600.5"]), "usage", "600.5");
}

#[test]
fn administration_names_what_is_wrong() {
    let rig = Rig::new();
    rig.user("user123");
    refused(rig.ask(&["code", "issue", "--identifier", "nobody"]), "unknown_user", "there is no such user");
    refused(rig.ask(&["user", "add", "--external-user-id", "user123"]), "identifier_taken", "is taken already");
    refused(rig.ask(&["user", "add", "--user-id", "user123"]), "identifier_taken", "is taken already");
    refused(rig.ask(&["user", "add", "--email", "nonsense"]), "invalid_input", "must be one mail address");
    refused(
        rig.ask(&["code", "unlock", "--identifier", "user123", "--reason", " "]),
        "invalid_input",
        "`reason` must be",
    );
    let words = ["code", "issue", "--identifier", "user123", "--application", "shop"];
    refused(rig.ask(&words), "unknown_application", "there is no application `shop`");
}

#[test]
fn a_wrong_folder_is_named_and_stays_as_it_is() {
    let rig = Rig::new();
    for words in [["user", "show"], ["user", "disable"], ["code", "issue"], ["code", "revoke"]] {
        let said = rig.ask(&[&words[..], &["--identifier", "user123"]].concat());
        refused(said, "no_store", "there is no store in `data`");
    }
    refused(rig.ask(&["audit", "verify"]), "no_store", "there is no store in `data`");
    assert!(!rig.path("data").exists() && !rig.path("data.keys").exists());
}

#[test]
fn words_that_make_no_sense_are_refused_as_data_too() {
    let rig = Rig::new();
    let said = rig.say(&["run", "a.yaml", "482913", "--format", "json"]).ended(2);
    assert_eq!(said.json()["error"]["code"], "usage");
    assert!(!said.out.contains("482913"), "{said:?}");
}

#[test]
fn a_closed_pipe_is_no_reason_for_talk() {
    let rig = Rig::new();
    let mut command = rig.command();
    command.arg("explain").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let said: Said = child.wait_with_output().unwrap().into();
    assert!(said.code != 0 && said.err.is_empty(), "{said:?}");
}

#[test]
fn the_store_opens_with_its_own_keys_or_not_at_all() {
    let rig = Rig::new();
    rig.user("user123");
    let show = ["user", "show", "--identifier", "user123"];
    let mode = std::fs::metadata(rig.path("data.keys")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    // The keys of another store.
    rig.say(&["user", "add", "--username", "x", "--data", "other"]).ended(0);
    refused(rig.ask(&[&show[..], &["--keys", "other.keys"]].concat()), "wrong_key", "made with another key");

    std::fs::rename(rig.path("data.keys"), rig.path("away.keys")).unwrap();
    refused(rig.ask(&show), "key_file_missing", "needs its key file");
    assert!(!rig.path("data.keys").exists(), "no new keys hide that the old ones are missing");
    rig.ask(&[&show[..], &["--keys", "away.keys"]].concat()).ended(0);
    let said: Said =
        rig.command().args(show).args(["--data", "data"]).env("WAYFARER_KEYS", "away.keys").output().unwrap().into();
    said.ended(0);

    std::fs::set_permissions(rig.path("away.keys"), PermissionsExt::from_mode(0o640)).unwrap();
    refused(rig.ask(&[&show[..], &["--keys", "away.keys"]].concat()), "key_file_exposed", "chmod 600");
}

#[test]
fn a_foreign_file_is_not_taken_for_a_store() {
    let rig = Rig::new();
    std::fs::create_dir(rig.path("data")).unwrap();
    rig.file("data/wayfarer.redb", "somebody else's file".repeat(1000));
    std::fs::copy(
        {
            rig.say(&["user", "add", "--username", "x", "--data", "other"]).ended(0);
            rig.path("other.keys")
        },
        rig.path("data.keys"),
    )
    .unwrap();
    refused(rig.ask(&["user", "show", "--identifier", "x"]), "store_foreign", "is not a wayfarer store");
}

#[test]
fn a_held_store_is_named_as_held() {
    let rig = Rig::new();
    rig.user("user123");
    let words =
        ["run", &journey("guided_recovery"), "-p", "external_user_id=user123", "-p", "temp_code=1", "--data", "data"];
    let mut command = rig.command();
    command.args(words).stdin(Stdio::piped()).stderr(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    // It has the store once it asks. The pipe stays open meanwhile: without a reader it would end by itself.
    let mut asked = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(asked.any(|line| line.unwrap().contains("Recover your account")));
    let said = rig.ask(&["user", "show", "--identifier", "user123"]);
    drop(child.stdin.take());
    asked.for_each(drop);
    child.wait().unwrap();
    refused(said, "store_held", "is held by another process");
    rig.ask(&["user", "show", "--identifier", "user123"]).ended(0);
}
