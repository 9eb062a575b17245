//! Decides which labels are speakers, by the evidence of the whole file.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::words_in;
use crate::labels::heads::{Head, Kind, is_blank, is_quoted};
use crate::labels::{
    Part, ShortLabels, counts, fold, guessed, is_aside, is_count, is_label, is_loud, is_marker,
    is_name, is_number, is_role, is_shown_name, is_telephone, n_recurring, part_of, put_together,
};
use crate::lines::{Content, Line, runs};
use crate::text::Declared;

/// The labels that are speakers in one file.
#[derive(Debug)]
pub(super) struct Speakers {
    pub(super) kind: Kind,
    labels: BTreeSet<String>,
    /// Those that people named before, folded.
    declared: BTreeSet<String>,
}

impl Speakers {
    /// Finds the speakers by the evidence of the whole file; `None` if it
    /// names nobody.
    pub(super) fn find(text: &str, lines: &[Line<'_>], declared: &Declared) -> Option<Self> {
        let declared: BTreeSet<String> =
            declared.labels.iter().map(|label| fold(label.trim())).collect();
        let heads = || lines.iter().filter_map(Line::head);
        // `1: words` beside `Moderator: words`: the numbers of those who sit at a table.
        let is_number = |head: &Head<'_>| {
            head.kind == Kind::Colon
                && is_number(head.label)
                && text[..head.words].ends_with(is_blank)
        };
        // Most lines begin with one of a few labels: how many do, by all that tells heads apart
        // here.
        let mut alike: BTreeMap<(Kind, &str, bool, bool, bool), usize> = BTreeMap::new();
        for head in heads() {
            let Head { kind, label, is_strong, is_wall_clock, .. } = head;
            let key = (kind, label, is_strong, is_wall_clock, is_number(&head));
            *alike.entry(key).or_default() += 1;
        }
        let mut n_heads_of: BTreeMap<(Kind, String), usize> = BTreeMap::new();
        for ((kind, label, ..), n) in &alike {
            *n_heads_of.entry((*kind, fold(label))).or_default() += n;
        }
        let n_of = |kind: Kind, label: &String| {
            n_heads_of.get(&(kind, label.clone())).copied().unwrap_or_default()
        };
        // Behind a colon may stand what somebody is said to have said: `He says: “No”`.
        let is_told = |line: &&Line<'_>| {
            line.colon().is_some_and(|head| text.get(head.words..line.end).is_some_and(is_quoted))
        };
        let told = lines.iter().filter(is_told).filter_map(Line::head);
        let mut quoted = counts(told.map(|head| head.label));
        if quoted.values().sum::<usize>() * 2 < n_recurring(&n_heads_of) {
            quoted.retain(|label, n| *n * 10 >= n_of(Kind::Colon, label) * 7 && !is_role(label));
        } else {
            quoted.clear();
        }
        let are_numbered = alike
            .keys()
            .filter(|(.., is_number)| *is_number)
            .map(|(_, label, ..)| fold(label))
            .collect::<BTreeSet<String>>()
            .iter()
            .filter(|label| n_of(Kind::Colon, label) > 1)
            .count()
            > 1;
        let enumerating = enumerating(&n_heads_of, &declared);
        let mut found: BTreeMap<Kind, (usize, BTreeSet<String>)> = BTreeMap::new();
        for (&(kind, label, is_strong, is_wall_clock, is_number), &n) in &alike {
            let folded = fold(label);
            if enumerating.contains(&folded) {
                continue;
            }
            // `[X]` is a box that somebody ticked.
            let is_marker = kind == Kind::Bracket && (is_marker(label) || folded == "x");
            let n_heads = n_of(kind, &folded);
            let recurs = n_heads > 1;
            // Where the form tells who speaks, it may be a telephone: `+44 7700  0:12`.
            let is_form = match kind {
                Kind::Header => is_strong,
                Kind::Colon => is_wall_clock,
                _ => false,
            };
            let is_shown = is_form && (n_heads > 2 || is_telephone(label));
            let sends = kind == Kind::Colon && is_strong && is_wall_clock;
            let is_speaker = declared.contains(&folded)
                || sends
                || (are_numbered && is_number)
                || (is_shown && is_shown_name(label))
                || (!is_marker
                    && is_label(label)
                    && !(kind == Kind::Colon && quoted.contains_key(&folded))
                    && (recurs || is_strong || is_role(label)));
            if is_speaker {
                let entry = found.entry(kind).or_default();
                entry.0 += n;
                entry.1.insert(folded);
            }
        }
        // A heading that names a person comes again, as most headings beside it do.
        let n_headings = heads().filter(|head| head.kind == Kind::Heading).count();
        let are_sections = |(n, labels): &(usize, BTreeSet<String>)| {
            let is_sure = |label: &String| declared.contains(label) || is_role(label);
            n * 10 < n_headings * 7 || (labels.len() < 2 && !labels.iter().any(is_sure))
        };
        if found.get(&Kind::Heading).is_some_and(are_sections) {
            found.remove(&Kind::Heading);
        } else if let Some((n, labels)) = found.get_mut(&Kind::Heading) {
            let is_name = |head: &Head<'_>| is_label(head.label) && is_name(head.label);
            let more = heads().filter(|head| head.kind == Kind::Heading && is_name(head));
            labels.extend(more.map(|head| fold(head.label)));
            *n = n_headings;
        }
        add_single_names(text, lines, &enumerating, &mut found);
        add_odd_partner(lines, &mut found);
        let most = found.values().map(|(n, _)| *n).max()?;
        let (kind, (n_heads, mut labels)) = found.into_iter().find(|(_, (n, _))| *n == most)?;
        // Who speaks once under the full name speaks on under initials or a surname.
        let of_kind: BTreeSet<&str> =
            alike.keys().filter(|(of, ..)| *of == kind).map(|(_, label, ..)| *label).collect();
        let known = of_kind.iter().copied().filter(|label| labels.contains(&fold(label)));
        let shorts = ShortLabels::new(&known.collect());
        let full_names: BTreeSet<String> = of_kind
            .iter()
            .filter(|label| is_label(label) && is_name(label))
            .map(|label| fold(label))
            .filter(|full| shorts.have_one_for(full))
            .collect();
        labels.extend(full_names);
        labels.extend(opening_surnames(&heads().collect::<Vec<_>>(), kind, &labels));
        // A remark between the turns is nobody's of those who talk; `Ada?` is a guess, and
        // `Ada and Ben` are two who do.
        let is_known = |label: &str| labels.contains(label) || is_role(label);
        let is_guess = |label: &str| {
            guessed(label).is_some_and(|bare| bare.chars().nth(1).is_none() || is_known(bare))
        };
        let is_several = |label: &str| {
            let several = put_together(label);
            several.len() > 1 && several.into_iter().all(is_known)
        };
        // Of nobody who is known are `Several voices` and `(several)`, though only once.
        let is_nobody_known = |label: &str| {
            let bare = label.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
            (bare.is_some() || label.contains(' '))
                && part_of(bare.unwrap_or(label)) == Some(Part::Stray)
        };
        // A remark on how somebody says it: `P3 [cont.]`, `P3, quietly`.
        let is_remarked = |label: &str| {
            let signs = [" [", " (", ", "];
            let split = signs.iter().find_map(|sign| Some((label.split_once(sign)?, *sign)));
            // `P1, P2` are two.
            split.is_some_and(|((bare, remark), sign)| {
                labels.contains(bare)
                    // `P3 [00` is cut off in a time.
                    && (sign == ", " || remark.ends_with([']', ')']))
                    && bare.ends_with(char::is_numeric)
                    && !(sign == ", " && remark.contains(char::is_numeric))
            })
        };
        let more: BTreeSet<String> = of_kind
            .iter()
            .map(|label| fold(label))
            .filter(|label| {
                is_aside(label)
                    || is_guess(label)
                    || is_several(label)
                    || is_nobody_known(label)
                    || is_remarked(label)
            })
            .collect();
        labels.extend(more);
        let speakers = Self { kind, labels, declared };
        let is_declared = speakers.labels.iter().any(|label| speakers.declared.contains(label));
        let first =
            lines.iter().position(|line| line.head().is_some_and(|head| speakers.has(&head)))?;
        if n_heads < 2 {
            let opens = !lines[..first].iter().any(Line::is_said);
            return (is_declared || opens).then_some(speakers);
        }
        // Two lines of `Coffee:` late in a monologue are no conversation.
        let count = |lines: &[Line<'_>]| -> usize {
            let said = lines.iter().filter(|line| line.is_said());
            said.map(|line| words_in(line.words(text))).sum()
        };
        let n_before = count(&lines[..first]);
        (is_declared || n_before * 2 <= n_before + count(&lines[first..])).then_some(speakers)
    }

    /// Whether a line opens a turn in the form in which this file names its speakers.
    pub(super) fn open(&self, line: &Line<'_>) -> bool {
        line.head().is_some_and(|head| head.kind == self.kind && self.has(&head))
    }

    /// Whether the head is a speaker's.
    pub(super) fn has(&self, head: &Head<'_>) -> bool {
        self.knows(head.label)
    }

    /// Whether one of them stands before a colon among these words, whatever stands before it.
    pub(super) fn stand_in(&self, words: &str) -> bool {
        let mut heads = words.match_indices(": ").map(|(at, _)| fold(&words[..at]));
        heads.any(|before| {
            self.labels.iter().any(|label| {
                let rest = before.strip_suffix(label.as_str());
                rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
            })
        })
    }

    /// Whether people said that a label is a speaker's.
    pub(super) fn are_told(&self, label: &str) -> bool {
        self.declared.contains(&fold(label))
    }

    /// Whether a label is a speaker's, in whatever form.
    pub(super) fn knows(&self, label: &str) -> bool {
        self.labels.contains(&fold(label))
    }
}

