//! The socket of a running server: whose it is, and that a dead one is no hindrance.

use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};

use crate::rig::Rig;
use crate::served::Served;

fn serve(rig: &Rig) -> Served {
    Served::start(rig, "127.0.0.1:0", &[])
}

/// What the socket answers to a call: its status and its body.
fn call(rig: &Rig, head: &str, headers: &str, body: &str) -> (String, String) {
    let mut stream = UnixStream::connect(rig.path("data/admin.sock")).unwrap();
    let length = body.len();
    let typed = "content-type: application/json";
    let request = format!(
        "{head} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{typed}\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).unwrap();
    let (head, body) = heard.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
}

#[test]
fn r89_the_socket_is_its_owners_alone_and_goes_with_the_server() {
    let rig = Rig::new();
    rig.user("user123");
    // Who can enter the folder may still not open the socket.
    std::fs::set_permissions(rig.path("data"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let served = serve(&rig);
    let found = std::fs::metadata(rig.path("data/admin.sock")).unwrap();
    assert!(found.file_type().is_socket());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    assert_eq!(call(&rig, "GET /admin/v1/users", "wayfarer-agent: ann\r\n", "").0, "200");
    assert_eq!(call(&rig, "GET /nothing", "wayfarer-agent: ann\r\n", "").0, "404");
    served.stop().ended(0);
    let left: Vec<_> = std::fs::read_dir(rig.path("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["wayfarer.redb"]);
}

#[test]
fn who_acts_is_said_by_every_call_and_recorded() {
    let rig = Rig::new();
    rig.user("user123");
    let served = serve(&rig);
    let long = format!("wayfarer-agent: {}\r\n", "a".repeat(65));
    for nameless in ["", "wayfarer-agent: \r\n", "wayfarer-agent: ann\r\nwayfarer-agent: bob\r\n", long.as_str()] {
        let (status, body) = call(&rig, "POST /admin/v1/users/user123/disable", nameless, "{}");
        assert_eq!(status, "400", "{nameless:?}: {body}");
    }
    let (status, body) = call(&rig, "POST /admin/v1/users/user123/disable", "wayfarer-agent: Ann Smith\r\n", "{}");
    assert_eq!(status, "200", "{body}");
    served.stop().ended(0);
    let trail = rig.ask(&["audit", "show", "--name", "user.disabled"]).ended(0).json();
    assert_eq!(trail["entries"].as_array().unwrap().len(), 1, "{trail}");
    assert_eq!(trail["entries"][0]["actor"], serde_json::json!({ "kind": "operator", "id": "Ann Smith" }));
}

#[test]
fn a_dead_socket_is_replaced_and_nothing_else_is() {
    let rig = Rig::new();
    rig.user("user123");
    let socket = rig.path("data/admin.sock");
    drop(UnixListener::bind(&socket).unwrap());
    serve(&rig).stop().ended(0);
    assert!(!socket.exists());

    let refused = || {
        let journeys = crate::rig::journeys();
        let words = ["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--journeys", &journeys];
        assert_eq!(rig.ask(&words).ended(2).json()["error"]["code"], "cannot_listen");
    };
    let live = UnixListener::bind(&socket).unwrap();
    refused();
    assert!(UnixStream::connect(&socket).is_ok(), "it is still the other one's");
    drop(live);
    std::fs::remove_file(&socket).unwrap();
    std::fs::write(&socket, "not a socket").unwrap();
    refused();
    assert_eq!(std::fs::read_to_string(&socket).unwrap(), "not a socket");
}
