//! What is known of the user comes in as a state, with a step and an exit; what is known behind that comes out.

use super::walk::{BODY, Ground, State, States, Watch};
use crate::catalog::Origin;
use crate::check::links::LOOP;
use crate::check::names::Typed;
use crate::expr::{Expression, Root, Roots, Scope};

/// What a run has proven of its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum User {
    /// Nothing.
    Unproven,
    /// Who it is.
    Proven,
    /// Who it was; since then a step may have named somebody else.
    Changed,
    /// What the journey that invoked this one had proven.
    AsBefore,
}

/// What is known at a place: of the user, and whether a verification has failed without one that succeeded since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) user: User,
    pub(super) failed: bool,
}

/// Follows what is known of the user.
pub(super) struct Proving {
    /// For each step that decides by nothing but whether the user is proven: what it decides if so, and if not.
    gates: Vec<Option<Gate>>,
}

#[derive(Clone, Copy)]
struct Gate {
    proven: Option<bool>,
    unproven: Option<bool>,
}

impl Known {
    pub(super) const fn new(user: User) -> Self {
        Self { user, failed: false }
    }

    pub(super) const fn of(state: State) -> Self {
        let user = match state & 3 {
            0 => User::Unproven,
            1 => User::Proven,
            2 => User::Changed,
            _ => User::AsBefore,
        };
        Self { user, failed: state & 4 != 0 }
    }

    pub(super) const fn state(self) -> State {
        let user = match self.user {
            User::Unproven => 0,
            User::Proven => 1,
            User::Changed => 2,
            User::AsBefore => 3,
        };
        user | (self.failed as u8) << 2
    }

    /// Behind a step that may name a user.
    const fn named(self) -> Self {
        match self.user {
            User::Proven => Self { user: User::Changed, ..self },
            User::Unproven | User::Changed | User::AsBefore => self,
        }
    }

    /// Behind a question whether the user is proven; none if it cannot be answered so.
    const fn asked(self, proven: bool) -> Option<Self> {
        match (self.user, proven) {
            (User::Unproven, true) | (User::Proven, false) => None,
            (_, true) => Some(Self { user: User::Proven, ..self }),
            (_, false) => Some(Self { user: User::Unproven, ..self }),
        }
    }
}

impl Proving {
    pub(super) fn new(ground: Ground<'_>) -> Self {
        let gate = |step: &Typed<'_>| {
            let test = ground.values.get(step.index)?.test.as_ref()?;
            let reads = test.reads();
            let only = reads.roots.iter().all(|(root, _)| *root == Root::IsUserAuthenticated);
            let alone = reads.variables.is_empty() && reads.parameters.is_empty() && !reads.roots.is_empty() && only;
            alone.then(|| Gate { proven: answer(test, true), unproven: answer(test, false) })
        };
        Self { gates: ground.steps.iter().map(gate).collect() }
    }
}

fn answer(test: &Expression, authenticated: bool) -> Option<bool> {
    let roots = Roots { authenticated, ..Roots::default() };
    test.truth(&Scope { parameters: &[], parameter_names: &[], variables: &[], roots }).ok()
}

/// What a form that decides by an expression has found if it takes this exit.
fn found(form: &str, exit: &str) -> Option<bool> {
    match (form, exit) {
        ("condition", "then") | (LOOP, BODY | "exhausted") => Some(true),
        ("condition", "else") | (LOOP, "next") => Some(false),
        _ => None,
    }
}

impl Watch for Proving {
    fn leave(&self, step: &Typed<'_>, exit: &str, state: State) -> States {
        let known = Known::of(state);
        let one = |known: Known| States::one(known.state());
        if let Some(callee) = step.callee {
            let proofs = &callee.learnt.proofs;
            if exit == "completed" {
                return proofs.completed.get(usize::from(state)).copied().unwrap_or_default();
            }
            // What was proven or named in it is taken back.
            return one(Known { failed: known.failed || proofs.verifies, ..known });
        }
        let Some(declaration) = step.declaration else { return one(known) };
        if declaration.origin == Origin::Step {
            return one(match &declaration.verifies {
                Some(verifies) if *verifies.exit == *exit => Known::new(User::Proven),
                Some(_) if declaration.identifies => Known { failed: true, ..known.named() },
                Some(_) => Known { failed: true, ..known },
                None if declaration.identifies => known.named(),
                None => known,
            });
        }
        if &*declaration.name == "is_user_authenticated" {
            return known.asked(exit == "then").map(one).unwrap_or_default();
        }
        let gate = self.gates.get(step.index).copied().flatten();
        let Some((gate, found)) = gate.zip(found(&declaration.name, exit)) else { return one(known) };
        if gate.proven == gate.unproven {
            return if gate.proven == Some(!found) { States::default() } else { one(known) };
        }
        let mut states = States::default();
        for (proven, answer) in [(true, gate.proven), (false, gate.unproven)] {
            if answer == Some(found)
                && let Some(known) = known.asked(proven)
            {
                states.add(one(known));
            }
        }
        states
    }
}
