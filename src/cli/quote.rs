//! `leitmotif quote`: quotations and their codes.

use std::io::Write;

use super::Outcome;
use super::decided::write_decided;
use super::lines::LineRange;
use crate::codebook::decision::Verb;
use crate::codebook::edit;
use crate::report::TableFormat;
use crate::report::codebook::write_quotations;
use crate::study::Study;
use crate::study::codebook::QuotationFilter;
use crate::study::decisions::Person;

/// Keeps, codes, moves and lists quotations
///
/// A quotation is a stretch of a transcript with one or more codes. It is named by
/// its number in `leitmotif quote list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif quote add --transcript P07 --lines 12-14 --code \"No travel\"
  leitmotif quote add --transcript P07 --lines 12 --words petrol --code Petrol
  leitmotif --study interviews quote move 7 --from Petrol --to \"No travel\"
  leitmotif --study interviews quote list --code Joining")]
pub(crate) struct QuoteArgs {
    #[command(subcommand)]
    act: QuoteAct,
}

#[derive(Debug, clap::Subcommand)]
enum QuoteAct {
    /// Keeps the talk in some lines, or some of its words, under codes
    #[command(after_help = "\
Examples:
  leitmotif quote add --transcript P07 --lines 12-14 --code \"No travel\"
  leitmotif quote add --transcript P07 --lines 12 --words petrol --code Petrol")]
    Add {
        /// Transcript: its path without ending, or its file name if only one has it
        #[arg(long, value_name = "ID")]
        transcript: String,
        /// Lines, such as `112-118`
        #[arg(long, value_name = "A-B")]
        lines: LineRange,
        /// Words in these lines, as written there; all that is said if left out
        #[arg(long, value_name = "TEXT")]
        words: Option<String>,
        /// A code; may be given several times
        #[arg(long, value_name = "CODE", required = true)]
        code: Vec<String>,
    },
    /// Gives a quotation a further code, or takes one from it
    #[command(after_help = "\
Examples:
  leitmotif quote code 7 --code Joining
  leitmotif quote code 7 --code Joining --remove")]
    Code {
        /// The quotation's number
        quotation: String,
        /// The code
        #[arg(long, value_name = "CODE")]
        code: String,
        /// Take the code from it
        #[arg(long)]
        remove: bool,
    },
    /// Gives a quotation another code in place of one it has
    #[command(after_help = "Example:\n  leitmotif quote move 7 --from Petrol --to \"No travel\"")]
    Move {
        /// The quotation's number
        quotation: String,
        /// The code that it has
        #[arg(long, value_name = "CODE")]
        from: String,
        /// The code that it is to have
        #[arg(long, value_name = "CODE")]
        to: String,
    },
    /// Shows a quotation before the others of its codes
    #[command(after_help = "\
Examples:
  leitmotif quote pin 7
  leitmotif quote pin 7 --code Joining --unpin")]
    Pin {
        /// The quotation's number
        quotation: String,
        /// Under which code; all its codes if left out
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
        /// Show it in its place again
        #[arg(long)]
        unpin: bool,
    },
    /// Removes a quotation from the codebook
    #[command(after_help = "Example:\n  leitmotif quote remove 7")]
    Remove {
        /// The quotation's number
        quotation: String,
    },
    /// Lists quotations
    #[command(after_help = "\
Examples:
  leitmotif quote list --code Joining
  leitmotif quote list --format csv > quotations.csv")]
    List {
        /// Those with this code or one under it
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
        /// Those whose transcript has changed
        #[arg(long)]
        stale: bool,
        /// How to print the answer
        #[arg(long, value_enum, default_value_t)]
        format: TableFormat,
    },
    /// Keeps the new places of quotations that are found again in changed files
    #[command(after_help = "Example:\n  leitmotif quote reanchor")]
    Reanchor,
}

pub(crate) fn run(
    args: &QuoteArgs,
    person: &Person,
    study: &mut Study,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let decided = match &args.act {
        QuoteAct::Add { transcript, lines, words, code } => {
            let t = study.transcript_named(transcript)?;
            let quote = study.quote_at(t, lines.0, words.as_deref())?;
            study.decide(person, |study, codebook| {
                let codes: Result<Vec<_>, _> =
                    code.iter().map(|code| codebook.code_named(code)).collect();
                let codes = codes?;
                let names: Vec<String> =
                    codes.iter().map(|code| format!("“{}”", code.name)).collect();
                let ids: Vec<_> = codes.iter().map(|code| code.id).collect();
                let (id, changes) = edit::add_quotation(codebook, quote, &ids, &person.coder)?;
                let place = match (lines.0.first, lines.0.last) {
                    (first, last) if first == last => format!("line {first}"),
                    (first, last) => format!("lines {first}-{last}"),
                };
                let about = format!(
                    "{} {place} as {} (quotation {})",
                    study.transcripts[t].id,
                    names.join(", "),
                    id.0
                );
                Ok((Verb::AddQuotation, about, changes))
            })
        }
        QuoteAct::Code { quotation, code, remove } => study.decide(person, |_, codebook| {
            let known = codebook.quotation_named(quotation)?;
            let code = codebook.code_named(code)?;
            if *remove {
                let about = format!("quotation {} as no longer “{}”", known.id.0, code.name);
                let changes = edit::uncode_quotation(codebook, known.id, code.id)?;
                return Ok((Verb::CodeQuotation, about, changes));
            }
            let quote = edit::Quote { place: known.place.clone(), text: known.text.clone() };
            let (_, changes) = edit::add_quotation(codebook, quote, &[code.id], &person.coder)?;
            let about = format!("quotation {} as “{}”", known.id.0, code.name);
            Ok((Verb::CodeQuotation, about, changes))
        }),
        QuoteAct::Move { quotation, from, to } => study.decide(person, |_, codebook| {
            let known = codebook.quotation_named(quotation)?;
            let (from, to) = (codebook.code_named(from)?, codebook.code_named(to)?);
            let about = format!("quotation {} from “{}” to “{}”", known.id.0, from.name, to.name);
            let changes = edit::move_quotation(codebook, known.id, from.id, to.id)?;
            Ok((Verb::MoveQuotation, about, changes))
        }),
        QuoteAct::Pin { quotation, code, unpin } => study.decide(person, |_, codebook| {
            let known = codebook.quotation_named(quotation)?;
            let code = code.as_deref().map(|code| codebook.code_named(code)).transpose()?;
            let under = code.map_or_else(String::new, |code| format!(" under “{}”", code.name));
            let no_longer = if *unpin { ", no longer" } else { "" };
            let about = format!("quotation {}{under}{no_longer}", known.id.0);
            let changes =
                edit::pin_quotation(codebook, known.id, code.map(|code| code.id), !unpin)?;
            Ok((Verb::PinQuotation, about, changes))
        }),
        QuoteAct::Remove { quotation } => study.decide(person, |_, codebook| {
            let known = codebook.quotation_named(quotation)?;
            let about = format!("quotation {} in {}", known.id.0, known.place.transcript);
            Ok((Verb::RemoveQuotation, about, edit::remove_quotation(codebook, known.id)?))
        }),
        QuoteAct::Reanchor => study.reanchor(person),
        QuoteAct::List { code, stale, format } => {
            let filter = QuotationFilter { code: code.clone(), is_stale: *stale };
            let found = study.shown(study.quotation_answers(&filter)?);
            write_quotations(out, &found.value, *format, super::columns())?;
            return Ok(super::warn(&found.warnings));
        }
    };
    write_decided(out, &decided?)?;
    Ok(Outcome::Complete)
}
