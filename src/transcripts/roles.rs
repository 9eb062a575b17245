//! Who interviews and who is interviewed.
//!
//! What is known of the talk of all transcripts comes in; a role for every speaker goes
//! out, with its reason and whether it is in doubt. A role holds in one transcript: who
//! interviews here may be interviewed there. In this order:
//!
//! 1. what people declared, for any label of a person;
//! 2. what the head of the file or the label says, letters only beside their partner;
//! 3. recurrence: who speaks in many transcripts, with ever different partners;
//! 4. asking: turns that ask, short turns, `you` rather than `I`, others called by
//!    their names, the first and the last word; each against the others of the file;
//! 5. who is left is a participant. Where scores are close, nobody interviews;
//! 6. who interviews nearly always elsewhere does so here too, if a guest is there.
//!
//! Interviewers' words are context, never evidence, so a wrong guess here spoils
//! everything after it.

mod apart;
mod partners;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use self::apart::{
    set_bystanders_apart, set_fields_apart, set_observers_apart, set_recordings_apart,
    set_scraps_apart, who_says_little,
};
use self::partners::{count_partners, count_partners_of_codes};
use super::people::People;
use super::talk::Signs;
use super::{TranscriptSpeakers, UNNAMED, normal_label};
use crate::labels::{Part, guessed, is_of_several, part_in, part_of};

/// The part that a speaker plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Asks; context, never evidence.
    Interviewer,
    /// Is asked; the talk that themes come from.
    Participant,
    /// Neither: an interpreter, a passer-by, the system's own messages.
    Other,
}

impl Role {
    /// The word for people and for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interviewer => "interviewer",
            Self::Participant => "participant",
            Self::Other => "other",
        }
    }

    /// Reads a role from what people write in tables.
    pub fn parse(word: &str) -> Option<Self> {
        match normal_label(word).as_str() {
            "interviewer" | "moderator" | "researcher" | "facilitator" => Some(Self::Interviewer),
            "participant" | "interviewee" | "respondent" => Some(Self::Participant),
            "other" | "none" | "ignore" | "interpreter" => Some(Self::Other),
            _ => None,
        }
    }
}

/// A role with the reason for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGuess {
    /// The role.
    pub role: Role,
    /// Why, for people.
    pub reason: String,
    /// Whether the talk leaves it open.
    pub is_doubtful: bool,
    /// Whether a person has said so.
    pub is_declared: bool,
}

impl RoleGuess {
    /// A role that somebody declared, with the place.
    pub fn declared(role: Role, place: &str) -> Self {
        Self { role, reason: place.to_owned(), is_doubtful: false, is_declared: true }
    }
}

/// Whether a label says what somebody does in the interview and not who it is:
/// `Interviewer`, `Participant 2`, `P07`, `Speaker 1`.
pub fn names_a_part(label: &str) -> bool {
    let normal = normal_label(label);
    normal.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(|word| {
        let bare = word.trim_end_matches(|c: char| c.is_numeric());
        bare.chars().count() <= 2 || part_of(bare).is_some_and(|part| part != Part::Unsaid)
    })
}

/// What people declared: the transcript, by its place, or all; normal label → role, and
/// where they said so.
pub type DeclaredRoles = BTreeMap<(Option<usize>, String), RoleGuess>;

/// The score from which whoever asks most interviews.
const ASKS: f64 = 1.0;
/// The score from which this is not in doubt.
const SURELY_ASKS: f64 = 1.7;
/// Of the turns of whoever interviews several people, the share that asks: somebody asks
/// most in every meeting.
const ASKING_TURNS: f64 = 0.3;
/// The score from which it is in doubt whether somebody interviews.
const MAY_ASK: f64 = 0.4;
/// The score by which one interviews who asks most of many.
const ASKS_AMONG_MANY: f64 = 1.4;
/// The score by which a second speaker beside an interviewer must differ from the
/// participants to be one too.
const ASKS_TOO: f64 = 3.0;
/// In so many other transcripts, and three quarters of them, somebody interviews who does
/// so here too.
const HOSTED: usize = 3;
/// What `Doctor` and `Witness` weigh.
const PART_WEIGHT: f64 = 1.5;
/// A stray voice has at most this share of the words.
const STRAY_SHARE: f64 = 0.05;

