//! Empty on purpose: the tests of the whole are in `tests/`, the programs that they kill in `src/bin`.
