//! Words that name no theme by themselves, and particles that make a phrase of
//! the word before them.
//!
//! They count as before in search and where themes are found. Only what a theme
//! is called leaves them out: nobody writes "look" on a note, but "look away".

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::language::Language;

/// What a word can do in the name of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WordClass {
    /// It can stand alone.
    Naming,
    /// It stands in phrases only: "look", "want", "sometimes", "nineteen".
    Plain,
    /// It may follow another word, though it is a function word: "camera off".
    Particle,
    /// It may stand between two words: "ease of access".
    Linking,
}

/// Verbs of seeing, saying, wanting and trying, adverbs, judgements and numbers
/// that people use whatever they talk about, in every form. Where this has no
/// list for a language, only its stop words are left out.
pub(super) fn plain_words(language: Language) -> impl Iterator<Item = &'static str> {
    let words = match language {
        Language::English => {
            "look looks looking looked see sees seeing saw seen watch watching watched \
             want wants wanting wanted need needs needing needed use uses using used try \
             tries trying tried ask asks asking asked call calls calling called talk \
             talks talking talked speak speaks speaking spoke spoken find finds finding \
             found show shows showing showed shown turn turns turning turned bring brings \
             bringing brought happen happens happening happened believe believes believed \
             suppose supposes supposed wonder wonders wondering wondered imagine imagines \
             imagining imagined expect expects expecting expected hope hopes hoping hoped \
             appear appears appeared become becomes becoming became sounds sounded keep keeps keeping \
             kept set sets setting run runs running ran hold holds holding held feel \
             feels feeling felt hear hears hearing heard notice notices noticing noticed \
             understand understands understanding understood begin begins beginning began \
             begun finish finishes finishing finished pick picks picking picked check \
             checks checking checked like likes liked sit sits sitting sat stand stands \
             standing stood follow follows following followed able unable enough pretty \
             different same else too often sometimes usually normally generally recently \
             soon later earlier early late suddenly exactly totally absolutely completely \
             fully especially specifically particularly mainly mostly simply easily \
             quickly currently finally eventually together apart specific particular \
             certain main general overall normal usual similar various full empty high \
             low large small great cool perfect brilliant lovely excellent awesome \
             amazing wonderful terrible awful right wrong true real sense idea point case \
             cases example examples reason reasons couple place places word words name \
             names side sides top bottom front middle next past ago plus eleven twelve \
             thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty \
             forty fifty sixty seventy eighty ninety quarter third fourth fifth ohh ooh \
             oops bye goodbye whoops mister anyhow meaning means d'you y'know"
        }
        Language::German => {
            "schauen schaue schaut schaust geschaut sehen sehe sieht siehst sah gesehen gucken \
             gucke guckt geguckt reden rede redet geredet sprechen spreche spricht gesprochen \
             fragen frage fragt gefragt brauchen brauche braucht gebraucht versuchen versuche \
             versucht finden findet fand gefunden fühlen fühle fühlt gefühlt hören höre hört gehört \
             zeigen zeigt gezeigt bringen bringt gebracht nehmen nimmt genommen bleiben bleibt \
             blieb geblieben halten hält hielt gehalten lassen lässt ließ gelassen stehen steht \
             stand gestanden sitzen sitzt saß gesessen passieren passiert merken merke merkt \
             gemerkt verstehen verstehe versteht verstanden erinnern erinnere oft manchmal meistens \
             normalerweise plötzlich früher später anders verschieden verschiedene bestimmt \
             bestimmte ganze ganzen große großen kleine kleinen toll super schön schwer leicht \
             richtig falsch wichtig beispiel frage fragen punkt teil fall grund seite wort worte \
             name namen elf zwölf zwanzig dreißig vierzig fünfzig"
        }
        Language::French => {
            "regarder regarde regardait regardé voir vois voit voyait vu parler parle parlait \
             parlé demander demande demandait demandé vouloir veux veut voulait voulu essayer \
             essaie essayait essayé trouver trouve trouvait trouvé sentir sens sent sentait senti \
             entendre entends entend entendu montrer montre prendre prends prend prenait pris \
             mettre mets met mettait mis arriver arrive arrivait arrivé passer passe passait passé \
             rester reste restait resté comprendre comprends comprend compris rappeler rappelle \
             souvent parfois normalement soudain différent différente certain certaine grand grande \
             petit petite petits petites bon bonne bons bonnes mal premier première super facile \
             difficile connaître connais connaît connaissais connaissait connaissent connu existe \
             partir pars part parti exemple question point partie cas raison côté mot \
             nom onze douze vingt trente quarante cinquante"
        }
        Language::Spanish => {
            "mirar miro mira miraba ver veo ve veía visto hablar hablo habla hablaba preguntar \
             pregunto pregunta querer quiero quiere quería intentar intento intenta encontrar \
             encuentro encuentra sentir siento siente sentía oír oigo oye mostrar muestra tomar \
             tomo toma poner pongo pone puesto llegar llego llega pasar pasa pasaba quedar queda \
             entender entiendo entiende recordar recuerdo recuerda menudo veces normalmente \
             diferente diferentes cierto cierta grande pequeño pequeña fácil difícil ejemplo \
             pregunta punto parte caso razón lado palabra nombre once doce veinte treinta"
        }
        Language::Dutch => {
            "kijken kijk kijkt keek gekeken zien zie ziet zag gezien praten praat praatte gepraat \
             vragen vraag vraagt vroeg gevraagd nodig proberen probeer probeert vinden vindt vond \
             gevonden voelen voel voelt voelde horen hoor hoort hoorde laten laat liet brengen \
             brengt bracht nemen neem neemt nam blijven blijft bleef houden houdt hield staan staat \
             stond zitten zit zat gebeuren gebeurt begrijpen begrijp begrijpt vaak soms meestal \
             plotseling vroeger later anders verschillende bepaalde grote kleine leuk mooi moeilijk \
             makkelijk voorbeeld vraag punt deel geval reden kant woord naam elf twaalf twintig"
        }
        _ => "",
    };
    words.split_whitespace()
}

