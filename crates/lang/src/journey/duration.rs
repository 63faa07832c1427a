//! A duration as authors write it, `1h30m`, comes in; its length goes out.

use jiff::SignedDuration;

/// The units, from great to small; each may stand once.
const UNITS: [(&str, i64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// The longest duration that is accepted: 30 days.
const LONGEST: i64 = 30 * 86_400_000;

/// Reads whole numbers with units, the greater unit first: `90s`, `5m`, `1h30m`, `500ms`. None if `text` is not such a
/// duration, or is longer than 30 days.
pub(super) fn parse(text: &str) -> Option<SignedDuration> {
    let mut rest = text;
    let mut total: i64 = 0;
    let mut units = UNITS.iter();
    while !rest.is_empty() {
        let (digits, behind) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit())?)?;
        let end = behind.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(behind.len());
        let (word, behind) = behind.split_at_checked(end)?;
        let (_, milliseconds) = units.find(|(unit, _)| *unit == word)?;
        total = total.checked_add(digits.parse::<i64>().ok()?.checked_mul(*milliseconds)?)?;
        rest = behind;
    }
    (!text.is_empty() && total <= LONGEST).then(|| SignedDuration::from_millis(total))
}

/// Writes a duration in the form that [`parse`] reads.
pub(super) fn write(duration: SignedDuration) -> String {
    let mut rest = i64::try_from(duration.as_millis()).unwrap_or(LONGEST);
    let mut text = String::new();
    for (unit, milliseconds) in UNITS {
        let count = rest / milliseconds;
        rest %= milliseconds;
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written() {
        for (text, seconds) in [("30s", 30), ("5m", 300), ("1h30m", 5_400), ("1d2h3m4s", 93_784), ("0s", 0)] {
            let duration = SignedDuration::from_secs(seconds);
            assert_eq!(parse(text), Some(duration), "{text}");
            assert_eq!(write(duration), text);
        }
        assert_eq!(parse("500ms"), Some(SignedDuration::from_millis(500)));
        assert_eq!(parse("30d"), Some(SignedDuration::from_hours(720)));
        assert_eq!(parse("90s").map(write).as_deref(), Some("1m30s"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "30",
            "s",
            "30 s",
            "5 minutes",
            "1m1h",
            "1m1m",
            "-5s",
            "1.5h",
            "5M",
            "31d",
            "99999999999999999999s",
            "1ms1s",
            "٣s",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
