//! `run`: a journey and its parameters come in; the run is played in the terminal, and how it ended goes out.

mod answers;
mod params;
mod prompt;
mod report;

use anyhow::Result;
use serde_json::json;
use wayfarer::engine::{Answer, EngineError, Handle, Outcome, Start, Submit};
use wayfarer::step::{ChoiceKind, Prompt, Source};
use wayfarer_lang::program::Kind;

use self::answers::Answers;
use self::report::Report;
use crate::Ending;
use crate::args::{Catalogs, Format, Run};
use crate::compose::{Further, Host, block_on, catalog, rules};
use crate::console::Console;
use crate::failure::Failure;
use crate::journey::{self, Programs};
use crate::output::findings::draw;
use crate::output::style::{NOTICE, paint};
use crate::output::text::safe;

/// How much of what has expired is erased on the way.
const SWEEP: usize = 256;

/// Plays a journey that has no errors; otherwise its findings are the answer.
pub(crate) fn perform(arguments: &Run, further: &Further, console: &mut Console) -> Result<Ending> {
    let catalog = catalog(further, &Catalogs::default())?;
    let rules = rules(arguments.place.store.config(), further)?;
    let (main, reached) = journey::check(&arguments.file, &catalog, &rules)?;
    let files = || std::iter::once(&main).chain(&reached);
    let json = arguments.place.format.format == Format::Json;
    let Some(programs) = Programs::of(&main, &reached) else {
        let findings = || files().flat_map(|file| file.findings.iter().map(|finding| (&file.source, finding)));
        for (source, finding) in findings().filter(|_| !json) {
            console.print(format_args!("{}\n", draw(source, finding)))?;
        }
        if json {
            let findings: Vec<_> = findings().map(|(source, finding)| finding.to_json(source)).collect();
            console.print_json(&json!({ "findings": findings }))?;
        }
        return Ok(Ending::Bad);
    };
    let program = &programs.main;
    if program.kind() == Kind::Sub {
        let message = format!("`{}` is a sub-journey: only another journey can start it", program.id());
        return Err(Failure::usage(message).into());
    }
    let answers = arguments.answers.as_deref().map(Answers::read).transpose()?;
    let params = params::collect(program, &arguments.params, console)?;
    block_on(async {
        let sources = files().map(|file| (file.source.name().to_string(), file.source.text().to_string())).collect();
        let host = Host::with(&arguments.place, &arguments.application, further, sources).await?;
        host.wayfarer.engine().tick(SWEEP).await?;
        let start = Start {
            tenant: host.tenant().clone(),
            application: host.wayfarer.application().clone(),
            client: None,
            journey: program.id().clone(),
            params,
            request_id: None,
            actor: host.actor.clone(),
            source: Source::default(),
        };
        let answer = host.wayfarer.engine().start(start).await?;
        let play = Play { host: &host, programs: &programs, answers, shown: 0, json };
        Box::pin(play.play(answer, arguments.show_tokens, console)).await
    })
}

/// A run in front of a person, or of a script.
struct Play<'a> {
    host: &'a Host,
    programs: &'a Programs,
    /// What answers instead of the person.
    answers: Option<Answers>,
    /// How many steps of the path were shown already.
    shown: usize,
    json: bool,
}

impl Play<'_> {
    async fn play(mut self, mut answer: Answer, show_tokens: bool, console: &mut Console) -> Result<Ending> {
        loop {
            self.show_path(&answer, console)?;
            answer = match &answer.outcome {
                Outcome::Prompt { handle, step, prompt, expires_at } if self.only_waits(step, prompt) => {
                    prompt::show(prompt, console)?;
                    console.say(report::waits(expires_at))?;
                    self.wait_at(handle, answer.path.len()).await?
                }
                Outcome::Prompt { handle, step, prompt, .. } => self.ask(handle, step, prompt, console).await?,
                Outcome::Waiting { handle, .. } => self.wait(handle).await?,
                Outcome::Completed { .. } | Outcome::Rejected { .. } | Outcome::Failed { .. } => break,
            };
        }
        self.answers.iter().try_for_each(Answers::finish)?;
        Report { answer: &answer, show_tokens }.show(self.json, console)
    }

    fn show_path(&mut self, answer: &Answer, console: &mut Console) -> Result<()> {
        if !self.json {
            for step in answer.path.iter().skip(self.shown) {
                console.say(report::step(self.programs, step))?;
            }
        }
        let news = !self.json && answer.path.len() > self.shown;
        if let Some(provided) = answer.provided.as_ref().filter(|_| news) {
            console.say(report::provided(provided)?)?;
        }
        self.shown = answer.path.len();
        Ok(())
    }

    /// Asks until the answer fits. Without an answer the run is given up: nobody else holds its handle.
    async fn ask(&mut self, handle: &Handle, step: &str, prompt: &Prompt, console: &mut Console) -> Result<Answer> {
        let (engine, tenant) = (self.host.wayfarer.engine(), self.host.tenant());
        loop {
            let given = match &mut self.answers {
                Some(answers) => answers.next(step, prompt).map(Some),
                None => prompt::ask(prompt, console),
            };
            if given.is_err() {
                engine.cancel(tenant, handle.expose()).await?;
            }
            let Some((option, data)) = given? else {
                engine.cancel(tenant, handle.expose()).await?;
                let message = format!("the step `{step}` asks, and the input has ended");
                let help = "run it in a terminal, or give the answers on standard input, a line each";
                return Err(Failure::new("no_answer", message).help(help.to_owned()).into());
            };
            let submit = Submit {
                tenant: tenant.clone(),
                handle: handle.expose().to_owned(),
                step: Some(step.into()),
                option,
                data,
                source: Source::default(),
            };
            match engine.submit(submit).await {
                Err(error @ EngineError::InvalidAnswer { .. })
                    if console.is_interactive() && self.answers.is_none() =>
                {
                    console.say(format_args!("{} {}", paint(NOTICE, "!"), safe(&error.to_string())))?;
                }
                Err(error @ EngineError::InvalidAnswer { .. }) => {
                    engine.cancel(tenant, handle.expose()).await?;
                    return Err(error.into());
                }
                answer => return Ok(answer?),
            }
        }
    }

    /// Whether nobody here has anything to say: only giving up is offered, if anything, and no answer is prepared for it.
    fn only_waits(&self, step: &str, prompt: &Prompt) -> bool {
        let onward = prompt.choices.iter().any(|choice| choice.kind != ChoiceKind::Cancel);
        !onward && !self.answers.as_ref().is_some_and(|answers| answers.is_for(step))
    }

    /// Waits for something other than the person until the run has left the step that it has come to.
    async fn wait_at(&self, handle: &Handle, steps: usize) -> Result<Answer> {
        loop {
            self.host.wayfarer.engine().tick(SWEEP).await?;
            let answer = self.wait(handle).await?;
            if !matches!(answer.outcome, Outcome::Prompt { .. }) || answer.path.len() > steps {
                return Ok(answer);
            }
        }
    }

    /// Waits with a run that waits for its time.
    #[expect(clippy::disallowed_methods, reason = "the person in front of the terminal waits too")]
    async fn wait(&self, handle: &Handle) -> Result<Answer> {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        Ok(self.host.wayfarer.engine().current(self.host.tenant(), handle.expose()).await?)
    }
}
