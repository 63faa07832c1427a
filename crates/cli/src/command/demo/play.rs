//! A stage comes in; the scenes of the guide are played on it, and whether each ended as it should goes out.

use std::fmt::Display;

use anyhow::{Context, Result};
use hyper::StatusCode;
use hyper::body::Bytes;
use serde_json::{Value as Json, json};
use wayfarer::identity::AuditQuery;
use wayfarer::step::Secret;

use super::call::{Answer, Body, Call};
use super::{FILE, Stage, show};
use crate::console::Console;
use crate::output::path::crossroads;
use crate::output::style::{BAD, GOOD, NOTICE, QUIET, TITLE, paint};
use crate::output::text::count;

/// The play, and how it has gone so far.
pub(super) struct Play<'a> {
    stage: &'a Stage,
    console: &'a mut Console,
    scene: u32,
    as_expected: bool,
    /// Of the support desk.
    token: String,
    /// The first refusal: all others must be the same.
    refusal: Option<Bytes>,
}

/// How an attempt should end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    LetIn,
    Refused,
}

impl<'a> Play<'a> {
    pub(super) const fn new(stage: &'a Stage, console: &'a mut Console) -> Self {
        Self { stage, console, scene: 0, as_expected: true, token: String::new(), refusal: None }
    }

    /// Plays all scenes.
    pub(super) async fn all(&mut self) -> Result<bool> {
        self.open()?;
        self.scene("Support signs in, and Ann is known")?;
        self.sign_in().await?;
        let ann = json!({ "external_user_id": "user123", "email": "ann@example.com" });
        self.support("/cis/v1/users", ann, StatusCode::CREATED).await?;

        self.scene("Ann has lost her phone. She calls support, who makes sure that it is her and reads a code to her")?;
        let code = self.code(600).await?;
        self.scene("Somebody guesses")?;
        self.attempt(&other(&code, '9'), End::Refused).await?;
        self.scene("Ann types the code that support told her")?;
        self.attempt(&code, End::LetIn).await?;
        self.scene("Somebody who listened tries the same code again")?;
        self.attempt(&code, End::Refused).await?;

        self.scene("A code of one minute, typed too late (the clock of this server is put forward by 61 seconds)")?;
        let code = self.code(60).await?;
        self.stage.clock.by(61);
        self.attempt(&code, End::Refused).await?;

        self.scene("Three guesses, and then the right code: by then it is locked, and the code is burnt")?;
        let code = self.code(600).await?;
        for digit in ['9', '8', '7'] {
            self.attempt(&other(&code, digit), End::Refused).await?;
        }
        self.attempt(&code, End::Refused).await?;

        self.scene("A quarter of an hour later (put forward again) a new code is good")?;
        self.stage.clock.by(15 * 60);
        self.sign_in().await?;
        let code = self.code(600).await?;
        self.attempt(&code, End::LetIn).await?;
        self.look_back().await?;
        self.close()
    }

    fn open(&mut self) -> Result<()> {
        let wayfarer = &self.stage.wayfarer;
        let program = wayfarer.engine().journeys(wayfarer.tenant()).into_iter().next();
        let program = program.context("the journey is not loaded")?;
        let title = program.title().unwrap_or_default().to_owned();
        self.console.print(format_args!("\n{}  {}\n", paint(TITLE, title), paint(QUIET, FILE)))?;
        for line in crossroads(&program) {
            self.tell(line)?;
        }
        let address = self.stage.caller.address();
        self.console.print("")?;
        self.tell(format_args!("served at {}", paint(TITLE, format!("http://{address}"))))
    }

