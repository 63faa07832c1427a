//! What a step does comes in; its sort goes out, which shapes and colours tell apart.

use crate::program::Work;

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A form that picks an exit.
    Decision,
    /// A form that plays its body again and again.
    Loop,
    /// Another form.
    Form,
    /// A step that asks the client.
    Client,
    /// A step that verifies a secret.
    Verifying,
    /// Another journey.
    Journey,
    /// Any other step.
    Step,
    /// The end, with success.
    Completed,
    /// The end, refused.
    Refused,
}

/// Colours as `#rrggbb`: of the area, its line, and the text in it.
pub(super) struct Colours {
    pub(super) fill: &'static str,
    pub(super) line: &'static str,
    pub(super) text: &'static str,
}

/// One sort of each class.
pub(super) const CLASSES: [Sort; 7] =
    [Sort::Client, Sort::Verifying, Sort::Form, Sort::Journey, Sort::Step, Sort::Completed, Sort::Refused];

/// The colour of a way that shows what is not proven.
pub(super) const WAY: &str = "#c2185b";

impl Sort {
    pub(super) fn of(work: &Work) -> Self {
        match work {
            Work::Condition { .. } | Work::Match { .. } | Work::IsUserAuthenticated => Self::Decision,
            Work::Loop { .. } => Self::Loop,
            Work::SetVariables(_) => Self::Form,
            Work::Invoke { .. } => Self::Journey,
            Work::Complete { .. } => Self::Completed,
            Work::Reject { .. } => Self::Refused,
            Work::Call { verifies: Some(_), .. } => Self::Verifying,
            Work::Call { prompts: true, .. } => Self::Client,
            Work::Call { .. } => Self::Step,
        }
    }

    /// The word for machines and style sheets: all forms that do not end the journey share one.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Decision | Self::Loop | Self::Form => "form",
            Self::Client => "client",
            Self::Verifying => "verifying",
            Self::Journey => "journey",
            Self::Step => "step",
            Self::Completed => "completed",
            Self::Refused => "refused",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Decision => "decides",
            Self::Loop => "is a loop",
            Self::Form => "is a form",
            Self::Client => "asks the client",
            Self::Verifying => "verifies a secret",
            Self::Journey => "plays another journey",
            Self::Step => "does its work",
            Self::Completed => "ends with success",
            Self::Refused => "ends refused",
        }
    }

    /// The colours of its class, for drawings that have one set of them.
    pub(super) const fn colours(self) -> Colours {
        let (fill, line, text) = match self {
            Self::Decision | Self::Loop | Self::Form => ("#f5f5f5", "#757575", "#212121"),
            Self::Client => ("#e3f2fd", "#1565c0", "#0d2b4d"),
            Self::Verifying => ("#fff3e0", "#e65100", "#4a2500"),
            Self::Journey => ("#e0f2f1", "#00695c", "#06302b"),
            Self::Step => ("#ede7f6", "#5e35b1", "#1f1046"),
            Self::Completed => ("#e8f5e9", "#2e7d32", "#12300f"),
            Self::Refused => ("#ffebee", "#c62828", "#4a0d0d"),
        };
        Colours { fill, line, text }
    }
}
