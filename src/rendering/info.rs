//! The study at a glance.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::layout::{shorten, table, write_hanging};
use crate::answers::{FileRemark, InfoAnswer, KeptOut, KeptOutPlace, TranscriptInfo};
use crate::base::clock;
pub use crate::base::{count, number};

/// One line on what a file was recognised as.
pub fn transcript_line(info: &TranscriptInfo) -> String {
    let mut parts = vec![
        info.layout.clone(),
        count(info.speakers.len() as u64, "speaker"),
        count(u64::from(info.n_turns), "turn"),
        count(u64::from(info.n_words), "word"),
    ];
    parts.extend(info.duration_ms.map(|ms| count((ms + 30_000) / 60_000, "minute")));
    format!("{}: {}", info.id, parts.join(", "))
}

/// Writes `info` for people.
///
/// # Errors
/// If the writer fails.
pub fn write_info(out: &mut impl Write, info: &InfoAnswer, columns: usize) -> io::Result<()> {
    let mut opening = format!("{}.", info.who);
    if info.is_guessed {
        opening.push_str(" If this is wrong, write under [roles] in study.toml who interviews (`leitmotif guide who-is-who`).");
    }
    write_hanging(out, ["", ""], &opening, columns)?;
    for note in &info.notes {
        write_hanging(out, ["note: ", "  "], note, columns)?;
    }
    let words: u64 = info.transcripts.iter().map(|t| u64::from(t.n_words)).sum();
    let duration: u64 = info.transcripts.iter().filter_map(|t| t.duration_ms).sum();
    let mut head = vec![
        count(info.transcripts.len() as u64, "transcript"),
        count(info.cases.len() as u64, "case"),
        count(words, "word"),
        count(info.n_passages as u64, "passage"),
    ];
    if duration > 0 {
        head.push(format!("{} recorded", clock(duration)));
    }
    writeln!(out, "{}", head.join(", "))?;
    let languages = counted(info.transcripts.iter().map(|it| it.language[0].as_str()));
    if !languages.is_empty() {
        writeln!(out, "languages: {languages}")?;
    }
    let groups = || info.cases.iter().map(|case| case.attributes.get("group"));
    if groups().any(|group| group.is_some()) {
        let named = groups().map(|group| group.map_or("(none)", String::as_str));
        writeln!(out, "groups: {}", counted(named))?;
    }
    let attributes: BTreeSet<&str> =
        info.cases.iter().flat_map(|case| case.attributes.keys().map(String::as_str)).collect();
    if !attributes.is_empty() {
        writeln!(out, "attributes: {}", Vec::from_iter(attributes).join(", "))?;
    }

    writeln!(out, "\nTranscripts")?;
    let id_columns = columns / 3;
    let mut rows = vec![["  id", "turns", "words", "time", "read as"].map(str::to_owned).to_vec()];
    rows.extend(info.transcripts.iter().map(|transcript| {
        vec![
            format!("  {}", shorten(&transcript.id, id_columns)),
            number(u64::from(transcript.n_turns)),
            number(u64::from(transcript.n_words)),
            transcript.duration_ms.map_or_else(|| "–".to_owned(), clock),
            transcript.layout.clone(),
        ]
    }));
    for line in table(&rows, &[1, 2, 3]) {
        writeln!(out, "{}", shorten(&line, columns))?;
    }

    writeln!(out, "\nWho is who")?;
    let mut roles: Vec<(&'static str, &str, &str, Vec<&str>)> = Vec::new();
    for transcript in &info.transcripts {
        for speaker in &transcript.speakers {
            let same = roles.iter_mut().find(|(role, label, reason, _)| {
                *role == speaker.role && *label == speaker.label && *reason == speaker.reason
            });
            match same {
                Some((_, _, _, ids)) => ids.push(&transcript.id),
                None => roles.push((
                    speaker.role,
                    &speaker.label,
                    &speaker.reason,
                    vec![&transcript.id],
                )),
            }
        }
    }
    roles.sort_by_key(|(role, ..)| *role != "interviewer");
    let rows: Vec<Vec<String>> = roles
        .iter()
        .map(|(role, label, reason, ids)| {
            let label = if label.is_empty() { "(not named)" } else { label };
            let place = if ids.len() == 1 {
                ids[0].to_owned()
            } else {
                format!("{} transcripts", ids.len())
            };
            vec![
                format!("  {}", shorten(label, columns / 3)),
                (*role).to_owned(),
                shorten(&place, columns / 4),
                (*reason).to_owned(),
            ]
        })
        .collect();
    for line in table(&rows, &[]) {
        writeln!(out, "{}", shorten(&line, columns))?;
    }
    write_kept_out(out, info, columns)?;
    write_remarks(out, "Could not be read", &info.not_read, columns)?;
    if !info.not_transcripts.is_empty() {
        writeln!(out, "\nNot read as transcripts")?;
        for (path, reason) in &info.not_transcripts {
            writeln!(out, "  {path}: {reason}")?;
        }
    }
    write_remarks(out, "Remarks on what was read", &info.remarks, columns)
}

/// `English 12, Welsh 4`: each name with how often it comes, in the order in which they come.
fn counted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut known: Vec<(&str, usize)> = Vec::new();
    for name in names {
        match known.iter_mut().find(|(other, _)| *other == name) {
            Some((_, n)) => *n += 1,
            None => known.push((name, 1)),
        }
    }
    known.iter().map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(", ")
}

/// Characters of words that are kept out which are shown.
const SHOWN_CHARS: usize = 160;

/// What is kept out of themes, each with where it stands first.
fn write_kept_out(out: &mut impl Write, info: &InfoAnswer, columns: usize) -> io::Result<()> {
    if !info.kept_out.is_empty() {
        writeln!(out, "\nKept out of themes (the same in most transcripts)")?;
    }
    let of = info.transcripts.len();
    for KeptOut { text, n_transcripts, places } in &info.kept_out {
        let shown = shorten(text, SHOWN_CHARS);
        let first =
            places.first().map_or_else(String::new, |KeptOutPlace { transcript, lines }| {
                format!(", first in {transcript}, line {}", lines.first)
            });
        let line = format!("“{shown}” in {n_transcripts} of {of} transcripts{first}");
        write_hanging(out, ["  ", "    "], &line, columns)?;
    }
    Ok(())
}

fn write_remarks(
    out: &mut impl Write,
    heading: &str,
    remarks: &[FileRemark],
    columns: usize,
) -> io::Result<()> {
    if !remarks.is_empty() {
        writeln!(out, "\n{heading}")?;
    }
    // What helps against many is told once.
    let mut by_hint: Vec<(&Option<String>, Vec<&str>)> = Vec::new();
    for FileRemark { problem, hint } in remarks {
        match by_hint.iter_mut().find(|(known, _)| *known == hint && hint.is_some()) {
            Some((_, problems)) => problems.push(problem),
            None => by_hint.push((hint, vec![problem])),
        }
    }
    for (hint, problems) in by_hint {
        for problem in problems {
            write_hanging(out, ["  ", "    "], problem, columns)?;
        }
        if let Some(hint) = hint {
            write_hanging(out, ["    hint: ", "      "], hint, columns)?;
        }
    }
    Ok(())
}
