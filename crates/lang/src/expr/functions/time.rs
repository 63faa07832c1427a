//! Arguments of `@time` functions come in, and the run's time; times and what lies between them go out.

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp, Zoned};

use super::argument::{give, given, text, text_or, value};
use super::{Function, Kind, Parameter, Purity, maybe, one};
use crate::Value;
use crate::expr::ast::BinaryOperator;
use crate::expr::error::{EvalCode, Outcome, fault};
use crate::expr::operator;

/// Milliseconds since 1970, or a text of RFC 3339.
const TIME: Kind = Kind::Either(&[Kind::Number, Kind::String]);
const WHEN: Parameter = one("time", TIME);
const ERRORS: &[EvalCode] = &[EvalCode::Unreadable, EvalCode::Overflow];
/// The longest pattern and the longest text that are looked at.
const LONGEST: usize = 256;

pub(super) static NOW: Function = Function {
    namespace: "time",
    name: "now",
    parameters: &[],
    returns: Kind::Integer,
    errors: &[],
    purity: Purity::Time,
    doc: "The run's time, in milliseconds since 1970: the same in the whole of one evaluation. `@time().now` is the same.",
    example: ("@time.now()", "0"),
    call: |machine, _| Ok(Value::Int(machine.roots().now.as_millisecond()).into()),
};

pub(super) static PARSE: Function = Function {
    namespace: "time",
    name: "parse",
    parameters: &[one("text", Kind::String), maybe("format", Kind::String)],
    returns: Kind::Integer,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The time that a text is, in milliseconds since 1970. Without `format` it is one of RFC 3339, such as `2026-11-23T10:00:00Z`; with \
          it, what the format's signs say (`%Y-%m-%d %H:%M:%S %z`, as of `strftime`). Without an offset it is UTC, without a time of \
          day midnight.",
    example: ("@time.parse(\"2026-11-23T10:00:00Z\")", "1795428000000"),
    call: |machine, arguments| {
        machine.charge(4)?;
        let text = text(arguments, 0)?;
        let time = match given(arguments, 1)?.and_then(Value::as_text) {
            None => instant(value(arguments, 0)?)?,
            Some(format) => by_format(format, text)?,
        };
        Ok(Value::Int(time.as_millisecond()).into())
    },
};

pub(super) static FORMAT: Function = Function {
    namespace: "time",
    name: "format",
    parameters: &[WHEN, maybe("format", Kind::String), maybe("offset", Kind::String)],
    returns: Kind::String,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "A time as text: by RFC 3339 where `format` is left out or empty, else by its signs (`%Y-%m-%d %H:%M`, as of `strftime`, in \
          English). It is told in UTC, or at an `offset` such as `+02:00`. A time is milliseconds since 1970, or a text of RFC 3339.",
    example: ("@time.format(0, \"%d.%m.%Y %H:%M\", \"+01:00\")", "\"01.01.1970 01:00\""),
    call: |machine, arguments| {
        machine.charge(4)?;
        let time = instant(value(arguments, 0)?)?;
        let zone = zone(text_or(arguments, 2, "Z")?)?;
        let zoned = time.to_zoned(zone);
        let format = text_or(arguments, 1, "")?;
        if format.len() > LONGEST {
            return fault(EvalCode::BadArgument, "a format has at most 256 bytes");
        }
        let text = match format {
            "" if zoned.offset() == Offset::UTC => time.to_string(),
            "" => time.display_with_offset(zoned.offset()).to_string(),
            format => match strtime::format(format, &zoned) {
                Ok(text) => text,
                Err(_) => return fault(EvalCode::BadArgument, "`format` is no format of times"),
            },
        };
        give(machine, text)
    },
};

pub(super) static ADD: Function = Function {
    namespace: "time",
    name: "add",
    parameters: &[WHEN, one("duration", TIME)],
    returns: Kind::Integer,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The time a while later, in milliseconds since 1970. The while is so many milliseconds, or a text of ISO 8601 (`PT15M`, `P1M`, \
          `-P7D`) or such as `1 hour 30 minutes`. Days, months and years go by the calendar, in UTC: a month after 31 January is \
          the last of February.",
    example: ("@time.add(\"2026-01-31T00:00:00Z\", \"P1M\")", "1772236800000"),
    call: |machine, arguments| {
        machine.charge(4)?;
        let time = instant(value(arguments, 0)?)?;
        let span = match value(arguments, 1)? {
            Value::Text(text) => match short(text)?.parse::<Span>() {
                Ok(span) => span,
                Err(_) => return fault(EvalCode::Unreadable, "this text is no duration, such as `PT15M`"),
            },
            number => match number.as_int().and_then(|number| Span::new().try_milliseconds(number).ok()) {
                Some(span) => span,
                None => return fault(EvalCode::BadArgument, "a duration is a whole number of milliseconds"),
            },
        };
        match time.to_zoned(TimeZone::UTC).checked_add(span) {
            Ok(later) => Ok(Value::Int(later.timestamp().as_millisecond()).into()),
            Err(_) => out_of_range(),
        }
    },
};