    /// A token for the support desk, by its secret (RFC 6749 section 4.4).
    async fn sign_in(&mut self) -> Result<()> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "support"),
            ("client_secret", self.stage.secret.expose()),
        ];
        let body = Body::Form(form.map(|(name, value)| (name, value.to_owned())).to_vec());
        let answer = self.send(&Call { path: "/oidc/token", body, token: None }).await?;
        self.judge(answer.status == StatusCode::OK, "a token")?;
        self.token = text(&answer.body, "/access_token").to_owned();
        Ok(())
    }

    async fn support(&mut self, path: &'static str, body: Json, expected: StatusCode) -> Result<Answer> {
        let token = Some(self.token.clone());
        let answer = self.send(&Call { path, body: Body::Json(body), token }).await?;
        self.judge(answer.status == expected, expected)?;
        Ok(answer)
    }

    async fn code(&mut self, expires_in: u32) -> Result<String> {
        let body = json!({
            "channel": "direct", "identifier_type": "external_user_id", "identifier": "user123", "expires_in": expires_in,
        });
        let answer = self.support("/cis/v1/auth/otp/send", body, StatusCode::OK).await?;
        Ok(text(&answer.body, "/code").to_owned())
    }

    /// What the official Web SDK sends when a page starts the journey.
    async fn attempt(&mut self, code: &str, expected: End) -> Result<()> {
        let params = json!({ "external_user_id": "user123", "temp_code": code });
        let body =
            json!({ "headers": [], "data": { "policy_request_id": "temp_code_auth_journey", "params": params } });
        let path = "/ido/api/v2/auth/anonymous_invoke?clientId=web";
        let answer = self.ask(&Call { path, body: Body::Json(body), token: None }).await?;
        let (has_token, state) = (!text(&answer.body, "/data/token").is_empty(), text(&answer.body, "/data/state"));
        if expected == End::LetIn {
            let let_in = has_token && state == "completed" && answer.body.get("error_code") == Some(&json!(0));
            self.tell(format_args!("  {}", show::answer(&answer)))?;
            return self.judge(let_in, "completed");
        }
        match &self.refusal {
            Some(first) if *first == answer.bytes => {
                self.tell(format_args!("  {}", show::again(&answer, "the first refusal again, byte for byte")))?;
            }
            first => {
                let alike = first.is_none();
                self.tell(format_args!("  {}", show::answer(&answer)))?;
                self.judge(alike, "the same as every refusal")?;
                self.refusal = Some(answer.bytes.clone());
            }
        }
        self.judge(!has_token && state == "rejected", "rejected")
    }

    async fn send(&mut self, call: &Call) -> Result<Answer> {
        let answer = self.ask(call).await?;
        self.tell(format_args!("  {}", show::answer(&answer)))?;
        Ok(answer)
    }

    /// The same, without showing the answer.
    async fn ask(&mut self, call: &Call) -> Result<Answer> {
        for line in show::call(call) {
            self.tell(line)?;
        }
        self.stage.caller.call(call).await
    }

    /// The client is told the same each time; the trail says what happened.
    async fn look_back(&mut self) -> Result<()> {
        self.scene("All refusals read the same; the reason is in the audit trail, for support alone")?;
        let (identity, tenant) = (self.stage.wayfarer.identity(), self.stage.wayfarer.tenant());
        let query = AuditQuery { name: Some("tempcode.".to_owned()), ..AuditQuery::default() };
        for entry in identity.audit(tenant, &query).await?.entries {
            match entry.fact.reason {
                None => self.tell(entry.fact.name)?,
                Some(reason) => self.tell(format_args!("{}  {}", entry.fact.name, paint(QUIET, reason)))?,
            }
        }
        let seen = identity.verify_audit(tenant).await?;
        let facts = count(usize::try_from(seen.entries).unwrap_or(usize::MAX), "fact");
        self.tell(paint(QUIET, format!("{facts}, each chained to the one before")))?;
        self.judge(seen.is_intact(), "whole")
    }

    fn close(&mut self) -> Result<bool> {
        self.console.print("")?;
        if self.as_expected {
            self.console.print(format_args!("{} everything was as it should be", paint(GOOD, "✔")))?;
            self.console.print(paint(QUIET, "next: `wayfarer dev` serves your own journeys while you write them"))?;
        } else {
            self.console.print(format_args!("{} something was not as it should be", paint(BAD, "✘")))?;
        }
        Ok(self.as_expected)
    }

    /// How to call the server, which stays.
    pub(super) fn keep(&mut self, secret: &Secret<String>) -> Result<()> {
        let (address, secret) = (self.stage.caller.address(), secret.expose());
        self.console
            .print(format_args!("\n{}", paint(TITLE, "the server stays until it is interrupted; call it so:")))?;
        let calls = [
            format!(
                "TOKEN=$(curl -s http://{address}/oidc/token -d grant_type=client_credentials -d client_id=support \\\n    \
                 -d client_secret={secret} | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
            ),
            format!(
                "curl -s http://{address}/cis/v1/auth/otp/send -H \"authorization: Bearer $TOKEN\" \\\n    \
                 -H 'content-type: application/json' \\\n    \
                 -d '{{\"channel\":\"direct\",\"identifier_type\":\"external_user_id\",\"identifier\":\"user123\"}}'"
            ),
            format!(
                "curl -s 'http://{address}/ido/api/v2/auth/anonymous_invoke?clientId=web' -H 'content-type: application/json' \\\n    \
                 -d '{{\"headers\":[],\"data\":{{\"policy_request_id\":\"temp_code_auth_journey\",\"params\":\
                 {{\"external_user_id\":\"user123\",\"temp_code\":\"CODE\"}}}}}}'"
            ),
        ];
        for call in calls {
            self.console.print(format_args!("  {call}"))?;
        }
        Ok(())
    }

    fn scene(&mut self, title: &str) -> Result<()> {
        self.scene += 1;
        Ok(self.console.print(format_args!("\n{} {}", paint(NOTICE, self.scene), paint(TITLE, title)))?)
    }

    fn tell(&mut self, line: impl Display) -> Result<()> {
        Ok(self.console.print(format_args!("  {line}"))?)
    }

    /// Says so where something else happened than was expected.
    fn judge(&mut self, as_expected: bool, expected: impl Display) -> Result<()> {
        if !as_expected {
            self.as_expected = false;
            self.tell(format_args!("{} this should be {expected}", paint(BAD, "!")))?;
        }
        Ok(())
    }
}

/// The text at a place of an answer; none is empty.
fn text<'a>(body: &'a Json, place: &str) -> &'a str {
    body.pointer(place).and_then(Json::as_str).unwrap_or_default()
}

/// Another code of the same length.
fn other(right: &str, with: char) -> String {
    right.chars().map(|digit| if digit == with { '0' } else { with }).collect()
}
