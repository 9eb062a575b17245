//! Reads CHAT transcripts, as CLAN and `TalkBank` keep them.

use super::turns::{OpenTurn, position};
use crate::base::TimeSpan;
use crate::labels::MAX_CHARS;
use crate::lines::{Line, trimmed};
use crate::text::RawTurn;

/// Cuts the main tiers of a CHAT transcript; headers and dependent tiers are
/// no speech.
pub(super) fn cut_chat(text: &str, lines: &[Line<'_>]) -> Vec<RawTurn> {
    let mut turns: Vec<OpenTurn> = Vec::new();
    let mut is_main = false;
    let mut pending = None;
    for line in lines {
        let words = line.words(text);
        let mut start = line.start;
        if let Some((label, _)) = words.strip_prefix('*').and_then(|tier| tier.split_once(':')) {
            is_main = label.chars().count() <= MAX_CHARS;
            start += label.len() + 2;
            if is_main {
                let label = Some(label.trim().to_owned()).filter(|label| !label.is_empty());
                turns.push(OpenTurn { label, ..OpenTurn::default() });
                pending = None;
            }
        } else if words.starts_with(['@', '%', '*']) {
            is_main = false;
        }
        let Some(turn) = turns.last_mut().filter(|_| is_main) else { continue };
        // Between two bullets stand the words that the second one times.
        for (n, piece) in text[start..line.end].split('\u{15}').enumerate() {
            let (from, to) = trimmed(text, start, start + piece.len());
            start += piece.len() + 1;
            if n % 2 == 1 {
                if let (Some(at), Some(time)) = (pending.take(), read_bullet(piece)) {
                    turn.cues.push((position(at), time));
                }
            } else if from < to {
                turn.start.get_or_insert(from);
                turn.end = to;
                pending.get_or_insert(from);
            }
        }
    }
    turns.into_iter().filter_map(OpenTurn::close).collect()
}

/// Reads `1234_5678`, which may stand behind a media name.
fn read_bullet(text: &str) -> Option<TimeSpan> {
    let mut fields = text.trim().rsplit('_');
    let end: u64 = fields.next()?.parse().ok()?;
    let start_ms: u64 = fields.next()?.parse().ok()?;
    Some(TimeSpan { start_ms, end_ms: Some(end).filter(|&end| end >= start_ms) })
}
