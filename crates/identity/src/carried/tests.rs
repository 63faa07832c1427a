#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test may stop at the first surprise")]

use jiff::SignedDuration;
use wayfarer_step::Secret;
use wayfarer_store::TenantId;

use crate::fixture::Fixture;

#[tokio::test]
async fn a_text_opens_for_its_bearer_and_purpose_until_it_has_run_out() {
    let fixture = Fixture::new().await;
    let (identity, tenant) = (&fixture.identity, &fixture.tenant);
    let content = Secret::new(b"key".to_vec());
    let hour = SignedDuration::from_hours(1);
    let text = identity.hand_out(tenant, "a", "web", &content, hour).await.unwrap();
    let open = async |tenant: &TenantId, purpose, bearer, text: &str| {
        let opened = identity.take_back(tenant, purpose, bearer, text).await.unwrap();
        opened.map(|content| content.expose().clone())
    };
    assert_eq!(open(tenant, "a", "web", &text).await, Some(b"key".to_vec()));
    let again = identity.hand_out(tenant, "a", "web", &content, hour).await.unwrap();
    assert_ne!(again, text, "it says nothing about what is in it");

    assert_eq!(open(tenant, "b", "web", &text).await, None, "another purpose");
    assert_eq!(open(tenant, "a", "app", &text).await, None, "another bearer");
    assert_eq!(open(&TenantId::new("other").unwrap(), "a", "web", &text).await, None, "another tenant");
    let altered: String =
        text.char_indices().map(|(at, c)| if at == 40 { if c == 'A' { 'B' } else { 'A' } } else { c }).collect();
    for bad in ["", "A", "!", &altered, &text[1..], &"A".repeat(4_096)] {
        assert_eq!(open(tenant, "a", "web", bad).await, None, "{bad}");
    }

    fixture.advance(3_599);
    assert!(open(tenant, "a", "web", &text).await.is_some());
    fixture.advance(1);
    assert_eq!(open(tenant, "a", "web", &text).await, None, "it has run out");
}
