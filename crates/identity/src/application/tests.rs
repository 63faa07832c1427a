//! Settings within and beyond their bounds.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;

use super::passcodes::Written;
use super::tokens::WrittenTokens;
use super::*;

fn read(passcodes: &serde_json::Value) -> Result<Applications, String> {
    serde_json::from_value(json!({ "shop": { "one_time_passcodes": passcodes } })).map_err(|error| error.to_string())
}

#[test]
fn without_a_file_there_is_one_application_with_the_guides_settings() {
    let applications = Applications::default();
    let passcodes = applications.get("default").unwrap().one_time_passcodes;
    assert_eq!(passcodes.expires_in().seconds(), 300);
    assert_eq!(passcodes.lockout().as_secs(), 900);
    assert_eq!((passcodes.max_attempts(), passcodes.length(), passcodes.failure_cap()), (3, 6, 100));
    assert_eq!(passcodes, Passcodes::try_from(Written::default()).unwrap());
    assert_eq!(TokenSettings::default(), TokenSettings::try_from(WrittenTokens::default()).unwrap());
}

#[test]
fn r02_r03_r06_settings_beyond_their_bounds_do_not_load() {
    let bounds = [
        ("expires_in", 60, 3_600),
        ("lockout", 60, 86_400),
        ("max_attempts", 1, 10),
        ("length", 6, 12),
        ("failure_cap", 10, 100),
    ];
    for (field, least, most) in bounds {
        for good in [least, most] {
            assert!(read(&json!({ field: good })).is_ok(), "{field} {good}");
        }
        // 21,900 days: the lockout that switched lockout off elsewhere (KC #30939).
        for bad in [least - 1, most + 1, 0, -1, 21_900 * 86_400, i64::MAX, i64::MIN] {
            let error = read(&json!({ field: bad })).unwrap_err();
            assert!(error.contains(field), "{field} {bad}: {error}");
        }
        for bad in [json!(300.0), json!("300"), json!(null), json!(u64::MAX), json!([300]), json!(true)] {
            assert!(read(&json!({ field: bad })).is_err(), "{field} {bad}");
        }
    }
}

#[test]
fn unknown_settings_are_refused() {
    assert!(read(&json!({ "lock_out": 60 })).unwrap_err().contains("lock_out"));
}

#[test]
fn r32_only_a_full_login_may_have_longer_tokens() {
    assert!(TokenSettings::new(600, RecoveryGrade::Recovery).is_ok());
    assert!(TokenSettings::new(601, RecoveryGrade::Recovery).is_err());
    assert!(TokenSettings::new(3_600, RecoveryGrade::Login).is_ok());
    assert!(TokenSettings::new(3_601, RecoveryGrade::Login).is_err());
    assert!(TokenSettings::new(59, RecoveryGrade::Login).is_err());
}

#[test]
fn an_unknown_application_is_told_with_those_that_there_are() {
    let error = Applications::default().get("defualt").unwrap_err();
    assert_eq!(error.to_string(), "there is no application `defualt`; there is `default`");
    assert_eq!(error.code(), "unknown_application");
}

#[test]
fn application_ids_are_names() {
    for bad in ["", "a b", "a/b", "ä", &"x".repeat(65)] {
        assert!(Applications::new(BTreeMap::from([(bad.to_owned(), Application::default())])).is_err(), "{bad}");
    }
    assert!(Applications::new(BTreeMap::new()).is_err());
}
