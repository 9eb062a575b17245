//! The report of a study: what people decided, with its evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use super::inside::is_inside;
use super::themes::Numbering;
use super::{Snapshot, StudyError};
use crate::answers::document::{
    Accepted, Candidate, CitedQuote, Document, GroupPrevalence, MatrixRow, MemoEntry, Node,
    Prevalence, Proof, Sample, SampleGroup,
};
use crate::answers::{Provenance, ThemeAnswer, Unshown};
use crate::base::{Diagnose, Diagnostic, Remedy, Span, Task, Warned, natural_order};
use crate::codebook::history::History;
use crate::codebook::standing::Standing;
use crate::codebook::{CodeId, Codebook, Origin, Place, Quotation, QuotationId, checksum_of};
use crate::compare::proportions::wilson;
use crate::report::document::methods::{
    AttributeFacts, Facts, SuggestionFacts, coreq_answers, memo_about, methods,
};
use crate::report::document::{Contents, FileKind, coreq, write_document};
use crate::transcripts::Transcript;
use crate::transcripts::roles::Role;

/// What a report is to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentParams {
    /// The title; the name of the study's folder if `None`.
    pub title: Option<String>,
    /// Whether memos are shown: they are often not meant for readers.
    pub with_memos: bool,
    /// Whether candidates that nobody has decided on are named.
    pub with_candidates: bool,
}

/// Why a report is not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The kind of file cannot hold the contents alone.
    #[error("a .{ending} file does not hold {contents} alone")]
    Contents {
        /// The ending.
        ending: String,
        /// What was asked for.
        contents: &'static str,
    },
    /// A table does not hold a whole report.
    #[error("a .csv file holds one table, not the whole report")]
    WholeTable,
    /// The file would be one of the study's, or take the place of one.
    #[error("`{}` is inside the study, where nothing is exported", .0.display())]
    InsideStudy(PathBuf),
    /// Something is there already.
    #[error("there is a file `{}` already", .0.display())]
    Exists(PathBuf),
    /// The file system refuses.
    #[error("`{}` cannot be written: {problem}", path.display())]
    Failed {
        /// The path.
        path: PathBuf,
        /// What it says.
        problem: String,
    },
}

impl Diagnose for WriteError {
    fn remedy(&self) -> Option<Remedy> {
        Some(match self {
            Self::Contents { .. } => Remedy::new("write it as .csv or .md"),
            Self::WholeTable => Remedy::by(
                Task::ChooseContents,
                "ask for quotes, codebook or matrix, or write it as .xlsx",
            ),
            Self::InsideStudy(_) => Remedy::new("write it outside the study’s folder"),
            Self::Exists(_) => Remedy::by(Task::Overwrite, "choose another name, or write over it"),
            Self::Failed { .. } => Remedy::new("check the folder, and that there is room"),
        })
    }
}

/// The cases whose words a quotation holds, of every quotation that stands.
type CasesOf = BTreeMap<QuotationId, BTreeSet<usize>>;

/// A speaker's own words in a quotation.
struct Spoken {
    speaker: u16,
    /// First and last own byte.
    span: Span,
    text: String,
}

