//! `serve`: checked journeys and addresses come in; they are served until a signal says to stop, and how that went goes out.

mod reload;
mod report;
pub(super) mod signals;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use wayfarer::identity::SystemEntropy;
use wayfarer_server::{Ended, Listeners, Parts, Server, Settings};

use self::reload::{Folder, Reload};
use self::report::Report;
use self::signals::{Signals, Wish};
use crate::Ending;
use crate::args::Serve;
use crate::compose::{Further, block_on_all, builder, declare, opening};
use crate::config;
use crate::console::Console;
use crate::failure::Failure;
use crate::files;
use crate::output::style::{GOOD, paint};
use crate::output::text::count;

/// Serves journeys that have no errors; otherwise their findings are the answer.
pub(crate) fn perform(arguments: &Serve, further: &Further, console: &mut Console) -> Result<Ending> {
    let issuer = issuer(arguments.issuer())?;
    let tls = arguments.tls().map(|files| tls::read(&files)).transpose()?;
    let folder = Folder::new(arguments.journeys(), further)?;
    // With mistakes in journeys no new store is made; one that is there may know their last good versions.
    if files::is_empty_folder(arguments.store.data())? && !folder.is_good(arguments.format.format, console)? {
        return Ok(Ending::Bad);
    }
    block_on_all(async {
        let config = arguments.store.config();
        let mut builder = builder(&arguments.store)?.applications(config.applications(issuer)?);
        for step in further {
            builder = builder.shared_step(step.clone());
        }
        let host = builder.open().await.map_err(opening)?;
        let reload = Reload { host: host.clone(), folder, format: arguments.format.format };
        if !reload.first(console).await? {
            return Ok(Ending::Bad);
        }
        let declared = declare(&host, config).await?;
        let signals = Signals::new()?;
        let listeners =
            Listeners { public: bind(arguments.listen()).await?, admin: bind(arguments.admin_listen()).await? };
        let report = Report::new(&host, &listeners, config, issuer, &declared, tls.is_some()).await?;
        report.show(arguments.format.format, console)?;
        report.hold()?;
        let parts = Parts {
            engine: host.engine().clone(),
            identity: host.identity().clone(),
            tenant: host.tenant().clone(),
            entropy: Arc::new(SystemEntropy),
        };
        let settings = Settings {
            limits: config.http.clone(),
            https: tls.is_some() || issuer.starts_with("https://"),
            proxies: config.proxies.clone(),
            ..Settings::default()
        };
        let mut server = Server::new(parts, settings);
        if let Some(tls) = tls {
            server = server.tls(tls);
        }
        serve(server, listeners, signals, &reload, console).await
    })
}

/// Serves until the first signal. A second one does not wait for what is under way.
async fn serve(
    server: Server,
    listeners: Listeners,
    mut signals: Signals,
    reload: &Reload,
    console: &mut Console,
) -> Result<Ending> {
    let (tell, told) = oneshot::channel::<()>();
    let mut serving = tokio::spawn(server.serve(listeners, async {
        // That nobody can tell any more says the same.
        drop(told.await);
    }));
    loop {
        tokio::select! {
            wish = signals.next() => match wish {
                Wish::Reload => reload.again(console).await?,
                Wish::Stop => break,
            },
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
        () = signals.stop() => return Err(Failure::new("stopped_early", "stopped before all that was under way had ended").into()),
    };
    finish(ended, console)
}

fn finish(Ended { cut, complete }: Ended, console: &mut Console) -> Result<Ending> {
    if !complete {
        return Err(Failure::new("stopped_early", "a request had not ended in time").into());
    }
    let connections = if cut == 0 { String::new() } else { format!("; {} cut", count(cut, "connection")) };
    console.say(format_args!("{} stopped{connections}", paint(GOOD, "✔")))?;
    Ok(Ending::Good)
}

/// The issuer, without a slash at its end.
fn issuer(text: &str) -> Result<&str> {
    if config::is_issuer(text) {
        Ok(text.trim_end_matches('/'))
    } else {
        Err(Failure::usage("`--issuer` takes an address such as `https://id.example.com`, without `?` and `#`").into())
    }
}

#[expect(clippy::disallowed_methods, reason = "the operator has said where to listen: this is the rim")]
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener> {
    let failed = |error| Failure::new("cannot_listen", format!("cannot listen on `{address}`")).because(error).into();
    TcpListener::bind(address).await.map_err(failed)
}
