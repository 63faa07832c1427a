//! Journeys that several drawings are tested with.

/// A loop in a loop, and a way out of both.
pub(super) const NESTED: &str = "\
journey: nested
vars: { more: { type: boolean, default: true } }
steps:
  outer:
    type: while_loop
    with: { while: more, max_iterations: 2 }
    steps:
      inner:
        type: while_loop
        with: { while: more, max_iterations: 2 }
        steps:
          set: { type: set_temporary_variables, with: { variables: { more: false } }, next: continue }
        branches: { next: continue, exhausted: done }
    branches: { next: done, exhausted: done }
  done: { type: complete_journey }
";
