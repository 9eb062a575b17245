//! Candidate themes for people: one block a theme.

use std::io;

use super::info::count;
use super::layout::{bar, decimal, shorten, table, wrap, write_hanging, write_wrapped};
use super::quotes::write_quote;
use super::style::{Style, StyledWrite};
use crate::answers::{
    Band, CodeProgress, GivenName, InContext, Interval, ProposedMore, ThemeAnswer, ThemesAnswer,
    UncodedEvidence, UncodedTalk,
};

const BAR_COLUMNS: usize = 12;
/// Pairs of themes that are shown.
const N_PAIRS: usize = 5;
/// Columns that stand behind the name of a code.
const CODE_COLUMNS: usize = 52;
/// Transcripts without a code that are named.
const N_NAMED: usize = 6;
/// The share of the passages from which on a theme is mostly of one participant.
const MOSTLY: f64 = 0.5;

/// Writes candidate themes with their evidence, `n_quotes` quotes each.
///
/// # Errors
/// If the writer fails.
pub fn write_themes(
    out: &mut impl StyledWrite,
    answer: &ThemesAnswer,
    n_quotes: usize,
    columns: usize,
) -> io::Result<()> {
    // What may make every number wrong comes before the first.
    for note in &answer.notes {
        write_wrapped(out, &format!("note: {note}"), columns)?;
    }
    if !answer.notes.is_empty() {
        writeln!(out)?;
    }
    if let Some(uncoded) = &answer.uncoded {
        write_codes(out, &answer.codes, columns)?;
        write_wrapped(out, &uncoded_line(uncoded), columns)?;
        writeln!(out)?;
    }
    let (covered, mut open): (Vec<&ThemeAnswer>, Vec<&ThemeAnswer>) =
        answer.themes.iter().partition(|theme| theme.is_covered());
    // Where most people say what no code covers, there is most to go on with.
    open.sort_by_key(|theme| {
        std::cmp::Reverse(theme.uncoded.as_ref().map(|left| (left.n_cases, left.n_passages)))
    });
    for theme in open {
        write_theme(out, theme, &answer.names, n_quotes, columns)?;
        writeln!(out)?;
    }
    if !covered.is_empty() {
        write_covered(out, &covered, columns)?;
        writeln!(out)?;
    }
    if n_quotes > 0 && !answer.together.is_empty() {
        let pairs = answer.together.iter().take(N_PAIRS).map(|pair| {
            let [a, b] = pair.themes;
            let of = match pair.n_passages {
                0 => count(pair.n_answers as u64, "answer"),
                n => count(n as u64, "passage"),
            };
            format!("{a} and {b} ({of}, {})", count(pair.n_cases as u64, "participant"))
        });
        let pairs = format!(
            "Often in the same passage or answer (co-occurrence): {}.",
            pairs.collect::<Vec<_>>().join("; ")
        );
        write_wrapped(out, &pairs, columns)?;
        writeln!(out)?;
    }
    let n_fitting = answer.passages.iter().filter(|passage| passage.theme.is_some()).count();
    let all = answer.passages.len();
    let n_accepted = answer.themes.iter().filter(|theme| theme.accepted.is_some()).count();
    let standing = match (n_accepted, answer.themes.len() - n_accepted) {
        (0, _) => "all of them suggestions: you decide".to_owned(),
        (_, 0) => "all of them accepted".to_owned(),
        (_, n) => {
            format!("{n_accepted} accepted, {} not yet decided", count(n as u64, "candidate"))
        }
    };
    let summary = format!(
        "{}, {standing}. {n_fitting} of {} of participants belong to at least one of them. The percentages in brackets are 95 % intervals (Wilson).",
        count(answer.themes.len() as u64, "theme"),
        count(all as u64, "passage"),
    );
    write_wrapped(out, &summary, columns)?;
    if let Some(version) = answer.version {
        // Asked for otherwise, themes differ for that alone.
        let asked = answer.asked.map_or_else(String::new, |n| format!(" --count {n}"));
        let kept = format!(
            "Saved as version {version}. Later, `leitmotif themes{asked} --since {version}` shows what \
             has changed."
        );
        write_wrapped(out, &kept, columns)?;
    }
    if !answer.notes.is_empty() {
        let notes = count(answer.notes.len() as u64, "note");
        let above = format!("Above the list: {notes}, to be read before a number is used.");
        write_wrapped(out, &above, columns)?;
    }
    Ok(())
}

