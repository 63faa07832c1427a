//! A `wayfarer` of its own: the whole command line, with one more step.
//!
//! ```text
//! cargo run -p wayfarer-example-custom-step -- check examples/custom-step/journeys
//! cargo run -p wayfarer-example-custom-step -- steps --format json > catalog.json
//! wayfarer check --catalog catalog.json examples/custom-step/journeys
//! ```

mod country_gate;

use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    wayfarer_cli::main(vec![Arc::new(country_gate::CountryGate)])
}
