//! What may be a speaker's label, and what its words say of who speaks.
//!
//! One rule for all formats. A label has few words and the shape of a name or a
//! role: `Siân Prydderch`, `Dr. O'Neill-Katz`, `Interviewer 2`, `P01`. Whether it is
//! a speaker's is decided by the evidence of a whole file: a shape alone proves
//! nothing, since `He said:` ends in a colon too.

/// The longest label, in characters: f4 and MAXQDA allow no more.
pub(super) const MAX_CHARS: usize = 63;
/// The most words of a label.
pub(super) const MAX_WORDS: usize = 6;

use serde::{Deserialize, Serialize};

/// What the word of a label says of who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Asks: `Interviewer`.
    Asks,
    /// Is asked: `Participant`.
    Answers,
    /// No person of the interview: `Interpreter`, `Recording`.
    Neither,
    /// Mostly asks, unless somebody else does: `Doctor`, `Chair`.
    Leads,
    /// Mostly is asked, or sits beside who is: `Witness`, `Wife`.
    Follows,
    /// A part that says nothing: `Observer`.
    Unsaid,
    /// Whoever it was: `Unknown`, `All`.
    Stray,
    /// Nobody in particular: a label that is given out anew in each file, such as
    /// `Speaker`.
    Anybody,
}

/// Words that stand as a label, by what they say. Those of the first list are a
/// speaker's label wherever they stand, alone or before a short number; those of the
/// second only where they recur.
const WORDS: [(Part, &[&str], &[&str]); 8] = [
    (
        Part::Asks,
        &[
            "interviewer",
            "interviewerin",
            "moderator",
            "researcher",
            "facilitator",
            "host",
            "int",
            "q",
            "i",
            "enquêteur",
            "entrevistador",
            "entrevistadora",
            "intervistatore",
        ],
        &[
            "interviewers",
            "moderatorin",
            "moderatrice",
            "moderadora",
            "moderador",
            "moderatore",
            "modérateur",
            "modératrice",
            "int.",
            "iv",
            "inv",
            "investigator",
            "question",
            "interview",
            "questioner",
            "forscher",
            "forscherin",
            "fragende",
            "fragender",
            "befrager",
            "befragerin",
            "enquêtrice",
            "intervieweur",
            "intervieweuse",
            "chercheur",
            "chercheuse",
            "investigador",
            "investigadora",
            "intervistatrice",
            "ricercatore",
            "ricercatrice",
            "intervjuare",
            "intervjuer",
            "interviewster",
            "onderzoeker",
            "haastattelija",
            "kérdező",
            "kérdezö",
            "intervievator",
            "интервьюер",
            "исследователь",
            "модератор",
            "συνεντευξιαστής",
            "ερευνητής",
            "görüşmeci",
            "المحاور",
            "mediator",
            "pesquisador",
            "pesquisadora",
            "cyfwelydd",
            "cyfwelwr",
            "holwr",
            "presenter",
            "cohost",
            "co-host",
            "anchor",
            "采访者",
            "主持人",
            "インタビュアー",
            "聞き手",
            "면접자",
        ],
    ),
    (
        Part::Answers,
        &["participant", "interviewee", "respondent", "patient", "client", "befragte", "befragter"],
        &[
            "participants",
            "interviewees",
            "narrator",
            "informant",
            "teilnehmer",
            "teilnehmerin",
            "teilnehmende",
            "proband",
            "probandin",
            "interviewte",
            "interviewter",
            "interviewpartner",
            "interviewpartnerin",
            "participante",
            "entrevistado",
            "entrevistada",
            "intervistato",
            "intervistata",
            "enquêté",
            "enquêtée",
            "interviewé",
            "interviewée",
            "répondant",
            "répondante",
            "deltagare",
            "deltaker",
            "deltager",
            "geïnterviewde",
            "respondente",
            "informante",
            "haastateltava",
            "informantka",
            "respondentka",
            "респондент",
            "участник",
            "участница",
            "ερωτώμενος",
            "görüşülen",
            "atebydd",
            "cyfranogwr",
            "受访者",
            "patiente",
            "paciente",
            "paziente",
            "patientin",
            "klient",
            "klientin",
        ],
    ),
    (
        Part::Neither,
        &["note-taker", "notetaker", "interpreter"],
        &[
            "system",
            "recording",
            "automated voice",
            "dolmetscher",
            "dolmetscherin",
            "übersetzer",
            "übersetzerin",
            "interprète",
            "intérprete",
            "interprete",
            "tolk",
            "clerk",
            "stenographer",
            "court reporter",
            "transcriber",
            "transcriptionist",
            "editor",
            "note",
            "notes",
            "nota",
            "anmerkung",
            "remarque",
            "bio",
            "narration",
            "announcer",
            "timekeeper",
            "note taker",
            "protokollant",
            "protokollantin",
            "passer-by",
            "passerby",
            "bystander",
            "operator",
            "technician",
            "cameraman",
            "camera operator",
            "jingle",
            "advert",
            "stage directions",
            "break",
            "intro",
            "outro",
            "intro music",
            "outro music",
            "music",
            "theme music",
            "theme song",
            "theme",
            "ad",
            "ads",
            "ad break",
            "advertisement",
            "commercial",
            "commercial break",
            "sponsor",
            "sponsors",
            "sponsor message",
            "sponsor break",
            "videographer",
            "camera",
            "camera person",
            "cameraperson",
            "camerawoman",
            "sound engineer",
            "audio engineer",
            "producer",
            "categories",
            "retrieved from",
            "minute taker",
            "scribe",
            "voiceover",
            "voice-over",
            "pause",
            "musik",
            "werbung",
            "werbepause",
            "kamera",
            "kameramann",
            "kamerafrau",
            "tontechniker",
            "tontechnikerin",
            "protokoll",
            "protokollführer",
            "protokollführerin",
            "schriftführer",
            "schriftführerin",
            "musique",
            "publicité",
            "générique",
            "caméraman",
            "traducteur",
            "traductrice",
            "preneur de notes",
            "preneuse de notes",
            "música",
            "publicidad",
            "anuncio",
            "camarógrafo",
            "camarógrafa",
            "pausa",
            "publicidade",
            "anúncio",
            "vinheta",
            "cinegrafista",
            "intervalo",
            "musica",
            "pubblicità",
            "sigla",
            "cineoperatore",
            "muziek",
            "reclame",
            "notulist",
            "reklam",
            "musikk",
            "reklame",
            "tolken",
            "музыка",
            "реклама",
            "переводчик",
            "переводчица",
            "оператор",
        ],
    ),
    (
        Part::Leads,
        &["mod", "doctor", "therapist", "teacher"],
        &[
            "physician",
            "gp",
            "clinician",
            "médecin",
            "arzt",
            "ärztin",
            "médico",
            "médica",
            "medico",
            "counselor",
            "counsellor",
            "psychologist",
            "coach",
            "trainer",
            "chair",
            "chairman",
            "chairwoman",
            "chairperson",
            "president",
            "judge",
            "court",
            "counsel",
            "attorney",
            "prosecutor",
            "lawyer",
            "examiner",
            "commissioner",
            "inspector",
            "detective",
            "officer",
            "social worker",
            "tutor",
        ],
    ),
    (
        Part::Follows,
        &["res", "resp", "nurse", "student", "witness", "guest"],
        &[
            "wife",
            "husband",
            "spouse",
            "partner",
            "mother",
            "father",
            "mum",
            "mom",
            "dad",
            "daughter",
            "son",
            "sister",
            "brother",
            "grandmother",
            "grandfather",
            "carer",
            "caregiver",
            "relative",
            "friend",
            "family",
            "guest family",
            "ehefrau",
            "ehemann",
            "mutter",
            "vater",
            "tochter",
            "sohn",
            "témoin",
            "testigo",
            "zeuge",
            "zeugin",
            "pupil",
            "child",
            "defendant",
            "user",
            "audience member",
            "ehepartner",
            "mari",
            "madre",
            "padre",
            "hija",
            "hijo",
        ],
    ),
    (Part::Unsaid, &["observer", "translator"], &[]),
    (
        Part::Stray,
        &["unknown speaker", "unknown"],
        &[
            "call-in user",
            "voice",
            "all",
            "several",
            "unidentified",
            "unidentified speaker",
            "unidentified male",
            "unidentified female",
            "male voice",
            "female voice",
            "male speaker",
            "female speaker",
            "others",
            "everyone",
            "both",
            "group",
            "audience",
            "crowd",
            "unknown male",
            "unknown female",
            "unbekannt",
            "alle",
            "mehrere",
            "inconnu",
            "desconocido",
            "desconocida",
            "voz",
        ],
    ),
    (
        Part::Anybody,
        &["speaker", "a", "r", "p"],
        &[
            "sprecher",
            "sprecherin",
            "locuteur",
            "hablante",
            "person",
            "s",
            "b",
            "c",
            "d",
            "m",
            "f",
            "e",
            "male",
            "female",
            "man",
            "woman",
            "hombre",
            "mujer",
            "homem",
            "mulher",
            "mann",
            "frau",
            "homme",
        ],
    ),
];

