//! Files in, roles out.

use super::*;
use crate::sources;
use crate::transcripts::Transcript;
use crate::transcripts::cases::find_people;
use crate::transcripts::header::named_parts;
use crate::transcripts::talk::signs;

/// The roles in `files`: `label: role` a line, a doubtful one with `?`.
fn roles_in(files: &[&str], declared: &DeclaredRoles) -> Vec<Vec<String>> {
    let transcripts: Vec<Transcript> = files
        .iter()
        .map(|text| Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap()))
        .collect();
    let signs: Vec<_> = transcripts.iter().map(|t| signs(t, "en")).collect();
    let named: Vec<_> = transcripts.iter().map(named_parts).collect();
    let mut known = Vec::new();
    for (t, transcript) in transcripts.iter().enumerate() {
        known.push(TranscriptSpeakers {
            id: "P",
            speakers: &transcript.speakers,
            attributes: &transcript.attributes,
            signs: &signs[t],
            named: &named[t],
            coded: None,
        });
    }
    let people = find_people(&known);
    let show = |(t, roles): (&Transcript, Vec<RoleGuess>)| {
        let pairs = t.speakers.iter().zip(roles);
        let doubt = |guess: &RoleGuess| if guess.is_doubtful { "?" } else { "" };
        pairs.map(|(s, g)| format!("{}: {}{}", s.label, g.role.name(), doubt(&g))).collect()
    };
    transcripts.iter().zip(guess_roles(&known, &people, declared)).map(show).collect()
}

#[track_caller]
fn check(files: &[&str], expected: &[&str]) {
    let found: Vec<String> =
        roles_in(files, &DeclaredRoles::new()).iter().map(|roles| roles.join(", ")).collect();
    assert_eq!(found, expected);
}

const INTERVIEW: &str = "Ada Quill: How did it start?\nRowan: It was odd at first, you know, all the faces.\n\
    Ada Quill: And then?\nRowan: Then it was fine. I liked it. It went on for years.\nAda Quill: Why is that?\n\
    Rowan: No idea, really, I never thought about it much.\nAda Quill: Right.\nRowan: There we are.\n";

#[test]
fn the_label_tells() {
    check(
        &["INTERVIEWER 1: So.\nPatient: Yes.\nINTERVIEWER 1: And.\nPatient: No.\n"],
        &["INTERVIEWER 1: interviewer, Patient: participant"],
    );
    check(
        &["Dev Ash (Interviewer): So.\nMr Cole: Yes.\nDev Ash (Interviewer): And.\nMr Cole: No.\n"],
        &["Dev Ash (Interviewer): interviewer, Mr Cole: participant"],
    );
}

#[test]
fn a_letter_tells_a_role_only_beside_its_partner() {
    let file = |one: &str, two: &str| {
        format!("{one}: Where did you keep the boat?\n{two}: In the shed, behind my father's nets, where it was dry.\n").repeat(4)
    };
    for (one, two) in [("A", "B"), ("R", "P"), ("Q", "A"), ("I", "R"), ("I", "P"), ("S1", "S2")] {
        let text = file(one, two);
        check(&[&text], &[&format!("{one}: interviewer, {two}: participant")]);
    }
}

#[test]
fn a_letter_is_who_answers_where_the_other_asks_all_the_time() {
    let text = "R: And where did you keep the boat?\nI: In the shed, behind my father's nets, where \
        it was dry.\n";
    check(&[&text.repeat(6)], &["R: interviewer?, I: participant?"]);
}

#[test]
fn who_says_a_few_words_in_an_interview_is_not_interviewed() {
    let talk = "Interviewer: And where did you keep the boat?\nRowan: In the shed, behind my \
        father's nets, where it was dry and where nobody came to look for it in those years.\n";
    // At the door, and at the end.
    let text = talk.repeat(40)
        + "Postman: Sign here.\n"
        + talk
        + "Postman: Bye.\nPostman: Thanks.\n\
        Rowan: Bye.\nPostman: Rain again.\nRowan: Yes.\nPostman: Bye then.\n";
    check(&[&text], &["Interviewer: interviewer, Rowan: participant, Postman: other"]);
}

