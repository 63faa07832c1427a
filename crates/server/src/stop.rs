//! The wish to stop comes in once; everybody who works learns of it, and whoever stops waits until all work is done.

use tokio::sync::{mpsc, watch};

/// Says that it is time to stop.
pub(crate) struct Stopper(watch::Sender<bool>);

/// Learns that it is time to stop. A clone learns it too.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

/// A pair that belongs together.
pub(crate) fn stop() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// It is time to stop.
    pub(crate) fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Comes back when it is time to stop, or nobody is left to say so.
    pub(crate) async fn wanted(&mut self) {
        drop(self.0.wait_for(|stop| *stop).await);
    }

    /// Whether it is time to stop.
    pub(crate) fn is_wanted(&self) -> bool {
        *self.0.borrow()
    }
}

/// Held while something is under way that is not to be cut.
#[derive(Clone)]
pub(crate) struct Work {
    _held: mpsc::Sender<()>,
}

/// Waits until nothing is under way.
pub(crate) struct AllWork(mpsc::Receiver<()>);

/// A pair that belongs together.
pub(crate) fn work() -> (Work, AllWork) {
    let (held, receiver) = mpsc::channel(1);
    (Work { _held: held }, AllWork(receiver))
}

impl AllWork {
    /// Comes back when everything that was under way is done.
    pub(crate) async fn done(mut self) {
        // Nothing is ever sent: it ends when the last holder is gone.
        let _ = self.0.recv().await;
    }
}
