//! Coders, and how far they agree on the transcripts that they have coded.
//!
//! What people coded comes in: those of the codebook, others by their tables, and
//! the suggestion as it was accepted. Percent, kappa and alpha go out, on lines and on
//! characters of participants' talk.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::agreement::{Ratings, mean_agreement, pooled_alpha, pooled_kappa};
use crate::answers::{AgreementAnswer, CodeAgreement, Coefficients, UnitAgreement};
use crate::base::{Diagnose, Diagnostic, FilePlace, Remedy, Task};
use crate::codebook::standing::Standings;
use crate::codebook::{Code, CodeId, Codebook, normal_path};
use crate::corpus::{Corpus, CorpusError};
use crate::transcripts::Transcript;
use crate::transcripts::roles::Role;

/// Why coders cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgreementError {
    /// There are not two coders, or they have nothing in common.
    #[error("{problem}")]
    NoAgreement {
        /// What is wrong.
        problem: String,
        /// What helps.
        remedy: Remedy,
    },
    /// A row of a table of codings has no place.
    #[error("{}", .0.problem)]
    Row(Diagnostic),
    /// A text is gone.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
}

impl Diagnose for AgreementError {
    fn place(&self) -> Option<FilePlace> {
        match self {
            Self::NoAgreement { .. } => None,
            Self::Row(row) => row.place.clone(),
            Self::Corpus(error) => error.place(),
        }
    }

    fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::NoAgreement { remedy, .. } => Some(remedy.clone()),
            Self::Row(row) => row.remedy.clone(),
            Self::Corpus(error) => error.remedy(),
        }
    }
}

/// Who is compared, and on what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgreementParams {
    /// Coders of the codebook, by name.
    pub coders: Vec<String>,
    /// Tables of others.
    pub files: Vec<PathBuf>,
    /// Whether the suggestion is compared, as it was when themes were accepted.
    pub with_suggestion: bool,
    /// Transcripts that all have read; those in which two have coded if empty.
    pub transcripts: Vec<usize>,
    /// As what a code counts.
    pub level: Level,
}

/// As what a code counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Level {
    /// As itself.
    #[default]
    Code,
    /// As what it stands under at the top.
    Top,
}

/// The name under which the suggestion is listed.
const SUGGESTION: &str = "the suggestion";

/// What somebody coded: spans of bytes by code and transcript.
pub struct Coder {
    /// The name.
    pub name: String,
    /// By the folded path of the code.
    pub coded: BTreeMap<String, BTreeMap<usize, Vec<Range<u32>>>>,
    /// Transcripts that the coder has looked at.
    pub seen: BTreeSet<usize>,
}

/// The names of codes by their folded paths.
pub type CodeNames = BTreeMap<String, String>;

/// The texts that are compared.
type Texts = BTreeMap<usize, Arc<Transcript>>;

