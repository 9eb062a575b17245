//! What tells that somebody asks: by language, the words for who talks and for who is talked
//! to, and what questions and invitations begin with.
//!
//! What is said in one turn comes in; whether it asks goes out ([`Told`]). Questions count
//! without a question mark too, and a question about oneself ("Can I click here?") asks nobody
//! anything. Of languages without a list only question marks are known.

use std::borrow::Cow;

use crate::base::Table;

/// The word for a question, as it stands before a number.
pub(crate) const QUESTION: [&str; 14] = [
    "question",
    "frage",
    "pregunta",
    "domanda",
    "pergunta",
    "vraag",
    "fråga",
    "spørgsmål",
    "spørsmål",
    "вопрос",
    "cwestiwn",
    "pytanie",
    "kysymys",
    "q",
];

/// How people ask in a language. All words are in lower case.
struct Asking {
    code: &'static str,
    me: &'static str,
    we: &'static str,
    you: &'static str,
    /// What questions and invitations begin with.
    starts: &'static str,
    /// What may stand before that.
    leads: &'static str,
}

const ASKING: [Asking; 13] = [
    Asking {
        code: "en",
        me: "i|i'm|i've|i'd|i'll|me|my|mine|myself",
        we: "we|us|our|ours|we'd|we're|we've",
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
        we: "wir|uns|unser|unsere|unseren",
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
        we: "nous|notre|nos",
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
        we: "nosotros|nosotras|nos|nuestro|nuestra",
        you: "usted|ustedes|tú|te|ti|tu|tus|vos|su|sus|le",
        starts: "qué|cómo|cuándo|dónde|quién|quiénes|por qué|cuál|cuáles|cuánto|cuántos|cuánta|cuántas|\
            cuénteme|cuéntame|cuéntenos|dígame|dime|hábleme|háblame|describa|describe|explíqueme|\
            explícame|me gustaría|podría|puede|puedes|podrías|hay algo|recuerda",
        leads: "y|entonces|pero|bueno|sí|vale|gracias|muy|bien|pues|ahora|a|de|en|con",
    },
    Asking {
        code: "pt",
        me: "eu|me|meu|minha|meus|minhas|mim|comigo",
        we: "nós|nos|nosso|nossa|nossos",
        you: "você|vocês|senhor|senhora|seu|sua|seus|suas|te|teu|tua",
        starts: "que|o que|como|quando|onde|quem|por que|porque|qual|quais|quanto|quantos|conte|conta|fale|\
            fala|descreva|diga|explique|gostaria|pode|poderia|há alguma|tem alguma|lembra",
        leads: "e|então|mas|bom|sim|certo|obrigado|obrigada|muito|agora|ok|a|de|em",
    },
    Asking {
        code: "it",
        me: "io|mi|me|mio|mia|miei|mie",
        we: "noi|ci|nostro|nostra|nostri",
        you: "lei|tu|ti|te|tuo|tua|suo|sua|voi|vi|vostro|vostra|le",
        starts: "che|cosa|che cosa|come|quando|dove|chi|perché|quale|quali|quanto|quanti|mi racconti|\
            raccontami|racconti|mi parli|parlami|mi dica|dimmi|descriva|può|puoi|potrebbe|vorrei|c'è|\
            ci sono|si ricorda",
        leads: "e|allora|ma|bene|sì|ok|grazie|quindi|ecco|poi|a|di|in",
    },
    Asking {
        code: "nl",
        me: "ik|mij|me|mijn",
        we: "wij|we|ons|onze",
        you: "u|uw|jij|je|jou|jouw|jullie",
        starts: "wat|hoe|wanneer|waar|wie|waarom|welke|welk|kunt u|kun je|kan je|heeft u|heb je|bent u|\
            ben je|vertel|vertelt|beschrijf|leg|is er|zijn er",
        leads: "en|dus|maar|oké|ok|ja|goed|dan|nou|dank|bedankt",
    },
    Asking {
        code: "sv",
        me: "jag|mig|min|mitt|mina",
        we: "vi|oss|vår|vårt|våra",
        you: "du|dig|din|ditt|dina|ni|er|era",
        starts: "vad|hur|när|var|vem|varför|vilken|vilket|vilka|kan du|har du|är du|berätta|beskriv|finns",
        leads: "och|så|men|okej|ok|ja|bra|då|tack",
    },
    Asking {
        code: "da",
        me: "jeg|mig|min|mit|mine",
        we: "vi|os|vores",
        you: "du|dig|din|dit|dine|i|jer|jeres",
        starts: "hvad|hvordan|hvornår|hvor|hvem|hvorfor|hvilken|hvilket|kan du|har du|er du|fortæl|beskriv",
        leads: "og|så|men|okay|ok|ja|godt|da|tak",
    },
    Asking {
        code: "no",
        me: "jeg|meg|min|mitt|mine",
        we: "vi|oss|vår|vårt|våre",
        you: "du|deg|din|ditt|dine|dere",
        starts: "hva|hvordan|når|hvor|hvem|hvorfor|hvilken|hvilket|kan du|har du|er du|fortell|beskriv",
        leads: "og|så|men|ok|okei|ja|bra|da|takk",
    },
    Asking {
        code: "ru",
        me: "я|мне|меня|мной|мой|моя|моё|мои",
        we: "мы|нас|нам|нами|наш|наша|наше|наши",
        you: "вы|вас|вам|вами|ваш|ваша|ваше|ваши|ты|тебя|тебе|твой|твоя",
        starts: "что|как|когда|где|кто|почему|зачем|какой|какая|какое|какие|сколько|расскажите|\
            расскажи|опишите|скажите|скажи",
        leads: "и|а|но|ну|да|так|хорошо|спасибо|вот|о|в|с",
    },
    Asking {
        code: "pl",
        me: "ja|mnie|mi|mną|mój|moja|moje|moi|moją|mojego|mojej|jestem|byłem|byłam|miałem|miałam|mam",
        we: "my|nas|nam|nami|nasz|nasza|nasze|nasi",
        you: "pan|pani|pana|panu|panem|panią|państwo|państwa|państwu|ty|ciebie|tobie|cię|ci|twój|\
            twoja|twoje|wy|was|wam",
        starts: "co|jak|kiedy|gdzie|kto|kogo|komu|dlaczego|czemu|czy|jaki|jaka|jakie|który|która|które|ile|\
            skąd|proszę|niech",
        leads: "a|i|no|więc|ale|to|tak|dobrze|dziękuję|o|w|z|na|do",
    },
    Asking {
        code: "cs",
        me: "já|mě|mi|mně|mnou|můj|moje|moji|mého|jsem|bych",
        we: "my|nás|nám|námi|náš|naše|naši|jsme|bychom",
        you: "vy|vás|vám|vámi|váš|vaše|vaši|jste|byste|ty|tě|ti|tobě|tvůj|tvoje|jsi|bys",
        starts: "co|jak|kdy|kde|kdo|koho|komu|proč|jaký|jaká|jaké|který|která|které|kolik|odkud|můžete|\
            povězte|řekněte|popište",
        leads: "a|no|tak|ale|dobře|děkuji|ano|o|v|z|na|k",
    },
];

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

