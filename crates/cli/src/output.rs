//! Results come in; text for people and JSON for machines go out.

pub(crate) mod failure;
pub(crate) mod findings;
pub(crate) mod github;
pub(crate) mod log;
pub(crate) mod page;
pub(crate) mod path;
pub(crate) mod picture;
pub(crate) mod reference;
pub(crate) mod sarif;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod text;