/// Compares coders on the lines and characters of participants' talk.
///
/// # Errors
/// [`AgreementError`] if there are not two, or there is no transcript in which two
/// have coded, or a text is gone.
pub fn agreement(
    corpus: &Corpus,
    codebook: &Codebook,
    mut coders: Vec<Coder>,
    names: &CodeNames,
    params: &AgreementParams,
) -> Result<AgreementAnswer, AgreementError> {
    if coders.len() < 2 {
        return Err(no_second(codebook, &coders));
    }
    let transcripts = compared_transcripts(corpus, &coders, params)?;
    if !params.transcripts.is_empty() {
        for coder in &mut coders {
            coder.seen.extend(&transcripts);
        }
    }
    let mut texts = Texts::new();
    for &t in &transcripts {
        texts.insert(t, corpus.text(t)?);
    }
    // The suggestion knows accepted themes alone; other codes are none of it.
    let codes: Vec<&String> = names
        .keys()
        .filter(|code| {
            let is_known = |coder: &&Coder| {
                coder.coded.get(*code).is_some_and(|coded| {
                    coder.name == SUGGESTION || coded.keys().any(|t| texts.contains_key(t))
                })
            };
            if params.with_suggestion {
                coders.last().is_some_and(|suggestion| is_known(&suggestion))
            } else {
                coders.iter().any(|coder| is_known(&coder))
            }
        })
        .collect();
    let units = [Unit::Lines, Unit::Characters];
    let units = units.into_iter().map(|unit| {
        let of_codes: Vec<Ratings> =
            codes.iter().map(|code| ratings(corpus, &coders, code, &texts, unit)).collect();
        let code = |(code, ratings): (&&String, &Ratings)| {
            let cells = ratings.cells();
            CodeAgreement {
                code: names[*code].clone(),
                all: cells.all,
                some: cells.some,
                none: cells.none,
                only: (0..coders.len()).map(|at| ratings.only(at)).collect(),
                coefficients: Coefficients {
                    agreement: ratings.agreement().into(),
                    kappa: ratings.kappa().into(),
                    alpha: ratings.alpha().into(),
                },
            }
        };
        UnitAgreement {
            unit: unit.name(),
            n_units: ratings(corpus, &coders, "", &texts, unit).n_units(),
            codes: codes.iter().zip(&of_codes).map(code).collect(),
            pooled: Coefficients {
                agreement: mean_agreement(&of_codes).into(),
                kappa: pooled_kappa(&of_codes).into(),
                alpha: pooled_alpha(&of_codes).into(),
            },
        }
    });
    let answer = AgreementAnswer {
        units: units.collect(),
        transcripts: transcripts.iter().map(|&t| corpus.transcripts[t].id.clone()).collect(),
        notes: notes(params, &coders, codes.len()),
        coders: coders.into_iter().map(|coder| coder.name).collect(),
    };
    Ok(answer)
}

/// The coders asked for, by their names as signed or as `shown`; without any name, all of the codebook, unless a table
/// or the suggestion is to be compared with the only one.
///
/// # Errors
/// [`AgreementError`] if one of them has coded nothing.
pub fn chosen_coders(
    codebook: &Codebook,
    params: &AgreementParams,
    shown: impl Fn(&str) -> String,
) -> Result<Vec<String>, AgreementError> {
    let known: BTreeSet<&str> = coders_of(codebook);
    if params.coders.is_empty() {
        let others = params.files.len() + usize::from(params.with_suggestion);
        let takes_all = others == 0 || (others == 1 && known.len() == 1);
        return Ok(known.into_iter().filter(|_| takes_all).map(str::to_owned).collect());
    }
    let mut chosen: Vec<String> = Vec::new();
    for name in &params.coders {
        let lower = name.to_lowercase();
        let is_meant =
            |coder: &&&str| [coder.to_lowercase(), shown(coder).to_lowercase()].contains(&lower);
        let found = known.iter().find(is_meant);
        let found = found.ok_or_else(|| {
            let remedy = Remedy::nearest(name, known.iter().copied(), || {
                let all: Vec<String> = known.iter().map(|coder| format!("`{coder}`")).collect();
                Remedy::new(match all[..] {
                    [] => "nothing is coded yet".to_owned(),
                    _ => format!("known coders: {}", all.join(", ")),
                })
            });
            AgreementError::NoAgreement { problem: format!("`{name}` has coded nothing"), remedy }
        })?;
        if !chosen.iter().any(|chosen| chosen == found) {
            chosen.push((*found).to_owned());
        }
    }
    Ok(chosen)
}

/// What a coder of the codebook has coded, where it stands now.
pub fn coder(
    corpus: &Corpus,
    codebook: &Codebook,
    name: &str,
    standings: &Standings,
    params: &AgreementParams,
    names: &mut CodeNames,
) -> Coder {
    let mut coder = Coder { name: name.to_owned(), coded: BTreeMap::new(), seen: BTreeSet::new() };
    for quotation in codebook.quotations.values() {
        let Some(place) = standings.place_of(quotation) else { continue };
        let Some(t) = corpus.with_id(&place.transcript) else {
            continue;
        };
        for coding in quotation.codings.iter().filter(|coding| coding.coder == name) {
            let Some(code) = counted(codebook, coding.code, params) else { continue };
            let key = noted(codebook, code, names);
            let span = place.span.start..place.span.end;
            coder.coded.entry(key).or_default().entry(t).or_default().push(span);
            coder.seen.insert(t);
        }
    }
    coder
}

