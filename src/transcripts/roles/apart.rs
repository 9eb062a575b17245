//! Who speaks in an interview and is nobody who asks or is asked there.
//!
//! The voices of one transcript, or of all, come in; those that are a scrap of another, a
//! recording, a field of the file or a passer-by are set apart: their words are no
//! evidence, and they are not counted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Role, STRAY_SHARE, Voice, is_generic, without_number};
use crate::labels::{Part, part_in};
use crate::transcripts::{TranscriptSpeakers, UNNAMED, normal_label};

/// Nobody who says more than this at once is a scrap that a program heard as another
/// voice.
const SCRAP: u32 = 12;
/// Who says fewer words than this, and less than this share, may be such a scrap, or only
/// stand by.
const FEW_WORDS: f64 = 30.0;
const FEW_SHARE: f64 = 0.01;
/// The fewest words that are the same in several transcripts by no chance.
const RECORDED_WORDS: f64 = 8.0;
/// Who says no more turns than this, and no more than this share of the words of whoever
/// says most, who has so many turns at least, may only stand by.
const BYSTANDER_TURNS: f64 = 4.0;
const BYSTANDER_SHARE: f64 = 0.02;
const INTERVIEW_TURNS: f64 = 10.0;

/// Beside two who talk, a `Speaker 3` of a few words is a scrap of one of them. At a
/// table of more people somebody may be shy.
pub(super) fn set_scraps_apart(
    voices: &mut [Voice],
    transcript: &TranscriptSpeakers<'_>,
    n_words: f64,
) {
    let n_main = voices.iter().filter(|voice| voice.n_words > STRAY_SHARE * n_words).count();
    if n_main != 2 {
        return;
    }
    let is_named = |voice: &&Voice| !is_generic(&normal_label(&voice.name));
    let n_named = voices.iter().filter(is_named).count();
    for voice in voices.iter_mut().filter(|voice| voice.fixed.is_none()) {
        let is_numbered = |&s: &usize| {
            let label = normal_label(&transcript.speakers[s].label);
            let bare = without_number(&label);
            bare.len() > 2 && bare != label && part_in(bare) == Some(Part::Anybody)
        };
        let is_unnamed = voice.name == UNNAMED && voice.n_words <= STRAY_SHARE * n_words;
        let is_scrap = voice.n_words < FEW_WORDS
            && voice.n_words < FEW_SHARE * n_words
            && voice.longest <= SCRAP;
        // Beside people who are known by name, a number is one of them whom a program
        // did not know again.
        let is_slip = n_named > 1
            && voice.n_turns <= BYSTANDER_TURNS
            && voice.n_words <= STRAY_SHARE * n_words;
        if is_unnamed || ((is_scrap || is_slip) && voice.speakers.iter().all(is_numbered)) {
            voice.fix(Role::Other, "a stray voice");
        }
    }
}

/// Who says the same words in several transcripts, and little else is said there twice,
/// is a recording: a sponsor's message.
pub(super) fn set_recordings_apart(files: &mut [Vec<Voice>]) {
    let most = |voices: &[Voice]| {
        let words = voices.iter().max_by(|a, b| a.n_words.total_cmp(&b.n_words));
        words.map_or(0, |voice| voice.all_words)
    };
    let mut said: BTreeMap<u64, (BTreeSet<usize>, BTreeSet<u64>)> = BTreeMap::new();
    let is_little = |voice: &Voice, all: f64| {
        voice.all_words != 0 && (RECORDED_WORDS..=STRAY_SHARE * all).contains(&voice.n_words)
    };
    let all = |voices: &[Voice]| -> f64 { voices.iter().map(|voice| voice.n_words).sum() };
    for (t, voices) in files.iter().enumerate() {
        let all = all(voices);
        for voice in voices.iter().filter(|voice| is_little(voice, all)) {
            let (places, others) = said.entry(voice.all_words).or_default();
            places.insert(t);
            others.insert(most(voices));
        }
    }
    for voices in files.iter_mut() {
        let all = all(voices);
        let open = voices.iter_mut().filter(|voice| voice.fixed.is_none());
        for voice in open.filter(|voice| is_little(voice, all)) {
            // Where everything else is the same too, it is one transcript twice.
            if let Some((places, others)) = said.get(&voice.all_words)
                && others.len() > 1
            {
                let n = places.len();
                voice.fix(Role::Other, format!("says the same words in {n} transcripts"));
            }
        }
    }
}

