//! Commits of many at once come in; one transaction for all that wait goes to the file, and each is told when it is durable.

use std::sync::Arc;
use std::thread;

use tokio::sync::{mpsc, oneshot};

use super::{Disk, Put, Redb, write};

/// A file whose commits share their syncs, as a server for many would have it.
pub(crate) struct Grouped {
    file: Arc<Redb>,
    queue: mpsc::UnboundedSender<Asked>,
}

type Asked = (Vec<Put>, Vec<Vec<u8>>, oneshot::Sender<()>);

impl Grouped {
    pub(crate) fn new(file: Redb) -> Self {
        let file = Arc::new(file);
        let (queue, mut asked) = mpsc::unbounded_channel();
        let ours = file.clone();
        thread::spawn(move || {
            let mut waiting: Vec<Asked> = Vec::new();
            while asked.blocking_recv_many(&mut waiting, usize::MAX) > 0 {
                let transaction = ours.0.begin_write().unwrap();
                let mut told = Vec::with_capacity(waiting.len());
                for (puts, entries, tell) in waiting.drain(..) {
                    write(&transaction, puts, &entries);
                    told.push(tell);
                }
                transaction.commit().unwrap();
                for tell in told {
                    // Whoever asked may be gone.
                    let _ = tell.send(());
                }
            }
        });
        Self { file, queue }
    }
}

impl Disk for Grouped {
    fn get(&self, key: &[u8]) -> Option<(u64, Vec<u8>)> {
        self.file.get(key)
    }

    async fn commit(&self, puts: Vec<Put>, entries: Vec<Vec<u8>>) {
        let (tell, told) = oneshot::channel();
        self.queue.send((puts, entries, tell)).unwrap();
        told.await.unwrap();
    }
}