/// What the suggestion put into the themes that were accepted of it.
///
/// # Errors
/// [`AgreementError`] if none was accepted.
pub fn suggestion(
    corpus: &Corpus,
    codebook: &Codebook,
    names: &mut CodeNames,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Coder, AgreementError> {
    let mut coder =
        Coder { name: SUGGESTION.to_owned(), coded: BTreeMap::new(), seen: BTreeSet::new() };
    let mut n_stale = 0;
    for code in codebook.codes.values() {
        let Some(origin) = &code.origin else { continue };
        let key = noted(codebook, code, names);
        coder.coded.entry(key.clone()).or_default();
        for place in &origin.passages {
            let Some(t) = corpus.transcript_of(place) else {
                n_stale += 1;
                continue;
            };
            let span = place.span.start..place.span.end;
            coder.coded.entry(key.clone()).or_default().entry(t).or_default().push(span);
        }
    }
    if coder.coded.is_empty() {
        return Err(AgreementError::NoAgreement {
            problem: "no suggested theme was accepted".to_owned(),
            remedy: Remedy::by(Task::AcceptCandidate, "make a theme of a candidate"),
        });
    }
    if n_stale > 0 {
        warnings.push(Diagnostic::new(format!(
            "{n_stale} suggested passages are left out: their transcripts have changed"
        )));
    }
    // It has read every transcript.
    coder.seen.extend(0..corpus.transcripts.len());
    Ok(coder)
}

/// The transcripts to look at: those given, else those that two have coded in.
fn compared_transcripts(
    corpus: &Corpus,
    coders: &[Coder],
    params: &AgreementParams,
) -> Result<Vec<usize>, AgreementError> {
    if !params.transcripts.is_empty() {
        let given: BTreeSet<usize> = params.transcripts.iter().copied().collect();
        return Ok(given.into_iter().collect());
    }
    let is_shared = |t: &usize| coders.iter().filter(|coder| coder.seen.contains(t)).count() > 1;
    let shared: Vec<usize> = (0..corpus.transcripts.len()).filter(is_shared).collect();
    if shared.is_empty() {
        return Err(AgreementError::NoAgreement {
            problem: "there is no transcript in which two of the coders have coded".to_owned(),
            remedy: Remedy::new("let both code one, or name transcripts"),
        });
    }
    Ok(shared)
}

fn no_second(codebook: &Codebook, coders: &[Coder]) -> AgreementError {
    let known = coders_of(codebook);
    let problem = match coders {
        [] => "nothing is coded yet".to_owned(),
        [only, ..] => format!("there is only one coder, {}", only.name),
    };
    let others: Vec<&str> =
        known.into_iter().filter(|name| coders.iter().all(|coder| coder.name != *name)).collect();
    let remedy = if coders.is_empty() && others.is_empty() {
        let advice =
            "code with a name, or compare tables with the columns transcript, lines and code";
        Remedy::by(Task::AddQuotation, advice)
    } else if others.is_empty() {
        Remedy::new("compare with a table, with the suggestion, or code again under another name")
    } else {
        Remedy::new(format!("name another: {}", others.join(", ")))
    };
    AgreementError::NoAgreement { problem, remedy }
}

/// What all coders say of one code, unit by unit.
fn ratings(corpus: &Corpus, coders: &[Coder], code: &str, texts: &Texts, unit: Unit) -> Ratings {
    let mut ratings = Ratings::new(coders.len());
    for (&t, text) in texts {
        let is_meant = |speaker: u16| corpus.role_of(t, speaker) == Role::Participant;
        let talk: Vec<Range<u32>> = text
            .turns
            .iter()
            .filter(|turn| is_meant(turn.speaker))
            .map(|turn| turn.span.start..turn.span.end)
            .collect();
        let coded: Vec<Option<Vec<Range<u32>>>> = coders
            .iter()
            .map(|coder| {
                let spans = || coder.coded.get(code).and_then(|coded| coded.get(&t));
                coder.seen.contains(&t).then(|| spans().cloned().unwrap_or_default())
            })
            .collect();
        match unit {
            Unit::Characters => ratings.add_spans(&talk, &coded, |span| {
                let words = &text.text[span.start as usize..span.end as usize];
                words.chars().count() as u64
            }),
            Unit::Lines => {
                let lines = |spans: &[Range<u32>]| lines_of(text, &talk, spans);
                let coded: Vec<Option<Vec<Range<u32>>>> =
                    coded.iter().map(|spans| spans.as_deref().map(lines)).collect();
                let all = lines(&talk);
                ratings.add_spans(&all, &coded, |span| u64::from(span.end - span.start));
            }
        }
    }
    ratings
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Lines,
    Characters,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Characters => "characters",
        }
    }
}

