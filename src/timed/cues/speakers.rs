//! Finds who speaks in each cue.

use std::collections::{BTreeMap, BTreeSet};

use super::markup::Fragment;
use crate::base::one_line;
use crate::labels::time::parse_cell;
use crate::labels::{
    MAX_CHARS, ShortLabels, counts, fold, is_label, is_marker, is_name, is_shown_name, n_recurring,
};

/// What somebody says within one cue.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) label: Option<String>,
    pub(super) words: String,
}

/// The voices of one cue. Signs alone, such as a full stop after `</v>`,
/// belong to the voice before them.
pub(super) fn voices_of(fragments: Vec<Fragment>) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    for Fragment { voice, text } in fragments {
        if text.trim().is_empty() {
            continue;
        }
        match said.last_mut() {
            Some(last) if voice.is_none() && !text.chars().any(char::is_alphanumeric) => {
                last.words.push_str(text.trim_end());
            }
            _ => said.push(Said { label: voice, words: text }),
        }
    }
    said
}

/// Parts talk at the same time as noScribe writes it: `//S04: Right. //` within the
/// words of another is what the voice S04 says, and so is all of a cue by `//S04`.
///
/// What an editor adds to such cues is no speech: a name alone (`Ada:`), a time alone,
/// a pause of nobody.
pub(super) fn part_overlaps(cues: Vec<Vec<Said>>) -> Vec<Vec<Said>> {
    let bare = |voice: &str| voice.trim_matches(['/', ' ']).to_owned();
    let voices: BTreeSet<String> =
        cues.iter().flatten().filter_map(|said| said.label.as_deref().map(bare)).collect();
    let part = |said: Said| {
        let own = said.label.as_deref().map(bare);
        if is_editors(&said.words, own.is_none()) {
            return Vec::new();
        }
        let mut parts = vec![Said { label: own.clone(), words: String::new() }];
        let mut is_others = false;
        for piece in said.words.split("//") {
            let named = piece.trim_start().split_once(':');
            let other = named.filter(|(name, _)| voices.contains(name.trim()));
            if let Some((name, words)) = other {
                is_others = true;
                let (label, words) = (Some(name.trim().to_owned()), words.trim_start().to_owned());
                parts.push(Said { label, words });
            } else if std::mem::take(&mut is_others) {
                parts.push(Said { label: own.clone(), words: piece.trim_start().to_owned() });
            } else if let Some(last) = parts.last_mut() {
                // Two bars that open nobody's talk stay, as in an address.
                let opens = last.words.is_empty() || !said.words.contains("://");
                last.words.push_str(if opens { "" } else { "//" });
                last.words.push_str(piece);
            }
        }
        parts.retain(|said| !said.words.trim().is_empty());
        parts
    };
    cues.into_iter().map(|said| said.into_iter().flat_map(part).collect()).collect()
}

/// Whether the words of a cue are what an editor shows beside the talk.
fn is_editors(words: &str, is_nobodys: bool) -> bool {
    let words = words.trim();
    let is_name = words.strip_suffix(':').is_some_and(|name| is_label(name) && self::is_name(name));
    let is_time = parse_cell(words).is_some() && words.contains(':');
    let is_note = [('(', ')'), ('[', ']')].into_iter().any(|(open, close)| {
        let inside = words.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inside.is_some_and(|inside| !inside.contains(open))
    });
    is_name || is_time || (is_note && is_nobodys)
}

/// The lines of a cue without voices, trimmed, without blank ones.
pub(super) fn lines_of(fragments: Vec<Fragment>) -> Vec<String> {
    let text: String = fragments.into_iter().map(|fragment| fragment.text).collect();
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Takes out the lines that rolling captions show again.
///
/// `YouTube` keeps a line on the screen while the next one is spoken, so each
/// line stands in two or three cues. A person may repeat a word too; so lines
/// are only dropped where the whole file rolls.
pub(super) fn drop_repeats(cues: &mut [Vec<String>], has_karaoke: bool) {
    let worded: Vec<usize> = (0..cues.len()).filter(|&idx| !cues[idx].is_empty()).collect();
    let repeats = worded.windows(2).map(|pair| {
        let (before, idx) = (pair[0], pair[1]);
        (idx, n_repeated(&cues[before], &cues[idx]))
    });
    let repeats: Vec<(usize, usize)> = repeats.filter(|(_, n)| *n > 0).collect();
    // New words after a repeated line are what tells rolling from a chorus.
    let has_new = repeats.iter().any(|&(idx, n)| n < cues[idx].len());
    let is_usual = repeats.len() >= 3 && repeats.len() * 5 >= worded.len() * 2;
    if has_new && (has_karaoke || is_usual) {
        for (idx, n) in repeats {
            cues[idx].drain(..n);
        }
    }
}

/// How many lines at the start of a cue are the last lines of the one before.
fn n_repeated(before: &[String], cue: &[String]) -> usize {
    // No screen holds more lines; and a damaged file must not cost more.
    let most = before.len().min(cue.len()).min(4);
    (1..=most).rev().find(|&n| before.ends_with(&cue[..n])).unwrap_or(0)
}

/// A label at the start of a line.
#[derive(Debug)]
struct Candidate<'l> {
    label: &'l str,
    words: &'l str,
    /// Whether it is `[Ada Quill] words`, and not `Ada Quill: words`.
    is_bracketed: bool,
}

