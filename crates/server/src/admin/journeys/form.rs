//! What calls about journeys take and answer with, in the form that the OpenAPI document tells.

use std::str::FromStr;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use wayfarer_engine::{Deployed as Known, Deployment, Fallen as Fell, Version as Kept};

use crate::admin::audit::Who;

/// Some journeys.
#[derive(Serialize, ToSchema)]
pub(in crate::admin) struct Journeys {
    /// The journeys, by their ids.
    pub(super) journeys: Vec<Journey>,
    /// The `after` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// What is deployed of a journey.
#[derive(Serialize, ToSchema)]
pub(in crate::admin) struct Journey {
    /// Its id.
    journey: String,
    /// The version that new runs begin on; none if its file is gone, and it cannot be started.
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<u32>,
    /// The version that gets some of the starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    trial: Option<Trial>,
    /// The versions that are remembered, the newest first.
    versions: Vec<Version>,
}

/// A version on trial beside the live one.
#[derive(Serialize, ToSchema)]
struct Trial {
    /// Its number.
    version: u32,
    /// How many of a hundred starts it gets.
    percent: u8,
}

/// A version of a journey.
#[derive(Serialize, ToSchema)]
struct Version {
    /// Its number, which counts from 1 within the journey.
    version: u32,
    /// The hash of all that its runs are on.
    bundle: String,
    /// When it came.
    #[schema(format = DateTime)]
    at: String,
    /// Who brought it.
    by: Who,
    /// Why, in their words.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// Journey files that shall serve.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::admin) struct NewJourneys {
    /// The files, with the sub-journeys that they invoke.
    #[schema(min_items = 1, max_items = 256)]
    pub(super) files: Vec<JourneyFile>,
    /// Puts what is new on trial with so many of a hundred starts, instead of making it live.
    #[serde(default, deserialize_with = "perhaps")]
    #[schema(minimum = 1, maximum = 99)]
    pub(super) percent: Option<u8>,
    /// Why, for the audit trail.
    #[schema(min_length = 1, max_length = 256)]
    pub(super) note: Option<String>,
}

/// A journey file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::admin) struct JourneyFile {
    /// By which name findings tell of it.
    #[schema(min_length = 1, max_length = 255)]
    pub(super) name: String,
    /// What is in it.
    pub(super) text: String,
}

/// What a deployment did.
#[derive(Serialize, ToSchema)]
pub(in crate::admin) struct Deployed {
    /// What has changed; nothing if the files say what they said before.
    changes: Vec<Changed>,
    /// The journeys of which another version serves than the one that should.
    fallen: Vec<Fallen>,
}

/// A change, in words of the audit trail.
#[derive(Serialize, ToSchema)]
struct Changed {
    /// Such as `journey.deployed`.
    change: &'static str,
    /// The journey.
    journey: String,
    /// The version, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
}

/// A version that cannot run with the steps of this server.
#[derive(Serialize, ToSchema)]
struct Fallen {
    /// The journey.
    journey: String,
    /// The version that should serve.
    version: u32,
    /// The one that serves in its place; none if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    serves: Option<u32>,
}

/// The version that shall be live.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::admin) struct Live {
    /// Its number.
    #[serde(deserialize_with = "whole")]
    pub(super) version: u32,
    /// Why, for the audit trail.
    #[schema(min_length = 1, max_length = 256)]
    pub(super) note: Option<String>,
}

/// The version that shall get some of the starts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::admin) struct Try {
    /// Its number.
    #[serde(deserialize_with = "whole")]
    pub(super) version: u32,
    /// How many of a hundred starts it gets; 0 ends the trial.
    #[serde(deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 99)]
    pub(super) percent: u8,
    /// Why, for the audit trail.
    #[schema(min_length = 1, max_length = 256)]
    pub(super) note: Option<String>,
}

/// Back to the version that was live before.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::admin) struct Back {
    /// Why, for the audit trail.
    #[schema(min_length = 1, max_length = 256)]
    pub(super) note: Option<String>,
}

impl From<Deployment> for Journey {
    fn from(deployment: Deployment) -> Self {
        let live = deployment.live().map(|version| version.number);
        let trial = deployment.trial.map(|trial| Trial { version: trial.version, percent: trial.percent });
        let versions = deployment.versions.into_iter().rev().map(Version::from).collect();
        Self { journey: deployment.journey.to_string(), live, trial, versions }
    }
}

impl From<Kept> for Version {
    fn from(version: Kept) -> Self {
        let (bundle, at) = (version.bundle.to_string(), version.at.to_string());
        Self { version: version.number, bundle, at, by: version.by.into(), note: version.note }
    }
}

impl From<Known> for Deployed {
    fn from(deployed: Known) -> Self {
        let changed = |(change, journey, version): (_, Arc<str>, _)| {
            tracing::info!(%journey, version, "{change}");
            Changed { change, journey: journey.to_string(), version }
        };
        let fallen = |fallen: Fell| {
            let (journey, wanted, serves) = (fallen.journey, fallen.wanted, fallen.serves);
            tracing::error!(%journey, wanted, serves, "a version cannot run with the steps of this program");
            Fallen { journey: journey.to_string(), version: wanted, serves }
        };
        let changes = deployed.changes.into_iter().map(changed).collect();
        Self { changes, fallen: deployed.fallen.into_iter().map(fallen).collect() }
    }
}

/// A whole number, which JSON may also write as `3.0`.
fn whole<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<T, D::Error> {
    f64::deserialize(deserializer)?.to_string().parse().map_err(|_| D::Error::custom("no whole number"))
}

/// The same, if there is one.
fn perhaps<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    let number = Option::<f64>::deserialize(deserializer)?.map(|number| number.to_string().parse());
    number.transpose().map_err(|_| D::Error::custom("no whole number"))
}
