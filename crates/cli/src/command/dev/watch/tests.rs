#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise, and tells the time"
)]

use notify::EventKind;
use notify::event::{AccessKind, CreateKind, ModifyKind};
use tokio::time::{Instant, sleep};

use super::*;

#[test]
fn what_is_read_or_is_no_journey_does_not_matter() {
    let event = |kind, path: &str| Event::new(kind).add_path(path.into());
    let modify = EventKind::Modify(ModifyKind::Any);
    assert!(matters(&event(modify, "journeys/a.yaml")) && matters(&event(modify, "journeys/a.yml")));
    assert!(matters(&event(EventKind::Create(CreateKind::Folder), "journeys/more")), "a folder may hold some");
    assert!(!matters(&event(EventKind::Access(AccessKind::Any), "journeys/a.yaml")), "it would never end");
    assert!(!matters(&event(modify, "journeys/a.yaml.swp")) && !matters(&event(modify, "notes.md")));
}

#[tokio::test(start_paused = true)]
async fn many_changes_at_once_are_one() {
    let ((notice, seen), (tell, mut told)) = (mpsc::channel(1), mpsc::channel(1));
    tokio::spawn(calm(seen, tell));
    let since = Instant::now();
    for _ in 0..5 {
        notice.send(()).await.unwrap();
        sleep(Duration::from_millis(100)).await;
    }
    told.recv().await.unwrap();
    assert_eq!(since.elapsed(), Duration::from_millis(550), "a pause behind the last one");
    assert!(timeout(Duration::from_secs(60), told.recv()).await.is_err(), "and nothing more");
    notice.send(()).await.unwrap();
    told.recv().await.unwrap();
}
