//! Journey files and the wishes of operators come in; what is deployed changes in the store, and then in one step for new runs.

mod change;

use std::collections::BTreeMap;
use std::sync::Arc;

use wayfarer_lang::check_all_with;
use wayfarer_lang::diagnostic::Findings;
use wayfarer_lang::program::Program;
use wayfarer_lang::text::Source;
use wayfarer_step::Actor;
use wayfarer_store::{Expect, Key, TenantId};

use self::change::{Change, take};
use super::load::{Linked, link};
use super::portions::Portions;
use super::serving::{Journeys, Serving};
use super::{Engine, Inner};
use crate::deployment::Deployment;
use crate::error::{DeployError, EngineError};
use crate::record::{DEPLOYMENT, decode};

/// Files of journeys that shall serve, and are remembered as versions.
#[derive(Clone, Debug)]
pub struct Deploy {
    /// Whose.
    pub tenant: TenantId,
    /// The files, each with its name and its bytes.
    pub sources: Vec<(String, Vec<u8>)>,
    /// Whether these are all: a journey that is not among them can be started no more.
    pub whole: bool,
    /// Whether a mistake in one file keeps all of them from changing anything.
    pub strict: bool,
    /// Puts new versions on trial with so many of a hundred starts, instead of making them live.
    pub percent: Option<u8>,
    /// Who wants it.
    pub by: Actor,
    /// Why, in their words.
    pub note: Option<String>,
}

/// What a deployment did.
#[derive(Debug, Default)]
pub struct Deployed {
    /// Each change in words of the audit trail: the journey, and its version if it has one.
    pub changes: Vec<(&'static str, Arc<str>, Option<u32>)>,
    /// The files that have mistakes. Their last good versions serve on.
    pub faulty: Vec<(Source, Findings)>,
    /// The ids in faulty files of which nothing good is known: nothing serves in their place.
    pub missing: Vec<Option<Arc<str>>>,
    /// The journeys without mistakes that invoke one of a faulty file; they too serve on as they were.
    pub held: Vec<Arc<str>>,
    /// The journeys of which another version serves than the one that is live by the record.
    pub fallen: Vec<Fallen>,
}

/// A version that cannot run with the steps of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallen {
    /// The journey.
    pub journey: Arc<str>,
    /// The version that should serve.
    pub wanted: u32,
    /// The last good one, which serves in its place; none if there is none, and the journey cannot be started.
    pub serves: Option<u32>,
}

impl Engine {
    /// Checks files and makes what is new in them serve new runs; runs under way stay on what they began with (law 6). A file
    /// with mistakes changes nothing, nor do the others with it if they are sent strictly, and neither does one that says what it said before: what an operator chose since then
    /// stays.
    ///
    /// # Errors
    /// When a trial is not possible, the store is away or the engine at fault; nothing is changed then, but for this: files of
    /// more than a few hundred journeys are several commits, each journey whole in one of them, and those before the failure
    /// stay. The same call again makes the rest. Mistakes in files are no error.
    pub async fn deploy(&self, deploy: Deploy) -> Result<Deployed, DeployError> {
        let engine = &*self.0;
        let (mut programs, mut deployed, mut suspects) = (Vec::<Program>::new(), Deployed::default(), Vec::new());
        let sources = deploy.sources.iter().map(|(name, text)| (name, text));
        for checked in check_all_with(sources, engine.registry.catalog(), engine.registry.rules()) {
            let id = checked.id().cloned();
            match checked.program {
                Some(program) => programs.push(program),
                None => {
                    suspects.push(id);
                    deployed.faulty.push((checked.source, checked.findings));
                }
            }
        }
        let (linked, held) = link(programs);
        deployed.held = held;
        if deploy.strict && !deployed.faulty.is_empty() {
            return Ok(deployed);
        }
        let _changing = engine.bundles.changing.lock().await;
        for _ in 0..engine.limits.commit_tries {
            if let Some(journeys) = engine.try_deploy(&deploy, &linked, &mut deployed).await? {
                let known = |id: &Option<Arc<str>>| {
                    id.as_ref().is_some_and(|id| journeys.values().any(|serving| serving.live.holds(id)))
                };
                deployed.missing = suspects.into_iter().filter(|id| !known(id)).collect();
                engine.publish(&deploy.tenant, journeys);
                return Ok(deployed);
            }
        }
        Err(EngineError::Conflict.into())
    }

    /// What is deployed, by journey.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn deployments(&self, tenant: &TenantId) -> Result<Vec<Deployment>, EngineError> {
        Ok(self.0.deployments(tenant).await?.into_values().map(|(deployment, _)| deployment).collect())
    }

    /// Makes a version of a journey the live one, and ends a trial.
    ///
    /// # Errors
    /// When there is no such version, or it cannot run with the steps of this program.
    pub async fn make_live(
        &self,
        tenant: &TenantId,
        by: &Actor,
        journey: &str,
        version: u32,
        note: Option<&str>,
    ) -> Result<Deployment, DeployError> {
        let wish = |deployment: &mut Deployment| {
            Ok(deployment.make_live(version)?.then_some(("journey.made_live", Some(version))))
        };
        self.0.change(tenant, by, journey, note, wish).await
    }

    /// Makes the version of a journey live that was live before, and ends a trial. Once more goes back further.
    ///
    /// # Errors
    /// When no other one was live before, or it cannot run with the steps of this program.
    pub async fn roll_back(
        &self,
        tenant: &TenantId,
        by: &Actor,
        journey: &str,
        note: Option<&str>,
    ) -> Result<Deployment, DeployError> {
        let wish = |deployment: &mut Deployment| Ok(Some(("journey.rolled_back", Some(deployment.roll_back()?))));
        self.0.change(tenant, by, journey, note, wish).await
    }

    /// Gives a version of a journey 1 to 99 of a hundred starts beside the live one; 0 ends the trial. Which starts these
    /// are is drawn, and stays so for a start that is repeated.
    ///
    /// # Errors
    /// When there is no such version, it is the live one, cannot run, or takes other start parameters.
    pub async fn put_on_trial(
        &self,
        tenant: &TenantId,
        by: &Actor,
        journey: &str,
        version: u32,
        percent: u8,
        note: Option<&str>,
    ) -> Result<Deployment, DeployError> {
        let wish = |deployment: &mut Deployment| {
            deployment.put_on_trial(version, percent)?;
            let name = if percent == 0 { "journey.trial_ended" } else { "journey.put_on_trial" };
            Ok(Some((name, Some(version))))
        };
        self.0.change(tenant, by, journey, note, wish).await
    }
}

