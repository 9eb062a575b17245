//! All texts here are invented.

use super::super::tests::shown;

/// Texts in which one person says all, whatever form their paragraphs have.
const TOLD: [(&str, &[&str]); 20] = [
    (
        "a sermon",
        &[
            "Who among us has never been lost?",
            "The shepherd left the others on the hill and went down in the dark to look for one.",
            "And what did he find there?",
            "He found it in the thorns, and it had given up calling long before he came to it.",
            "Was it worth the night?",
            "The hill was cold and the others might have gone, and still he went down to the thorns.",
            "What is a night against that?",
            "It is little. The morning came, and all of them stood at the gate and were counted.",
        ],
    ),
    (
        "a diary",
        &[
            "Why did I go back there?",
            "I suppose I wanted to see the pier again before they take it down in the spring.",
            "What was I hoping for?",
            "I had thought that somebody would be there, and of course nobody was, only the gulls.",
            "Will I ever learn?",
            "I walked home along the wall and my shoes were wet, and I slept until noon.",
            "And what shall I write to Nan?",
            "I shall tell her about the gulls, and that my room is warm, and nothing else.",
        ],
    ),
    (
        "a catechism",
        &[
            "What is the first virtue?",
            "The first virtue is patience, for without it no other can be learned.",
            "What is the second virtue?",
            "The second virtue is thrift, which keeps the house through the winter.",
            "Whence come both?",
            "Both come from the example of parents and from the labour of the hands.",
            "What is their reward?",
            "Their reward is a quiet evening and a table at which there is enough.",
        ],
    ),
    (
        "a poem",
        &[
            "Who painted the heron so grey,\nwho taught it to stand in the rain?",
            "The river did that, and the day,\nand they do it over again.",
            "Who hung up the lamp of the moon?",
            "A hand that was gone before dawn,\nand left us to walk by its light.",
            "Who sang in the reeds until noon?",
            "The wind, till the summer had gone,\nthe wind, and it sings us tonight.",
            "Who asks, and who stands by the shore?",
            "The heron, as ever before,\nas grey as the stones and the rain.",
        ],
    ),
    (
        "a recipe",
        &[
            "Take a pound of flour.",
            "Rub in the butter until it is like sand.",
            "Add the milk.",
            "Stir it, but not too long, or it will be tough.",
            "Roll it out.",
            "Cut rounds with a glass that was dipped in flour.",
            "Bake them.",
            "They are done when they are brown at the edge. Is it not simple?",
        ],
    ),
    (
        "field notes",
        &[
            "Arrived at nine. Gate locked.",
            "Two women at the well, neither looked up.",
            "Why is the school empty?",
            "A boy says that the teacher comes on Mondays only.",
            "Lunch at the store.",
            "The owner keeps accounts in a blue book, two columns.",
            "Rain from two.",
            "Everybody under the roof of the market, talk of prices.",
        ],
    ),
    (
        "a letter",
        &[
            "Dear Nan,",
            "How are you all, and how is the leg?",
            "Here it rains.",
            "I have planted the beans and my back tells me so.",
            "Did you get the parcel?",
            "It had the blue wool in it, and a cake.",
            "Write soon.",
            "Your loving sister",
        ],
    ),
    (
        "a list of questions with answers of a firm",
        &[
            "How do I change my password?",
            "Open the settings, choose the tab with your name, and follow the steps that you see.",
            "Where do I find my bills?",
            "Your bills are under the tab with the letter; you can print each of them.",
            "Can I cancel at any time?",
            "Yes. You write to the address below and you get an answer within two days.",
            "What if I have lost my key?",
            "Then you need the code that you were given with your first bill.",
        ],
    ),
    (
        "a blog",
        &[
            "So what is a good garden?",
            "A good garden is one in which something goes wrong every week and nobody minds it.",
            "What does it need?",
            "It needs water, and a wall towards the north, and a bench that stands in the sun.",
            "And what about slugs?",
            "Slugs come and go. The ducks of the neighbour eat them, and the lettuce as well.",
            "When is it finished?",
            "It never is. A garden that is finished is a car park with flowers at its edge.",
        ],
    ),
    (
        "a protocol of a court",
        &[
            "The witness was asked whether she knew the driver.",
            "She replied that she did not.",
            "Asked for the time, she named nine.",
            "Counsel objected. The objection was noted.",
            "Was the car red?",
            "The witness did not remember its colour.",
            "The court rose at noon.",
            "It sat again at two, and the witness was released.",
        ],
    ),
    (
        "a play without labels",
        &[
            "Where were you?",
            "At the mill. And you?",
            "What is that to you?",
            "Nothing. Is it raining?",
            "Can't you hear it?",
            "I hear the wheel.",
            "So the mill still turns?",
            "Did you think it stopped?",
        ],
    ),
    (
        "an essay in German",
        &[
            "Was ist Heimat?",
            "Heimat ist ein Ort, an dem die Wege kürzer sind als anderswo und die Namen bekannt.",
            "Kann man sie verlieren?",
            "Man kann sie verlieren wie einen Schlüssel, und manchmal liegt sie in der alten Jacke.",
            "Wem gehört sie?",
            "Sie gehört denen, die bleiben, und denen, die von ihr erzählen, wenn es dunkel wird.",
            "Und was bleibt am Ende?",
            "Am Ende bleibt ein Geruch von Holz und Regen, und der lässt sich nicht verkaufen.",
        ],
    ),
    (
        "an essay in French",
        &[
            "Qu'est-ce que la mémoire ?",
            "La mémoire est une maison dont les portes changent de place pendant la nuit.",
            "Pourquoi oublie-t-on ?",
            "On oublie parce que la maison est petite et que les meubles arrivent chaque jour.",
            "Où vont les choses oubliées ?",
            "Elles restent dans la cour, sous la pluie, et quelques-unes rentrent au printemps.",
            "Que faut-il garder ?",
            "Il faut garder une chaise et une fenêtre, le reste se retrouve toujours ailleurs.",
        ],
    ),
    (
        "help for readers",
        &[
            "Do you feel tired in the morning?",
            "You are not alone. Your body needs time, and you can give it that time each day.",
            "Do you skip your breakfast?",
            "Then you take from your day what you need most, and your evening pays for it.",
            "Have you tried to walk?",
            "You need no shoes for it that you do not have, and your street is long enough.",
            "Are you ready?",
            "You can begin now. Put this down, open your door, and you are on your way.",
        ],
    ),
    (
        "riddles",
        &[
            "What has teeth and cannot bite?",
            "A comb, which has more of them than any wolf in the wood.",
            "What runs and has no legs?",
            "The river, and it runs by night as well as by day.",
            "What is full of holes and holds water?",
            "A sponge, as every child that was washed knows.",
            "What gets wetter as it dries?",
            "A towel, the more so the more there is to be dried.",
        ],
    ),
    (
        "a catechism in Spanish",
        &[
            "¿Qué es la paciencia?",
            "La paciencia es la madre de las demás virtudes y su guardiana.",
            "¿Dónde se aprende?",
            "Se aprende en la casa, en el campo y en la mesa de todos.",
            "¿Quién la enseña?",
            "La enseñan los años y el trabajo de las manos en el invierno.",
            "¿Cuál es el premio?",
            "El premio es una tarde tranquila y una mesa con pan bastante.",
        ],
    ),
    (
        "a diary in Swedish",
        &[
            "Varför gick jag dit?",
            "Jag ville se bryggan en gång till innan de tar bort den i vår.",
            "Vad hoppades jag på?",
            "Jag trodde att någon skulle vara där, men det var bara måsar.",
            "Lär jag mig aldrig?",
            "Jag gick hem längs muren och mina skor var våta, och jag sov länge.",
            "Vad ska jag skriva?",
            "Jag ska berätta om måsarna och att mitt rum är varmt, inget mer.",
        ],
    ),
    (
        "a story whose parts end in a laugh",
        &[
            "And so we all went down to the river with the boat that had no oars (laughs)",
            "My brother said that he would swim and push it, and he did, all the way over to the other side, and when we came there he sat down on a stone and said that he would never again in his life do anything for anybody who cannot row (laughs)",
            "The next day it was the same again with the cart and the old horse (laughs)",
            "It would not go up the hill, so we took everything off, and carried it, and then it would not go down, and we put my aunt into it, who was heavy, and then it ran, and she sang all the way down to the bridge and past the mill (laughs)",
            "That was what it was like in our house in those days every week (laughs)",
            "Nobody had any money and nobody minded, and on Sundays there was a cake, and it was divided by my mother with a thread, so that nobody could say that one piece was larger, and still my brother said it, each Sunday, for eleven years (laughs)",
            "He is a judge now and he weighs what other people have to say (laughs)",
            "When I see him I hold up a thread, and he has to laugh, and his clerks do not know why, and he has never told them, I think, since then they would all bring cakes and threads into the court and there would be no end to it (laughs)",
        ],
    ),
    (
        "steps that end in a colon",
        &[
            "Now take the bowl and stir it for as long as the radio plays the news:",
            "it must be even, and it must not be warm, since then the butter runs, and what has run once never comes together again, however long you stir it, and you may as well begin anew, which my aunt has done more than once on a Sunday with the guests already at the gate:",
            "Then take the dough and put it under a cloth beside the window there:",
            "it must rest, and you may rest too, since an hour is long, and there is the cat to be fed, and the fire to be looked after, and somebody is always at the door and wants an egg, or sugar, or to tell you what was said at the well about the people from the mill:",
            "Last of all put it into the oven and do not open that door at all:",
            "it will tell you by its smell when it is done, and if you cannot smell it then you will see it through the glass, and if there is no glass then you must count, slowly, up to a thousand and two hundred, and begin again if somebody comes in and talks to you:",
            "So it was done by my mother and so it is done by me until today:",
            "there are other ways, and they are quicker, and they are good for people who have no time, but the bread knows it, and it is never the same, and it is dry on the second day, which this one is not, if it is kept in the drawer under the window and not in the box:",
        ],
    ),
    (
        "a list of questions",
        &[
            "Who are you?",
            "Where do you live?",
            "What do you grow?",
            "Who helps you?",
            "What do you sell?",
            "To whom?",
            "What do you keep?",
            "What comes next?",
        ],
    ),
];