#[test]
fn a_field_that_each_file_has_is_nobody() {
    let file = |words: &str| {
        let turn = "Ada Quill: And where was it?\nRowan: In the shed, behind the nets, where it was dry.\n";
        format!("Venue: {words}\n{turn}Venue: {words}\n{}", turn.repeat(12))
    };
    let [one, other] = ["by telephone", "at home"].map(file);
    for told in roles_in(&[&one, &other], &DeclaredRoles::new()) {
        assert_eq!(told[0], "Venue: other");
    }
}

#[test]
fn an_observer_beside_who_answers_is_nobody() {
    let text = "Moderator: Where would you click?\nAnn: On the map, and then on the blue thing.\n\
        Observer: She goes back.\n";
    check(&[&text.repeat(3)], &["Moderator: interviewer, Ann: participant, Observer: other"]);
}

#[test]
fn whoever_asks_is_the_interviewer() {
    check(&[INTERVIEW], &["Ada Quill: interviewer, Rowan: participant"]);
}

#[test]
fn who_prompts_without_a_question_mark_interviews() {
    let text = "Nell: Tell me about the first winter.\nBo: It was long, and I was proud of the stove and of my two goats.\n\
        Nell: You mentioned a book.\nBo: The green one. Isn't that odd? I wrote in it every three hours for forty years.\n\
        Nell: And the goats.\nBo: The goats decided when we went out, and I never argued with them.\n";
    check(&[text], &["Nell: interviewer, Bo: participant"]);
}

#[test]
fn a_named_interviewer_keeps_the_role_in_an_interview_without_questions() {
    let quiet = "Ada Quill: Go on.\nIfor: Well, it rained? And I said so? And they left?\nAda Quill: Yes.\nIfor: That is all.\n";
    let found = roles_in(&[INTERVIEW, INTERVIEW, quiet], &DeclaredRoles::new());
    assert_eq!(found[2][0], "Ada Quill: interviewer");
}

#[test]
fn a_declaration_overrules_every_guess_for_all_labels_of_a_person() {
    let told = RoleGuess::declared(Role::Participant, "study.toml");
    let declared = DeclaredRoles::from([((None, "ada quill".to_owned()), told)]);
    let file = "Ada Quill: How did it start?\nTom Reed: With a letter.\nAQ: And then?\nTR: Then it was fine.\n\
        AQ: Why?\nTR: No idea.\n";
    let found = roles_in(&[file], &declared);
    assert_eq!([&found[0][0], &found[0][2]], ["Ada Quill: participant", "AQ: participant"]);
}

#[test]
fn a_participant_of_one_interview_may_interview_in_another() {
    let file = |asks: &str, tells: &str| {
        format!(
            "{asks}: What was market day like?\n{tells}: We were up before it was light, and I put hot potatoes in my pockets.\n\
             {asks}: Who bought the sheep?\n{tells}: My uncle did, with money that he had from the railway, all of it in coins.\n\
             {asks}: When did you stop?\n{tells}: When my knees stopped, and they stopped in the spring of that year.\n"
        )
    };
    let files =
        [file("Ola Berg", "Tess Horn"), file("Tess Horn", "Kim Rao"), file("Kim Rao", "Ola Berg")];
    check(
        &files.each_ref().map(String::as_str),
        &[
            "Ola Berg: interviewer, Tess Horn: participant",
            "Tess Horn: interviewer, Kim Rao: participant",
            "Kim Rao: interviewer, Ola Berg: participant",
        ],
    );
}

