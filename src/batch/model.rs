//! A fitted model: themes of a sample, and how every passage of the study joins them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::counting::{Heard, Lexicon};
use super::fitting::Rows;
use super::plan::{LeftOut, Plan, Voices};
use super::{BatchError, packed, unpacked};
use crate::codebook::Codebook;
use crate::codebook::standing::Standings;
use crate::features::counts::count_terms;
use crate::features::space::Placing;
use crate::listing::{Numbered, Numbering, Talk};
use crate::study::StudyError;
use crate::themes::anchors::Anchors;
use crate::themes::decided::Decided;
use crate::themes::groundwork::Groundwork;
use crate::themes::joining::Joining;
use crate::themes::{ThemeParams, Words};

/// The version of what a model is kept as. Models of other versions are not read.
pub const FORMAT: u32 = 1;

/// A fitted model.
#[derive(Serialize, Deserialize)]
pub struct Model {
    lexicon: Lexicon,
    placing: Placing,
    joining: Joining,
    /// The numbers of the themes that passages join.
    ids: Vec<u32>,
    /// What was found of the transcripts of the sample.
    found: BTreeMap<String, Found>,
    /// The themes as `leitmotif themes --format json` has them.
    answer: String,
}

/// What was found of a transcript.
#[derive(Serialize, Deserialize)]
pub(super) struct Found {
    terms_key: String,
    left_out: LeftOut,
    /// By the place of a participant's passage.
    passages: BTreeMap<u32, Assigned>,
}

/// Where a participant's passage belongs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assigned {
    /// Its place in the transcript.
    pub place: u32,
    /// Its first and last line.
    pub lines: [u32; 2],
    /// Who says it.
    pub case: String,
    /// The theme it belongs to, by its number.
    pub theme: Option<u32>,
    /// How well it fits.
    pub weight: f64,
    /// A second theme.
    pub also: Option<u32>,
    /// The themes that its own words say.
    pub evidence: Vec<u32>,
    /// Whether it is one of those that the themes were found in.
    pub is_sampled: bool,
}

impl Model {
    /// Suggests themes in the sample of a plan, of which `points` has all, by id.
    ///
    /// # Errors
    /// [`BatchError`] if the sample was not heard, or a point is missing.
    pub fn suggest(
        plan: &Plan,
        (lexicon, placing): (Lexicon, Placing),
        points: &BTreeMap<String, Vec<u8>>,
        count: Option<NonZeroUsize>,
    ) -> Result<Self, BatchError> {
        let missing = || BatchError::Apart("the sample is not complete".to_owned());
        let corpus = plan.heard.as_ref().ok_or_else(missing)?;
        let mut values = Vec::new();
        for known in &corpus.transcripts {
            let bytes = points.get(&known.id).ok_or_else(missing)?;
            let (fours, _) = bytes.as_chunks::<4>();
            values.extend(fours.iter().map(|four| f32::from_le_bytes(*four)));
        }
        let shape = (corpus.n_passages(), placing.n_dimensions());
        let points = Array2::from_shape_vec(shape, values).ok().ok_or_else(missing)?;

        let transcripts = 0..corpus.transcripts.len();
        let analyses: Result<Vec<_>, _> = transcripts.map(|t| corpus.words(t)).collect();
        let analyses = analyses.map_err(StudyError::from)?;
        let counts = count_terms(&analyses);
        let words = Words { analyses: &analyses, counts: &counts };
        let settings = &plan.setup.settings;
        let count = count.or(settings.themes.count);
        let params = ThemeParams { count, ..ThemeParams::default() };
        let passages = corpus.participant_passages();
        let groundwork = Groundwork::find(&points, &passages, words, &params, &|_, _| {});
        let groundwork = groundwork.map_err(StudyError::from)?;
        let suggestion = groundwork.suggest(&points, words, &Anchors::default());
        let undecided = Decided {
            anchors: Anchors::default(),
            themes: Vec::new(),
            last_number: 0,
            notes: Vec::new(),
        };
        let numbered = Numbered::new(
            (corpus, words),
            suggestion,
            passages,
            undecided,
            Vec::new(),
            Numbering::Afresh,
        )
        .map_err(StudyError::from)?;
        let joining = groundwork.joining(&points, words, &numbered.suggestion);
        let (codebook, standings) = (Codebook::default(), Standings::default());
        let talk = Talk { corpus, words, codebook: &codebook, standings: &standings };
        let mut listed =
            numbered.list(talk, &params, &serde_json::json!(settings)).map_err(StudyError::from)?;

        listed.answer.notes.extend(plan.note());
        let mut left_out = plan.left_out();
        let found = corpus.transcripts.iter().map(|known| Found {
            terms_key: known.terms_key.clone(),
            left_out: left_out.remove(&known.id).unwrap_or_default(),
            passages: BTreeMap::new(),
        });
        let ids = corpus.transcripts.iter().map(|known| known.id.clone());
        let mut found: BTreeMap<String, Found> = ids.zip(found).collect();
        for (passage, answer) in listed.numbered.passages.iter().zip(&listed.answer.passages) {
            let place = passage.row.place;
            let assigned = Assigned {
                place,
                lines: answer.lines,
                case: corpus.cases.cases[passage.row.case as usize].id.clone(),
                theme: answer.theme.map(narrow),
                weight: answer.weight,
                also: answer.also.map(narrow),
                evidence: answer.evidence.iter().copied().map(narrow).collect(),
                is_sampled: true,
            };
            if let Some(found) = found.get_mut(&answer.transcript) {
                found.passages.insert(place, assigned);
            }
        }
        let ids = listed.numbered.ids.iter().copied().map(narrow).collect();
        let answer = serde_json::to_string(&listed.answer).expect("answers have a plain form");
        Ok(Self { lexicon, placing, joining, ids, found, answer })
    }

