use super::*;

/// Joins `labels` of one transcript with the names in its head and shows each
/// person: `first label = other labels`.
#[track_caller]
fn check(labels: &[&str], head: &[&str], expected: &[&str]) {
    check_turns(labels, &vec![5; labels.len()], head, expected);
}

/// The same, of labels with so many turns.
#[track_caller]
fn check_turns(labels: &[&str], n_turns: &[u32], head: &[&str], expected: &[&str]) {
    let owned: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
    let named = |name: &&str| NamedPart { part: Part::Asks, name: (*name).to_owned() };
    let named: Vec<NamedPart> = head.iter().map(named).collect();
    let is_phrase = vec![false; labels.len()];
    let asks: Vec<bool> = (0..labels.len()).map(|at| at == 0).collect();
    // One after the other, as their labels come.
    let turns: Vec<[u32; 2]> = (0..).take(labels.len()).map(|at| [at, at]).collect();
    let transcript = Labels {
        labels: &owned,
        named: &named,
        is_phrase: &is_phrase,
        asks: &asks,
        n_turns,
        turns: &turns,
    };
    let people = People::find(&[transcript]);
    let mut shown: Vec<String> = Vec::new();
    for (s, label) in labels.iter().enumerate().filter(|(s, _)| people.first[0][*s] == *s) {
        let same: Vec<&str> =
            (s + 1..labels.len()).filter(|&o| people.first[0][o] == s).map(|o| labels[o]).collect();
        shown.push(format!("{label} = {}", same.join(" + ")).trim_end_matches(" = ").to_owned());
    }
    assert_eq!(shown, expected);
}

#[test]
fn one_person_under_two_labels_of_a_file_is_one() {
    check(
        &["Margaret Ferrie", "Tom Reed", "MF", "TR"],
        &[],
        &["Margaret Ferrie = MF", "Tom Reed = TR"],
    );
    check(
        &["Jenifer May Rosewarne", "Cass Ivey", "JMR", "CI"],
        &[],
        &["Jenifer May Rosewarne = JMR", "Cass Ivey = CI"],
    );
    check(&["Anne-Lise Quill", "ALQ"], &[], &["Anne-Lise Quill = ALQ"]);
    check(&["Peter Moss", "Ada Lund", "PJM"], &[], &["Peter Moss = PJM", "Ada Lund"]);
    check(&["Devon Ash", "Devon", "ASH", "Priya"], &[], &["Devon Ash = Devon + ASH", "Priya"]);
    check(&["Ferro, Nadia", "Nadia", "Guest"], &[], &["Ferro, Nadia = Nadia", "Guest"]);
    check(&["Dr Judith Amsel", "Dr. Amsel", "P1"], &[], &["Dr Judith Amsel = Dr. Amsel", "P1"]);
    check(&["HB", "Brook", "OG"], &["Hana Brook"], &["HB = Brook", "OG"]);
}

#[test]
fn a_device_is_who_alone_speaks_after_it() {
    check(
        &["Mia Hart", "iPad von Ruth", "Ruth Amann"],
        &[],
        &["Mia Hart", "iPad von Ruth = Ruth Amann"],
    );
    check(&["Mia Hart", "DESKTOP-7Q2", "Bo", "Cy"], &[], &["Mia Hart", "DESKTOP-7Q2", "Bo", "Cy"]);
    check(
        &["Mia Hart", "Ruth Amann", "Galaxy S21"],
        &[],
        &["Mia Hart", "Ruth Amann", "Galaxy S21"],
    );
    // A constable is no computer.
    check(&["MARSH", "PC ORME", "MS TULLY"], &[], &["MARSH", "PC ORME", "MS TULLY"]);
    check(&["Mia Hart", "PC von Ruth", "Ruth"], &[], &["Mia Hart", "PC von Ruth = Ruth"]);
}

#[test]
fn who_speaks_with_somebody_is_neither_of_the_two() {
    for both in ["Ada & Ben", "Ada and Ben", "Ada + Ben", "Ada, Ben"] {
        check(&["Nell", "Ada", "Ben", both], &[], &["Nell", "Ada", "Ben", both]);
    }
    check(
        &["Nell Ash", "Ada Quill", "Ben Moss", "Ada & Ben"],
        &[],
        &["Nell Ash", "Ada Quill", "Ben Moss", "Ada & Ben"],
    );
    check(&["Ada Quill", "Quill, Ada"], &[], &["Ada Quill = Quill, Ada"]);
}

#[test]
fn q_and_a_are_the_only_ones_who_ask_and_answer() {
    check(&["Interviewer", "Respondent", "Q", "A"], &[], &["Interviewer = Q", "Respondent = A"]);
    check(&["Interviewer", "P1", "P2", "Q", "A"], &[], &["Interviewer", "P1", "P2", "Q", "A"]);
}

