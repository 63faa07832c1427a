//! Issues and verifies codes on a store until it is killed, and says each thing once it is acknowledged.
//!
//! Arguments: the store's folder, the key file, a seed. Lines on standard output, each written after the store has answered:
//! `user U`, `issued U C`, `wrong U C`, `trying U C CODE`, `used U C`.

use std::error::Error;
use std::io::Write;

use wayfarer::{IssueCode, IssuedCode, NewUser, Outcome, UserRef, Wayfarer, json};

const JOURNEY: &str = include_str!("../../../journeys/temp_code_auth_journey.yaml");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("usage: crash_worker DATA KEYS SEED");
    let (data, keys, seed) = (next()?, next()?, next()?);
    let wayfarer = Wayfarer::in_folder(data, keys).journey("journey.yaml", JOURNEY).open().await?;
    for number in 0_u64.. {
        let user = format!("user-{seed}-{number}");
        // Which wrong attempts come before the right one: 0, 1, 2, or 3, which locks.
        cycle(&wayfarer, &user, number % 4).await?;
    }
    Ok(())
}

async fn cycle(wayfarer: &Wayfarer, user: &str, wrong: u64) -> Result<(), Box<dyn Error>> {
    wayfarer.add_user(NewUser::external(user)).await?;
    say(&format!("user {user}"))?;
    let issued = wayfarer.issue_code(IssueCode::new(UserRef::id(user)?)).await?;
    let IssuedCode { code, code_id, .. } = issued;
    say(&format!("issued {user} {code_id}"))?;
    let guess = if code.expose() == "000000" { "000001" } else { "000000" };
    for _ in 0..wrong {
        expect(attempt(wayfarer, user, guess).await?, false)?;
        say(&format!("wrong {user} {code_id}"))?;
    }
    say(&format!("trying {user} {code_id} {}", code.expose()))?;
    expect(attempt(wayfarer, user, code.expose()).await?, wrong < 3)?;
    if wrong < 3 {
        say(&format!("used {user} {code_id}"))?;
        expect(attempt(wayfarer, user, code.expose()).await?, false)?;
    }
    Ok(())
}

async fn attempt(wayfarer: &Wayfarer, user: &str, code: &str) -> Result<bool, Box<dyn Error>> {
    let params = json!({ "external_user_id": user, "temp_code": code });
    let answer = wayfarer.start("temp_code_auth_journey", params).await?;
    Ok(matches!(answer.outcome, Outcome::Completed { .. }))
}

fn expect(found: bool, expected: bool) -> Result<(), Box<dyn Error>> {
    if found == expected { Ok(()) } else { Err(format!("an attempt ended as {found}").into()) }
}

fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
