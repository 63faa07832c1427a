//! A folder comes in; a word goes out whenever journeys in it have changed and it is quiet again.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long it has to be quiet: an editor writes a file in several steps.
const QUIET: Duration = Duration::from_millis(150);

/// Watches while it is held.
pub(in crate::command) struct Watch {
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Watches a folder with all that lies below it, or one file.
    pub(in crate::command) fn over(path: &Path) -> Result<(Self, mpsc::Receiver<()>)> {
        let (noticed, seen) = mpsc::channel(1);
        let look = move |event: notify::Result<Event>| {
            // If one is waiting already, this one is seen with it.
            if event.is_ok_and(|event| matters(&event)) {
                let _ = noticed.try_send(());
            }
        };
        let unwatched = || format!("`{}` cannot be watched", path.display());
        let mut watcher = notify::recommended_watcher(look).with_context(unwatched)?;
        watcher.watch(path, RecursiveMode::Recursive).with_context(unwatched)?;
        let (tell, told) = mpsc::channel(1);
        tokio::spawn(calm(seen, tell));
        Ok((Self { _watcher: watcher }, told))
    }
}

/// Whether a journey may have become another one. To read a file is no change: we do it ourselves.
fn matters(event: &Event) -> bool {
    let is_journey = |path: &Path| path.extension().is_none_or(|ext| ext == "yaml" || ext == "yml");
    !event.kind.is_access() && event.paths.iter().any(|path| is_journey(path))
}

/// Passes on one word for all that comes without a pause.
async fn calm(mut seen: mpsc::Receiver<()>, tell: mpsc::Sender<()>) {
    while seen.recv().await.is_some() {
        while let Ok(Some(())) = timeout(QUIET, seen.recv()).await {}
        if tell.send(()).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
