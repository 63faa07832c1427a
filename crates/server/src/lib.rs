//! An engine, an identity and listeners come in; journeys are served over HTTP until it is time to stop.
//!
//! The public listener speaks the interfaces of applications; the other one, for this machine alone, tells whether the
//! server lives and is ready. Nothing is picked here: who calls is told by the records of clients, and all else is passed in.

mod address;
mod admin;
mod agent;
mod app;
mod at;
mod background;
mod bearer;
mod beat;
mod body;
mod edge;
mod face;
mod form;
mod json;
mod keys;
mod limits;
mod listen;
mod metrics;
mod mosaic;
mod openapi;
mod own;
mod problem;
mod public;
mod rate;
mod refusal;
mod refused;
mod reply;
mod sent;
mod server;
mod socket;
mod stop;

pub use address::{ForwardHeader, Proxies};
pub use keys::Keeper;
pub use limits::Limits;
pub use listen::{Tls, TlsError};
pub use metrics::Metrics;
pub use openapi::{public as public_openapi, whole as openapi};
pub use rate::{Rate, Rates};
pub use server::{Ended, Listeners, Parts, Server, Settings};
