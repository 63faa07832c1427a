//! A handle of the engine comes in; what the holder is given goes out, and what they show is held against who they are (R46, R53).

use axum::http::HeaderMap;

use super::party::Party;
use crate::app::App;
use crate::problem::Problem;

/// The header that a handle is shown in: never the address, which is logged and remembered (R48).
const HEADER: &str = "wayfarer-handle";

/// The handle with a seal, so that it is worth something only with the client and the browser that it was given to. Nothing of
/// that is kept, so a restart loses nothing.
pub(super) fn given(app: &App, party: &Party, handle: &str) -> Result<String, Problem> {
    let proof = party.browser.proof().ok_or_else(Problem::stale)?;
    let seal = app.engine().seal(app.tenant(), &[party.client.client_id.as_bytes(), proof], handle);
    Ok(format!("{handle}.{seal}"))
}

/// The handle that is shown, if it is shown by whom it was given to. Everything else looks alike (R55).
pub(super) fn shown(app: &App, party: &Party, headers: &HeaderMap) -> Result<String, Problem> {
    let mut given = headers.get_all(HEADER).iter();
    let (Some(one), None) = (given.next(), given.next()) else {
        return Err(Problem::invalid(format!("the header `{HEADER}` is required, once")));
    };
    let (handle, seal) = one.to_str().ok().and_then(|pass| pass.split_once('.')).ok_or_else(Problem::stale)?;
    let proof = party.browser.proof().ok_or_else(Problem::stale)?;
    if app.engine().is_sealed(app.tenant(), &[party.client.client_id.as_bytes(), proof], handle, seal) {
        Ok(handle.to_owned())
    } else {
        Err(Problem::stale())
    }
}