/// Words for a part that are surnames too.
const SURNAMES_TOO: [&str; 20] = [
    "host",
    "client",
    "patient",
    "clerk",
    "tolk",
    "anchor",
    "editor",
    "operator",
    "presenter",
    "mediator",
    "note",
    "notes",
    "bio",
    "system",
    "forscher",
    "klient",
    "proband",
    "jingle",
    "producer",
    "camera",
];

/// Words before one for a part that are nobody's first name.
const BEFORE_PARTS: [&str; 24] = [
    "the", "a", "an", "first", "second", "third", "other", "another", "lead", "main", "new",
    "young", "old", "co", "podcast", "der", "die", "den", "le", "la", "el", "il", "lo", "un",
];

/// Words before a colon that are no speakers, however often they recur.
const NO_SPEAKERS: [&str; 46] = [
    "note",
    "notes",
    "date",
    "time",
    "place",
    "location",
    "title",
    "duration",
    "length",
    "subject",
    "topic",
    "project",
    "study",
    "recording",
    "file",
    "filename",
    "audio",
    "video",
    "transcript",
    "transcriber",
    "transcription",
    "transcribed by",
    "version",
    "language",
    "keywords",
    "comment",
    "comments",
    "summary",
    "example",
    "e.g",
    "i.e",
    "http",
    "https",
    "ftp",
    "mailto",
    "www",
    "nb",
    "n.b",
    "ps",
    "p.s",
    "re",
    "attendees",
    "page",
    "url",
    "link",
    "tags",
];