/// The greatest share of somebody who says that they only write it down, or ask a little.
const CREW_SHARE: f64 = 0.2;

/// From so many people on it is a survey, and nobody interviews.
const SURVEY: usize = 200;

/// One person in one transcript.
#[derive(Debug, Clone)]
struct Voice {
    speakers: Vec<usize>,
    name: String,
    n_turns: f64,
    n_words: f64,
    signs: Sums,
    /// What the person is known by in other transcripts.
    key: Option<String>,
    /// Whether it is a full name.
    is_named: bool,
    part: Option<Part>,
    fixed: Option<RoleGuess>,
    /// Partners who come less often, where they have most of the partners' words.
    n_partners: usize,
    n_files: usize,
    /// What other transcripts and the label add to the score.
    prior: f64,
    /// What tells the words from all others; 0 of more than one label.
    all_words: u64,
    longest: u32,
    /// The part that they claim, if that decides the role.
    claims: Option<Part>,
}

/// Signs added up over the labels of a person.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    asks: f64,
    you: f64,
    me: f64,
    names: f64,
    opens: bool,
    closes: bool,
}

impl Voice {
    /// How much somebody behaves like the one who asks, in the units of a logarithm of
    /// odds; only differences within a transcript mean anything.
    fn score(&self) -> f64 {
        let Sums { asks, you, me, names, opens, closes } = self.signs;
        let often = ((asks + 0.5) / (self.n_turns - asks + 1.0)).ln();
        let short = -((self.n_words + 20.0) / (self.n_turns + 1.0)).ln();
        let turned = ((you + 1.0) / (me + 1.0)).ln();
        1.1 * often
            + 0.6 * short
            + 0.5 * turned
            + 0.3 * (1.0 + names.min(6.0)).ln()
            + 0.3 * f64::from(opens)
            + 0.3 * f64::from(closes)
    }

    /// How much more somebody asks than another, less where few turns tell it.
    fn asks_more_than(&self, other: &Self) -> f64 {
        let n = self.n_turns.min(other.n_turns);
        (self.score() - other.score()).clamp(-6.0, 6.0) * n / (n + 1.0)
    }

    fn is(&self, role: Role) -> bool {
        self.fixed.as_ref().is_some_and(|fixed| fixed.role == role)
    }

    fn is_declared(&self) -> bool {
        self.fixed.as_ref().is_some_and(|fixed| fixed.is_declared)
    }

    fn fix(&mut self, role: Role, reason: impl Into<String>) {
        let reason = reason.into();
        self.fixed = Some(RoleGuess { role, reason, is_doubtful: false, is_declared: false });
    }

    fn doubt(&mut self, role: Role, reason: impl Into<String>) {
        let reason = reason.into();
        self.fixed = Some(RoleGuess { role, reason, is_doubtful: true, is_declared: false });
    }
}

