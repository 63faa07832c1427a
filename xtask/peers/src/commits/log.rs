//! The least that a durable commit can be: bytes at the end of a file, synced, and a table in memory of what they say.
//!
//! One thread writes whatever has queued and syncs once. There is no timer.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};

use super::{RECORDS, SIZE, changed, records_of};

type Table = Arc<Mutex<HashMap<usize, (u64, Vec<u8>)>>>;

/// A record in its next version, and where the writer waits.
struct Job {
    record: usize,
    version: u64,
    value: Vec<u8>,
    answer: oneshot::Sender<()>,
}

pub(super) struct Log {
    table: Table,
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Log {
    pub(super) fn new(path: &Path) -> Self {
        let table: Table = Arc::new(Mutex::new((0..RECORDS).map(|record| (record, (1, vec![0; SIZE]))).collect()));
        let file = File::create(path).unwrap();
        let (jobs, queue) = mpsc::channel(1024);
        let serving = table.clone();
        let thread = thread::spawn(move || serve(file, &serving, queue));
        Self { table, jobs: Some(jobs), thread: Some(thread) }
    }

    pub(super) fn commit(&self, writers: usize, rounds: u64) -> Duration {
        let runtime = Builder::new_current_thread().build().unwrap();
        let started = Instant::now();
        runtime.block_on(join_all((0..writers).map(|writer| self.write(writer, rounds))));
        started.elapsed()
    }

    async fn write(&self, writer: usize, rounds: u64) {
        for record in records_of(writer, rounds) {
            let (version, value) = self.table.lock().unwrap()[&record].clone();
            let (answer, done) = oneshot::channel();
            let job = Job { record, version: version + 1, value: changed(value), answer };
            self.jobs.as_ref().unwrap().send(job).await.unwrap();
            done.await.unwrap();
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        drop(self.jobs.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

fn serve(mut file: File, table: &Table, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut group = vec![first];
        while let Ok(job) = jobs.try_recv() {
            group.push(job);
        }
        let mut bytes = Vec::new();
        for job in &group {
            bytes.extend_from_slice(&(job.record as u64).to_be_bytes());
            bytes.extend_from_slice(&job.version.to_be_bytes());
            bytes.extend_from_slice(&(job.value.len() as u64).to_be_bytes());
            bytes.extend_from_slice(&job.value);
        }
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
        let mut table = table.lock().unwrap();
        for Job { record, version, value, answer } in group {
            table.insert(record, (version, value));
            // A writer that stopped waiting has no use for the answer.
            _ = answer.send(());
        }
    }
}
