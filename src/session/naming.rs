//! Names for candidates by a program of the researcher's: a script, a local language model.
//!
//! A list of candidates comes in; for each, its terms and quotes go to the program as they
//! are shown, with pseudonyms, and a name comes back. Names are kept beside the version, so
//! that the same list has them again; labels stay as they are. The program is run only when
//! a person asks for names, since a study's folder may come from somebody else.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anstream::adapter::strip_str;

use super::Session;
use crate::answers::{GivenName, ThemeAnswer, ThemesAnswer, Unshown};
use crate::base::{Diagnostic, Remedy, Task};
use crate::corpus::CorpusError;
use crate::files::find::plain;
use crate::listing::Numbering;
use crate::questions::themes::BESIDE;
use crate::study::{Snapshot, StudyError};
use crate::terms::TokenKind;
use crate::themes::ThemeParams;

/// How long a program may take for one name.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked after while it ends.
const LOOK: Duration = Duration::from_millis(5);
/// The longest name, in characters.
const MAX_NAME: usize = 80;
/// The most bytes that are read of an answer.
const MAX_ANSWER: u64 = 65_536;

/// Why a program gave no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum NoName {
    /// It cannot be started.
    #[error("it cannot be started: {0}")]
    NotStarted(String),
    /// It takes too long.
    #[error("it did not end within {} seconds", .0.as_secs())]
    TooLong(Duration),
    /// It says that it failed.
    #[error("it ended with {0}")]
    Failed(ExitStatus),
    /// It says nothing that has letters.
    #[error("it answered nothing that could be a name")]
    Nothing,
}

/// What a program is given of a candidate.
#[derive(serde::Serialize)]
struct Asked<'a> {
    terms: Vec<&'a str>,
    quotes: Vec<&'a str>,
}

impl Snapshot {
    /// Asks the program for a name of each candidate and each code under one.
    fn ask_names(&self, answer: &ThemesAnswer) -> Result<Asking, CorpusError> {
        let mut asking = Asking::default();
        for theme in answer.themes.iter().filter(|theme| theme.accepted.is_none()) {
            self.ask_name(&mut asking, answer, (theme.id, None), theme)?;
            for code in &theme.codes {
                self.ask_name(&mut asking, answer, (theme.id, Some(code.id)), code)?;
            }
        }
        Ok(asking)
    }

    fn ask_name(
        &self,
        asking: &mut Asking,
        answer: &ThemesAnswer,
        (theme, code): (usize, Option<usize>),
        candidate: &ThemeAnswer,
    ) -> Result<(), CorpusError> {
        asking.n_asked += 1;
        if asking.is_hopeless {
            return Ok(());
        }
        // Names are hidden whatever else is shown: what the program does with them is
        // its own.
        let shown = Unshown::new(candidate.clone()).shown(Some(self.every_pseudonym()));
        let asked = Asked {
            terms: shown.terms.iter().map(|term| term.term.as_str()).collect(),
            quotes: shown.quotes.iter().map(|quote| quote.text.as_str()).collect(),
        };
        let text = serde_json::to_string(&asked).expect("an answer has text keys only");
        let command = &self.settings.naming.command;
        match ask(command, self.root(), &text, PATIENCE) {
            Ok(name) => {
                let said = self.said(answer, theme, code, &asked)?;
                asking.names.push(GivenName {
                    theme,
                    code,
                    label: candidate.label.clone(),
                    is_in_their_words: self.is_said(&name, &said),
                    name,
                    program: command.join(" "),
                });
            }
            Err(problem) => {
                asking.is_hopeless = matches!(problem, NoName::NotStarted(_) | NoName::TooLong(_));
                asking.problem.get_or_insert(problem);
            }
        }
        Ok(())
    }

    /// The stems of what a candidate's evidence says, and of what the program was given.
    fn said(
        &self,
        answer: &ThemesAnswer,
        theme: usize,
        code: Option<usize>,
        asked: &Asked<'_>,
    ) -> Result<BTreeSet<String>, CorpusError> {
        let mut said = BTreeSet::new();
        let passages = self.corpus.participant_passages();
        for (known, passage) in passages.iter().zip(&answer.passages) {
            let is_evidence = match code {
                None => passage.evidence.contains(&theme),
                Some(code) => passage.codes.contains(&[theme, code]),
            };
            if is_evidence {
                let words = self.corpus.words(known.row.transcript as usize)?;
                let tokens = &words.passages[known.row.place as usize];
                let own = tokens.iter().filter(|token| token.is_own);
                said.extend(own.map(|token| words.stems[token.form as usize].to_owned()));
            }
        }
        for text in asked.terms.iter().chain(&asked.quotes) {
            said.extend(self.stems_of(text).into_iter().flatten());
        }
        Ok(said)
    }

    /// The stems of each content word of a text, one a language that is spoken.
    fn stems_of(&self, text: &str) -> Vec<Vec<String>> {
        let languages = self.corpus.languages();
        let analyzers: Vec<_> =
            languages.into_iter().map(|language| self.corpus.analyzer_of(language)).collect();
        let Some(first) = analyzers.first() else { return Vec::new() };
        let tokens = first.tokens(text);
        let content = tokens.iter().filter(|token| token.kind == TokenKind::Content);
        content
            .map(|token| {
                let word = token.span.of(text);
                analyzers.iter().map(|analyzer| analyzer.stem(word)).collect()
            })
            .collect()
    }

    /// Whether every content word of a name is among stems.
    fn is_said(&self, name: &str, said: &BTreeSet<String>) -> bool {
        self.stems_of(name).iter().all(|stems| stems.iter().any(|stem| said.contains(stem)))
    }
}