#[test]
fn degrees_and_offices_are_no_part_of_a_name() {
    check(
        &["Adam Stone", "Mireille B. Reece, Psy.D", "Mireille Reece, PsyD"],
        &[],
        &["Adam Stone", "Mireille B. Reece, Psy.D = Mireille Reece, PsyD"],
    );
    check(
        &["Ada Lund", "Ada Lund MD", "Cy Ost, MD, PhD"],
        &[],
        &["Ada Lund = Ada Lund MD", "Cy Ost, MD, PhD"],
    );
    check(
        &["Mayor Cath Reed", "Stacy Hall", "Councilmember Stacy Hall", "Council Member Hall"],
        &[],
        &["Mayor Cath Reed", "Stacy Hall = Councilmember Stacy Hall + Council Member Hall"],
    );
    check(
        &["Stacy Hall", "Unknown (Councilmember Hall)", "Unknown (laughs)"],
        &[],
        &["Stacy Hall = Unknown (Councilmember Hall)", "Unknown (laughs)"],
    );
    assert_eq!(shown("Mireille B. Reece, Psy.D"), "Mireille B. Reece");
    assert_eq!(shown("Reece, Mireille"), "Mireille Reece");
}

#[test]
fn who_opens_under_a_name_goes_on_under_a_letter() {
    check(&["Gail Swan", "Malvy Sol", "Q", "A"], &[], &["Gail Swan = Q", "Malvy Sol = A"]);
    check(&["Gail Swan", "Q", "A"], &[], &["Gail Swan = Q", "A"]);
    check(&["Q", "A", "Mr. Jones", "The Witness"], &[], &["Q", "A = The Witness", "Mr. Jones"]);
    check(&["The Court", "Q", "A"], &[], &["The Court", "Q", "A"]);
}

#[test]
fn a_middle_name_makes_nobody_another_person_in_the_next_transcript() {
    let keys = |labels: &[&str]| {
        let owned: Vec<Vec<String>> =
            labels.iter().map(|label| vec![(*label).to_owned()]).collect();
        let of = |labels| Labels {
            labels,
            named: &[],
            is_phrase: &[false],
            asks: &[false],
            n_turns: &[9],
            turns: &[[0, 9]],
        };
        let of: Vec<Labels<'_>> = owned.iter().map(|labels| of(labels)).collect();
        let mut people = People::find(&of);
        people.join_with_middle_names();
        let keys = people.keys.into_iter().flatten().flatten();
        keys.collect::<BTreeSet<String>>().len()
    };
    assert_eq!(keys(&["Mireille B. Reece", "Mireille Reece", "Ada Reece"]), 2);
    assert_eq!(keys(&["Mireille B. Reece", "Mireille Reece", "Mireille C. Reece"]), 3);
}

#[test]
fn a_slip_of_the_typist_makes_no_new_person() {
    let slips = |label: &str, n_turns: u32, rare: &str, is_joined: bool| {
        let both = format!("{label} = {rare}");
        let expected: &[&str] = if is_joined { &[&both] } else { &[label, rare] };
        check_turns(&[label, rare], &[n_turns, 4], &[], expected);
    };
    slips("Participant", 40, "Particpant", true);
    slips("Jean-Paul Laumont", 40, "Jean-Pau Laumont", false);
    slips("Jean-Paul Laumont", 40, "Jean-Paul Laumnt", true);
    slips("Participant", 19, "Particpant", false);
    slips("Participant 1", 40, "Participant 2", false);
    slips("Maria Rossi", 40, "Mario Rossi", false);
    slips("Miller", 40, "Millar", false);
    slips("Participant", 40, "Participants", true);
    slips("Michael", 40, "Michaela", false);
    slips("Christian Berg", 40, "Christiane Berg", false);
    slips("Gabriele", 40, "Gabriel", false);
}

#[test]
fn what_stands_around_a_label_makes_no_other_person() {
    check(&["P3", "P3?", "P4"], &[], &["P3 = P3?", "P4"]);
    check(&["The Chair", "Chair", "Ms Reyes"], &[], &["The Chair = Chair", "Ms Reyes"]);
    check(&["Ali (P3)", "Ali", "Bea"], &[], &["Ali (P3) = Ali", "Bea"]);
    check(&["Ms Reyes (Hull)", "Ms Reyes"], &[], &["Ms Reyes (Hull) = Ms Reyes"]);
    // Two notes are two people.
    check(&["Tn1 (m)", "Tn1 (w)", "Tn1"], &[], &["Tn1 (m)", "Tn1 (w)", "Tn1"]);
    check(&["Murch (M)", "M"], &[], &["Murch (M) = M"]);
    check(
        &["Interviewer (I)", "Respondent (R1)", "I", "R1"],
        &[],
        &["Interviewer (I) = I", "Respondent (R1) = R1"],
    );
}

#[test]
fn a_part_and_its_short_form_are_one() {
    check(
        &["Moderator", "Participant 1", "Participant 2", "P2", "P01", "P3"],
        &[],
        &["Moderator", "Participant 1 = P01", "Participant 2 = P2", "P3"],
    );
    check(&["Patient", "Participant", "P"], &[], &["Patient", "Participant", "P"]);
    check(&["M", "Mother", "F"], &[], &["M", "Mother", "F"]);
}

