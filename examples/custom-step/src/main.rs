//! A `wayfarer` of its own: the whole command line, with one more step.

mod country_gate;

fn main() {
    let _ = country_gate::CountryGate;
}