/// Adverbs that go with the word before them.
pub(super) fn particles(language: Language) -> impl Iterator<Item = &'static str> {
    let words = match language {
        Language::English => "off out up down away back over through apart together forth aside",
        Language::German => "ab aus an auf weg zurück zu um ein mit vor nach",
        Language::Dutch => "af uit aan op weg terug mee",
        Language::Danish | Language::Norwegian => "av af ut ud opp op ned bort tilbake tilbage",
        Language::Swedish => "av ut upp ner bort tillbaka",
        _ => "",
    };
    words.split_whitespace()
}

/// Function words that hold a phrase together.
pub(super) fn linking_words(language: Language) -> impl Iterator<Item = &'static str> {
    let words = match language {
        Language::English => {
            "of the a an and or in on at to for with from by into my your his her our their as than"
        }
        Language::German => {
            "und oder der die das des dem den ein eine einen einem einer von vom im in am bei beim \
             für zur zum als ohne über unter"
        }
        Language::French => {
            "de du des d' la le les l' un une et ou à au aux en dans sur avec sans pour par"
        }
        Language::Spanish => "de del la el los las un una y e o a al en con sin por para",
        Language::Italian => {
            "di del dello della dei degli delle il lo la i gli le un una e o a al alla in nel nella \
             con senza per su da dal dalla"
        }
        Language::Portuguese => {
            "de do da dos das o a os as um uma e ou ao à em no na nos nas com sem por para"
        }
        Language::Dutch => "van de het een en of in op aan bij voor met zonder naar te",
        Language::Danish => "og eller i på til af for med uden den det de en et",
        Language::Norwegian => "og eller i på til for med uten den det de en et",
        Language::Swedish => "och eller i på till för med utan den det de en ett",
        _ => "",
    };
    words.split_whitespace()
}

/// Whether a sentence needs what was said before it: it begins with a word that goes on
/// ("And then", "That was"), or soon stands a word for somebody or something that was named
/// ("I'd say it's awful"). Known of some languages only.
pub fn points_back(language: Language, sentence: &str) -> bool {
    let (going_on, standing_for) = match language {
        Language::English => (
            "that that's that'd and but or so because 'cause which then also too neither either \
             did does do was were is are isn't wasn't didn't yes yeah no nope yep okay ok mm mhm \
             hmm exactly right something",
            "it it's it'd it'll its this these those they they're they'd they've them he he's \
             he'd she she's she'd him her his",
        ),
        Language::German => (
            "das und aber oder also weil dann deshalb ja nein genau doch",
            "es dies diese dieser er sie ihn ihm",
        ),
        Language::French => {
            ("ce c'est et mais ou donc parce alors oui non voilà lui", "il elle ils elles ça cela")
        }
        Language::Spanish => {
            ("y pero o porque entonces sí no le lo la también", "él ella ellos ellas eso esto")
        }
        _ => ("", ""),
    };
    let is_in = |words: &str, word: &str| words.split_whitespace().any(|known| known == word);
    let soon = sentence.unicode_words().take(N_SOON).map(super::words::normal);
    soon.enumerate()
        .any(|(at, word)| is_in(standing_for, &word) || at == 0 && is_in(going_on, &word))
}

/// Words at the beginning of a sentence among which one that stands for somebody is soon.
const N_SOON: usize = 4;
