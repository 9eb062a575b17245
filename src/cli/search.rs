//! `leitmotif search`.

use std::io::Write;
use std::path::PathBuf;

use crate::rendering::QuoteFormat;
use crate::rendering::concordance::write_concordance;
use crate::rendering::hits::{remarks, write_answer};
use crate::rendering::style::StyledWrite;
use crate::search::answer::{Forms, HitOrder, SearchParams};
use crate::search::concordance::ConcordanceOrder;
use crate::study::Snapshot;

/// Finds where something is said, and what is said about it; the best first
///
/// Words without quotation marks are found in all their forms ("meeting" finds
/// "meetings"), and what is said around a passage counts too. A rare word also finds
/// words of its family ("guilt" finds "guilty") and English words that mean nearly the
/// same ("exhaustion" finds "tired"), which are shown after "also:". The best passage of
/// each person comes first, then further ones; `--format jsonl` and `csv` list the best
/// first, whoever says it. Participants' words come before interviewers'. If you name a
/// speaker, that person's passages come first. A query with only quoted words, or with AND
/// or OR, finds all passages that match and no others, and counts them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Queries:
  silence in the group      any of these words, in any form; the best first
  \"sitting back\"            these words as spoken; \"sitting * back\": one between
  \"group silence\"~5         in any order, at most 5 other words between them
  group NEAR/5 (silen* OR quiet)    within 5 words of each other
  silen*  *less  wom?n      *: any letters; ?: one letter
  recieve~  recieve~2       at most one wrong letter; at most two
  camera AND NOT \"switched off\"     in the same passage; -word or –word: NOT
  role:participant  speaker:Ruth  case:P07  group:leaders  transcript:P*
  years-in-practice:>10  region:\"south west\"  attributes; 5..10 is a range
  theme:3  theme:\"sitting back\"     number or label in `leitmotif themes`
  code:\"camera off\"                what people coded so, or with a code under it
  answers:\"what did you miss\"       what follows an interviewer's question
  time:00:10:00..00:20:00           of the recording
Words side by side are alternatives (OR). Fields and NOT narrow the result.
Capitals and accents do not matter.

Examples:
  leitmotif --study interviews search \"silence in the group\"
  leitmotif --study interviews search '\"sitting back\" OR lurk*' --limit 0
  leitmotif --study interviews search 'camera answers:\"what was difficult\"' -C 1
  leitmotif --study interviews search 'silen*' --kwic --sort right
  leitmotif --study interviews search 'group:leaders fear' --format md")]
pub(crate) struct SearchArgs {
    /// What to look for
    #[arg(allow_hyphen_values = true)]
    query: String,

    /// Search in one transcript
    #[arg(long, value_name = "ID")]
    transcript: Option<String>,

    /// Search an index that many machines have written, without the transcripts; see
    /// `leitmotif guide spark`
    #[arg(long, value_name = "DIR")]
    pub(super) index: Option<PathBuf>,

    /// Show at most this many results; 0 for all [default: 10; with --kwic 100]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Look for these words alone, in all their forms; not for words of the same
    /// family or of near meaning
    #[arg(long, conflicts_with = "kwic")]
    exact: bool,

    /// Turns to show before and after each hit
    #[arg(short = 'C', long = "context", value_name = "N", default_value_t = 0)]
    n_context: usize,

    /// A concordance: every match with the words around it, and how often each
    /// participant says it
    #[arg(long, conflicts_with = "n_context")]
    kwic: bool,

    /// The order of a concordance
    #[arg(long, value_enum, default_value_t, requires = "kwic")]
    sort: Sort,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: QuoteFormat,
}

/// The orders of a concordance.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Sort {
    /// In the order of the transcripts
    #[default]
    Place,
    /// By the words before the match, the nearest first
    Left,
    /// By the words after the match
    Right,
}

const HITS: usize = 10;
const CONCORDANCE_LINES: usize = 100;

pub(crate) fn run(
    args: &SearchArgs,
    study: &Snapshot,
    out: &mut impl StyledWrite,
) -> anyhow::Result<()> {
    let transcript = args.transcript.as_deref().map(|id| study.transcript_named(id)).transpose()?;
    let columns = super::columns();
    if args.kwic {
        let limit = args.limit.unwrap_or(CONCORDANCE_LINES);
        let order = match args.sort {
            Sort::Place => ConcordanceOrder::Place,
            Sort::Left => ConcordanceOrder::Left,
            Sort::Right => ConcordanceOrder::Right,
        };
        let answer = study.concordance(&args.query, transcript, order, limit)?;
        let answer = study.shown(answer);
        write_concordance(out, &answer, args.format, columns)?;
        if answer.lines.is_empty() && answer.totals.n_passages > 0 {
            let mut err = super::output::stderr();
            writeln!(
                err,
                "a concordance lists words, but `{}` contains none",
                study.shown_text(&args.query)
            )?;
        } else if answer.lines.is_empty() {
            say_nothing_found(&study.shown_text(&args.query), &answer.nowhere, false)?;
        }
    } else {
        let params = SearchParams {
            transcript,
            limit: args.limit.unwrap_or(HITS),
            n_context: args.n_context,
            order: match args.format {
                QuoteFormat::Text | QuoteFormat::Md | QuoteFormat::Json => HitOrder::People,
                QuoteFormat::Jsonl | QuoteFormat::Csv => HitOrder::Score,
            },
            forms: if args.exact { Forms::Own } else { Forms::Family },
        };
        let answer = study.search(&args.query, &params)?;
        let answer = study.shown(answer);
        write_answer(out, &answer, args.format, columns)?;
        if args.format != QuoteFormat::Text {
            for remark in remarks(&answer) {
                writeln!(super::output::stderr(), "{remark}")?;
            }
        }
        if answer.hits.is_empty() {
            say_nothing_found(&study.shown_text(&args.query), &answer.nowhere, answer.is_empty)?;
        }
    }
    Ok(())
}

/// Says which part of a query found nothing.
fn say_nothing_found(query: &str, nowhere: &[String], is_empty: bool) -> anyhow::Result<()> {
    let mut err = super::output::stderr();
    writeln!(err, "nothing found for `{query}`")?;
    let parts: Vec<String> = nowhere.iter().map(|part| format!("`{part}`")).collect();
    if is_empty {
        writeln!(
            err,
            "  these are all very common words; put them in quotation marks to find them as spoken"
        )?;
    } else if parts.is_empty() {
        writeln!(err, "  every part of it was found, but not together")?;
    } else {
        writeln!(err, "  not found: {}", parts.join(", "))?;
        let typed = query.trim().replace(['“', '”', '„', '«', '»'], "\"");
        if typed.starts_with('"') && typed.contains(' ') && nowhere == [typed] {
            writeln!(
                err,
                "  leave the quotation marks out to find these words in any form and order"
            )?;
        }
    }
    Ok(())
}
