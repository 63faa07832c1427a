//! The applications of the installation go out, with their settings.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use wayfarer_identity::Application as Known;

use super::agent::{Agent, ApplicationsRead};
use crate::app::App;
use crate::problem::Problem;
use crate::sent::Told;

/// All applications.
#[derive(Serialize, ToSchema)]
pub(super) struct Applications {
    applications: Vec<Application>,
}

/// An application.
#[derive(Serialize, ToSchema)]
pub(super) struct Application {
    /// Its id.
    application: String,
    one_time_passcodes: Passcodes,
    tokens: TokenSettings,
}

/// How temporary codes behave.
#[derive(Serialize, ToSchema)]
struct Passcodes {
    /// How long a code lives unless its issue says otherwise, in seconds.
    expires_in: i64,
    /// How long the method rests after too many failures, in seconds.
    lockout: i64,
    /// After how many failures it rests.
    max_attempts: u32,
    /// The digits of a code, at least.
    length: usize,
}

/// How the tokens of users behave.
#[derive(Serialize, ToSchema)]
struct TokenSettings {
    /// How long they live, in seconds.
    expires_in: i64,
}

impl Application {
    fn of(id: &str, known: &Known) -> Self {
        let passcodes = known.one_time_passcodes;
        Self {
            application: id.to_owned(),
            one_time_passcodes: Passcodes {
                expires_in: passcodes.expires_in().seconds(),
                lockout: passcodes.lockout().as_secs(),
                max_attempts: passcodes.max_attempts(),
                length: passcodes.length(),
            },
            tokens: TokenSettings { expires_in: known.tokens.lifetime().as_secs() },
        }
    }
}

/// List applications
#[utoipa::path(
    get, path = "/admin/v1/applications", tag = "applications", operation_id = "listApplications",
    responses((status = 200, description = "All applications", body = Applications)),
    security(("client" = ["applications:read"])),
)]
pub(super) async fn list(State(app): State<App>, _: Agent<ApplicationsRead>) -> Result<Told<Applications>, Problem> {
    let applications = app.identity().applications().iter().map(|(id, known)| Application::of(id, known)).collect();
    Ok(Told(Applications { applications }))
}
