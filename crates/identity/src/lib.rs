//! Who users are and how they prove it: administration and attempts come in, codes, proofs' records and tokens go out.
//!
//! [`Identity`] stands on a [`Vault`](wayfarer_store::Vault) and fulfils the ports behind authentication of
//! `wayfarer_step`: [`Ledger`](wayfarer_step::port::Ledger), [`Verifier`](wayfarer_step::port::Verifier),
//! [`Tokens`](wayfarer_step::port::Tokens) and [`Directory`](wayfarer_step::port::Directory).
//!
//! The promises, and where they are kept: an attempt is counted and committed before anything is compared (`attempt`); a
//! code is bound, keyed, used at most once and never stored (`code`); tokens are worth something only while they are
//! registered as live and their user is active (`token`); whatever changes commits together with its audit record.
//!
//! ```
//! # use std::sync::Arc;
//! # use wayfarer_identity::{Applications, Identity, IssueCode, NewUser, SystemEntropy, UserRef};
//! # use wayfarer_step::Actor;
//! # use wayfarer_store::{KeyRing, ManualClock, MemoryStore, TenantId, Vault};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = Arc::new(MemoryStore::new(ManualClock::default())?);
//! let vault = Vault::open(store, Arc::new(KeyRing::ephemeral()?)).await?;
//! let identity = Identity::open(Arc::new(vault), Applications::default(), Arc::new(SystemEntropy))?;
//!
//! let (tenant, support) = (TenantId::default(), Actor { kind: "agent".into(), id: "sam".into() });
//! let ann = NewUser { external_user_id: Some("user123".to_owned()), ..NewUser::default() };
//! identity.add_user(&tenant, &support, &ann).await?;
//! let issued = identity.issue_code(&tenant, &support, &IssueCode::new(UserRef::id("user123")?)).await?;
//! assert_eq!(issued.code.expose().len(), 6);
//! # Ok(())
//! # }
//! ```

mod application;
mod attempt;
mod attributes;
mod audit;
mod carried;
mod check;
mod client;
mod code;
mod entropy;
mod error;
#[cfg(test)]
mod fixture;
mod identity;
mod keys;
mod record;
mod token;
mod unlock;
mod user;
mod verify;

pub use application::{Application, Applications, Issuing, Passcodes, RecoveryGrade, TokenSettings};
pub use attributes::Attributes;
pub use audit::{AuditEntry, AuditPage, AuditQuery};
pub use check::{CheckCode, Checked};
pub use client::{
    Access, Client, ClientClaims, ClientScope, Completion, Declared, GrantError, IssuedSecret, NewClient, Origin,
    SecretInfo, scope,
};
pub use code::{CodeInfo, CodeStatus, IssueCode, IssuedCode, Lifetime, MethodStatus};
pub use entropy::SystemEntropy;
pub use error::IdentityError;
pub use identity::Identity;
pub use keys::{KeyInfo, OVERLAP};
pub use token::{Claims, Exchanged, TokenError, TokenKind, UserTokens};
pub use unlock::Reason;
pub use user::{
    Change, CustomData, IdentifierType, NewUser, PersonName, User, UserChanges, UserFilter, UserList, UserPage, UserRef,
};
pub use wayfarer_store::keys::{KeyState, Purpose};
pub use wayfarer_store::{KeyError, KeyId};
