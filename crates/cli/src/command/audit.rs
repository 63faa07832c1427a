//! `audit`: a question comes in; the facts of the audit trail go out, or the proof that it is whole.

use std::collections::VecDeque;
use std::fmt::Write;

use anyhow::Result;
use serde_json::json;
use wayfarer::identity::{AuditEntry, AuditQuery};

use crate::Ending;
use crate::args::{Audit, AuditShow, AuditVerify, Format};
use crate::compose::block_on;
use crate::console::Console;
use crate::desk::{Desk, Verdict};
use crate::output::style::{BAD, GOOD, NAME, QUIET, paint};
use crate::output::text::{count, safe};

/// Reads or proves the audit trail.
pub(crate) fn perform(arguments: &Audit, console: &mut Console) -> Result<Ending> {
    block_on(async {
        match arguments {
            Audit::Show(show) => self::show(show, console).await,
            Audit::Verify(verify) => self::verify(verify, console).await,
        }
    })
}

async fn show(arguments: &AuditShow, console: &mut Console) -> Result<Ending> {
    let desk = Desk::open(&arguments.place).await?;
    let entries = newest(&desk, arguments).await?;
    if arguments.place.format.format == Format::Json {
        console.print_json(&json!({ "entries": entries }))?;
    } else {
        for entry in &entries {
            console.print(line(entry))?;
        }
    }
    Ok(Ending::Good)
}

/// The last `limit` facts that are asked for, oldest first. The trail is read forwards, as it is chained.
async fn newest(desk: &Desk, arguments: &AuditShow) -> Result<VecDeque<AuditEntry>> {
    let mut query =
        AuditQuery { user: arguments.user_id.clone(), name: arguments.name.clone(), ..AuditQuery::default() };
    let mut newest = VecDeque::new();
    loop {
        let page = desk.audit(&query).await?;
        newest.extend(
            page.entries
                .into_iter()
                .filter(|entry| arguments.run.is_none() || entry.fact.run.as_deref() == arguments.run.as_deref()),
        );
        let excess = newest.len().saturating_sub(arguments.limit);
        newest.drain(..excess);
        query.after = page.next;
        if query.after.is_none() {
            return Ok(newest);
        }
    }
}

/// When, what, how it ended; then who did it, and to whom.
fn line(entry: &AuditEntry) -> String {
    let fact = &entry.fact;
    let mut line = format!("{}  {}", paint(QUIET, entry.at), paint(NAME, &fact.name));
    let mut word = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = write!(line, "  {name}={}", safe(value).replace('\n', " "));
        }
    };
    word("result", fact.result.as_deref());
    word("reason", fact.reason.as_deref());
    word("user", fact.subject.as_deref());
    word("journey", fact.journey.as_deref());
    word("step", fact.step.as_deref());
    word("run", fact.run.as_deref());
    for (name, value) in &fact.details {
        word(name, Some(&value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    }
    word("by", Some(&format!("{}:{}", fact.actor.kind, fact.actor.id)));
    line
}

async fn verify(arguments: &AuditVerify, console: &mut Console) -> Result<Ending> {
    let Verdict { whole, entries, segments, findings } = Desk::open(&arguments.place).await?.verify_audit().await?;
    if arguments.place.format.format == Format::Json {
        console.print_json(&json!({
            "intact": whole,
            "entries": entries,
            "segments": segments,
            "findings": findings,
        }))?;
    } else {
        for finding in &findings {
            console.print(finding)?;
        }
        let (style, mark, word) = if whole { (GOOD, "✔", "whole") } else { (BAD, "✘", "not whole") };
        let entries = count(usize::try_from(entries).unwrap_or(usize::MAX), "fact");
        console.say(format_args!(
            "{} the audit trail is {word}: {entries}, {} sealed",
            paint(style, mark),
            count(usize::try_from(segments).unwrap_or(usize::MAX), "segment",)
        ))?;
    }
    Ok(if whole { Ending::Good } else { Ending::Bad })
}
