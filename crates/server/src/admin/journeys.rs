//! Journey files, and wishes about versions, come in; what is deployed goes out. Of files that are sent together all serve, at
//! once, or none does.

mod form;

use axum::extract::State;
use axum::http::StatusCode;
use wayfarer_engine::{Deploy, DeployError, Deployed as Known};
use wayfarer_identity::Reason;

use self::form::{Back, Deployed, Journey, Journeys, Live, NewJourneys, Try};
use super::agent::{Agent, JourneysRead, JourneysWrite};
use super::page::{self, Asked};
use crate::app::App;
use crate::at::At;
use crate::problem::Problem;
use crate::sent::{Sent, Told};

/// List journeys
#[utoipa::path(
    get, path = "/admin/v1/journeys", tag = "journeys", operation_id = "listJourneys",
    params(("after" = Option<String>, Query, description = "The `next` of the page before", pattern = "^[A-Za-z0-9_-]{2,86}$"), ("limit" = Option<u32>, Query, description = "At most so many; 50 if not said", minimum = 1, maximum = 200)),
    responses((status = 200, description = "A page of journeys, with their versions", body = Journeys), (status = 422, description = "`rule_broken`")),
    security(("client" = ["journeys:read"])),
)]
pub(super) async fn list(
    State(app): State<App>,
    _: Agent<JourneysRead>,
    asked: Asked,
) -> Result<Told<Journeys>, Problem> {
    let asked = asked.only(&["after", "limit"])?;
    let (after, limit) = (asked.after()?.unwrap_or_default(), asked.limit()?);
    let mut all = app.engine().deployments(app.tenant()).await?;
    all.retain(|deployment| deployment.journey.as_bytes() > after.as_slice());
    let more = all.len() > limit;
    all.truncate(limit);
    let last = all.last().filter(|_| more).map(|deployment| deployment.journey.as_bytes().to_vec());
    Ok(Told(Journeys { journeys: all.into_iter().map(Journey::from).collect(), next: page::next(last) }))
}

/// Deploy journeys
///
/// The files are checked together. If one has a mistake, nothing changes, and `findings` names all of them. If not, what is new
/// in them serves new runs at once; runs under way stay on what they began with.
#[utoipa::path(
    post, path = "/admin/v1/journeys", tag = "journeys", operation_id = "deployJourneys",
    params(("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = NewJourneys,
    responses((status = 200, description = "What has changed", body = Deployed), (status = 409, description = "`other_parameters`: what is to be tried takes other parameters than the live version; `conflict`"), (status = 422, description = "`faulty_journey`, `rule_broken`")),
    security(("client" = ["journeys:write"])),
)]
pub(super) async fn deploy(
    State(app): State<App>,
    agent: Agent<JourneysWrite>,
    Sent(new): Sent<NewJourneys>,
) -> Result<Told<Deployed>, Problem> {
    agent.is_named()?;
    if !(1..=256).contains(&new.files.len()) {
        return Err(Problem::invalid("`files` has 1 to 256 entries"));
    }
    let named = |name: &str| (1..=255).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !new.files.iter().all(|file| named(&file.name)) {
        return Err(Problem::broken("the `name` of a file has 1 to 255 characters without control characters"));
    }
    if new.percent.is_some_and(|percent| !(1..=99).contains(&percent)) {
        return Err(Problem::broken("`percent` must be 1 to 99"));
    }
    let deploy = Deploy {
        tenant: app.tenant().clone(),
        sources: new.files.into_iter().map(|file| (file.name, file.text.into_bytes())).collect(),
        whole: false,
        strict: true,
        percent: new.percent,
        note: note(new.note)?,
        by: agent.actor,
    };
    let deployed = app.engine().deploy(deploy).await?;
    if deployed.faulty.is_empty() { Ok(Told(deployed.into())) } else { Err(faulty(&deployed)) }
}

/// One journey
#[utoipa::path(
    get, path = "/admin/v1/journeys/{journey}", tag = "journeys", operation_id = "getJourney",
    params(("journey" = String, Path, description = "The journey's id", pattern = "^[A-Za-z0-9_-]{1,64}$")),
    responses((status = 200, description = "The journey, with its versions", body = Journey), (status = 404, description = "`unknown_journey`")),
    security(("client" = ["journeys:read"])),
)]
pub(super) async fn show(
    State(app): State<App>,
    _: Agent<JourneysRead>,
    At(journey): At<String>,
) -> Result<Told<Journey>, Problem> {
    let all = app.engine().deployments(app.tenant()).await?;
    let found = all.into_iter().find(|deployment| *deployment.journey == *journey);
    Ok(Told(found.ok_or(DeployError::UnknownJourney { journey: journey.into() })?.into()))
}

