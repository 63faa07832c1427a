//! `journey`: files and versions come in; what is deployed goes out, before and after.

use anyhow::Result;
use serde_json::{Value as Json, json};
use wayfarer::engine::{Deploy, DeployError, Deployed, Deployment, Version};

use crate::Ending;
use crate::args::{DeployJourneys, Format, Journey, ListJourneys};
use crate::compose::{Further, Host, block_on};
use crate::console::Console;
use crate::journey::texts;
use crate::output::findings::draw;
use crate::output::style::{GOOD, NOTICE, paint};
use crate::output::table::columns;
use crate::output::text::safe;

/// Looks after the versions of journeys.
pub(crate) fn perform(arguments: &Journey, further: &Further, console: &mut Console) -> Result<Ending> {
    block_on(async {
        let place = arguments.place();
        let host = match arguments {
            Journey::Deploy(_) => Host::with(place, "default", further, Vec::new()).await?,
            _ => Host::open_with(place, further).await?,
        };
        let (engine, tenant) = (host.wayfarer.engine(), host.tenant());
        let changed = match arguments {
            Journey::List(list) => return self::list(list, &host, console).await,
            Journey::Deploy(files) => return deploy(files, &host, console).await,
            Journey::Live(version) => {
                let (id, number) = (&version.version.journey, version.version.number);
                engine.make_live(tenant, &host.actor, id, number, version.note.text.as_deref()).await
            }
            Journey::Try(trial) => {
                let (id, number) = (&trial.version.journey, trial.version.number);
                let note = trial.note.text.as_deref();
                engine.put_on_trial(tenant, &host.actor, id, number, trial.percent, note).await
            }
            Journey::Rollback(named) => {
                engine.roll_back(tenant, &host.actor, &named.journey, named.note.text.as_deref()).await
            }
        };
        let changed = changed?;
        if place.format.format == Format::Json {
            console.print_json(&shown(&changed))?;
        } else {
            console.say(format_args!("{} {}", paint(GOOD, "✔"), standing(&changed)))?;
        }
        Ok(Ending::Good)
    })
}

async fn list(list: &ListJourneys, host: &Host, console: &mut Console) -> Result<Ending> {
    let mut deployments = host.wayfarer.engine().deployments(host.tenant()).await?;
    if let Some(wanted) = &list.journey {
        deployments.retain(|deployment| *deployment.journey == **wanted);
        if deployments.is_empty() {
            return Err(DeployError::UnknownJourney { journey: wanted.as_str().into() }.into());
        }
    }
    if list.place.format.format == Format::Json {
        console.print_json(&json!({ "journeys": deployments.iter().map(shown).collect::<Vec<_>>() }))?;
        return Ok(Ending::Good);
    }
    let rows: Vec<_> = match (&list.journey, deployments.first()) {
        (Some(_), Some(one)) => one.versions.iter().rev().map(|version| row(one, version)).collect(),
        _ => deployments.iter().map(summary).collect(),
    };
    for line in columns(&rows) {
        console.print(line)?;
    }
    Ok(Ending::Good)
}

async fn deploy(files: &DeployJourneys, host: &Host, console: &mut Console) -> Result<Ending> {
    let deployed = host
        .wayfarer
        .engine()
        .deploy(Deploy {
            tenant: host.tenant().clone(),
            sources: texts(&files.journeys)?,
            whole: false,
            percent: files.percent,
            by: host.actor.clone(),
            note: files.note.text.clone(),
        })
        .await?;
    if files.place.format.format == Format::Json {
        console.print_json(&told(&deployed))?;
    } else {
        for (source, findings) in &deployed.faulty {
            for finding in findings {
                console.say(format_args!("{}\n", draw(source, finding)))?;
            }
        }
        for line in said(&deployed) {
            console.say(line)?;
        }
        if deployed.changes.is_empty() && deployed.faulty.is_empty() {
            console.say("nothing is new")?;
        }
    }
    Ok(if deployed.faulty.is_empty() { Ending::Good } else { Ending::Bad })
}

