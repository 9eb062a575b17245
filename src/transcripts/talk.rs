//! What the talk of a transcript tells of who asks and who answers.
//!
//! A [`Transcript`] and its language come in; one [`Signs`] a speaker goes out. They
//! are counted once, when a file is read; [`roles`](super::roles) weighs them over the
//! whole study. Questions count without a question mark too, and a question about
//! oneself ("Can I click here?") asks nobody anything. Of languages without a list
//! only question marks, names and the length of turns are known.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::Transcript;
use super::people::name_words;
use crate::base::words_in;
use crate::sources::labels::{Part, is_surname, part_of};

/// What somebody's talk in one transcript tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signs {
    /// Turns that ask the others something, or invite them to tell.
    pub n_asks: u32,
    /// Words for the one who is talked to: `you`, `your`.
    pub n_you: u32,
    /// Words for the one who talks: `I`, `my`.
    pub n_me: u32,
    /// Mentions of others by the words of their labels.
    pub n_names: u32,
    /// Sentences that end in a question mark, and all sentences.
    pub n_questions: [u32; 2],
    /// Their first and their last turn, from 0, among all of the transcript.
    pub turns: [u32; 2],
    /// Whether the first turn is theirs.
    pub opens: bool,
    /// Whether the last turn is theirs.
    pub closes: bool,
    /// Whether the label is no name but words that are also said as such: `User
    /// Interface`.
    pub is_phrase: bool,
    /// The words of the longest turn.
    pub longest: u32,
    /// A number for all words that are said: the same for the same words.
    pub all_words: u64,
    /// The part that somebody claims near the beginning: `I'll be the note taker`.
    pub claims: Option<Part>,
}

/// How people ask in a language. All words are in lower case.
struct Asking {
    code: &'static str,
    me: &'static str,
    you: &'static str,
    /// What questions and invitations begin with.
    starts: &'static str,
    /// What may stand before that.
    leads: &'static str,
}

