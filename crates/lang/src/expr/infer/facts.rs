//! What is known of each variable, parameter and root comes in; a copy is one pointer, a change copies a path of a few nodes, and
//! joining two costs what differs between them. So the flow of a large journey is followed in nearly linear time.

use std::sync::Arc;

use super::known::{Fields, Kinds, Known};
use crate::Value;
use crate::expr::scope::Root;

/// How many children a node has.
const WIDTH: usize = 16;

/// The roots that can be told apart; they come before the parameters, and those before the variables.
const ROOTS: [Root; 5] =
    [Root::UserContext, Root::UserTokens, Root::IsUserAuthenticated, Root::Device, Root::SdkSavedData];

/// What is known at one place of a journey.
#[derive(Clone, Debug)]
pub struct Facts {
    tree: Arc<Tree>,
    depth: u32,
    parameters: usize,
}

#[derive(Clone, Debug)]
enum Tree {
    Leaf(Vec<Known>),
    Branch(Vec<Arc<Tree>>),
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The variable in a slot.
    Variable(u16),
    /// The start parameter in a slot.
    Parameter(u16),
    /// A root with a value of its own.
    Root(Root),
}

impl Facts {
    /// What is known as a run begins: nothing is set, and nobody is proven.
    pub fn new(parameters: Vec<Known>, variables: usize) -> Self {
        let count = parameters.len();
        let roots = ROOTS.map(|root| match root {
            Root::UserContext | Root::UserTokens => Known::null(),
            // Whoever asks before anybody can be proven may be careful.
            Root::IsUserAuthenticated => Known::kinds(Kinds::BOOLEAN),
            _ => Known::anything(),
        });
        let all = roots.into_iter().chain(parameters).chain(std::iter::repeat_n(Known::nothing(), variables));
        let mut level: Vec<Arc<Tree>> = Vec::new();
        let mut leaf = Vec::with_capacity(WIDTH);
        for known in all {
            leaf.push(known);
            if leaf.len() == WIDTH {
                level.push(Arc::new(Tree::Leaf(std::mem::take(&mut leaf))));
            }
        }
        if !leaf.is_empty() {
            level.push(Arc::new(Tree::Leaf(leaf)));
        }
        let mut depth = 0;
        while level.len() > 1 {
            level = level.chunks(WIDTH).map(|chunk| Arc::new(Tree::Branch(chunk.to_vec()))).collect();
            depth += 1;
        }
        let tree = level.into_iter().next().unwrap_or_else(|| Arc::new(Tree::Leaf(Vec::new())));
        Self { tree, depth, parameters: count }
    }

    /// What is known of a subject.
    pub fn get(&self, subject: Subject) -> Known {
        let mut place = self.place(subject);
        let (mut tree, mut depth) = (&self.tree, self.depth);
        loop {
            match &**tree {
                Tree::Leaf(leaf) => return leaf.get(place).cloned().unwrap_or_else(Known::anything),
                Tree::Branch(children) => {
                    let size = WIDTH.pow(depth);
                    let Some(child) = children.get(place / size) else { return Known::anything() };
                    (tree, place, depth) = (child, place % size, depth.saturating_sub(1));
                }
            }
        }
    }

    /// Something else is known of a subject from now on.
    pub fn set(&mut self, subject: Subject, known: Known) {
        let place = self.place(subject);
        if self.get(subject) != known {
            set(&mut self.tree, self.depth, place, known);
        }
    }

    fn place(&self, subject: Subject) -> usize {
        match subject {
            Subject::Root(root) => ROOTS.iter().position(|one| *one == root).unwrap_or(usize::MAX / 2),
            Subject::Parameter(slot) => ROOTS.len() + usize::from(slot),
            Subject::Variable(slot) => ROOTS.len() + self.parameters + usize::from(slot),
        }
    }

