//! Answers without names: the one door between the study and what is shown.
//!
//! Every answer says of each of its texts whether names are hidden in it, field
//! by field and without `..`, so that a new field cannot be forgotten. Positions
//! in a text follow it.

use super::document::{
    self, Accepted, Candidate, CitedQuote, CoreqItem, Document, Drawn, GroupPrevalence, MatrixRow,
    MemoEntry, Node, Sample,
};
use super::{
    AcceptedAnswer, AgreementAnswer, Because, CaseData, CaseInfo, CodeAgreement, CodeAnswer,
    CodeGrowth, CodeProgress, CodeRuleAnswer, CodeStanding, CodingAnswer, CompareAnswer,
    ComparedStances, ComparedTerm, ComparedTheme, ComparisonAnswer, Concordance, ConcordanceLine,
    ContextAnswer, DataAnswer, DispersionAnswer, EvidenceAnswer, FileRemark, Frequency, GivenName,
    GroupAnswer, GroupCell, GroupContrast, GroupCount, GroupSaturation, GroupSize, GrowthAnswer,
    Hit, InfoAnswer, InterviewAnswer, InterviewPlaces, KeptOut, KeptOutPlace, LikeQuotation,
    LogEntry, MapAnswer, MapTheme, MarkCode, MemoAnswer, MissedQuotation, NamedTheme,
    PassageAnswer, PassageData, ProposalAgreement, ProposalAgreementAnswer, ProposalAnswer,
    ProposalsAnswer, Provenance, QuotationAnswer, RefusalAnswer, RejectionAnswer, RuleFound,
    SaturationAnswer, SearchAnswer, SpeakerInfo, StanceAnswer, TermAnswer, ThemeAnswer,
    ThemeChange, ThemeOfVersion, ThemesAnswer, TranscriptInfo, TranscriptText, UncodedEvidence,
    UncodedTalk, UnitAgreement, VersionAnswer, VoiceAnswer, VoicesAnswer, WithoutAnswer,
};
use std::collections::BTreeSet;

use crate::base::{Diagnostic, FilePlace, Remedy, Warned};
use crate::codebook::{Code, Origin, Place};
use crate::pseudonyms::{Pseudonyms, ShownText};

/// An answer that nobody has seen: it holds the names that were said.
///
/// It has no `Debug`, `Display` or `Serialize`, so that it cannot be printed by
/// mistake; [`shown`](Self::shown) is the only way to what it holds.
///
/// ```compile_fail
/// let answer = leitmotif::answers::Unshown::new("Siân".to_owned());
/// println!("{answer:?}");
/// ```
#[must_use = "an answer is asked for to be shown"]
#[derive(Clone)]
pub struct Unshown<T>(T);

impl<T> Unshown<T> {
    /// An answer as the study made it.
    pub fn new(answer: T) -> Self {
        Self(answer)
    }

    /// What it holds, to make another answer of.
    pub(crate) fn unseen(self) -> T {
        self.0
    }

    /// The answer with what `change` makes of it, still unseen.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Unshown<U> {
        Unshown(change(self.0))
    }
}

impl<T: HideNames> Unshown<T> {
    /// The answer as it is shown: with pseudonyms, or as it is if names are shown.
    pub fn shown(self, pseudonyms: Option<&Pseudonyms>) -> T {
        let mut answer = self.0;
        if let Some(pseudonyms) = pseudonyms {
            answer.hide_names(pseudonyms);
        }
        answer
    }
}

/// An answer in which names can be hidden.
pub trait HideNames {
    /// Puts pseudonyms in the place of names.
    fn hide_names(&mut self, pseudonyms: &Pseudonyms);
}

impl HideNames for String {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        if let std::borrow::Cow::Owned(shown) = pseudonyms.apply(self) {
            *self = shown;
        }
    }
}

impl<T: HideNames> HideNames for Vec<T> {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        for part in self {
            part.hide_names(pseudonyms);
        }
    }
}

impl<T: HideNames, const N: usize> HideNames for [T; N] {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        for part in self {
            part.hide_names(pseudonyms);
        }
    }
}

impl<T: HideNames> HideNames for Option<T> {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        if let Some(part) = self {
            part.hide_names(pseudonyms);
        }
    }
}

impl<A: HideNames, B: HideNames> HideNames for (A, B) {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        self.0.hide_names(pseudonyms);
        self.1.hide_names(pseudonyms);
    }
}

impl<T: HideNames> HideNames for Warned<T> {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        self.value.hide_names(pseudonyms);
        self.warnings.hide_names(pseudonyms);
    }
}

