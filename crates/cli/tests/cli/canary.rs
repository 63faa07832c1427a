//! No code and no token is found anywhere but where it was asked for (law 8, R114).

use std::fs;
use std::path::Path;

use crate::rig::{Rig, Said, journey, reference};

/// Everything that was said, and every file that was left.
#[derive(Default)]
struct Heap {
    said: Vec<(String, String)>,
    canaries: Vec<String>,
}

impl Heap {
    /// Runs a command with everything logged, and keeps what it says.
    fn say(&mut self, rig: &Rig, words: &[&str], keep_out: bool) -> Said {
        let mut command = rig.command();
        command.args(words).args(["--data", "data"]).env("WAYFARER_LOG", "trace");
        let said: Said = command.output().unwrap().into();
        let name = words[..2].join(" ");
        self.said.push((format!("{name}: stderr"), said.err.clone()));
        if keep_out {
            self.said.push((format!("{name}: stdout"), said.out.clone()));
        }
        said
    }

    #[track_caller]
    fn search(&self, rig: &Rig) {
        let mut hay: Vec<(String, Vec<u8>)> =
            self.said.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
        collect(rig.folder.path(), &mut hay);
        assert!(hay.iter().any(|(name, _)| name.ends_with("wayfarer.redb")));
        let logged = self.said.iter().filter(|(_, said)| said.contains("start{journey=")).count();
        assert!(logged > 3, "there must be logs for the search to mean anything: {logged}");
        for (name, bytes) in &hay {
            for canary in &self.canaries {
                let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
                assert!(!found, "a canary of {} characters sits in {name}", canary.len());
            }
        }
    }
}

fn collect(folder: &Path, hay: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, hay);
        } else {
            hay.push((path.display().to_string(), fs::read(path).unwrap()));
        }
    }
}

#[test]
fn r114_no_secret_is_found_in_any_output_log_or_file() {
    let rig = Rig::new();
    let mut heap = Heap::default();
    let user = ["--identifier", "user123"];
    heap.say(&rig, &["user", "add", "--external-user-id", "user123"], true).ended(0);

    // Eight digits, so that no time or id looks like a code by accident.
    let issue = |heap: &mut Heap| {
        let words = [&["code", "issue"][..], &user, &["--expires-in", "900", "--format", "json"]].concat();
        let code = heap.say(&rig, &words, false).ended(0).json()["code"].as_str().unwrap().to_owned();
        assert_eq!(code.len(), 8);
        heap.canaries.push(code.clone());
        code
    };
    let run = |heap: &mut Heap, code: &str, further: &[&str]| {
        let (file, code) = (reference(), format!("temp_code={code}"));
        let words = [&["run", &file, "-p", "external_user_id=user123", "-p", &code][..], further].concat();
        heap.say(&rig, &words, further.is_empty())
    };

    let code = issue(&mut heap);
    heap.canaries.push("canary-7f3b91d2".to_owned());
    run(&mut heap, "canary-7f3b91d2", &[]).ended(1);
    run(&mut heap, &code, &[]).ended(0);
    run(&mut heap, &code, &[]).ended(1);

    let code = issue(&mut heap);
    let shown = run(&mut heap, &code, &["--show-tokens", "--format", "json"]).ended(0).json();
    for name in ["access_token", "id_token"] {
        let token = shown["tokens"][name].as_str().unwrap();
        heap.canaries.push(token.to_owned());
        heap.canaries.push(token.rsplit('.').next().unwrap().to_owned());
    }

    // A run that waits keeps its parameters; a code on standard input; words that the parser refuses.
    let code = issue(&mut heap);
    let param = format!("temp_code={code}");
    heap.say(&rig, &["run", &journey("guided_recovery"), "-p", "external_user_id=user123", "-p", &param], true)
        .ended(2);
    heap.say(&rig, &["run", &reference(), "-p", &code], true).ended(2);
    let twice = ["run", &reference(), "-p", &param, "-p", &param, "--format", "json"];
    heap.say(&rig, &twice, true).ended(2);

    for words in [["user", "show"], ["code", "revoke"], ["user", "disable"]] {
        heap.say(&rig, &[&words[..], &user].concat(), true).ended(0);
    }
    heap.say(&rig, &["audit", "show", "--limit", "1000"], true).ended(0);
    heap.say(&rig, &["audit", "verify"], true).ended(0);

    // The keys themselves stand in the key file and nowhere else.
    let keys = fs::read_to_string(rig.path("data.keys")).unwrap();
    let keys: serde_json::Value = serde_json::from_str(&keys).unwrap();
    heap.canaries.extend(keys["keys"].as_array().unwrap().iter().map(|key| key["secret"].as_str().unwrap().to_owned()));
    fs::remove_file(rig.path("data.keys")).unwrap();

    heap.search(&rig);
}
