//! `serve`: checked journeys and addresses come in; they are served until a signal says to stop, and how that went goes out.

mod keys;
mod reload;
mod report;
pub(super) mod running;
pub(super) mod signals;
#[cfg(unix)]
mod socket;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use tokio::net::TcpListener;
use wayfarer_server::{Listeners, Metrics, Server, Settings};

use self::reload::{Folder, Reload};
use self::report::Report;
use self::running::{Running, parts};
use self::signals::Signals;
use self::tls::Certificates;
use super::dev::{People, Watch};
use crate::Ending;
use crate::args::Serve;
use crate::compose::{Further, block_on_all, builder, declare, opening};
use crate::config;
use crate::console::Console;
use crate::failure::Failure;
use crate::files;

/// For whom it is served.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// For those who call: what cannot be served ends it.
    Callers,
    /// For whoever writes the journeys: mistakes are shown, and it waits for better ones.
    Author,
}

/// Serves journeys that have no errors; otherwise their findings are the answer.
pub(crate) fn perform(arguments: &Serve, further: &Further, console: &mut Console) -> Result<Ending> {
    run(arguments, For::Callers, further, console)
}

pub(super) fn run(arguments: &Serve, whom: For, further: &Further, console: &mut Console) -> Result<Ending> {
    let issuer = issuer(arguments.issuer())?;
    let certificates = arguments.tls().map(Certificates::read).transpose()?;
    let folder = Folder::new(arguments.journeys(), further, arguments.store.config())?;
    // With mistakes in journeys no new store is made; one that is there may know their last good versions.
    let strict = whom == For::Callers;
    if strict && files::is_empty_folder(arguments.store.data())? && !folder.is_good(arguments.format.format, console)? {
        return Ok(Ending::Bad);
    }
    block_on_all(async {
        let config = arguments.store.config();
        let metrics = Metrics::new();
        let mut builder =
            builder(&arguments.store)?.applications(config.applications(issuer)?).observer(Arc::new(metrics.clone()));
        for step in further {
            builder = builder.shared_step(step.clone());
        }
        let host = builder.open().await.map_err(opening)?;
        let reload = Reload { host: host.clone(), folder, format: arguments.format.format };
        if !reload.first(console).await? && strict {
            return Ok(Ending::Bad);
        }
        let declared = declare(&host, config).await?;
        let people = if strict { None } else { Some(People::invite(&host).await?) };
        let watch = if strict { None } else { Some(Watch::over(arguments.journeys())?) };
        let signals = Signals::new()?;
        let listeners =
            Listeners { public: bind(arguments.listen()).await?, admin: bind(arguments.admin_listen()).await? };
        #[cfg(unix)]
        let misfit = socket::misfit(&arguments.store.socket());
        #[cfg(not(unix))]
        let misfit = None;
        #[cfg(unix)]
        let (_socket, listener) = match misfit {
            None => Some(socket::listen(arguments.store.socket())?).unzip(),
            Some(_) => (None, None),
        };
        let report = Report::new(&host, &listeners, config, issuer, &declared, certificates.is_some()).await?;
        let report = report.with(misfit);
        report.show(arguments.format.format, console)?;
        report.hold()?;
        if let Some(people) = people {
            people.show(arguments.format.format, console)?;
        }
        let settings = Settings {
            limits: config.http.clone(),
            https: certificates.is_some() || issuer.starts_with("https://"),
            proxies: config.proxies.clone(),
            ..Settings::default()
        };
        let mut server = Server::new(parts(&host), settings).measured(metrics);
        if let Some(certificates) = &certificates {
            server = server.tls(certificates.tls.clone());
        }
        #[cfg(unix)]
        if let Some(listener) = listener {
            server = server.socket(listener);
        }
        let (_watch, changed) = watch.unzip();
        let running = Running { signals, reload, certificates, changed };
        running.serve(server, listeners, console).await
    })
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