/// The labels by which somebody counts, `First: …`, `Second: …`. Who sits in a group may be called
/// so too, and `Primo` is a name: said twice, or among others three times, it is somebody's.
fn enumerating(
    n_of: &BTreeMap<(Kind, String), usize>,
    declared: &BTreeSet<String>,
) -> BTreeSet<String> {
    let counts = |label: &&String| is_count(label) && !declared.contains(*label);
    let found: BTreeMap<&String, usize> =
        n_of.iter().map(|((_, label), n)| (label, *n)).filter(|(label, _)| counts(label)).collect();
    let is_one = |n: usize| n == 1 || (n == 2 && found.len() > 1);
    found.iter().filter(|(_, n)| is_one(**n)).map(|(label, _)| (*label).clone()).collect()
}

/// So many labels that come once above the talk are fields.
const MANY_FIELDS: usize = 3;

/// Adds the names that occur once: the words of a guest who speaks once, or of the
/// narrator of one long answer, must not become another person's. Where almost every
/// line names a speaker, any name is one; else one in capitals, and beside a role
/// (`Interviewer:`) one that opens a paragraph, or any where nobody else would answer.
fn add_single_names(
    text: &str,
    lines: &[Line<'_>],
    enumerating: &BTreeSet<String>,
    found: &mut BTreeMap<Kind, (usize, BTreeSet<String>)>,
) {
    let n_lines = lines.iter().filter(|line| line.is_said()).count();
    let Some((n_heads, labels)) = found.get_mut(&Kind::Colon) else { return };
    let is_dense = *n_heads >= 6 && *n_heads * 10 >= n_lines * 7;
    let has_role = labels.iter().any(|label| is_role(label));
    let has_several = *n_heads > 1;
    // Who asks is answered by somebody, and where only one other is named, by that one.
    let colons: BTreeSet<&str> =
        lines.iter().filter_map(Line::colon).map(|head| head.label).collect();
    let colons = colons.into_iter().filter(|label| is_label(label));
    let mut others: BTreeSet<String> = colons.map(fold).collect();
    others.retain(|label| !labels.contains(label));
    // People come again: where more labels come once than all others together, they are
    // items of lists.
    let are_items = others.len() > *n_heads;
    let lacks_partner =
        labels.len() == 1 && ((has_role && !are_items) || (others.len() == 1 && *n_heads > 1));
    // Where turns are no list, lists above them are no turns.
    let is_item = |line: &Line<'_>| {
        let words = line.words(text);
        let item = words.strip_prefix(['-', '*', '•', '+']);
        item.is_some_and(|item| item.starts_with([' ', '\t']))
    };
    let known = labels.clone();
    let is_known = |head: &Head<'_>| known.contains(&fold(head.label));
    let items = lines.iter().filter(|line| is_item(line));
    let is_list = items.filter_map(Line::head).any(|head| is_known(&head));
    let n_fields = n_fields_above(text, lines, &known);
    // Many who are named once before anybody speaks twice are fields: `COMPANY: …`.
    let above = lines.iter().filter_map(Line::head).take_while(|head| !is_known(head));
    let above = above.filter(|head| head.kind == Kind::Colon).map(|head| fold(head.label));
    let are_fields = above.collect::<BTreeSet<String>>().len() >= MANY_FIELDS;
    let mut has_begun = false;
    let mut opens = true;
    for line in &lines[n_fields..] {
        let opens_paragraph = std::mem::replace(&mut opens, !line.is_said());
        let Some(head) = line.head() else { continue };
        let folded = fold(head.label);
        has_begun |= known.contains(&folded);
        let words = text[head.words..line.end].trim_end();
        let is_shouted = || {
            head.label.chars().filter(|c| c.is_uppercase()).count() > 1
                && is_loud(head.label)
                && (has_begun || words.ends_with(['.', '?', '!']))
        };
        let is_said = is_dense
            || (lacks_partner && has_begun && !words.is_empty())
            || (!words.is_empty()
                && has_several
                && (is_shouted() || (has_role && has_begun && opens_paragraph && !are_items)));
        // `Paper: https://example.org` is no speech.
        let is_link = words.contains("://") && !words.contains(char::is_whitespace);
        let is_name = || head.kind == Kind::Colon && is_label(head.label) && is_name(head.label);
        // `Participant ID: 07` above the talk is a field.
        let is_value = words.contains(char::is_numeric) && !words.contains(char::is_whitespace);
        let is_above = !has_begun && (is_value || are_fields || (!is_list && is_item(line)));
        let is_new = !enumerating.contains(&folded) && !labels.contains(&folded);
        if is_said && is_new && !is_link && !is_above && is_name() {
            labels.insert(folded);
            *n_heads += 1;
        }
    }
}

