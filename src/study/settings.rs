//! `study.toml`: what a researcher decides about the study as a whole.
//!
//! ```toml
//! language = "en"                     # else detected, transcript by transcript
//! ignore = ["codes.csv", "notes/*"]   # files that are no transcripts
//! told = ["diaries/*"]                # texts that one person tells: nobody asks there
//! stop_words = ["balint"]             # words that carry no theme here
//! never_merge = ["organisation"]      # words that keep their own form
//! pseudonyms = "../key/names.csv"     # where the key of names is, if not in .leitmotif
//!
//! [roles]                             # speakers' labels, as in the transcripts
//! interviewer = ["Ruth Calloway"]
//! participant = []
//! other = []
//!
//! [themes]
//! count = 12                          # else chosen from the data
//!
//! [naming]                            # a program that `themes --name` asks for names
//! command = ["./namer.sh", "short"]   # it and its arguments; no shell reads them
//! ```

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::base::{Diagnose, Diagnostic, FilePlace, Remedy, Task, nearest};
use crate::files::find::name_nothing;
use crate::terms::{AnalyzerParams, Language};
use crate::transcripts::normal_label;
use crate::transcripts::roles::{DeclaredRoles, Role, RoleGuess};

/// The content of `study.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The language of all transcripts: a code or an English name.
    pub language: Option<Spanned<String>>,
    /// Paths or patterns of files that are no transcripts.
    pub ignore: Vec<String>,
    /// Paths or patterns of texts that one person tells.
    pub told: Vec<String>,
    /// Further words that carry no theme.
    pub stop_words: BTreeSet<String>,
    /// Words that keep their own form.
    pub never_merge: BTreeSet<String>,
    /// The file of the key of pseudonyms, from the study's folder; shown in no
    /// answer.
    #[serde(skip_serializing)]
    pub pseudonyms: Option<std::path::PathBuf>,
    /// Who is who.
    pub roles: RoleSettings,
    /// How themes are suggested.
    pub themes: ThemeSettings,
    /// What names candidates, if anything does.
    #[serde(skip_serializing_if = "NamingSettings::is_off")]
    pub naming: NamingSettings,
}

/// Speakers' labels by role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoleSettings {
    /// Labels of those who ask.
    pub interviewer: Vec<Spanned<String>>,
    /// Labels of those who are asked.
    pub participant: Vec<Spanned<String>>,
    /// Labels whose talk is neither.
    pub other: Vec<Spanned<String>>,
}

impl RoleSettings {
    fn labels(&self) -> impl Iterator<Item = &Spanned<String>> {
        [&self.interviewer, &self.participant, &self.other].into_iter().flatten()
    }

    /// Whether somebody's role stands there.
    pub(crate) fn names(&self, label: &str) -> bool {
        self.labels().any(|known| normal_label(known.get_ref()) == normal_label(label))
    }
}

/// Parameters of the suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThemeSettings {
    /// How many themes; chosen from the data if left out.
    pub count: Option<std::num::NonZeroUsize>,
}

/// A program that names candidates when it is asked to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NamingSettings {
    /// The program and its arguments; none if empty.
    pub command: Vec<String>,
}

impl NamingSettings {
    /// Whether there is no such program.
    pub fn is_off(&self) -> bool {
        self.command.is_empty()
    }
}

/// A mistake in `study.toml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SettingsError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// What helps.
    pub remedy: Remedy,
}

impl Diagnose for SettingsError {
    fn place(&self) -> Option<FilePlace> {
        Some(FilePlace { path: "study.toml".to_owned(), line: Some(self.line) })
    }

    fn remedy(&self) -> Option<Remedy> {
        Some(self.remedy.clone())
    }
}

