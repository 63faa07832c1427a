//! Plays `spec/journeys.md`: every journey that is handed out, on the real engine, identity and steps.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wayfarer::identity::{IssueCode, NewUser, UserRef};
use wayfarer::lang::program::Program;
use wayfarer::lang::yaml::{self, Budget};
use wayfarer::lang::{Catalog, Object, Value, check_all};
use wayfarer::{Answer, ManualClock, Outcome, Wayfarer};

/// One run as the page tells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    journey: String,
    #[serde(default)]
    params: Object,
    #[serde(default)]
    answers: Vec<Given>,
    /// What another client plays while this one waits.
    meanwhile: Option<Box<Story>>,
    /// How long this one waits then, in seconds.
    #[serde(default)]
    waits: i64,
    path: Vec<String>,
    outcome: String,
    #[serde(default)]
    data: Value,
}

/// What the client answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    step: Option<String>,
    option: Option<String>,
    #[serde(default)]
    data: Value,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The journeys that are handed out.
fn journeys() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("journeys")).unwrap().map(|entry| entry.unwrap().path());
    let yaml = entries.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    yaml.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

/// The stories of the page.
fn stories() -> Vec<Story> {
    let page = fs::read_to_string(root().join("tests/spec/journeys.md")).unwrap();
    let mut stories = Vec::new();
    for (before, _) in page.match_indices("```yaml\n") {
        let text = page[before..].trim_start_matches("```yaml\n").split("```").next().unwrap();
        let line = page[..before].lines().count() + 1;
        let (document, findings) = yaml::read(text.as_bytes(), &Budget::default());
        assert!(findings.is_empty(), "line {line}: {findings:?}");
        let story = document.unwrap().root().to_value().deserialize_into();
        stories.push(story.unwrap_or_else(|error| panic!("line {line}: {error}")));
    }
    stories
}

/// A world with one user and a code.
struct World {
    wayfarer: Wayfarer,
    clock: ManualClock,
    code: String,
    message: String,
}

impl World {
    async fn new() -> Self {
        let clock = ManualClock::default();
        let mut builder = Wayfarer::in_memory().clock(clock.clone());
        for (name, text) in journeys() {
            builder = builder.journey(name, text);
        }
        let wayfarer = builder.open().await.unwrap();
        wayfarer.add_user(NewUser::external("user123")).await.unwrap();
        let mut world = Self { wayfarer, clock, code: String::new(), message: String::new() };
        world.code = world.issue().await;
        world
    }

    async fn issue(&self) -> String {
        let request = IssueCode::new(UserRef::id("user123").unwrap());
        self.wayfarer.issue_code(request).await.unwrap().code.expose().clone()
    }

    /// A value of the page, with codes in the place of the words for them.
    async fn filled(&self, value: &Value) -> Json {
        let mut text = value.to_json().unwrap().to_string();
        let wrong: String = self.code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect();
        for (word, meant) in [("CODE", &self.code), ("WRONG", &wrong), ("MESSAGE", &self.message)] {
            text = text.replace(&format!("\"{word}\""), &json!(meant).to_string());
        }
        if text.contains("\"NEW\"") {
            text = text.replace("\"NEW\"", &json!(self.issue().await).to_string());
        }
        serde_json::from_str(&text).unwrap()
    }

    async fn play(&mut self, story: &Story) -> Answer {
        let params = self.filled(&Value::from(story.params.clone())).await;
        let mut answer = self.wayfarer.start(&story.journey, params).await.unwrap();
        for given in &story.answers {
            let Outcome::Prompt { handle, step, prompt, .. } = &answer.outcome else {
                panic!("nothing is asked: {answer:?}")
            };
            if let Some(named) = &given.step {
                assert_eq!(**step, *named);
            }
            let option = given.option.as_deref().unwrap_or(&prompt.choices[0].id);
            let data = self.filled(&given.data).await;
            answer = self.wayfarer.submit(handle, option, data).await.unwrap();
        }
        if story.meanwhile.is_none() && story.waits == 0 {
            return answer;
        }
        let Outcome::Prompt { handle, prompt, .. } = &answer.outcome else { panic!("nothing waits: {answer:?}") };
        prompt.data.0.get("content").unwrap().as_text().unwrap().clone_into(&mut self.message);
        if let Some(other) = &story.meanwhile {
            let end = Box::pin(self.play(other)).await;
            other.told_by(&end);
        }
        self.clock.advance(SignedDuration::from_secs(story.waits));
        self.wayfarer.engine().current(self.wayfarer.tenant(), handle.expose()).await.unwrap()
    }
}

impl Story {
    /// Holds the end of a run against what the page tells.
    fn told_by(&self, answer: &Answer) {
        let path: Vec<_> = answer.path.iter().map(|step| &**step).collect();
        assert_eq!(path, self.path, "{}", self.journey);
        assert_eq!(answer.outcome.word(), self.outcome, "{}", self.journey);
        assert_eq!(data(answer), self.data.to_json().unwrap(), "{}", self.journey);
    }
}

fn data(answer: &Answer) -> Json {
    match &answer.outcome {
        Outcome::Completed { data, .. } | Outcome::Rejected { data } => {
            data.as_ref().map_or(Json::Null, |data| data.to_json().unwrap())
        }
        _ => Json::Null,
    }
}

#[tokio::test]
async fn every_journey_does_what_the_page_tells() {
    for story in stories() {
        let answer = World::new().await.play(&story).await;
        story.told_by(&answer);
    }
}

#[test]
fn every_step_of_every_journey_is_entered_by_a_story() {
    let mut catalog = Catalog::forms();
    for step in wayfarer::steps::all() {
        catalog.insert(step.declaration().unwrap()).unwrap();
    }
    let checked = check_all(journeys(), &catalog);
    let programs: Vec<Program> = checked.into_iter().map(|file| file.program.unwrap()).collect();
    let find = |id: &str| programs.iter().find(|program| **program.id() == *id).unwrap();
    let mut entered = BTreeSet::new();
    let stories = stories();
    for story in stories.iter().chain(stories.iter().filter_map(|story| story.meanwhile.as_deref())) {
        for entry in &story.path {
            let mut program = find(&story.journey);
            for id in entry.split('/') {
                let step = program.step(program.find(id).unwrap()).unwrap();
                entered.insert((program.id().clone(), step.id.clone()));
                program = program.callee(step).map_or(program, |callee| find(callee));
            }
        }
    }
    let all =
        programs.iter().flat_map(|program| program.steps().iter().map(|step| (program.id().clone(), step.id.clone())));
    let missed: Vec<_> = all.filter(|step| !entered.contains(step)).collect();
    assert_eq!(missed, []);
}