/// Texts in which somebody asks and somebody answers.
const ASKED: [(&str, &[&str]); 11] = [
    (
        "long answers",
        &[
            "How did you come to the mill?",
            "I came with my father when I was nine. He had the key, and I carried his dinner up.",
            "What did you do there?",
            "I swept. Then I was let near the sieve, and after a year I had my own bag to fill.",
            "Were you paid?",
            "I was given a loaf on Saturdays, and my mother said that it was worth more than pay.",
            "When did you leave?",
            "I left when the wheel stopped. I can still hear it when I lie awake at night.",
        ],
    ),
    (
        "short answers",
        &[
            "How old were you when you started there?",
            "I was nine.",
            "And did you like it?",
            "Yes, I did.",
            "Who gave you the key?",
            "My father.",
            "Did you ever lose it?",
            "Not me.",
        ],
    ),
    (
        "questions without marks",
        &[
            "Tell me about your first day.",
            "I was late. My shoes were wet and I did not know anybody there.",
            "Please describe the room you were in.",
            "I remember a long table, and my own chair had three legs.",
            "Talk about the people you worked with.",
            "I had one friend. The others did not speak to me for weeks.",
            "Tell me how you left.",
            "I left by the back door. I had my coat on and nobody saw me go.",
        ],
    ),
    (
        "answers in German",
        &[
            "Wie sind Sie zur Mühle gekommen?",
            "Ich kam mit meinem Vater, da war ich neun. Er hatte den Schlüssel, ich trug sein Essen.",
            "Was haben Sie dort gemacht?",
            "Ich habe gefegt. Dann durfte ich ans Sieb, und nach einem Jahr hatte ich einen Sack.",
            "Hat man Ihnen etwas gezahlt?",
            "Am Samstag gab es ein Brot für mich, und meine Mutter sagte, das sei mehr wert.",
            "Wann sind Sie weggegangen?",
            "Als das Rad stillstand. Ich höre es noch, wenn ich nachts wach liege.",
        ],
    ),
    (
        "answers in Spanish",
        &[
            "¿Cómo llegó usted al molino?",
            "Llegué con mi padre cuando tenía nueve años. Él tenía la llave y yo le llevaba la comida.",
            "¿Qué hacía usted allí?",
            "Barría. Después me dejaron acercarme al cedazo, y al año me dieron un saco para mí.",
            "¿Le pagaban a usted?",
            "Los sábados me daban un pan, y mi madre decía que valía más que el dinero.",
            "¿Cuándo se fue usted?",
            "Me fui cuando se paró la rueda. Todavía me parece oírla de noche cuando no duermo.",
        ],
    ),
    (
        "answers in French",
        &[
            "Comment êtes-vous venu au moulin ?",
            "Je suis venu avec mon père à neuf ans. Il avait la clé, je portais son repas.",
            "Que faisiez-vous là-bas, vous ?",
            "Je balayais. Puis on m'a laissé approcher du tamis, et j'avais mon sac après un an.",
            "Est-ce qu'on vous payait ?",
            "Le samedi on me donnait un pain, et ma mère disait que cela valait mieux.",
            "Quand êtes-vous parti ?",
            "Je suis parti quand la roue s'est arrêtée. Je l'entends encore la nuit.",
        ],
    ),
    (
        "answers in Finnish",
        &[
            "Miten päädyitte myllylle?",
            "Tulin isän kanssa yhdeksänvuotiaana. Hänellä oli avain, minä kannoin ruuan.",
            "Mitä teitte siellä?",
            "Lakaisin. Sitten pääsin seulan luo, ja vuoden päästä minulla oli oma säkki.",
            "Maksettiinko teille?",
            "Lauantaisin sain leivän, ja äiti sanoi, että se oli rahaa arvokkaampi.",
            "Milloin lähditte?",
            "Kun ratas pysähtyi. Kuulen sen vielä, kun valvon öisin.",
        ],
    ),
    (
        "a laugh behind questions",
        &[
            "Did you really carry her? (laughs)",
            "I did. My back has told me so ever since that day.",
            "And you went on?",
            "I went on to the bridge, and there my knees gave way under me.",
            "What did she say to you? [laughs]",
            "She told me that I was slower than the horse, and I was.",
            "Would you do it again?",
            "I would. I think of it each time I go past the mill.",
        ],
    ),
    (
        "questions of more than one sentence",
        &[
            "That sounds hard. How did you manage?",
            "I did not. My sister came, and she took the two small ones.",
            "You had a sister there. What was she like?",
            "I was afraid of her. She had my mother's voice and no patience.",
            "Right. And did she stay with you?",
            "Three years. I never thanked her, and I think of that now.",
            "So what would you tell her?",
            "I would tell her that my house is hers. She would laugh at me.",
        ],
    ),
    (
        "what nobody knows for an interview",
        &[
            "And what was there to eat?",
            "We had turnips, and my mother made a soup of them that I would not give to a dog now.",
            "And on Sundays?",
            "On Sundays there was a cake, and I was let to divide it with my own thread.",
            "And in the winter?",
            "In the winter I slept in the kitchen. My brother had the bench and I had the floor.",
            "And after the war?",
            "After it I had shoes. I remember them better than my own wedding, they were so brown.",
        ],
    ),
    (
        "turns of a recogniser",
        &[
            "so you said that you came to the mill with your father when you were nine",
            "yes i came with my father and he had the key and i carried his dinner up the hill every day and then one day he said that i should stay and so i stayed and swept the floor and that was my first day of work there",
            "and can you tell me what it was that you did in the first years",
            "i swept mostly and then they let me near the sieve which was what i had wanted from the first day since it sang when it was turned and after a year or so i had my own bag to fill and i was very proud of that bag",
            "and were you paid for what you did there when you were so young",
            "there was a loaf on saturdays and my mother always said that it was worth more than pay because the price of bread went up each week that year and what i brought home was the same loaf and never got any smaller",
            "and when was it that you left the mill and what did you do then",
            "i left when the wheel stopped and that was on a tuesday and i remember it since there was no sound at all and everybody came out of the houses to see what had happened and then i went down into the town to look for work",
        ],
    ),
];

