//! Every word of a file is read or told of: what the grammars write as said stands in a turn, a
//! label or an attribute, unless the file is refused or a warning says what is not read.

use std::collections::BTreeSet;

use leitmotif::sources::read;
use leitmotif::text::RawTranscript;

use super::inputs::Input;

/// How the warnings begin or end that tell of words which nobody reads.
const TOLD: [&str; 8] = [
    "not read",
    "belong to no turn",
    // Lines of a guide, the foot of a page.
    " look like ",
    "only its last value is read",
    "only the last value is read",
    "with more cells than columns",
    // Of a damaged file.
    "what is there was read",
    "what could be found in it was read",
];
/// The most words of all lines above the talk that are its title.
const TITLE_WORDS: usize = 40;
/// The most words above the table of a document that are its title.
const TABLE_TITLE_WORDS: usize = 12;

/// Expects that no word is lost in silence.
pub(super) fn loses_no_word(input: &Input, name: &str) {
    let Ok(raw) = read(&input.bytes, name) else { return };
    let lost = lost(&raw, input);
    assert!(lost.is_empty(), "lost as `{}`: {}", raw.layout, lost.join(" "));
}

/// The words that are neither read nor told of: of as many as a warning counts, none.
fn lost(raw: &RawTranscript, input: &Input) -> Vec<String> {
    let told = raw.warnings.iter().map(|told| told.problem.as_str());
    let told = told.filter(|problem| TOLD.iter().any(|way| problem.contains(way)));
    let count = |problem: &str| problem.split_once(" words")?.0.parse::<usize>().ok();
    let n_told =
        told.map(|problem| count(problem).unwrap_or(usize::MAX)).fold(0, usize::saturating_add);
    let lost = unread(raw, input);
    // Above a table in a document stands its title.
    let n_title = if raw.layout.contains(" table, ") { TABLE_TITLE_WORDS } else { 0 };
    if lost.len() <= n_told.max(n_title) { Vec::new() } else { lost }
}

/// The words that are not read.
fn unread(raw: &RawTranscript, input: &Input) -> Vec<String> {
    let said = raw.turns.iter().map(|turn| turn.span.of(&raw.text));
    let labels = raw.turns.iter().filter_map(|turn| turn.label.as_deref());
    // What else a survey holds of those who answer.
    let known = raw.attributes.values().flatten().map(|(_, value)| value.as_str());
    let kept = said.chain(labels).chain(known).collect::<Vec<_>>().join("\n");
    let words: BTreeSet<&str> = kept.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let titles = titles(raw);
    let is_kept = |word: &str| {
        words.contains(word)
            || titles.contains(word)
            // The glyphs of a page may stand anywhere, and touch.
            || (raw.layout.starts_with("PDF") && kept.contains(word))
    };
    (1..=input.n_words).map(|at| format!("w{at}x")).filter(|word| !is_kept(word)).collect()
}

/// The words above the talk that are a title, fields or a remark: few, on short lines, none a
/// sentence of more than five words or behind a name.
fn titles(raw: &RawTranscript) -> BTreeSet<&str> {
    let first = raw.turns.first().map_or(0, |turn| turn.span.range().start);
    let above = raw.text[..first].rsplit_once('\n').map_or("", |(above, _)| above);
    let words = |line: &str| line.split_whitespace().count();
    let is_title = |line: &&str| {
        let label = [": ", "\t"].iter().find_map(|sign| line.split_once(sign)).map(|it| it.0);
        let label = label.filter(|label| !label.starts_with(char::is_lowercase));
        let ends = line.trim_end_matches(['"', '”', '*']).ends_with(['.', '?', '!', '…']);
        label.is_none_or(|label| words(label) > 4) && words(line) <= if ends { 6 } else { 12 }
    };
    if words(above) > TITLE_WORDS {
        return BTreeSet::new();
    }
    let titles = above.lines().filter(is_title);
    titles.flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric())).collect()
}

#[test]
fn a_word_that_is_neither_read_nor_told_is_found() {
    let check = |file: &str, n_words: usize, expected: &[&str]| {
        let input = Input { bytes: file.as_bytes().to_vec(), is_whole: true, n_words };
        let raw = read(&input.bytes, "P01.txt").unwrap();
        assert_eq!(lost(&raw, &input), expected, "{file}");
    };
    let talk = "Ada: w1x w2x.\nInterviewer: w3x?\nAda: w4x.\nInterviewer: w5x?\n";
    check(talk, 5, &[]);
    // The grammar said a word that stands nowhere.
    check(talk, 6, &["w6x"]);
    // A title is none; what a name or a sentence shows to be talk is told.
    check(&format!("A talk w6x\n\n{talk}"), 6, &[]);
    check(&format!("Ben: w6x\n\n{talk}"), 6, &[]);
}
