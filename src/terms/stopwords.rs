//! Words that carry no theme: further function words, and the words of
//! speaking as such.
//!
//! The function words of a language come from the lists of NLTK (crate
//! `stop-words`). They were made for writing; the lists here add what people
//! say all the time in interviews whatever they talk about.

use super::language::Language;
use super::plain::{linking_words, particles, plain_words};
use crate::base::hash_of_words;

/// Function words and everyday words of talk that the general lists lack.
pub(super) fn more_stop_words(language: Language) -> impl Iterator<Item = &'static str> {
    let words = match language {
        Language::Arabic => {
            "نعم لا أيضا دائما مرة جدا أكثر ربما فقط الآن هناك هنا عندما لأن إذا شيء قليلا يعني \
             طيب خلاص كان كانت يكون قال يقول اعتقد أعرف عمل يعمل"
        }
        Language::Danish => {
            "ja nej også altid igen meget mere måske egentlig bare nu da der her når fordi at om \
             noget lidt tror synes ved sige sagde siger gøre gør gjort går gik gå kommer kom \
             komme kan kunne må vil ville skulle ting altså jo sådan ligesom godt"
        }
        Language::Dutch => {
            "ja nee wel toch maar ook nog altijd weer heel erg meer veel misschien eigenlijk \
             gewoon nu dan daar hier waar als omdat dat of iets beetje natuurlijk zeg maar denk \
             vind weet zeggen gezegd zegt doen doet gedaan gaat ging gaan komt kwam komen is was \
             zijn kan kunnen kon moet moeten wil willen zou zouden dingen ding soort goed"
        }
        Language::English => {
            "also would could might may must shall upon within without among us one ones another \
             others every everything everybody everyone something somebody someone anything \
             anybody anyone nothing nobody whatever whoever whichever wherever whenever however \
             though although because 'cause cos 'cos cuz since unless until till whether else \
             ever never always still yet already almost quite rather even only much many more \
             most less least few several lot lots bit little away around across along onto \
             towards toward via per than then there here where now again once other same such own \
             get gets got getting gotten go goes going gone went come comes coming came make \
             makes making made take takes taking took taken put puts putting give gives giving \
             gave given let lets say says saying said tell tells telling told know knows knowing \
             knew known think thinks thinking thought mean means meant seem seems seemed thing \
             things stuff way ways kind kinds sort sorts probably maybe perhaps possibly \
             certainly definitely big two three anyway anyways cannot ain't y'all done doing \
             guess back first last really actually people person persons man men woman women guy \
             guys lady fellow chap four five six seven eight nine ten eleven twelve twenty thirty \
             forty fifty hundred hundreds thousand thousands half second seconds minute minutes \
             hour hours day days week weeks weekend month months year years today tomorrow \
             yesterday monday tuesday wednesday thursday friday saturday sunday january february \
             april june july august september october november december time times nobody's \
             somebody's everyone's nice good better best bad worse fine long old new young whole \
             left end thing's start started stop stopped"
        }
        Language::Finnish => {
            "joo kyllä ei myös aina taas paljon enemmän ehkä oikeastaan vain nyt sitten siellä \
             täällä kun koska että jos jotain vähän luulen tiedän sanoa sanoi tehdä tekee mennä \
             menee tulla tulee voi voida pitää haluta asia asiat niinku niin tota siis semmoinen \
             sellainen ihan"
        }
        Language::French => {
            "alors donc voilà ben bah quoi enfin bon ouais oui non aussi très bien plus moins \
             tout toute tous toutes même encore déjà toujours jamais peut-être peu beaucoup \
             trop parce comme quand où si ça cela ceci faire fait faisait dit dire disait va \
             vais aller allait est était peut pouvoir peux faut vraiment juste genre chose \
             choses truc trucs crois pense sais abord ailleurs autant quelqu'un quelqu'une \
             quelque quelques aujourd'hui hier demain être avoir eu fais font faisais faisaient \
             faites faisons ferai fera ferait feraient dis disent disais disaient dites disons \
             dirai dirais dirait vas vont allais allaient allez allons allé allée irai ira \
             irait iront venir viens vient viennent venais venait venaient venu venue venus \
             peuvent pouvais pouvait pouvaient pourra pourrait pourraient pu veut veux veulent \
             voulais voulait voulaient voudrais voudrait dois doit doivent devais devait \
             devaient devrait devraient falloir fallait faudra faudrait savoir sait savent \
             savais savait savaient savez su croit croyais pensais pensait donner donne donnait \
             donné puis après avant là ici rien autre autres deux trois quatre cinq six sept \
             huit neuf dix fois jour jours an ans année années heure heures moment gens monde \
             vrai sûr bref lequel laquelle lesquels auquel duquel dont chez vers entre depuis \
             pendant pourquoi comment combien assez presque surtout plutôt ensuite maintenant \
             tellement évidemment finalement effectivement justement forcément simplement \
             seulement souvent parfois plein plusieurs chaque aucun aucune tant tel telle quel \
             quelle quels quelles celui celle ceux celles lui-même elle-même eux-mêmes cette cet ces elles leur leurs voyez voyons mieux sinon plupart près dès lors homme \
             hommes femme femmes personne personnes bas haut"
        }
        Language::German => {
            "mal ja nein doch halt eben schon auch noch immer wieder ganz sehr mehr viel viele \
             vielleicht eigentlich irgendwie irgendwas irgendwann jetzt dann da hier wo wenn \
             weil dass ob obwohl man einfach gar sowas etwas bisschen natürlich sozusagen quasi \
             glaube glaub denke finde weiß sagen gesagt sagt machen macht gemacht geht ging \
             gehen kommt kam kommen gibt gab geben sein gewesen haben gehabt kann können konnte \
             muss müssen musste will wollen wollte soll sollen sollte würde würden hätte wäre \
             wären mir dir uns euch ihm sache sachen ding dinge art genau okay gut mache machst \
             machte machten sage sagst sagte sagten gehe gehst komme kommst gebe gibst hab habe \
             hatte hatten war waren bin bist ist sind seid weißt wissen wusste gewusst dachte \
             denken glauben kannst könnten könnte willst möchte möchten musst darf dürfen \
             sollten lang lange danach vorher davor daher darum drauf drin dran raus rein rauf \
             runter hin her dort drüben nichts alles jemand niemand jeder jede jedes jeden \
             andere anderen anderer anderes zwei drei vier fünf sechs sieben acht neun zehn tag \
             tage jahr jahre jahren stunde stunden zeit moment leute welt beim zwischen seit \
             während bis gegen ohne außerdem trotzdem nämlich jedenfalls überhaupt wirklich \
             ungefähr fast nur mann frau mensch menschen person personen"
        }
        Language::Greek => {
            "ναι όχι επίσης πάντα πάλι πολύ περισσότερο ίσως απλά τώρα τότε εκεί εδώ όταν γιατί \
             επειδή ότι αν κάτι λίγο νομίζω ξέρω λέω είπα λέει κάνω κάνει πάω έρχομαι είναι ήταν \
             μπορώ μπορεί πρέπει θέλω πράγμα πράγματα λοιπόν δηλαδή καλά"
        }
        Language::Hungarian => {
            "igen nem is mindig megint nagyon sok több talán csak most akkor ott itt amikor mert \
             hogy ha valami kicsit hát szóval tehát úgy így kell lehet lett volt van tudom \
             gondolom mond mondta csinál dolog ilyen olyan izé jó"
        }
        Language::Italian => {
            "allora quindi ecco beh cioè insomma sì no anche molto più meno tutto tutta tutti \
             tutte stesso stessa ancora già sempre mai forse poco tanto tanta troppo perché \
             come quando dove se questo quello fare fa faceva dice dire detto va vado andare \
             può posso potere credo penso so cosa cose proprio magari faccio fai fanno facevo \
             facevano fatto facendo farebbe dico dici dicono dicevo dicevano direi andava \
             andavano andato andata venire vengo viene vengono veniva venuto venuta puoi \
             possono potevo poteva potevano potrebbe volere voglio vuoi vuole vogliono volevo \
             voleva volevano vorrei vorrebbe dovere devo devi deve devono doveva dovevano \
             dovrebbe sapere sai sa sanno sapevo sapeva saputo pensare pensavo pensa pensato \
             crede dare do dà danno dava dato essere avere stare poi dopo prima qui qua lì là \
             niente nulla qualcosa qualcuno nessuno altro altra altri altre due tre quattro \
             cinque sei sette otto nove dieci volta volte giorno giorni anno anni ora ore \
             momento gente mondo ogni qualche alcuni alcune tale quale quali chi cui tra fra \
             fino verso mentre durante anzi comunque infatti appunto praticamente diciamo tipo \
             davvero veramente adesso quasi solo soltanto uomo donna persona persone"
        }
        Language::Norwegian => {
            "ja nei også alltid igjen mye mer kanskje egentlig bare nå da der her når fordi at om \
             noe litt tror synes vet si sa sier gjøre gjør gjort går gikk gå kommer kom komme kan \
             kunne må vil ville skulle ting altså jo sånn liksom bra"
        }
        Language::Portuguese => {
            "então pois bem assim sim não também muito mais menos tudo todo toda todos todas \
             mesmo mesma ainda já sempre nunca talvez pouco porque como quando onde isso isto \
             fazer faz fazia diz dizer disse vai vou ir ia ser estar pode posso poder acho sei \
             coisa coisas né gente faço fazem fazemos fez fizeram feito fazendo faria digo \
             dizem dizia disseram dito dizendo vão vamos íamos iam fui foi foram ido indo vir \
             vem vêm vinha veio vieram podem podia podiam pôde poderia querer quero quer querem \
             queria queriam dever deve devem devia deveria saber sabe sabem sabia sabes achar \
             acha acham achava achei pensar penso pensa pensava dar dá dão dava deu dado haver \
             havia ter tenho tem têm tinha tinham teve tive era eram sendo sido está estão \
             estava estavam depois antes aqui aí ali lá nada algo alguém ninguém outro outra \
             outros outras dois duas três quatro cinco seis sete oito nove dez vez vezes dia \
             dias ano anos hora horas momento mundo cada nenhum nenhuma tal qual quais quem \
             entre desde durante enquanto até sobre embora além agora logo quase só somente \
             apenas realmente tipo tá aquilo aquele aquela aqueles aquelas homem mulher pessoa \
             pessoas"
        }
        Language::Romanian => {
            "da nu și mereu iar foarte mult mai poate doar acum atunci acolo aici când pentru că \
             dacă ceva puțin cred știu zic spune spus face făcut merge vine este era fi pot \
             trebuie vreau lucru lucruri deci adică păi bine"
        }
        Language::Russian => {
            "да нет тоже также всегда опять очень много больше может просто сейчас тогда там \
             здесь когда потому что если что-то немного думаю знаю говорить сказал говорит делать \
             делает идти прийти быть было мочь надо нужно хочу вещь вот ну как бы типа значит \
             короче хорошо это"
        }
        Language::Spanish => {
            "pues bueno entonces así sí no también muy más menos todo toda todos todas mismo \
             misma aún ya siempre nunca quizás poco mucho mucha muchos muchas tan porque como \
             cuando donde si eso esto hacer hace hacía dice decir dijo va voy ir iba ser estar \
             puede puedo poder creo digo sé cosa cosas verdad vale claro hago haces hacen \
             hacemos hacían hizo hicieron hecho haciendo haría dices dicen decía decían dijeron \
             dicho diciendo vas van vamos iban fui fue fueron ido yendo venir viene vienen \
             venía vino vinieron pueden podía podían pudo podría podrían quería querían quiso \
             quisiera deber debe deben debía debería saber sabe saben sabía sabes sabemos creer \
             cree creía pensar pienso piensa pensaba dar da dan daba dio dado haber había \
             habían hubo habría hay tener tengo tienes tiene tienen tenía tenían tuvo tuve era \
             eran siendo sido después antes aquí ahí allí allá nada algo alguien nadie otro \
             otra otros otras dos tres cuatro cinco seis siete ocho nueve diez vez veces día \
             días año años hora horas momento gente mundo cada ningún ninguna tal cual cuales \
             quien quienes cuyo entre desde durante mientras hasta hacia sobre aunque además \
             ahora luego casi solo sólo solamente todavía realmente digamos osea tipo hombre \
             mujer persona personas"
        }
        Language::Swedish => {
            "ja nej väl också ännu alltid igen mycket mer kanske egentligen bara nu då där här \
             när eftersom att om något lite tror tycker vet säga sa säger göra gör gjort går gick \
             gå kommer kom komma kan kunna kunde måste vill ville skulle sak saker typ liksom \
             alltså ju bra"
        }
        Language::Tamil => {
            "ஆமா ஆமாம் இல்ல இல்லை ரொம்ப கொஞ்சம் இப்போ அப்போ அங்கே இங்கே எல்லாம் தான் அது இது \
             வந்து சரி அப்புறம் என்று"
        }
        Language::Turkish => {
            "evet hayır da de her zaman yine çok daha belki sadece şimdi sonra orada burada çünkü \
             eğer bir şey biraz yani işte şey falan hani tamam iyi var yok oldu olan olarak diye \
             gibi kadar bence biliyorum sanırım dedi diyor yaptı yapmak"
        }
    };
    words.split(' ')
}

