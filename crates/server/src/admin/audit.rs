//! The audit trail is looked through, and held against its chain (R118).

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use wayfarer_identity::{AuditEntry, AuditQuery};
use wayfarer_step::Actor;

use super::agent::{Agent, AuditRead};
use super::page::Asked;
use crate::app::App;
use crate::problem::Problem;
use crate::sent::Told;

/// A fact with its place in the trail.
#[derive(Serialize, ToSchema)]
pub(super) struct Entry {
    /// Its place in the trail.
    position: u64,
    /// Its place in its writer's chain, without gaps.
    sequence: u64,
    /// When it was committed.
    #[schema(format = DateTime)]
    at: String,
    /// What happened, such as `tempcode.verified`.
    name: String,
    /// Who did it.
    actor: Who,
    /// The id of the user it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// The application.
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<String>,
    /// The run.
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<String>,
    /// The journey's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    journey: Option<String>,
    /// The step's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    /// How it ended, in one word.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What else belongs to this kind of fact.
    details: serde_json::Map<String, serde_json::Value>,
}

/// Who did something.
#[derive(Serialize, ToSchema)]
pub(super) struct Who {
    /// `user`, `client`, `agent`, `operator` or `system`.
    kind: String,
    /// Who, in the words of that kind; of an agent the client that named it, and the name.
    id: String,
}

/// Some facts, oldest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Trail {
    entries: Vec<Entry>,
    /// The `after` of the next page, if not everything was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// Whether the trail is whole.
#[derive(Serialize, ToSchema)]
pub(super) struct Verdict {
    /// No entry was changed, is missing, was moved or cut off.
    whole: bool,
    /// How many entries were looked at.
    entries: u64,
    /// How many segments are sealed.
    segments: u64,
    /// What is wrong, where something is.
    faults: Vec<String>,
}

impl From<Actor> for Who {
    fn from(actor: Actor) -> Self {
        Self { kind: actor.kind.into_owned(), id: actor.id.to_string() }
    }
}

impl From<AuditEntry> for Entry {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { position, sequence, at, fact } = entry;
        let text = |text: Option<std::sync::Arc<str>>| text.map(|text| text.to_string());
        Self {
            position,
            sequence,
            at: at.to_string(),
            name: fact.name.into_owned(),
            actor: fact.actor.into(),
            subject: text(fact.subject),
            application: text(fact.application),
            run: text(fact.run),
            journey: text(fact.journey),
            step: text(fact.step),
            result: fact.result.map(std::borrow::Cow::into_owned),
            reason: fact.reason,
            details: fact.details.into_iter().map(|(name, value)| (name.into_owned(), value)).collect(),
        }
    }
}

/// What the place is where a page goes on.
const NEXT: &str = "must be the `next` of the page before";

/// Look through the audit trail
#[utoipa::path(
    get, path = "/admin/v1/audit", tag = "audit", operation_id = "listAudit",
    params(
        ("user_id" = Option<String>, Query, description = "About this user id", min_length = 1, max_length = 254),
        ("run_id" = Option<String>, Query, description = "About this run", format = "uuid"),
        ("name" = Option<String>, Query, description = "Of this name, or of this family if it ends with a dot: `tempcode.`", pattern = "^[a-z_.]{1,64}$"),
        ("since" = Option<String>, Query, description = "Not before this moment", format = DateTime),
        ("after" = Option<i64>, Query, description = "The `next` of the page before", minimum = 0),
        ("limit" = Option<u32>, Query, description = "At most so many; 50 if not said", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A page of facts", body = Trail), (status = 422, description = "`rule_broken`")),
    security(("client" = ["audit:read"])),
)]
pub(super) async fn list(State(app): State<App>, _: Agent<AuditRead>, asked: Asked) -> Result<Told<Trail>, Problem> {
    let asked = asked.only(&["user_id", "run_id", "name", "since", "after", "limit"])?;
    let query = AuditQuery {
        user: asked.user_id()?,
        run: asked.parsed::<uuid::Uuid>("run_id", "must be the id of a run")?.map(|run| run.to_string()),
        name: asked.text("name", 64, |c| c.is_ascii_lowercase() || "._".contains(c))?,
        since: asked.parsed("since", "must be a moment by RFC 3339, such as `2026-01-31T12:00:00Z`")?,
        after: asked
            .parsed::<i64>("after", NEXT)?
            .map(u64::try_from)
            .transpose()
            .map_err(|_| Problem::broken(format!("`after` {NEXT}")))?,
        limit: asked.limit()?,
    };
    let page = app.identity().audit(app.tenant(), &query).await?;
    Ok(Told(Trail { entries: page.entries.into_iter().map(Entry::from).collect(), next: page.next }))
}

/// Verify the audit trail
#[utoipa::path(
    get, path = "/admin/v1/audit/verify", tag = "audit", operation_id = "verifyAudit",
    responses((status = 200, description = "Whether it is whole", body = Verdict)),
    security(("client" = ["audit:read"])),
)]
pub(super) async fn verify(State(app): State<App>, _: Agent<AuditRead>) -> Result<Told<Verdict>, Problem> {
    let verified = app.identity().verify_audit(app.tenant()).await?;
    let faults: Vec<_> = verified.findings.iter().map(ToString::to_string).collect();
    Ok(Told(Verdict { whole: faults.is_empty(), entries: verified.entries, segments: verified.segments, faults }))
}
