//! Runs are listed and looked at, with their path and what the audit trail says of them, and ended.

use std::str::FromStr;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wayfarer_engine::{Overview, RunQuery};
use wayfarer_identity::{AuditQuery, Reason};

use super::agent::{Agent, RunsRead, RunsWrite};
use super::audit::Entry;
use super::codes::Because;
use super::page::{self, Asked};
use crate::app::App;
use crate::at::At;
use crate::problem::Problem;
use crate::sent::{Sent, Told};

/// A run: no parameter, no variable, no secret.
#[derive(Serialize, ToSchema)]
pub(super) struct Run {
    /// Names the run for ever.
    #[schema(format = "uuid")]
    run_id: String,
    /// Its application.
    application: String,
    /// The client that started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// The journey that was started.
    journey: String,
    /// The bundle that it is on.
    bundle: String,
    /// Whether it goes on, and how it ended.
    status: RunStatus,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// The id of the user that it speaks of, proven or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    /// When it began.
    #[schema(format = DateTime)]
    started_at: String,
    /// When it ends at the latest.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Whether a run goes on, and how it ended.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RunStatus {
    Running,
    Waiting,
    Completed,
    Rejected,
    Failed,
}

/// Some runs, oldest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Runs {
    runs: Vec<Run>,
    /// The `after` of the next page, if not everything was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A run and its story.
#[derive(Serialize, ToSchema)]
pub(super) struct RunStory {
    run: Run,
    /// The ids of the steps entered so far.
    path: Vec<String>,
    /// What the audit trail says of it, oldest first: the first thousand facts.
    facts: Vec<Entry>,
}

impl From<Overview> for Run {
    fn from(run: Overview) -> Self {
        let status = run.status.parse().unwrap_or(RunStatus::Failed);
        Self {
            run_id: run.run.to_string(),
            application: run.application.to_string(),
            client_id: run.client.map(|client| client.to_string()),
            journey: run.journey.to_string(),
            bundle: run.bundle.to_string(),
            status,
            code: run.code.map(std::borrow::Cow::into_owned),
            user_id: run.user_id.map(|user| user.to_string()),
            started_at: run.started_at.to_string(),
            expires_at: run.expires_at.to_string(),
        }
    }
}

/// The statuses that a filter takes.
const STATUSES: &str = "must be one of `running`, `waiting`, `completed`, `rejected`, `failed`";

impl RunStatus {
    const ALL: [Self; 5] = [Self::Running, Self::Waiting, Self::Completed, Self::Rejected, Self::Failed];

    const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for RunStatus {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.word() == word).ok_or(())
    }
}

/// List runs
#[utoipa::path(
    get, path = "/admin/v1/runs", tag = "runs", operation_id = "listRuns",
    params(
        ("journey" = Option<String>, Query, description = "Of this journey", pattern = "^[A-Za-z0-9_-]{1,64}$"),
        ("status" = Option<RunStatus>, Query, description = "With this status"),
        ("client_id" = Option<String>, Query, description = "Started by this client", pattern = "^[A-Za-z0-9_.-]{1,64}$"),
        ("user_id" = Option<String>, Query, description = "About the user of this id", min_length = 1, max_length = 254),
        ("after" = Option<String>, Query, description = "The `next` of the page before", pattern = "^[A-Za-z0-9_-]{2,86}$"),
        ("limit" = Option<u32>, Query, description = "At most so many; 50 if not said", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A page of runs", body = Runs), (status = 422, description = "`rule_broken`")),
    security(("client" = ["runs:read"])),
)]
pub(super) async fn list(State(app): State<App>, _: Agent<RunsRead>, asked: Asked) -> Result<Told<Runs>, Problem> {
    let asked = asked.only(&["journey", "status", "client_id", "user_id", "after", "limit"])?;
    let id = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let query = RunQuery {
        journey: asked.text("journey", 64, |c| c.is_ascii_alphanumeric() || "_-".contains(c))?,
        status: asked.parsed::<RunStatus>("status", STATUSES)?.map(|status| status.word().to_owned()),
        client: asked.text("client_id", 64, id)?,
        user: asked.user_id()?,
        after: asked.after()?,
        limit: asked.limit()?,
    };
    let page = app.engine().runs(app.tenant(), &query).await?;
    Ok(Told(Runs { runs: page.runs.into_iter().map(Run::from).collect(), next: page::next(page.next) }))
}

/// The facts of one run that are shown.
const FACTS: usize = 1_000;

/// One run
#[utoipa::path(
    get, path = "/admin/v1/runs/{run_id}", tag = "runs", operation_id = "getRun",
    params(("run_id" = String, Path, description = "The run's id", format = "uuid")),
    responses((status = 200, description = "The run, its path and its facts", body = RunStory), (status = 404, description = "`unknown_run`")),
    security(("client" = ["runs:read"])),
)]
pub(super) async fn show(
    State(app): State<App>,
    _: Agent<RunsRead>,
    At(run_id): At<Uuid>,
) -> Result<Told<RunStory>, Problem> {
    let run = app.engine().run(app.tenant(), run_id).await?.ok_or_else(unknown)?;
    let about = AuditQuery {
        run: Some(run_id.to_string()),
        since: Some(run.started_at),
        limit: FACTS,
        ..AuditQuery::default()
    };
    let facts = app.identity().audit(app.tenant(), &about).await?.entries.into_iter().map(Entry::from).collect();
    let path = run.path.iter().map(ToString::to_string).collect();
    Ok(Told(RunStory { run: run.into(), path, facts }))
}

/// End a run
///
/// It fails, and tokens that it signed are void. A run that has ended stays as it is.
#[utoipa::path(
    post, path = "/admin/v1/runs/{run_id}/end", tag = "runs", operation_id = "endRun",
    params(("run_id" = String, Path, description = "The run's id", format = "uuid"), ("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = Because,
    responses((status = 200, description = "The run", body = Run), (status = 404, description = "`unknown_run`"), (status = 409, description = "`conflict`: the run is being worked on"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["runs:write"])),
)]
pub(super) async fn end(
    State(app): State<App>,
    agent: Agent<RunsWrite>,
    At(run_id): At<Uuid>,
    Sent(Because { reason }): Sent<Because>,
) -> Result<Told<Run>, Problem> {
    agent.is_named()?;
    let reason = Reason::new(&reason)?;
    let run = app.engine().end_run(app.tenant(), run_id, &agent.actor, reason.as_str()).await?;
    Ok(Told(run.ok_or_else(unknown)?.into()))
}

fn unknown() -> Problem {
    Problem::new(axum::http::StatusCode::NOT_FOUND, "unknown_run", "there is no such run, or not any more")
}