impl Settings {
    /// Reads the text of `study.toml`.
    ///
    /// # Errors
    /// [`SettingsError`] with the line, and the nearest known name of a
    /// mistyped one.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let settings: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            explain(line_of(text, start), error.message())
        })?;
        if let Some(language) = &settings.language
            && Language::parse(language.get_ref()).is_none()
        {
            let names: Vec<&str> = Language::all().map(Language::name).collect();
            let all = || Remedy::new(format!("supported are {}", names.join(", ")));
            return Err(SettingsError {
                line: line_of(text, language.span().start),
                problem: format!("the language `{}` is not supported", language.get_ref()),
                remedy: Remedy::nearest(language.get_ref(), names.iter().copied(), all),
            });
        }
        Ok(settings)
    }

    /// Tells of patterns that name no file: of those of texts that are `read`, and of those that
    /// are `ignored`. `text` is that of the settings.
    pub(crate) fn patterns_of_nothing(
        &self,
        text: &str,
        read: &[&str],
        ignored: &[&str],
    ) -> Vec<Diagnostic> {
        let told = name_nothing(&self.told, read).map(|pattern| ("told", pattern));
        let ignore = name_nothing(&self.ignore, ignored).map(|pattern| ("ignore", pattern));
        let tell = |(field, pattern): (&str, &String)| {
            let quoted = format!("\"{pattern}\"");
            let line = text.lines().position(|line| line.contains(&quoted)).map(|at| at + 1);
            let advice = match nearest(pattern, read.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write a path from the folder of the study, with its ending, or a \
                         pattern such as `notes/*`"
                    .to_owned(),
            };
            Diagnostic::new(format!("no file has the name `{pattern}`, which is under `{field}`"))
                .in_file("study.toml", line)
                .with(Remedy::new(advice))
        };
        told.chain(ignore).map(tell).collect()
    }

    /// Whether two files say the same, wherever in them and in whatever order.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let plain = |settings: &Self| {
            let words = |list: &[Spanned<String>]| -> BTreeSet<String> {
                list.iter().map(|word| word.get_ref().clone()).collect()
            };
            let RoleSettings { interviewer, participant, other } = &settings.roles;
            let roles = [interviewer, participant, other].map(|list| words(list));
            let language = settings.language.as_ref().map(|it| it.get_ref().clone());
            let ignore: BTreeSet<String> = settings.ignore.iter().cloned().collect();
            let rest = Self {
                language: None,
                ignore: Vec::new(),
                roles: RoleSettings::default(),
                ..settings.clone()
            };
            (roles, language, ignore, rest)
        };
        plain(self) == plain(other)
    }

    /// The language that holds for all transcripts, if one was set.
    pub fn language(&self) -> Option<Language> {
        self.language.as_ref().and_then(|language| Language::parse(language.get_ref()))
    }

    /// All labels that are named, in alphabetical order: they are speakers
    /// even where they stand only once.
    pub fn declared_labels(&self) -> Vec<String> {
        let labels: BTreeSet<&String> = self.roles.labels().map(Spanned::get_ref).collect();
        labels.into_iter().cloned().collect()
    }

    /// What concerns the analyzer.
    pub fn analyzer(&self) -> AnalyzerParams {
        AnalyzerParams {
            stop_words: self.stop_words.clone(),
            never_merge: self.never_merge.clone(),
        }
    }

    /// The roles set by label. `known` are the labels of the study; who speaks only in
    /// files that are left out has no role, and may come back.
    ///
    /// # Errors
    /// [`SettingsError`] for a label that nobody has; `text` is the file, for
    /// the line.
    pub fn declared_roles(
        &self,
        known: &BTreeSet<&str>,
        is_left_out: &dyn Fn(&str) -> bool,
        text: &str,
    ) -> Result<DeclaredRoles, SettingsError> {
        let mut declared = DeclaredRoles::new();
        let normal: BTreeSet<String> = known.iter().map(|label| normal_label(label)).collect();
        let lists = [
            (Role::Interviewer, &self.roles.interviewer),
            (Role::Participant, &self.roles.participant),
            (Role::Other, &self.roles.other),
        ];
        for (role, labels) in lists {
            for label in labels {
                let line = line_of(text, label.span().start);
                let label = label.get_ref();
                if !normal.contains(&normal_label(label)) {
                    if is_left_out(label) {
                        continue;
                    }
                    let list = || Remedy::by(Task::ListTranscripts, "see who speaks");
                    return Err(SettingsError {
                        line,
                        problem: format!("`{label}` speaks in no transcript of this study"),
                        remedy: Remedy::nearest(label, known.iter().copied(), list),
                    });
                }
                let told = RoleGuess::declared(role, "study.toml");
                declared.insert((None, normal_label(label)), told);
            }
        }
        Ok(declared)
    }
}

/// The line of a byte, from 1.
fn line_of(text: &str, byte: usize) -> usize {
    1 + text[..byte.min(text.len())].matches('\n').count()
}

/// Puts a message of the TOML reader into our words.
fn explain(line: usize, message: &str) -> SettingsError {
    let message = message.lines().next().unwrap_or_default();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if message.starts_with("unknown field")
        && let Some((field, known)) = quoted.split_first()
    {
        let all = || Remedy::new(format!("known here: {}", known.join(", ")));
        return SettingsError {
            line,
            problem: format!("`{field}` is not a setting"),
            remedy: Remedy::nearest(field, known.iter().copied(), all),
        };
    }
    SettingsError {
        line,
        problem: message.to_owned(),
        remedy: Remedy::by(Task::ReadSettings, "see what study.toml may hold"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown = match Settings::parse(text) {
            Ok(_) => "fine".to_owned(),
            Err(error) => error.diagnostic().text(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_mistake_names_line_and_nearest() {
        check("language = \"de\"\nignore = []\n[roles]\ninterviewer = [\"A\"]\n", "fine");
        check(
            "ignore = []\nlangauge = \"en\"\n",
            "study.toml:2: `langauge` is not a setting\n  hint: did you mean `language`?",
        );
        check(
            "[roles]\n\nmoderator = []\n",
            "study.toml:3: `moderator` is not a setting\n  hint: known here: interviewer, participant, other",
        );
        check(
            "\nlanguage = \"Germn\"\n",
            "study.toml:2: the language `Germn` is not supported\n  hint: did you mean `German`?",
        );
    }

    #[test]
    fn a_program_that_names_is_a_list_of_words() {
        let settings = Settings::parse("[naming]\ncommand = [\"sh\", \"a b.sh\"]\n").unwrap();
        assert_eq!(settings.naming.command, ["sh", "a b.sh"]);
        assert!(Settings::default().naming.is_off());
        assert!(Settings::parse("[naming]\ncommand = \"rm -rf\"\n").is_err());
    }

    #[test]
    fn a_label_that_nobody_has_is_a_mistake() {
        let text = "[roles]\ninterviewer = [\"Ruth Caloway\"]\n";
        let settings = Settings::parse(text).unwrap();
        let known = BTreeSet::from(["Ruth Calloway", "Siân"]);
        let declared = settings.declared_roles(&known, &|label| label == "Ruth Caloway", text);
        assert_eq!(declared, Ok(DeclaredRoles::new()));
        let error = settings.declared_roles(&known, &|_| false, text).unwrap_err();
        assert_eq!(
            error.diagnostic().text(),
            "study.toml:2: `Ruth Caloway` speaks in no transcript of this study\n  hint: did you mean `Ruth Calloway`?"
        );
    }
}