fn read(paragraphs: &[&str]) -> String {
    shown(&paragraphs.join("\n\n"), false)
}

#[test]
fn what_one_person_says_is_not_taken_for_questions_and_answers() {
    for (kind, paragraphs) in TOLD {
        let read = read(paragraphs);
        assert!(!read.contains("Question||"), "{kind}: {read}");
    }
    let (_, sermon) = TOLD[0];
    let told = "4 paragraphs ask in turn with the others, but nobody else by their words";
    assert!(read(sermon).contains(told), "{}", read(sermon));
}

#[test]
fn who_asks_somebody_else_is_told_apart_however_long_the_answers_are() {
    for (kind, paragraphs) in ASKED {
        let read = read(paragraphs);
        assert_eq!(read.matches("Question||").count(), paragraphs.len() / 2, "{kind}: {read}");
        assert!(read.contains("4 paragraphs were taken for questions"), "{kind}: {read}");
    }
    for kind in ["answers in Finnish", "what nobody knows for an interview"] {
        let (_, paragraphs) = ASKED.iter().find(|(known, _)| *known == kind).unwrap();
        assert!(read(paragraphs).contains("do not tell whether they ask anybody"), "{kind}");
    }
}

#[test]
fn questions_as_paragraphs_of_their_own_are_the_askers() {
    let turns = "How was the garden?\n\nIt was wet, and we went in.\n\n".repeat(5);
    let read = shown(&turns, false);
    let expected = "Question||How was the garden?\n||It was wet, and we went in.\n".repeat(5);
    assert!(read.starts_with(&expected), "{read}");
    assert!(read.contains("5 paragraphs were taken for questions"), "{read}");
    // Somebody asks himself now and then.
    let told = "We went in.\n\nWhat could we do?\n\nIt was wet.\n\nSo we left.\n\n".repeat(3);
    assert!(!shown(&told, false).contains("Question"));
    // So does who ends each part of a story with a question.
    let told = "We went in that year, and it was wet. What could we do?\n\nSo we went on.\n\n";
    assert!(!shown(&told.repeat(5), false).contains("Question"));
}

