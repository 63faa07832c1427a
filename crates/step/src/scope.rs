//! Who and where: the tenant, application, run and visit that a call belongs to, and the user it speaks of.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Source;

/// Where a call happens. Every port gets it, so that no port can forget the tenant (R111).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The tenant; it comes from the credential or the host, never from a body.
    pub tenant: Arc<str>,
    /// The application within the tenant, whose settings apply.
    pub application: Arc<str>,
    /// The run.
    pub run: Uuid,
    /// The id of the journey as written in its file.
    pub journey: Arc<str>,
    /// From where the caller calls on whose behalf this happens.
    pub source: Source,
}

/// One visit of one step: entering a step again, in a loop say, is another visit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Visit {
    /// The run.
    pub run: Uuid,
    /// The step's id in its journey.
    pub step: Arc<str>,
    /// Counts the step executions of the run, from 1; with `run` it names the visit for ever. A visit that is tried again
    /// because it failed keeps it, so that what is done under it is done once.
    pub number: u32,
}

/// A user, once resolved. The id never changes, whatever happens to the identifiers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The immutable user id.
    pub user_id: Arc<str>,
    /// The id under which the application knows the user, if it has one.
    pub external_user_id: Option<Arc<str>>,
}

/// A way of proving who one is. Attempts are counted per tenant, user and method.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Method(Cow<'static, str>);

impl Method {
    /// A temporary access code issued by support.
    pub const TEMP_CODE: Self = Self(Cow::Borrowed("temp_code"));

    /// A method of the host's own.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The method's name as it stands in a step's declaration.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What somebody typed to say which user they mean; a ledger resolves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// A user id or an external user id: the two share one namespace per tenant.
    User(Arc<str>),
}
