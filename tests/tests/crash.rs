//! `kill -9` at 200 random moments while a process issues and verifies codes (laws 2, 4 and 10; R7, R9, R118).
//!
//! The worker says each thing only after the store has acknowledged it. Whatever it had said when it died must be true of the
//! store, and nothing may have happened twice.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use wayfarer::{AuditQuery, Outcome, Wayfarer, json};

const KILLS: u64 = 200;
const JOURNEY: &str = include_str!("../../journeys/temp_code_auth_journey.yaml");

/// What a worker had said when it died.
#[derive(Default)]
struct Said {
    users: HashSet<String>,
    issued: HashSet<String>,
    used: HashSet<String>,
    wrong: HashMap<String, u64>,
    /// The code that may or may not have been used.
    trying: Option<(String, String, String)>,
}

impl Said {
    fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').map(str::trim).collect();
        match words.as_slice() {
            ["user", user] => drop(self.users.insert((*user).to_owned())),
            ["issued", _, code] => drop(self.issued.insert((*code).to_owned())),
            ["wrong", _, code] => *self.wrong.entry((*code).to_owned()).or_default() += 1,
            ["trying", user, code, digits] => {
                self.trying = Some(((*user).to_owned(), (*code).to_owned(), (*digits).to_owned()));
            }
            ["used", _, code] => {
                self.used.insert((*code).to_owned());
                self.trying = None;
            }
            other => unreachable_line(other),
        }
    }
}

#[expect(clippy::panic, reason = "a worker that says something else is a defect of the test")]
fn unreachable_line(words: &[&str]) {
    panic!("the worker said {words:?}");
}

/// Lets a worker say `lines` things and kills it.
fn kill_after(lines: u64, data: &Path, keys: &Path, seed: u64) -> Said {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_crash_worker"))
        .args([data.as_os_str(), keys.as_os_str()])
        .arg(seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = Said::default();
    let mut out = BufReader::new(worker.stdout.take().unwrap());
    let mut line = String::new();
    for _ in 0..lines {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "the worker ended by itself after {:?}", said.users.len());
        said.hear(&line);
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    // What it said between the last line read and its death counts too; a line cut in half does not.
    for line in out.lines().map_while(Result::ok) {
        if line.split(' ').count() >= 2 && !cut(&line) {
            said.hear(&line);
        }
    }
    said
}

/// Whether the pipe ended within this line: ids have a known length.
fn cut(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["user", _] => false,
        ["issued" | "wrong" | "used", _, code] => code.len() != 36,
        ["trying", _, _, digits] => digits.len() != 6,
        _ => true,
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_and_nothing_happens_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (data, keys) = (folder.path().join("data"), folder.path().join("keys"));
    let mut seen = None;
    let (mut spared, mut struck) = (0, 0);
    for round in 0..KILLS {
        // A different number of lines each round, so that death comes at every kind of moment.
        let said = kill_after(1 + round * 7 % 23, &data, &keys, round);
        let wayfarer = Wayfarer::in_folder(&data, &keys).journey("journey.yaml", JOURNEY).open().await.unwrap();
        let again = match &said.trying {
            None => None,
            Some((user, code, digits)) => {
                let params = json!({ "external_user_id": user, "temp_code": digits });
                let answer = wayfarer.start("temp_code_auth_journey", params).await.unwrap();
                let accepted = matches!(answer.outcome, Outcome::Completed { .. });
                if accepted {
                    spared += 1
                } else {
                    struck += 1
                }
                Some((code.clone(), accepted))
            }
        };
        seen = judge(&wayfarer, &said, again, seen).await;
        if round % 20 == 19 {
            assert!(wayfarer.identity().verify_audit(wayfarer.tenant()).await.unwrap().is_intact(), "round {round}");
        }
    }
    assert!(spared > 0 && struck > 0, "the kills came at one kind of moment only: {spared} and {struck}");
}

/// Holds what was said against the trail of this round, and tells where the trail ends.
async fn judge(wayfarer: &Wayfarer, said: &Said, again: Option<(String, bool)>, after: Option<u64>) -> Option<u64> {
    let query = AuditQuery { after, limit: usize::MAX, ..AuditQuery::default() };
    let entries = wayfarer.identity().audit(wayfarer.tenant(), &query).await.unwrap().entries;
    let mut added = HashSet::new();
    let (mut issued, mut verified, mut counted, mut failed) =
        (HashSet::new(), HashMap::new(), HashMap::new(), HashMap::new());
    for entry in &entries {
        let code = || entry.fact.details.get("code_id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
        match &*entry.fact.name {
            "user.added" => drop(added.insert(entry.fact.subject.clone())),
            "tempcode.issued" => drop(issued.insert(code())),
            "tempcode.verified" => *verified.entry(code()).or_insert(0_u64) += 1,
            "tempcode.attempt_counted" => *counted.entry(code()).or_insert(0_u64) += 1,
            "tempcode.attempt_failed" => *failed.entry(code()).or_insert(0_u64) += 1,
            _ => {}
        }
    }
    assert!(added.len() >= said.users.len(), "a user was lost");
    assert!(said.issued.is_subset(&issued), "a code was lost");
    for code in &said.used {
        assert_eq!(verified.get(code), Some(&1), "an acknowledged use was lost");
    }
    for (code, times) in &verified {
        assert_eq!(*times, 1, "the code {code} was accepted twice");
    }
    for (code, times) in &counted {
        assert!(*times <= 3, "the code {code} was compared {times} times");
    }
    for (code, times) in &said.wrong {
        assert!(counted.get(code) >= Some(times), "an attempt was refunded");
        assert!(failed.get(code) >= Some(times), "a wrong attempt left no trace");
    }
    if let Some((code, accepted)) = again {
        assert!(!(accepted && said.used.contains(&code)), "a used code was accepted");
        // Either the dead worker used it or we did, or it was lost to an attempt that was counted and not made.
        assert!(verified.get(&code).copied().unwrap_or_default() >= u64::from(accepted));
    }
    entries.last().map(|entry| entry.position).or(after)
}