/// Whether a character parts two words.
pub fn is_between(c: char) -> bool {
    !c.is_alphanumeric() && !matches!(c, '\'' | '’')
}

/// The share of a text that the words of its language are at least, and how many of them it
/// has: of a Polish text Italian ones are 8 %, of an English text English ones 19 %.
const USED: f64 = 0.1;
const MIN_USED: usize = 3;

/// The words by which people ask in a language, each with its use.
pub struct Words(Table<&'static str, Use>);

/// The words of a list.
fn split(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split('|').map(str::trim)
}

/// Whom a word is for, or that it may stand before a question; each is one bit.
#[derive(Debug, Clone, Copy)]
enum For {
    Me = 1,
    Us = 2,
    You = 4,
    Lead = 8,
}

/// What a word is used for.
#[derive(Default)]
struct Use {
    uses: u8,
    /// The rest of each start that it begins.
    starts: Vec<Vec<&'static str>>,
}

impl Use {
    fn is(&self, wanted: For) -> bool {
        self.uses & wanted as u8 != 0
    }
}

/// That of all other words.
static NO_USE: Use = Use { uses: 0, starts: Vec::new() };

impl Words {
    /// Those of the language with this code of ISO 639-1, if there is a list.
    pub fn of(code: &str) -> Option<Self> {
        ASKING.iter().find(|asking| asking.code == code).map(Self::new)
    }

    /// Those of the language of whose words a text is made most, if it is made of any: other
    /// languages have some of the same short words.
    pub fn most_used_in(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let lower = plain(&lower);
        let (mut counts, mut n_words) = (Table::<&str, usize>::default(), 0_u32);
        for word in lower.split(is_between).filter(|word| !word.is_empty()) {
            *counts.entry(word).or_default() += 1;
            n_words += 1;
        }
        let n_used = |words: &Self| {
            #[expect(clippy::disallowed_methods, reason = "a sum is the same in any order")]
            let used = || words.0.keys().filter_map(|word| counts.get(word));
            let n: usize = used().sum();
            let is_enough = used().count() >= MIN_USED && n as f64 >= USED * f64::from(n_words);
            is_enough.then_some(n)
        };
        let all = ASKING.iter().map(Self::new);
        let used = all.filter_map(|words| Some((n_used(&words)?, words)));
        used.max_by_key(|(n, _)| *n).map(|(_, words)| words)
    }

    fn new(asking: &Asking) -> Self {
        let mut uses: Table<&'static str, Use> = Table::default();
        let lists = [
            (For::Me, asking.me),
            (For::Us, asking.we),
            (For::You, asking.you),
            (For::Lead, asking.leads),
        ];
        for (wanted, list) in lists {
            split(list).for_each(|word| uses.entry(word).or_default().uses |= wanted as u8);
        }
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
    let n_leads = uses.iter().take(3).take_while(|word| word.is(For::Lead)).count();
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
pub fn sentences(turn: &str) -> impl Iterator<Item = &str> {
    turn.split_inclusive(|c| {
        matches!(c, '.' | '!' | '?' | '…' | '。' | '？' | '؟' | ';' | '\u{37e}')
    })
}

/// What the words of a turn tell.
#[derive(Default)]
pub struct Told {
    /// Whether it asks the others something, or invites them to tell.
    pub asks: bool,
    /// Words for the one who talks: `I`, `my`.
    pub n_me: u32,
    /// Words for those among whom that one is: `we`, `our`.
    pub n_we: u32,
    /// Words for the one who is talked to: `you`, `your`.
    pub n_you: u32,
}

impl Told {
    /// Reads a turn; of a language without a list only question marks are known.
    pub fn by(turn: &str, language: Option<&Words>) -> Self {
        let mut told = Self::default();
        let (mut n_words, mut any, mut last, mut begins_with_you) = (0, false, false, None);
        let mut lower = String::new();
        for sentence in sentences(turn) {
            lower.clear();
            if sentence.is_ascii() {
                lower.push_str(sentence);
                lower.make_ascii_lowercase();
            } else {
                lower.push_str(&plain(&sentence.to_lowercase()));
            }
            let words: Vec<&str> =
                lower.split(is_between).filter(|word| !word.is_empty()).collect();
            if words.is_empty() {
                continue;
            }
            n_words += words.len();
            let uses: Vec<&Use> = language.map_or_else(Vec::new, |lists| {
                words.iter().map(|word| lists.use_of(word)).collect()
            });
            let count = |wanted: For| uses.iter().map(|word| u32::from(word.is(wanted))).sum();
            let [n_me, n_we, n_you]: [u32; 3] = [For::Me, For::Us, For::You].map(count);
            told.n_me += n_me;
            told.n_we += n_we;
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
                let n_leads = uses.iter().take(2).take_while(|word| word.is(For::Lead)).count();
                uses.get(n_leads).is_some_and(|word| word.is(For::You))
            });
        }
        let tells_you = begins_with_you == Some(true) && told.n_me == 0;
        told.asks = last || (n_words <= SHORT_TURN && (any || tells_you));
        told
    }
}

/// Whether a sentence ends in a question mark; the Greek one looks like a semicolon,
/// which elsewhere asks nothing.
pub fn has_mark(sentence: &str) -> bool {
    let is_greek = |c: char| ('\u{370}'..='\u{3ff}').contains(&c);
    sentence.contains(['?', '？', '؟', '\u{37e}'])
        || (sentence.ends_with(';') && sentence.contains(is_greek))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_is_told_with_and_without_question_marks() {
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
            assert_eq!(Told::by(turn, Words::of(code).as_ref()).asks, expected, "{turn}");
        }
    }
}