const ASKING: [Asking; 11] = [
    Asking {
        code: "en",
        me: "i|i'm|i've|i'd|i'll|me|my|mine|myself",
        you: "you|your|yours|yourself|yourselves|you're|you've|you'd|you'll",
        starts: "what|how|when|where|who|why|which|whose|what's|how's|who's|do you|did you|are you|\
            were you|have you|had you|can you|could you|would you|will you|is there|was there|\
            are there|were there|tell me|tell us|tell the|describe|talk me|talk us|talk about|walk me|\
            say more|say a|say something|go on|carry on|go ahead|explain|give me|give us|take me|\
            take us|think back|think about|imagine|let's|i'd like|i'd love|we'd like|we'd love|\
            i would like|i wonder|i wondered|we wondered|i want to ask|i wanted to ask|\
            i was going to ask|i'm interested|i'm curious|i'm wondering|can we|could we|shall we|\
            anything else|any other|please|introduce",
        leads: "and|so|okay|ok|but|well|then|now|right|yes|yeah|great|thanks|thank|sorry|um|uh|er|mm|\
            perhaps|maybe|just|also|good|um|mhm|oh",
    },
    Asking {
        code: "de",
        me: "ich|mir|mich|mein|meine|meinen|meiner|meinem",
        you: "du|dir|dich|dein|deine|deinen|ihnen|ihr|ihre|ihren|ihrem|euch|euer|eure",
        starts: "was|wie|wann|wo|wer|warum|wieso|weshalb|welche|welcher|welches|wen|wem|woran|worin|wozu|\
            wofür|wovon|womit|haben sie|hast du|sind sie|bist du|können sie|kannst du|könnten sie|\
            würden sie|gibt es|gab es|erzählen sie|erzähl|beschreiben sie|beschreib|sagen sie|\
            schildern sie|erklären sie|denken sie|stellen sie|mich würde|mich interessiert|\
            ich würde gern|wenn sie",
        leads: "und|also|okay|ok|aber|ja|gut|genau|dann|mhm|hm|danke|nun|so|äh|ähm",
    },
    Asking {
        code: "fr",
        me: "je|j'ai|j'étais|j'avais|me|moi|mon|ma|mes|m'a",
        you: "vous|votre|vos|tu|te|toi|ton|ta|tes",
        starts: "que|qu'est-ce|qu'est|quoi|comment|quand|où|qui|pourquoi|quel|quelle|quels|quelles|combien|\
            est-ce|avez-vous|êtes-vous|pouvez-vous|pourriez-vous|as-tu|peux-tu|racontez|raconte|\
            décrivez|décris|parlez|parle-moi|dites|dis-moi|expliquez|explique|j'aimerais|je voudrais|\
            y a-t-il",
        leads: "et|alors|donc|mais|bon|oui|d'accord|ok|merci|bien|ben|puis|euh",
    },
    Asking {
        code: "es",
        me: "yo|me|mi|mis|mí|conmigo",
        you: "usted|ustedes|tú|te|ti|tu|tus|vos|su|sus|le",
        starts: "qué|cómo|cuándo|dónde|quién|quiénes|por qué|cuál|cuáles|cuánto|cuántos|cuánta|cuántas|\
            cuénteme|cuéntame|cuéntenos|dígame|dime|hábleme|háblame|describa|describe|explíqueme|\
            explícame|me gustaría|podría|puede|puedes|podrías|hay algo|recuerda",
        leads: "y|entonces|pero|bueno|sí|vale|gracias|muy|bien|pues|ahora|a|de|en|con",
    },
    Asking {
        code: "pt",
        me: "eu|me|meu|minha|meus|minhas|mim|comigo",
        you: "você|vocês|senhor|senhora|seu|sua|seus|suas|te|teu|tua",
        starts: "que|o que|como|quando|onde|quem|por que|porque|qual|quais|quanto|quantos|conte|conta|fale|\
            fala|descreva|diga|explique|gostaria|pode|poderia|há alguma|tem alguma|lembra",
        leads: "e|então|mas|bom|sim|certo|obrigado|obrigada|muito|agora|ok|a|de|em",
    },
    Asking {
        code: "it",
        me: "io|mi|me|mio|mia|miei|mie",
        you: "lei|tu|ti|te|tuo|tua|suo|sua|voi|vi|vostro|vostra|le",
        starts: "che|cosa|che cosa|come|quando|dove|chi|perché|quale|quali|quanto|quanti|mi racconti|\
            raccontami|racconti|mi parli|parlami|mi dica|dimmi|descriva|può|puoi|potrebbe|vorrei|c'è|\
            ci sono|si ricorda",
        leads: "e|allora|ma|bene|sì|ok|grazie|quindi|ecco|poi|a|di|in",
    },
    Asking {
        code: "nl",
        me: "ik|mij|me|mijn",
        you: "u|uw|jij|je|jou|jouw|jullie",
        starts: "wat|hoe|wanneer|waar|wie|waarom|welke|welk|kunt u|kun je|kan je|heeft u|heb je|bent u|\
            ben je|vertel|vertelt|beschrijf|leg|is er|zijn er",
        leads: "en|dus|maar|oké|ok|ja|goed|dan|nou|dank|bedankt",
    },
    Asking {
        code: "sv",
        me: "jag|mig|min|mitt|mina",
        you: "du|dig|din|ditt|dina|ni|er|era",
        starts: "vad|hur|när|var|vem|varför|vilken|vilket|vilka|kan du|har du|är du|berätta|beskriv|finns",
        leads: "och|så|men|okej|ok|ja|bra|då|tack",
    },
    Asking {
        code: "da",
        me: "jeg|mig|min|mit|mine",
        you: "du|dig|din|dit|dine|i|jer|jeres",
        starts: "hvad|hvordan|hvornår|hvor|hvem|hvorfor|hvilken|hvilket|kan du|har du|er du|fortæl|beskriv",
        leads: "og|så|men|okay|ok|ja|godt|da|tak",
    },
    Asking {
        code: "no",
        me: "jeg|meg|min|mitt|mine",
        you: "du|deg|din|ditt|dine|dere",
        starts: "hva|hvordan|når|hvor|hvem|hvorfor|hvilken|hvilket|kan du|har du|er du|fortell|beskriv",
        leads: "og|så|men|ok|okei|ja|bra|da|takk",
    },
    Asking {
        code: "ru",
        me: "я|мне|меня|мной|мой|моя|моё|мои",
        you: "вы|вас|вам|вами|ваш|ваша|ваше|ваши|ты|тебя|тебе|твой|твоя",
        starts: "что|как|когда|где|кто|почему|зачем|какой|какая|какое|какие|сколько|расскажите|\
            расскажи|опишите|скажите|скажи",
        leads: "и|а|но|ну|да|так|хорошо|спасибо|вот|о|в|с",
    },
];