#[test]
fn short_paragraphs_without_punctuation_that_take_turns_with_long_ones_ask() {
    let asked = "so what was it like to come to the garden in those first years";
    let told = "well it was wet and we went in and then we came out again and ".repeat(5);
    let turns = format!("{asked}\n\n{told}\n\n").repeat(5);
    assert_eq!(shown(&turns, false).matches("Question||so what").count(), 5);
    // Paragraphs of any length, one after the other, are one person's.
    let mixed = [12, 40, 60, 14, 13, 30, 90, 20, 15, 70, 80].map(|n| "we went in ".repeat(n));
    assert!(!shown(&mixed.join("\n\n"), false).contains("Question"));
}

/// The texts of a file, each with its name.
fn texts(file: &str) -> impl Iterator<Item = (&str, &str)> {
    file.split("=== ").skip(1).map(|part| part.split_once('\n').unwrap())
}

#[test]
fn titles_dates_remarks_and_answers_of_several_paragraphs_leave_questions_the_askers() {
    for (name, text) in texts(include_str!("asked.txt")) {
        let (name, n) = name.split_once(": ").unwrap();
        let read = shown(text, name.starts_with("md"));
        let n_asked = read.lines().filter(|turn| turn.starts_with("Question|")).count();
        assert_eq!(n_asked.to_string(), n, "{name}: {read}");
        assert!(read.contains("were taken for questions"), "{name}: {read}");
    }
}

#[test]
fn what_is_no_interview_is_none_below_a_title_or_a_date() {
    let mut all: Vec<(&str, String)> = Vec::new();
    for (kind, paragraphs) in TOLD {
        let below = |head: &str| format!("{head}\n\n{}", paragraphs.join("\n\n"));
        all.extend(["The Old Mill", "12 May 2011", "(read aloud)"].map(|head| (kind, below(head))));
    }
    all.extend(texts(include_str!("told.txt")).map(|(name, text)| (name, text.to_owned())));
    for (kind, text) in all {
        let read = shown(&text, false);
        assert!(!read.contains("Question||"), "{kind}: {read}");
    }
}

#[test]
fn titles_between_questions_and_answers_are_nobodys_and_told() {
    let (_, text) =
        texts(include_str!("asked.txt")).find(|(it, _)| it.contains("section")).unwrap();
    let read = shown(text, false);
    assert!(!read.contains("\n||Work") && !read.contains("wood. Work"), "{read}");
    assert!(read.contains("2 with 2 words for titles, which are not read"), "{read}");
}
