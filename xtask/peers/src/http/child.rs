//! A kind of server comes in; a process of its own on the first core goes out, gone when it is dropped.

use std::env::current_exe;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{self, Command, Stdio};

use serde::{Deserialize, Serialize};

/// What a server says once it listens.
#[derive(Serialize, Deserialize)]
pub(super) struct Ready {
    pub(super) address: SocketAddr,
    /// Where operators ask.
    pub(super) admin: Option<SocketAddr>,
    /// A code for each user, in order.
    pub(super) codes: Vec<String>,
}

impl Ready {
    pub(super) fn say(&self) {
        let mut out = std::io::stdout().lock();
        serde_json::to_writer(&mut out, self).unwrap();
        out.write_all(b"\n").unwrap();
        out.flush().unwrap();
    }
}

pub(super) struct Child {
    process: process::Child,
    pub(super) ready: Ready,
}

impl Child {
    pub(super) fn start(kind: &str, count: usize) -> Self {
        let mut process = Command::new(current_exe().unwrap())
            .args(["serve", kind, &count.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the server `{kind}` does not start"));
        Self { process, ready }
    }

    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// The rest of this process, and all that it starts, stays on the first core.
pub(super) fn pin() {
    core_affinity::set_for_current(core_affinity::CoreId { id: 0 });
}

/// The name of a user.
pub(super) fn user(number: usize) -> String {
    format!("b1f6c2d4-user-{number:09}")
}
