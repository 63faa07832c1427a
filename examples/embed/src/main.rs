//! The reference journey in ten lines of host code, in memory.
#![expect(clippy::print_stdout, reason = "a program in a terminal prints")]

use wayfarer::{IssueCode, NewUser, UserRef, Wayfarer, json};

const JOURNEY: &str = include_str!("../../../journeys/temp_code_auth_journey.yaml");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wayfarer = Wayfarer::in_memory().journey("temp_code_auth_journey.yaml", JOURNEY).open().await?;
    let user = wayfarer.add_user(NewUser::external("user123")).await?;
    let issued = wayfarer.issue_code(IssueCode::new(UserRef::id(&user.user_id)?)).await?;
    for code in ["000000", issued.code.expose().as_str(), issued.code.expose().as_str()] {
        let params = json!({ "external_user_id": "user123", "temp_code": code });
        let answer = wayfarer.start("temp_code_auth_journey", params).await?;
        println!("{} by {}", answer.outcome.word(), answer.path.join(" → "));
    }
    Ok(())
}
