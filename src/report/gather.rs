//! What a report holds: gathered from what people decided.
//!
//! Decisions, with where their quotations are now, and the corpus come in; the
//! [`Document`] goes out that every kind of file is written from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::coreq;
use super::methods::{AttributeFacts, Facts, SuggestionFacts, coreq_answers, memo_about, methods};
use crate::answers::document::{
    Accepted, Candidate, CitedQuote, Document, GivenCode, GroupPrevalence, MatrixRow, MemoEntry,
    Node, Parts, Prevalence, Proof, Sample, SampleGroup,
};
use crate::answers::{Provenance, ThemeSize};
use crate::base::proportions::wilson;
use crate::base::{Span, natural_order};
use crate::codebook::history::History;
use crate::codebook::standing::{Standing, Standings};
use crate::codebook::{CodeId, Codebook, Place, Quotation, QuotationId, checksum_of};
use crate::corpus::{Corpus, CorpusError};
use crate::pseudonyms::Pseudonyms;
use crate::text::ASKER;
use crate::transcripts::Transcript;
use crate::transcripts::cases::{Sittings, cases_in, field_name};
use crate::transcripts::roles::Role;

/// The cases whose words a quotation holds, of every quotation that stands.
type CasesOf = BTreeMap<QuotationId, BTreeSet<usize>>;

/// A speaker's own words in a quotation.
struct Spoken {
    speaker: u16,
    /// First and last own byte.
    span: Span,
    text: String,
}

/// What a report is gathered from.
pub struct Gathering<'a> {
    /// All transcripts.
    pub corpus: &'a Corpus,
    /// All decisions.
    pub history: &'a History,
    /// Where the quotations are now.
    pub standings: &'a Standings,
    /// How names are shown; `None` as they were said.
    pub pseudonyms: Option<&'a Pseudonyms>,
    /// Words that the researcher added to the stop words.
    pub stop_words: Vec<String>,
    /// Words that the researcher kept apart from others of their stem.
    pub never_merge: Vec<String>,
    /// How themes were suggested last; `None` if they never were.
    pub suggestion: Option<SuggestionFacts>,
    /// Candidates to be named that nobody has decided on.
    pub candidates: Vec<Candidate>,
    /// By theme that was accepted: how large its candidate was when it was listed.
    pub sizes: BTreeMap<CodeId, ThemeSize>,
}

/// The report of what people decided, under a title, with memos if they are wanted.
///
/// # Errors
/// [`CorpusError::TextGone`] if a text is not remembered any more.
pub fn gather(
    gathering: Gathering<'_>,
    title: String,
    with_memos: bool,
) -> Result<Document, CorpusError> {
    let Gathering { corpus, history, standings, .. } = gathering;
    let codebook = history.codebook();
    let talk = Talk {
        corpus,
        codebook,
        standings,
        sizes: &gathering.sizes,
        participants: corpus.participants(),
        groups: corpus.groups_of_participants(),
    };
    let (quotes, cases_of) = talk.quotes(gathering.pseudonyms)?;
    let mut quotes_of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, quote) in quotes.iter().enumerate() {
        quotes_of.entry(quote.quotation).or_default().push(at);
    }
    let nodes: Vec<Node> = codebook
        .tree()
        .into_iter()
        .map(|(depth, code)| talk.node(code.id, depth, &quotes_of, &cases_of))
        .collect::<Result<_, _>>()?;
    let matrix = talk.matrix(&nodes, &cases_of);
    let facts = talk.facts(&gathering);
    let memos = codebook.memos.values().filter(|_| with_memos);
    let mut document = Document {
        title,
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
        candidates: gathering.candidates,
        coreq: Vec::new(),
        notes: notes(codebook, standings),
        parts: Parts::default(),
        drawn: Vec::new(),
    };
    document.coreq = coreq::checklist(coreq_answers(&facts, history, &document));
    Ok(document)
}

/// The talk that is reported on, and what people made of it.
struct Talk<'a> {
    corpus: &'a Corpus,
    codebook: &'a Codebook,
    standings: &'a Standings,
    /// How large the candidates of accepted themes were.
    sizes: &'a BTreeMap<CodeId, ThemeSize>,
    /// The cases that speak as participants.
    participants: BTreeSet<usize>,
    /// Their groups.
    groups: BTreeMap<&'a str, Sittings>,
}