    /// Takes in what is known on another way to the same place; says whether that is news. What changes `again` and again is not
    /// followed: anything may be there then.
    pub fn join(&mut self, other: &Self, again: bool) -> bool {
        match join(&self.tree, &other.tree, again) {
            Some(tree) => {
                self.tree = tree;
                true
            }
            None => false,
        }
    }

    /// From now on, the user is proven, or nobody is, or either may be.
    pub fn authenticated(&mut self, proven: Option<bool>) {
        let text = || Known::kinds(Kinds::TEXT);
        let maybe_text = || Known::kinds(Kinds::TEXT.or(Kinds::NULL));
        let secret = || Known::secret(text());
        let user = object([
            ("user_id", text()),
            ("external_user_id", maybe_text()),
            ("email", maybe_text()),
            ("phone_number", maybe_text()),
            ("username", maybe_text()),
            ("status", text()),
        ]);
        let tokens = object([
            ("access_token", secret()),
            ("id_token", secret()),
            ("refresh_token", secret().or(&Known::null())),
            ("external_user_id", maybe_text()),
            ("token_type", text()),
            ("expires_in", Known::kinds(Kinds::INTEGER)),
            ("session_id", text()),
        ]);
        let when = |known: Known| match proven {
            Some(true) => known,
            Some(false) => Known::null(),
            None => known.or(&Known::null()),
        };
        self.set(Subject::Root(Root::UserContext), when(user));
        self.set(Subject::Root(Root::UserTokens), when(tokens));
        let proven = proven.map_or(Known::kinds(Kinds::BOOLEAN), |proven| Known::constant(&Value::Bool(proven)));
        self.set(Subject::Root(Root::IsUserAuthenticated), proven);
    }

    /// Whether the user is proven, for certain.
    pub fn is_authenticated(&self) -> Option<bool> {
        self.get(Subject::Root(Root::IsUserAuthenticated)).truth()
    }
}

/// An object with these fields, and perhaps others.
fn object<const N: usize>(fields: [(&str, Known); N]) -> Known {
    Known::object_of(Fields::open(fields.map(|(name, known)| (Arc::from(name), known))))
}

fn set(tree: &mut Arc<Tree>, depth: u32, place: usize, known: Known) {
    match Arc::make_mut(tree) {
        Tree::Leaf(leaf) => {
            if let Some(slot) = leaf.get_mut(place) {
                *slot = known;
            }
        }
        Tree::Branch(children) => {
            let size = WIDTH.pow(depth);
            if let Some(child) = children.get_mut(place / size) {
                set(child, depth.saturating_sub(1), place % size, known);
            }
        }
    }
}

/// What both know; none if the first knows it already.
fn join(one: &Arc<Tree>, two: &Arc<Tree>, again: bool) -> Option<Arc<Tree>> {
    if Arc::ptr_eq(one, two) {
        return None;
    }
    match (&**one, &**two) {
        (Tree::Leaf(left), Tree::Leaf(right)) => {
            let mut joined: Option<Vec<Known>> = None;
            for (place, (known, other)) in left.iter().zip(right).enumerate() {
                let both = known.or(other);
                if both != *known {
                    let both = if again && !known.is_nothing() { Known::kinds(Kinds::ALL) } else { both };
                    if let Some(slot) = joined.get_or_insert_with(|| left.clone()).get_mut(place) {
                        *slot = both;
                    }
                }
            }
            joined.map(|leaf| Arc::new(Tree::Leaf(leaf)))
        }
        (Tree::Branch(left), Tree::Branch(right)) => {
            let mut joined: Option<Vec<Arc<Tree>>> = None;
            for (place, (known, other)) in left.iter().zip(right).enumerate() {
                if let Some(both) = join(known, other, again)
                    && let Some(slot) = joined.get_or_insert_with(|| left.clone()).get_mut(place)
                {
                    *slot = both;
                }
            }
            joined.map(|children| Arc::new(Tree::Branch(children)))
        }
        _ => None,
    }
}
