//! How far a run has come comes in; the one shape in which this interface tells it goes out.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;
use wayfarer_engine::{Answer, Outcome};
use wayfarer_lang::Value;
use wayfarer_step::{Choice, ChoiceKind};

use super::party::Party;
use super::pass;
use crate::app::App;
use crate::problem::Problem;
use crate::refusal::Refusal;

/// How far a run has come.
#[derive(Serialize, ToSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub(super) enum RunAnswer {
    /// The client is asked.
    Prompt {
        /// What answers it, once: the header `wayfarer-handle` of the next call.
        handle: String,
        /// The id of the step that asks.
        step: String,
        /// What kind of thing is asked, such as `form` or `information`.
        kind: String,
        /// What may be answered; nothing if somebody else ends the wait.
        choices: Vec<Offer>,
        /// What to show.
        data: Json,
        /// What steps on the way had for the client.
        #[serde(skip_serializing_if = "Option::is_none")]
        provided: Option<Json>,
        /// Until when.
        #[schema(format = DateTime)]
        expires_at: String,
    },
    /// Something else than the client must happen first. What the run came to is read by the same handle.
    Waiting {
        /// What reads the run's state later.
        handle: String,
        /// What steps on the way had for the client.
        #[serde(skip_serializing_if = "Option::is_none")]
        provided: Option<Json>,
        /// Until when.
        #[schema(format = DateTime)]
        expires_at: String,
    },
    /// The journey ended with success.
    Completed {
        /// What the author hands out.
        #[serde(skip_serializing_if = "Option::is_none")]
        data: Option<Json>,
        /// What steps on the way had for the client.
        #[serde(skip_serializing_if = "Option::is_none")]
        provided: Option<Json>,
        /// The user's tokens, if a user was proven.
        #[serde(skip_serializing_if = "Option::is_none")]
        tokens: Option<Tokens>,
    },
    /// The journey ended with a refusal.
    Rejected {
        /// What the author hands out.
        #[serde(skip_serializing_if = "Option::is_none")]
        data: Option<Json>,
        /// What steps on the way had for the client.
        #[serde(skip_serializing_if = "Option::is_none")]
        provided: Option<Json>,
    },
    /// The run failed. Why is for operators: the audit trail tells.
    Failed {},
}

/// One way to answer.
#[derive(Serialize, ToSchema)]
pub(super) struct Offer {
    /// What the answer names as `option`.
    id: String,
    /// The text on the button.
    label: String,
    /// What choosing it means.
    kind: OfferKind,
    /// The JSON Schema of the `data` that must come with it; none: it takes no data.
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Json>,
}

/// What choosing an option means.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OfferKind {
    /// The answer that the step asked for.
    Submit,
    /// The user gave up.
    Cancel,
    /// A further way on that the author added.
    Custom,
}

/// The tokens of a proven user (RFC 6749 section 5.1).
#[derive(Serialize, ToSchema)]
pub(super) struct Tokens {
    /// For the application's own interfaces.
    access_token: String,
    /// Who the user is, and how that was proven (OpenID Connect Core 1.0 section 2).
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    /// `Bearer`.
    token_type: String,
    /// How long they live, in seconds.
    #[schema(minimum = 1)]
    expires_in: i64,
}

impl RunAnswer {
    pub(super) fn of(app: &App, party: &Party, answer: Answer) -> Result<Self, Problem> {
        let provided = answer.provided.as_ref().map(open).transpose()?;
        Ok(match answer.outcome {
            Outcome::Prompt { handle, step, prompt, expires_at } => Self::Prompt {
                handle: pass::given(app, party, handle.expose())?,
                step: step.to_string(),
                kind: prompt.kind.into_owned(),
                choices: prompt.choices.into_iter().map(Offer::from).collect(),
                data: open(&prompt.data.0)?,
                provided,
                expires_at: expires_at.to_string(),
            },
            Outcome::Waiting { handle, expires_at } => Self::Waiting {
                handle: pass::given(app, party, handle.expose())?,
                provided,
                expires_at: expires_at.to_string(),
            },
            Outcome::Completed { data, tokens, .. } => Self::Completed {
                data: data.as_ref().map(open).transpose()?,
                provided,
                tokens: tokens.as_ref().map(Tokens::of).transpose()?,
            },
            Outcome::Rejected { data } => Self::Rejected { data: data.as_ref().map(open).transpose()?, provided },
            Outcome::Failed { .. } => Self::Failed {},
        })
    }
}

impl From<Choice> for Offer {
    fn from(choice: Choice) -> Self {
        let kind = match choice.kind {
            ChoiceKind::Submit => OfferKind::Submit,
            ChoiceKind::Cancel => OfferKind::Cancel,
            ChoiceKind::Custom => OfferKind::Custom,
        };
        let schema = choice.answer.map(|answer| answer.to_json_schema());
        Self { id: choice.id.into_owned(), label: choice.label, kind, schema }
    }
}

impl Tokens {
    fn of(tokens: &Value) -> Result<Self, Problem> {
        let text = |name: &str| match tokens.as_object()?.get(name)? {
            Value::Secret(token) => token.expose().as_text().map(str::to_owned),
            other => other.as_text().map(str::to_owned),
        };
        let seconds = || match tokens.as_object()?.get("expires_in")? {
            Value::Int(seconds) => Some(*seconds),
            _ => None,
        };
        let read = || {
            let (access_token, token_type) = (text("access_token")?, text("token_type")?);
            Some(Self { access_token, id_token: text("id_token"), token_type, expires_in: seconds()? })
        };
        read().ok_or_else(|| {
            tracing::error!("the tokens of a run have another form");
            Refusal::Internal.into()
        })
    }
}

/// A secret never gets here; if one did, it would stay here.
fn open(value: &Value) -> Result<Json, Problem> {
    value.to_json().map_err(|_| {
        tracing::error!("a secret was to be shown");
        Refusal::Internal.into()
    })
}
