//! Where in the talk something matches: phrases and nearness over positions.

use std::ops::Range;

/// A place in the talk that matches.
///
/// Positions are those of [`Analysis`](crate::terms::Analysis). A match that
/// runs on into the next passage belongs to the passage of its first word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// The place of the passage among all passages of the study.
    pub passage: u32,
    /// The position of the first word.
    pub first: u32,
    /// The position of the last word.
    pub last: u32,
    /// The runs of words that match, first and last position, where words
    /// stand between them that do not; else empty, and all match.
    pub marks: Vec<(u32, u32)>,
}

impl Match {
    /// One word.
    pub fn word(passage: u32, position: u32) -> Self {
        Self { passage, first: position, last: position, marks: Vec::new() }
    }

    /// The runs of words that match.
    pub fn runs(&self) -> impl Iterator<Item = (u32, u32)> {
        let whole = self.marks.is_empty().then_some((self.first, self.last));
        whole.into_iter().chain(self.marks.iter().copied())
    }

    fn n_words(&self) -> u32 {
        self.runs().map(|(first, last)| last - first + 1).sum()
    }
}

/// All matches of any of the lists, in order, each once.
pub fn any_of(lists: Vec<Vec<Match>>) -> Vec<Match> {
    let mut lists = lists.into_iter().filter(|list| !list.is_empty());
    let Some(mut all) = lists.next() else { return Vec::new() };
    all.extend(lists.flatten());
    let is_before = |a: &Match, b: &Match| (a.passage, a.first) < (b.passage, b.first);
    if !all.is_sorted_by(is_before) {
        // Few matches share a place, so that marks are hardly ever compared.
        // They come in runs, segment by segment, which this sort merges.
        all.sort_by(|a, b| (a.passage, a.first).cmp(&(b.passage, b.first)).then_with(|| a.cmp(b)));
        all.dedup();
    }
    all
}

/// The matches that stand in no other one; `found` is in order.
pub fn outermost(found: Vec<Match>, transcript_of: &[u32]) -> Vec<Match> {
    let transcript = |found: &Match| transcript_of[found.passage as usize];
    let mut kept: Vec<Match> = Vec::with_capacity(found.len());
    for found in found {
        match kept.last_mut().filter(|last| transcript(last) == transcript(&found)) {
            Some(last) if found.first == last.first && found.last >= last.last => *last = found,
            Some(last) if found.last <= last.last => {}
            _ => kept.push(found),
        }
    }
    kept
}

/// Where words stand one after the other: `slots` holds the matches of each
/// word, in order, with its distance from the first word.
///
/// `transcript_of` tells the transcript of a passage: positions begin anew in
/// each. Words of two turns are never next to each other; see
/// [`Analysis`](crate::terms::Analysis).
pub fn one_after_the_other(
    slots: &[(u32, Vec<Match>)],
    transcript_of: &dyn Fn(u32) -> u32,
) -> Vec<Match> {
    let Some(((_, first), others)) = slots.split_first() else { return Vec::new() };
    let at = |found: &Match| (transcript_of(found.passage), found.first);
    let mut starts: Vec<Match> = first.clone();
    for (distance, list) in others {
        let mut next = 0;
        starts.retain(|start| {
            let (transcript, position) = at(start);
            let sought = (transcript, position + distance);
            while list.get(next).is_some_and(|found| at(found) < sought) {
                next += 1;
            }
            list.get(next).is_some_and(|found| at(found) == sought)
        });
    }
    let reach = slots.last().map_or(0, |(distance, _)| *distance);
    for start in &mut starts {
        start.last = start.first + reach;
    }
    starts
}