impl Inner {
    async fn deployments(&self, tenant: &TenantId) -> Result<BTreeMap<Arc<str>, (Deployment, Expect)>, EngineError> {
        const PAGE: usize = 500;
        let (mut found, mut after) = (BTreeMap::new(), None);
        loop {
            let page = self.vault.scan(tenant, DEPLOYMENT, after.as_deref(), PAGE).await?;
            let last = page.len() < PAGE;
            for (id, record) in page {
                let deployment: Deployment = decode(&record)?;
                found.insert(deployment.journey.clone(), (deployment, Expect::Version(record.version)));
                after = Some(id);
            }
            if last {
                return Ok(found);
            }
        }
    }

    /// One try: what new runs begin on then; none if another node has changed something meanwhile.
    async fn try_deploy(
        &self,
        deploy: &Deploy,
        linked: &Linked,
        deployed: &mut Deployed,
    ) -> Result<Option<Journeys>, DeployError> {
        let (tenant, now) = (&deploy.tenant, self.vault.now().await?);
        let mut known = self.deployments(tenant).await?;
        let mut journeys = if deploy.whole { Journeys::new() } else { (*self.journeys(tenant)).clone() };
        deployed.fallen.clear();
        let mut portions = Portions::new();
        for (id, bundle) in linked {
            let mut change = take(deploy, now, id, bundle, known.remove(id))?;
            let serving = self.serve(tenant, &mut change, Some(bundle), deployed).await?;
            self.add(&mut portions, deploy, &change, serving.as_ref()).await?;
            journeys.extend(serving.map(|serving| (id.clone(), serving)));
        }
        for (id, (deployment, expect)) in known.into_iter().filter(|_| deploy.whole) {
            let mut change = Change { before: Some(deployment.clone()), deployment, expect, facts: Vec::new() };
            // A file with mistakes may be any of those that are not there.
            if deployed.faulty.is_empty() && !change.deployment.withdrawn {
                change.deployment.withdrawn = true;
                change.facts.push(("journey.withdrawn", None));
            }
            let serving = self.serve(tenant, &mut change, None, deployed).await?;
            self.add(&mut portions, deploy, &change, serving.as_ref()).await?;
            journeys.extend(serving.map(|serving| (id, serving)));
        }
        Ok(self.all_committed(portions, |changes| deployed.changes.extend(changes)).await?.then_some(journeys))
    }

    /// Adds what is written of a change, if anything is, and what is told of it.
    async fn add(
        &self,
        portions: &mut Portions<(&'static str, Arc<str>, Option<u32>)>,
        deploy: &Deploy,
        change: &Change,
        serving: Option<&Serving>,
    ) -> Result<(), EngineError> {
        let batch = self.write(&deploy.tenant, &deploy.by, deploy.note.as_deref(), change, serving).await?;
        if !batch.is_empty() {
            let journey = &change.deployment.journey;
            portions.add(batch, change.facts.iter().map(|(name, version)| (*name, journey.clone(), *version)));
        }
        Ok(())
    }

    /// Changes one deployment as an operator wishes.
    async fn change(
        &self,
        tenant: &TenantId,
        by: &Actor,
        journey: &str,
        note: Option<&str>,
        wish: impl Fn(&mut Deployment) -> Result<Option<(&'static str, Option<u32>)>, DeployError> + Send,
    ) -> Result<Deployment, DeployError> {
        let _changing = self.bundles.changing.lock().await;
        for _ in 0..self.limits.commit_tries {
            let record = self.vault.get(&Key::new(tenant, DEPLOYMENT, journey)).await?;
            let before = record.as_ref().map(decode::<Deployment>).transpose()?;
            let unknown = || DeployError::UnknownJourney { journey: journey.into() };
            let before = before.filter(|deployment| !deployment.withdrawn).ok_or_else(unknown)?;
            let expect = Expect::Version(record.map(|record| record.version).unwrap_or_default());
            let mut deployment = before.clone();
            let facts = wish(&mut deployment)?.into_iter().collect();
            let mut change = Change { deployment, expect, before: Some(before), facts };
            let mut deployed = Deployed::default();
            let serving = self.serve(tenant, &mut change, None, &mut deployed).await?;
            if let Some(Fallen { wanted, .. }) = deployed.fallen.first() {
                return Err(DeployError::CannotRun { version: *wanted });
            }
            let mut portions = Portions::new();
            portions.add(self.write(tenant, by, note, &change, serving.as_ref()).await?, None::<()>);
            if self.all_committed(portions, |_| {}).await? {
                let mut journeys = (*self.journeys(tenant)).clone();
                journeys.extend(serving.map(|serving| (change.deployment.journey.clone(), serving)));
                self.publish(tenant, journeys);
                return Ok(change.deployment);
            }
        }
        Err(EngineError::Conflict.into())
    }
}