impl Talk<'_> {
    /// All quotes in the order of their places, with the cases of each quotation.
    fn quotes(
        &self,
        pseudonyms: Option<&Pseudonyms>,
    ) -> Result<(Vec<CitedQuote>, CasesOf), CorpusError> {
        let mut by_transcript: BTreeMap<usize, Vec<(&Place, &Quotation)>> = BTreeMap::new();
        for quotation in self.codebook.quotations.values() {
            if let Some(place) = self.standings.place_of(quotation)
                && let Some(t) = self.corpus.with_id(&place.transcript)
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
            let transcript = self.corpus.text(t)?;
            let transcript = match pseudonyms {
                Some(pseudonyms) => Arc::new(pseudonyms.shown_transcript(&transcript, &mut spans)),
                None => transcript,
            };
            let checksum = checksum_of(&transcript.text);
            for ((place, quotation), span) in placed.into_iter().zip(spans) {
                let cases = self.corpus.cases_at(std::iter::once(place))?;
                cases_of.insert(quotation.id, cases);
                for spoken in self.spoken(t, &transcript, span) {
                    quotes.push(self.quote(t, &transcript, &checksum, quotation, spoken));
                }
            }
        }
        Ok((quotes, cases_of))
    }

    /// What each participant says in a span; without participants, what others say.
    fn spoken(&self, t: usize, transcript: &Transcript, span: Span) -> Vec<Spoken> {
        let first = transcript.turns.partition_point(|turn| turn.span.end <= span.start);
        let turns = transcript.turns[first..].iter().take_while(|turn| turn.span.start < span.end);
        let pieces = turns.map(|turn| {
            let (start, end) = (turn.span.start.max(span.start), turn.span.end.min(span.end));
            (turn.speaker, Span { start, end })
        });
        let is_said = |(_, piece): &(u16, Span)| !piece.of(&transcript.text).trim().is_empty();
        let pieces: Vec<(u16, Span)> = pieces.filter(is_said).collect();
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
        let codings = quotation
            .codings
            .iter()
            .map(|coding| GivenCode { code: coding.code.0, coder: coding.coder.clone() });
        CitedQuote {
            quotation: quotation.id.0,
            at,
            codes: codes.into_iter().collect(),
            coders: coders.into_iter().map(str::to_owned).collect(),
            codings: codings.collect(),
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
        id: CodeId,
        depth: usize,
        quotes_of: &BTreeMap<u32, Vec<usize>>,
        cases_of: &CasesOf,
    ) -> Result<Node, CorpusError> {
        let Self { codebook, participants, groups, .. } = self;
        let code = &codebook.codes[&id];
        let found = |quotations: &[&Quotation]| -> Vec<QuotationId> {
            let all = quotations.iter().map(|quotation| quotation.id);
            all.filter(|id| cases_of.contains_key(id)).collect()
        };
        let here = codebook.quotations_of(&codebook.family(id));
        let family = found(&here);
        let own = found(&codebook.quotations_of(&BTreeSet::from([id])));
        let mut by_case: BTreeMap<usize, usize> = BTreeMap::new();
        for case in family.iter().flat_map(|quotation| &cases_of[quotation]) {
            *by_case.entry(*case).or_default() += 1;
        }
        let who: BTreeSet<usize> = by_case.keys().copied().collect();
        let placed = here.iter().filter_map(|quotation| self.standings.place_of(quotation));
        let sittings = self.corpus.sittings_at(placed)?;
        let largest = by_case.iter().max_by_key(|(case, n)| (**n, std::cmp::Reverse(**case)));
        let shown = own.iter().filter_map(|quotation| quotes_of.get(&quotation.0)).flatten();
        Ok(Node {
            id: id.0,
            kind: code.kind.name(),
            depth,
            name: code.name.clone(),
            path: codebook.path(id),
            definition: code.definition.clone(),
            include: code.include.clone(),
            exclude: code.exclude.clone(),
            rule: code.rule.clone(),
            color: code.color.as_ref().map(ToString::to_string),
            accepted: code.origin.as_ref().map(|origin| Accepted {
                label: origin.label.clone(),
                version: origin.version,
                size: self.sizes.get(&id).copied(),
            }),
            n_quotations: family.len(),
            n_own_quotations: own.len(),
            prevalence: prevalence(who.len(), participants.len()),
            groups: groups
                .iter()
                .map(|(name, members)| GroupPrevalence {
                    name: (*name).to_owned(),
                    prevalence: prevalence(
                        cases_in(members.intersection(&sittings)).len(),
                        cases_in(members).len(),
                    ),
                })
                .collect(),
            stances: self.corpus.stances(&self.standings.here(&here), groups)?,
            largest: largest.map(|(case, n)| (self.corpus.cases.cases[*case].id.clone(), *n)),
            quotes: shown.copied().collect(),
        })
    }

    /// Who speaks of what, a row a case.
    fn matrix(&self, nodes: &[Node], cases_of: &CasesOf) -> Vec<MatrixRow> {
        let Self { codebook, participants, .. } = self;
        let mut counts: BTreeMap<usize, Vec<usize>> =
            participants.iter().map(|&case| (case, vec![0; nodes.len()])).collect();
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

    /// What is known of the study beside its decisions.
    fn facts(&self, gathering: &Gathering<'_>) -> Facts {
        let participants = &self.participants;
        // A guide that lies beside the interviews, and a second copy of one, are none.
        let is_counted = |t: &usize| {
            let mut cases = self.corpus.cases.of_speaker[*t].iter().flatten();
            cases.any(|case| participants.contains(case))
        };
        let counted = (0..self.corpus.transcripts.len()).filter(is_counted);
        let counted: Vec<usize> = counted.collect();
        let transcripts = || counted.iter().map(|&t| &self.corpus.transcripts[t]);
        let labels = |role: Role| -> Vec<String> {
            let mut found: BTreeSet<&str> = BTreeSet::new();
            for (known, &t) in transcripts().zip(&counted) {
                let roles = &self.corpus.roles[t];
                let of_role = known.speakers.iter().zip(roles).filter(|(_, r)| r.role == role);
                let labels = of_role.map(|(speaker, _)| speaker.label.as_str());
                found.extend(labels.filter(|label| *label != ASKER || self.is_asker_named(t)));
            }
            found.into_iter().filter(|label| !label.is_empty()).map(str::to_owned).collect()
        };
        let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
        for known in transcripts() {
            *languages.entry(known.language.name()).or_default() += 1;
        }
        let mut languages: Vec<(&str, usize)> = languages.into_iter().collect();
        languages.sort_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
        let mut in_transcripts: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut n_words = 0;
        for (known, &t) in transcripts().zip(&counted) {
            for (speaker, case) in known.speakers.iter().zip(&self.corpus.cases.of_speaker[t]) {
                if let Some(case) = case.filter(|case| participants.contains(case)) {
                    in_transcripts.entry(case).or_default().insert(t);
                    n_words += speaker.n_words as usize;
                }
            }
        }
        Facts {
            program: format!("Leitmotif {}", env!("CARGO_PKG_VERSION")),
            sample: Sample {
                n_transcripts: counted.len(),
                n_participants: participants.len(),
                n_words,
                groups: self
                    .groups
                    .iter()
                    .map(|(name, members)| SampleGroup {
                        name: (*name).to_owned(),
                        n: cases_in(members).len(),
                    })
                    .collect(),
            },
            languages: languages.into_iter().map(|(name, _)| name.to_owned()).collect(),
            interviewers: labels(Role::Interviewer),
            others: labels(Role::Other),
            attributes: self.attribute_facts(),
            durations_ms: transcripts().filter_map(|known| known.duration_ms).collect(),
            n_repeated: in_transcripts.values().filter(|of_case| of_case.len() > 1).count(),
            suggestion: gathering.suggestion.clone(),
            stop_words: gathering.stop_words.clone(),
            never_merge: gathering.never_merge.clone(),
        }
    }

    /// Whether the label of who asks stands before a question of a transcript: the reader
    /// gives it to all questions that nothing but their type tells.
    fn is_asker_named(&self, t: usize) -> bool {
        let Ok(text) = self.corpus.text(t) else { return false };
        let is_named = |start: usize| {
            let line = text.text[..start].rsplit('\n').next().unwrap_or_default();
            line.trim_matches(|c: char| !c.is_alphabetic()).eq_ignore_ascii_case(ASKER)
        };
        let is_asker = |speaker: u16| text.speakers[usize::from(speaker)].label == ASKER;
        text.turns.iter().any(|turn| is_asker(turn.speaker) && is_named(turn.span.range().start))
    }

    fn attribute_facts(&self) -> Vec<AttributeFacts> {
        let mut counted: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        let cases = &self.corpus.cases;
        for name in self.corpus.attribute_names().into_iter().filter(|name| *name != "group") {
            for (value, of) in cases.by(|t, s| cases.value(t, s, &field_name(name))) {
                let n = cases_in(&of).intersection(&self.participants).count();
                if n > 0 {
                    counted.entry(name).or_default().insert(value, n);
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
fn notes(codebook: &Codebook, standings: &Standings) -> Vec<String> {
    let mut notes = Vec::new();
    for quotation in codebook.quotations.values() {
        if let Some(Standing::Stale(reason)) = standings.of.get(&quotation.id) {
            let codes: Vec<String> =
                quotation.codings.iter().map(|coding| codebook.path(coding.code)).collect();
            notes.push(format!(
                "Quotation {} of {} ({}) is left out because it can no longer be found: {reason}.",
                quotation.id.0,
                quotation.place.transcript,
                codes.join("; ")
            ));
        }
    }
    notes
}
