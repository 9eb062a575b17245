//! Changes `study.toml` as a person would: a line or a word at a time.
//!
//! The text comes in with what is to be said in it; the new text goes out. Comments,
//! order and spaces stay, and the new text is read again: what it says must be what was
//! meant, and nothing else may have changed.

use serde::Deserialize;
use toml::Spanned;

use crate::base::{Remedy, Task};
use crate::study::{Settings, SettingsError};
use crate::transcripts::normal_label;
use crate::transcripts::roles::Role;

/// The lists of `study.toml`, with where they stand.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Lists {
    ignore: Option<List>,
    told: Option<List>,
    stop_words: Option<List>,
    language: Option<Spanned<String>>,
    roles: RoleLists,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RoleLists {
    interviewer: Option<List>,
    participant: Option<List>,
    other: Option<List>,
}

type List = Spanned<Vec<Spanned<String>>>;

/// One list of `study.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Ignore,
    Told,
    StopWords,
    Role(Role),
}

impl Name {
    fn word(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Told => "told",
            Self::StopWords => "stop_words",
            Self::Role(role) => role.name(),
        }
    }
}

impl Lists {
    fn of(text: &str) -> Self {
        // Whoever edits it has read it before.
        toml::from_str(text).unwrap_or_default()
    }

    fn list(&self, name: Name) -> Option<&List> {
        match name {
            Name::Ignore => self.ignore.as_ref(),
            Name::Told => self.told.as_ref(),
            Name::StopWords => self.stop_words.as_ref(),
            Name::Role(Role::Interviewer) => self.roles.interviewer.as_ref(),
            Name::Role(Role::Participant) => self.roles.participant.as_ref(),
            Name::Role(Role::Other) => self.roles.other.as_ref(),
        }
    }
}

/// Says of a label what its role is; none lets the talk tell it.
///
/// # Errors
/// [`SettingsError`] if the file is written in a way in which it cannot be changed.
pub(super) fn with_role(
    text: &str,
    label: &str,
    role: Option<Role>,
) -> Result<String, SettingsError> {
    let is_meant = |known: &str| normal_label(known) == normal_label(label);
    let mut edited = text.to_owned();
    for other in [Role::Interviewer, Role::Participant, Role::Other] {
        if role != Some(other) {
            edited = without(&edited, Name::Role(other), &is_meant);
        }
    }
    if let Some(role) = role {
        edited = with(&edited, Name::Role(role), label, &is_meant);
    }
    checked(text, edited, |settings| {
        let mut expected = settings;
        let lists = [
            (Role::Interviewer, &mut expected.roles.interviewer),
            (Role::Participant, &mut expected.roles.participant),
            (Role::Other, &mut expected.roles.other),
        ];
        for (of, list) in lists {
            let is_there = list.iter().any(|known| is_meant(known.get_ref()));
            if role != Some(of) {
                list.retain(|known| !is_meant(known.get_ref()));
            } else if !is_there {
                list.push(Spanned::new(0..0, label.to_owned()));
            }
        }
        expected
    })
}

/// Lets a path be ignored, or no longer.
///
/// # Errors
/// [`SettingsError`] if the file is written in a way in which it cannot be changed.
pub(super) fn with_ignored(
    text: &str,
    path: &str,
    is_ignored: bool,
) -> Result<String, SettingsError> {
    let edited = changed(text, Name::Ignore, path, is_ignored);
    checked(text, edited, |mut settings| {
        put(&mut settings.ignore, path, is_ignored);
        settings
    })
}

/// Lets a text be told by one person, or be an interview again.
///
/// # Errors
/// [`SettingsError`] if the file is written in a way in which it cannot be changed.
pub(super) fn with_told(text: &str, path: &str, is_told: bool) -> Result<String, SettingsError> {
    let edited = changed(text, Name::Told, path, is_told);
    checked(text, edited, |mut settings| {
        put(&mut settings.told, path, is_told);
        settings
    })
}

/// Lets a word carry no theme, or carry themes again.
///
/// # Errors
/// [`SettingsError`] if the file is written in a way in which it cannot be changed.
pub(super) fn with_stop_word(
    text: &str,
    word: &str,
    is_stopped: bool,
) -> Result<String, SettingsError> {
    let edited = changed(text, Name::StopWords, word, is_stopped);
    checked(text, edited, |mut settings| {
        settings.stop_words.remove(word);
        settings.stop_words.extend(is_stopped.then(|| word.to_owned()));
        settings
    })
}

