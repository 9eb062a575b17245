//! Invented interviews for tests.

use std::sync::Arc;

use super::Words;
use crate::corpus::{ParticipantPassage, Row};
use crate::features::counts::{TermCounts, count_terms};
use crate::passages;
use crate::sources;
use crate::terms::{Analysis, Analyzer, AnalyzerParams, Language, analyze};
use crate::transcripts::Transcript;

/// Interviews, each with another participant, who is the second to speak.
pub(super) struct Invented {
    pub(super) passages: Vec<ParticipantPassage>,
    /// By passage.
    pub(super) texts: Vec<String>,
    pub(super) counts: TermCounts,
    analyses: Vec<Arc<Analysis>>,
}

impl Invented {
    pub(super) fn new(interviews: &[String]) -> Self {
        let analyzer = Analyzer::new(Language::English, &AnalyzerParams::default());
        let (mut passages, mut texts, mut analyses) = (Vec::new(), Vec::new(), Vec::new());
        let mut passage = 0;
        for (text, transcript) in interviews.iter().zip(0..) {
            let read = Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap());
            let cut = passages::cut(&read);
            for (place, known) in (0..).zip(&cut) {
                if known.speaker == 1 {
                    let row = Row { transcript, place, case: transcript };
                    passages.push(ParticipantPassage { passage, row, n_words: known.n_words });
                    texts.push(known.span.of(&read.text).to_owned());
                }
                passage += 1;
            }
            analyses.push(Arc::new(analyze(&read, &cut, &analyzer)));
        }
        let counts = count_terms(&analyses);
        Self { passages, texts, counts, analyses }
    }

    pub(super) fn words(&self) -> Words<'_> {
        Words { analyses: &self.analyses, counts: &self.counts }
    }
}