/// Words that begin a clause and no label.
const CLAUSE_STARTS: [&str; 32] = [
    "he", "she", "they", "we", "you", "it", "and", "but", "so", "then", "that", "this", "there",
    "because", "if", "when", "as", "or", "well", "yes", "no", "yeah", "okay", "like", "what",
    "how", "why", "where", "my", "our", "here", "for",
];

/// Words before a colon that tell that somebody is quoted.
const SAYINGS: [&str; 9] = ["said", "says", "say", "asked", "thought", "was", "is", "like", "are"];

/// Words in brackets that tell of a sound or a gap, not of a speaker.
const MARKERS: [&str; 45] = [
    "applause",
    "audio",
    "background",
    "beep",
    "blank",
    "break",
    "chuckle",
    "chuckles",
    "chuckling",
    "cough",
    "coughing",
    "coughs",
    "cross",
    "crosstalk",
    "cries",
    "crying",
    "end",
    "foreign",
    "inaudible",
    "indistinct",
    "laugh",
    "laughing",
    "laughs",
    "laughter",
    "music",
    "noise",
    "noises",
    "overlap",
    "overlapping",
    "overlaps",
    "pause",
    "pauses",
    "phone",
    "redacted",
    "sigh",
    "sighing",
    "sighs",
    "silence",
    "sound",
    "start",
    "unclear",
    "unintelligible",
    "vocalsound",
    "whispers",
    "whispering",
];

/// Small words that are part of a name.
const PARTICLES: [&str; 23] = [
    "de", "da", "di", "du", "van", "von", "der", "den", "la", "le", "al", "el", "ap", "ab", "bin",
    "ibn", "af", "av", "y", "e", "dos", "ten", "ter",
];

/// What a label that is one of the known words says of who speaks; `word` is in lower
/// case.
pub fn part_of(word: &str) -> Option<Part> {
    let holds = |lists: &[&[&str]]| lists.iter().any(|list| list.contains(&word));
    WORDS.iter().find(|(_, sure, more)| holds(&[sure, more])).map(|(part, ..)| *part)
}

