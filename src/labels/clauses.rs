//! Words that begin, end or surround what is no label, and the small ones within names, all in
//! lower case.

/// Words that begin a clause and no label.
pub(super) const CLAUSE_STARTS: [&str; 32] = [
    "he", "she", "they", "we", "you", "it", "and", "but", "so", "then", "that", "this", "there",
    "because", "if", "when", "as", "or", "well", "yes", "no", "yeah", "okay", "like", "what",
    "how", "why", "where", "my", "our", "here", "for",
];

/// Words before a colon that tell that somebody is quoted.
pub(super) const SAYINGS: [&str; 9] =
    ["said", "says", "say", "asked", "thought", "was", "is", "like", "are"];

/// Words in brackets that tell of a sound or a gap, not of a speaker.
pub(super) const MARKERS: [&str; 45] = [
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

/// Small words that begin a surname and are no first name: `De la Cruz`.
pub const SURNAME_STARTS: [&str; 10] =
    ["de", "del", "della", "van", "von", "ten", "ter", "dos", "la", "las"];

/// Other small words that are part of a name; some are first names too, as in `Al Marsh`.
pub(super) const PARTICLES: [&str; 16] = [
    "da", "di", "du", "der", "den", "le", "al", "el", "ap", "ab", "bin", "ibn", "af", "av", "y",
    "e",
];

/// Words by which somebody counts what comes: `First: the rent.`
pub(super) const COUNTS: [&str; 36] = [
    "first",
    "second",
    "third",
    "fourth",
    "firstly",
    "secondly",
    "thirdly",
    "lastly",
    "finally",
    "erstens",
    "zweitens",
    "drittens",
    "viertens",
    "schließlich",
    "premièrement",
    "deuxièmement",
    "troisièmement",
    "enfin",
    "primero",
    "segundo",
    "tercero",
    "primo",
    "secondo",
    "terzo",
    "primeiro",
    "terceiro",
    "первое",
    "второе",
    "третье",
    "во-первых",
    "во-вторых",
    "в-третьих",
    "först",
    "først",
    "eerst",
    "tweede",
];
