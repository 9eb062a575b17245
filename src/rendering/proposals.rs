//! Passages proposed for codes, for people and machines.

use std::io::{self, Write};

use super::info::count;
use super::layout::{write_hanging, write_wrapped};
use super::quotes::{PROVENANCE_HEADINGS, provenance, provenance_cells, write_quote};
use super::style::{Style, StyledWrite};
use super::tables::{Table, write_table};
use super::{Format, TableFormat, write_json};
use crate::answers::{
    Because, CodeStanding, LikeQuotation, ProposalAnswer, ProposalsAnswer, RefusalAnswer,
};
use crate::base::one_line;

/// The words of a quotation that are shown beside what is like it.
const SHOWN_WORDS: usize = 12;

/// Writes proposals, most probable first.
///
/// # Errors
/// If the writer fails.
pub fn write_proposals(
    out: &mut impl StyledWrite,
    answer: &ProposalsAnswer,
    format: Format,
    columns: usize,
) -> io::Result<()> {
    match format {
        Format::Text => write_text(out, answer, columns),
        Format::Json => write_json(out, answer),
        Format::Jsonl => answer.proposals.iter().try_for_each(|one| write_json(out, one)),
    }
}

fn write_text(
    out: &mut impl StyledWrite,
    answer: &ProposalsAnswer,
    columns: usize,
) -> io::Result<()> {
    for standing in &answer.standings {
        out.write_styled(Style::Bold, &standing.code)?;
        writeln!(out)?;
        write_hanging(out, ["  "; 2], &standing_line(standing), columns)?;
    }
    if answer.proposals.is_empty() {
        let nothing = if answer.standings.is_empty() {
            "No code has three quotations yet. Name one: `leitmotif propose --code NAME`."
        } else {
            "Nothing to propose: no passage that is not decided on is like it."
        };
        return write_wrapped(out, nothing, columns);
    }
    let are_several = answer.standings.len() > 1;
    for proposal in &answer.proposals {
        writeln!(out)?;
        write_proposal(out, proposal, are_several, columns)?;
    }
    Ok(())
}

/// `6 quotations of 5 of 16 participants; 9 further passages are more probable than not.
/// Proposals: 2 accepted, 3 rejected; of the last 5, 2 were accepted.`
pub fn standing_line(standing: &CodeStanding) -> String {
    let [quoted, proposed] = standing_parts(standing);
    quoted + &proposed
}

/// The same in two parts: what is quoted, and what of it is proposed.
pub fn standing_parts(standing: &CodeStanding) -> [String; 2] {
    let quoted = format!(
        "{} of {} of {}",
        count(standing.n_quotations as u64, "quotation"),
        standing.n_cases,
        count(standing.of_cases as u64, "participant"),
    );
    let judged = match standing.n_accepted + standing.n_rejected {
        0 => "none judged so far".to_owned(),
        _ => format!(
            "{} accepted, {} rejected; of the last {}, {} {} accepted",
            standing.n_accepted,
            standing.n_rejected,
            standing.n_last,
            standing.n_last_accepted,
            if standing.n_last_accepted == 1 { "was" } else { "were" },
        ),
    };
    if standing.is_rough {
        let rough = "too few, so that the code’s own words count and probabilities are rough";
        return [quoted, format!(": {rough}. Proposals: {judged}.")];
    }
    let more = match standing.n_probable {
        0 => "no further passage is more probable than not".to_owned(),
        1 => "1 further passage is more probable than not".to_owned(),
        n => format!("{} are more probable than not", count(n as u64, "further passage")),
    };
    [quoted, format!("; {more}. Proposals: {judged}.")]
}

fn write_proposal(
    out: &mut impl StyledWrite,
    proposal: &ProposalAnswer,
    with_code: bool,
    columns: usize,
) -> io::Result<()> {
    let number = format!("{}. ", proposal.hit.rank);
    let indent = " ".repeat(number.len());
    let code = if with_code { format!("  {}", proposal.code) } else { String::new() };
    write!(out, "{number}")?;
    out.write_styled(Style::Bold, &percent(proposal))?;
    writeln!(out, "{code}")?;
    write_quote(out, &proposal.hit, &indent, columns)?;
    let Because { words, around, name, rule, quotations, against } = &proposal.because;
    let reasons = [
        ("words: ", words),
        ("around it: ", around),
        ("name: ", name),
        ("rule: ", rule),
        ("against it: ", against),
    ];
    for (what, words) in reasons {
        if !words.is_empty() {
            write_hanging(out, [&indent; 2], &format!("{what}{}", words.join(", ")), columns)?;
        }
    }
    match quotations.first() {
        Some(like) => write_hanging(out, [&indent; 2], &like_line(like), columns),
        None => Ok(()),
    }
}