/// The lines in which spans touch the talk, as ranges of line numbers.
fn lines_of(text: &Transcript, talk: &[Range<u32>], spans: &[Range<u32>]) -> Vec<Range<u32>> {
    let mut lines = Vec::new();
    for span in spans {
        let first = talk.partition_point(|turn| turn.end <= span.start);
        for turn in talk[first..].iter().take_while(|turn| turn.start < span.end) {
            let (start, end) = (turn.start.max(span.start), turn.end.min(span.end));
            if start < end {
                let last = text.lines.line_of(end - 1);
                lines.push(text.lines.line_of(start)..last + 1);
            }
        }
    }
    lines
}

/// Everybody who has given a code.
fn coders_of(codebook: &Codebook) -> BTreeSet<&str> {
    let codings = codebook.quotations.values().flat_map(|quotation| &quotation.codings);
    codings.map(|coding| coding.coder.as_str()).collect()
}

/// The code as which a code counts: itself, or what it stands under at the top.
/// Beside the suggestion it is the nearest theme that was accepted from one, as all
/// that stands under it was made of it; `None` for a code under no such theme.
pub fn counted<'c>(
    codebook: &'c Codebook,
    id: CodeId,
    params: &AgreementParams,
) -> Option<&'c Code> {
    let mut code = codebook.codes.get(&id)?;
    loop {
        let is_meant = if params.with_suggestion {
            code.origin.is_some()
        } else {
            params.level == Level::Code
        };
        if is_meant {
            return Some(code);
        }
        match code.parent.and_then(|id| codebook.codes.get(&id)) {
            Some(parent) => code = parent,
            None => return (!params.with_suggestion).then_some(code),
        }
    }
}

/// Notes the name of a code, and gives its key.
pub fn noted(codebook: &Codebook, code: &Code, names: &mut CodeNames) -> String {
    let path = codebook.path(code.id);
    let key = normal_path(&path);
    names.entry(key.clone()).or_insert(path);
    key
}

fn notes(params: &AgreementParams, coders: &[Coder], n_codes: usize) -> Vec<String> {
    let mut notes = Vec::new();
    notes.push(if params.transcripts.is_empty() {
        "The transcripts in which at least two coders have coded are compared. Only lines in which a participant speaks are counted.".to_owned()
    } else {
        "The transcripts that you named are compared, as if all coders had read them. Only lines in which a participant speaks are counted.".to_owned()
    });
    if params.level == Level::Top {
        notes.push("A code under a theme is counted as the theme.".to_owned());
    }
    if params.with_suggestion {
        notes.push("The suggestion is compared for the accepted themes only, with the passages that were suggested at that time. The coder who accepted them had seen the suggestion, so the two are not independent.".to_owned());
    }
    if coders.len() > 2 {
        notes.push("Kappa compares two coders. For more than two, use alpha.".to_owned());
    }
    if n_codes > 1 {
        notes.push("Pooled: the mean agreement, and kappa and alpha calculated from the mean observed and the mean expected agreement (De Vries et al. 2008). A code that the coders always or never use adds nothing.".to_owned());
    }
    notes.push("Krippendorff asks for an alpha of at least 0.80, or 0.667 for tentative conclusions. Most lines have no code, so percent agreement is always high. Neighbouring lines and characters are not independent: these figures describe; they are not a test.".to_owned());
    notes.push("Reflexive thematic analysis does not ask for agreement between coders; differences are something to think about (Braun and Clarke). Nothing in Leitmotif depends on these figures.".to_owned());
    notes
}
