use proptest::prelude::*;

use super::*;

fn region() -> impl Strategy<Value = Option<country::Id>> {
    let pair = "[A-Z]{2}".prop_map(|letters| letters.parse().ok());
    prop_oneof![1 => Just(None), 6 => pair]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever it is given, the library answers.
    #[test]
    fn any_text_is_a_number_or_none(text in "[+0]{0,3}[0-9 ()./+-]{0,24}", region in region()) {
        if let Some(number) = read(&text, region) {
            let written = number.format().mode(Mode::E164).to_string();
            prop_assert!(written.starts_with('+'), "{written}");
            let _ = (number.is_valid(), number.country().id(), number.national().to_string());
        }
    }
}
