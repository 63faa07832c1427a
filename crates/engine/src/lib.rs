//! Checked journeys, steps and a store come in; runs that obey the ten laws go out.
//!
//! [`machine`] is pure: it decides what comes next and what a result makes of a [`run::Run`]. [`Engine`] is the driver: it
//! calls steps and commits. Nothing else changes a run.

mod answer;
mod bundle;
mod deployment;
mod driver;
mod error;
mod event;
mod fact;
mod handle;
mod limit;
pub mod machine;
mod observe;
pub mod record;
mod registry;
pub mod run;
mod serial;
#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod testing;

pub use answer::{Answer, Outcome};
pub use bundle::{Bundle, BundleHash, LANGUAGE};
pub use deployment::{Deployment, Trial, Version};
pub use driver::{
    Deploy, Deployed, Engine, EngineParts, Fallen, Loaded, Overview, RunPage, RunQuery, Start, Submit, Ticked,
};
pub use error::{DeployError, EngineError, LoadError, Problem, RegistryError};
pub use event::Wake;
pub use handle::Handle;
pub use limit::Limits;
pub use observe::{CallEnd, Observed, Observer};
pub use registry::Registry;
pub use wayfarer_store::{CommitEnd, TenantId};