/// Names the speakers of cues that carry labels in their words.
///
/// A sentence may hold a colon, so a label is believed only if it comes up
/// again, or if each cue has one. Once labels are believed, a line without one
/// belongs to the speaker before it. The second answer is whether there are any.
pub(super) fn name_speakers(cues: Vec<Vec<String>>) -> (Vec<Vec<Said>>, bool) {
    if let Some(names) = name_lines(&cues) {
        let mut speaker = None;
        let mut said = |cue: Vec<String>| match cue.split_first() {
            Some((name, words)) if names.contains(&fold(name)) => {
                speaker = Some(name.clone());
                vec![Said { label: Some(name.clone()), words: words.join(" ") }]
            }
            _ => vec![Said { label: speaker.clone(), words: cue.join(" ") }],
        };
        return (cues.into_iter().map(&mut said).collect(), true);
    }
    let shown = shown_names(&cues);
    let mut counts: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for found in cues.iter().flatten().filter_map(|line| named(line, &shown)) {
        *counts.entry((found.label, found.is_bracketed)).or_default() += 1;
    }
    let firsts: Vec<Option<Candidate<'_>>> =
        cues.iter().filter_map(|cue| cue.first()).map(|line| named(line, &shown)).collect();
    let n_cues = firsts.len();
    let recurs = |found: &Candidate<'_>| counts[&(found.label, found.is_bracketed)] > 1;
    let n_labelled = firsts.iter().flatten().count();
    let n_recurring = firsts.iter().flatten().filter(|found| recurs(found)).count();
    let n_bracketed = firsts.iter().flatten().filter(|found| found.is_bracketed).count();
    let starts_labelled = firsts.first().is_some_and(|found| found.as_ref().is_some_and(recurs));

    let all_labelled = n_labelled == n_cues && n_cues > 0;
    let is_usual = n_recurring * 10 >= n_cues && n_recurring >= 2;
    let is_labelled = all_labelled || is_usual || (starts_labelled && n_recurring >= 2);
    let takes_single = all_labelled || n_recurring * 10 >= n_cues * 8;
    let takes_brackets = n_bracketed * 5 >= n_cues * 2;
    if !is_labelled {
        return (
            cues.into_iter().map(|cue| vec![Said { label: None, words: cue.join(" ") }]).collect(),
            false,
        );
    }
    // Who speaks once under the full name speaks on under the first.
    let recurring = counts.iter().filter(|((label, _), n)| **n > 1 && is_label(label));
    let shorts = ShortLabels::new(&recurring.map(|((label, _), _)| *label).collect());
    let believes = |found: &Candidate<'_>| {
        (!found.is_bracketed || takes_brackets)
            && (recurs(found)
                || is_name(found.label) && (takes_single || shorts.have_one_for(found.label)))
    };

    let mut is_named = false;
    let mut speaker: Option<String> = None;
    let mut said = Vec::with_capacity(cues.len());
    for cue in &cues {
        let n_dashes = cue.iter().filter(|line| dash(line).is_some()).count();
        let mut in_cue: Vec<Said> = Vec::new();
        for line in cue {
            let words = if let Some(found) = named(line, &shown).filter(&believes) {
                is_named = true;
                speaker = Some(one_line(found.label));
                found.words
            } else if let Some(words) = chevrons(line) {
                // `>>` alone says that somebody else speaks, not who.
                speaker = None;
                words
            } else {
                if n_dashes > 1 && dash(line).is_some() {
                    speaker = None;
                }
                line
            };
            match in_cue.last_mut() {
                Some(last) if last.label == speaker => {
                    last.words.push(' ');
                    last.words.push_str(words);
                }
                _ => in_cue.push(Said { label: speaker.clone(), words: words.to_owned() }),
            }
        }
        said.push(in_cue);
    }
    (said, is_named)
}