/// Says the role of every speaker of every transcript; the answer has their shape.
pub(super) fn guess_roles(
    transcripts: &[TranscriptSpeakers<'_>],
    people: &People,
    declared: &DeclaredRoles,
) -> Vec<Vec<RoleGuess>> {
    let mut files: Vec<Vec<Voice>> =
        (0..transcripts.len()).map(|t| voices(t, transcripts, people, declared)).collect();
    set_recordings_apart(&mut files);
    set_fields_apart(&mut files);
    count_partners(&mut files);
    count_partners_of_codes(&mut files);
    weigh_other_files(&mut files);
    let is_told = |voices: &Vec<Voice>| voices.iter().map(|voice| voice.fixed.is_some()).collect();
    let told: Vec<Vec<bool>> = files.iter().map(is_told).collect();
    for voices in &mut files {
        decide(voices, transcripts.len());
    }
    carry_over(&mut files, &told);
    doubt_lone_interviewers(&mut files);
    let pairs = transcripts.iter().zip(&files);
    pairs
        .map(|(transcript, voices)| {
            let mut roles = vec![None; transcript.speakers.len()];
            for voice in voices {
                for &s in &voice.speakers {
                    roles[s].clone_from(&voice.fixed);
                }
            }
            roles.into_iter().map(|role| role.unwrap_or_else(unclear)).collect()
        })
        .collect()
}

fn unclear() -> RoleGuess {
    let reason = "it is not clear who asks".to_owned();
    RoleGuess { role: Role::Participant, reason, is_doubtful: true, is_declared: false }
}

/// Who interviews nearly always does so too where they tell more than they ask, if a guest
/// is there. `told` are those of whom the file or a person says it.
fn carry_over(files: &mut [Vec<Voice>], told: &[Vec<bool>]) {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for voice in files.iter().flatten() {
        let Some(key) = &voice.key else { continue };
        let count = counts.entry(key.clone()).or_default();
        *count = (count.0 + usize::from(voice.is(Role::Interviewer)), count.1 + 1);
    }
    let asks = |voice: &Voice| voice.key.as_ref().map_or((0, 1), |key| counts[key]);
    for (voices, told) in files.iter_mut().zip(told) {
        let is_guest = |voice: &Voice| voice.is(Role::Participant) && asks(voice).0 == 0;
        if !voices.iter().any(is_guest) {
            continue;
        }
        for (voice, _) in voices.iter_mut().zip(told).filter(|(_, told)| !**told) {
            let (n_asks, n) = asks(voice);
            if voice.is(Role::Participant) && n_asks >= HOSTED && n_asks * 4 >= (n - 1) * 3 {
                voice.doubt(Role::Interviewer, format!("interviews in {n_asks} other transcripts"));
            }
        }
    }
}

/// Who speaks alone in one transcript and interviews in another was hardly interviewed there:
/// rather nobody read who answers.
fn doubt_lone_interviewers(files: &mut [Vec<Voice>]) {
    let of = |voice: &Voice| voice.key.clone().filter(|_| voice.is(Role::Interviewer));
    let interviewers: BTreeSet<String> = files.iter().flatten().filter_map(of).collect();
    for voices in files {
        if let [alone] = &mut voices[..]
            && alone.is(Role::Participant)
            && !alone.is_declared()
            && alone.key.as_ref().is_some_and(|key| interviewers.contains(key))
        {
            alone.doubt(Role::Participant, "speaks alone, and interviews elsewhere");
        }
    }
}

/// The people of one transcript, with what is declared or written about their roles.
fn voices(
    t: usize,
    transcripts: &[TranscriptSpeakers<'_>],
    people: &People,
    declared: &DeclaredRoles,
) -> Vec<Voice> {
    let transcript = &transcripts[t];
    let mut voices: Vec<Voice> = Vec::new();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    for (s, speaker) in transcript.speakers.iter().enumerate() {
        let first = people.first[t][s];
        let place = *places.entry(first).or_insert_with(|| {
            let named = people.keys[t][s].clone();
            let normal = normal_label(&speaker.label);
            let is_own = !is_generic(&normal) && speaker.label != UNNAMED;
            voices.push(Voice {
                speakers: Vec::new(),
                name: people.names[t][s].clone(),
                n_turns: 0.0,
                n_words: 0.0,
                signs: Sums::default(),
                is_named: named.is_some(),
                key: named.or_else(|| is_own.then_some(normal)),
                part: None,
                fixed: None,
                n_partners: 0,
                n_files: 1,
                prior: 0.0,
                all_words: 0,
                longest: 0,
                claims: None,
            });
            voices.len() - 1
        });
        let voice = &mut voices[place];
        let signs = transcript.signs.get(s).copied().unwrap_or_default();
        let Signs { n_asks, n_you, n_me, n_names, opens, closes, .. } = signs;
        voice.speakers.push(s);
        voice.all_words = if voice.speakers.len() == 1 { signs.all_words } else { 0 };
        voice.longest = voice.longest.max(signs.longest);
        voice.claims = voice.claims.or(signs.claims);
        voice.n_turns += f64::from(speaker.n_turns);
        voice.n_words += f64::from(speaker.n_words);
        voice.signs.asks += f64::from(n_asks);
        voice.signs.you += f64::from(n_you);
        voice.signs.me += f64::from(n_me);
        voice.signs.names += f64::from(n_names);
        voice.signs.opens |= opens;
        voice.signs.closes |= closes;
    }
    let labels = |voice: &Voice| -> Vec<String> {
        voice.speakers.iter().map(|&s| normal_label(&transcript.speakers[s].label)).collect()
    };
    let beside = Beside::new(transcript);
    let n_words: f64 = voices.iter().map(|voice| voice.n_words).sum();
    for voice in &mut voices {
        let is_little = voice.n_words <= CREW_SHARE * n_words;
        let claims = voice.claims.take().filter(|_| is_little);
        let mut labels = labels(voice);
        labels.push(normal_label(&voice.name));
        if labels.iter().any(|label| guessed(label).is_none()) {
            labels.retain(|label| guessed(label).is_none());
        }
        // How somebody says it once is no part: `Ada (after a long pause)` beside `Ada`.
        let is_remark = |label: &String| {
            label.split_once(" (").is_some_and(|(bare, note)| {
                labels.iter().any(|other| other == bare)
                    && part_of(note.trim_end_matches(')')).is_none()
            })
        };
        let remarks: Vec<bool> = labels.iter().map(is_remark).collect();
        let mut is_remark = remarks.into_iter();
        labels.retain(|_| !is_remark.next().unwrap_or_default());
        let told = [Some(t), None].iter().find_map(|place| {
            labels.iter().find_map(|label| declared.get(&(*place, label.clone())))
        });
        if let Some(told) = told {
            voice.fixed = Some(told.clone());
            continue;
        }
        if labels.iter().all(|label| is_of_several(label, &beside.whole)) {
            voice.fix(Role::Other, "several people at once");
            continue;
        }
        let told = |label: &String| {
            if guessed(label).is_some() {
                return Some(Part::Stray);
            }
            let letter = beside.letter(label);
            letter.or_else(|| part_in(label).filter(|part| *part != Part::Anybody))
        };
        let parts: Vec<Part> = labels.iter().filter_map(told).collect();
        let is_sure = |part: &&Part| matches!(part, Part::Asks | Part::Answers);
        let part = parts.iter().find(is_sure).or(parts.first()).copied();
        voice.part = part;
        let telling = labels.iter().find(|label| part.is_some() && told(label) == part);
        let quoted = telling.or(labels.first()).cloned().unwrap_or_default();
        let in_head = people.in_head[t].iter().position(|s| *s == voice.speakers.first().copied());
        let named = in_head.map(|at| &transcript.named[at]);
        match (part, named) {
            (Some(Part::Neither), _) => voice.fix(Role::Other, format!("labelled `{quoted}`")),
            (Some(Part::Stray), _) if voice.n_words <= STRAY_SHARE * n_words => {
                voice.fix(Role::Other, "a stray voice");
            }
            (_, Some(named)) if named.part == Part::Asks => {
                voice.fix(Role::Interviewer, "named as interviewer at the head of the file");
            }
            (_, Some(named)) if named.part == Part::Neither => {
                voice.fix(Role::Other, "takes no part, by the head of the file");
            }
            (_, Some(_)) => {
                voice.fix(Role::Participant, "named as interviewed at the head of the file");
            }
            (Some(Part::Asks), _) => voice.fix(Role::Interviewer, format!("labelled `{quoted}`")),
            (Some(Part::Answers), _) => {
                voice.fix(Role::Participant, format!("labelled `{quoted}`"));
            }
            _ if beside.is_court => {
                voice.fix(Role::Other, "speaks in court beside `Q` and `A`");
            }
            _ if claims == Some(Part::Asks) => {
                voice.fix(Role::Interviewer, "says that they interview");
                voice.claims = claims;
            }
            _ if claims.is_some() => {
                voice.fix(Role::Other, "says that they help with the interview");
            }
            (Some(Part::Leads), _) => voice.prior = PART_WEIGHT,
            (Some(Part::Follows), _) => voice.prior = -PART_WEIGHT,
            _ => {}
        }
    }
    set_scraps_apart(&mut voices, transcript, n_words);
    turn_letters(&mut voices, transcript);
    voices
}

/// The shares of turns that ask from which on who is called `R` asks `I`, and below which
/// `I` does not; and the fewest turns that tell it.
const R_ASKS: f64 = 0.5;
const I_ASKS: f64 = 0.1;
const TELLING_TURNS: f64 = 5.0;

/// Of two who are single letters, `I` is asked where the other one asks all the time: a
/// researcher and an interviewee.
fn turn_letters(voices: &mut [Voice], transcript: &TranscriptSpeakers<'_>) {
    let is_letter = |voice: &Voice| {
        let labels = voice.speakers.iter().map(|&s| normal_label(&transcript.speakers[s].label));
        labels.into_iter().all(|label| without_number(&label).chars().count() == 1)
    };
    let [one, other] = voices else { return };
    let (asks, asked) = if one.is(Role::Interviewer) { (one, other) } else { (other, one) };
    let share = |voice: &Voice| voice.signs.asks / voice.n_turns.max(1.0);
    if asks.is(Role::Interviewer)
        && !asks.is_declared()
        && !asked.is_declared()
        && is_letter(asks)
        && is_letter(asked)
        && asks.n_turns.min(asked.n_turns) >= TELLING_TURNS
        && share(asked) >= R_ASKS
        && share(asks) < I_ASKS
    {
        asks.doubt(Role::Participant, "is asked all the time");
        asked.doubt(Role::Interviewer, "asks all the time");
    }
}

/// What single letters may mean beside the other labels of a transcript.
struct Beside {
    /// The labels.
    whole: BTreeSet<String>,
    /// The labels without numbers.
    labels: BTreeSet<String>,
    somebody_asks: bool,
    /// Whether `Q` and `A` stand beside the court or its witness.
    is_court: bool,
}

impl Beside {
    fn new(transcript: &TranscriptSpeakers<'_>) -> Self {
        let normal = transcript.speakers.iter().map(|speaker| normal_label(&speaker.label));
        let whole: BTreeSet<String> = normal.collect();
        let labels: BTreeSet<String> =
            whole.iter().map(|label| without_number(label).to_owned()).collect();
        let has = |label: &str| labels.contains(label);
        let asks = |label: &&String| part_in(label) == Some(Part::Asks);
        // Beside `E`, who asks in one language and is asked in others, so is `I`.
        let somebody_asks = labels.iter().filter(asks).any(|label| label != "i" || !has("e"));
        let is_court = has("q") && has("a") && (has("the court") || has("the witness"));
        Self { whole, labels, somebody_asks, is_court }
    }

    /// What a letter says: `R` answers `I` and `Q`; alone it says nothing. Between `R` and
    /// `P`, `I` and `E` the talk decides: what they stand for differs from language to
    /// language (`P: pregunta`, `E: enquêteur`, `E: entrevistado`).
    fn letter(&self, label: &str) -> Option<Part> {
        let bare = without_number(label);
        let has = |words: &[&str]| words.iter().any(|word| self.labels.contains(*word));
        match bare {
            "a" if has(&["q"]) => Some(Part::Answers),
            "r" | "p" | "b" if self.somebody_asks => Some(Part::Answers),
            "m" | "f" | "i" if self.somebody_asks => None,
            "r" | "m" | "f" if has(&["p"]) => Some(Part::Leads),
            "i" if has(&["e"]) => Some(Part::Leads),
            // A teacher among students.
            "t" if has(&["s"]) => Some(Part::Leads),
            "p" | "b" if has(&["r", "m", "f"]) || (bare == "p" && bare != label) => {
                Some(Part::Follows)
            }
            _ => None,
        }
    }
}

fn without_number(label: &str) -> &str {
    label.trim_end_matches(|c: char| c.is_numeric() || ".:_- ".contains(c))
}

/// Adds to everybody's score what recurrence says, and how they ask in other transcripts.
fn weigh_other_files(files: &mut [Vec<Voice>]) {
    let mut by_key: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let lead = |voices: &[Voice], v: usize| {
        if voices.len() > SURVEY {
            return None;
        }
        let others =
            voices.iter().enumerate().filter(|(other, voice)| *other != v && voice.n_turns > 1.0);
        others.map(|(_, other)| voices[v].asks_more_than(other)).reduce(f64::min)
    };
    for voices in files.iter() {
        for (v, voice) in voices.iter().enumerate() {
            if let (Some(key), Some(lead)) = (&voice.key, lead(voices, v)) {
                let sum = by_key.entry(key.clone()).or_default();
                *sum = (sum.0 + lead, sum.1 + 1.0);
            }
        }
    }
    for voices in files.iter_mut() {
        for v in 0..voices.len() {
            let recurs = if voices[v].n_partners > 1 {
                0.9 * voices[v].n_partners.min(4) as f64
            } else {
                0.0
            };
            let own = lead(voices, v);
            // Who interviews many may be interviewed once.
            let recurs = if own.is_some_and(|own| own < -2.0) { 0.4 * recurs } else { recurs };
            let voice = &mut voices[v];
            let elsewhere = voice.key.as_ref().and_then(|key| by_key.get(key)).zip(own);
            let asks = match elsewhere {
                // Initials alone may be two people.
                Some(((sum, n), own)) if *n > 1.0 && (voice.is_named || recurs > 0.0) => {
                    // What is clear here need not be told by what happens elsewhere.
                    let open = (1.0 - own.abs() / 2.0).max(0.0);
                    open * (0.5 * (sum - own) / (n - 1.0)).clamp(-1.5, 1.5)
                }
                _ => 0.0,
            };
            voice.prior += recurs + asks;
        }
    }
}

/// Decides on all people of a transcript.
fn decide(voices: &mut [Voice], n_transcripts: usize) {
    let little = who_says_little(voices);
    let is_open = |v: &usize| voices[*v].fixed.is_none() && !little.contains(v);
    let open: Vec<usize> = (0..voices.len()).filter(is_open).collect();
    let with = |voices: &[Voice], role: Role| -> Vec<usize> {
        (0..voices.len()).filter(|&v| voices[v].is(role)).collect()
    };
    let (mut asking, asked) = (with(voices, Role::Interviewer), with(voices, Role::Participant));
    // Who says that they interview too does not tell who else does.
    asking.retain(|&v| voices[v].claims.is_none());
    let total = |voices: &[Voice], v: usize, other: usize| {
        voices[v].asks_more_than(&voices[other]) + voices[v].prior - voices[other].prior
    };
    let least = |voices: &[Voice], v: usize, others: &[usize]| {
        let others = others.iter().filter(|other| **other != v);
        others.map(|&other| total(voices, v, other)).reduce(f64::min)
    };
    let others: Vec<usize> = open.iter().chain(&asked).copied().collect();
    if open.len() > SURVEY {
        // Nobody.
    } else if !asking.is_empty() {
        for &v in &open {
            if least(voices, v, &others).is_some_and(|lead| lead >= ASKS_TOO) {
                let reason = why(&voices[v], n_transcripts);
                voices[v].doubt(Role::Interviewer, reason);
            }
        }
    } else if asked.is_empty() && open.len() > 2 {
        ask_among_many(voices, &open, &total, n_transcripts);
    } else if let Some((first, lead)) = first_of(&open, |v| least(voices, v, &others)) {
        // Beside one whose label says `interviewee`, the only other one asks.
        let bar = match (asked.is_empty(), open.len()) {
            (true, _) => ASKS,
            (false, 1) => -1.0,
            (false, _) => MAY_ASK,
        };
        let reason = why(&voices[first], n_transcripts);
        if lead >= bar && (lead >= SURELY_ASKS || !asked.is_empty()) {
            voices[first].fix(Role::Interviewer, reason);
        } else if lead >= bar {
            voices[first].doubt(Role::Interviewer, reason);
        } else if lead >= MAY_ASK {
            for &v in &open {
                voices[v].fixed = Some(unclear());
            }
        }
    }
    set_bystanders_apart(voices, &little);
    set_observers_apart(voices);
    finish(voices);
}

/// The one of the greatest score.
fn first_of(open: &[usize], score: impl Fn(usize) -> Option<f64>) -> Option<(usize, f64)> {
    let scored = open.iter().filter_map(|&v| Some((v, score(v)?)));
    scored.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Among three or more: those above the widest gap between the scores interview, be it
/// one moderator, or a court with both sides.
fn ask_among_many(
    voices: &mut [Voice],
    open: &[usize],
    total: &dyn Fn(&[Voice], usize, usize) -> f64,
    n_transcripts: usize,
) {
    // Scores are told against whoever talks most: most often somebody who answers.
    let by_words = |a: &&usize, b: &&usize| voices[**a].n_words.total_cmp(&voices[**b].n_words);
    let Some(&most) = open.iter().max_by(by_words) else { return };
    let mut ranked: Vec<(usize, f64)> =
        open.iter().map(|&v| (v, if v == most { 0.0 } else { total(voices, v, most) })).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let gaps = ranked.windows(2).map(|pair| pair[0].1 - pair[1].1).enumerate();
    let Some((last, gap)) = gaps.reduce(|best, next| if next.1 > best.1 { next } else { best })
    else {
        return;
    };
    let may_ask = |voice: &Voice| {
        voice.n_partners > 1
            || voice.part == Some(Part::Leads)
            || voice.signs.asks >= ASKING_TURNS * voice.n_turns
    };
    // Of several who ask alike, more must set them apart.
    if gap < if last == 0 { ASKS_AMONG_MANY } else { SURELY_ASKS } {
        return;
    }
    for &(v, _) in &ranked[..=last] {
        let reason = why(&voices[v], n_transcripts);
        if !may_ask(&voices[v]) {
            continue;
        }
        if gap >= SURELY_ASKS && last == 0 {
            voices[v].fix(Role::Interviewer, reason);
        } else {
            voices[v].doubt(Role::Interviewer, reason);
        }
    }
}

/// Why somebody is taken for the interviewer, for people.
fn why(voice: &Voice, n_transcripts: usize) -> String {
    if voice.n_partners > 1 {
        return format!(
            "speaks in {} of {n_transcripts} transcripts, each time with somebody else",
            voice.n_files
        );
    }
    "asks the most".to_owned()
}

/// Makes participants of all who are left, and of somebody at least.
fn finish(voices: &mut [Voice]) {
    let asking: Vec<&str> = voices
        .iter()
        .filter(|voice| voice.is(Role::Interviewer))
        .map(|voice| voice.name.as_str())
        .collect();
    let reason = (!asking.is_empty()).then(|| format!("talks with {}", asking.join(" and ")));
    let is_alone = voices.len() == 1;
    for voice in voices.iter_mut().filter(|voice| voice.fixed.is_none()) {
        match &reason {
            Some(reason) => voice.fix(Role::Participant, reason.clone()),
            None if is_alone => voice.fix(Role::Participant, "speaks alone"),
            None => voice.fix(Role::Participant, "nobody asks much more than the others"),
        }
    }
    let nobody = !voices.iter().any(|voice| voice.is(Role::Participant));
    if nobody && !voices.iter().any(Voice::is_declared) {
        // Somebody must be interviewed: whoever talks most, unless people said otherwise.
        let most = (0..voices.len())
            .max_by(|a, b| voices[*a].n_words.total_cmp(&voices[*b].n_words).then(b.cmp(a)));
        if let Some(most) = most {
            let reason = "nobody else is interviewed here";
            if voices[most].part == Some(Part::Asks) {
                // Who answers is not named: what is said may be both.
                voices[most].doubt(Role::Participant, reason);
            } else {
                voices[most].fix(Role::Participant, reason);
            }
        }
    }
}

/// Whether a label is given out anew in each file: a part, a number, a code.
pub fn is_generic(normal: &str) -> bool {
    let bare =
        normal.trim_matches(|c: char| c.is_numeric() || c.is_whitespace() || "#:._-".contains(c));
    let last_word = bare.rsplit(' ').next().unwrap_or_default();
    bare.chars().count() < 2
        || (bare.contains(' ') && last_word.chars().count() < 2)
        || normal.chars().any(char::is_numeric)
        || part_of(bare).is_some()
}

#[cfg(test)]
mod tests;