/// What came of asking for names.
#[derive(Default)]
struct Asking {
    names: Vec<GivenName>,
    n_asked: usize,
    /// The first.
    problem: Option<NoName>,
    /// Whether asking again would only cost time.
    is_hopeless: bool,
}

impl Session {
    /// Has the candidates named by the program of `study.toml`, once a version: names that
    /// are kept stay. Returns what went wrong, for people; labels stay in any case.
    ///
    /// # Errors
    /// [`StudyError`] if there is no such program, or remembered data are gone.
    pub fn name_themes(
        &self,
        params: &ThemeParams,
    ) -> Result<Unshown<Vec<Diagnostic>>, StudyError> {
        let snapshot = self.snapshot();
        if snapshot.settings.naming.is_off() {
            return Err(StudyError::NoNamer);
        }
        let answer = self.list_themes(params, Numbering::CarriedOn)?.unseen();
        let Some(version) = answer.version.filter(|version| !snapshot.has_names(*version)) else {
            return Ok(Unshown::new(Vec::new()));
        };
        let asking = snapshot.derived.times.run("ask for names", || snapshot.ask_names(&answer))?;
        let mut problems = Vec::new();
        if let Some(problem) = &asking.problem {
            let (n, of) = (asking.names.len(), asking.n_asked);
            let program = &snapshot.settings.naming.command[0];
            let told = format!("the program `{program}` named {n} of {of} candidates: {problem}");
            let advice = "the labels stay; see `[naming]` in study.toml";
            problems.push(Diagnostic::new(told).with(Remedy::by(Task::ReadSettings, advice)));
        }
        if !asking.names.is_empty() {
            // A study that cannot be written to has them no longer than now.
            snapshot.versions().keep_beside(version, BESIDE, &asking.names).ok();
        }
        Ok(Unshown::new(problems))
    }
}

/// Gives a program a text and reads the first line that it answers. No shell reads the
/// command; a program with a path is one of the study's folder, in which it runs.
fn ask(
    command: &[String],
    folder: &Path,
    text: &str,
    patience: Duration,
) -> Result<String, NoName> {
    let Some((program, arguments)) = command.split_first() else { return Err(NoName::Nothing) };
    let until = Instant::now() + patience;
    let is_path = program.contains(['/', '\\']);
    let program = if is_path { folder.join(program) } else { program.into() };
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| NoName::NotStarted(plain(&error)))?;
    let answered = read_answer(&mut child, text);
    let left = || until.saturating_duration_since(Instant::now());
    let answer = answered.recv_timeout(left()).ok();
    let ended = loop {
        match child.try_wait() {
            Ok(None) if answer.is_some() && !left().is_zero() => std::thread::sleep(LOOK),
            Ok(ended) => break ended,
            Err(_) => break None,
        }
    };
    let (Some(answer), Some(ended)) = (answer, ended) else {
        // It may have ended by itself meanwhile.
        child.kill().ok();
        child.wait().ok();
        return Err(NoName::TooLong(patience));
    };
    if !ended.success() {
        return Err(NoName::Failed(ended));
    }
    let name = name_in(&answer);
    if name.is_empty() { Err(NoName::Nothing) } else { Ok(name) }
}

/// Gives a program its text and reads what it answers, each on a thread of its own, so
/// that neither waits for the other.
fn read_answer(child: &mut Child, text: &str) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    if let Some(mut stdin) = child.stdin.take() {
        let text = text.to_owned();
        // A program that does not read what it is given may still answer.
        std::thread::spawn(move || stdin.write_all(text.as_bytes()).ok());
    }
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut answer = Vec::new();
            stdout.take(MAX_ANSWER).read_to_end(&mut answer).ok();
            // Nobody waits any more if it took too long.
            send.send(answer).ok();
        });
    }
    receive
}

/// The first line of an answer that has letters, as long as a name may be, without what
/// colours it in a terminal.
fn name_in(answer: &[u8]) -> String {
    let answer = String::from_utf8_lossy(answer);
    let answer = strip_str(&answer).to_string();
    let line = answer.lines().find(|line| line.contains(char::is_alphabetic)).unwrap_or_default();
    let visible = line.replace(char::is_control, " ");
    let folded = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.chars().take(MAX_NAME).collect::<String>().trim_end().to_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn asked(script: &str, patience: Duration) -> Result<String, NoName> {
        let command = ["sh", "-c", script].map(str::to_owned);
        ask(&command, Path::new("."), "{}", patience)
    }

    #[test]
    fn the_first_line_is_the_name() {
        assert_eq!(asked("cat; echo; echo A", PATIENCE).unwrap(), "A");
        let script = r"echo; printf '\033[1m The  \033[32mgarden\033[0m \n'; echo more";
        assert_eq!(asked(script, PATIENCE).unwrap(), "The garden");
        let long = asked("printf 'a%.0s' $(seq 200)", PATIENCE).unwrap();
        assert_eq!(long.chars().count(), 80);
    }

    #[test]
    fn a_program_that_does_not_answer_is_told() {
        let no_name = |script| asked(script, PATIENCE).unwrap_err();
        assert_eq!(no_name("exit 0"), NoName::Nothing);
        assert_eq!(no_name("echo '{}'"), NoName::Nothing);
        assert!(no_name("echo A name; exit 3").to_string().ends_with("status: 3"));
        let short = Duration::from_millis(50);
        assert_eq!(asked("exec sleep 60", short).unwrap_err(), NoName::TooLong(short));
        // One that has closed its answer and goes on is not waited for either.
        let script = "echo A name; exec >/dev/null; exec sleep 60";
        assert_eq!(asked(script, short).unwrap_err(), NoName::TooLong(short));
        let nowhere = ask(&["./nowhere".to_owned()], Path::new("."), "", PATIENCE).unwrap_err();
        assert!(matches!(nowhere, NoName::NotStarted(_)), "{nowhere}");
    }
}