/// `62 %`, `about 20 %`, `under 1 %`.
pub fn percent(proposal: &ProposalAnswer) -> String {
    let percent = (proposal.probability * 100.0).round();
    let about = if proposal.is_rough { "about " } else { "" };
    if percent < 1.0 { "under 1 %".to_owned() } else { format!("{about}{percent:.0} %") }
}

/// `like quotation 4: “the first words …” (P02, line 9)`.
fn like_line(like: &LikeQuotation) -> String {
    let words: Vec<&str> = like.text.split_whitespace().collect();
    let cut = if words.len() > SHOWN_WORDS { " …" } else { "" };
    let shown = words[..words.len().min(SHOWN_WORDS)].join(" ");
    format!("like quotation {}: “{shown}{cut}” ({})", like.id, provenance(&like.at))
}

/// Writes rejected proposals.
///
/// # Errors
/// If the writer fails.
pub fn write_refusals(
    out: &mut impl Write,
    refusals: &[RefusalAnswer],
    format: TableFormat,
    columns: usize,
) -> io::Result<()> {
    let head = ["number", "code", "quote", "reason", "coder"].into_iter();
    let row = |answer: &RefusalAnswer| {
        let RefusalAnswer { id, code, at, text, reason, coder } = answer;
        let mut row =
            vec![id.to_string(), code.clone(), text.clone(), reason.clone(), coder.clone()];
        row.extend(at.as_ref().map(provenance_cells).unwrap_or_default());
        row
    };
    let table = Table::new(head.chain(PROVENANCE_HEADINGS), refusals.iter().map(row));
    write_table(out, &refusals, format, &table, |out| {
        if refusals.is_empty() {
            return writeln!(out, "No rejected proposals.");
        }
        refusals.iter().try_for_each(|answer| write_refusal(out, answer, columns))
    })
}

fn write_refusal(out: &mut impl Write, answer: &RefusalAnswer, columns: usize) -> io::Result<()> {
    let number = format!("{}. ", answer.id);
    let indent = " ".repeat(number.len());
    let place = answer.at.as_ref().map_or_else(|| "not found any more".to_owned(), provenance);
    let words = one_line(&answer.text);
    write_hanging(out, [&number, &indent], &format!("“{words}” ({place})"), columns)?;
    let reason =
        if answer.reason.is_empty() { String::new() } else { format!(": {}", answer.reason) };
    write_hanging(
        out,
        [&indent; 2],
        &format!("not {} ({}){reason}", answer.code, answer.coder),
        columns,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::example_hit;

    #[test]
    fn a_standing_says_what_was_found_and_never_that_it_is_done() {
        let standing = CodeStanding {
            code: "Joining".to_owned(),
            code_id: 1,
            n_quotations: 6,
            n_cases: 5,
            of_cases: 16,
            n_accepted: 2,
            n_rejected: 12,
            n_last: 10,
            n_last_accepted: 1,
            n_probable: 0,
            is_rough: false,
        };
        assert_eq!(
            standing_line(&standing),
            "6 quotations of 5 of 16 participants; no further passage is more probable than not. \
             Proposals: 2 accepted, 12 rejected; of the last 10, 1 was accepted."
        );
        let rough =
            CodeStanding { n_quotations: 1, n_cases: 1, is_rough: true, ..standing.clone() };
        assert!(standing_line(&rough).contains("1 quotation of 1 of 16 participants: too few"));
        let fresh = CodeStanding { n_accepted: 0, n_rejected: 0, n_probable: 3, ..standing };
        assert!(standing_line(&fresh).ends_with(
            "3 further passages are more probable than not. Proposals: none judged so far."
        ));
    }

    #[test]
    fn a_probability_is_whole_percent_and_marked_where_it_is_rough() {
        let proposal = |probability, is_rough| ProposalAnswer {
            hit: example_hit("", &[]),
            code: String::new(),
            code_id: 1,
            probability,
            is_rough,
            because: Because::default(),
        };
        assert_eq!(percent(&proposal(0.62, false)), "62 %");
        assert_eq!(percent(&proposal(0.2, true)), "about 20 %");
        assert_eq!(percent(&proposal(0.0, true)), "under 1 %");
    }
}
