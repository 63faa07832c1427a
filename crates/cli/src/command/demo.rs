//! `demo`: nothing comes in; account recovery with a temporary code is played, and each step is shown and judged.

use std::fmt::Display;
use std::path::Path;

use anyhow::{Context, Result};
use wayfarer::engine::{Answer, Outcome, Start};
use wayfarer::identity::{AuditQuery, IssueCode, IssuedCode, Lifetime, NewUser, UserRef};
use wayfarer::step::Actor;
use wayfarer::{Wayfarer, json};
use wayfarer_lang::{Program, Value};

use crate::Ending;
use crate::compose::block_on;
use crate::console::Console;
use crate::output::path::{crossroads, taken};
use crate::output::style::{BAD, GOOD, NOTICE, QUIET, TITLE, paint};
use crate::output::text::{count, safe};

const FILE: &str = "journeys/temp_code_auth_journey.yaml";
const JOURNEY: &str = include_str!("../../../../journeys/temp_code_auth_journey.yaml");

/// Plays the guide on a store that is gone afterwards.
pub(crate) fn perform(console: &mut Console) -> Result<Ending> {
    let folder = tempfile::tempdir().context("cannot make a folder for the demonstration")?;
    let expected = block_on(async { Stage::set(folder.path(), console).await?.play().await })?;
    Ok(if expected { Ending::Good } else { Ending::Failed })
}

struct Stage<'a> {
    wayfarer: Wayfarer,
    program: Program,
    support: Actor,
    console: &'a mut Console,
    scene: u32,
    as_expected: bool,
}

impl<'a> Stage<'a> {
    async fn set(folder: &Path, console: &'a mut Console) -> Result<Self> {
        let wayfarer =
            Wayfarer::in_folder(folder.join("data"), folder.join("keys")).journey(FILE, JOURNEY).open().await?;
        let program =
            wayfarer.engine().journeys(wayfarer.tenant()).into_iter().next().context("the journey is not loaded")?;
        let support = Actor { kind: "agent".into(), id: "support".into() };
        Ok(Self { wayfarer, program, support, console, scene: 0, as_expected: true })
    }

    async fn play(mut self) -> Result<bool> {
        let title = self.program.title().unwrap_or_default().to_owned();
        self.console.print(format_args!("\n{}  {}\n", paint(TITLE, title), paint(QUIET, FILE)))?;
        for line in crossroads(&self.program) {
            self.tell(line)?;
        }
        self.add_user().await?;
        let issued = self.issue_code().await?;
        let right = issued.code.expose();
        self.attempt("Somebody guesses", &guess(right), false).await?;
        self.attempt("Ann types the code that support told her", right, true).await?;
        self.attempt("Somebody who listened tries the same code again", right, false).await?;
        self.look_back().await?;
        self.close()
    }

    async fn add_user(&mut self) -> Result<()> {
        self.open_scene("Ann has lost her phone, and with it every way to sign in")?;
        self.command("user add --external-user-id user123 --email ann@example.com")?;
        let ann = NewUser {
            external_user_id: Some("user123".to_owned()),
            email: Some("ann@example.com".to_owned()),
            ..NewUser::default()
        };
        let operator = Actor::operator("demo");
        let user = self.wayfarer.identity().add_user(self.wayfarer.tenant(), &operator, &ann).await?;
        self.tell(format_args!("user {}", user.user_id))
    }

    async fn issue_code(&mut self) -> Result<IssuedCode> {
        self.open_scene("She calls support, who makes sure that it is her and issues a code")?;
        self.command("code issue --identifier user123 --expires-in 600")?;
        let request = IssueCode::new(UserRef::id("user123")?).expires_in(Lifetime::from_seconds(600)?);
        let (identity, tenant) = (self.wayfarer.identity(), self.wayfarer.tenant());
        let issued = identity.issue_code(tenant, &self.support, &request).await?;
        let code = paint(TITLE, issued.code.expose());
        self.tell(format_args!(
            "{code}  {}",
            paint(QUIET, "good once, for ten minutes; only a keyed hash of it is stored")
        ))?;
        Ok(issued)
    }