/// Where one match of every slot stands among at most `most` other words, in
/// any order, no word serving two slots: for every last word the shortest such
/// stretch, and of those that start together the shortest.
pub fn near_each_other(
    slots: &[Vec<Match>],
    most: u32,
    transcript_of: &dyn Fn(u32) -> u32,
) -> Vec<Match> {
    // Every slot's matches are walked through once, in the order of the talk.
    let mut events: Vec<(u32, u32, usize, usize)> = Vec::new();
    for (slot, list) in slots.iter().enumerate() {
        for (place, found) in list.iter().enumerate() {
            events.push((transcript_of(found.passage), found.last, slot, place));
        }
    }
    events.sort_unstable();
    let longest = |list: &Vec<Match>| list.iter().map(|part| part.last - part.first + 1).max();
    let reach = most + slots.iter().filter_map(longest).sum::<u32>();
    let mut passed: Vec<usize> = vec![0; slots.len()];
    let mut found: Vec<Match> = Vec::new();
    for (transcript, last, slot, place) in events {
        passed[slot] = place + 1;
        // The latest of each other slot before it that no other has taken.
        let mut parts: Vec<&Match> = vec![&slots[slot][place]];
        for (other, list) in slots.iter().enumerate().filter(|(other, _)| *other != slot) {
            let is_free = |part: &&Match| {
                parts.iter().all(|taken| part.last < taken.first || taken.last < part.first)
            };
            let is_close = |part: &&Match| {
                transcript_of(part.passage) == transcript && part.first + reach >= last
            };
            let before = list[..passed[other]].iter().rev();
            let Some(part) = before.take_while(is_close).find(is_free) else { break };
            parts.push(part);
        }
        if parts.len() < slots.len() {
            continue;
        }
        parts.sort_unstable_by_key(|part| part.first);
        let first = parts[0].first;
        let n_own = parts.iter().map(|part| part.n_words()).sum::<u32>();
        if last - first + 1 - n_own > most {
            continue;
        }
        let mut marks: Vec<(u32, u32)> = Vec::new();
        for (start, end) in parts.iter().flat_map(|part| part.runs()) {
            match marks.last_mut() {
                Some(last) if last.1 + 1 == start => last.1 = end,
                _ => marks.push((start, end)),
            }
        }
        let same_start = found.last().is_some_and(|before| {
            transcript_of(before.passage) == transcript && before.first >= first
        });
        if !same_start {
            let marks = if marks.len() > 1 { marks } else { Vec::new() };
            found.push(Match { passage: parts[0].passage, first, last, marks });
        }
    }
    found
}

/// Those of matches, sorted by passage, that belong to some passages in a row.
pub fn in_passages(matches: &[Match], passages: Range<u32>) -> &[Match] {
    let start = matches.partition_point(|found| found.passage < passages.start);
    let end = matches.partition_point(|found| found.passage < passages.end);
    &matches[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(places: &[(u32, u32)]) -> Vec<Match> {
        places.iter().map(|&(passage, position)| Match::word(passage, position)).collect()
    }

    /// Passages 0 to 9 are of one transcript, the others of the next.
    fn transcript_of(passage: u32) -> u32 {
        passage / 10
    }

    fn shown(found: &[Match]) -> Vec<(u32, u32, u32)> {
        found.iter().map(|found| (found.passage, found.first, found.last)).collect()
    }

    #[test]
    fn what_stands_in_another_match_is_no_match_of_its_own() {
        let run = |passage, first, last| Match { passage, first, last, marks: Vec::new() };
        let found = vec![run(0, 3, 3), run(0, 3, 4), run(0, 4, 4), run(0, 6, 6), run(1, 3, 3)];
        assert_eq!(outermost(found, &[0, 1]), [run(0, 3, 4), run(0, 6, 6), run(1, 3, 3)]);
        // A match that runs on into the next passage holds what stands there.
        assert_eq!(outermost(vec![run(0, 3, 5), run(1, 5, 5)], &[0, 0]), [run(0, 3, 5)]);
    }

    #[test]
    fn a_phrase_runs_on_into_the_next_passage_and_not_into_the_next_transcript() {
        // "group silence" at 3–4, at 7–8 across passages; never across transcripts.
        let group = words(&[(0, 3), (0, 7), (9, 30)]);
        let silence = words(&[(0, 4), (1, 8), (10, 31)]);
        let found = one_after_the_other(&[(0, group), (1, silence)], &transcript_of);
        assert_eq!(shown(&found), [(0, 3, 4), (0, 7, 8)]);
    }

    #[test]
    fn nearness_counts_the_words_between() {
        let (a, b) = (words(&[(0, 1), (0, 20)]), words(&[(0, 5), (0, 19), (10, 2)]));
        let near = |most| near_each_other(&[a.clone(), b.clone()], most, &transcript_of);
        assert_eq!(shown(&near(2)), [(0, 19, 20)]);
        assert_eq!(shown(&near(3)), [(0, 1, 5), (0, 19, 20)]);
        assert_eq!(near(3)[0].marks, [(1, 1), (5, 5)]);
        assert_eq!(near(3)[1].marks, []);
    }

    #[test]
    fn the_same_word_twice_stands_at_two_places() {
        let very = words(&[(0, 4), (0, 6), (0, 30)]);
        let found = near_each_other(&[very.clone(), very.clone()], 1, &transcript_of);
        assert_eq!(shown(&found), [(0, 4, 6)]);
        // Also where a wildcard finds the same word as its neighbour.
        let other = words(&[(0, 4), (0, 30), (0, 31)]);
        let found = near_each_other(&[very, other], 1, &transcript_of);
        assert_eq!(shown(&found), [(0, 4, 6), (0, 30, 31)]);
    }
}