/// Who says a few turns in the interview of somebody else is not interviewed: a sponsor,
/// a neighbour who comes in, a heading that was read as a name. Where several people
/// answer, whoever is silent is one of them.
pub(super) fn set_bystanders_apart(voices: &mut [Voice], little: &BTreeSet<usize>) {
    let little: BTreeSet<usize> = little.union(&who_says_little(voices)).copied().collect();
    let answers = |v: &usize| voices[*v].fixed.is_none() || voices[*v].is(Role::Participant);
    let mut main = (0..voices.len()).filter(|v| answers(v) && !little.contains(v));
    let (Some(main), None) = (main.next(), main.next()) else { return };
    let name = voices[main].name.clone();
    if voices.iter().any(|voice| voice.is(Role::Interviewer)) {
        for v in little {
            voices[v].fix(Role::Other, format!("says little in the interview of {name}"));
        }
    }
}

/// Those of whom nothing is decided who say a few turns, or a few words, beside somebody who
/// says much: too little to tell that they ask. Who opens or closes the talk may lead it, unless it is
/// known who does.
pub(super) fn who_says_little(voices: &[Voice]) -> BTreeSet<usize> {
    let by_words = |a: &&Voice, b: &&Voice| a.n_words.total_cmp(&b.n_words);
    let Some(main) = voices.iter().max_by(by_words) else { return BTreeSet::new() };
    let asks = |voice: &Voice| {
        voice.fixed.as_ref().is_some_and(|it| it.role == Role::Interviewer && !it.is_doubtful)
    };
    let is_led = voices.iter().any(asks);
    let all: f64 = voices.iter().map(|voice| voice.n_words).sum();
    let is_little = |voice: &Voice| {
        let is_few =
            voice.n_turns <= BYSTANDER_TURNS && voice.n_words <= BYSTANDER_SHARE * main.n_words;
        voice.fixed.is_none()
            && (is_few || (voice.n_words < FEW_WORDS && voice.n_words < FEW_SHARE * all))
            && main.n_turns >= INTERVIEW_TURNS
            && (is_led || !(voice.signs.opens || voice.signs.closes))
    };
    let little: BTreeSet<usize> = (0..voices.len()).filter(|&v| is_little(&voices[v])).collect();
    if voices.len() - little.len() > 1 { little } else { BTreeSet::new() }
}

/// The most words of a field: `Setting: by telephone`.
const FIELD_WORDS: f64 = 12.0;

/// A name under which a few words stand once in each of several interviews of two, or as many
/// each time, is a field of the file, or what stands on its pages, and nobody: `Setting: by
/// telephone`, `Confidential: study 12`.
pub(super) fn set_fields_apart(files: &mut [Vec<Voice>]) {
    let is_field = |voice: &Voice, all: f64| {
        voice.fixed.is_none()
            && f64::from(voice.longest) * voice.n_turns <= voice.n_words
            && f64::from(voice.longest) <= FIELD_WORDS
            && voice.n_words <= STRAY_SHARE * all
            && !is_generic(&normal_label(&voice.name))
    };
    let fields = |voices: &[Voice]| -> Vec<usize> {
        let all: f64 = voices.iter().map(|voice| voice.n_words).sum();
        let found = (0..voices.len()).filter(|&v| is_field(&voices[v], all));
        let found: Vec<usize> = found.collect();
        if voices.len() - found.len() == 2 { found } else { Vec::new() }
    };
    let mut n_files: BTreeMap<String, usize> = BTreeMap::new();
    for voices in files.iter() {
        for v in fields(voices) {
            *n_files.entry(normal_label(&voices[v].name)).or_default() += 1;
        }
    }
    for voices in files.iter_mut() {
        for v in fields(voices) {
            let n = n_files[&normal_label(&voices[v].name)];
            if n > 1 {
                voices[v].fix(Role::Other, format!("a few words, as in {n} transcripts"));
            }
        }
    }
}

/// Who is called `Observer` watches others who say more; alone, they are asked.
pub(super) fn set_observers_apart(voices: &mut [Voice]) {
    let is_one = |voice: &Voice| voice.part == Some(Part::Unsaid);
    let answers =
        |voice: &&Voice| voice.fixed.as_ref().is_none_or(|it| it.role == Role::Participant);
    let asked = voices.iter().filter(|voice| !is_one(voice)).filter(answers);
    let most = asked.map(|voice| voice.n_words).fold(0.0, f64::max);
    let watching = voices.iter_mut().filter(|voice| voice.fixed.is_none() && is_one(voice));
    for voice in watching.filter(|voice| voice.n_words < most) {
        voice.fix(Role::Other, format!("labelled `{}`", normal_label(&voice.name)));
    }
}
