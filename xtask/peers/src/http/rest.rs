//! The released program comes in; how soon it answers, what it keeps in memory at rest, and its size go out.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::child::Child;
use super::connection::Connection;
use super::talk::Talk;
use crate::estimate::leave;
use crate::scratch;

/// The program under measure: `cargo xtask bench` says where it built it.
const PROGRAM: &str = "WAYFARER_PROGRAM";

pub(crate) fn measure(quick: bool) {
    let rounds = if quick { 3 } else { 21 };
    let program = env::var(PROGRAM).unwrap_or_else(|_| panic!("`{PROGRAM}` must name the released program"));
    let folder = scratch::folder();
    let journeys = folder.path().join("journeys");
    fs::create_dir(&journeys).unwrap();
    for number in 0..10 {
        let text = include_str!("../../../../journeys/temp_code_auth_journey.yaml");
        let text = text.replace("journey: temp_code_auth_journey", &format!("journey: journey_{number}"));
        fs::write(journeys.join(format!("journey_{number}.yaml")), text).unwrap();
    }
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut ours: Vec<_> = (0..=rounds).map(|_| start(&program, folder.path(), &runtime)).collect();
    // The first one makes the store and the keys.
    ours.remove(0);
    let mut floor: Vec<_> = (0..rounds).map(|_| start_floor(&runtime)).collect();
    for (name, all) in [("ours", &mut ours), ("floor", &mut floor)] {
        all.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (soon, memory) = all[all.len() / 2];
        eprintln!("{name}: first answer after {:.1} ms, {:.1} MB at rest", soon / 1e6, memory / 1e6);
        leave(&format!("rest/{name}, first answer"), soon);
        leave(&format!("rest/{name}, memory"), memory);
    }
    leave("rest/ours, size", fs::metadata(&program).unwrap().len() as f64);
}

/// From the start of the process to its first answer, and what it keeps in memory then.
fn start(program: &str, folder: &Path, runtime: &Runtime) -> (f64, f64) {
    let begun = Instant::now();
    let mut process = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--format", "json"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let report: Value = serde_json::from_str(&line).expect("the server says where it listens");
    let address = report["public"].as_str().unwrap().parse().unwrap();
    runtime.block_on(async {
        let request = b"GET /.well-known/jwks.json HTTP/1.1\r\nhost: localhost\r\n\r\n";
        assert_eq!(Connection::open(address).await.ask(request).await.0, 200);
    });
    let taken = begun.elapsed().as_nanos() as f64;
    let memory = memory(process.id());
    process.kill().unwrap();
    process.wait().unwrap();
    (taken, memory)
}

fn start_floor(runtime: &Runtime) -> (f64, f64) {
    let begun = Instant::now();
    let child = Child::start("hello", 0);
    let request = Talk::Hello.first(0);
    let status = runtime.block_on(async { Connection::open(child.ready.address).await.ask(&request).await.0 });
    assert_eq!(status, 200);
    (begun.elapsed().as_nanos() as f64, memory(child.id()))
}

/// The bytes of a process that are in memory.
fn memory(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() * 1024.0
}
