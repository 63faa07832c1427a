//! `code`: a user comes in; a fresh code goes out, or a lock, a ban or a live code is lifted.

use anyhow::Result;
use serde_json::json;

use crate::Ending;
use crate::args::{Code, Format, Issue, Named, Reasoned};
use crate::compose::block_on;
use crate::console::Console;
use crate::desk::{Desk, Issued, Step};
use crate::output::style::{GOOD, NOTICE, QUIET, TITLE, paint};
use crate::output::text::safe;

/// Issues codes and takes them back.
pub(crate) fn perform(arguments: &Code, console: &mut Console) -> Result<Ending> {
    block_on(async {
        match arguments {
            Code::Issue(issue) => self::issue(issue, console).await,
            Code::Unlock(reasoned) => step_in(reasoned, Step::Unlock, console).await,
            Code::Enable(reasoned) => step_in(reasoned, Step::Enable, console).await,
            Code::Revoke(named) => revoke(named, console).await,
        }
    })
}

async fn issue(arguments: &Issue, console: &mut Console) -> Result<Ending> {
    let issued = Desk::open(&arguments.place).await?.issue_code(arguments).await?;
    if arguments.place.format.format == Format::Json {
        console.print_json(&json!({
            "code": issued.code.expose(),
            "expires_at": issued.expires_at,
            "code_id": issued.code_id,
            "user_id": issued.user_id,
        }))?;
    } else {
        show(console, &arguments.who.identifier, &issued)?;
    }
    Ok(Ending::Good)
}

/// Only the code goes to stdout.
fn show(console: &mut Console, identifier: &str, issued: &Issued) -> Result<()> {
    console.say(format_args!("temporary code for {}\n", safe(identifier)))?;
    console.print(paint(TITLE, issued.code.expose()))?;
    console.say(format_args!("\ngood once, until {}", issued.expires_at))?;
    if issued.superseded {
        console.say(format_args!("{} the code issued before is no longer good", paint(NOTICE, "!")))?;
    }
    console.say(paint(QUIET, "tell it once; it is not stored and cannot be shown again"))?;
    Ok(())
}

async fn step_in(arguments: &Reasoned, step: Step, console: &mut Console) -> Result<Ending> {
    let done = Desk::open(&arguments.place).await?.step_in(step, arguments).await?;
    let (yes, no) = match step {
        Step::Unlock => ("the lock is lifted; issue a new code", "there was no lock"),
        Step::Enable => ("the user may have codes again", "codes were not disabled for this user"),
    };
    tell(arguments.place.format.format, done, if done { yes } else { no }, console)
}

async fn revoke(arguments: &Named, console: &mut Console) -> Result<Ending> {
    let done = Desk::open(&arguments.place).await?.revoke_code(&arguments.who).await?;
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
