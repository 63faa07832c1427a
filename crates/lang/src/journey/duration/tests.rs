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
