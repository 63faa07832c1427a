//! A changed deployment comes in; the bundles that serve by it, and the batch that makes it so, go out.

use std::sync::Arc;

use jiff::Timestamp;
use wayfarer_lang::program::Program;
use wayfarer_step::{Actor, Fact};
use wayfarer_store::{Batch, Expect, Key, TenantId};

use super::{Deploy, Deployed, Fallen};
use crate::bundle::Bundle;
use crate::deployment::{Deployment, Version};
use crate::driver::Inner;
use crate::driver::serving::Serving;
use crate::error::{DeployError, EngineError};
use crate::record::{AUDIT, DEPLOYMENT, encode};

/// A deployment as it is changed, and what it was read as.
pub(super) struct Change {
    pub(super) deployment: Deployment,
    pub(super) expect: Expect,
    pub(super) before: Option<Deployment>,
    /// What the audit trail is told.
    pub(super) facts: Vec<(&'static str, Option<u32>)>,
}

impl Change {
    fn fact(&self, name: &'static str, number: Option<u32>, by: &Actor, note: Option<&str>) -> Fact {
        let Deployment { journey, trial, .. } = &self.deployment;
        let mut fact = Fact { journey: Some(journey.clone()), ..Fact::new(name, by.clone()) };
        if let Some(version) = number.and_then(|number| self.deployment.version(number)) {
            fact = fact.detail("version", version.number).detail("bundle", version.bundle.to_string());
        }
        if let Some(trial) = trial {
            fact = fact.detail("percent", trial.percent);
        }
        match note {
            Some(note) => fact.reason(note),
            None => fact,
        }
    }
}

impl Inner {
    /// What new runs begin on by a deployment: the live version, or the last good one before it.
    pub(super) async fn serve(
        &self,
        tenant: &TenantId,
        change: &mut Change,
        fresh: Option<&Arc<Bundle>>,
        deployed: &mut Deployed,
    ) -> Result<Option<Serving>, DeployError> {
        let Some(wanted) = change.deployment.live().map(|version| version.number) else { return Ok(None) };
        let mut found = None;
        for number in change.deployment.preferred() {
            if let Some(bundle) = self.usable(tenant, change, number, fresh).await? {
                found = Some((number, bundle));
                break;
            }
        }
        let serves = found.as_ref().map(|(number, _)| *number);
        if serves != Some(wanted) {
            deployed.fallen.push(Fallen { journey: change.deployment.journey.clone(), wanted, serves });
        }
        let Some((_, live)) = found else { return Ok(None) };
        let mut serving = Serving::only(live);
        if let Some(trial) = change.deployment.trial {
            match self.usable(tenant, change, trial.version, fresh).await? {
                Some(bundle) if !takes_what(&bundle, &serving.live) => {
                    return Err(DeployError::OtherParameters { version: trial.version });
                }
                Some(bundle) => serving.trial = Some((bundle, trial.percent)),
                None => deployed.fallen.push(Fallen {
                    journey: change.deployment.journey.clone(),
                    wanted: trial.version,
                    serves: Some(wanted),
                }),
            }
        }
        Ok(Some(serving))
    }

    /// A version's bundle, if runs can begin on it. With newer versions of its steps it is made anew from the same texts.
    async fn usable(
        &self,
        tenant: &TenantId,
        change: &mut Change,
        number: u32,
        fresh: Option<&Arc<Bundle>>,
    ) -> Result<Option<Arc<Bundle>>, EngineError> {
        let Some(version) = change.deployment.version(number).cloned() else { return Ok(None) };
        let bundle = match fresh.filter(|fresh| fresh.content() == version.content) {
            Some(fresh) => fresh.clone(),
            None => {
                let bundle = self.bundle(tenant, &change.deployment.journey, version.bundle.0).await?;
                if bundle.is_current(&self.registry) {
                    return Ok(Some(bundle));
                }
                let stored = self.stored_bundle(tenant, version.bundle.0).await?;
                match stored.and_then(|stored| stored.renew(version.content, self.registry.catalog())) {
                    Some(renewed) => Arc::new(renewed),
                    None => return Ok(None),
                }
            }
        };
        if bundle.hash() != version.bundle {
            change.deployment.renew(number, bundle.hash());
            change.facts.push(("journey.renewed", Some(number)));
        }
        Ok(Some(bundle))
    }

    /// A batch with a deployment, its bundles and its facts, if anything changed.
    pub(super) async fn write(
        &self,
        tenant: &TenantId,
        by: &Actor,
        note: Option<&str>,
        change: &Change,
        serving: Option<&Serving>,
    ) -> Result<Batch, EngineError> {
        let Change { deployment, expect, before, facts } = change;
        let mut batch = Batch::new();
        if before.as_ref() == Some(deployment) {
            return Ok(batch);
        }
        for bundle in serving.iter().flat_map(|serving| serving.all()) {
            batch = self.keeping(batch, tenant, bundle).await?;
        }
        batch = batch.put(
            Key::new(tenant, DEPLOYMENT, deployment.journey.as_bytes()),
            *expect,
            encode(deployment)?,
            None,
            None,
        );
        for (name, number) in facts {
            let fact = change.fact(name, *number, by, note);
            batch = batch.append(tenant, AUDIT, serde_json::to_vec(&fact).map_err(EngineError::internal)?);
        }
        Ok(batch)
    }
}

/// What a file changes in what is deployed of its journey.
pub(super) fn take(
    deploy: &Deploy,
    now: Timestamp,
    id: &Arc<str>,
    bundle: &Bundle,
    known: Option<(Deployment, Expect)>,
) -> Result<Change, DeployError> {
    let number = known.as_ref().map_or(1, |(deployment, _)| deployment.next_number());
    let version = Version {
        number,
        bundle: bundle.hash(),
        content: bundle.content(),
        at: now,
        by: deploy.by.clone(),
        note: deploy.note.clone(),
    };
    let Some((deployment, expect)) = known else {
        let deployment = Deployment::first(id.clone(), version);
        let facts = vec![("journey.deployed", Some(number))];
        return Ok(Change { deployment, expect: Expect::Absent, before: None, facts });
    };
    let mut change = Change { before: Some(deployment.clone()), deployment, expect, facts: Vec::new() };
    let live = change.deployment.live().map(|version| version.content);
    match deploy.percent {
        Some(percent) if live.is_some() && live != Some(version.content) => {
            change.deployment.read_on_trial(version, percent)?;
            change.facts.push(("journey.put_on_trial", change.deployment.trial.map(|trial| trial.version)));
        }
        _ if change.deployment.read(version) => {
            let number = change.deployment.live().map(|version| version.number);
            change.facts.push(("journey.deployed", number));
        }
        _ => {}
    }
    Ok(change)
}

/// Whether a bundle takes every start that the live one takes.
fn takes_what(bundle: &Bundle, live: &Bundle) -> bool {
    let (Some(bundle), Some(live)) = (bundle.program(0), live.program(0)) else { return false };
    let declared =
        |program: &Program, name: &str| program.parameters().iter().find(|parameter| *parameter.name == *name).cloned();
    let same = live.parameters().iter().all(|parameter| {
        let there = declared(bundle, &parameter.name);
        there.is_some_and(|there| there.ty == parameter.ty && (parameter.required || !there.required))
    });
    let more = bundle.parameters().iter().filter(|parameter| declared(live, &parameter.name).is_none());
    bundle.kind() == live.kind() && same && more.into_iter().all(|parameter| !parameter.required)
}
