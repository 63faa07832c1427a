//! `user update` and `user delete`: what leads to a user moves, and a deleted one is gone for good.

use serde_json::json;

use crate::rig::Rig;

#[test]
fn a_user_is_updated_and_deleted_and_the_id_stays_taken() {
    let rig = Rig::new();
    let added =
        rig.ask(&["user", "add", "--external-user-id", "user123", "--email", "ann@example.com"]).ended(0).json();
    let id = added["user_id"].as_str().unwrap();
    let update = ["user", "update", "--identifier", "user123", "--email", "Ann@Example.org", "--username", "ann"];
    let updated = rig.ask(&update).ended(0).json();
    assert_eq!((&updated["email"], &updated["username"]), (&json!("ann@example.org"), &json!("ann")));
    let update = ["user", "update", "--identifier", "user123", "--remove", "external_user_id"];
    assert_eq!(rig.ask(&update).ended(0).json()["external_user_id"], json!(null));
    rig.ask(&["user", "show", "--identifier", "user123"]).ended(2);

    for wrong in [&["--identifier", id][..], &["--identifier", id, "--email", "a@b.c", "--remove", "email"]] {
        let said = rig.ask(&[&["user", "update"], wrong].concat()).ended(2);
        assert_eq!(said.json()["error"]["code"], json!("usage"), "{said:?}");
    }
    let both = ["user", "update", "--identifier", id, "--remove", "email", "--remove", "username"];
    rig.ask(&both).ended(2);

    let deleted = rig.ask(&["user", "delete", "--identifier-type", "username", "--identifier", "ann"]).ended(0).json();
    assert_eq!(deleted, json!({ "user_id": id, "deleted": true }));
    rig.ask(&["user", "show", "--identifier", id]).ended(2);
    rig.ask(&["user", "add", "--user-id", id]).ended(2);
    let trail = rig.ask(&["audit", "show"]).ended(0).json();
    let names: Vec<_> = trail["entries"].as_array().unwrap().iter().map(|entry| entry["name"].clone()).collect();
    assert_eq!(names, ["user.added", "user.updated", "user.updated", "user.deleted"].map(|name| json!(name)));
}
