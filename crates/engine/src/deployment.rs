//! What is known of a journey's versions comes in, and what a file or an operator wants; which of them serve goes out.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wayfarer_step::Actor;

use crate::bundle::BundleHash;
use crate::error::DeployError;

/// A version of a journey, with all that it can reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Counts from 1 within the journey.
    pub number: u32,
    /// What runs of it are on. It changes when the same text is made anew with newer versions of its steps.
    pub bundle: BundleHash,
    /// SHA-256 of the texts alone.
    pub content: BundleHash,
    /// When it came.
    pub at: Timestamp,
    /// Who brought it.
    pub by: Actor,
    /// Why, in their words.
    pub note: Option<String>,
}

/// A version on trial beside the live one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Which.
    pub version: u32,
    /// How many of a hundred starts it gets: 1 to 99.
    pub percent: u8,
}

/// What is deployed of one journey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The journey's id.
    pub journey: Arc<str>,
    /// Whether its file is gone: then it cannot be started.
    pub withdrawn: bool,
    /// The version on trial.
    pub trial: Option<Trial>,
    /// The newest last.
    pub versions: Vec<Version>,
    /// What the file said last; only another content makes a file's version live.
    source: BundleHash,
    /// The versions that were live, oldest first; the last one is.
    path: Vec<u32>,
}

/// Of older versions, so many are remembered.
const MOST_VERSIONS: usize = 100;
/// So many steps a rollback can go back.
const LONGEST_PATH: usize = 32;

impl Deployment {
    /// A journey that comes for the first time.
    pub(crate) fn first(journey: Arc<str>, version: Version) -> Self {
        Self {
            journey,
            withdrawn: false,
            trial: None,
            source: version.content,
            path: vec![version.number],
            versions: vec![version],
        }
    }

    /// The version that new runs begin on; none if the journey is withdrawn.
    #[must_use]
    pub fn live(&self) -> Option<&Version> {
        self.path.last().filter(|_| !self.withdrawn).and_then(|number| self.version(*number))
    }

    /// The version of this number.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// The versions that may serve, the live one first, then those before it.
    pub(crate) fn preferred(&self) -> Vec<u32> {
        self.path.iter().rev().copied().collect()
    }

    /// The number of the next version.
    pub(crate) fn next_number(&self) -> u32 {
        self.versions.iter().map(|version| version.number).max().unwrap_or_default().saturating_add(1)
    }

    /// A file says `version`. It becomes live, unless the file says what it said before: then what an operator chose since
    /// stays. Says whether anything changed.
    pub(crate) fn read(&mut self, version: Version) -> bool {
        let withdrawn = std::mem::take(&mut self.withdrawn);
        if self.source == version.content {
            return withdrawn;
        }
        self.source = version.content;
        let number = self.keep(version);
        self.go(number);
        true
    }

    /// A file says `version`, which shall get some of the starts.
    pub(crate) fn read_on_trial(&mut self, version: Version, percent: u8) -> Result<(), DeployError> {
        let content = version.content;
        let number = self.keep(version);
        self.put_on_trial(number, percent)?;
        self.source = content;
        Ok(())
    }

    /// Makes a version the live one. Says whether it was not.
    pub(crate) fn make_live(&mut self, number: u32) -> Result<bool, DeployError> {
        self.version(number).ok_or(DeployError::UnknownVersion { version: number })?;
        let changed = self.path.last() != Some(&number) || self.trial.is_some();
        self.go(number);
        Ok(changed)
    }

    /// Makes the version live that was live before.
    pub(crate) fn roll_back(&mut self) -> Result<u32, DeployError> {
        let before = self.path.len().checked_sub(2).and_then(|place| self.path.get(place)).copied();
        let before = before.ok_or(DeployError::NothingBefore)?;
        self.path.pop();
        self.trial = None;
        Ok(before)
    }

    /// Gives a version so many of a hundred starts; with none the trial ends.
    pub(crate) fn put_on_trial(&mut self, number: u32, percent: u8) -> Result<(), DeployError> {
        self.version(number).ok_or(DeployError::UnknownVersion { version: number })?;
        self.trial = match percent {
            0 => None,
            1..=99 if self.path.last() == Some(&number) => return Err(DeployError::LiveAlready { version: number }),
            1..=99 => Some(Trial { version: number, percent }),
            _ => return Err(DeployError::Percent),
        };
        Ok(())
    }

    /// The same texts were made anew with newer steps.
    pub(crate) fn renew(&mut self, number: u32, bundle: BundleHash) {
        if let Some(version) = self.versions.iter_mut().find(|version| version.number == number) {
            version.bundle = bundle;
        }
    }

    /// Remembers a version, under the number that its content has already if it has one.
    fn keep(&mut self, version: Version) -> u32 {
        if let Some(known) = self.versions.iter_mut().find(|known| known.content == version.content) {
            known.bundle = version.bundle;
            return known.number;
        }
        let number = version.number;
        self.versions.push(version);
        while self.versions.len() > MOST_VERSIONS {
            let needed = |version: &Version| {
                self.path.contains(&version.number) || self.trial.is_some_and(|trial| trial.version == version.number)
            };
            let Some(oldest) = self.versions.iter().position(|version| !needed(version)) else { break };
            self.versions.remove(oldest);
        }
        number
    }

    /// A trial compares with the version that was live, so it ends with it.
    fn go(&mut self, number: u32) {
        self.trial = None;
        if self.path.last() != Some(&number) {
            self.path.push(number);
        }
        if self.path.len() > LONGEST_PATH {
            self.path.remove(0);
        }
    }
}

#[cfg(test)]
mod tests;