/// What a label says of who speaks, as a whole or by one of its words; it is in lower
/// case: `interviewer 1`, `the chair`, `devon ash (interviewer)`.
pub fn part_in(label: &str) -> Option<Part> {
    let is_edge = |c: char| c.is_numeric() || c.is_whitespace() || "#:.()[]_-*".contains(c);
    let bare = label.trim_matches(is_edge);
    let without_number = bare.rsplit_once(' ').filter(|(_, last)| last.chars().count() == 1);
    let whole = part_of(bare).or_else(|| part_of(without_number?.0));
    let one = || {
        let words = || bare.split(is_between);
        // `Interview 9` is a title, and a name may be a common word.
        let is_sure = |part: &Part| matches!(part, Part::Asks | Part::Answers | Part::Neither);
        let long = || {
            words()
                .map(|word| word.trim_end_matches(char::is_numeric))
                .filter(|word| word.len() > 2 && !matches!(*word, "interview" | "question"))
        };
        let told = |word: &str| {
            let part = part_of(word)?;
            Some(if may_be_surname(bare, word) { weaker(part) } else { part })
        };
        long().filter_map(told).find(is_sure).or_else(|| {
            let is_named = words().filter(|word| !word.is_empty()).count() > 2;
            long().filter(|_| !is_named).find_map(told)
        })
    };
    whole.or_else(one)
}

fn is_between(c: char) -> bool {
    !c.is_alphanumeric() && c != '-'
}

/// Whether a word for a part is rather somebody's surname: it ends a name (`Marta
/// Host`, `Frau Tolk`) or begins one that is turned round (`Host, Marta`), and stands
/// in no bracket of its own.
fn may_be_surname(label: &str, word: &str) -> bool {
    if !SURNAMES_TOO.contains(&word) {
        return false;
    }
    let tells_more = |word: &&str| part_of(word).is_none() && !BEFORE_PARTS.contains(word);
    let pieces = || label.split(['(', '[', ',', '/']).map(str::trim);
    let ends_name = |piece: &str| {
        let mut words = piece.split(is_between).filter(|word| !word.is_empty());
        words.next_back() == Some(word) && words.next().is_some_and(|first| tells_more(&first))
    };
    let is_turned = label.split_once(", ").is_some_and(|(last, first)| {
        last == word && !first.contains(' ') && part_of(first).is_none()
    });
    is_turned || pieces().any(ends_name)
}

/// What a word for a part says where it may be a surname: it weighs, and decides nothing.
fn weaker(part: Part) -> Part {
    match part {
        Part::Asks => Part::Leads,
        Part::Answers => Part::Follows,
        Part::Neither => Part::Stray,
        part => part,
    }
}

/// A label as it is compared: without regard to case.
pub(super) fn fold(label: &str) -> String {
    label.to_lowercase()
}

/// Whether a text has the shape of a speaker's label.
pub(super) fn is_label(label: &str) -> bool {
    let folded = fold(label);
    let mut words = folded.split_whitespace();
    let first = words.next().unwrap_or_default();
    let n_more = words.clone().count();
    // `Dr.`, `J.` and `Capt.` end a word; a sentence ends with a longer one.
    let ends_sentence = |word: &str| {
        let is_long = || word.rsplit('.').find(|part| !part.is_empty());
        word.ends_with(['?', '!', ';', '…', '。'])
            || word.contains("...")
            || (word.ends_with('.') && is_long().is_some_and(|part| part.chars().count() > 4))
            || (word.ends_with('.') && word.starts_with(char::is_numeric))
    };
    let is_spelled =
        n_more > 1 && label.starts_with(char::is_lowercase) && part_of(first).is_none();
    !first.is_empty()
        && label.chars().take(MAX_CHARS + 1).count() <= MAX_CHARS
        && n_more < MAX_WORDS
        && label.chars().any(char::is_alphabetic)
        && label.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '<'))
        && !label.contains(['[', ']', '{', '}', '\\', '=', '"'])
        && !folded.split_whitespace().any(ends_sentence)
        && !label.ends_with(',')
        && label.matches(", ").count() < 3
        && !is_field(label)
        && !is_spelled
        && (n_more == 0 || !CLAUSE_STARTS.contains(&first.trim_end_matches(',')))
        && !(n_more > 0 && words.next_back().is_some_and(|last| SAYINGS.contains(&last)))
}

/// Whether a label is the name of a field or a remark: `Date`, `Note`, `e.g.`.
pub(super) fn is_field(label: &str) -> bool {
    NO_SPEAKERS.contains(&fold(label).trim_end_matches('.'))
}

/// Whether a label stands before somebody else's remark on the talk.
pub(super) fn is_aside(label: &str) -> bool {
    let folded = fold(label);
    let bare = folded.trim_end_matches('.');
    ["note", "notes", "bio", "nota", "anmerkung", "remarque"].contains(&bare)
        || bare.ends_with(" note")
}

