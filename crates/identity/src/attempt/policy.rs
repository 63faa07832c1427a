//! The records of an attempt come in; whether it may be made, and what must be committed first, goes out. Nothing else is
//! looked at.

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_step::Refusal;

use super::AttemptsRecord;
use crate::application::Passcodes;
use crate::code::{CodeRecord, CodeState};
use crate::user::User;

/// All that an attempt is judged by.
pub(crate) struct Situation<'a> {
    pub(crate) now: Timestamp,
    /// Where the attempt is made.
    pub(crate) application: &'a str,
    pub(crate) passcodes: &'a Passcodes,
    pub(crate) user: Option<&'a User>,
    pub(crate) attempts: &'a AttemptsRecord,
    pub(crate) code: Option<&'a CodeRecord>,
    /// Names the attempt.
    pub(crate) ticket: Uuid,
}

/// What follows.
#[derive(Debug)]
pub(crate) enum Judgement {
    /// Nothing may be compared and nothing is counted.
    Closed(Refusal),
    /// One comparison may be made once this is committed.
    Open {
        /// The count, with this attempt in it.
        attempts: AttemptsRecord,
        /// The code, burnt, if no further attempt may follow.
        burnt: Option<Box<CodeRecord>>,
    },
}

/// Judges an attempt (law 2).
pub(crate) fn judge(situation: &Situation<'_>) -> Judgement {
    let Situation { now, application, passcodes, user, attempts, code, ticket } = *situation;
    let Some(user) = user else { return Judgement::Closed(Refusal::UnknownUser) };
    if !user.active || attempts.is_disabled() {
        return Judgement::Closed(Refusal::Disabled);
    }
    let attempts = attempts.clone().at(now);
    if attempts.locked_until().is_some() {
        return Judgement::Closed(Refusal::Locked);
    }
    // A code of another application does not exist here (R14).
    let Some(code) = code.filter(|code| code.state == CodeState::Live && *code.application == *application) else {
        return Judgement::Closed(Refusal::NoCode);
    };
    if !code.is_live(now) {
        return Judgement::Closed(Refusal::Expired);
    }
    let attempts = attempts.counted(passcodes, now, ticket);
    let last = attempts.locked_until().is_some() || attempts.is_disabled();
    let burnt = last.then(|| Box::new(CodeRecord { state: CodeState::Burnt { at: now, ticket }, ..code.clone() }));
    Judgement::Open { attempts, burnt }
}

/// Whether the attempt of `ticket`, which was right, may still use the code with which it was compared.
pub(crate) fn may_use(code: &CodeRecord, compared: Uuid, ticket: Uuid) -> bool {
    code.code_id == compared
        && match code.state {
            CodeState::Live => true,
            // Burnt by this very attempt when it was counted; another's burning makes it void.
            CodeState::Burnt { ticket: by, .. } => by == ticket,
            CodeState::Used { .. } | CodeState::Revoked { .. } => false,
        }
}
