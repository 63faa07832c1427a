//! A folder of its own and the built binary for each test.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

/// The reference journey, as it is handed out.
pub(crate) fn reference() -> String {
    journey("temp_code_auth_journey")
}

/// A journey that is handed out.
pub(crate) fn journey(name: &str) -> String {
    format!("{}/{name}.yaml", journeys())
}

/// The folder of those that are handed out.
pub(crate) fn journeys() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    root.join("journeys").to_str().unwrap().to_owned()
}

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// The one line of JSON on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        let read = serde_json::from_str(&self.out);
        assert!(read.is_ok(), "{self:?}");
        read.unwrap()
    }

    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A folder with room for a store, its keys and files.
pub(crate) struct Rig {
    pub(crate) folder: TempDir,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        name.to_owned()
    }

    /// A file that nobody else may read.
    pub(crate) fn private_file(&self, name: &str, content: impl AsRef<[u8]>) {
        self.file(name, content);
        #[cfg(unix)]
        std::fs::set_permissions(self.path(name), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }

    /// The binary in the folder, with nothing of our environment that it would heed.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wayfarer"));
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        for name in HEEDED {
            command.env_remove(name);
        }
        command
    }

    /// Runs `wayfarer` with these words.
    pub(crate) fn say(&self, words: &[&str]) -> Said {
        self.command().args(words).output().unwrap().into()
    }

    /// The same, with lines on standard input.
    pub(crate) fn say_with(&self, words: &[&str], input: &str) -> Said {
        let mut command = self.command();
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may end without reading.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap().into()
    }

    /// Runs a command on the store, for a machine.
    pub(crate) fn ask(&self, words: &[&str]) -> Said {
        self.say(&[words, &["--data", "data", "--format", "json"]].concat())
    }

    /// Adds a user.
    pub(crate) fn user(&self, external_id: &str) {
        self.ask(&["user", "add", "--external-user-id", external_id]).ended(0);
    }

    /// Issues a code for a user.
    pub(crate) fn code(&self, external_id: &str) -> String {
        let said = self.ask(&["code", "issue", "--identifier-type", "external_user_id", "--identifier", external_id]);
        said.ended(0).json()["code"].as_str().unwrap().to_owned()
    }

    /// Runs the reference journey.
    pub(crate) fn run(&self, external_id: &str, code: &str) -> Said {
        let (user, code) = (format!("external_user_id={external_id}"), format!("temp_code={code}"));
        self.ask(&["run", &reference(), "-p", &user, "-p", &code])
    }
}

/// What the binary heeds of the environment.
const HEEDED: [&str; 17] = [
    "WAYFARER_SERVER",
    "WAYFARER_CLIENT_ID",
    "WAYFARER_CLIENT_SECRET",
    "WAYFARER_CONFIG",
    "WAYFARER_DATA",
    "WAYFARER_KEYS",
    "WAYFARER_LOG",
    "WAYFARER_LISTEN",
    "WAYFARER_ADMIN_LISTEN",
    "WAYFARER_JOURNEYS",
    "WAYFARER_ISSUER",
    "WAYFARER_PROFILE",
    "WAYFARER_TLS_CERTIFICATES",
    "WAYFARER_TLS_KEY",
    "NO_COLOR",
    "CLICOLOR_FORCE",
    "USER",
];

/// Another code of the same length.
pub(crate) fn wrong(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
}
