//! `client`: who is added, given a secret, disabled, enabled or listed comes in; the clients go out, a new secret once.

use anyhow::Result;
use serde_json::{Value, json};
use wayfarer::identity::{NewClient, Origin, scope};

use crate::Ending;
use crate::args::{self, Client, Format, ListClients, NamedClient, Place};
use crate::compose::block_on;
use crate::console::Console;
use crate::desk::{self, Desk, Given};
use crate::output::style::{BAD, GOOD, NOTICE, QUIET, TITLE, paint};
use crate::output::table::columns;
use crate::output::text::{count, safe};

/// Looks after clients.
pub(crate) fn perform(arguments: &Client, console: &mut Console) -> Result<Ending> {
    block_on(async {
        match arguments {
            Client::Add(new) => add(new, console).await,
            Client::Rotate(named) => rotate(named, console).await,
            Client::Disable(named) => switch(named, false, console).await,
            Client::Enable(named) => switch(named, true, console).await,
            Client::List(list) => self::list(list, console).await,
        }
    })
}

async fn add(new: &args::NewClient, console: &mut Console) -> Result<Ending> {
    let client = NewClient {
        client_id: new.client_id.clone(),
        name: new.name.clone(),
        application: new.application.clone(),
        confidential: !new.public,
        scopes: new.scopes.iter().map(|word| word.parse()).collect::<Result<_, _>>()?,
        origins: new.origins.iter().map(|text| Origin::new(text)).collect::<Result<_, _>>()?,
        journeys: (!new.journeys.is_empty()).then(|| new.journeys.iter().cloned().collect()),
        completion: new.completion.parse()?,
    };
    let issued = Desk::of_new_client(&new.place).await?.add_client(&client).await?;
    tell(&new.place, "client added", &issued, console)
}

async fn rotate(named: &NamedClient, console: &mut Console) -> Result<Ending> {
    let issued = Desk::of_clients(&named.place).await?.rotate_client(&named.client_id).await?;
    tell(&named.place, "a new secret; the one before stays good until the next time", &issued, console)
}

/// Only the secret goes to stdout where a person reads.
fn tell(place: &Place, done: &str, issued: &Given, console: &mut Console) -> Result<Ending> {
    let Given { client, secret } = issued;
    if place.format.format == Format::Json {
        let mut shown = shown(client);
        if let (Some(secret), Some(fields)) = (secret, shown.as_object_mut()) {
            fields.insert("client_secret".to_owned(), json!(secret.expose()));
        }
        console.print_json(&shown)?;
        return Ok(Ending::Good);
    }
    console.say(format_args!("{} {done}\n", paint(GOOD, "✔")))?;
    for line in columns(&rows(client)) {
        console.say(line)?;
    }
    if let Some(secret) = secret {
        console.say("")?;
        console.print(paint(TITLE, secret.expose()))?;
        console.say(paint(QUIET, "\nkeep the secret now; it is not stored and cannot be shown again"))?;
    }
    if client.scopes.is_empty() {
        console.say(format_args!("{} it may do nothing: name what it may by `--scope`", paint(NOTICE, "!")))?;
    }
    Ok(Ending::Good)
}

async fn switch(named: &NamedClient, active: bool, console: &mut Console) -> Result<Ending> {
    let client = Desk::of_clients(&named.place).await?.switch_client(&named.client_id, active).await?;
    if named.place.format.format == Format::Json {
        console.print_json(&shown(&client))?;
    } else {
        let done = if active { "the client may call" } else { "the client calls no more; its tokens are void" };
        console.say(format_args!("{} {done}", paint(GOOD, "✔")))?;
    }
    Ok(Ending::Good)
}

async fn list(arguments: &ListClients, console: &mut Console) -> Result<Ending> {
    let mut clients = Desk::of_clients(&arguments.place).await?.clients().await?;
    clients.sort_by(|one, other| one.client_id.cmp(&other.client_id));
    if arguments.place.format.format == Format::Json {
        console.print_json(&json!({ "clients": clients.iter().map(shown).collect::<Vec<_>>() }))?;
        return Ok(Ending::Good);
    }
    let row = |client: &desk::Client| {
        let state = if client.active { "active" } else { "disabled" };
        [client.client_id.clone(), state.to_owned(), kept(client), safe(&scope::written(&client.scopes))]
    };
    for line in columns(&clients.iter().map(row).collect::<Vec<_>>()) {
        console.print(line)?;
    }
    if clients.iter().any(|client| !client.active) {
        console.say(format_args!("{} a disabled client cannot call", paint(BAD, "!")))?;
    }
    Ok(Ending::Good)
}

fn kept(client: &desk::Client) -> String {
    if client.is_confidential() { count(client.secrets.len(), "secret") } else { "public".to_owned() }
}

/// Nothing of its secrets but when they were made.
fn shown(client: &desk::Client) -> Value {
    json!({
        "client_id": client.client_id,
        "name": client.name,
        "application": client.application,
        "confidential": client.is_confidential(),
        "scopes": client.scopes,
        "origins": client.origins,
        "journeys": client.journeys,
        "completion": client.completion,
        "status": if client.active { "active" } else { "disabled" },
        "created_at": client.created_at,
        "secrets": client.secrets.iter().map(|created_at| json!({ "created_at": created_at })).collect::<Vec<_>>(),
    })
}

fn rows(client: &desk::Client) -> Vec<[String; 2]> {
    let listed = |items: Vec<String>| if items.is_empty() { "none".to_owned() } else { items.join(" ") };
    let journeys = client.journeys.as_ref().map(|journeys| journeys.iter().cloned().collect());
    let fields = [
        ("client_id", Some(client.client_id.clone())),
        ("name", client.name.clone()),
        ("application", Some(client.application.clone())),
        ("kind", Some(if client.is_confidential() { "keeps a secret" } else { "public" }.to_owned())),
        ("scopes", Some(listed(client.scopes.iter().map(ToString::to_string).collect()))),
        ("origins", Some(listed(client.origins.iter().map(ToString::to_string).collect()))),
        ("journeys", Some(journeys.map_or_else(|| "all".to_owned(), listed))),
    ];
    fields.into_iter().filter_map(|(name, value)| Some([name.to_owned(), safe(&value?)])).collect()
}