impl HideNames for serde_json::Value {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        match self {
            Self::String(text) => text.hide_names(pseudonyms),
            Self::Array(parts) => parts.hide_names(pseudonyms),
            Self::Object(parts) => {
                for part in parts.values_mut() {
                    part.hide_names(pseudonyms);
                }
            }
            Self::Null | Self::Bool(_) | Self::Number(_) => {}
        }
    }
}

/// Terms, and names that were made of terms: single words of a name are hidden too.
trait HideTerms {
    /// Puts pseudonyms in the place of names and of their words.
    fn hide_terms(&mut self, pseudonyms: &Pseudonyms);
}

impl HideTerms for String {
    fn hide_terms(&mut self, pseudonyms: &Pseudonyms) {
        if let std::borrow::Cow::Owned(shown) = pseudonyms.shown_term(self) {
            *self = shown;
        }
    }
}

impl HideTerms for Option<String> {
    fn hide_terms(&mut self, pseudonyms: &Pseudonyms) {
        if let Some(term) = self {
            term.hide_terms(pseudonyms);
        }
    }
}

/// Hides the terms of a list; of those that look the same then, only the first stays.
fn hide_each<T, K: Ord>(list: &mut Vec<T>, hide: impl Fn(&mut T), key: impl Fn(&T) -> K) {
    list.iter_mut().for_each(hide);
    let mut seen = BTreeSet::new();
    list.retain(|answer| seen.insert(key(answer)));
}

impl HideTerms for Vec<String> {
    fn hide_terms(&mut self, pseudonyms: &Pseudonyms) {
        hide_each(self, |term| term.hide_terms(pseudonyms), Clone::clone);
    }
}

impl HideTerms for Vec<TermAnswer> {
    fn hide_terms(&mut self, pseudonyms: &Pseudonyms) {
        hide_each(self, |answer| answer.term.hide_terms(pseudonyms), |answer| answer.term.clone());
    }
}

impl HideTerms for Vec<ComparedTerm> {
    fn hide_terms(&mut self, pseudonyms: &Pseudonyms) {
        let hide = |answer: &mut ComparedTerm| {
            answer.term.hide_terms(pseudonyms);
            answer.group.hide_names(pseudonyms);
        };
        hide_each(self, hide, |answer| (answer.group.clone(), answer.term.clone()));
    }
}

/// Hides names in all fields named; those after `@` are made of terms, those after `;`
/// hold no names.
macro_rules! hide_names {
    ($($answer:path { $($field:ident),* $(@ $($term:ident),*)? $(; $($other:ident),*)? })*) => {$(
        impl HideNames for $answer {
            fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
                let Self { $($field,)* $($($term,)*)? $($($other: _,)*)? } = self;
                $($field.hide_names(pseudonyms);)*
                $($($term.hide_terms(pseudonyms);)*)?
            }
        }
    )*};
}