    async fn attempt(&mut self, title: &str, code: &str, let_in: bool) -> Result<()> {
        self.open_scene(title)?;
        self.command(&format!("run {FILE} -p external_user_id=user123 -p temp_code={code}"))?;
        let answer = self.start(code).await?;
        let way = taken(&self.program, &answer.path);
        self.tell(way)?;
        match &answer.outcome {
            Outcome::Completed { claims, .. } => {
                let claim = |name: &str| claims.as_ref().and_then(|claims| claims.get(name)).map(Value::to_json_masked);
                let claims: Vec<_> =
                    ["acr", "amr"].iter().filter_map(|name| Some(format!("{name} {}", claim(name)?))).collect();
                self.tell(format_args!("{}  tokens with {}", paint(GOOD, "✔ completed"), claims.join(", ")))?;
            }
            Outcome::Rejected { data } => {
                let message = data.as_ref().and_then(|data| data.get("message")?.as_text()).unwrap_or_default();
                self.tell(format_args!("{}  “{}”", paint(BAD, "✘ rejected"), safe(message)))?;
            }
            other => self.tell(paint(BAD, other.word()))?,
        }
        let expected = if let_in { "completed" } else { "rejected" };
        self.judge(answer.outcome.word() == expected, expected)
    }

    async fn start(&self, code: &str) -> Result<Answer> {
        let start = Start {
            tenant: self.wayfarer.tenant().clone(),
            application: self.wayfarer.application().clone(),
            client: None,
            journey: self.program.id().clone(),
            params: Value::from(json!({ "external_user_id": "user123", "temp_code": code })),
            request_id: None,
            actor: Actor { kind: "client".into(), id: "app".into() },
        };
        Ok(self.wayfarer.engine().start(start).await?)
    }

    /// The client is told the same each time; the trail says what happened.
    async fn look_back(&mut self) -> Result<()> {
        self.open_scene("Both refusals read the same; the reason is in the audit trail, for support alone")?;
        self.command("audit show --name tempcode.")?;
        let query = AuditQuery { name: Some("tempcode.".to_owned()), ..AuditQuery::default() };
        let page = self.wayfarer.identity().audit(self.wayfarer.tenant(), &query).await?;
        for entry in page.entries {
            match entry.fact.reason {
                None => self.tell(entry.fact.name)?,
                Some(reason) => self.tell(format_args!("{}  {}", entry.fact.name, paint(QUIET, reason)))?,
            }
        }
        self.command("audit verify")?;
        let seen = self.wayfarer.identity().verify_audit(self.wayfarer.tenant()).await?;
        let facts = count(usize::try_from(seen.entries).unwrap_or(usize::MAX), "fact");
        self.tell(format_args!("{facts}, each chained to the one before"))?;
        self.judge(seen.is_intact(), "whole")
    }

    fn close(self) -> Result<bool> {
        let Self { console, as_expected, .. } = self;
        console.print("")?;
        if as_expected {
            console.print(format_args!("{} everything was as it should be", paint(GOOD, "✔")))?;
            console.print(paint(QUIET, "next: `wayfarer new my_journey` writes a journey to start from"))?;
        } else {
            console.print(format_args!("{} something was not as it should be", paint(BAD, "✘")))?;
        }
        Ok(as_expected)
    }

    fn open_scene(&mut self, title: &str) -> Result<()> {
        self.scene += 1;
        Ok(self.console.print(format_args!("\n{} {}", paint(NOTICE, self.scene), paint(TITLE, title)))?)
    }

    fn command(&mut self, words: &str) -> Result<()> {
        self.tell(paint(QUIET, format!("$ wayfarer {words}")))
    }

    fn tell(&mut self, line: impl Display) -> Result<()> {
        Ok(self.console.print(format_args!("  {line}"))?)
    }

    /// Says so where something else happened than was expected.
    fn judge(&mut self, as_expected: bool, expected: &str) -> Result<()> {
        if !as_expected {
            self.as_expected = false;
            self.tell(format_args!("{} this should be {expected}", paint(BAD, "!")))?;
        }
        Ok(())
    }
}

/// Another code of the same length.
fn guess(right: &str) -> String {
    right.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
}