/// How people say which part they play.
const CLAIMS: [&str; 26] = [
    "i'll be the",
    "i'll be your",
    "i will be the",
    "i will be your",
    "i'm the",
    "i'm your",
    "i am the",
    "i am your",
    "ich bin die",
    "ich bin der",
    "je suis le",
    "je suis la",
    "je serai le",
    "je serai la",
    "soy el",
    "soy la",
    "seré el",
    "seré la",
    "sou o",
    "sou a",
    "sono il",
    "sono la",
    "ik ben de",
    "jag är",
    "jeg er",
    "я",
];
/// The turns of a transcript in which people say so.
const OPENING_TURNS: usize = 20;

/// What turns a statement into a question that asks nothing.
const TAGS: [&str; 12] = [
    "you know",
    "know what i mean",
    "you see",
    "if you like",
    "weißt du",
    "wissen sie",
    "tu sais",
    "vous savez",
    "sabes",
    "sabe",
    "weet je",
    "du vet",
];
/// The same, as a sentence of its own.
const LONE_TAGS: [&str; 14] = [
    "right", "okay", "ok", "yeah", "huh", "eh", "hm", "see", "ne", "oder", "gell", "verdad",
    "hein", "no",
];

/// A turn of up to this many words asks if any of its sentences does, or if it tells the
/// other about themselves ("You went into driving after that"); a longer one if it ends
/// so.
const SHORT_TURN: usize = 15;

/// Counts what the talk of every speaker tells. `code` is the language's code of ISO
/// 639-1.
pub fn signs(transcript: &Transcript, code: &str) -> Vec<Signs> {
    let language = ASKING.iter().find(|asking| asking.code == code).map(Lists::new);
    let labels: Vec<Vec<String>> =
        transcript.speakers.iter().map(|speaker| name_words(&speaker.label)).collect();
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (s, words) in labels.iter().enumerate() {
        for word in words.iter().filter(|word| word.chars().count() > 2) {
            named.entry(word).or_default().push(s);
        }
    }
    let mut is_said_small: BTreeMap<&str, bool> = BTreeMap::new();
    let mut signs = vec![Signs::default(); transcript.speakers.len()];
    let mut said = vec![blake3::Hasher::new(); transcript.speakers.len()];
    let (mut lower, mut all_lower) = (String::new(), String::new());
    for (at, turn) in transcript.turns.iter().enumerate() {
        let words = turn.span.of(&transcript.text);
        let said = &mut said[usize::from(turn.speaker)];
        let of_speaker = &mut signs[usize::from(turn.speaker)];
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        of_speaker.turns =
            [if of_speaker.longest == 0 { place } else { of_speaker.turns[0] }, place];
        let told = Told::by(words, language.as_ref());
        of_speaker.n_asks += u32::from(told.asks);
        of_speaker.n_me += told.n_me;
        of_speaker.n_you += told.n_you;
        let n_words = u32::try_from(words_in(words)).unwrap_or(u32::MAX);
        of_speaker.longest = of_speaker.longest.max(n_words);
        if at < OPENING_TURNS {
            of_speaker.claims = of_speaker.claims.or_else(|| claimed(words));
        }
        for sentence in sentences(words).filter(|it| it.contains(char::is_alphabetic)) {
            of_speaker.n_questions[0] += u32::from(has_mark(sentence));
            of_speaker.n_questions[1] += 1;
        }
        for word in words.split(is_between).filter(|word| !word.is_empty()) {
            lower.clear();
            if word.is_ascii() {
                lower.push_str(word);
                lower.make_ascii_lowercase();
            } else {
                lower.push_str(&word.to_lowercase());
            }
            all_lower.push_str(&lower);
            all_lower.push('\0');
            if let Some((known, speakers)) = named.get_key_value(lower.as_str()) {
                if word.starts_with(char::is_lowercase) {
                    is_said_small.insert(known, true);
                } else if !speakers.contains(&usize::from(turn.speaker)) {
                    of_speaker.n_names += 1;
                }
            }
        }
        said.update(all_lower.as_bytes());
        all_lower.clear();
    }
    if let (Some(first), Some(last)) = (transcript.turns.first(), transcript.turns.last()) {
        signs[usize::from(first.speaker)].opens = true;
        signs[usize::from(last.speaker)].closes = true;
    }
    for (signs, said) in signs.iter_mut().zip(said) {
        let first = said.finalize().as_bytes().first_chunk().copied();
        signs.all_words = u64::from_le_bytes(first.unwrap_or_default());
    }
    for (signs, words) in signs.iter_mut().zip(&labels) {
        signs.is_phrase =
            words.len() > 1 && words.iter().all(|word| is_said_small.contains_key(word.as_str()));
    }
    signs
}