#[test]
fn two_who_talk_may_both_be_participants() {
    let text = "Bea: So they put us in a booth. Is that a hint?\nRolf: For me. What do you remember of that day?\n\
        Bea: You had a bucket. Did you know I had missed two buses?\nRolf: I knew. What did you think was in it?\n\
        Bea: I thought paint. Were you ever going to say?\nRolf: I was counting. Could you not tell?\n";
    check(&[text], &["Bea: participant, Rolf: participant"]);
}

#[test]
fn both_sides_of_a_court_ask_and_peers_at_a_table_do_not() {
    let court = "THE COURT: Call your witness.\nMS. VANE: Mr. Marrow, where do you live?\n\
        MR. MARROW: On Fuller Street, above the bakery, since I was a boy of nine or ten.\nMS. VANE: What did you hear?\n\
        MR. MARROW: I heard the oven door. It has a squeal, and I thought he was early, and I turned over.\nMR. OST: Objection.\n\
        THE COURT: You may go on.\nMR. MARROW: That is all. I stood in the yard with the cat in my coat.\n\
        MR. OST: Had you been drinking?\nMR. MARROW: A glass with my supper, as I do.\nTHE CLERK: The exhibit is marked.\n";
    let found = roles_in(&[court], &DeclaredRoles::new());
    assert!(found[0][1].starts_with("MS. VANE: interviewer"), "{found:?}");
    assert_eq!(found[0][2], "MR. MARROW: participant");
    let peers = "Ruben: The roof first, I think. We have two quotes.\nAnouk: Mine was the lower. He was very quick, though.\n\
        Ruben: That is what I mean. The other man had a sandwich.\nSefa: I would take the sandwich man. Can we afford him?\n\
        Anouk: If we leave the gutters. I went through the account.\nSefa: Then let us leave the gutters.\n\
        Ruben: My brother did the boiler.\nAnouk: I will ask about the gutters as well.\nSefa: I will make the lunch then.\n";
    check(&[peers], &["Ruben: participant, Anouk: participant, Sefa: participant"]);
}

#[test]
fn somebody_is_always_the_participant() {
    let text = "Interviewer: Hello there, all of you.\nResearcher: Hi.\nInterviewer: So.\nResearcher: Yes.\n";
    check(&[text], &["Interviewer: participant?, Researcher: interviewer"]);
}

#[test]
fn the_head_of_a_file_names_the_parts_and_is_no_speech() {
    check(
        &[
            "Interviewer: Hana Brook\nInterviewee: Otis Grange\nDate: 3 May\n\nHB: The mill, then.\nOG: It shut. Why, I ask you?\n\
           HB: So it did.\nOG: And who knew?\n",
        ],
        &["HB: interviewer, OG: participant"],
    );
    check(
        &[
            "Interviewerin: Frau Kern\nBefragter: Herr Lamm\nOrt: Leipzig\n\nI: Wie fing das an?\nB: Mit einem Brief.\nI: Und dann?\nB: Nichts.\n",
        ],
        &["I: interviewer, B: participant"],
    );
}

/// An interview in which `asks` asks and `tells` tells, over and over.
fn talk(asks: &str, tells: &str) -> String {
    let tale = "We kept forty cows up there until the war, and I learned to read by the stove";
    let turn = |n: usize| format!("{asks}: And what came then?\n{tells}: {tale}, {n} {tells}.\n");
    (0..12).map(turn).collect()
}

#[test]
fn a_surname_that_is_a_role_word_decides_no_role() {
    for (asks, tells) in [
        ("Carla Weiss", "Marta Host"),
        ("Herr Braun", "Frau Tolk"),
        ("Carla Weiss", "Sue Clerk"),
        ("Nora Judge", "Bill Client"),
        ("Bill Client", "Nora Judge"),
    ] {
        check(&[&talk(asks, tells)], &[&format!("{asks}: interviewer, {tells}: participant")]);
    }
}