/// Writes the codes that people made, a line each. What is coded and what is proposed stand
/// apart, in words of their own.
fn write_codes(
    out: &mut impl StyledWrite,
    codes: &[CodeProgress],
    columns: usize,
) -> io::Result<()> {
    let row = |code: &CodeProgress| {
        let name = code.code.rsplit(" > ").next().unwrap_or(&code.code);
        let name = format!("{}{name}", "  ".repeat(code.depth));
        let proposed = match code.proposed {
            None | Some(ProposedMore { n_passages: 0, .. }) => String::new(),
            Some(ProposedMore { n_more_cases: 0, n_passages }) => {
                count(n_passages as u64, "passage")
            }
            Some(ProposedMore { n_more_cases, n_passages }) => {
                format!("in {n_more_cases} more ({})", count(n_passages as u64, "passage"))
            }
        };
        vec![
            shorten(&name, columns.saturating_sub(CODE_COLUMNS).max(20)),
            format!("in {} of {}", code.n_cases, code.of_cases),
            code.n_quotations.to_string(),
            proposed,
        ]
    };
    let heads = ["Your codes", "coded", "quotations", "proposed"].map(str::to_owned).to_vec();
    let rows: Vec<Vec<String>> = std::iter::once(heads).chain(codes.iter().map(row)).collect();
    let mut lines = table(&rows, &[1, 2]).into_iter();
    if let Some(heads) = lines.next() {
        out.write_styled(Style::Bold, &heads)?;
        writeln!(out)?;
    }
    for line in lines {
        writeln!(out, "{line}")?;
    }
    let what = "Coded: participants in your quotations. Proposed: further participants who \
                probably say it too, not counted until you accept a passage; see \
                `leitmotif propose --code NAME`. Blank: nothing, or fewer than three quotations \
                to learn from.";
    write_wrapped(out, what, columns)?;
    writeln!(out)
}

/// `No code covers 310 of 1,044 passages of participants; P09 and P10 have no code at all.`
fn uncoded_line(uncoded: &UncodedTalk) -> String {
    let UncodedTalk { n_passages, of_passages, transcripts } = uncoded;
    let untouched = match &transcripts[..] {
        [] => String::new(),
        [one] => format!("; in {one} nothing is coded"),
        all if all.len() <= N_NAMED => format!("; in {} nothing is coded", all.join(", ")),
        all => format!("; in {} nothing is coded", count(all.len() as u64, "transcript")),
    };
    format!(
        "No code covers {n_passages} of {} of participants{untouched}. What is said there:",
        count(*of_passages as u64, "passage")
    )
}

/// Writes the candidates that people's codes cover, a line each.
fn write_covered(
    out: &mut impl StyledWrite,
    covered: &[&ThemeAnswer],
    columns: usize,
) -> io::Result<()> {
    out.write_styled(Style::Bold, "Candidates that your codes cover")?;
    writeln!(out)?;
    for theme in covered {
        let left = theme.uncoded.as_ref().map_or(0, |left| left.n_passages);
        let line = format!(
            "{}. {}: {} of {} coded",
            theme.id,
            theme.label,
            theme.n_passages - left,
            count(theme.n_passages as u64, "passage")
        );
        write_hanging(out, ["   ", "      "], &line, columns)?;
    }
    Ok(())
}

fn write_theme(
    out: &mut impl StyledWrite,
    theme: &ThemeAnswer,
    names: &[GivenName],
    n_quotes: usize,
    columns: usize,
) -> io::Result<()> {
    let heading = match &theme.accepted {
        Some(accepted) => format!("{}. {} (accepted, #{})", theme.id, theme.label, accepted.code),
        None => format!("{}. {}", theme.id, theme.label),
    };
    for (at, line) in wrap(&heading, columns - 3).iter().enumerate() {
        write!(out, "{}", if at == 0 { "" } else { "   " })?;
        out.write_styled(Style::Bold, line)?;
        writeln!(out)?;
    }
    if let Some(given) = names.iter().find(|given| given.is_of(theme.id, None)) {
        write_hanging(out, ["   "; 2], &given_name(given), columns)?;
    }
    for fact in facts(theme) {
        write_hanging(out, ["   "; 2], &fact, columns)?;
    }
    let terms: Vec<&str> = theme.terms.iter().take(10).map(|term| term.term.as_str()).collect();
    write_hanging(out, ["   "; 2], &terms.join(", "), columns)?;
    if n_quotes == 0 {
        return Ok(());
    }
    // People's own quotations of an accepted theme come first whatever is left to code.
    let left = theme.uncoded.as_ref().filter(|_| theme.accepted.is_none());
    let quotes = left.map_or(&theme.quotes, |left| &left.quotes);
    for quote in quotes.iter().take(n_quotes) {
        write_quote(out, quote, "   ", columns)?;
    }
    for part in &theme.codes {
        let text =
            format!(
                "{}.{} {}: {} of {}, {}",
                theme.id,
                part.id,
                part.label,
                part.n_cases,
                count(part.of_cases as u64, "participant"),
                count(part.n_passages as u64, "passage")
            ) + &part.uncoded.as_ref().map_or_else(String::new, |left| match left.n_passages {
                0 => "; all of them coded".to_owned(),
                n => format!("; {n} not coded yet"),
            }) + &weakness(part);
        write_hanging(out, ["   ", "       "], &text, columns)?;
        if let Some(given) = names.iter().find(|given| given.is_of(theme.id, Some(part.id))) {
            write_hanging(out, ["       "; 2], &given_name(given), columns)?;
        }
        if let Some(quote) = part.quotes.first() {
            write_quote(out, quote, "       ", columns)?;
        }
    }
    Ok(())
}

