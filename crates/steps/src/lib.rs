//! The built-in steps, written against [`wayfarer_step`] alone: they have no door that a host's own step lacks.

mod collect_information;
mod create_cross_session_message;
mod cross_session;
mod display_information;
mod process_cross_session_message;
mod provide_json_data;
mod temp_code_authentication;
mod update_cross_session_message;
mod wait_for_cross_session_message;

use std::sync::Arc;

pub use collect_information::CollectInformation;
pub use create_cross_session_message::CreateCrossSessionMessage;
pub use display_information::DisplayInformation;
pub use process_cross_session_message::ProcessCrossSessionMessage;
pub use provide_json_data::ProvideJsonData;
pub use temp_code_authentication::TempCodeAuthentication;
pub use update_cross_session_message::UpdateCrossSessionMessage;
pub use wait_for_cross_session_message::WaitForCrossSessionMessage;
use wayfarer_step::AnyStep;

/// Every built-in step.
#[must_use]
pub fn all() -> Vec<Arc<dyn AnyStep>> {
    vec![
        Arc::new(CollectInformation),
        Arc::new(CreateCrossSessionMessage),
        Arc::new(DisplayInformation),
        Arc::new(ProcessCrossSessionMessage),
        Arc::new(ProvideJsonData),
        Arc::new(TempCodeAuthentication),
        Arc::new(UpdateCrossSessionMessage),
        Arc::new(WaitForCrossSessionMessage),
    ]
}