hide_names! {
    VoicesAnswer { people; themes, n_uncovered }
    VoiceAnswer { case, group; }
    EvidenceAnswer { evidence, in_context; id }
    ComparisonAnswer { would_join, nearest, farthest; }
    DispersionAnswer { interviews @ label; id, is_accepted }
    InterviewPlaces { transcript; places }
    MapAnswer { themes; similarities }
    MapTheme { @ label; id, is_accepted, n_passages, n_cases, of_cases, band }
    MarkCode { coder @ path; id }
    Diagnostic { place, problem, remedy; }
    FilePlace { path; line }
    Remedy { advice; task }
    Provenance { transcript, case, group, speaker; role, lines, start_ms, is_one_of_several }
    ContextAnswer { speaker, text; lines }
    SearchAnswer { hits, nowhere @ also; totals, is_empty, n_of_people }
    Concordance { lines, by_case, by_group, nowhere; totals, n_of_others }
    Frequency { name; n_matches, n_cases, of_cases, n_words }
    ProposalsAnswer { proposals, standings; }
    ProposalAnswer { hit, because @ code; code_id, probability, is_rough }
    Because { quotations @ words, around, name, rule, against; }
    LikeQuotation { at, text; id, likeness }
    CodeStanding {
        @ code;
        code_id, n_quotations, n_cases, of_cases, n_accepted, n_rejected, n_last, n_last_accepted,
        n_probable, is_rough
    }
    CodeRuleAnswer { kept, suggested @ code; code_id }
    RuleFound {
        query, missed, others;
        n_covered, n_quotations, n_cases_covered, n_cases, n_others, n_other_cases, n_refused
    }
    MissedQuotation { at, text; id }
    RefusalAnswer { at, text, reason, coder @ code; id }
    ThemesAnswer {
        themes, notes, passages, parameters, names, codes, uncoded; together, version, asked
    }
    CodeProgress { @ code; code_id, depth, n_quotations, n_cases, of_cases, proposed }
    UncodedTalk { transcripts; n_passages, of_passages }
    UncodedEvidence { quotes; n_passages, n_cases }
    GivenName { name, program @ label; theme, code, is_in_their_words }
    AcceptedAnswer { @ path; code }
    ThemeAnswer {
        accepted, largest_case, groups, first, last, depends_on, without, quotes, also_said,
        codes, uncoded
        @ label, terms;
        id, n_passages, n_cases, n_cases_once, of_cases, largest_share, interval, position, stability, band,
        in_context,
        from_questions
    }
    WithoutAnswer { cases; jaccard }
    GroupAnswer { name; n_cases, of_cases, interval }
    PassageAnswer { transcript; lines, theme, weight, also, codes, evidence }
    VersionAnswer { themes, transcripts; number }
    ThemeOfVersion { @ label; id, is_accepted, size }
    GrowthAnswer { added, changed, gone, changes, codes; since, version, is_asked_alike, of_new_cases }
    CodeGrowth { proposed_in, quoted_in @ code; code_id, of_new }
    NamedTheme { @ label; id }
    ThemeChange {
        from, into, quotes @ label;
        kind, id, before, now, n_new_cases, n_new_passages
    }
    SaturationAnswer { counted, order, groups, notes; unit, base, run }
    GroupSaturation { group, interviews; rules, in_random_orders, share_saturated, n_missing }
    InterviewAnswer { transcript; n_themes, n_new, n_known, random }
    CompareAnswer { by, groups, notes, themes, stances @ terms; is_listed, n_without, together }
    ComparedStances { stances @ path; code }
    GroupSize { name; of_cases }
    ComparedTheme { accepted, cells, contrasts @ label; id }
    GroupCell { group, quotes; n_cases, of_cases, interval }
    GroupContrast { group, against; difference, interval, p, q }
    InfoAnswer { study, who, notes, transcripts, cases, kept_out, not_read, remarks, not_transcripts; is_guessed, n_passages }
    KeptOut { text, places; n_transcripts }
    KeptOutPlace { transcript; lines }
    FileRemark { problem, hint; }
    TranscriptInfo { id, speakers; layout, language, n_turns, n_words, duration_ms }
    SpeakerInfo { label, name, reason, case; role, is_doubtful, n_words }
    TranscriptText { text; lines }
    AgreementAnswer { coders, transcripts, units, notes }
    CodeAnswer { code, stances @ path; depth, n_quotations, n_stale, n_cases, of_cases }
    StanceAnswer { groups; stance, n_quotations, n_cases }
    GroupCount { name; n_cases, of_cases }
    Code { definition, include, exclude, rule, origin @ name; id, kind, parent, color }
    Origin { passages @ label; version, candidate }
    Place { transcript; checksum, span }
    QuotationAnswer { at, text, codes, reason; id, bytes, stance, standing }
    CodingAnswer { coder @ code; code_id, is_pinned, is_proposed }
    DataAnswer {
        study, themes, transcripts, cases, passages, codes, quotations;
        evidence, quoted, coded
    }
    CaseData { case; is_participant }
    PassageData { hit; number, n_words, is_counted }
    MemoAnswer { text, coder @ about; id, at }
    LogEntry { coder @ about; number, at, verb, holds, version }
    RejectionAnswer { reason @ label; id, candidate }
    Document {
        title, nodes, quotes, matrix, memos, candidates, coreq, sample, drawn @ methods, notes;
        program, parts
    }
    Sample { groups; n_transcripts, n_participants, n_words }
    document::SampleGroup { name; n }
    Node {
        definition, include, exclude, rule, accepted, groups, stances, largest @ name, path;
        id, kind, depth, color, n_quotations, n_own_quotations, prevalence, quotes
    }
    Accepted { @ label; version, size }
    GroupPrevalence { name; prevalence }
    // The words of a quote are cut from a text without names already.
    CitedQuote { at, text, coders, codings; quotation, codes, is_pinned, proof }
    document::GivenCode { coder; code }
    MatrixRow { case, group; n_quotations }
    MemoEntry { text, coder @ about; at }
    Candidate { @ label; id, prevalence, n_passages }
    CoreqItem { @ answer; number, domain, name, asks }
    ProposalAgreementAnswer { transcripts, codes, notes @ too_few; }
    ProposalAgreement {
        @ code;
        code_id, both, only_coded, only_proposed, neither, found, right, kappa
    }
    UnitAgreement { codes; unit, n_units, pooled }
    CodeAgreement { @ code; all, some, none, only, coefficients }
}

