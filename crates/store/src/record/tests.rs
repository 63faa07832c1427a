use super::{Key, Kind, Record, TenantId};

#[test]
fn a_tenant_id_takes_only_its_alphabet() {
    for good in ["a", "default", "A-z_0", &"x".repeat(64)] {
        assert_eq!(TenantId::new(good).map(|id| id.to_string()).as_deref(), Ok(good));
    }
    for bad in ["", " ", "a/b", "a.b", "$system", "é", "a\0", &"x".repeat(65)] {
        assert!(TenantId::new(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn no_tenant_of_a_caller_is_the_system_tenant() {
    assert!(TenantId::new(TenantId::system().as_str()).is_err());
}

#[test]
fn a_refused_tenant_id_is_shown_without_control_characters() {
    let error = TenantId::new("a\n\u{1b}[31mb").map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(error, Err("`a\u{fffd}\u{fffd}[31mb` is not a tenant id: one to 64 of `A-Z a-z 0-9 _ -`".to_owned()));
}

#[test]
fn a_kind_keeps_its_name_and_order() {
    const RUN: Kind = Kind::new("run");
    assert_eq!(RUN.as_str(), "run");
    assert_eq!(Kind::stored("run"), Some(RUN));
    assert_eq!(Kind::stored(&"k".repeat(31)).map(|kind| kind.to_string()), Some("k".repeat(31)));
    for bad in ["", "Run", "a b", &"k".repeat(32)] {
        assert_eq!(Kind::stored(bad), None, "{bad:?}");
    }
    assert!(Kind::new("a") < Kind::new("ab") && Kind::new("ab") < Kind::new("b"));
}

#[test]
fn debug_shows_no_value() {
    let record = Record { version: 1, value: b"canary".to_vec(), expires_at: None, wake_at: None };
    assert!(!format!("{record:?}").contains("canary"));
    assert_eq!(format!("{:?}", Key::new(&TenantId::default(), Kind::new("run"), b"\x00a")), r"Key(default/run/\x00a)");
}