/// The part that somebody claims to play: one of those who make the interview, or write
/// it down. A `host` or a `client` may be one elsewhere.
fn claimed(turn: &str) -> Option<Part> {
    let lower = turn.to_lowercase().replace('’', "'");
    let words: Vec<&str> = lower.split(is_between).filter(|word| !word.is_empty()).collect();
    let is_asking = |word: &str| {
        let stems = ["interview", "moder", "facilit", "entrevist", "intervist", "enquêt"];
        stems.iter().any(|stem| word.starts_with(stem))
    };
    let part_at = |at: usize| {
        let (one, two) = (words.get(at)?, words.get(at..at + 2).map(|two| two.join(" ")));
        let is_crew = |word: &str| part_of(word) == Some(Part::Neither) && !is_surname(word);
        if two.is_some_and(|two| is_crew(&two)) || is_crew(one) {
            return Some(Part::Neither);
        }
        (part_of(one) == Some(Part::Asks) && is_asking(one)).then_some(Part::Asks)
    };
    let after = |at: usize| {
        let claim = |claim: &&str| {
            let n = claim.split(' ').count();
            words.get(at..at + n).is_some_and(|words| words.join(" ") == **claim).then_some(n)
        };
        CLAIMS.iter().find_map(claim).map(|n| at + n)
    };
    // `I'll be the secondary interviewer`.
    (0..words.len()).filter_map(after).find_map(|at| part_at(at).or_else(|| part_at(at + 1)))
}

/// Whether a character parts two words.
fn is_between(c: char) -> bool {
    !c.is_alphanumeric() && !matches!(c, '\'' | '’')
}

/// The lists of a language, word by word.
struct Lists(HashMap<&'static str, Use>);

/// What a word is used for.
#[derive(Default)]
struct Use {
    is_me: bool,
    is_you: bool,
    is_lead: bool,
    /// The rest of each start that it begins.
    starts: Vec<Vec<&'static str>>,
}

/// That of all other words.
static NO_USE: Use = Use { is_me: false, is_you: false, is_lead: false, starts: Vec::new() };

impl Lists {
    fn new(asking: &Asking) -> Self {
        let split = |list: &'static str| list.split('|').map(str::trim);
        let mut uses: HashMap<&'static str, Use> = HashMap::new();
        split(asking.me).for_each(|word| uses.entry(word).or_default().is_me = true);
        split(asking.you).for_each(|word| uses.entry(word).or_default().is_you = true);
        split(asking.leads).for_each(|word| uses.entry(word).or_default().is_lead = true);
        for start in split(asking.starts) {
            let mut words = start.split(' ');
            let first = words.next().unwrap_or_default();
            uses.entry(first).or_default().starts.push(words.collect());
        }
        Self(uses)
    }

    fn use_of(&self, word: &str) -> &Use {
        self.0.get(word).unwrap_or(&NO_USE)
    }
}

/// Whether a sentence of words so used begins like a question or an invitation.
fn begins(words: &[&str], uses: &[&Use]) -> bool {
    let n_leads = uses.iter().take(3).take_while(|word| word.is_lead).count();
    let begins = |at: usize| {
        uses.get(at).is_some_and(|first| {
            first.starts.iter().any(|start| words[at + 1..].starts_with(start))
        })
    };
    (0..=n_leads).any(begins)
}

/// A word with plain apostrophes.
fn plain(word: &str) -> Cow<'_, str> {
    if word.contains('’') { Cow::Owned(word.replace('’', "'")) } else { Cow::Borrowed(word) }
}

/// The sentences of a turn, roughly.
fn sentences(turn: &str) -> impl Iterator<Item = &str> {
    turn.split_inclusive(['.', '!', '?', '…', '。', '？', '؟', ';', '\u{37e}'])
}

