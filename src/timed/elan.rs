//! Reads ELAN files (`.eaf`).
//!
//! A decoded text comes in; a [`RawTranscript`] goes out. A tier is a speaker, whom its
//! `PARTICIPANT` names, or else its own name. Tiers that depend on others hold
//! translations and the like: they are told, and not read. But where a tier only numbers
//! its stretches (`P01.014`), what people said stands in the tier below it with most words.
//!
//! ```text
//! TIME_SLOT    id, milliseconds                    may be missing
//! TIER         id, participant?, parent?
//!   ALIGNABLE_ANNOTATION   id, two slots           ANNOTATION_VALUE
//!   REF_ANNOTATION         id, annotation above    ANNOTATION_VALUE
//! ```

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use super::{Said, in_order, span, unread_tiers};
use crate::base::{TimeSpan, words_in};
use crate::documents::xml::{self, Visitor, attribute};
use crate::files::SourceError;
use crate::text::RawTranscript;

/// Reads an ELAN file.
///
/// # Errors
/// [`SourceError`] if it is damaged, or nobody speaks in it.
pub(crate) fn parse(text: &str) -> Result<RawTranscript, SourceError> {
    let mut file = Elan::default();
    xml::walk(text, &mut file).map_err(SourceError::whole)?;
    let read = file.tiers_of_talk();
    let mut said = Vec::new();
    for &at in &read {
        let tier = &file.tiers[at];
        let label = Some(tier.label());
        let one = |note: &Note| Said {
            label: label.clone(),
            words: note.words.clone(),
            time: file.time_of(note),
        };
        said.extend(tier.notes.iter().map(one));
    }
    let others = file.tiers.iter().enumerate().filter(|(at, _)| !read.contains(at));
    let unread = others.flat_map(|(_, tier)| {
        // Numbers of stretches are no words.
        let notes = if tier.is_numbers() { &[][..] } else { &tier.notes };
        notes.iter().map(|note| (tier.id.as_str(), note.words.as_str()))
    });
    let warnings = unread_tiers(unread).into_iter().collect();
    in_order(said, "ELAN annotations, a tier for each speaker", warnings)
}

/// A file as far as it is read.
#[derive(Debug, Default)]
struct Elan {
    /// Milliseconds by slot.
    slots: BTreeMap<String, u64>,
    tiers: Vec<Tier>,
    /// The times of annotations by their ids; dependent ones come after those above them.
    times: BTreeMap<String, Option<TimeSpan>>,
    takes_words: bool,
}

#[derive(Debug, Default)]
struct Tier {
    id: String,
    participant: String,
    parent: Option<String>,
    notes: Vec<Note>,
}

/// An annotation.
#[derive(Debug, Default)]
struct Note {
    id: String,
    above: Option<String>,
    words: String,
}

impl Tier {
    /// Who speaks: `Ada` also of a tier `text@Ada` that names no participant.
    fn label(&self) -> String {
        let id = || self.id.rsplit_once('@').map_or(self.id.as_str(), |(_, name)| name);
        let name = if self.participant.trim().is_empty() { id() } else { &self.participant };
        name.trim().trim_end_matches(':').to_owned()
    }

    /// Whether most annotations are one word that begins or ends with a digit.
    fn is_numbers(&self) -> bool {
        let filled = || self.notes.iter().filter(|note| !note.words.trim().is_empty());
        let is_number = |note: &&Note| {
            let words = note.words.trim();
            let is_digit = |c: char| c.is_ascii_digit();
            (words.starts_with(is_digit) || words.ends_with(is_digit))
                && !words.contains(char::is_whitespace)
        };
        filled().filter(is_number).count() * 2 > filled().count()
    }

    fn n_words(&self) -> usize {
        self.notes.iter().map(|note| words_in(&note.words)).sum()
    }
}

impl Elan {
    /// The tiers that hold what people said.
    fn tiers_of_talk(&self) -> Vec<usize> {
        let by_id: BTreeMap<&str, usize> =
            self.tiers.iter().enumerate().map(|(at, tier)| (tier.id.as_str(), at)).collect();
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); self.tiers.len()];
        let mut read = Vec::new();
        for (at, tier) in self.tiers.iter().enumerate() {
            let parent = tier.parent.as_deref().and_then(|parent| by_id.get(parent));
            match parent {
                Some(&parent) => below[parent].push(at),
                None => read.push(at),
            }
        }
        for at in &mut read {
            // Each step goes down, and a tier has one parent; so this ends.
            while self.tiers[*at].is_numbers() || self.tiers[*at].n_words() == 0 {
                let next = below[*at].iter().rev().max_by_key(|&&at| self.tiers[at].n_words());
                let Some(&next) = next else { break };
                *at = next;
            }
        }
        read
    }

    fn time_of(&self, note: &Note) -> Option<TimeSpan> {
        self.times.get(&note.id).copied().flatten()
    }

    fn last_note(&mut self) -> Option<&mut Note> {
        self.tiers.last_mut()?.notes.last_mut()
    }
}

