//! Bytes from anywhere come in; what must hold whatever they are is asserted: see [`hostile`]. All else is in `tests/`.

pub mod hostile;
