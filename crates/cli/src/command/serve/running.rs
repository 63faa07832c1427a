//! A server that is put together comes in; it serves, and reads anew what changes, until it is told to stop; how that went
//! goes out.

use std::future::pending;
use std::sync::Arc;

use anyhow::Result;
use tokio::sync::{mpsc, oneshot};
use wayfarer::Wayfarer;
use wayfarer::identity::SystemEntropy;
use wayfarer_server::{Ended, Listeners, Parts, Server};

use super::keys::Kept;
use super::reload::Reload;
use super::signals::{Signals, Wish};
use super::tls::Certificates;
use crate::Ending;
use crate::console::Console;
use crate::failure::Failure;
use crate::output::style::{GOOD, paint};
use crate::output::text::count;

/// What happens beside the serving.
pub(super) struct Running {
    pub(super) signals: Signals,
    pub(super) reload: Reload,
    pub(super) certificates: Option<Certificates>,
    /// Tells that journeys have changed, where somebody watches them.
    pub(super) changed: Option<mpsc::Receiver<()>>,
}

/// What a server of this host is put together from.
pub(in crate::command) fn parts(host: &Wayfarer) -> Parts {
    Parts {
        engine: host.engine().clone(),
        identity: host.identity().clone(),
        tenant: host.tenant().clone(),
        entropy: Arc::new(SystemEntropy),
        keeper: Some(Arc::new(Kept(host.clone()))),
    }
}

impl Running {
    /// Serves until the first wish to stop. A second one does not wait for what is under way.
    pub(super) async fn serve(mut self, server: Server, listeners: Listeners, console: &mut Console) -> Result<Ending> {
        let (tell, told) = oneshot::channel::<()>();
        let mut serving = tokio::spawn(server.serve(listeners, async {
            // That nobody can tell any more says the same.
            drop(told.await);
        }));
        loop {
            tokio::select! {
                wish = self.signals.next() => match wish {
                    Wish::Reload => {
                        if let Some(certificates) = &self.certificates {
                            certificates.again(console)?;
                        }
                        self.reload.again(console).await?;
                    }
                    Wish::Stop => break,
                },
                () = next(&mut self.changed) => self.reload.again(console).await?,
                ended = &mut serving => {
                    ended?;
                    return Err(Failure::new("server_ended", "the server ended by itself").into());
                }
            }
        }
        console.say("stopping: what is under way may end")?;
        drop(tell);
        let ended = tokio::select! {
            ended = serving => ended?,
            () = self.signals.stop() => {
                return Err(Failure::new("stopped_early", "stopped before all that was under way had ended").into());
            }
        };
        finish(ended, console)
    }
}

/// Comes back at the next change.
async fn next(changed: &mut Option<mpsc::Receiver<()>>) {
    if let Some(changed) = changed
        && changed.recv().await.is_some()
    {
        return;
    }
    // Nobody watches, or not any more.
    pending::<()>().await;
}

fn finish(Ended { cut, complete }: Ended, console: &mut Console) -> Result<Ending> {
    if !complete {
        return Err(Failure::new("stopped_early", "a request had not ended in time").into());
    }
    let connections = if cut == 0 { String::new() } else { format!("; {} cut", count(cut, "connection")) };
    console.say(format_args!("{} stopped{connections}", paint(GOOD, "✔")))?;
    Ok(Ending::Good)
}