impl Visitor for Elan {
    fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> bool {
        let value = |name: &str| attribute(tag, name).unwrap_or_default();
        match name {
            "TIME_SLOT" => {
                let ms = value("TIME_VALUE").parse().ok();
                self.slots.extend(ms.map(|ms| (value("TIME_SLOT_ID"), ms)));
            }
            "TIER" => self.tiers.push(Tier {
                id: value("TIER_ID"),
                participant: value("PARTICIPANT"),
                parent: attribute(tag, "PARENT_REF"),
                notes: Vec::new(),
            }),
            "ALIGNABLE_ANNOTATION" | "REF_ANNOTATION" => {
                let above = attribute(tag, "ANNOTATION_REF");
                let ms = |name: &str| self.slots.get(&value(name)).copied();
                let own = span(ms("TIME_SLOT_REF1"), ms("TIME_SLOT_REF2"));
                let note = Note { id: value("ANNOTATION_ID"), above, words: String::new() };
                let of_above = note.above.as_ref().and_then(|above| self.times.get(above));
                let time = own.or(of_above.copied().flatten());
                self.times.insert(note.id.clone(), time);
                if let Some(tier) = self.tiers.last_mut() {
                    tier.notes.push(note);
                }
            }
            "ANNOTATION_VALUE" => self.takes_words = true,
            "HEADER" | "CONTROLLED_VOCABULARY" | "LICENSE" => return false,
            _ => {}
        }
        true
    }

    fn close(&mut self, name: &str) {
        if name == "ANNOTATION_VALUE" {
            self.takes_words = false;
        }
    }

    fn words(&mut self, words: &str) {
        if self.takes_words
            && let Some(note) = self.last_note()
        {
            note.words.push_str(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::tests::cut_everywhere;
    use crate::sources::tests::render;

    const HEAD: &str = "<?xml version=\"1.0\"?><ANNOTATION_DOCUMENT><HEADER><PROPERTY>x</PROPERTY></HEADER>\
        <TIME_ORDER><TIME_SLOT TIME_SLOT_ID=\"ts1\" TIME_VALUE=\"500\"/>\
        <TIME_SLOT TIME_SLOT_ID=\"ts2\" TIME_VALUE=\"2000\"/><TIME_SLOT TIME_SLOT_ID=\"ts3\"/>\
        <TIME_SLOT TIME_SLOT_ID=\"ts4\" TIME_VALUE=\"1500\"/></TIME_ORDER>";

    fn note(id: &str, slots: [&str; 2], words: &str) -> String {
        let [from, to] = slots;
        format!(
            "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"{id}\" TIME_SLOT_REF1=\"{from}\" TIME_SLOT_REF2=\"{to}\">\
             <ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        )
    }

    fn below(id: &str, above: &str, words: &str) -> String {
        format!(
            "<ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"{id}\" ANNOTATION_REF=\"{above}\">\
             <ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
        )
    }

    fn tier(attributes: &str, notes: &[String]) -> String {
        format!("<TIER {attributes}>{}</TIER>", notes.concat())
    }

    #[track_caller]
    fn check(tiers: &[String], expected: &str) {
        let file = format!("{HEAD}{}</ANNOTATION_DOCUMENT>", tiers.concat());
        assert_eq!(render(parse(&file)), expected);
        cut_everywhere(file.as_bytes(), "a.eaf");
    }

    #[test]
    fn tiers_are_speakers_in_order_of_time() {
        check(
            &[
                tier(
                    "TIER_ID=\"W\" PARTICIPANT=\"Siân\"",
                    &[
                        note("a1", ["ts1", "ts2"], "It was &lt;odd&gt;,\n I think."),
                        note("a2", ["ts2", "ts3"], "Yes."),
                    ],
                ),
                tier("TIER_ID=\"tx@Ada\"", &[note("a3", ["ts4", "ts2"], "Really?")]),
                tier("TIER_ID=\"gloss\" PARENT_REF=\"W\"", &[below("a4", "a1", "Es war seltsam.")]),
            ],
            "ELAN annotations, a tier for each speaker\nSiân|500-2000|It was <odd>, I think.\n\
             Ada|1500-2000|Really?\nSiân|2000-|Yes.\n\
             warning : 3 words of tiers beside the talk are not read: `gloss`",
        );
    }

    #[test]
    fn where_a_tier_numbers_its_stretches_the_words_stand_below() {
        check(
            &[
                tier("TIER_ID=\"ref@Ada\"", &[note("a1", ["ts1", "ts2"], "Ada.001")]),
                tier(
                    "TIER_ID=\"tx@Ada\" PARENT_REF=\"ref@Ada\"",
                    &[below("a2", "a1", "How was it?")],
                ),
                tier("TIER_ID=\"ps@Ada\" PARENT_REF=\"tx@Ada\"", &[below("a3", "a2", "adv")]),
            ],
            "ELAN annotations, a tier for each speaker\nAda|500-2000|How was it?\n\
             warning : 1 words of tiers beside the talk are not read: `ps@Ada`",
        );
    }
}
