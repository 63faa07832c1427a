//! Lines of a killed process come in; what the store may hold for each user goes out.

use std::collections::BTreeMap;

use wayfarer::identity::{CodeStatus, MethodStatus};

pub(crate) const USERS: [&str; 3] = ["ann", "ben", "cleo"];
const MAX_ATTEMPTS: u32 = 3;

/// Whether a line is one of the process, and not one of the test harness around it.
pub(crate) fn is_word(line: &str) -> bool {
    line.starts_with("> ") || line.starts_with("< ")
}

/// What was acknowledged, user by user, and what was being done when the kill came.
#[derive(Default)]
pub(crate) struct Model {
    users: BTreeMap<String, User>,
    /// How many acknowledgements were read.
    pub(crate) acknowledged: u64,
}

#[derive(Default)]
struct User {
    known: bool,
    code: Option<Code>,
    /// Attempts since the count was last set to 0.
    attempts: u32,
    locked: bool,
    doing: Option<Doing>,
}

#[derive(Clone)]
struct Code {
    id: String,
    /// None if the issue was not acknowledged: nobody ever saw the code.
    text: Option<String>,
    state: CodeStatus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Add,
    Unlock,
    Issue,
    Wrong,
    Right,
}

impl Model {
    /// Follows the lines.
    pub(crate) fn read(&mut self, lines: &[String]) {
        for line in lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            let user = self.users.entry(words[1].to_owned()).or_default();
            let doing = match words[2] {
                "add" => Doing::Add,
                "unlock" => Doing::Unlock,
                "issue" => Doing::Issue,
                "wrong" => Doing::Wrong,
                "right" => Doing::Right,
                other => panic!("{other}"),
            };
            if words[0] == ">" {
                assert_eq!(user.doing.replace(doing), None);
            } else {
                assert_eq!(user.doing.take(), Some(doing));
                self.acknowledged += 1;
                user.acknowledge(doing, &words[3..]);
            }
        }
    }

    /// How many users something was being done for.
    pub(crate) fn in_flight(&self) -> u64 {
        self.users.values().map(|user| u64::from(user.doing.is_some())).sum()
    }

    /// Whether the user may be unknown to the store: the addition was not acknowledged, and has not happened.
    pub(crate) fn is_unknown(&mut self, name: &str) -> bool {
        let user = self.users.entry(name.to_owned()).or_default();
        user.doing = None;
        !user.known
    }

    /// Compares a user with the store, and takes over what the store holds: it decides what became of the last act.
    pub(crate) fn compare(&mut self, name: &str, status: &MethodStatus) {
        let user = self.users.entry(name.to_owned()).or_default();
        let doing = user.doing.take();
        let fits = user.may_be(doing).iter().any(|state| state.is(status));
        assert!(fits, "{name}, while {doing:?}: acknowledged {}, but stored is {status:?}", user.words());
        user.known = true;
        user.attempts = status.attempts;
        user.locked = status.locked_until.is_some();
        match (&mut user.code, &status.code) {
            (Some(code), Some(stored)) if code.id == stored.code_id.to_string() => code.state = stored.status,
            (code, stored) => {
                *code = stored.as_ref().map(|stored| Code {
                    id: stored.code_id.to_string(),
                    text: None,
                    state: stored.status,
                });
            }
        }
    }

    /// The newest code that was acknowledged, if the store still speaks of it, and whether it is live.
    pub(crate) fn newest_code(&self, user: &str, status: &MethodStatus) -> Option<(String, bool)> {
        let code = self.users.get(user)?.code.as_ref()?;
        Some((code.text.clone()?, status.code.as_ref()?.status == CodeStatus::Live))
    }

    /// Whether the newest code signed the user in.
    pub(crate) fn is_used(&self, user: &str) -> bool {
        self.users[user].code.as_ref().is_some_and(|code| code.state == CodeStatus::Used)
    }
}

/// One state in which the store may be.
struct State {
    /// The code's id and state; an unknown id stands for a code whose issue was not acknowledged.
    code: Option<(Option<String>, CodeStatus)>,
    attempts: u32,
    locked: bool,
}

impl State {
    fn is(&self, status: &MethodStatus) -> bool {
        let code = match (&self.code, &status.code) {
            (None, None) => true,
            (Some((id, state)), Some(stored)) => {
                *state == stored.status && id.as_ref().is_none_or(|id| *id == stored.code_id.to_string())
            }
            _ => false,
        };
        code && self.locked == status.locked_until.is_some() && (self.locked || self.attempts == status.attempts)
    }
}

impl User {
    fn acknowledge(&mut self, doing: Doing, words: &[&str]) {
        match doing {
            Doing::Add => self.known = true,
            Doing::Unlock => (self.attempts, self.locked) = (0, false),
            Doing::Issue => {
                let (id, text) = (words[0].to_owned(), Some(words[1].to_owned()));
                self.code = Some(Code { id, text, state: CodeStatus::Live });
            }
            Doing::Wrong | Doing::Right => {
                let let_in = doing == Doing::Right && self.is_open();
                assert_eq!(words[0], if let_in { "completed" } else { "rejected" });
                let state = self.attempted(let_in);
                self.set(state);
            }
        }
    }

    /// Whether a code would be compared now.
    fn is_open(&self) -> bool {
        !self.locked && self.code.as_ref().is_some_and(|code| code.state == CodeStatus::Live)
    }

    fn set(&mut self, state: State) {
        (self.attempts, self.locked) = (state.attempts, state.locked);
        if let (Some(code), Some((_, state))) = (&mut self.code, state.code) {
            code.state = state;
        }
    }

    fn now(&self) -> State {
        let code = self.code.as_ref().map(|code| (Some(code.id.clone()), code.state));
        State { code, attempts: self.attempts, locked: self.locked }
    }

    /// After an attempt that was counted; only then, and only with the right code, it may also be settled.
    fn attempted(&self, settled: bool) -> State {
        let mut state = self.now();
        if !self.is_open() {
            return state;
        }
        let code = state.code.as_mut();
        if settled {
            (state.attempts, state.locked) = (0, false);
            code.unwrap().1 = CodeStatus::Used;
        } else if self.attempts + 1 == MAX_ATTEMPTS {
            (state.attempts, state.locked) = (MAX_ATTEMPTS, true);
            code.unwrap().1 = CodeStatus::Burnt;
        } else {
            state.attempts += 1;
        }
        state
    }

    /// All states that the store may be in: what was being done has happened, in part or whole, or not at all.
    fn may_be(&self, doing: Option<Doing>) -> Vec<State> {
        let mut states = vec![self.now()];
        match doing {
            None | Some(Doing::Add) => {}
            Some(Doing::Unlock) => states.push(State { attempts: 0, locked: false, ..self.now() }),
            Some(Doing::Issue) => states.push(State { code: Some((None, CodeStatus::Live)), ..self.now() }),
            Some(Doing::Wrong) => states.push(self.attempted(false)),
            Some(Doing::Right) => states.extend([self.attempted(false), self.attempted(self.is_open())]),
        }
        states
    }

    fn words(&self) -> String {
        let code = self.code.as_ref().map(|code| (code.id.as_str(), code.state));
        format!("code {code:?}, {} attempts, locked: {}", self.attempts, self.locked)
    }
}