    /// The themes as `leitmotif themes --format json` has them.
    pub fn answer(&self) -> &str {
        &self.answer
    }

    /// The number and the label of each theme.
    ///
    /// # Errors
    /// [`BatchError::Row`] if they cannot be read.
    pub(super) fn labels(&self) -> Result<Vec<(u32, String)>, BatchError> {
        /// Of an answer what is needed here.
        #[derive(Deserialize)]
        struct Listed {
            themes: Vec<Labelled>,
        }
        #[derive(Deserialize)]
        struct Labelled {
            id: u32,
            label: String,
        }
        let listed: Listed =
            serde_json::from_str(&self.answer).ok().ok_or(BatchError::Row { what: "models" })?;
        Ok(listed.themes.into_iter().map(|theme| (theme.id, theme.label)).collect())
    }

    /// The terms.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The themes of a transcript's participants' passages: what a
    /// [`FileRead`](super::FileRead) carries of its talk, and its [`Voices`]. Where themes
    /// were found in it, what was found; other passages join the theme they lie nearest to.
    ///
    /// # Errors
    /// [`BatchError::Row`] if it cannot be read.
    pub fn assign(
        &self,
        id: &str,
        talk: &[u8],
        voices: &[u8],
    ) -> Result<Vec<Assigned>, BatchError> {
        let (heard, found) = self.hear(id, talk, voices)?;
        let mut rows = Rows::default();
        rows.stack(self.lexicon.weighed(&heard));
        let points = rows.place(&self.placing);
        let mut assigned = Vec::new();
        for (place, passage, case) in heard.of_participants() {
            if let Some(known) = found.and_then(|found| found.passages.get(&place)) {
                assigned.push(Assigned { case: case.to_owned(), ..known.clone() });
                continue;
            }
            let row = heard.counts.counts.outer_view(place as usize);
            let words: BTreeMap<&str, u32> = row
                .iter()
                .flat_map(|row| row.iter())
                .map(|(column, &n)| (heard.counts.vocabulary[column].as_str(), n))
                .collect();
            let (joined, says) = self.joining.join(&points.row(place as usize), &words);
            let theme = joined.theme.map(|theme| self.ids[theme]);
            assigned.push(Assigned {
                place,
                lines: [passage.lines.first, passage.lines.last],
                case: case.to_owned(),
                theme,
                weight: joined.weight,
                also: None,
                evidence: theme.filter(|_| says).into_iter().collect(),
                is_sampled: false,
            });
        }
        Ok(assigned)
    }

    /// A transcript as steps see it, without what was found to recur in it, and what else was
    /// found of it.
    pub(super) fn hear(
        &self,
        id: &str,
        talk: &[u8],
        voices: &[u8],
    ) -> Result<(Heard, Option<&Found>), BatchError> {
        let voices: Voices = unpacked(voices, "voices")?;
        let found = self.found.get(id).filter(|found| found.terms_key == voices.terms_key);
        let left_out = found.map_or_else(LeftOut::default, |found| found.left_out.clone());
        Ok((Heard::with(talk, Voices { left_out, ..voices })?, found))
    }

    /// The model as it is kept.
    pub fn packed(&self) -> Vec<u8> {
        packed(self)
    }

    /// A model that was kept by this version ([`FORMAT`]).
    ///
    /// # Errors
    /// [`BatchError::Row`] if it was not.
    pub fn unpacked(bytes: &[u8]) -> Result<Self, BatchError> {
        unpacked(bytes, "models")
    }
}

fn narrow(id: usize) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}
