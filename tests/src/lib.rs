//! Empty on purpose: the tests of the whole are in `tests/`.
