//! What a step declares beside its types: exits, waits, error codes, what it verifies. It is data.

use std::sync::Arc;

use wayfarer_lang::catalog::{ErrorCode, Exit, Outward, Unlinked, Verifies};

use crate::Method;

/// Built by [`Step::shape`](crate::Step::shape).
#[derive(Clone, Debug, Default)]
pub struct Shape {
    pub(crate) summary: String,
    pub(crate) doc: String,
    pub(crate) exits: Vec<Exit>,
    pub(crate) exits_from: Option<String>,
    pub(crate) prompts: bool,
    pub(crate) waits: bool,
    pub(crate) error_codes: Vec<ErrorCode>,
    pub(crate) verifies: Option<Verifies>,
    pub(crate) identifies: bool,
    pub(crate) outward: Outward,
    pub(crate) expressions: Vec<&'static str>,
    pub(crate) fields: Option<&'static str>,
}

impl Shape {
    /// A shape with one sentence that says what the step does.
    #[must_use]
    pub fn new(summary: &str) -> Self {
        Self { summary: summary.to_owned(), ..Self::default() }
    }

    /// Further prose, in Markdown.
    #[must_use]
    pub fn doc(mut self, doc: &str) -> Self {
        doc.clone_into(&mut self.doc);
        self
    }

    /// An exit that the author must link.
    #[must_use]
    pub fn exit(self, name: &str, doc: &str) -> Self {
        self.push_exit(name, doc, Unlinked::Error)
    }

    /// An exit that the author must link, and by which the output is always there. The engine holds the step to it: without an
    /// output, it has failed.
    #[must_use]
    pub fn exit_giving(self, name: &str, doc: &str) -> Self {
        let mut shape = self.exit(name, doc);
        if let Some(exit) = shape.exits.last_mut() {
            exit.gives = true;
        }
        shape
    }

    /// An exit that goes where `other` goes, unless the author links it.
    #[must_use]
    pub fn exit_following(self, name: &str, other: &str, doc: &str) -> Self {
        self.push_exit(name, doc, Unlinked::Follows(Arc::from(other)))
    }

    /// An exit that ends the journey as failed, unless the author links it.
    #[must_use]
    pub fn exit_or_abort(self, name: &str, doc: &str) -> Self {
        self.push_exit(name, doc, Unlinked::Aborts)
    }

    /// Makes each key of the mapping in this parameter an exit that must be linked.
    #[must_use]
    pub fn exits_from(mut self, parameter: &str) -> Self {
        self.exits_from = Some(parameter.to_owned());
        self
    }

    /// The step asks the client.
    #[must_use]
    pub const fn prompts(mut self) -> Self {
        self.prompts = true;
        self.waits = true;
        self
    }

    /// The step waits for a signal or a time.
    #[must_use]
    pub const fn waits(mut self) -> Self {
        self.waits = true;
        self
    }

    /// A code that `error_output` may hold.
    #[must_use]
    pub fn error(mut self, code: &str, doc: &str) -> Self {
        self.error_codes.push(ErrorCode { code: code.to_owned(), doc: doc.to_owned() });
        self
    }

    /// The step checks the secret of a method, and `exit` is taken only with a proof.
    #[must_use]
    pub fn verifies(mut self, method: &Method, exit: &str) -> Self {
        self.verifies = Some(Verifies { method: Arc::from(method.as_str()), exit: Arc::from(exit) });
        self
    }

    /// The step may say which user the run speaks of, without proving it: [`Context::identify`](crate::Context::identify).
    /// One that does not declare it fails if it does.
    #[must_use]
    pub const fn identifies(mut self) -> Self {
        self.identifies = true;
        self
    }

    /// The step acts on the outside world.
    #[must_use]
    pub const fn outward(mut self, outward: Outward) -> Self {
        self.outward = outward;
        self
    }

    /// The text of this parameter is always an expression.
    #[must_use]
    pub fn expression(mut self, parameter: &'static str) -> Self {
        self.expressions.push(parameter);
        self
    }

    /// This parameter is a mapping of form fields, and what they take is what the step gives.
    #[must_use]
    pub const fn fields(mut self, parameter: &'static str) -> Self {
        self.fields = Some(parameter);
        self
    }

    fn push_exit(mut self, name: &str, doc: &str, unlinked: Unlinked) -> Self {
        self.exits.push(Exit { name: Arc::from(name), doc: doc.to_owned(), unlinked, gives: false });
        self
    }
}