/// Words of hesitating, agreeing and keeping the floor.
pub(super) fn fillers(language: Language) -> impl Iterator<Item = &'static str> {
    let words = match language {
        Language::Arabic => "اه آه امم ايه اوكي طيب شكرا",
        Language::Danish => "øh øhm hm mm mhm nå ah åh ja jo ok okay tak",
        Language::Dutch => "eh uh uhm hm mhm ah oh nou ja hè ok oké okay zeg bedankt",
        Language::English => {
            "um uh umm uhm uhh er erm err ehm hmm hm mm mmm mhm mm-hm hmm huh uh-huh ah aah oh \
             ooh eh aye yeah yep yup yes no nah nope ok okay alright right sure well so like \
             actually basically literally obviously honestly really just kinda sorta gonna wanna \
             gotta dunno wow hey hi hello please thanks thank sorry cheers anyway innit"
        }
        Language::Finnish => "öö ööh hm mm mhm aa oo no niin joo juu nii ok okei kiitos",
        Language::French => {
            "euh heu hein hum hmm mh ah oh ben bah bof bon ouais ok okay d'accord voilà merci"
        }
        Language::German => {
            "äh ähm öh öhm hm mhm ne nee na naja tja ach oh ok okay also halt eben sozusagen \
             quasi ja nein genau danke bitte"
        }
        Language::Greek => "εε εμ χμ μμ αχ ωχ ε οκ εντάξει ευχαριστώ",
        Language::Hungarian => "öö ö hm mhm aha ja na hát ok oké köszönöm",
        Language::Italian => "eh ehm mmm mh ah oh beh boh mah ok okay allora cioè grazie",
        Language::Norwegian => "eh øh hm mm mhm ah åh ja jo nja ok okei takk",
        Language::Portuguese => "é hã hum hmm ah oh né pois ok okay tá obrigado obrigada",
        Language::Romanian => "ăă îî hm mhm aha păi mă ok bine mulțumesc",
        Language::Russian => "э ээ эм мм хм угу ага ну вот ой ах ок окей спасибо",
        Language::Spanish => "eh em este mmm ajá ah oh pues o sea vale ok okay bueno gracias",
        Language::Swedish => "eh öh hm mm mhm ah åh oh ja jo asså liksom typ ok okej tack",
        Language::Tamil => "ம் ஆ ஓ சரி ஓகே நன்றி",
        Language::Turkish => "ıı ee hı hm hıhı ya yani şey ok tamam teşekkürler",
    };
    words.split(' ')
}

/// Short words that lose their vowel before the next word and are written as one with
/// it: the `l` of `l'atelier`.
pub(super) fn elided_words(language: Language) -> impl Iterator<Item = &'static str> {
    let words = match language {
        Language::French => "l d n j m t s c ç qu jusqu lorsqu puisqu quoiqu",
        Language::Italian => {
            "l un d c m t s v n dell nell all dall sull coll dagl degl negl sugl quell quest bell \
             sant com dov cos quand anch senz mezz tutt"
        }
        _ => "",
    };
    words.split(' ')
}

/// Stands for all lists at once: what was analysed with others is out of date.
pub(super) fn lists_hash() -> u64 {
    let words = Language::all().flat_map(|language| {
        let listed = stop_words::lookup(language.code()).unwrap_or_default().iter().copied();
        let more = more_stop_words(language).chain(fillers(language));
        let classes = plain_words(language).chain(particles(language));
        let tail = linking_words(language).chain(elided_words(language));
        listed.chain(more).chain(classes).chain(tail)
    });
    hash_of_words(words)
}