/// How often somebody asks and is answered where the answer's label is no name.
const ANSWERED: usize = 3;
/// The most characters of such a label.
const ODD_CHARS: usize = 8;

/// Adds what stands before the answers to the only one who asks, where it is no name but a
/// number or a line: `#02:`, `____:`. It comes as often, and after a question each time.
fn add_odd_partner(lines: &[Line<'_>], found: &mut BTreeMap<Kind, (usize, BTreeSet<String>)>) {
    let Some((n_heads, labels)) = found.get_mut(&Kind::Colon) else { return };
    let Some(asks) = labels.first().filter(|_| labels.len() == 1).cloned() else { return };
    if part_of(asks.trim_end_matches('.')) != Some(Part::Asks) {
        return;
    }
    let heads: Vec<String> =
        lines.iter().filter_map(Line::colon).map(|head| fold(head.label)).collect();
    let mut behind: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in heads.windows(2).filter(|pair| pair[0] == asks && pair[1] != asks) {
        *behind.entry(&pair[1]).or_default() += 1;
    }
    let n_asking = heads.iter().filter(|label| **label == asks).count();
    let odd = behind.into_iter().find(|(label, n)| {
        *n >= ANSWERED
            && n * 10 >= n_asking * 8
            // Only one comes so often: the heads must not be counted for each.
            && n * 10 >= heads.iter().filter(|other| other == label).count() * 8
            && label.chars().count() <= ODD_CHARS
            && !label.contains(char::is_whitespace)
            && !is_label(label)
    });
    if let Some((label, n)) = odd {
        labels.insert(label.to_owned());
        *n_heads += n;
    }
}

/// How many lines from the first on are a title and fields, `Product: Larder`, above the
/// talk of those who are known: paragraphs in which two lines or more begin with a label, and
/// the first with none.
fn n_fields_above(text: &str, lines: &[Line<'_>], known: &BTreeSet<String>) -> usize {
    let asks =
        |head: Head<'_>| text[head.words..].lines().next().is_some_and(|it| it.contains('?'));
    let mut n = 0;
    for paragraph in runs(lines, |line| !matches!(line.content, Content::Blank)) {
        let heads = || lines[paragraph.clone()].iter().filter_map(Line::colon);
        let n_heads = heads().count();
        let is_talk = heads().any(|head| known.contains(&fold(head.label)) || asks(head));
        if n_heads > 1 && lines[paragraph.start].colon().is_none() && !is_talk {
            n = paragraph.end;
        } else if n_heads > 0 {
            break;
        }
    }
    n
}

/// The surnames under which people say a word before they speak on under initials:
/// `Thorne: …`, `Marl: …`, then `LT: …`, `EM: …`. At least two do.
fn opening_surnames(heads: &[Head<'_>], kind: Kind, known: &BTreeSet<String>) -> Vec<String> {
    let is_initials = |label: &str| {
        (2..=4).contains(&label.chars().count()) && label.chars().all(char::is_uppercase)
    };
    let is_known = |head: &&Head<'_>| head.kind == kind && known.contains(&fold(head.label));
    let ends: BTreeSet<char> = heads
        .iter()
        .filter(|head| is_initials(head.label))
        .filter(is_known)
        .filter_map(|head| head.label.chars().next_back())
        .collect();
    let opening = heads.iter().take_while(|head| !is_known(head));
    let fits = |head: &&Head<'_>| {
        head.kind == kind
            && is_label(head.label)
            && is_name(head.label)
            && !head.label.contains(' ')
            && head.label.chars().next().is_some_and(|first| ends.contains(&first))
    };
    let found: Vec<String> = opening.filter(fits).map(|head| fold(head.label)).collect();
    let n = found.iter().collect::<BTreeSet<_>>().len();
    if n > 1 && n == found.len() { found } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    #[test]
    fn what_somebody_is_said_to_have_said_is_no_turn() {
        let talk = "Ada: Why?\nBen: It was wet.\n".repeat(4);
        let told = "Ben: I went in.\nMother says: “No, not\nyou.” So I left.\n";
        let read = shown(&(talk + &told.repeat(3)), false);
        assert!(
            read.contains("Ben||I went in./Mother says: “No, not/you.” So I left.\n"),
            "{read}"
        );
        // Where all that is said stands in quotation marks.
        let text = "Ada: “Why?”\nBen: “It was wet.”\n".repeat(4);
        assert_eq!(shown(&text, false), "Ada||“Why?”\nBen||“It was wet.”\n".repeat(4));
    }

    #[test]
    fn what_somebody_counts_up_is_nobody_and_told() {
        for [one, two] in [["First", "Second"], ["Erstens", "Zweitens"], ["Premièrement", "Enfin"]]
        {
            let list = format!("{one}: the rent.\n{two}: my knees.\n");
            let text = format!("I: Why?\nP: So.\n{list}I: And?\nP: Yes.\nI: Oh.\nP: No.\n");
            let read = shown(&text, false);
            assert!(
                read.contains(&format!("P||So./{one}: the rent./{two}: my knees.\n")),
                "{read}"
            );
            assert!(read.contains(&format!("not known, first `{one}`")), "{read}");
        }
        let text = "I: Why?\nPrimo: It was wet.\nI: And?\nPrimo: So.\n";
        assert!(shown(text, false).contains("Primo||It was wet.\n"));
        // A group of three.
        let round = "M: Why?\nFirst: It was wet.\nSecond: It was dry.\nThird: So.\n".repeat(3);
        assert!(shown(&round, false).contains("First||It was wet.\nSecond||It was dry.\n"));
    }

    #[test]
    fn numbers_of_those_at_a_table_are_speakers() {
        let text = "M: Who?\n1: Me.\n2: And me.\n#1: Yes.\nM: Good.\n2: No.\n";
        assert_eq!(shown(text, false), "M||Who?\n1||Me.\n2||And me.\n1||Yes.\nM||Good.\n2||No.\n");
        // Who says one thing.
        let text = "M: Who?\n1: Me.\n2: And me.\n3: And I.\nM: Good.\n1: Yes.\n2: No.\n";
        assert!(shown(text, false).contains("3||And I.\n"));
        // A list of an answer.
        let text = "M: Who?\nAda: These:\n1: Ben\n2: Cy\nM: Good.\nAda: Yes.\n";
        assert!(shown(text, false).contains("Ada||These:/1: Ben/2: Cy\n"));
    }

    #[test]
    fn a_guess_and_two_at_once_are_labels() {
        let text = "M: So?\nP1: Yes.\nP2: No.\nP1/P2: Well.\nP2?: Perhaps.\n?: Mm.\nM: Oh.\nP1: Yes.\nP2: No.\n";
        assert_eq!(
            shown(text, false),
            "M||So?\nP1||Yes.\nP2||No.\nP1/P2||Well.\nP2?||Perhaps.\n?||Mm.\nM||Oh.\nP1||Yes.\nP2||No.\n"
        );
    }

    #[test]
    fn who_opens_under_a_surname_has_the_words() {
        let text =
            "Thorne: How so?\nMarl: By bus.\nLT: And then?\nEM: On foot.\nLT: Oh.\nEM: Yes.\n";
        assert_eq!(
            shown(text, false),
            "Thorne||How so?\nMarl||By bus.\nLT||And then?\nEM||On foot.\nLT||Oh.\nEM||Yes.\n"
        );
    }

    #[test]
    fn the_only_answer_beside_one_who_asks_is_somebodys() {
        let text = "**Sara:** Why?\n**Sara:** And how?\n**Marco:** It was wet, and then we left.\n";
        assert_eq!(
            shown(text, true),
            "Sara||Why?\nSara||And how?\nMarco||It was wet, and then we left.\n"
        );
    }

    #[test]
    fn fields_below_a_title_are_nobody() {
        let talk = "M: Why?\nP1: It was wet.\n\nM: And?\nP1: Well.\n\nM: Oh.\nP1: Yes.\n";
        let text = format!("Interview with P1\nProduct: Larder\nContext: the first use.\n\n{talk}");
        let read = shown(&text, false);
        assert!(!read.contains("Product||") && !read.contains("Context||"), "{read}");
        // Who opens the talk.
        let text = format!("Anchor: Welcome.\nGuest: Hello.\n\n{talk}");
        assert!(shown(&text, false).contains("Guest||Hello."));
    }

    #[test]
    fn who_answers_may_be_a_number_or_a_line() {
        for (written, label) in [("#02", "02"), ("____", "")] {
            let text = format!("Int.: Why?\n{written}: It was wet.\n").repeat(4);
            assert_eq!(
                shown(&text, false),
                format!("Int.||Why?\n{label}||It was wet.\n").repeat(4)
            );
        }
        // Of every second answer it is an item.
        let text = "Int.: Why?\nIt was wet.\nInt.: And?\n#1: A boat.\n".repeat(4);
        assert!(!shown(&text, false).contains("1||"));
    }

    #[test]
    fn many_fields_above_the_talk_are_nobody() {
        let talk = "1.Why did it go?\nR: It was wet.\n\n2.And when?\nR: In May.\n\n";
        let talk = talk.repeat(3);
        let text = format!("NAME: Ada Quill.\n\nFIRM: Quill.\n\nTRADE: Boats.\n\n{talk}");
        let read = shown(&text, false);
        assert!(read.matches("R||").count() == 6 && !read.contains("TRADE||"), "{read}");
    }

    #[test]
    fn voices_of_nobody_are_labels_though_they_come_once() {
        for label in ["Several voices", "(several)"] {
            let text = format!("Ada: Why?\nBen: So.\n{label}: No!\nAda: Oh.\nBen: Yes.\n");
            let read = shown(&text, false);
            assert!(read.contains(&format!("Ben||So.\n{label}||No!\n")), "{read}");
        }
    }

    #[test]
    fn a_surname_that_begins_small_is_a_label() {
        let text = "Ines: Why?\nvan der Berg: It was wet.\nInes: Oh.\nvan der Berg: Yes.\n";
        assert_eq!(
            shown(text, false),
            "Ines||Why?\nvan der Berg||It was wet.\nInes||Oh.\nvan der Berg||Yes.\n"
        );
    }

    #[test]
    fn a_letterhead_names_nobody_who_speaks() {
        let talk = "It was wet there, and cold.\n\nWe went home by boat.\n\n".repeat(4);
        let text =
            format!("Address: 4 Quay Street\nTel: 0000 000\n\n{talk}\nTelephone: 0000 000\n");
        let read = shown(&text, false);
        assert!(!read.contains("Tel|") && !read.contains("Telephone|"), "{read}");
    }

    #[test]
    fn columns_of_years_are_no_labels() {
        let talk = "Q: Why?\nAda: It was wet.\n".repeat(4);
        let text =
            format!("{talk}1986~1992     Project: a robot on Mars\n1992          Moved: home\n");
        let read = shown(&text, false);
        assert!(!read.contains("\n1986") && !read.contains("\n1992"), "{read}");
    }

    #[test]
    fn items_of_lists_are_nobody() {
        let item = |letter: char| format!("\nPlace{letter}: a fine town.\n");
        let items = ('A'..='K').map(item).collect::<Vec<_>>().concat();
        let text = format!("Interviewer: Where?\n{items}\nInterviewer: And?\n\nInterviewer: Oh.\n");
        assert!(!shown(&text, false).contains("PlaceC||"));
    }
}
