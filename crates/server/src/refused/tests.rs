use super::{MOST, Refusals, Refused};
use crate::address::Address;

fn refused(from: usize) -> Refused {
    let [.., a, b] = from.to_be_bytes();
    Refused::new("client.refused", "invalid_client", Address(Some([10, 0, a, b].into())))
}

#[test]
fn r115_a_flood_is_few_facts_and_none_of_it_is_lost() {
    let refusals = Refusals::default();
    for round in 0..10 {
        for from in 0..3 * MOST {
            refusals.note(refused(from));
        }
        let facts = refusals.kept().facts.len();
        assert_eq!(facts, MOST + 1, "round {round}: each of the first ones, and the others as one");
    }
    refusals.close_window();
    let facts = std::mem::take(&mut refusals.kept().facts);
    assert_eq!(facts.len(), 2 * (MOST + 1));
    let total: u64 = facts.iter().filter_map(|fact| fact.details.get("count")?.as_u64()).sum();
    assert_eq!(total, 10 * 3 * MOST as u64);
    refusals.note(refused(1));
    assert_eq!(refusals.kept().facts.len(), 1, "the next window begins anew");
}
