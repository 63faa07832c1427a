//! Text comes in; it goes out on the right stream, in colour where a terminal wants it; what a person types comes back.
#![expect(clippy::disallowed_methods, reason = "the standard streams are held here and nowhere else")]

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use wayfarer_lang::Secret;

use crate::args::Color;

/// The three streams of the process.
pub(crate) struct Console {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    interactive: bool,
}

impl Console {
    /// The streams of this process; colour where `color` says so, by default where a terminal reads and `NO_COLOR` is unset.
    pub(crate) fn new(color: Color) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self {
            out: AutoStream::new(io::stdout(), choice),
            err: AutoStream::new(io::stderr(), choice),
            interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
        }
    }

    /// Whether a person sits in front of it and can be asked.
    pub(crate) const fn is_interactive(&self) -> bool {
        self.interactive
    }

    /// Data: one line, or several, on stdout.
    pub(crate) fn print(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }

    /// Data: a text as it is, on stdout.
    pub(crate) fn print_text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Data for machines: one line of JSON on stdout.
    pub(crate) fn print_json(&mut self, value: &serde_json::Value) -> io::Result<()> {
        self.print(value)
    }

    /// Talk: one line, or several, on stderr.
    pub(crate) fn say(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.err, "{text}")
    }

    /// All of the input, up to one byte more than `most`.
    pub(crate) fn read_all(&self, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        io::Read::read_to_end(&mut io::Read::take(io::stdin().lock(), most), &mut bytes)?;
        Ok(bytes)
    }

    /// Asks for one line; `None` when the input has ended.
    pub(crate) fn ask(&mut self, question: impl Display) -> io::Result<Option<String>> {
        if self.interactive {
            write!(self.err, "{question} ")?;
            self.err.flush()?;
        }
        read_line()
    }

    /// Asks for one line that must not be seen; `None` when the input has ended.
    pub(crate) fn ask_hidden(&mut self, question: impl Display) -> io::Result<Option<Secret<String>>> {
        if !self.interactive {
            return Ok(read_line()?.map(Secret::new));
        }
        write!(self.err, "{question} ")?;
        self.err.flush()?;
        match rpassword::read_password() {
            Ok(line) => Ok(Some(Secret::new(line))),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A line that somebody typed is short; more is not read.
const LONGEST_LINE: u64 = 1 << 16;

fn read_line() -> io::Result<Option<String>> {
    let mut line = String::new();
    let count = io::Read::take(io::stdin().lock(), LONGEST_LINE).read_line(&mut line)?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok((count > 0).then_some(line))
}