#[test]
fn who_opens_under_a_surname_goes_on_under_initials() {
    let turns = [1, 2, 9, 9];
    let joined = ["Thorne = LT", "Marl = EM"];
    check_turns(&["Thorne", "Marl", "LT", "EM"], &turns, &[], &joined);
    check_turns(&["Lane", "Harrow", "L", "H"], &turns, &[], &["Lane = L", "Harrow = H"]);
    // Two fit, or they talk on.
    check_turns(&["Lane", "Lamb", "L", "H"], &turns, &[], &["Lane", "Lamb", "L", "H"]);
    check_turns(&["Lane", "L"], &[9, 9], &[], &["Lane", "L"]);
}

#[test]
fn surnames_of_two_words_initials_turned_round_and_french_titles() {
    check(&["Ana de la Cruz", "De la Cruz"], &[], &["Ana de la Cruz = De la Cruz"]);
    check(&["Лунёва Вера Павловна", "В.Л."], &[], &["Лунёва Вера Павловна = В.Л."]);
    check(
        &["Mme B.", "M. B.", "Mme Roux", "M. Roux"],
        &[],
        &["Mme B.", "M. B.", "Mme Roux", "M. Roux"],
    );
    // Who speaks under a full name comes before who is only named at the head.
    check(&["Q", "Peter Cork", "Peter"], &["Peter Asher"], &["Q", "Peter Cork = Peter"]);
}

#[test]
fn an_accent_more_or_less_makes_no_other_person() {
    check(&["José", "Inés", "Jose", "Ines"], &[], &["José = Jose", "Inés = Ines"]);
    check(&["Entrevistadora", "José", "Entrev."], &[], &["Entrevistadora = Entrev.", "José"]);
}

#[test]
fn two_people_with_the_same_initials_or_surname_stay_two() {
    check(&["Jo Marsh", "Jim Moss", "JM"], &[], &["Jo Marsh", "Jim Moss", "JM"]);
    check(&["Mr. Lund", "Mrs. Lund"], &[], &["Mr. Lund", "Mrs. Lund"]);
    check(&["Mr. Per Lund", "Mrs. Lund"], &[], &["Mr. Per Lund", "Mrs. Lund"]);
    check(
        &["Interviewer 1", "Interviewer 2", "P1"],
        &[],
        &["Interviewer 1", "Interviewer 2", "P1"],
    );
}

#[test]
fn two_people_of_one_name_stay_two() {
    check(
        &["John Smith (father)", "John Smith (son)"],
        &[],
        &["John Smith (father)", "John Smith (son)"],
    );
    let names = ["Anna Lund", "Anna B. Lund", "Anna C. Lund"];
    check(&names, &[], &names);
    check(&["Anna B. Lund", "Anna C. Lund", "Anna Lund"], &[], &[names[1], names[2], names[0]]);
    check(&["Anna B. Lund", "Anna Lund"], &[], &["Anna B. Lund = Anna Lund"]);
    let parts = ["Ada Lund (Interviewer)", "Bo Ek (Respondent)", "Ada Lund (I)"];
    check(&parts, &[], &["Ada Lund (Interviewer) = Ada Lund (I)", "Bo Ek (Respondent)"]);
    // One note is that of the one person, and what is noted now and then a remark.
    check(&["John Smith", "John Smith (father)"], &[], &["John Smith = John Smith (father)"]);
    check_turns(
        &["John Smith", "John Smith (laughs)", "John Smith (sighs)"],
        &[40, 2, 1],
        &[],
        &["John Smith = John Smith (laughs) + John Smith (sighs)"],
    );
}

#[test]
fn initials_may_be_spaced_and_hold_small_words() {
    check(&["Anna Brook", "A. B."], &[], &["Anna Brook = A. B."]);
    check(
        &["Prof. Ines de la Cruz", "Mr. Pieter van der Berg", "van der Berg", "IdlC", "PvdB"],
        &[],
        &["Prof. Ines de la Cruz = IdlC", "Mr. Pieter van der Berg = van der Berg + PvdB"],
    );
    check(&["Ada May Quill-Reed", "AQR", "Tom"], &[], &["Ada May Quill-Reed = AQR", "Tom"]);
    // Of two files they are two people.
    let labels = ["A. B.".to_owned()];
    let of = Labels {
        labels: &labels,
        named: &[],
        is_phrase: &[false],
        asks: &[false],
        n_turns: &[5],
        turns: &[[0, 9]],
    };
    assert_eq!(People::find(&[of, of]).keys, [[None], [None]]);
}

#[test]
fn how_somebody_says_it_now_and_then_is_nobody_else() {
    check_turns(
        &["T.B.", "Ada", "T.B. (laughs)", "Ada (sighs)", "Ada (smiles)"],
        &[40, 40, 1, 1, 2],
        &[],
        &["T.B. = T.B. (laughs)", "Ada = Ada (sighs) + Ada (smiles)"],
    );
    check_turns(
        &["Ada", "Ada (mother)", "Ada (aunt)"],
        &[5, 9, 8],
        &[],
        &["Ada", "Ada (mother)", "Ada (aunt)"],
    );
}