/// What has not the shape of a label and yet stands before the colon of nearly every cue
/// that has none: `+44 7700 900123: words`.
fn shown_names(cues: &[Vec<String>]) -> BTreeSet<String> {
    let firsts = || cues.iter().filter_map(|cue| cue.first());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let others = firsts().filter(|line| candidate(line).is_none());
    for (label, _) in others.filter_map(|line| parted(line)) {
        *counts.entry(label).or_default() += 1;
    }
    counts.retain(|label, n| *n > 2 && is_shown_name(label));
    let n_named = firsts().filter(|line| candidate(line).is_some()).count();
    let n_told = n_named + counts.values().sum::<usize>();
    let are_told = n_named > 1 && n_told * 10 >= firsts().count() * 9;
    counts.into_keys().filter(|_| are_told).map(str::to_owned).collect()
}

/// What stands before the colon of a line, and the words behind.
fn parted(line: &str) -> Option<(&str, &str)> {
    let (label, words) = line.split_at(near(line).find(": ")?);
    Some((label.trim(), words[1..].trim_start()))
}

/// What may be a label at the start of a line, or one of `shown` that has not its shape.
fn named<'l>(line: &'l str, shown: &BTreeSet<String>) -> Option<Candidate<'l>> {
    let of_meeting = || {
        let (label, words) = parted(line).filter(|(label, _)| shown.contains(*label))?;
        Some(Candidate { label, words, is_bracketed: false })
    };
    candidate(line).or_else(of_meeting)
}

/// The names on the first lines of cues, with the words below: all cues have one, or nearly
/// all one that comes again.
fn name_lines(cues: &[Vec<String>]) -> Option<BTreeSet<String>> {
    fn name(cue: &[String]) -> Option<&str> {
        let line = cue.first().filter(|_| cue.len() > 1)?;
        let is_alone =
            is_label(line) && is_name(line) && !line.ends_with(['.', ',', ':']) && !is_marker(line);
        is_alone.then_some(line)
    }
    let worded: Vec<&Vec<String>> = cues.iter().filter(|cue| !cue.is_empty()).collect();
    let counts = counts(worded.iter().filter_map(|cue| name(cue)));
    let (n, n_again) = (counts.values().sum::<usize>(), n_recurring(&counts));
    let are_names = n == worded.len() || (n_again * 10 >= worded.len() * 8 && n_again > 4);
    (n > 1 && are_names).then(|| counts.into_keys().collect())
}

/// The words after a dash that opens a line of dialogue.
fn dash(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['-', '–', '—'])?;
    let opens = rest.starts_with(char::is_whitespace)
        || line.starts_with('-') && rest.starts_with(char::is_alphabetic);
    opens.then(|| rest.trim_start())
}

/// The words after `>>`, the captioners' sign for another speaker.
fn chevrons(line: &str) -> Option<&str> {
    Some(line.strip_prefix(">>")?.trim_start_matches('>').trim_start())
}

/// Finds what may be a label at the start of a line.
fn candidate(line: &str) -> Option<Candidate<'_>> {
    let line = chevrons(line).or_else(|| dash(line)).unwrap_or(line);
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some(rest) = line.strip_prefix(open) {
            let (label, words) = near(rest).find(close).map(|at| rest.split_at(at))?;
            let words = words.strip_prefix(close).unwrap_or(words).trim_start();
            let words = words.strip_prefix(':').unwrap_or(words).trim_start();
            let label = label.trim();
            let is_speaker =
                is_label(label) && is_name(label) && !is_marker(label) && !words.is_empty();
            return is_speaker.then_some(Candidate { label, words, is_bracketed: true });
        }
    }
    let at = near(line).find([':', '：'])?;
    let (label, rest) = line.split_at(at);
    let label = label.trim();
    let words = rest.strip_prefix([':', '：'])?;
    // `17:30`, `https://` and the like run on without a space.
    let runs_on = words.starts_with(|next: char| next.is_ascii_digit() || "/\\:)".contains(next));
    let candidate = Candidate { label, words: words.trim_start(), is_bracketed: false };
    (!runs_on && is_label(label)).then_some(candidate)
}

/// The start of a line, as far as a label could reach.
fn near(line: &str) -> &str {
    line.get(..line.floor_char_boundary(4 * MAX_CHARS + 8)).unwrap_or_default()
}
