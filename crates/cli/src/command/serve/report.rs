//! What is about to be served comes in; what an operator should know before it begins goes out.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use serde_json::json;
use wayfarer::Wayfarer;
use wayfarer::identity::{Application, Client, ClientScope, Declared, RecoveryGrade};
use wayfarer_lang::program::Kind;
use wayfarer_server::Listeners;

use crate::args::Format;
use crate::config::{Config, Profile};
use crate::console::Console;
use crate::failure::Failure;
use crate::output::style::{GOOD, NOTICE, TITLE, paint};
use crate::output::table::columns;
use crate::output::text::safe;

/// The start-up report.
pub(super) struct Report {
    public: SocketAddr,
    admin: SocketAddr,
    issuer: String,
    journeys: usize,
    clients: usize,
    /// Whether applications call by HTTPS.
    https: bool,
    profile: Profile,
    /// The applications, with the names that people gave them.
    applications: Vec<String>,
    /// What was brought to the configuration, each in a sentence.
    changed: Vec<String>,
    /// What is less safe than it could be, each in a sentence.
    relaxed: Vec<String>,
    /// What an operator has yet to do, each in a sentence.
    todo: Vec<String>,
}

/// More clients than anybody has.
const MOST: usize = 10_000;

impl Report {
    pub(super) async fn new(
        host: &Wayfarer,
        listeners: &Listeners,
        config: &Config,
        issuer: &str,
        declared: &[(Arc<str>, Declared)],
        https: bool,
    ) -> Result<Self> {
        let (public, admin) = (listeners.public.local_addr()?, listeners.admin.local_addr()?);
        let clients = host.identity().clients(host.tenant(), MOST).await?;
        let journeys = host.engine().journeys(host.tenant());
        let journeys = journeys.iter().filter(|program| program.kind() == Kind::Client).count();
        let known = host.identity().applications();
        let applications = known.iter().map(|(id, _)| match config.names.get(id) {
            Some(name) => format!("{id} ({})", safe(name)),
            None => id.to_owned(),
        });
        let (applications, profile) = (applications.collect(), config.profile);
        let mut relaxed = relaxed(public, admin, issuer, https, &clients);
        if !known.issuing().agent && clients.iter().any(|client| client.active && reads_codes(client)) {
            relaxed.push(
                "a client that reads codes (`otp:direct`) need not say who of its people asks, nor what proved who called"
                    .to_owned(),
            );
        }
        relaxed.extend(known.iter().flat_map(|(id, application)| weak(id, application)));
        let (changed, todo) = (declared.iter().map(|(id, what)| changed(id, *what)).collect(), todo(&clients));
        let clients = clients.iter().filter(|client| client.active).count();
        let issuer = issuer.to_owned();
        Ok(Self { public, admin, https, issuer, journeys, clients, profile, applications, changed, relaxed, todo })
    }

    /// The same, and what else an operator has yet to do.
    pub(super) fn with(mut self, todo: Option<String>) -> Self {
        self.todo.extend(todo);
        self
    }

    /// One line of JSON for machines, some lines of talk for people.
    pub(super) fn show(&self, format: Format, console: &mut Console) -> Result<()> {
        let Self { public, admin, issuer, journeys, clients, applications, changed, relaxed, todo, .. } = self;
        let profile = self.profile.word();
        if format == Format::Json {
            let (public, admin) = (public.to_string(), admin.to_string());
            return Ok(console.print_json(&json!({
                "public": public, "https": self.https, "admin": admin, "issuer": issuer, "profile": profile, "applications": applications,
                "journeys": journeys, "clients": clients, "changed": changed, "relaxed": relaxed, "todo": todo,
            }))?);
        }
        let scheme = if self.https { "https" } else { "http" };
        console.say(paint(TITLE, "wayfarer serves"))?;
        let rows = [
            ("public", format!("{scheme}://{public}")),
            ("admin", format!("http://{admin}/health, /ready, /metrics and /admin/v1")),
            ("issuer", issuer.clone()),
            ("profile", profile.to_owned()),
            ("applications", applications.join(", ")),
            ("journeys", format!("{journeys} that a client may start")),
            ("clients", clients.to_string()),
        ];
        for line in columns(&rows.map(|(name, value)| [format!("  {name}"), value])) {
            console.say(line)?;
        }
        for what in changed {
            console.say(format_args!("{} {what}", paint(GOOD, "✔")))?;
        }
        for what in relaxed.iter().chain(todo) {
            console.say(format_args!("{} {what}", paint(NOTICE, "!")))?;
        }
        Ok(())
    }

    /// Refuses to go on where the profile allows nothing relaxed.
    pub(super) fn hold(&self) -> Result<()> {
        if !self.profile.is_hardened() || self.relaxed.is_empty() {
            return Ok(());
        }
        let message = format!("the profile `hardened` does not allow: {}", self.relaxed.join("; "));
        let help = "cure each, or say `profile: mosaic-compatible`".to_owned();
        Err(Failure::new("profile_refused", message).help(help).into())
    }
}

fn changed(id: &str, what: Declared) -> String {
    match what {
        Declared::Added => format!("the client `{id}` is added, as the configuration says"),
        Declared::Changed => format!("the client `{id}` is changed to what the configuration says"),
        Declared::Disabled => format!("the client `{id}` is disabled: the configuration does not name it any more"),
    }
}

fn reads_codes(client: &Client) -> bool {
    client.scopes.contains(&ClientScope::OtpDirect)
}

fn todo(clients: &[Client]) -> Vec<String> {
    let mut told: Vec<_> = clients
        .iter()
        .filter(|client| client.active && client.confidential && client.secrets.is_empty())
        .map(|client| {
            let id = &client.client_id;
            format!("the client `{id}` has no secret yet: end this, and make one by `wayfarer client rotate {id}`")
        })
        .collect();
    if !clients.iter().any(|client| client.active) {
        told.push("nobody may call: add a client by `wayfarer client add`".to_owned());
    }
    told
}

/// What is weaker about an application than it would be in the profile `hardened`.
fn weak(id: &str, application: &Application) -> Vec<String> {
    let mut told = Vec::new();
    let digits = application.one_time_passcodes.length();
    if digits < 8 {
        told.push(format!("codes of `{id}` that live for ten minutes or less have {digits} digits"));
    }
    if application.tokens.after_temp_code() == RecoveryGrade::Login {
        told.push(format!("a temporary code of `{id}` alone is a full login"));
    }
    told
}

fn relaxed(public: SocketAddr, admin: SocketAddr, issuer: &str, https: bool, clients: &[Client]) -> Vec<String> {
    let mut told = Vec::new();
    if !issuer.starts_with("https://") {
        told.push(format!(
            "the issuer `{issuer}` is no HTTPS address: tokens name it, and browsers may be listened to"
        ));
    }
    if !https && !public.ip().is_loopback() {
        told.push(format!(
            "`{public}` is reached from outside by plain HTTP: name certificates, or put what ends TLS before it"
        ));
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