impl HideNames for Drawn {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        match self {
            // The themes of the report say what is drawn.
            Self::Quoted => {}
            Self::Matrix(answer, voices) => {
                answer.hide_names(pseudonyms);
                voices.hide_names(pseudonyms);
            }
            Self::Map(answer) => answer.hide_names(pseudonyms),
            Self::Saturation(answer) => answer.hide_names(pseudonyms),
            Self::Dispersion(_, answer) => answer.hide_names(pseudonyms),
        }
    }
}

impl HideNames for (String, usize) {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        self.0.hide_names(pseudonyms);
    }
}

impl HideNames for CaseInfo {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        let Self { id, attributes } = self;
        id.hide_names(pseudonyms);
        for value in attributes.values_mut() {
            value.hide_names(pseudonyms);
        }
    }
}

impl HideNames for Hit {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        let Self {
            at,
            text,
            highlights,
            others,
            before,
            after,
            question,
            ties,
            rank: _,
            score: _,
            span: _,
            end_ms: _,
            themes: _,
        } = self;
        let shown = pseudonyms.show(text);
        if !shown.edits.is_empty() {
            follow(&shown, highlights);
            follow(&shown, others);
            *text = shown.text.into_owned();
        }
        at.hide_names(pseudonyms);
        before.hide_names(pseudonyms);
        after.hide_names(pseudonyms);
        question.hide_names(pseudonyms);
        ties.hide_terms(pseudonyms);
    }
}

impl HideNames for ConcordanceLine {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        let Self { at, left, matched, right, codes, span: _ } = self;
        at.hide_names(pseudonyms);
        codes.hide_names(pseudonyms);
        // A name may begin on one side and end in what matched.
        let whole = format!("{left}{matched}{right}");
        let shown = pseudonyms.show(&whole);
        if shown.edits.is_empty() {
            return;
        }
        let start = left.chars().count();
        let [from, to] = shown.range([start, start + matched.chars().count()]);
        let part = |from: usize, to: usize| shown.text.chars().skip(from).take(to - from).collect();
        (*left, *matched) = (part(0, from), part(from, to));
        *right = part(to, shown.text.chars().count());
    }
}

/// Moves ranges of characters to where they are shown; two that meet in one
/// pseudonym become one.
fn follow(shown: &ShownText<'_>, ranges: &mut Vec<[usize; 2]>) {
    let mut moved: Vec<[usize; 2]> = Vec::with_capacity(ranges.len());
    for range in ranges.iter() {
        let [start, end] = shown.range(*range);
        match moved.last_mut() {
            Some(last) if start < last[1] => last[1] = last[1].max(end),
            _ => moved.push([start, end]),
        }
    }
    *ranges = moved;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pseudonyms::{PseudonymEntry, PseudonymList, Rule};
    use crate::terms::Language;

    fn pseudonyms() -> Pseudonyms {
        let mut list = PseudonymList::default();
        for (name, pseudonym) in [("Siân Powell", "P7"), ("Bo", "Somebody")] {
            let (name, pseudonym) = (name.to_owned(), pseudonym.to_owned());
            list.add(PseudonymEntry { name, pseudonym, rule: Rule::AnyCase }).unwrap();
        }
        Pseudonyms::new(&list, &[Language::English])
    }

    #[test]
    fn what_is_marked_follows_the_words() {
        let text = "So Siân Powell told Bo to go.";
        let mut hit = crate::answers::example_hit(text, &[[3, 7], [8, 14], [20, 22], [26, 28]]);
        hit.others = vec![[0, 2]];
        hit.hide_names(&pseudonyms());
        assert_eq!(hit.text, "So P7 told Somebody to go.");
        let part = |[start, end]: &[usize; 2]| -> String {
            hit.text.chars().skip(*start).take(end - start).collect()
        };
        let marked: Vec<String> = hit.highlights.iter().map(part).collect();
        assert_eq!(marked, ["P7", "Somebody", "go"]);
        assert_eq!(hit.others, [[0, 2]]);
    }

    #[test]
    fn a_name_across_the_match_of_a_concordance_is_hidden() {
        let mut hit = crate::answers::example_hit("", &[]);
        let mut line = ConcordanceLine {
            at: hit.at.clone(),
            left: "that Siân ".to_owned(),
            matched: "Powell".to_owned(),
            right: " told Bo".to_owned(),
            span: hit.span,
            codes: vec![MarkCode { id: 1, path: "Powell".to_owned(), coder: "Ann".to_owned() }],
        };
        line.hide_names(&pseudonyms());
        assert_eq!((line.left.as_str(), line.matched.as_str()), ("that ", "P7"));
        assert_eq!(line.right, " told Somebody");
        // A code may be called by a word of a name, as terms are.
        assert_eq!(line.codes[0].path, "P7");
        hit.hide_names(&pseudonyms());
        assert_eq!(hit.at.speaker, "Siân");
    }
}