impl Snapshot {
    /// The report of what people have decided.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn document(
        &self,
        params: &DocumentParams,
    ) -> Result<Unshown<Warned<Document>>, StudyError> {
        let candidates = if params.with_candidates { self.open_candidates()? } else { Vec::new() };
        let mut warnings = Vec::new();
        let standings = self.standings()?;
        let codebook = self.codebook()?;
        let mut places = BTreeMap::new();
        for (id, standing) in standings.of {
            let place = match standing {
                Standing::Here => Ok(codebook.quotations[&id].place.clone()),
                Standing::Moved(place) => Ok(place),
                Standing::Stale(reason) => Err(reason),
            };
            places.insert(id, place);
        }
        warnings.extend(standings.warnings);
        if codebook.is_empty() {
            let problem = "nothing is decided yet, so the report holds no theme and no quote";
            let remedy = Remedy::by(Task::AcceptCandidate, "keep quotes, or accept candidates");
            warnings.push(Diagnostic::new(problem).in_file(self.name(), None).with(remedy));
        }
        let document = self.build_document(self.history()?, &places, candidates, params)?;
        Ok(Unshown::new(Warned { value: document, warnings }))
    }

    /// The candidates of the last suggestion that nobody has accepted or rejected.
    fn open_candidates(&self) -> Result<Vec<Candidate>, StudyError> {
        let suggested = self.listed(&self.theme_params(None), Numbering::CarriedOn)?.answer.themes;
        let codebook = self.codebook()?;
        let accepted = codebook.codes.values().filter_map(|code| code.origin.as_ref());
        let rejected = codebook.rejections.values().map(|rejection| &rejection.candidate);
        let decided: Vec<&Origin> = accepted.chain(rejected).collect();
        let is_open = |theme: &&ThemeAnswer| {
            !decided
                .iter()
                .any(|origin| origin.candidate as usize == theme.id || origin.label == theme.label)
        };
        let candidate = |theme: &ThemeAnswer| Candidate {
            id: theme.id,
            label: theme.label.clone(),
            prevalence: prevalence(theme.n_cases, theme.of_cases),
            n_passages: theme.n_passages,
        };
        Ok(suggested.iter().filter(is_open).map(candidate).collect())
    }

    /// Builds the report from decisions. `places` says where each quotation stands
    /// now, or why it does not.
    ///
    /// # Errors
    /// [`StudyError::Unreadable`] if a transcript's text is gone.
    fn build_document(
        &self,
        history: &History,
        places: &BTreeMap<QuotationId, Result<Place, String>>,
        candidates: Vec<Candidate>,
        params: &DocumentParams,
    ) -> Result<Document, StudyError> {
        let codebook = history.codebook();
        let speaking = self.speaking();
        let facts = self.facts(&speaking);
        let (quotes, cases_of) = self.document_quotes(codebook, places)?;
        let nodes: Vec<Node> = codebook
            .tree()
            .into_iter()
            .map(|(depth, code)| self.node(codebook, code.id, depth, &quotes, &cases_of, &speaking))
            .collect();
        let matrix = self.matrix(codebook, &nodes, &cases_of, &speaking);
        let memos = codebook.memos.values().filter(|_| params.with_memos);
        let mut document = Document {
            title: params.title.clone().unwrap_or_else(|| self.name()),
            program: facts.program.clone(),
            sample: facts.sample.clone(),
            methods: methods(&facts, history),
            nodes,
            quotes,
            matrix,
            memos: memos
                .map(|memo| MemoEntry {
                    about: memo_about(codebook, &memo.about),
                    text: memo.text.clone(),
                    coder: memo.coder.clone(),
                    at: memo.at.clone(),
                })
                .collect(),
            candidates,
            coreq: Vec::new(),
            notes: notes(codebook, places),
        };
        document.coreq = coreq::checklist(coreq_answers(&facts, history, &document));
        Ok(document)
    }

    /// The name of the study: that of its folder.
    fn name(&self) -> String {
        let real = fs::canonicalize(&self.folder.root).unwrap_or_else(|_| self.folder.root.clone());
        real.file_name().map_or_else(|| "Study".to_owned(), |n| n.to_string_lossy().into_owned())
    }

    /// The cases that speak, in the order of the study.
    fn speaking(&self) -> BTreeSet<usize> {
        self.corpus.participant_passages().iter().map(|passage| passage.row.case as usize).collect()
    }

    /// All quotes in the order of their places, with the cases of each quotation.
    fn document_quotes(
        &self,
        codebook: &Codebook,
        places: &BTreeMap<QuotationId, Result<Place, String>>,
    ) -> Result<(Vec<CitedQuote>, CasesOf), StudyError> {
        let mut by_transcript: BTreeMap<usize, Vec<(&Place, &Quotation)>> = BTreeMap::new();
        for quotation in codebook.quotations.values() {
            if let Some(Ok(place)) = places.get(&quotation.id)
                && let Some(t) =
                    self.corpus.transcripts.iter().position(|t| t.id == place.transcript)
            {
                by_transcript.entry(t).or_default().push((place, quotation));
            }
        }
        let mut quotes = Vec::new();
        let mut cases_of: CasesOf = BTreeMap::new();
        for (t, mut placed) in by_transcript {
            placed.sort_by(|(a, p), (b, q)| a.span.cmp(&b.span).then(p.id.cmp(&q.id)));
            // A proof is about what the report shows.
            let mut spans: Vec<Span> = placed.iter().map(|(place, _)| place.span).collect();
            let transcript = self.shown_transcript(&*self.corpus.text(t)?, &mut spans);
            let checksum = checksum_of(&transcript.text);
            for ((_, quotation), span) in placed.into_iter().zip(spans) {
                for spoken in self.spoken(t, &transcript, span) {
                    let case = self.corpus.cases.of_speaker[t].get(usize::from(spoken.speaker));
                    cases_of.entry(quotation.id).or_default().extend(case.copied().flatten());
                    quotes.push(self.quote(t, &transcript, &checksum, quotation, spoken));
                }
            }
        }
        Ok((quotes, cases_of))
    }

    /// What each participant says in a span; without participants, what others say.
    fn spoken(&self, t: usize, transcript: &Transcript, span: Span) -> Vec<Spoken> {
        let pieces: Vec<(u16, Span)> = transcript
            .turns
            .iter()
            .filter_map(|turn| {
                let start = turn.span.start.max(span.start);
                let end = turn.span.end.min(span.end);
                let piece = Span { start, end: end.max(start) };
                (!piece.of(&transcript.text).trim().is_empty()).then_some((turn.speaker, piece))
            })
            .collect();
        let is_participant = |speaker: u16| {
            self.corpus.role_of(t, speaker) == Role::Participant
                && self.corpus.case_of(t, speaker).is_some()
        };
        let mut speakers: Vec<u16> = Vec::new();
        for &(speaker, _) in &pieces {
            if !speakers.contains(&speaker) {
                speakers.push(speaker);
            }
        }
        if speakers.iter().any(|&speaker| is_participant(speaker)) {
            speakers.retain(|&speaker| is_participant(speaker));
        }
        speakers.into_iter().map(|speaker| own_words(transcript, &pieces, speaker)).collect()
    }

    fn quote(
        &self,
        t: usize,
        transcript: &Transcript,
        checksum: &str,
        quotation: &Quotation,
        spoken: Spoken,
    ) -> CitedQuote {
        let turns = &transcript.turns;
        let first = turns.partition_point(|turn| turn.span.end <= spoken.span.start);
        let last = turns.partition_point(|turn| turn.span.start < spoken.span.end);
        let time = transcript.time_of(first..last.max(first), spoken.span);
        let at: Provenance =
            self.corpus.provenance(t, spoken.speaker, transcript.lines.lines_of(spoken.span), time);
        let before = transcript.text[..spoken.span.start as usize].chars().count();
        let codes: BTreeSet<u32> = quotation.codings.iter().map(|coding| coding.code.0).collect();
        let coders: BTreeSet<&str> =
            quotation.codings.iter().map(|coding| coding.coder.as_str()).collect();
        CitedQuote {
            quotation: quotation.id.0,
            at,
            codes: codes.into_iter().collect(),
            coders: coders.into_iter().map(str::to_owned).collect(),
            is_pinned: quotation.codings.iter().any(|coding| coding.is_pinned),
            proof: Proof {
                checksum: checksum[..Proof::DIGITS].to_owned(),
                chars: [before, before + spoken.span.of(&transcript.text).chars().count()],
            },
            text: spoken.text,
        }
    }

    fn node(
        &self,
        codebook: &Codebook,
        id: CodeId,
        depth: usize,
        quotes: &[CitedQuote],
        cases_of: &CasesOf,
        speaking: &BTreeSet<usize>,
    ) -> Node {
        let code = &codebook.codes[&id];
        let found = |codes: &BTreeSet<CodeId>| -> Vec<QuotationId> {
            let all = codebook.quotations_of(codes).into_iter().map(|quotation| quotation.id);
            all.filter(|id| cases_of.contains_key(id)).collect()
        };
        let family = found(&codebook.family(id));
        let own = found(&BTreeSet::from([id]));
        let mut by_case: BTreeMap<usize, usize> = BTreeMap::new();
        for case in family.iter().flat_map(|quotation| &cases_of[quotation]) {
            *by_case.entry(*case).or_default() += 1;
        }
        let who: BTreeSet<usize> = by_case.keys().copied().collect();
        let groups = self.groups_of(speaking);
        let largest = by_case.iter().max_by_key(|(case, n)| (**n, std::cmp::Reverse(**case)));
        let mut shown = Vec::new();
        for quotation in &own {
            let of_quotation = quotes.iter().enumerate();
            shown.extend(
                of_quotation.filter(|(_, quote)| quote.quotation == quotation.0).map(|(at, _)| at),
            );
        }
        Node {
            id: id.0,
            kind: code.kind.name(),
            depth,
            name: code.name.clone(),
            path: codebook.path(id),
            definition: code.definition.clone(),
            include: code.include.clone(),
            exclude: code.exclude.clone(),
            color: code.color.as_ref().map(ToString::to_string),
            accepted: code.origin.as_ref().map(|origin| self.accepted(origin)),
            n_quotations: family.len(),
            n_own_quotations: own.len(),
            prevalence: prevalence(who.len(), speaking.len()),
            groups: groups
                .iter()
                .map(|(name, members)| GroupPrevalence {
                    name: (*name).to_owned(),
                    prevalence: prevalence((members & &who).len(), members.len()),
                })
                .collect(),
            largest: largest.map(|(case, n)| (self.corpus.cases.cases[*case].id.clone(), *n)),
            quotes: shown,
        }
    }

    /// Who speaks of what, a row a case.
    fn matrix(
        &self,
        codebook: &Codebook,
        nodes: &[Node],
        cases_of: &CasesOf,
        speaking: &BTreeSet<usize>,
    ) -> Vec<MatrixRow> {
        let mut counts: BTreeMap<usize, Vec<usize>> =
            speaking.iter().map(|&case| (case, vec![0; nodes.len()])).collect();
        for (at, node) in nodes.iter().enumerate() {
            let quotations = codebook.quotations_of(&codebook.family(CodeId(node.id)));
            let cases = quotations.iter().filter_map(|quotation| cases_of.get(&quotation.id));
            for case in cases.flatten() {
                if let Some(row) = counts.get_mut(case) {
                    row[at] += 1;
                }
            }
        }
        let row = |(case, n_quotations): (usize, Vec<usize>)| MatrixRow {
            case: self.corpus.cases.cases[case].id.clone(),
            group: self.corpus.cases.cases[case].group().map(str::to_owned),
            n_quotations,
        };
        counts.into_iter().map(row).collect()
    }

    /// The groups of cases, by name.
    fn groups_of(&self, cases: &BTreeSet<usize>) -> BTreeMap<&str, BTreeSet<usize>> {
        let mut groups: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for &case in cases {
            if let Some(group) = self.corpus.cases.cases[case].group() {
                groups.entry(group).or_default().insert(case);
            }
        }
        groups
    }

    fn accepted(&self, origin: &Origin) -> Accepted {
        let mut cases = BTreeSet::new();
        for place in &origin.passages {
            let Some(t) = self.corpus.transcripts.iter().position(|t| t.id == place.transcript)
            else {
                continue;
            };
            let touched = self.corpus.transcripts[t].passages.iter().filter(|passage| {
                passage.span.start < place.span.end && place.span.start < passage.span.end
            });
            cases.extend(
                touched.filter_map(|p| self.corpus.cases.of_speaker[t][usize::from(p.speaker)]),
            );
        }
        Accepted {
            label: origin.label.clone(),
            version: origin.version,
            n_passages: origin.passages.len(),
            n_participants: cases.len(),
        }
    }

    /// What is known of the study beside its decisions.
    fn facts(&self, speaking: &BTreeSet<usize>) -> Facts {
        let labels = |role: Role| -> Vec<String> {
            let mut found: BTreeSet<&str> = BTreeSet::new();
            for (known, roles) in self.corpus.transcripts.iter().zip(&self.corpus.roles) {
                let of_role = known.speakers.iter().zip(roles).filter(|(_, r)| r.role == role);
                found.extend(of_role.map(|(speaker, _)| speaker.label.as_str()));
            }
            found.into_iter().filter(|label| !label.is_empty()).map(str::to_owned).collect()
        };
        let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
        for known in &self.corpus.transcripts {
            *languages.entry(known.language.name()).or_default() += 1;
        }
        let mut languages: Vec<(&str, usize)> = languages.into_iter().collect();
        languages.sort_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
        let mut in_transcripts: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut n_words = 0;
        for (t, known) in self.corpus.transcripts.iter().enumerate() {
            for (speaker, case) in known.speakers.iter().zip(&self.corpus.cases.of_speaker[t]) {
                if let Some(case) = case.filter(|case| speaking.contains(case)) {
                    in_transcripts.entry(case).or_default().insert(t);
                    n_words += speaker.n_words as usize;
                }
            }
        }
        let groups = self.groups_of(speaking);
        Facts {
            program: format!("Leitmotif {}", env!("CARGO_PKG_VERSION")),
            sample: Sample {
                n_transcripts: self.corpus.transcripts.len(),
                n_participants: speaking.len(),
                n_words,
                groups: groups
                    .iter()
                    .map(|(name, members)| SampleGroup {
                        name: (*name).to_owned(),
                        n: members.len(),
                    })
                    .collect(),
            },
            languages: languages.into_iter().map(|(name, _)| name.to_owned()).collect(),
            interviewers: labels(Role::Interviewer),
            others: labels(Role::Other),
            attributes: self.attribute_facts(speaking),
            durations_ms: self
                .corpus
                .transcripts
                .iter()
                .filter_map(|known| known.duration_ms)
                .collect(),
            n_repeated: in_transcripts.values().filter(|of_case| of_case.len() > 1).count(),
            suggestion: self.suggestion_facts(),
            stop_words: self.settings.stop_words.iter().cloned().collect(),
            never_merge: self.settings.never_merge.iter().cloned().collect(),
        }
    }

    fn attribute_facts(&self, speaking: &BTreeSet<usize>) -> Vec<AttributeFacts> {
        let mut counted: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for &case in speaking {
            for (name, value) in &self.corpus.cases.cases[case].attributes {
                if name != "group" {
                    *counted.entry(name).or_default().entry(value).or_default() += 1;
                }
            }
        }
        let facts = |(name, values): (&str, BTreeMap<&str, usize>)| {
            let mut values: Vec<(String, usize)> =
                values.into_iter().map(|(value, n)| (value.to_owned(), n)).collect();
            values.sort_by(|(a, _), (b, _)| natural_order(a, b));
            AttributeFacts { name: name.to_owned(), values }
        };
        counted.into_iter().map(facts).collect()
    }

    fn suggestion_facts(&self) -> Option<SuggestionFacts> {
        let numbers = self.version_numbers();
        let version = numbers.iter().rev().find_map(|&number| self.version(number))?;
        Some(SuggestionFacts {
            version: version.number,
            n_versions: numbers.len(),
            n_candidates: version.themes.len(),
            count: version.params.count.map(std::num::NonZeroUsize::get),
            links: version.params.links,
            unassigned: version.params.unassigned,
            seed: version.params.seed.0,
        })
    }

    /// Writes a report to a file whose ending says of which kind it is. Nobody ever
    /// sees half of it.
    ///
    /// # Errors
    /// [`StudyError::Write`] if the file would be read as a transcript, is there
    /// already and `overwrite` is false, or cannot be written.
    pub fn write_document(
        &self,
        document: &Document,
        path: &Path,
        (kind, contents): (FileKind, Option<Contents>),
        overwrite: bool,
    ) -> Result<(), StudyError> {
        let contents = contents.unwrap_or_else(|| kind.usual());
        if !kind.holds(contents) {
            let name = match contents {
                Contents::Report => return Err(WriteError::WholeTable.into()),
                Contents::Quotes => "quotes",
                Contents::Codebook => "the codebook",
                Contents::Matrix => "the matrix",
            };
            let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            return Err(WriteError::Contents { ending, contents: name }.into());
        }
        self.check_free(path, overwrite)?;
        let mut bytes = Cursor::new(Vec::new());
        let failed = |error: &std::io::Error| WriteError::Failed {
            path: path.to_owned(),
            problem: crate::sources::find::plain(error),
        };
        write_document(&mut bytes, document, kind, contents).map_err(|error| failed(&error))?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let half = path.with_file_name(name);
        let written = fs::File::create(&half)
            .and_then(|mut file| {
                file.write_all(bytes.get_ref())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&half, path));
        written.map_err(|error| {
            // Nothing more can be done about the half file.
            fs::remove_file(&half).ok();
            failed(&error).into()
        })
    }

    /// Whether an export may write here: nowhere inside the study, whatever is asked
    /// for, and over another file only if that is meant.
    pub(super) fn check_free(&self, path: &Path, overwrite: bool) -> Result<(), StudyError> {
        if is_inside(path, &[&self.folder.root, &self.folder.store, &self.key.file]) {
            return Err(WriteError::InsideStudy(path.to_owned()).into());
        }
        if !overwrite && path.exists() {
            return Err(WriteError::Exists(path.to_owned()).into());
        }
        Ok(())
    }
}

