//! Picks the words of a passage that can stand alone as a quote.

use unicode_segmentation::UnicodeSegmentation;

use crate::base::{LineEnds, Span};
use crate::passages::sentences::sentences;

/// The shortest quote, in characters, where the speaker says that much.
const MIN_CHARS: usize = 40;
/// The longest quote, in characters.
const MAX_CHARS: usize = 400;
/// Quotes near this length, in characters, are best to read.
const BEST_CHARS: f64 = 180.0;
/// Characters that a quote may add without making it thinner by much.
const SLACK_CHARS: f64 = 120.0;
/// What a stretch counts that cannot be understood from its beginning.
const POOR_START: f64 = 0.6;
/// What a stretch counts that is not whole: it stops or begins within a sentence, or within
/// what somebody else is quoted with.
const NOT_WHOLE: f64 = 0.5;
/// Sentences without a mark are cut after this many words.
pub(super) const MAX_SENTENCE_WORDS: usize = 60;

/// Picks the stretch of whole sentences that says most of what is sought.
///
/// `pieces` are the spans of one speaker's own talk in a text, `worth` tells
/// how much a span says (any unit, not negative). `points_back` tells of a sentence
/// whether it needs what was said before it; a stretch that begins with one, or
/// with a sentence of one or two words, or that is not whole, is taken only if no other is
/// nearly as good. The answer lies in one piece, so that nobody else's words stand in it;
/// 40 to 400 characters where that can be had. With it comes how well it stands alone,
/// `0.0..=1.0`. `None` if there are no words.
pub fn pick_quote(
    (text, line_ends): (&str, LineEnds),
    pieces: &[Span],
    worth: impl Fn(Span) -> f64,
    points_back: impl Fn(&str) -> bool,
) -> Option<(Span, f64)> {
    let mut best: Option<(f64, Span, f64)> = None;
    for &piece in pieces {
        let sentences: Vec<Span> = sentences(piece.of(text), MAX_SENTENCE_WORDS, line_ends)
            .into_iter()
            .map(|s| Span { start: piece.start + s.start, end: piece.start + s.end })
            .collect();
        let worths: Vec<f64> = sentences.iter().map(|&sentence| worth(sentence)).collect();
        // Of talk without marks nothing is known of where its sentences end.
        let is_marked = sentences.iter().any(|sentence| ends_well(sentence.of(text)));
        for first in 0..sentences.len() {
            let sentence = sentences[first].of(text);
            let is_clear = !points_back(sentence) && sentence.unicode_words().nth(2).is_some();
            let start = if is_clear { 1.0 } else { POOR_START };
            let mut total = 0.0;
            for last in first..sentences.len() {
                total += worths[last];
                let span = Span { start: sentences[first].start, end: sentences[last].end };
                let n_chars = span.of(text).chars().count();
                if n_chars > MAX_CHARS && last > first {
                    break;
                }
                let alone = start * wholeness(span.of(text), is_marked);
                let score = alone * score(total, n_chars);
                if best.is_none_or(|(known, ..)| score > known) {
                    best = Some((score, span, alone));
                }
            }
        }
    }
    best.map(|(_, span, alone)| (span, alone))
}

/// How whole a stretch is, `0.0..=1.0`; `is_marked` tells that its talk has marks.
fn wholeness(text: &str, is_marked: bool) -> f64 {
    let is_cut = is_marked && !(ends_well(text) && begins_well(text));
    let n_of = |mark: char| text.matches(mark).count();
    let is_within = n_of('"') % 2 == 1 || n_of('“') != n_of('”') || n_of('«') != n_of('»');
    let of = |is_poor: bool| if is_poor { NOT_WHOLE } else { 1.0 };
    of(is_cut) * of(is_within && n_of('„') == 0)
}

/// Whether talk ends as a sentence does, within what it quotes or notes too.
fn ends_well(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '”' | '“' | '»' | '’' | '\'' | ')' | ']')
    });
    text.ends_with(['.', '?', '!', '…', '。', '？', '！'])
}

/// Whether talk begins as a sentence does: not in lower case.
fn begins_well(text: &str) -> bool {
    !text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)
}

/// How densely a stretch says it, with a preference for a length that reads well.
fn score(worth: f64, n_chars: usize) -> f64 {
    let off = ((n_chars as f64 / BEST_CHARS).ln() / 1.2).powi(2);
    let fits = if (MIN_CHARS..=MAX_CHARS).contains(&n_chars) { 1.0 } else { 0.1 };
    (worth + 0.05) / (n_chars as f64 + SLACK_CHARS) * fits * (-off).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, sought: &str, expected: &str) {
        let piece = Span::new(0, text.len());
        let worth = |span: Span| span.of(text).matches(sought).count() as f64;
        let quote = pick_quote((text, LineEnds::Spoken), &[piece], worth, |sentence| {
            sentence.starts_with("And")
        })
        .unwrap();
        assert_eq!(quote.0.of(text), expected);
    }

    #[test]
    fn the_quote_is_whole_sentences_about_what_is_sought() {
        let long = "It rained all day and the boiler broke. The silence was the strangest thing of all about it, really. \
            Nobody knew in that silence whether the screen was frozen. Then we had lunch and talked about the dog and other things. ";
        check(
            long,
            "silence",
            "The silence was the strangest thing of all about it, really. Nobody knew in that silence whether the screen was frozen.",
        );
    }

    #[test]
    fn what_is_cut_or_stands_in_somebody_elses_words_is_not_whole() {
        let check = |text: &str, expected: f64| {
            assert!((wholeness(text, true) - expected).abs() < 1e-9, "{text}");
        };
        check("She said \"wait\" and we waited.", 1.0);
        check("„Warte“, sagte sie.", 1.0);
        check("We waited for", 0.5);
        check("and we waited.", 0.5);
        check("Wait.\" And we waited.", 0.5);
        check("wait\" and we", 0.25);
        // Talk without any mark has no ends that could be missed.
        assert!((wholeness("we waited for", false) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_short_answer_is_quoted_whole() {
        check("No. Never.", "x", "No. Never.");
        assert_eq!(
            pick_quote(("", LineEnds::Spoken), &[Span::new(0, 0)], |_| 1.0, |_| false),
            None
        );
    }

    #[test]
    fn a_quote_begins_where_it_can_be_understood() {
        let well = "Some of us thought that the silence was the fault of the line or the router, and \
                    went under the desk with a torch while all the others sat there and waited.";
        let between = "It rained all day and the boiler broke. ".repeat(10);
        check(
            &format!(
                "And the silence was the strangest thing that I met in the group that year, more \
                 than the screens and cables and the waiting room where nobody was ever waiting. \
                 {between}{well}"
            ),
            "silence",
            well,
        );
        // Where nothing else says it, it is quoted as it is.
        check(
            "And the silence was strange for all of us that evening.",
            "silence",
            "And the silence was strange for all of us that evening.",
        );
    }
}