#[test]
fn breaks_and_sponsors_are_no_participants() {
    let text = format!("{0}Break: We are back soon.\n{0}Break: Soon.\n", talk("Ann Lee", "Bob"));
    check(&[&text], &["Ann Lee: interviewer, Bob: participant, Break: other"]);
}

#[test]
fn who_says_the_same_words_in_several_transcripts_is_a_recording() {
    let message = "Cy Ost: Our lamps are made by hand in a small town by the sea, all of them.\n";
    let file = |tells: &str| format!("{0}{message}{0}{0}{message}", talk("Ann Lee", tells));
    let (one, two) = (file("Bob"), file("Eve"));
    let expected =
        |tells: &str| format!("Ann Lee: interviewer, {tells}: participant, Cy Ost: other");
    check(&[&one, &two], &[&expected("Bob"), &expected("Eve")]);
    // The same transcript twice.
    let found = roles_in(&[&one, &one], &DeclaredRoles::new());
    assert_eq!(found[0][2], "Cy Ost: participant");
}

#[test]
fn the_crew_that_introduces_itself_is_not_interviewed() {
    let crew = "Katie: I'm Katie and I'll be the secondary interviewer.\n\
        Reagan: And I'll be the note taker.\n";
    let more = "Katie: Who was that?\nReagan: One moment please.\n";
    let text = format!("{crew}{}{more}", talk("Ann Lee", "Bob"));
    check(&[&text], &["Katie: interviewer, Reagan: other, Ann Lee: interviewer, Bob: participant"]);
}

#[test]
fn a_scrap_of_a_voice_is_no_participant_and_a_shy_one_at_a_table_is() {
    let scrap = "Speaker 3: Oh yes.\n";
    let pair = talk("Speaker 1", "Speaker 2");
    let found = roles_in(&[&format!("{pair}{pair}{scrap}{scrap}")], &DeclaredRoles::new());
    assert_eq!(found[0][2], "Speaker 3: other");
    let table = talk("Speaker 1", "Speaker 2") + &talk("Speaker 1", "Speaker 4");
    let found = roles_in(&[&format!("{table}{table}{scrap}{scrap}")], &DeclaredRoles::new());
    assert_eq!(found[0][3], "Speaker 3: participant");
}

#[test]
fn in_court_only_the_witness_is_interviewed() {
    let text = "Q: Where did you work?\nA: At the mill, from the time that I was fourteen.\n\
        MR. JONES: Objection, relevance.\nTHE COURT: Overruled.\n\
        THE WITNESS: They all worked there until it burnt.\nQ: And then?\nA: Then there was nothing.\n\
        MR. JONES: Objection.\nTHE COURT: Sustained.\nTHE WITNESS: I am sorry.\n";
    check(
        &[text],
        &["Q: interviewer, A: participant, MR. JONES: other, THE COURT: other, \
           THE WITNESS: participant"],
    );
}

#[test]
fn who_opens_under_a_name_and_goes_on_under_a_letter_is_one_person() {
    let text = "Gail Swan: What is your full name?\nMalvy Sol: Malvy Sol, as my mother was.\n\
        Q: And at birth?\nA: Malvy Isaac, we lived above the bakery.\nGail Swan: In the town?\n\
        Malvy Sol: In the town.\nQ: And then?\nA: Then the bank sent him away.\n";
    check(
        &[text],
        &["Gail Swan: interviewer, Malvy Sol: participant, Q: interviewer, A: participant"],
    );
}

#[test]
fn who_says_a_turn_or_two_in_the_interview_of_somebody_else_is_no_participant() {
    let talk = |other: &str| {
        let mut text = String::new();
        for at in 0..12 {
            text += "Ada Quill: And what did you do then, if I may ask?\n";
            text += "Rowan Pike: I went on with it, day after day, and I liked it more each year, \
                     and my mother helped me until the house was sold to my cousin.\n";
            text += if at == 5 { other } else { "" };
        }
        text
    };
    let one = ["Ada Quill: interviewer, Rowan Pike: participant, Tom Vale: other"];
    check(&[&talk("Tom Vale: Tea, anybody?\n")], &one);
    // At a table of two or more it may be somebody who is shy.
    let many = "Tom Vale: Tea, anybody?\nEve Ash: No, I was there all the time and nobody helped me \
                with the house, and my mother was ill, so that I went away for good.\n";
    let both = ["Ada Quill: interviewer, Rowan Pike: participant, Tom Vale: participant, \
                 Eve Ash: participant"];
    check(&[&talk(many)], &both);
}