/// Make a version live
///
/// A trial ends by it.
#[utoipa::path(
    post, path = "/admin/v1/journeys/{journey}/live", tag = "journeys", operation_id = "makeLive",
    params(("journey" = String, Path, description = "The journey's id", pattern = "^[A-Za-z0-9_-]{1,64}$"), ("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = Live,
    responses((status = 200, description = "The journey", body = Journey), (status = 404, description = "`unknown_journey`, `unknown_version`"), (status = 409, description = "`cannot_run`, `conflict`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["journeys:write"])),
)]
pub(super) async fn live(
    State(app): State<App>,
    agent: Agent<JourneysWrite>,
    At(journey): At<String>,
    Sent(Live { version, note: why }): Sent<Live>,
) -> Result<Told<Journey>, Problem> {
    agent.is_named()?;
    let note = note(why)?;
    Ok(Told(app.engine().make_live(app.tenant(), &agent.actor, &journey, version, note.as_deref()).await?.into()))
}

/// Try a version
///
/// It gets some of the starts beside the live one. Which these are is drawn, and no client can choose.
#[utoipa::path(
    post, path = "/admin/v1/journeys/{journey}/try", tag = "journeys", operation_id = "tryVersion",
    params(("journey" = String, Path, description = "The journey's id", pattern = "^[A-Za-z0-9_-]{1,64}$"), ("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = Try,
    responses((status = 200, description = "The journey", body = Journey), (status = 404, description = "`unknown_journey`, `unknown_version`"), (status = 409, description = "`live_already`, `other_parameters`, `cannot_run`, `conflict`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["journeys:write"])),
)]
pub(super) async fn on_trial(
    State(app): State<App>,
    agent: Agent<JourneysWrite>,
    At(journey): At<String>,
    Sent(Try { version, percent, note: why }): Sent<Try>,
) -> Result<Told<Journey>, Problem> {
    agent.is_named()?;
    let note = note(why)?;
    let (engine, tenant) = (app.engine(), app.tenant());
    Ok(Told(engine.put_on_trial(tenant, &agent.actor, &journey, version, percent, note.as_deref()).await?.into()))
}

/// Go back to the version that was live before
///
/// Once more goes back further. A trial ends by it.
#[utoipa::path(
    post, path = "/admin/v1/journeys/{journey}/rollback", tag = "journeys", operation_id = "rollBack",
    params(("journey" = String, Path, description = "The journey's id", pattern = "^[A-Za-z0-9_-]{1,64}$"), ("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = Back,
    responses((status = 200, description = "The journey", body = Journey), (status = 404, description = "`unknown_journey`"), (status = 409, description = "`nothing_before`, `cannot_run`, `conflict`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["journeys:write"])),
)]
pub(super) async fn roll_back(
    State(app): State<App>,
    agent: Agent<JourneysWrite>,
    At(journey): At<String>,
    Sent(Back { note: why }): Sent<Back>,
) -> Result<Told<Journey>, Problem> {
    agent.is_named()?;
    let note = note(why)?;
    Ok(Told(app.engine().roll_back(app.tenant(), &agent.actor, &journey, note.as_deref()).await?.into()))
}

fn note(text: Option<String>) -> Result<Option<String>, Problem> {
    Ok(text.map(|text| Reason::of("note", &text)).transpose()?.map(|note| note.as_str().to_owned()))
}

/// What is wrong with the files.
fn faulty(deployed: &Known) -> Problem {
    let files = deployed.faulty.iter();
    let findings = files.flat_map(|(source, findings)| findings.iter().map(|finding| finding.to_json(source)));
    let detail = "a journey has mistakes, so nothing was deployed";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "faulty_journey", detail).found(findings.collect())
}

impl From<DeployError> for Problem {
    fn from(error: DeployError) -> Self {
        let (code, message) = (error.code(), error.to_string());
        let status = match error {
            DeployError::Engine(error) => return error.into(),
            DeployError::UnknownJourney { .. } | DeployError::UnknownVersion { .. } => StatusCode::NOT_FOUND,
            DeployError::Percent => return Self::broken(message),
            _ => StatusCode::CONFLICT,
        };
        Self::new(status, code, message)
    }
}
