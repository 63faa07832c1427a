//! Many at once: no concurrency buys a comparison, and no code is used twice.

use std::sync::Arc;

use wayfarer_step::Refusal;

use crate::fixture::{Fixture, Tried};
use crate::{CodeStatus, UserRef};

const ROUNDS: usize = 20;
const GUESSES: u32 = 1_000;

/// Zitadel's CVE-2023-47111: parallel guesses that each read the old count.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r10_a_thousand_parallel_guesses_are_three_comparisons() {
    let f = Arc::new(Fixture::new().await);
    f.user("ann").await;
    for round in 0..ROUNDS {
        let code = f.issue("ann").await;
        let before = f.compared();
        // The right one is somewhere among neighbours that are all different.
        let right: u32 = code.code.expose().parse().unwrap();
        let first = right.saturating_sub(GUESSES / 2).min(1_000_000 - GUESSES);
        let guesses: Vec<_> = (first..first + GUESSES)
            .map(|guess| {
                let f = f.clone();
                tokio::spawn(async move { f.attempt("ann", &format!("{guess:06}")).await })
            })
            .collect();
        let mut verified = 0;
        for guess in guesses {
            match guess.await.unwrap() {
                Tried::Verified => verified += 1,
                Tried::Void | Tried::Refused(Refusal::Wrong | Refusal::Locked | Refusal::NoCode) => {}
                other => panic!("{other:?}"),
            }
        }
        let compared = f.compared() - before;
        assert!(verified <= 1, "round {round}: {verified} were accepted");
        assert!((1..=3).contains(&compared), "round {round}: {compared} were compared");
        let status = f.identity.code_status(&f.tenant, &UserRef::id("ann").unwrap()).await.unwrap();
        assert_ne!(status.code.unwrap().status, CodeStatus::Live, "used or burnt");
        f.advance(900);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r07_the_right_code_is_used_once_however_many_send_it() {
    let f = Arc::new(Fixture::new().await);
    f.user("ann").await;
    for round in 0..ROUNDS {
        let code = f.issue("ann").await;
        let tries: Vec<_> = (0..50)
            .map(|_| {
                let (f, code) = (f.clone(), code.code.clone());
                tokio::spawn(async move { f.attempt("ann", code.expose()).await })
            })
            .collect();
        let mut verified = 0;
        for tried in tries {
            verified += usize::from(tried.await.unwrap() == Tried::Verified);
        }
        // Others may burn the code before the first settles; it is never used twice.
        assert!(verified <= 1, "round {round}: {verified} were accepted");
        f.advance(900);
    }
}
