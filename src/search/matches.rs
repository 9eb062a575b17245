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
        all.sort_unstable_by(|a, b| {
            (a.passage, a.first).cmp(&(b.passage, b.first)).then_with(|| a.cmp(b))
        });
        all.dedup();
    }
    all
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
/// any order: the shortest such stretches, none of which holds another.
///
/// Slots with equal numbers in `kinds` are the same word asked for twice, and
/// must stand at different places.
pub fn near_each_other(
    slots: &[Vec<Match>],
    kinds: &[usize],
    most: u32,
    transcript_of: &dyn Fn(u32) -> u32,
) -> Vec<Match> {
    // Every kind's matches are walked through once, in the order of the talk.
    let mut events: Vec<(u32, u32, u32, usize, usize)> = Vec::new();
    for (slot, list) in slots.iter().enumerate() {
        if kinds.iter().position(|kind| *kind == kinds[slot]) == Some(slot) {
            for (place, found) in list.iter().enumerate() {
                events.push((transcript_of(found.passage), found.first, found.last, slot, place));
            }
        }
    }
    events.sort_unstable();
    let mut latest: Vec<Option<usize>> = vec![None; slots.len()];
    let mut transcript = None;
    let mut found: Vec<Match> = Vec::new();
    for (of_transcript, _, _, slot, place) in events {
        if transcript.replace(of_transcript) != Some(of_transcript) {
            latest.fill(None);
        }
        // The same word asked for twice: the earlier place moves on to the
        // next slot of its kind.
        let mut moved = Some(place);
        for other in slot..slots.len() {
            if kinds[other] == kinds[slot] {
                moved = std::mem::replace(&mut latest[other], moved);
            }
        }
        let Some(mut parts) = latest
            .iter()
            .zip(slots)
            .map(|(place, list)| place.map(|place| &list[place]))
            .collect::<Option<Vec<&Match>>>()
        else {
            continue;
        };
        parts.sort_unstable_by_key(|part| (part.first, part.last));
        let overlap = parts.windows(2).any(|pair| pair[1].first <= pair[0].last);
        let (first, last) = (parts[0].first, parts.iter().map(|part| part.last).max().unwrap_or(0));
        let n_own = parts.iter().map(|part| part.n_words()).sum::<u32>();
        if overlap || last - first + 1 - n_own > most {
            continue;
        }
        let mut marks: Vec<(u32, u32)> = Vec::new();
        for (start, end) in parts.iter().flat_map(|part| part.runs()) {
            match marks.last_mut() {
                Some(last) if last.1 + 1 == start => last.1 = end,
                _ => marks.push((start, end)),
            }
        }
        let whole = Match {
            passage: parts[0].passage,
            first,
            last,
            marks: if marks.len() > 1 { marks } else { Vec::new() },
        };
        let same_start = found.last().is_some_and(|before| {
            transcript_of(before.passage) == of_transcript && before.first == first
        });
        if !same_start {
            found.push(whole);
        }
    }
    found
}

/// The places in `range` of matches sorted by passage.
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
        let near = |most| near_each_other(&[a.clone(), b.clone()], &[0, 1], most, &transcript_of);
        assert_eq!(shown(&near(2)), [(0, 19, 20)]);
        assert_eq!(shown(&near(3)), [(0, 1, 5), (0, 19, 20)]);
        assert_eq!(near(3)[0].marks, [(1, 1), (5, 5)]);
        assert_eq!(near(3)[1].marks, []);
    }

    #[test]
    fn the_same_word_twice_stands_at_two_places() {
        let very = words(&[(0, 4), (0, 6), (0, 30)]);
        let found = near_each_other(&[very.clone(), very], &[0, 0], 1, &transcript_of);
        assert_eq!(shown(&found), [(0, 4, 6)]);
    }
}
