//! Journey files and wishes about versions come in; what is deployed goes out.

mod faulty;

use std::sync::Arc;

use anyhow::{Context, Result};
use hyper::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use wayfarer::engine::{Deploy, DeployError, Deployed, Deployment, Fallen, Trial, Version as Kept};
use wayfarer::identity::Reason;
use wayfarer::step::Actor;

use self::faulty::faulty;
use super::Desk;
use super::remote::{Remote, refused, segment, word};
use crate::failure::Failure;
use crate::journey::Text;

/// What is deployed of a journey.
#[derive(Serialize, Deserialize)]
pub(crate) struct Journey {
    pub(crate) journey: String,
    /// None if it is withdrawn.
    #[serde(default)]
    pub(crate) live: Option<u32>,
    #[serde(default)]
    pub(crate) trial: Option<Trial>,
    /// The newest first.
    pub(crate) versions: Vec<Version>,
}

/// A version of a journey.
#[derive(Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) version: u32,
    bundle: String,
    pub(crate) at: Timestamp,
    pub(crate) by: Actor,
    #[serde(default)]
    pub(crate) note: Option<String>,
}

impl From<Deployment> for Journey {
    fn from(deployment: Deployment) -> Self {
        let (live, trial) = (deployment.live().map(|version| version.number), deployment.trial);
        let versions = deployment.versions.into_iter().rev().map(Version::from).collect();
        Self { journey: deployment.journey.to_string(), live, trial, versions }
    }
}

impl From<Kept> for Version {
    fn from(version: Kept) -> Self {
        let bundle = version.bundle.to_string();
        Self { version: version.number, bundle, at: version.at, by: version.by, note: version.note }
    }
}

#[derive(Deserialize)]
struct Page {
    journeys: Vec<Journey>,
    #[serde(default)]
    next: Option<String>,
}

/// What a deployment did, as a server tells it.
#[derive(Deserialize)]
struct Told {
    changes: Vec<Changed>,
    fallen: Vec<Fell>,
}

#[derive(Deserialize)]
struct Changed {
    change: String,
    journey: Arc<str>,
    version: Option<u32>,
}

#[derive(Deserialize)]
struct Fell {
    journey: Arc<str>,
    version: u32,
    serves: Option<u32>,
}

impl From<Told> for Deployed {
    fn from(told: Told) -> Self {
        let change = |changed: Changed| {
            let known = ["journey.deployed", "journey.put_on_trial", "journey.renewed", "journey.withdrawn"];
            let name = known.into_iter().find(|name| *name == changed.change).unwrap_or("journey.changed");
            (name, changed.journey, changed.version)
        };
        let fallen = |fell: Fell| Fallen { journey: fell.journey, wanted: fell.version, serves: fell.serves };
        let (changes, fallen) = (told.changes.into_iter().map(change), told.fallen.into_iter().map(fallen));
        Self { changes: changes.collect(), fallen: fallen.collect(), ..Self::default() }
    }
}

/// A change of what serves.
pub(crate) enum Wish {
    Live { version: u32 },
    Try { version: u32, percent: u8 },
    RollBack,
}

/// More journeys than anybody reads at once.
const MOST: usize = 10_000;

impl Desk {
    /// All journeys, by their ids.
    pub(crate) async fn journeys(&self) -> Result<Vec<Journey>> {
        let server = match self {
            Self::Store(host) => {
                let deployments = host.wayfarer.engine().deployments(host.tenant()).await?;
                return Ok(deployments.into_iter().map(Journey::from).collect());
            }
            Self::Server(server) => server,
        };
        let (mut journeys, mut after) = (Vec::new(), String::new());
        while journeys.len() < MOST {
            let page: Page = server.get(&format!("/journeys?limit=20{after}")).await?;
            journeys.extend(page.journeys);
            let Some(next) = page.next else { break };
            after = format!("&after={}", segment(&next));
        }
        Ok(journeys)
    }

    /// One journey.
    pub(crate) async fn journey(&self, id: &str) -> Result<Journey> {
        if let Self::Server(server) = self {
            return server.get(&format!("/journeys/{}", segment(id))).await;
        }
        let found = self.journeys().await?.into_iter().find(|journey| journey.journey == id);
        Ok(found.ok_or_else(|| DeployError::UnknownJourney { journey: id.into() })?)
    }

    /// Makes what is new in files serve, or, with a mistake in one, nothing of it.
    pub(crate) async fn deploy(&self, sources: Vec<Text>, percent: Option<u8>, note: Option<&str>) -> Result<Deployed> {
        let note = checked(note)?;
        match self {
            Self::Store(host) => {
                let (tenant, by) = (host.tenant().clone(), host.actor.clone());
                let deploy = Deploy { tenant, sources, whole: false, strict: true, percent, by, note };
                Ok(host.wayfarer.engine().deploy(deploy).await?)
            }
            Self::Server(server) => send(server, sources, percent, note).await,
        }
    }

    /// Has another version serve.
    pub(crate) async fn choose(&self, journey: &str, wish: &Wish, note: Option<&str>) -> Result<Journey> {
        let note = checked(note)?;
        let note = note.as_deref();
        match self {
            Self::Store(host) => {
                let (engine, tenant, actor) = (host.wayfarer.engine(), host.tenant(), &host.actor);
                let changed = match wish {
                    Wish::Live { version } => engine.make_live(tenant, actor, journey, *version, note).await?,
                    Wish::Try { version, percent } => {
                        engine.put_on_trial(tenant, actor, journey, *version, *percent, note).await?
                    }
                    Wish::RollBack => engine.roll_back(tenant, actor, journey, note).await?,
                };
                Ok(changed.into())
            }
            Self::Server(server) => {
                let (verb, order) = match wish {
                    Wish::Live { version } => ("live", json!({ "version": version, "note": note })),
                    Wish::Try { version, percent } => {
                        ("try", json!({ "version": version, "percent": percent, "note": note }))
                    }
                    Wish::RollBack => ("rollback", json!({ "note": note })),
                };
                server.post(&format!("/journeys/{}/{verb}", segment(journey)), &order).await
            }
        }
    }
}

fn checked(note: Option<&str>) -> Result<Option<String>> {
    Ok(note.map(|note| Reason::of("note", note)).transpose()?.map(|note| note.as_str().to_owned()))
}

/// Has a server deploy files.
async fn send(server: &Remote, sources: Vec<Text>, percent: Option<u8>, note: Option<String>) -> Result<Deployed> {
    let text = |(name, bytes): Text| match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(_) => Err(Failure::new("invalid_input", format!("`{name}` is not UTF-8"))),
    };
    let files = sources.into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
    let sent: Vec<_> = files.iter().map(|(name, text)| json!({ "name": name, "text": text })).collect();
    let order = json!({ "files": sent, "percent": percent, "note": note });
    match server.ask(Method::POST, "/journeys", Some(&order)).await? {
        Ok(told) => {
            let told: Told =
                serde_json::from_value(told).context("the server answers otherwise than this program expects")?;
            Ok(told.into())
        }
        Err(problem) if word(&problem) == "faulty_journey" => {
            let found = problem.get("findings").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
            let faulty = faulty(&files, found).ok_or_else(|| refused(&problem))?;
            Ok(Deployed { faulty, ..Deployed::default() })
        }
        Err(problem) => Err(refused(&problem).into()),
    }
}
