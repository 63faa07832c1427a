//! Identity journeys as code, in your own program.
//!
//! Journeys are YAML texts; a [`Wayfarer`] checks them, runs them, stops where a client must answer, stores the run and
//! goes on when the answer comes.
//!
//! ```
//! use wayfarer::{IssueCode, NewUser, Outcome, UserRef, Wayfarer, json};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let journey = include_str!("../../../journeys/temp_code_auth_journey.yaml");
//! let wayfarer = Wayfarer::in_memory().journey("temp_code_auth_journey.yaml", journey).open().await?;
//! let user = wayfarer.add_user(NewUser::external("user123")).await?;
//! let issued = wayfarer.issue_code(IssueCode::new(UserRef::id(&user.user_id)?)).await?;
//!
//! let params = json!({ "external_user_id": "user123", "temp_code": issued.code.expose() });
//! let answer = wayfarer.start("temp_code_auth_journey", params).await?;
//! assert!(matches!(answer.outcome, Outcome::Completed { .. }));
//! # Ok(())
//! # }
//! ```
//!
//! There is no global state: two of them in one program do not know of each other.

mod builder;
mod error;
mod host;
mod keys;

pub use builder::Builder;
pub use error::OpenError;
pub use host::Wayfarer;

pub use wayfarer_engine::{
    Answer, Engine, EngineError, EngineParts, Handle, Limits, LoadError, Outcome, Registry, Start, Submit,
};
pub use wayfarer_identity::{
    Application, Applications, AuditEntry, AuditQuery, IdentifierType, Identity, IdentityError, IssueCode, IssuedCode,
    NewUser, Reason, User, UserRef,
};
pub use wayfarer_store::{KeyFile, KeyRing, ManualClock, MemoryStore, RedbStore, Store, SystemClock, TenantId, Vault};

pub use wayfarer_engine as engine;
pub use wayfarer_identity as identity;
pub use wayfarer_lang as lang;
pub use wayfarer_step as step;
pub use wayfarer_steps as steps;
pub use wayfarer_store as store;

pub use serde_json::json;