#[test]
fn it_is_doubtful_where_only_the_interviewer_is_named() {
    check(
        &["Interviewer: How was it? Odd.\nInterviewer: Why? Well.\n"],
        &["Interviewer: participant?"],
    );
}

#[test]
fn letters_that_differ_from_language_to_language_are_told_by_the_talk() {
    let file = |one: &str, two: &str| {
        format!("{one}: ¿Cómo llegó usted a la huerta?\n{two}: Mi tía tenía la parcela antes y me la dejó.\n").repeat(4)
    };
    for (one, two) in [("P", "R"), ("R", "P"), ("E", "I"), ("I", "E")] {
        let roles = &roles_in(&[&file(one, two)], &DeclaredRoles::new())[0];
        let told = roles.join(", ").replace('?', "");
        assert_eq!(told, format!("{one}: interviewer, {two}: participant"));
    }
}

#[test]
fn who_interviews_elsewhere_does_so_where_they_tell_much() {
    let episode = |guest: &str| INTERVIEW.replace("Rowan", guest);
    let told = "Cy Ost: And what of the mill?\nAda Quill: Oh, I worked there as a girl, we all did, it was noisy.\n\
        Marta: I never went there, I was at school and then at the shop all day long.\nCy Ost: And then? What was it \
        like?\nAda Quill: It closed, and we all went home, and that was that, I remember.\nMarta: We lost the house.\n"
        .repeat(3);
    let [one, two, three] = ["Ben Lund", "Ida Marsh", "Olu Reed"].map(episode);
    let roles = roles_in(&[&one, &two, &three, &told], &DeclaredRoles::new());
    assert_eq!(roles[3], ["Cy Ost: interviewer", "Ada Quill: interviewer?", "Marta: participant"]);
    // Without a guest they are interviewed themselves.
    let alone = told.replace("Marta", "Ada Quill");
    let roles = roles_in(&[&one, &two, &three, &alone], &DeclaredRoles::new());
    assert_eq!(roles[3], ["Cy Ost: interviewer", "Ada Quill: participant"]);
}

#[test]
fn several_at_once_and_guesses_are_no_participants() {
    let turn = "M: What do you do when it rains?\nP1: I sit in the shed and sort the seeds.\nP2: I go home, it is \
        not far.\nP3: I like the rain, it is quiet then.\n"
        .repeat(4);
    check(
        &[&format!("{turn}P1/P2: Yes.\n?: Mm.\n")],
        &[
            "M: interviewer, P1: participant, P2: participant, P3: participant, P1/P2: other, ?: other",
        ],
    );
}

#[test]
fn a_number_beside_names_is_a_voice_that_was_not_known_again() {
    let talk = INTERVIEW.repeat(6);
    check(
        &[&format!(
            "{talk}Speaker 2: So what did you do then, and who was there?\nRowan: Nobody.\n"
        )],
        &["Ada Quill: interviewer, Rowan: participant, Speaker 2: other"],
    );
}

#[test]
fn how_somebody_says_it_once_is_no_part() {
    let text = INTERVIEW.repeat(2)
        + "Ada Quill: Why?\nRowan (after a long pause): I was tired.\n\
        Ada Quill: Oh.\nRowan (after a long pause): That was all.\n";
    check(
        &[&text],
        &["Ada Quill: interviewer, Rowan: participant, Rowan (after a long pause): participant"],
    );
}