/// What the words of a turn tell.
#[derive(Default)]
struct Told {
    /// Whether it asks the others something, or invites them to tell.
    asks: bool,
    /// See [`Signs::n_me`], [`Signs::n_you`].
    n_me: u32,
    n_you: u32,
}

impl Told {
    fn by(turn: &str, language: Option<&Lists>) -> Self {
        let mut told = Self::default();
        let (mut n_words, mut any, mut last, mut begins_with_you) = (0, false, false, None);
        for sentence in sentences(turn) {
            let lower = sentence.to_lowercase();
            let lower = plain(&lower);
            let words: Vec<&str> =
                lower.split(is_between).filter(|word| !word.is_empty()).collect();
            if words.is_empty() {
                continue;
            }
            n_words += words.len();
            let uses: Vec<&Use> = language.map_or_else(Vec::new, |lists| {
                words.iter().map(|word| lists.use_of(word)).collect()
            });
            let count =
                |is_so: fn(&Use) -> bool| uses.iter().map(|word| u32::from(is_so(word))).sum();
            let [n_me, n_you]: [u32; 2] = [count(|word| word.is_me), count(|word| word.is_you)];
            told.n_me += n_me;
            told.n_you += n_you;
            last = if has_mark(sentence) {
                let is_about_oneself = n_me > 0 && n_you == 0;
                let joined = words.join(" ");
                let is_tag =
                    TAGS.iter().any(|tag| joined.ends_with(tag)) || LONE_TAGS.contains(&&*joined);
                !is_about_oneself && !is_tag
            } else {
                begins(&words, &uses)
            };
            any |= last;
            begins_with_you.get_or_insert_with(|| {
                let n_leads = uses.iter().take(2).take_while(|word| word.is_lead).count();
                uses.get(n_leads).is_some_and(|word| word.is_you)
            });
        }
        let tells_you = begins_with_you == Some(true) && told.n_me == 0;
        told.asks = last || (n_words <= SHORT_TURN && (any || tells_you));
        told
    }
}

/// Whether a sentence ends in a question mark; the Greek one looks like a semicolon,
/// which elsewhere asks nothing.
fn has_mark(sentence: &str) -> bool {
    let is_greek = |c: char| ('\u{370}'..='\u{3ff}').contains(&c);
    sentence.contains(['?', '？', '؟', '\u{37e}'])
        || (sentence.ends_with(';') && sentence.contains(is_greek))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_say_which_part_they_play() {
        for (turn, expected) in [
            ("And I'm Katie Byer and I'll be the secondary interviewer.", Some(Part::Asks)),
            ("I’ll be the note taker today.", Some(Part::Neither)),
            ("Ich bin die Protokollantin.", Some(Part::Neither)),
            ("I'm the host of a small hotel.", None),
            ("I am the oldest of six.", None),
            ("I'll be the first to say that the interviewer was late.", None),
            ("I'm the", None),
        ] {
            assert_eq!(claimed(turn), expected, "{turn}");
        }
    }

    #[test]
    fn who_asks_is_told_with_and_without_question_marks() {
        let lists = |code: &str| ASKING.iter().find(|asking| asking.code == code).map(Lists::new);
        for (code, turn, expected) in [
            ("en", "And when was that?", true),
            ("en", "Tell me about the first winter", true),
            ("en", "so how did you find out", true),
            ("en", "You mentioned the book.", true),
            ("en", "I'd love to know what they made of it.", true),
            ("en", "Can I click here? No. I'd stop here.", false),
            (
                "en",
                "It was long and I was proud. Isn't that odd? I never noticed, and nobody in that house had ever said a word to me about my hands or about anything at all.",
                false,
            ),
            ("en", "We went home.", false),
            ("en", "It was cold in there, you know?", false),
            ("en", "You were the first, is that right?", true),
            ("de", "Erzählen Sie mal von einem Tag, der gut war.", true),
            ("de", "Dann bin ich gegangen.", false),
            ("es", "Y cuándo se quedó usted con el puesto", true),
            ("fr", "Racontez-moi une journée.", true),
            ("el", "Πώς ήταν η αρχή;", true),
            ("en", "I stayed; it rained.", false),
            ("xx", "Oedd hi'n oer?", true),
        ] {
            assert_eq!(Told::by(turn, lists(code).as_ref()).asks, expected, "{turn}");
        }
    }
}
