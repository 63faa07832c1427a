//! Why a host could not be put together.

use wayfarer_engine::{LoadError, RegistryError};
use wayfarer_identity::IdentityError;
use wayfarer_store::{KeyError, NameError, StoreError};

/// A [`Wayfarer`](crate::Wayfarer) could not be opened. Nothing runs then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A step type cannot be registered.
    #[error(transparent)]
    Step(#[from] RegistryError),
    /// The key file cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder for the store cannot be made.
    #[error("the folder `{path}` cannot be made")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The tenant's name is none.
    #[error(transparent)]
    Tenant(#[from] NameError),
    /// The applications' settings or the signing key cannot be used.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Journeys have mistakes; the error holds every finding, and says each in a line of its own.
    #[error("{}", told(.0))]
    Journeys(#[from] LoadError),
}

/// `file:line:column: severity[code]: message`, as compilers say it.
fn told(error: &LoadError) -> String {
    let LoadError::Findings { files } = error else { return error.to_string() };
    let mut lines = vec![error.to_string()];
    for (source, findings) in files {
        lines.extend(findings.iter().map(|finding| {
            let place = source.position(finding.span.start);
            let (severity, code, message) = (finding.severity.word(), finding.code, &finding.message);
            format!("{}:{}:{}: {severity}[{code}]: {message}", source.name(), place.line, place.column)
        }));
    }
    lines.join("\n")
}
