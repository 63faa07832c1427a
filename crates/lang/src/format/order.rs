//! The part of a journey file that a mapping is comes in; the order of its keys comes out.

use crate::journey::{JOURNEY_ORDER, STEP_ORDER};
use crate::yaml::{Node, NodeKind};

/// What a value of a journey file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Journey,
    /// Steps by their ids, in the order in which they stand: the first is the start.
    Steps,
    Step,
    /// Anything else; the order of keys may have a meaning there.
    Data,
}

impl Role {
    /// What stands under `key`.
    pub(super) fn of(self, key: Option<&Node>) -> Self {
        let key = key.and_then(Node::as_text).map(|key| &**key);
        match (self, key) {
            (Self::Journey | Self::Step, Some("steps")) => Self::Steps,
            (Self::Steps, Some(_)) => Self::Step,
            _ => Self::Data,
        }
    }

    /// Puts the entries into their order. Keys that mean nothing come last, as they stand.
    pub(super) fn sort<'n, T>(self, entries: &mut [T], key: impl Fn(&T) -> Option<&'n Node>) {
        let order: &[&str] = match self {
            Self::Journey => &JOURNEY_ORDER,
            Self::Step => &STEP_ORDER,
            Self::Steps | Self::Data => return,
        };
        entries.sort_by_key(|entry| {
            let name = key(entry).and_then(Node::as_text);
            name.and_then(|name| order.iter().position(|known| *known == &**name)).unwrap_or(order.len())
        });
    }
}

/// Whether two trees say the same, the order of keys aside where it means nothing.
pub(super) fn same(one: &Node, other: &Node, role: Role) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Mapping(one), NodeKind::Mapping(other)) => {
            let sorted = |entries: &[(Node, Node)]| -> Vec<usize> {
                let mut order: Vec<usize> = (0..entries.len()).collect();
                role.sort(&mut order, |index| entries.get(*index).map(|(key, _)| key));
                order
            };
            let entry = |(left, right): (usize, usize)| {
                let Some(((key, value), (other_key, other_value))) = one.get(left).zip(other.get(right)) else {
                    return false;
                };
                key.as_text() == other_key.as_text() && same(value, other_value, role.of(Some(key)))
            };
            one.len() == other.len() && sorted(one).into_iter().zip(sorted(other)).all(entry)
        }
        (NodeKind::Sequence(one), NodeKind::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other, Role::Data))
        }
        (NodeKind::Text(one), NodeKind::Text(other)) => one.value == other.value,
        (NodeKind::Float(one), NodeKind::Float(other)) => one.to_bits() == other.to_bits(),
        (one, other) => one == other,
    }
}
