//! The ports behind authentication: who a user is, what may be compared, whether it is right, and which tokens follow.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_lang::{Secret, Value};

use crate::attempt::{Claim, Refusal};
use crate::{Method, PortError, Scope, Subject, Write};

/// Who users are.
#[async_trait]
pub trait Directory: Send + Sync {
    /// What `@policy.userContext()` shows of a user; none if there is no such user.
    ///
    /// # Errors
    /// When the directory cannot be asked.
    async fn user_context(&self, scope: &Scope, user_id: &str) -> Result<Option<Value>, PortError>;
}

/// Permission for one comparison, made by a ledger after it has counted the attempt.
pub struct Ticket {
    /// Names the ticket for ever.
    pub id: Uuid,
    /// The user whose secret may be compared.
    pub subject: Subject,
    /// The method that was counted.
    pub method: Method,
    /// What the verifier needs; only the identity that made it can read it.
    pub material: Arc<dyn Any + Send + Sync>,
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("id", &self.id).field("method", &self.method).finish_non_exhaustive()
    }
}

/// What a ledger says when somebody wants to try.
#[derive(Debug)]
pub enum Count {
    /// The attempt is counted and committed: one comparison may be made.
    Open(Ticket),
    /// Nothing may be compared.
    Closed(Refusal),
}

/// How a comparison ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The secret was right.
    Right,
    /// The secret was wrong.
    Wrong,
}

/// Counts attempts before they are made (law 2; R9, R10, R11).
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Adds 1 to the count of (tenant, user, method) and commits, on all nodes, before it answers. It commits once
    /// in every case, also for an unknown user, so that time tells nothing (R39).
    ///
    /// # Errors
    /// When the count could not be committed; nothing may be compared then.
    async fn count(&self, scope: &Scope, claim: &Claim) -> Result<Count, PortError>;

    /// What to commit with the visit now that the comparison is over: for `Right` the code's consumption and the
    /// count's reset, for `Wrong` the record of it. It is asked again for each try to commit. `None` says that the
    /// ticket has become void, and then the attempt did not succeed.
    ///
    /// # Errors
    /// When the records cannot be read.
    async fn settle(&self, scope: &Scope, ticket: &Ticket, how: Comparison) -> Result<Option<Vec<Write>>, PortError>;
}

/// Compares secrets, in constant time (R16).
#[async_trait]
pub trait Verifier: Send + Sync {
    /// Whether the secret is the one that the ticket speaks of.
    ///
    /// # Errors
    /// When the key is not available.
    async fn compare(&self, ticket: &Ticket, secret: &Secret<String>) -> Result<bool, PortError>;

    /// Does the same work on nothing, for attempts that may not be compared (R39).
    ///
    /// # Errors
    /// When the key is not available.
    async fn pretend(&self, secret: &Secret<String>) -> Result<(), PortError>;
}

/// For whom and how tokens are made.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The proven user.
    pub subject: Subject,
    /// The methods that were proven in this run, oldest first (RFC 8176 names where there is one).
    pub methods: Vec<Method>,
    /// When the last proof was made.
    pub authenticated_at: Timestamp,
}

/// Fresh tokens.
#[derive(Debug)]
pub struct Minted {
    /// What `@policy.userTokens()` shows: the token texts are secrets.
    pub tokens: Value,
    /// The claims without the tokens, fit to be shown.
    pub claims: Value,
    /// The registration, to be committed with the visit.
    pub writes: Vec<Write>,
}

/// What a last look at the user says, just before the run completes (R45).
#[derive(Debug)]
pub enum Confirmation {
    /// The user may still sign in; the writes keep this true until the commit.
    Good(Vec<Write>),
    /// The user was disabled, removed or locked since the proof: the run must not complete.
    Refused {
        /// Why, for the audit trail.
        reason: String,
    },
}

/// Signs tokens and takes them back.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Signs tokens for a proven user, tied to the run. Asked again after each further proof; the newest tokens count.
    ///
    /// # Errors
    /// When nothing can be signed; the success exit is not taken then.
    async fn mint(&self, scope: &Scope, grant: &Grant) -> Result<Minted, PortError>;

    /// Looks at the user and the locks again, at `complete_journey`.
    ///
    /// # Errors
    /// When the records cannot be read; the run does not complete then.
    async fn confirm(&self, scope: &Scope, grant: &Grant) -> Result<Confirmation, PortError>;

    /// Takes back every token of the run. Asked at any end but `complete_journey`.
    ///
    /// # Errors
    /// When the records cannot be read.
    async fn revoke(&self, scope: &Scope) -> Result<Vec<Write>, PortError>;
}