/// A speaker's words among pieces of talk; `[…]` for what others say in between.
fn own_words(transcript: &Transcript, pieces: &[(u16, Span)], speaker: u16) -> Spoken {
    let mut text = String::new();
    let mut span: Option<Span> = None;
    let mut is_left_out = false;
    for &(who, piece) in pieces {
        if who != speaker {
            is_left_out = true;
            continue;
        }
        let words = piece.of(&transcript.text).trim();
        match &mut span {
            None => span = Some(piece),
            Some(known) => {
                text.push_str(if is_left_out { " […] " } else { "\n" });
                known.end = piece.end;
            }
        }
        is_left_out = false;
        text.push_str(words);
    }
    let span = span.unwrap_or(Span { start: 0, end: 0 });
    // White space at the ends is no part of what stands in these lines.
    let said = span.of(&transcript.text);
    let start = span.start as usize + (said.len() - said.trim_start().len());
    let span = Span::new(start, start + said.trim().len());
    Spoken { speaker, span, text }
}

fn prevalence(n: usize, of: usize) -> Prevalence {
    Prevalence { n, of, interval: wilson(n, of) }
}

/// What the reader must know of quotations that are not where they were.
fn notes(
    codebook: &Codebook,
    places: &BTreeMap<QuotationId, Result<Place, String>>,
) -> Vec<String> {
    let mut notes = Vec::new();
    for quotation in codebook.quotations.values() {
        if let Some(Err(reason)) = places.get(&quotation.id) {
            let codes: Vec<String> =
                quotation.codings.iter().map(|coding| codebook.path(coding.code)).collect();
            notes.push(format!(
                "Quotation {} of {} ({}) is left out, since it cannot be found any more: {reason}.",
                quotation.id.0,
                quotation.place.transcript,
                codes.join("; ")
            ));
        }
    }
    notes
}