/// Sets the language of all transcripts; none lets each have its own.
///
/// # Errors
/// [`SettingsError`] if there is no such language, or the file is written in a way in which
/// it cannot be changed.
pub(super) fn with_language(text: &str, language: Option<&str>) -> Result<String, SettingsError> {
    let edited = match (&Lists::of(text).language, language) {
        (Some(known), Some(new)) => spliced(text, known.span(), &quoted(new)),
        (None, Some(new)) => with_line(text, &format!("language = {}", quoted(new))),
        (None, None) => text.to_owned(),
        (Some(known), None) => {
            // The whole line goes, with a comment behind it, which is about it.
            let start = text[..known.span().start].rfind('\n').map_or(0, |at| at + 1);
            let end = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
            spliced(text, start..end, "")
        }
    };
    // A language that is not known is told as such.
    Settings::parse(&edited)?;
    checked(text, edited, |mut settings| {
        settings.language = language.map(|new| Spanned::new(0..0, new.to_owned()));
        settings
    })
}

/// Puts an entry into a list that lacks it, or takes it out.
fn put(list: &mut Vec<String>, entry: &str, is_in: bool) {
    if !is_in {
        list.retain(|known| known != entry);
    } else if !list.iter().any(|known| known == entry) {
        list.push(entry.to_owned());
    }
}

/// The text with an entry in a list, or without it.
fn changed(text: &str, name: Name, entry: &str, is_in: bool) -> String {
    let is_meant = |known: &str| known == entry;
    if is_in { with(text, name, entry, &is_meant) } else { without(text, name, &is_meant) }
}

/// The edited text, if it says what is expected of it.
fn checked(
    before: &str,
    edited: String,
    expect: impl FnOnce(Settings) -> Settings,
) -> Result<String, SettingsError> {
    let expected = expect(Settings::parse(before)?);
    match Settings::parse(&edited) {
        Ok(settings) if settings.says_the_same(&expected) => Ok(edited),
        _ => Err(SettingsError {
            line: 1,
            problem: "it is written in a way in which it cannot be changed from here".to_owned(),
            remedy: Remedy::by(Task::ReadSettings, "change it in an editor"),
        }),
    }
}

/// The text with an entry in a list, at its end; the same if it is there.
fn with(text: &str, name: Name, entry: &str, is_meant: &dyn Fn(&str) -> bool) -> String {
    let lists = Lists::of(text);
    let quoted = quoted(entry);
    let Some(list) = lists.list(name) else { return with_list(text, name, &quoted) };
    if list.get_ref().iter().any(|known| is_meant(known.get_ref())) {
        return text.to_owned();
    }
    let (at, entry) = match list.get_ref().last() {
        Some(last) => (last.span().end, format!(", {quoted}")),
        None => (list.span().end - 1, quoted),
    };
    spliced(text, at..at, &entry)
}

/// The text with a list that it did not have.
fn with_list(text: &str, name: Name, quoted: &str) -> String {
    let end = line_end_of(text);
    let line = format!("{} = [{quoted}]", name.word());
    match name {
        Name::Ignore | Name::Told | Name::StopWords => with_line(text, &line),
        Name::Role(_) => {
            let is_head = |(_, line): &(usize, &str)| {
                let bare: String = line.split('#').next().unwrap_or_default().split(' ').collect();
                bare.trim_end() == "[roles]"
            };
            if let Some((at, _)) = lines_of(text).find(is_head) {
                return with_line_at(text, at, &line);
            }
            let gap = if text.trim().is_empty() { "" } else { end };
            with_line_at(text, text.len(), &format!("{gap}[roles]{end}{line}"))
        }
    }
}

fn line_end_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The lines without the space around them, each with where the next one begins.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at, line.trim()))
    })
}

/// The text with a line above its first table, behind the comment with which it begins.
fn with_line(text: &str, line: &str) -> String {
    let head = lines_of(text).take_while(|(_, line)| line.starts_with('#')).last();
    with_line_at(text, head.map_or(0, |(at, _)| at), line)
}

fn with_line_at(text: &str, at: usize, line: &str) -> String {
    let end = line_end_of(text);
    let before = if at == 0 || text[..at].ends_with('\n') { "" } else { end };
    spliced(text, at..at, &format!("{before}{line}{end}"))
}

/// The text without an entry of a list.
fn without(text: &str, name: Name, is_meant: &dyn Fn(&str) -> bool) -> String {
    let lists = Lists::of(text);
    let Some(list) = lists.list(name) else { return text.to_owned() };
    let (all, end) = (list.get_ref(), list.span().end - 1);
    let Some(at) = all.iter().position(|known| is_meant(known.get_ref())) else {
        return text.to_owned();
    };
    // With the comma behind it and the space after that, or the comma before it.
    let span = all[at].span();
    let next = all.get(at + 1).map_or(end, |next| next.span().start);
    let behind = text[span.end..next].find(',').map(|comma| span.end + comma + 1);
    let cut = match behind {
        Some(comma) => {
            let blanks = text[comma..].bytes().take_while(|byte| *byte == b' ').count();
            span.start..comma + blanks
        }
        None if at > 0 => {
            let before = all[at - 1].span().end;
            text[before..span.start]
                .find(',')
                .map_or(span.clone(), |comma| before + comma..span.end)
        }
        None => span,
    };
    without(&spliced(text, cut, ""), name, is_meant)
}

