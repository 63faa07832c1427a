//! A role comes in, the one way to paint it goes out.

use std::fmt::{self, Display};

use anstyle::{AnsiColor, Style};

/// Something that went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Something that was refused or failed.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Something to look at.
pub(crate) const NOTICE: Style = AnsiColor::Yellow.on_default().bold();
/// A name: of a step, a journey, a command.
pub(crate) const NAME: Style = AnsiColor::Cyan.on_default();
/// A headline.
pub(crate) const TITLE: Style = Style::new().bold();
/// What may be passed over.
pub(crate) const QUIET: Style = Style::new().dimmed();

/// Text in a style.
pub(crate) struct Painted<T>(Style, T);

/// `text`, painted; the stream takes the paint away where it does not belong.
pub(crate) const fn paint<T: Display>(style: Style, text: T) -> Painted<T> {
    Painted(style, text)
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.0.render(), self.1, self.0.render_reset())
    }
}
