//! The words of `journey`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum Journey {
    /// List the journeys and which versions serve, or the versions of one
    #[command(after_help = "Examples:\n  wayfarer journey list\n  wayfarer journey list recovery")]
    List(ListJourneys),
    /// Check journey files and make what is new in them live, or try it; with a mistake in one, nothing changes
    #[command(after_help = "\
Examples:
  wayfarer journey deploy journeys --note 'ticket 4711'
  wayfarer journey deploy journeys/recovery.yaml --percent 10")]
    Deploy(DeployJourneys),
    /// Make a version live
    #[command(after_help = "Example:\n  wayfarer journey live recovery@3 --note 'tried for a week'")]
    Live(Versioned),
    /// Give a version some of the starts beside the live one; 0 ends that
    #[command(after_help = "Example:\n  wayfarer journey try recovery@4 --percent 10")]
    Try(Trial),
    /// Make the version live that was live before
    #[command(after_help = "Example:\n  wayfarer journey rollback recovery --note 'it locks people out'")]
    Rollback(NamedJourney),
}

#[derive(Debug, Args)]
pub(crate) struct ListJourneys {
    /// The journey whose versions are listed
    #[arg(value_name = "ID")]
    pub(crate) journey: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct DeployJourneys {
    /// A journey file, or a folder of them
    #[arg(value_name = "FILE|DIR")]
    pub(crate) journeys: PathBuf,
    /// Only so many of a hundred starts get what is new; the rest stays on the live version
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=99))]
    pub(crate) percent: Option<u8>,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Versioned {
    /// The journey and the number of the version
    #[arg(value_name = "ID@VERSION")]
    pub(crate) version: JourneyVersion,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Trial {
    /// The journey and the number of the version
    #[arg(value_name = "ID@VERSION")]
    pub(crate) version: JourneyVersion,
    /// How many of a hundred starts it gets
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=99))]
    pub(crate) percent: u8,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct NamedJourney {
    /// The journey
    #[arg(value_name = "ID")]
    pub(crate) journey: String,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Note {
    /// Why, for the audit trail
    #[arg(long = "note", value_name = "TEXT")]
    pub(crate) text: Option<String>,
}

/// A journey's id and the number of one of its versions.
#[derive(Clone, Debug)]
pub(crate) struct JourneyVersion {
    pub(crate) journey: String,
    pub(crate) number: u32,
}

impl std::str::FromStr for JourneyVersion {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "it takes a journey and a version, such as `recovery@3`";
        let (journey, number) = text.split_once('@').ok_or(wrong)?;
        Ok(Self { journey: journey.to_owned(), number: number.parse().map_err(|_| wrong)? })
    }
}

impl Journey {
    /// Whose store, and for whom the output is.
    pub(crate) const fn place(&self) -> &Place {
        match self {
            Self::List(list) => &list.place,
            Self::Deploy(deploy) => &deploy.place,
            Self::Live(version) => &version.place,
            Self::Try(trial) => &trial.place,
            Self::Rollback(named) => &named.place,
        }
    }

    /// The same, to be filled with what the configuration says.
    pub(super) const fn place_mut(&mut self) -> &mut Place {
        match self {
            Self::List(list) => &mut list.place,
            Self::Deploy(deploy) => &mut deploy.place,
            Self::Live(version) => &mut version.place,
            Self::Try(trial) => &mut trial.place,
            Self::Rollback(named) => &mut named.place,
        }
    }
}
