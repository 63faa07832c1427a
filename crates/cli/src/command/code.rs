//! `code`: a user comes in; a fresh code goes out, or a lock, a ban or a live code is lifted.

use anyhow::Result;
use serde_json::json;
use wayfarer::identity::{IssueCode, IssuedCode, Lifetime, Reason};

use super::user::named;
use crate::Ending;
use crate::args::{Code, Format, Issue, Named, Reasoned};
use crate::compose::{Host, block_on};
use crate::console::Console;
use crate::output::style::{GOOD, NOTICE, QUIET, TITLE, paint};
use crate::output::text::safe;

/// Issues codes and takes them back.
pub(crate) fn perform(arguments: &Code, console: &mut Console) -> Result<Ending> {
    block_on(async {
        match arguments {
            Code::Issue(issue) => self::issue(issue, console).await,
            Code::Unlock(reasoned) => step_in(reasoned, Lift::Lock, console).await,
            Code::Enable(reasoned) => step_in(reasoned, Lift::Ban, console).await,
            Code::Revoke(named) => revoke(named, console).await,
        }
    })
}

async fn issue(arguments: &Issue, console: &mut Console) -> Result<Ending> {
    let mut request = IssueCode::new(named(&arguments.who)?).application(&arguments.application);
    if let Some(seconds) = arguments.expires_in {
        request = request.expires_in(Lifetime::from_seconds(seconds)?);
    }
    if let Some(evidence) = &arguments.evidence {
        request = request.evidence(evidence);
    }
    let host = Host::open(&arguments.place).await?;
    let issued = host.wayfarer.identity().issue_code(host.tenant(), &host.actor, &request).await?;
    if arguments.place.format.format == Format::Json {
        console.print_json(&json!({
            "code": issued.code.expose(),
            "expires_at": issued.expires_at,
            "code_id": issued.code_id.to_string(),
            "user_id": issued.user_id,
        }))?;
    } else {
        show(console, &arguments.who.identifier, &issued)?;
    }
    Ok(Ending::Good)
}

/// Only the code goes to stdout.
fn show(console: &mut Console, identifier: &str, issued: &IssuedCode) -> Result<()> {
    console.say(format_args!("temporary code for {}\n", safe(identifier)))?;
    console.print(paint(TITLE, issued.code.expose()))?;
    console.say(format_args!("\ngood once, until {}", issued.expires_at))?;
    if issued.superseded {
        console.say(format_args!("{} the code issued before is no longer good", paint(NOTICE, "!")))?;
    }
    console.say(paint(QUIET, "tell it once; it is not stored and cannot be shown again"))?;
    Ok(())
}

#[derive(Clone, Copy)]
enum Lift {
    Lock,
    Ban,
}

async fn step_in(arguments: &Reasoned, lift: Lift, console: &mut Console) -> Result<Ending> {
    let (who, reason) = (named(&arguments.who)?, Reason::new(&arguments.reason)?);
    let host = Host::open(&arguments.place).await?;
    let (identity, tenant) = (host.wayfarer.identity(), host.tenant());
    let (done, yes, no) = match lift {
        Lift::Lock => {
            let done = identity.unlock(tenant, &host.actor, &who, &reason).await?;
            (done, "the lock is lifted; issue a new code", "there was no lock")
        }
        Lift::Ban => {
            let done = identity.enable_method(tenant, &host.actor, &who, &reason).await?;
            (done, "the user may have codes again", "codes were not disabled for this user")
        }
    };
    tell(arguments.place.format.format, done, if done { yes } else { no }, console)
}

async fn revoke(arguments: &Named, console: &mut Console) -> Result<Ending> {
    let who = named(&arguments.who)?;
    let host = Host::open(&arguments.place).await?;
    let done = host.wayfarer.identity().revoke_code(host.tenant(), &host.actor, &who).await?;
    let words = if done { "the code is no longer good" } else { "there was no live code" };
    tell(arguments.place.format.format, done, words, console)
}

fn tell(format: Format, done: bool, words: &str, console: &mut Console) -> Result<Ending> {
    if format == Format::Json {
        console.print_json(&json!({ "done": done }))?;
    } else {
        let (style, mark) = if done { (GOOD, "✔") } else { (NOTICE, "!") };
        console.say(format_args!("{} {words}", paint(style, mark)))?;
    }
    Ok(Ending::Good)
}