pub(super) static DIFF: Function = Function {
    namespace: "time",
    name: "diff",
    parameters: &[one("from", TIME), one("to", TIME), maybe("unit", Kind::String)],
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "How much later `to` is than `from`, in `milliseconds` (where the unit is left out), `seconds`, `minutes`, `hours`, `days` of 24 \
          hours or `weeks`; negative if it is earlier. As `/` gives it: an integer where it is exact.",
    example: ("@time.diff(\"2026-11-23T10:00:00Z\", \"2026-11-24T16:00:00Z\", \"hours\")", "30"),
    call: |machine, arguments| {
        machine.charge(4)?;
        let (from, to) = (instant(value(arguments, 0)?)?, instant(value(arguments, 1)?)?);
        let unit = match text_or(arguments, 2, "milliseconds")? {
            "milliseconds" => 1,
            "seconds" => 1_000,
            "minutes" => 60_000,
            "hours" => 3_600_000,
            "days" => 86_400_000,
            "weeks" => 604_800_000,
            _ => {
                let units = "`milliseconds`, `seconds`, `minutes`, `hours`, `days` or `weeks`";
                return fault(EvalCode::BadArgument, format!("`unit` is {units}"));
            }
        };
        // Times lie within ten thousand years: this is far from leaving 64 bits.
        let between = to.as_millisecond() - from.as_millisecond();
        Ok(operator::binary(BinaryOperator::Divide, &Value::Int(between), &Value::Int(unit))?.into())
    },
};

fn instant(value: &Value) -> Outcome<Timestamp> {
    if let Value::Text(text) = value {
        return match short(text)?.parse::<Timestamp>() {
            Ok(time) => Ok(time),
            Err(_) => fault(EvalCode::Unreadable, "this text is no time of RFC 3339, such as `2026-11-23T10:00:00Z`"),
        };
    }
    match value.as_int().map(Timestamp::from_millisecond) {
        Some(Ok(time)) => Ok(time),
        Some(Err(_)) => out_of_range(),
        None => fault(EvalCode::BadArgument, "a time is a whole number of milliseconds"),
    }
}

fn by_format(format: &str, text: &str) -> Outcome<Timestamp> {
    short(text)?;
    if format.len() > LONGEST {
        return fault(EvalCode::BadArgument, "a format has at most 256 bytes");
    }
    let read = || {
        let parts = strtime::parse(format, text).ok()?;
        if parts.offset().is_some() {
            return parts.to_timestamp().ok();
        }
        let civil: DateTime = parts.to_datetime().or_else(|_| parts.to_date().map(DateTime::from)).ok()?;
        civil.to_zoned(TimeZone::UTC).ok().as_ref().map(Zoned::timestamp)
    };
    read().map_or_else(|| fault(EvalCode::Unreadable, "this text is no time of that format"), Ok)
}

fn short(text: &str) -> Outcome<&str> {
    if text.len() > LONGEST {
        return fault(EvalCode::Unreadable, "this text is too long for a time");
    }
    Ok(text)
}

/// `Z`, or a sign, hours and minutes. Names of places would need a table, which the language does not have.
fn zone(text: &str) -> Outcome<TimeZone> {
    let seconds = || {
        let digits = text.strip_prefix(['+', '-'])?;
        let (hours, minutes) = digits.split_once(':')?;
        let number = |text: &str| {
            let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse::<i32>().ok()).flatten()
        };
        let seconds = number(hours)? * 3_600 + number(minutes).filter(|minutes| *minutes < 60)? * 60;
        Some(if text.starts_with('-') { -seconds } else { seconds })
    };
    let offset = if text == "Z" { Some(0) } else { seconds() };
    match offset.and_then(|seconds| Offset::from_seconds(seconds).ok()) {
        Some(offset) => Ok(TimeZone::fixed(offset)),
        None => fault(EvalCode::BadArgument, "`offset` is `Z`, or such as `+02:00`"),
    }
}

fn out_of_range<T>() -> Outcome<T> {
    fault(EvalCode::Overflow, "this time lies outside the years -9999 to 9999")
}
