#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use wayfarer_step::Actor;

use super::*;

#[test]
fn measures_are_told_by_outcome_and_never_by_user() {
    let metrics = Metrics::new();
    let fact = Fact { journey: Some("recovery".into()), ..Fact::new("journey.rejected", Actor::system()) };
    metrics.happened(&fact.subject("canary-user").detail("ticket", "canary-ticket").reason("canary-reason"));
    let call = |end, took| Observed { journey: "recovery", step_type: "ask", end, took: Duration::from_millis(took) };
    metrics.called(&call(CallEnd::Answered, 3));
    metrics.called(&call(CallEnd::Panicked, 1));
    metrics.committed(CommitEnd::Conflict);
    metrics.stored(CommitEnd::Written);
    metrics.refused("client.token_refused");
    metrics.came_too_often("codes");
    metrics.request_panicked();
    metrics.answered("journeys", 429, Duration::from_millis(2));
    metrics.waiting(None);
    let open = metrics.connected("public");
    drop(metrics.connected("public"));
    let text = metrics.text().unwrap();
    for line in [
        r#"wayfarer_runs_total{journey="recovery",event="rejected"} 1"#,
        r#"wayfarer_facts_total{name="journey.rejected"} 1"#,
        r#"wayfarer_step_calls_total{step="ask",end="panicked"} 1"#,
        r#"wayfarer_step_seconds_count{step="ask"} 2"#,
        r#"wayfarer_step_seconds_bucket{le="0.0025",step="ask"} 1"#,
        r#"wayfarer_run_commits_total{end="conflict"} 1"#,
        r#"wayfarer_store_commits_total{end="written"} 1"#,
        r#"wayfarer_refusals_total{name="client.token_refused"} 1"#,
        r#"wayfarer_http_rate_limited_total{interface="codes"} 1"#,
        r#"wayfarer_panics_total{place="step"} 1"#,
        r#"wayfarer_panics_total{place="request"} 1"#,
        r#"wayfarer_http_requests_total{interface="journeys",status="429"} 1"#,
        r#"wayfarer_http_connections{listener="public"} 1"#,
        "wayfarer_runs_waiting -1",
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
    assert!(!text.contains("canary"));
    drop(open);
    assert!(metrics.text().unwrap().contains(r#"wayfarer_http_connections{listener="public"} 0"#));
}