/// What a deployment did, for machines.
pub(crate) fn told(deployed: &Deployed) -> Json {
    let change =
        |(name, journey, version): &(&str, _, _)| json!({ "change": name, "journey": journey, "version": version });
    let finding = |(source, findings): &(wayfarer_lang::text::Source, wayfarer_lang::Findings)| {
        findings.iter().map(|finding| finding.to_json(source)).collect::<Vec<_>>()
    };
    let fallen = deployed
        .fallen
        .iter()
        .map(|fallen| json!({ "journey": fallen.journey, "version": fallen.wanted, "serves": fallen.serves }));
    json!({
        "changes": deployed.changes.iter().map(change).collect::<Vec<_>>(),
        "findings": deployed.faulty.iter().flat_map(finding).collect::<Vec<_>>(),
        "held": deployed.held,
        "fallen": fallen.collect::<Vec<_>>(),
    })
}

/// What a deployment did, for people.
pub(crate) fn said(deployed: &Deployed) -> Vec<String> {
    let (good, notice) = (paint(GOOD, "✔"), paint(NOTICE, "!"));
    let changes = deployed.changes.iter().map(|(name, journey, version)| {
        let what = match *name {
            "journey.deployed" => "is live",
            "journey.put_on_trial" => "is tried",
            "journey.renewed" => "was made anew with the steps of this program",
            _ => "is withdrawn: its file is gone",
        };
        let version = version.map_or_else(String::new, |version| format!("@{version}"));
        format!("{good} `{}{version}` {what}", safe(journey))
    });
    let faulty = deployed.faulty.iter().map(|(source, _)| {
        format!("{notice} `{}` has mistakes: the version before serves on, if there is one", safe(source.name()))
    });
    let held = deployed
        .held
        .iter()
        .map(|journey| format!("{notice} `{}` invokes a journey with mistakes: it serves on as it was", safe(journey)));
    let fallen = deployed.fallen.iter().map(|fallen| {
        let instead = fallen.serves.map_or_else(
            || "it cannot be started".to_owned(),
            |version| format!("version {version} serves in its place"),
        );
        let (journey, wanted) = (safe(&fallen.journey), fallen.wanted);
        format!("{notice} `{journey}@{wanted}` cannot run with the steps of this program: {instead}")
    });
    changes.chain(faulty).chain(held).chain(fallen).collect()
}

fn standing(deployment: &Deployment) -> String {
    let journey = safe(&deployment.journey);
    let live = deployment.live().map_or_else(
        || format!("`{journey}` is withdrawn"),
        |version| format!("`{journey}@{}` is live", version.number),
    );
    match deployment.trial {
        Some(trial) => format!("{live}, and version {} gets {} of 100 starts", trial.version, trial.percent),
        None => live,
    }
}

fn summary(deployment: &Deployment) -> [String; 5] {
    let [version, state, at, by, _] = match deployment.live() {
        Some(version) => row(deployment, version),
        None => [String::new(), "withdrawn".to_owned(), String::new(), String::new(), String::new()],
    };
    let trial =
        deployment.trial.map_or_else(String::new, |trial| format!("tries @{}: {} %", trial.version, trial.percent));
    let named = if version.is_empty() { safe(&deployment.journey) } else { version };
    [named, state, at, by, trial]
}

fn row(deployment: &Deployment, version: &Version) -> [String; 5] {
    let named = format!("{}@{}", safe(&deployment.journey), version.number);
    let by = format!("{} {}", version.by.kind, safe(&version.by.id));
    let note = version.note.as_deref().map(safe).unwrap_or_default();
    [named, state(deployment, version), format!("{:.0}", version.at), by, note]
}

fn state(deployment: &Deployment, version: &Version) -> String {
    match deployment.trial {
        Some(trial) if trial.version == version.number => format!("on trial: {} %", trial.percent),
        _ if deployment.live().is_some_and(|live| live.number == version.number) => "live".to_owned(),
        _ => String::new(),
    }
}

fn shown(deployment: &Deployment) -> Json {
    let version = |version: &Version| {
        json!({
            "version": version.number,
            "bundle": version.bundle.to_string(),
            "at": version.at,
            "by": version.by,
            "note": version.note,
        })
    };
    json!({
        "journey": deployment.journey,
        "live": deployment.live().map(|version| version.number),
        "trial": deployment.trial,
        "versions": deployment.versions.iter().rev().map(version).collect::<Vec<_>>(),
    })
}