/// Whether a label may be short for a full name: its initials, or some of its words.
pub(super) fn is_short_for(short: &str, full: &str) -> bool {
    let words = |label: &str| -> Vec<String> {
        let words = fold(label);
        let words = words.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'));
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let (few, all) = (words(short), words(full));
    if all.len() < 2 {
        return false;
    }
    let initials: String = all.iter().filter_map(|word| word.chars().next()).collect();
    let letters = few.concat();
    let is_initials = short.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
        && (2..=4).contains(&letters.chars().count());
    // A middle name may be left out of the full name: `Peter Moss`, `PJM`.
    let ends = |of: &str| (of.chars().next(), of.chars().next_back());
    (few.len() < all.len() && few.iter().all(|word| all.contains(word)))
        || (is_initials && (initials.ends_with(&letters) || ends(&initials) == ends(&letters)))
}

/// Whether the words in a bracket tell of a sound or a gap.
pub(super) fn is_marker(label: &str) -> bool {
    let folded = fold(label);
    folded.split(|sign: char| !sign.is_alphanumeric()).any(|word| MARKERS.contains(&word))
}

/// Whether a label is a role wherever it stands: `Interviewer`, `Speaker 2`, `P01`.
pub(super) fn is_role(label: &str) -> bool {
    let folded = fold(label);
    let bare = folded.trim_end_matches('.');
    let mut sure = WORDS.iter().flat_map(|(_, sure, _)| *sure);
    let is_number = |text: &str| {
        let text = text.trim_start_matches([' ', '_', '-', '#', '\u{a0}']);
        !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let letters = label.len() - label.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
    let is_code = || (1..=3).contains(&letters) && is_number(&label[letters..]);
    sure.any(|word| {
        bare.strip_prefix(word).is_some_and(|rest| {
            let is_letter =
                |rest: &str| matches!(rest.as_bytes(), [byte] if byte.is_ascii_alphabetic());
            let is_counted = || is_number(rest) || rest.strip_prefix(' ').is_some_and(is_letter);
            rest.is_empty() || (word.len() > 2 && is_counted())
        })
    }) || is_code()
}

/// Whether each word of a label could be part of a name: `Ada van Quill`, `王芳`,
/// `Speaker 1`. A note in brackets behind the name does not matter.
pub(super) fn is_name(label: &str) -> bool {
    let name = label.split_once(" (").map_or(label, |(name, _)| name);
    let is_part = |word: &str| {
        !word.starts_with(char::is_lowercase)
            || word.contains(['\'', '’'])
            || PARTICLES.contains(&word)
    };
    !PARTICLES.contains(&name) && name.split([' ', '-']).all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_the_shape_of_names_and_roles() {
        for label in [
            "Siân Prydderch",
            "Dr. O'Neill-Katz",
            "王芳",
            "Prydderch, Siân",
            "P01",
            "ada",
            "’t Hooft",
            "speaker number two",
            "Capt. Quill",
        ] {
            assert!(is_label(label), "{label}");
        }
        for label in [
            "",
            "17",
            "He said",
            "so far",
            "Note",
            "E.G.",
            "It was odd indeed. Ada",
            "one more thing",
            "a, b, c, d",
            "Well...",
            "x = y",
            "One Two Three Four Five Six Seven",
        ] {
            assert!(!is_label(label), "{label}");
        }
        assert!(is_label(&"Q".repeat(MAX_CHARS)) && !is_label(&"Q".repeat(MAX_CHARS + 1)));
    }

    #[test]
    fn roles_are_known_wherever_they_stand() {
        for label in ["Interviewer", "Q", "INT.", "Speaker 2", "P01", "SPEAKER_00", "Speaker B"] {
            assert!(is_role(label), "{label}");
        }
        for label in ["Question", "I1b", "Ada", "Speakers", "P 12345", "Q B"] {
            assert!(!is_role(label), "{label}");
        }
    }

    #[test]
    fn no_word_stands_in_the_list_twice() {
        let words: Vec<&str> =
            WORDS.iter().flat_map(|(_, sure, more)| [*sure, *more].concat()).collect();
        let distinct: std::collections::BTreeSet<&str> = words.iter().copied().collect();
        assert_eq!(distinct.len(), words.len());
    }
}
