//! A request to start a journey comes in; its parameters are checked, a run is made, and its first answer goes out.

use std::sync::Arc;

use jiff::Timestamp;
use tracing::Instrument;
use uuid::{Builder, Uuid};
use wayfarer_lang::Value;
use wayfarer_lang::program::{Kind, Program};
use wayfarer_step::{Actor, Scope, Source};
use wayfarer_store::TenantId;

use super::drive::{AtRest, Drive, Driven};
use super::outbox::Outbox;
use super::request::Fingerprint;
use super::{Engine, Inner};
use crate::answer::Answer;
use crate::error::{EngineError, Problem};
use crate::fact;
use crate::machine::later;
use crate::run::{Asked, Run};

/// A request to start a journey.
#[derive(Clone, Debug)]
pub struct Start {
    /// Whose journey; it comes from the credential or the host, never from a body.
    pub tenant: TenantId,
    /// The application whose settings apply.
    pub application: Arc<str>,
    /// The client that asks.
    pub client: Option<Arc<str>>,
    /// The journey's id.
    pub journey: Arc<str>,
    /// The start parameters, an object; null is one without fields.
    pub params: Value,
    /// Names the request among those of the client: the same one again within a minute gets the same answer (law 5).
    pub request_id: Option<String>,
    /// Who asks, for the audit trail.
    pub actor: Actor,
    /// From where, for the audit trail. It is no part of the request: the same one may come from elsewhere.
    pub source: Source,
}

/// The longest name that a client may give a request.
const LONGEST_REQUEST_ID: usize = 256;

impl Engine {
    /// Starts a journey and runs it until it waits or ends.
    ///
    /// # Errors
    /// [`EngineError::UnknownJourney`], [`EngineError::InvalidParameters`]; [`EngineError::Conflict`] if the request id
    /// was used with another body or is being worked on; [`EngineError::Unavailable`] if nothing was done or it may be
    /// asked for again by the same request id.
    pub async fn start(&self, start: Start) -> Result<Answer, EngineError> {
        let engine = &*self.0;
        let asked = asked(&start)?;
        let span = tracing::info_span!("start", journey = %start.journey);
        async {
            for _ in 0..engine.limits.commit_tries {
                if let Some(asked) = &asked
                    && let Some(known) = engine.repeated(&start.tenant, asked, &start.source).await?
                {
                    return Ok(known);
                }
                if let Driven::Answer(answer) = engine.begin(&start, asked.clone()).await?.go().await? {
                    return Ok(answer);
                }
            }
            Err(EngineError::Conflict)
        }
        .instrument(span)
        .await
    }
}

/// What the answer to the request will be kept under.
fn asked(start: &Start) -> Result<Option<Asked>, EngineError> {
    let Some(request) = &start.request_id else { return Ok(None) };
    if request.is_empty() || request.len() > LONGEST_REQUEST_ID {
        let message = format!("the request id has 1 to {LONGEST_REQUEST_ID} bytes");
        return Err(EngineError::InvalidParameters { problems: vec![Problem { path: String::new(), message }] });
    }
    let client = start.client.as_deref();
    let record = Fingerprint::new("start")
        .text(&start.application)
        .bytes(&[u8::from(client.is_some())])
        .text(client.unwrap_or_default())
        .text(request)
        .finish();
    let body = Fingerprint::new("start body").text(&start.journey).value(&start.params).finish();
    Ok(Some(Asked { record: record.to_vec(), body: Some(body) }))
}

impl Inner {
    async fn begin(&self, start: &Start, asked: Option<Asked>) -> Result<Drive<'_>, EngineError> {
        let unknown = || EngineError::UnknownJourney { journey: start.journey.clone() };
        let now = self.vault.now().await?;
        let id = self.run_id(now)?;
        // The same request draws the same version again, also after a crash.
        let named = asked.as_ref().map_or(id.as_bytes().as_slice(), |asked| &asked.record);
        let bundle = self.drawn(&start.tenant, &start.journey, named).ok_or_else(unknown)?;
        let program = bundle.program(0).filter(|program| program.kind() != Kind::Sub).ok_or_else(unknown)?;
        let parameters = self.parameters(program, &start.params)?;
        let run = Run::begin(id, &bundle, parameters, now, later(now, self.limits.lifetime));
        let run = Run {
            application: start.application.clone(),
            client: start.client.clone(),
            actor: start.actor.clone(),
            asked,
            ..run.ok_or_else(unknown)?
        };
        let scope = Scope {
            tenant: start.tenant.as_str().into(),
            application: start.application.clone(),
            run: run.id,
            journey: start.journey.clone(),
            source: start.source.clone(),
        };
        let facts = vec![fact::started(&run, &scope)];
        Ok(Drive {
            engine: self,
            tenant: start.tenant.clone(),
            scope,
            bundle,
            checkpoint: run.clone(),
            run,
            rest: AtRest::default(),
            staged: Vec::new(),
            outbox: Outbox::default(),
            first_facts: facts.clone(),
            facts,
            announced: None,
            leased: false,
            refused: false,
            present: true,
            now,
        })
    }

    /// UUID v7 of the store's time and the entropy port.
    fn run_id(&self, now: Timestamp) -> Result<Uuid, EngineError> {
        let mut random = [0; 10];
        self.entropy.fill(&mut random)?;
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Ok(Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
    }

    /// The parameters in the order of their declaration, each accepted by its type; anything else is refused (R54).
    fn parameters(&self, program: &Program, given: &Value) -> Result<Vec<Value>, EngineError> {
        let problem = |path: &str, message: &str| Problem { path: path.to_owned(), message: message.to_owned() };
        if given.size() > self.limits.input_bytes {
            return Err(EngineError::InvalidParameters { problems: vec![problem("", "they are too large")] });
        }
        let none = wayfarer_lang::value::Object::default();
        let fields = match given {
            Value::Null => &none,
            Value::Object(fields) => fields,
            _ => return Err(EngineError::InvalidParameters { problems: vec![problem("", "they are no object")] }),
        };
        let declared = program.parameters();
        let undeclared = fields.keys().filter(|name| !declared.iter().any(|parameter| parameter.name == **name));
        let mut problems: Vec<_> =
            undeclared.map(|name| problem(name, "the journey declares no such parameter")).collect();
        let mut values = Vec::with_capacity(declared.len());
        for parameter in declared {
            match fields.get(&parameter.name) {
                Some(value) => match parameter.ty.accept(value) {
                    Ok(value) => values.push(value),
                    Err(error) => problems.push(Problem::from(error).within(&parameter.name)),
                },
                None if parameter.required => problems.push(problem(&parameter.name, "it is required")),
                None => values.push(parameter.default.clone().unwrap_or_default()),
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(EngineError::InvalidParameters { problems }) }
    }
}