/// `name by ./namer.sh: At the garden gate (not in their words)`.
fn given_name(given: &GivenName) -> String {
    let not = if given.is_in_their_words { "" } else { " (not in their words)" };
    format!("name by {}: {}{not}", given.program, given.name)
}

/// Who speaks of it, how sure it is, and where it is said: a line each.
fn facts(theme: &ThemeAnswer) -> Vec<String> {
    let once = match theme.n_cases_once {
        0 => String::new(),
        n => format!("; {n} of them in one passage only"),
    };
    let who = format!(
        "{} evidence from {} of {} ({}), {}{once}",
        bar(theme.n_cases, theme.of_cases, BAR_COLUMNS),
        theme.n_cases,
        count(theme.of_cases as u64, "participant"),
        percent(theme.interval),
        count(theme.n_passages as u64, "passage")
    );
    let mut facts = vec![who];
    if let Some(UncodedEvidence { n_passages, n_cases, .. }) = &theme.uncoded {
        let of = count(*n_cases as u64, "participant");
        facts.push(format!("not coded yet: {} of {of}", count(*n_passages as u64, "passage")));
    }
    let InContext { n_passages, n_cases } = theme.in_context;
    if n_passages > 0 {
        let more = match n_cases {
            0 => String::new(),
            n => format!(", from {}", count(n as u64, "more participant")),
        };
        let passages = count(n_passages as u64, "passage");
        facts.push(format!("in context only, not counted: {passages}{more}"));
    }
    if theme.groups.len() > 1 {
        let groups: Vec<String> = theme
            .groups
            .iter()
            .map(|group| {
                let (n, of) = (group.n_cases, group.of_cases);
                format!("{} {n} of {of} ({})", group.name, percent(group.interval))
            })
            .collect();
        facts.push(groups.join(" · "));
    }
    let doubt = doubts(theme);
    if !doubt.is_empty() {
        facts.push(doubt.join("; "));
    }
    facts
}

/// What speaks against a code, on the line that names it.
fn weakness(code: &ThemeAnswer) -> String {
    let share = (code.largest_share * 100.0).round();
    let voice = (code.n_cases > 1 && code.largest_share > MOSTLY)
        .then(|| format!("; {share} % of them from {}", code.largest_case));
    let unstable = (code.band == Some(Band::Dissolving)).then_some("; not stable");
    voice.unwrap_or_default() + unstable.unwrap_or_default()
}

/// Says so where a theme is mostly what one participant says.
pub fn one_voice(theme: &ThemeAnswer) -> Option<String> {
    let share = (theme.largest_share * 100.0).round();
    match theme.n_cases {
        1 if theme.of_cases > 1 => Some("said by one participant only".to_owned()),
        2.. if theme.largest_share > MOSTLY => Some(format!(
            "said mostly by one participant: {share} % of the passages are from {}",
            theme.largest_case
        )),
        _ => None,
    }
}

/// How sure a theme is, and what speaks against it, each in a few words.
pub fn doubts(theme: &ThemeAnswer) -> Vec<String> {
    let mut doubt: Vec<String> = one_voice(theme).into_iter().collect();
    if let (Some(stability), Some(band)) = (theme.stability, theme.band) {
        let band = match band {
            Band::Steady => "highly stable",
            Band::Valid => "stable",
            Band::Doubtful => "doubtful",
            Band::Dissolving => "not stable",
        };
        let who = match left_out(theme).as_str() {
            "one" => "one participant is".to_owned(),
            several => format!("{several} participants are"),
        };
        let stays = found_again(stability);
        doubt.push(format!("{band}: {stays} of it stays when {who} left out"));
    }
    match &theme.depends_on[..] {
        [] => {}
        [case] => doubt.push(format!("depends on one participant: {case}")),
        cases => {
            doubt.push(format!("depends on each of these participants: {}", cases.join(", ")));
        }
    }
    if theme.restates_guide() {
        let percent = (100.0 * theme.from_questions).round();
        doubt.push(format!(
            "repeats the interview guide: {percent} % of its terms are words of the questions"
        ));
    }
    let place = match theme.position {
        early if early < 0.25 => Some("mostly early in the interview"),
        late if late > 0.75 => Some("mostly late in the interview"),
        _ => None,
    };
    doubt.extend(place.map(str::to_owned));
    doubt
}

/// How many participants are left out at a time: `one`, `one or two`.
pub fn left_out(theme: &ThemeAnswer) -> String {
    let word = |n: usize| match n {
        1 => "one".to_owned(),
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        n => n.to_string(),
    };
    let [fewest, most] = theme.left_out().unwrap_or([1, 1]);
    if fewest == most { word(most) } else { format!("{} or {}", word(fewest), word(most)) }
}

/// How much of a theme is found again: cut off and not rounded, so that 0.599 does not look
/// like 0.60.
pub fn found_again(share: f64) -> String {
    decimal((100.0 * share + 1e-9).floor() / 100.0, 2)
}

/// `72 to 99 %`.
pub fn percent(interval: Interval) -> String {
    format!("{:.0} to {:.0} %", 100.0 * interval.low, 100.0 * interval.high)
}
