//! The folder of the journeys and the key file come in, at the start and at each wish to read them anew; what is good in them
//! is used, and what is not is told.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use serde_json::{Value as Json, json};
use wayfarer::Wayfarer;
use wayfarer::engine::{Deploy, Deployed};
use wayfarer::step::Actor;
use wayfarer_lang::text::Source;
use wayfarer_lang::{Catalog, Checked, Findings, Rules, check_all_with};

use crate::args::{Catalogs, Format};
use crate::command::journey::{said, told};
use crate::compose::{Further, catalog, rules};
use crate::config::Config;
use crate::console::Console;
use crate::journey::{Text, texts};
use crate::output::findings::draw;
use crate::output::style::{GOOD, NOTICE, paint};

/// Where the journeys are, and what they may use.
pub(super) struct Folder {
    path: PathBuf,
    catalog: Catalog,
    rules: Arc<Rules>,
}

impl Folder {
    pub(super) fn new(path: &Path, further: &Further, config: &Config) -> Result<Self> {
        let catalog = catalog(further, &Catalogs::default())?;
        Ok(Self { path: path.to_owned(), catalog, rules: rules(config, further)? })
    }

    /// Whether no file has an error; if one has, the findings are shown.
    pub(super) fn is_good(&self, format: Format, console: &mut Console) -> Result<bool> {
        let files = self.checked(&texts(&self.path)?);
        let good = files.iter().all(|file| file.program.is_some());
        if !good {
            show(files.iter().map(|file| (&file.source, &file.findings)), format, console)?;
        }
        Ok(good)
    }

    fn checked(&self, texts: &[Text]) -> Vec<Checked> {
        check_all_with(texts.iter().map(|(name, bytes)| (name, bytes)), &self.catalog, &self.rules)
    }
}

/// What reads journeys into a host.
pub(super) struct Reload {
    pub(super) host: Wayfarer,
    pub(super) folder: Folder,
    pub(super) format: Format,
}

impl Reload {
    /// Reads the journeys at the start. Says whether there is something to serve for each file; findings are shown.
    pub(super) async fn first(&self, console: &mut Console) -> Result<bool> {
        let texts = texts(&self.folder.path)?;
        let files = self.folder.checked(&texts);
        let deployed = self.deploy(texts).await?;
        // A key file may have changed while nothing held the store.
        self.host.identity().note_keys(self.host.tenant(), &Actor::system()).await?;
        let known = deployed.missing.is_empty();
        let format = if known { Format::Human } else { self.format };
        show(files.iter().map(|file| (&file.source, &file.findings)), format, console)?;
        if known {
            say(&deployed, console)?;
        }
        Ok(known)
    }

    /// Reads the journeys anew. Whatever is wrong with them, the server serves on.
    pub(super) async fn again(&self, console: &mut Console) -> Result<()> {
        let keys = match self.host.reload_keys(&Actor::system()).await {
            Ok(changed) => {
                if changed {
                    console.say(format_args!("{} new keys are in use", paint(GOOD, "✔")))?;
                }
                changed
            }
            Err(error) => {
                tracing::error!(code = error.code(), "keys cannot be read anew");
                console.say(format_args!("{} the keys stay as they are: {error}", paint(NOTICE, "!")))?;
                false
            }
        };
        match self.read().await {
            Ok(deployed) => {
                show(deployed.faulty.iter().map(|(source, findings)| (source, findings)), Format::Human, console)?;
                say(&deployed, console)?;
                if self.format == Format::Json {
                    console.print_json(&json!({ "reloaded": told(&deployed), "new_keys": keys }))?;
                }
                console.say(format_args!("{} journeys were read anew", paint(GOOD, "✔")))?;
            }
            Err(error) => {
                tracing::error!(%error, "journeys cannot be read anew");
                console.say(format_args!("{} nothing was read anew: {error:#}", paint(NOTICE, "!")))?;
                if self.format == Format::Json {
                    console
                        .print_json(&json!({ "reloaded": Json::Null, "error": { "message": format!("{error:#}") } }))?;
                }
            }
        }
        Ok(())
    }

    async fn read(&self) -> Result<Deployed> {
        let path = self.folder.path.clone();
        self.deploy(tokio::task::spawn_blocking(move || texts(&path)).await??).await
    }

    async fn deploy(&self, sources: Vec<Text>) -> Result<Deployed> {
        let tenant = self.host.tenant().clone();
        let deploy =
            Deploy { tenant, sources, whole: true, strict: false, percent: None, by: Actor::system(), note: None };
        let deployed = self.host.engine().deploy(deploy).await?;
        for (name, journey, version) in &deployed.changes {
            tracing::info!(%journey, version, "{name}");
        }
        for (source, findings) in &deployed.faulty {
            tracing::error!(file = %source.name(), findings = findings.len(), "a journey file has mistakes");
        }
        for fallen in &deployed.fallen {
            let (journey, wanted, serves) = (&fallen.journey, fallen.wanted, fallen.serves);
            tracing::error!(%journey, wanted, serves, "a version cannot run with the steps of this program");
        }
        Ok(deployed)
    }
}

fn say(deployed: &Deployed, console: &mut Console) -> Result<()> {
    for line in said(deployed) {
        console.say(line)?;
    }
    Ok(())
}

fn show<'a>(
    files: impl Iterator<Item = (&'a Source, &'a Findings)>,
    format: Format,
    console: &mut Console,
) -> Result<()> {
    if format == Format::Json {
        let findings = files
            .flat_map(|(source, findings)| findings.iter().map(|finding| finding.to_json(source)).collect::<Vec<_>>());
        return Ok(console.print_json(&json!({ "findings": findings.collect::<Vec<_>>() }))?);
    }
    for (source, findings) in files {
        for finding in findings {
            console.say(format_args!("{}\n", draw(source, finding)))?;
        }
    }
    Ok(())
}
