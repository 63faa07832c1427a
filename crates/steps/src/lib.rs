//! The built-in steps, written against [`wayfarer_step`] alone: they have no door that a host's own step lacks.

mod collect_information;
mod display_information;
mod provide_json_data;
mod temp_code_authentication;

use std::sync::Arc;

pub use collect_information::CollectInformation;
pub use display_information::DisplayInformation;
pub use provide_json_data::ProvideJsonData;
pub use temp_code_authentication::TempCodeAuthentication;
use wayfarer_step::AnyStep;

/// Every built-in step.
#[must_use]
pub fn all() -> Vec<Arc<dyn AnyStep>> {
    vec![
        Arc::new(CollectInformation),
        Arc::new(DisplayInformation),
        Arc::new(ProvideJsonData),
        Arc::new(TempCodeAuthentication),
    ]
}
