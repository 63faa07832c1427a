//! A duration as authors write it, `1h30m`, comes in; its length goes out.

use jiff::SignedDuration;

/// The units, from great to small; each may stand once.
const UNITS: [(&str, i64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// The longest duration that is accepted: 30 days.
const LONGEST: i64 = 30 * 86_400_000;

/// Reads whole numbers with units, the greater unit first: `90s`, `5m`, `1h30m`, `500ms`. None if `text` is not such a
/// duration, or is longer than 30 days.
pub fn parse(text: &str) -> Option<SignedDuration> {
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
mod tests;
