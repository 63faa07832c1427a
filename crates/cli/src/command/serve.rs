//! `serve`: checked journeys and addresses come in; they are served until a signal says to stop, and how that went goes out.

mod report;
pub(super) mod signals;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use wayfarer::identity::SystemEntropy;
use wayfarer_lang::Checked;
use wayfarer_server::{Ended, Listeners, Parts, Server, Settings};

use self::report::Report;
use self::signals::Signals;
use crate::Ending;
use crate::args::{Catalogs, Format, Serve};
use crate::compose::{Further, block_on_all, builder, catalog, declare, opening};
use crate::config;
use crate::console::Console;
use crate::failure::Failure;
use crate::journey;
use crate::output::findings::draw;
use crate::output::style::{GOOD, paint};
use crate::output::text::count;

/// Serves journeys that have no errors; otherwise their findings are the answer.
pub(crate) fn perform(arguments: &Serve, further: &Further, console: &mut Console) -> Result<Ending> {
    let issuer = issuer(arguments.issuer())?;
    let tls = arguments.tls().map(|files| tls::read(&files)).transpose()?;
    let Some(journeys) = checked(arguments, further, console)? else { return Ok(Ending::Bad) };
    block_on_all(async {
        let config = arguments.store.config();
        let mut builder = builder(&arguments.store)?.applications(config.applications(issuer)?);
        for step in further {
            builder = builder.shared_step(step.clone());
        }
        for file in &journeys {
            builder = builder.journey(file.source.name().to_string(), file.source.text().to_string());
        }
        let host = builder.open().await.map_err(opening)?;
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
            ..Settings::default()
        };
        let mut server = Server::new(parts, settings);
        if let Some(tls) = tls {
            server = server.tls(tls);
        }
        serve(server, listeners, signals, console).await
    })
}

/// Serves until the first signal. A second one does not wait for what is under way.
async fn serve(server: Server, listeners: Listeners, mut signals: Signals, console: &mut Console) -> Result<Ending> {
    let (tell, told) = oneshot::channel::<()>();
    let mut serving = tokio::spawn(server.serve(listeners, async {
        // That nobody can tell any more says the same.
        drop(told.await);
    }));
    tokio::select! {
        () = signals.next() => {}
        ended = &mut serving => {
            ended?;
            return Err(Failure::new("server_ended", "the server ended by itself").into());
        }
    }
    console.say("stopping: what is under way may end")?;
    drop(tell);
    let ended = tokio::select! {
        ended = serving => ended?,
        () = signals.next() => return Err(Failure::new("stopped_early", "stopped before all that was under way had ended").into()),
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

/// The journeys of the folder; none if one has errors. All findings are shown.
fn checked(arguments: &Serve, further: &Further, console: &mut Console) -> Result<Option<Vec<Checked>>> {
    let catalog = catalog(further, &Catalogs::default())?;
    let (groups, mut unread) = journey::together(&[arguments.journeys().to_owned()]);
    let mut files = Vec::new();
    for group in groups {
        let (checked, errors) = group.check(&catalog);
        files.extend(checked);
        unread.extend(errors);
    }
    if let Some(error) = unread.into_iter().next() {
        return Err(error);
    }
    let faulty = files.iter().any(|file| file.program.is_none());
    if arguments.format.format == Format::Json && faulty {
        let findings = files.iter().flat_map(|file| file.findings.iter().map(|finding| finding.to_json(&file.source)));
        console.print_json(&json!({ "findings": findings.collect::<Vec<_>>() }))?;
        return Ok(None);
    }
    for file in &files {
        for finding in &file.findings {
            console.say(format_args!("{}\n", draw(&file.source, finding)))?;
        }
    }
    Ok((!faulty).then_some(files))
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
