//! Changes `study.toml` as a person would: a line or a word at a time.
//!
//! The text comes in with what is to be said in it; the new text goes out. Comments,
//! order and spaces stay, and the new text is read again: what it says must be what was
//! meant, and nothing else may have changed.

use serde::Deserialize;
use toml::Spanned;

use super::{Settings, SettingsError};
use crate::base::{Remedy, Task};
use crate::transcripts::normal_label;
use crate::transcripts::roles::Role;

/// The lists of `study.toml`, with where they stand.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Lists {
    ignore: Option<List>,
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
    Role(Role),
}

impl Lists {
    fn of(text: &str) -> Self {
        // Whoever edits it has read it before.
        toml::from_str(text).unwrap_or_default()
    }

    fn list(&self, name: Name) -> Option<&List> {
        match name {
            Name::Ignore => self.ignore.as_ref(),
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
    let is_meant = |known: &str| known == path;
    let edited = if is_ignored {
        with(text, Name::Ignore, path, &is_meant)
    } else {
        without(text, Name::Ignore, &is_meant)
    };
    checked(text, edited, |settings| {
        let mut expected = settings;
        if !is_ignored {
            expected.ignore.retain(|known| known != path);
        } else if !expected.ignore.iter().any(|known| known == path) {
            expected.ignore.push(path.to_owned());
        }
        expected
    })
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
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines = text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at, line.trim()))
    });
    let line_end = |at: usize, line: String| {
        let before = if at == 0 || text[..at].ends_with('\n') { "" } else { end };
        spliced(text, at..at, &format!("{before}{line}{end}"))
    };
    match name {
        Name::Ignore => {
            // Above the first table, behind the comment with which the file begins.
            let head = lines.take_while(|(_, line)| line.starts_with('#')).last();
            line_end(head.map_or(0, |(at, _)| at), format!("ignore = [{quoted}]"))
        }
        Name::Role(role) => {
            let line = format!("{} = [{quoted}]", role.name());
            let is_head = |(_, line): &(usize, &str)| {
                let bare: String = line.split('#').next().unwrap_or_default().split(' ').collect();
                bare.trim_end() == "[roles]"
            };
            if let Some((at, _)) = lines.clone().find(is_head) {
                return line_end(at, line);
            }
            let gap = if text.trim().is_empty() { "" } else { end };
            line_end(text.len(), format!("{gap}[roles]{end}{line}"))
        }
    }
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
