#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

fn version(number: u32, content: u8) -> Version {
    Version {
        number,
        bundle: BundleHash([content; 32]),
        content: BundleHash([content; 32]),
        at: Timestamp::UNIX_EPOCH,
        by: Actor::system(),
        note: None,
    }
}

fn deployment(contents: &[u8]) -> Deployment {
    let mut deployment = Deployment::first("j".into(), version(1, contents.first().copied().unwrap_or_default()));
    for content in contents.iter().skip(1) {
        assert!(deployment.read(version(deployment.next_number(), *content)));
    }
    deployment
}

fn live(deployment: &Deployment) -> Option<u32> {
    deployment.live().map(|version| version.number)
}

#[test]
fn a_rolled_back_version_stays_until_the_file_says_something_new() {
    let mut deployment = deployment(&[1, 2]);
    assert_eq!(deployment.roll_back().unwrap(), 1);
    assert!(!deployment.read(version(3, 2)), "the file says what it said before");
    assert_eq!(live(&deployment), Some(1));
    assert!(deployment.read(version(3, 3)));
    assert_eq!(live(&deployment), Some(3));
}

#[test]
fn a_file_that_returns_to_an_older_text_has_its_number() {
    let mut deployment = deployment(&[1, 2]);
    assert!(deployment.read(version(3, 1)));
    assert_eq!((live(&deployment), deployment.versions.len()), (Some(1), 2));
    assert_eq!(deployment.roll_back().unwrap(), 2);
}

#[test]
fn a_rollback_goes_back_further_each_time_and_then_no_more() {
    let mut deployment = deployment(&[1, 2, 3]);
    assert_eq!((deployment.roll_back().unwrap(), deployment.roll_back().unwrap()), (2, 1));
    assert!(matches!(deployment.roll_back(), Err(DeployError::NothingBefore)));
    assert_eq!(live(&deployment), Some(1));
}

#[test]
fn a_trial_is_of_another_version_has_a_share_and_ends_with_the_live_one() {
    let mut deployment = deployment(&[1, 2]);
    assert!(matches!(deployment.put_on_trial(2, 10), Err(DeployError::LiveAlready { version: 2 })));
    assert!(matches!(deployment.put_on_trial(9, 10), Err(DeployError::UnknownVersion { version: 9 })));
    assert!(matches!(deployment.put_on_trial(1, 100), Err(DeployError::Percent)));
    deployment.put_on_trial(1, 99).unwrap();
    assert_eq!(deployment.trial, Some(Trial { version: 1, percent: 99 }));
    assert!(deployment.read(version(3, 3)));
    assert_eq!(deployment.trial, None);
    deployment.read_on_trial(version(4, 4), 5).unwrap();
    assert!(!deployment.read(version(5, 4)), "its file was put on trial, and does not become live by itself");
    deployment.put_on_trial(4, 0).unwrap();
    assert_eq!((live(&deployment), deployment.trial), (Some(3), None));
}

#[test]
fn what_is_withdrawn_is_not_live_until_its_file_is_there_again() {
    let mut deployment = deployment(&[1, 2]);
    deployment.roll_back().unwrap();
    deployment.withdrawn = true;
    assert_eq!(live(&deployment), None);
    assert!(deployment.read(version(3, 2)));
    assert_eq!(live(&deployment), Some(1));
}

#[test]
fn the_history_is_bounded_and_keeps_what_is_needed() {
    let mut deployment = deployment(&[1]);
    for content in 2..=u8::MAX {
        assert!(deployment.read(version(deployment.next_number(), content)));
    }
    assert!(deployment.versions.len() <= MOST_VERSIONS && deployment.path.len() <= LONGEST_PATH);
    assert!(deployment.preferred().iter().all(|number| deployment.version(*number).is_some()));
}