fn spliced(text: &str, at: std::ops::Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..at.start], &text[at.end..])
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted = format!("{quoted}\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn role(text: &str, label: &str, role: Option<Role>, expected: &str) {
        assert_eq!(with_role(text, label, role).as_deref(), Ok(expected));
    }

    #[test]
    fn comments_and_order_stay_when_roles_change() {
        let asks = Some(Role::Interviewer);
        role("", "Ruth \"R\"", asks, "[roles]\ninterviewer = [\"Ruth \\\"R\\\"\"]\n");
        let text = "# Our study\nlanguage = \"en\" # all of it\n";
        let there =
            "# Our study\nlanguage = \"en\" # all of it\n\n[roles]\ninterviewer = [\"Ruth\"]\n";
        role(text, "Ruth", asks, there);
        role(there, "ruth", asks, there);
        let two = there.replace("[\"Ruth\"]", "[\"Ruth\", \"Siân\"]");
        role(there, "Siân", asks, &two);
        role(&two, "Siân", None, there);
        role(&two, "Ruth", None, &there.replace("Ruth", "Siân"));
        role(
            "[roles] # who\n\n[themes]\ncount = 3\n",
            "Ruth",
            Some(Role::Other),
            "[roles] # who\nother = [\"Ruth\"]\n\n[themes]\ncount = 3\n",
        );
        let lines = "[roles]\r\ninterviewer = [\r\n  \"Ann\", # asks\r\n  \"Bo\",\r\n]\r\n";
        role(
            lines,
            "Ann",
            Some(Role::Participant),
            "[roles]\r\nparticipant = [\"Ann\"]\r\ninterviewer = [\r\n  # asks\r\n  \"Bo\",\r\n]\r\n",
        );
        role(lines, "Cy", asks, &lines.replace("\"Bo\",", "\"Bo\", \"Cy\","));
        role("[roles]\nother = []", "Cy", asks, "[roles]\ninterviewer = [\"Cy\"]\nother = []");
    }

    #[test]
    fn a_file_is_left_out_and_taken_in_again() {
        let text = "# Ours\n\n[themes]\ncount = 3\n";
        let out = with_ignored(text, "a/P1.txt", true).unwrap();
        assert_eq!(out, "# Ours\nignore = [\"a/P1.txt\"]\n\n[themes]\ncount = 3\n");
        let in_again = with_ignored(&out, "a/P1.txt", false).unwrap();
        assert_eq!(in_again, "# Ours\nignore = []\n\n[themes]\ncount = 3\n");
    }

    #[test]
    fn language_told_texts_and_stop_words_are_set_and_taken_back() {
        let text = "# Ours\nnever_merge = [\"x\"] # kept\n";
        let english = with_language(text, Some("en")).unwrap();
        assert_eq!(english, "# Ours\nlanguage = \"en\"\nnever_merge = [\"x\"] # kept\n");
        let german = with_language(&english, Some("German")).unwrap();
        assert_eq!(german, english.replace("\"en\"", "\"German\""));
        assert_eq!(with_language(&german, None).as_deref(), Ok(text));
        let unknown = with_language(text, Some("Germn")).unwrap_err();
        assert_eq!(unknown.problem, "the language `Germn` is not supported");
        let told = with_told(text, "a/P1.txt", true).unwrap();
        assert_eq!(told, "# Ours\ntold = [\"a/P1.txt\"]\nnever_merge = [\"x\"] # kept\n");
        assert_eq!(with_told(&told, "a/P1.txt", false).unwrap(), told.replace("\"a/P1.txt\"", ""));
        let stopped = with_stop_word(text, "balint", true).unwrap();
        assert!(stopped.contains("\nstop_words = [\"balint\"]\n"), "{stopped}");
        assert_eq!(with_stop_word(&stopped, "balint", true).as_deref(), Ok(&*stopped));
    }

    #[test]
    fn what_cannot_be_changed_safely_is_refused() {
        let odd = "roles = { other = [\"X\"] }\n";
        let refused = with_role(odd, "Ruth", Some(Role::Interviewer)).unwrap_err();
        assert_eq!(
            refused.problem,
            "it is written in a way in which it cannot be changed from here"
        );
        // A list that is there can be changed wherever it stands.
        let dotted = "roles.interviewer = [\"X\"]\n";
        role(dotted, "Y", Some(Role::Interviewer), "roles.interviewer = [\"X\", \"Y\"]\n");
    }
}
