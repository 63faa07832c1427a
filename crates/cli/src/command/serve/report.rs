//! What is about to be served comes in; what an operator should know before it begins goes out.

use std::net::SocketAddr;

use anyhow::Result;
use serde_json::json;
use wayfarer::Wayfarer;
use wayfarer::identity::Client;
use wayfarer_lang::program::Kind;
use wayfarer_server::Listeners;

use crate::args::Format;
use crate::console::Console;
use crate::output::style::{NOTICE, TITLE, paint};
use crate::output::table::columns;

/// The start-up report.
pub(super) struct Report {
    public: SocketAddr,
    admin: SocketAddr,
    issuer: String,
    journeys: usize,
    clients: usize,
    /// What is less safe than it could be, each in a sentence.
    relaxed: Vec<String>,
}

/// More clients than anybody has.
const MOST: usize = 10_000;

impl Report {
    pub(super) async fn new(host: &Wayfarer, listeners: &Listeners, issuer: &str) -> Result<Self> {
        let (public, admin) = (listeners.public.local_addr()?, listeners.admin.local_addr()?);
        let clients = host.identity().clients(host.tenant(), MOST).await?;
        let journeys = host.engine().journeys(host.tenant());
        let journeys = journeys.iter().filter(|program| program.kind() == Kind::Client).count();
        let relaxed = relaxed(public, admin, issuer, &clients);
        let clients = clients.iter().filter(|client| client.active).count();
        Ok(Self { public, admin, issuer: issuer.to_owned(), journeys, clients, relaxed })
    }

    /// One line of JSON for machines, some lines of talk for people.
    pub(super) fn show(&self, format: Format, console: &mut Console) -> Result<()> {
        let Self { public, admin, issuer, journeys, clients, relaxed } = self;
        if format == Format::Json {
            let (public, admin) = (public.to_string(), admin.to_string());
            return Ok(console.print_json(&json!({
                "public": public, "admin": admin, "issuer": issuer, "journeys": journeys, "clients": clients, "relaxed": relaxed,
            }))?);
        }
        console.say(paint(TITLE, "wayfarer serves"))?;
        let rows = [
            ("applications", format!("http://{public}")),
            ("operators", format!("http://{admin}/health and /ready")),
            ("issuer", issuer.clone()),
            ("journeys", format!("{journeys} that a client may start")),
            ("clients", clients.to_string()),
        ];
        for line in columns(&rows.map(|(name, value)| [format!("  {name}"), value])) {
            console.say(line)?;
        }
        for what in relaxed {
            console.say(format_args!("{} {what}", paint(NOTICE, "!")))?;
        }
        if *clients == 0 {
            console.say(format_args!(
                "{} nobody may call: end this, and add a client by `wayfarer client add`",
                paint(NOTICE, "!")
            ))?;
        }
        Ok(())
    }
}

fn relaxed(public: SocketAddr, admin: SocketAddr, issuer: &str, clients: &[Client]) -> Vec<String> {
    let mut told = Vec::new();
    if !issuer.starts_with("https://") {
        told.push(format!(
            "the issuer `{issuer}` is no HTTPS address: tokens name it, and browsers may be listened to"
        ));
    }
    if !public.ip().is_loopback() {
        told.push(format!("`{public}` is reached from outside by plain HTTP: put what ends TLS before it"));
    }
    if !admin.ip().is_loopback() {
        told.push(format!("`{admin}`, for operators, is reached from outside"));
    }
    for client in clients.iter().filter(|client| client.active) {
        let local = client.origins.iter().filter(|origin| origin.as_str().starts_with("http://"));
        told.extend(local.map(|origin| {
            format!(
                "pages of `{origin}` may call on behalf of the client `{}`: that is for development",
                client.client_id
            )
        }));
    }
    told
}
