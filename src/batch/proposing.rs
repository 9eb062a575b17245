//! A researcher's codes, carried to a whole archive from the interviews that are coded.
//!
//! What is decided is read from a study on the driver ([`Teaching`]): its quotations and
//! rejections are the examples. Of all transcripts only sums are needed: in how many passages
//! words stand ([`count_all_words`]), and how scores spread ([`Spread`]). What is learnt and how
//! a passage is scored is [`crate::propose`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::counting::{Heard, PASSAGES, Said, Tally, WORDS};
use super::model::Model;
use super::plan::Plan;
use super::{BatchError, packed, unpacked};
use crate::base::Lines;
use crate::codebook::CodeId;
use crate::propose::Proposer;
use crate::propose::calibration::Curve;
use crate::propose::coded::is_in;
use crate::propose::learning::{Judgement, Lessons, Scale, likeness};
use crate::propose::listing::TakenLines;
use crate::propose::name::{Standard, WeighedQuery, score_words};
use crate::propose::ranking::percent_of;
use crate::propose::wording::{MIN_PASSAGES, Wording};
use crate::study::{Snapshot, StudyError};
use crate::terms::Analysis;

/// Counts all words of a transcript.
///
/// # Errors
/// [`BatchError::Row`] if it cannot be read.
pub fn count_all_words(
    tally: &mut Tally,
    model: &Model,
    (id, talk, voices): (&str, &[u8], &[u8]),
) -> Result<(), BatchError> {
    tally.add_words(&model.hear(id, talk, voices)?.0);
    Ok(())
}

/// In how many passages of the archive words stand.
#[derive(Serialize, Deserialize)]
struct Words {
    n_holding: BTreeMap<String, u64>,
    n_passages: usize,
}

impl Words {
    fn n_holding(&self, stem: &str) -> usize {
        self.n_holding.get(stem).map_or(0, |&n| usize::try_from(n).unwrap_or(usize::MAX))
    }

    fn wording(&self, heard: &Heard) -> Wording {
        let words = std::slice::from_ref(&heard.talk.words);
        Wording::within(words, &heard.talk(0), |stem| self.n_holding(stem), self.n_passages)
    }
}

/// What a code's words and examples ask of a passage.
#[derive(Serialize, Deserialize)]
struct Asked {
    query: WeighedQuery,
    /// Of each fit the weights of words, alone and with the talk around, and of all; none
    /// where nothing is told apart.
    fits: Vec<Option<Weights>>,
}

/// The weights of words that have any.
#[derive(Serialize, Deserialize)]
struct Weights {
    of_words: BTreeMap<String, [f64; 2]>,
    of_all: f64,
}

impl Weights {
    fn of(weights: &[f64], vocabulary: &[String]) -> Self {
        let n = vocabulary.len();
        let both = vocabulary.iter().zip(weights[..n].iter().zip(&weights[n..2 * n]));
        let of_words = both.filter(|(_, (own, around))| **own != 0.0 || **around != 0.0);
        let of_words = of_words.map(|(stem, (own, around))| (stem.clone(), [*own, *around]));
        Self { of_words: of_words.collect(), of_all: weights[2 * n] }
    }

    /// By passage of a transcript, how much it is like those that carry the code.
    fn likeness(&self, wording: &Wording) -> Vec<f64> {
        let stems = || wording.counts.vocabulary.iter();
        let of = |block: usize| {
            stems().map(move |stem| self.of_words.get(stem).map_or(0.0, |both| both[block]))
        };
        let weights: Vec<f64> = of(0).chain(of(1)).chain([self.of_all]).collect();
        likeness(wording, Some(&weights))
    }
}

impl Asked {
    fn likeness(&self, fit: usize, wording: &Wording) -> Vec<f64> {
        match &self.fits[fit] {
            Some(weights) => weights.likeness(wording),
            None => likeness(wording, None),
        }
    }
}

/// What is asked of all transcripts before proposals can be made.
#[derive(Serialize, Deserialize)]
pub struct Questions {
    words: Words,
    codes: Vec<Asked>,
}

/// Codes as far as the coded interviews teach them, on the driver.
pub struct Teaching {
    questions: Questions,
    codes: Vec<Taught>,
    /// The words of the coded study.
    wording: Wording,
}

struct Taught {
    lessons: Lessons,
    known: Known,
}

/// What proposals of a code must know of what was decided.
#[derive(Serialize, Deserialize)]
struct Known {
    /// The path of the code.
    path: String,
    /// Whether there is a passage to learn from.
    is_taught: bool,
    /// Lines that are quoted with it or rejected for it, by transcript.
    decided: BTreeMap<String, Vec<Lines>>,
    /// How many quotations each case has.
    n_quoted: BTreeMap<String, usize>,
}

impl Teaching {
    /// Learns a code of a study, or every one with enough quotations. `said` is all that was
    /// counted ([`count_all_words`]) in the archive.
    ///
    /// # Errors
    /// [`BatchError::Study`] if there is no such code, or decisions cannot be read;
    /// [`BatchError::Apart`] if an interview was read otherwise here and there.
    pub fn new(
        study: &Snapshot,
        code: Option<&str>,
        said: Vec<Said>,
        archive: &Plan,
    ) -> Result<Self, BatchError> {
        let corpus = &*study.corpus;
        archive.reads_like(corpus.transcripts.iter())?;
        let (mut n_holding, mut lengths) = (BTreeMap::new(), BTreeMap::new());
        for (stem, what, n) in said {
            match what {
                None => n_holding.insert(stem, n),
                Some(what) => lengths.insert(what, n),
            };
        }
        let length = |what: &str| lengths.get(what).copied().unwrap_or(0) as f64;
        let mean = length(WORDS) / length(PASSAGES).max(1.0);
        let n_passages = archive.n_passages();
        let mut words = Words { n_holding, n_passages };

        let analyses: Result<Vec<Arc<Analysis>>, _> =
            (0..corpus.transcripts.len()).map(|t| corpus.words(t)).collect();
        let analyses = analyses.map_err(StudyError::from)?;
        let n_holding = |stem: &str| words.n_holding(stem);
        let wording = Wording::within(&analyses, &corpus.talk(), n_holding, n_passages);
        let (codebook, standings) = (study.codebook()?, study.standings()?);
        let rules = BTreeMap::new();
        let proposer = Proposer::new(corpus, codebook, &standings, &wording, &rules);
        let ids: Vec<CodeId> = match code {
            Some(name) => vec![codebook.code_named(name).map_err(StudyError::from)?.id],
            None => proposer.codes_with_enough(),
        };
        let (mut asked, mut codes) = (Vec::new(), Vec::new());
        for id in ids {
            let (lessons, coded, query) = proposer.lessons(id).map_err(StudyError::from)?;
            let vocabulary = &wording.counts.vocabulary;
            let fits = lessons.weights.iter();
            asked.push(Asked {
                query: WeighedQuery::new(&query, n_holding, (n_passages, mean)),
                fits: fits
                    .map(|weights| weights.as_ref().map(|all| Weights::of(all, vocabulary)))
                    .collect(),
            });
            let id_of = |t: usize| corpus.transcripts[t].id.clone();
            let case = |case: u32| corpus.cases.cases[case as usize].id.clone();
            let known = Known {
                path: codebook.path(id),
                is_taught: !coded.with.is_empty(),
                decided: coded.decided_lines.into_iter().map(|(t, of)| (id_of(t), of)).collect(),
                n_quoted: coded.by_case.into_iter().map(|(of, n)| (case(of), n)).collect(),
            };
            codes.push(Taught { lessons, known });
        }
        // What stands in fewer passages does not count, and need not be sent.
        words.n_holding.retain(|_, n| *n >= MIN_PASSAGES as u64);
        Ok(Self { questions: Questions { words, codes: asked }, codes, wording })
    }

    /// What is asked of all transcripts ([`Spread`]), as an engine carries it.
    pub fn questions(&self) -> Vec<u8> {
        packed(&self.questions)
    }

    /// Ends with the sum of all [`Spread`]s: what proposes passages, as an engine carries it.
    ///
    /// # Errors
    /// [`BatchError::Row`] if the sum is not one.
    pub fn end(self, sums: &[u8]) -> Result<Vec<u8>, BatchError> {
        let (eights, rest) = sums.as_chunks::<8>();
        let mut sums = eights.iter().map(|eight| f64::from_le_bytes(*eight));
        let mut next = || sums.next().ok_or(BatchError::Row { what: "sums" });
        let n = next()?;
        let mut codes = Vec::with_capacity(self.codes.len());
        for (Asked { query, fits }, Taught { lessons, known }) in
            self.questions.codes.into_iter().zip(self.codes)
        {
            let mut spread = || Ok::<_, BatchError>(Standard::of_sums(n, next()?, next()?));
            let name = spread()?;
            let likes = fits.iter().map(|_| spread()).collect::<Result<Vec<_>, _>>()?;
            let scales: Vec<Scale> = likes.iter().map(|&like| lessons.scale(like, name)).collect();
            let by_name = score_words(&query, &self.wording);
            let likes: Vec<Vec<f64>> = lessons
                .weights
                .iter()
                .map(|weights| likeness(&self.wording, weights.as_deref()))
                .collect();
            let Judgement { curve, is_rough, .. } = lessons.judge(|fit, row| {
                scales[fit].score(likes[fit][row], by_name[row], self.wording.n_words[row])
            });
            let asked = Asked { query, fits: fits.into_iter().take(1).collect() };
            codes.push(Proposing { asked, scale: scales[0], curve, is_rough, known });
        }
        if sums.next().is_some() || !rest.is_empty() {
            return Err(BatchError::Row { what: "sums" });
        }
        Ok(packed(&Proposals { words: self.questions.words, codes }))
    }
}

/// How scores spread over the participants' passages of some transcripts: their number, then of
/// each code the sum and the sum of squares for its words, and for each fit.
#[derive(Debug, Default)]
pub struct Spread(Vec<f64>);

impl Spread {
    /// Adds a transcript.
    ///
    /// # Errors
    /// [`BatchError::Row`] if it cannot be read.
    pub fn add(
        &mut self,
        questions: &Questions,
        model: &Model,
        (id, talk, voices): (&str, &[u8], &[u8]),
    ) -> Result<(), BatchError> {
        let (heard, _) = model.hear(id, talk, voices)?;
        let wording = questions.words.wording(&heard);
        let rows: Vec<usize> = heard.of_participants().map(|(at, ..)| at as usize).collect();
        let mut sums = vec![rows.len() as f64];
        let mut sum = |scores: &[f64]| {
            let of = rows.iter().map(|&row| scores[row]);
            let both = of.fold([0.0, 0.0], |[sum, squares], x| [sum + x, squares + x * x]);
            sums.extend(both);
        };
        for asked in &questions.codes {
            sum(&score_words(&asked.query, &wording));
            (0..asked.fits.len()).for_each(|fit| sum(&asked.likeness(fit, &wording)));
        }
        self.0.resize(sums.len(), 0.0);
        self.0.iter_mut().zip(sums).for_each(|(sum, x)| *sum += x);
        Ok(())
    }

    /// The sums, as an engine adds them up ([`add_up`](super::add_up)).
    pub fn sums(&self) -> Vec<u8> {
        self.0.iter().flat_map(|x| x.to_le_bytes()).collect()
    }
}

impl Questions {
    /// From what an engine carries.
    ///
    /// # Errors
    /// [`BatchError::Row`] if it cannot be read.
    pub fn unpacked(bytes: &[u8]) -> Result<Self, BatchError> {
        unpacked(bytes, "questions")
    }
}

/// What proposes passages for codes.
#[derive(Serialize, Deserialize)]
pub struct Proposals {
    words: Words,
    codes: Vec<Proposing>,
}

#[derive(Serialize, Deserialize)]
struct Proposing {
    asked: Asked,
    scale: Scale,
    curve: Curve,
    is_rough: bool,
    known: Known,
}

/// A passage that is proposed for a code.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposedRow {
    /// The path of the code.
    pub code: String,
    /// Its place in the transcript.
    pub place: u32,
    /// Its first and last line.
    pub lines: [u32; 2],
    /// Who says it.
    pub case: String,
    /// How probable the code is, in whole percent.
    pub percent: u8,
    /// How much it is like passages that carry the code.
    pub score: f64,
    /// Whether the probability is a rough guess.
    pub is_rough: bool,
    /// How many quotations of the code the case has.
    pub n_quoted: usize,
    /// Whether no more probable one is proposed for its lines.
    pub is_free: bool,
}

impl Proposals {
    /// From what an engine carries.
    ///
    /// # Errors
    /// [`BatchError::Row`] if it cannot be read.
    pub fn unpacked(bytes: &[u8]) -> Result<Self, BatchError> {
        unpacked(bytes, "proposals")
    }

    /// The passages of a transcript that may be proposed, code by code, most probable first.
    ///
    /// # Errors
    /// [`BatchError::Row`] if it cannot be read.
    pub fn of(
        &self,
        model: &Model,
        (id, talk, voices): (&str, &[u8], &[u8]),
    ) -> Result<Vec<ProposedRow>, BatchError> {
        let (heard, _) = model.hear(id, talk, voices)?;
        let wording = self.words.wording(&heard);
        let mut rows = Vec::new();
        for Proposing { asked, scale, curve, is_rough, known } in &self.codes {
            let by_name = score_words(&asked.query, &wording);
            let like = asked.likeness(0, &wording);
            let mut of_code: Vec<ProposedRow> = heard
                .of_participants()
                .filter(|(place, passage, _)| {
                    // Without a passage to learn from, only what says its words is like it.
                    (known.is_taught || by_name[*place as usize] > 0.0)
                        && !is_in(known.decided.get(id), passage.lines)
                })
                .map(|(place, passage, case)| {
                    let row = place as usize;
                    let score = scale.score(like[row], by_name[row], passage.n_words);
                    ProposedRow {
                        code: known.path.clone(),
                        place,
                        lines: [passage.lines.first, passage.lines.last],
                        case: case.to_owned(),
                        percent: percent_of(curve.at(score)),
                        score,
                        is_rough: *is_rough,
                        n_quoted: known.n_quoted.get(case).copied().unwrap_or(0),
                        is_free: true,
                    }
                })
                .collect();
            of_code.sort_by(|a, b| b.percent.cmp(&a.percent).then(b.score.total_cmp(&a.score)));
            let mut taken = TakenLines::default();
            for one in &mut of_code {
                let [first, last] = one.lines;
                one.is_free = taken.take(0, Lines { first, last });
            }
            rows.extend(of_code);
        }
        Ok(rows)
    }
}

impl Plan {
    /// Whether transcripts of another study that this one has too were read alike, and have
    /// the same ids: what is quoted in one would else be proposed again.
    fn reads_like<'a>(
        &self,
        others: impl Iterator<Item = &'a crate::ingest::Known>,
    ) -> Result<(), BatchError> {
        let here: BTreeSet<(&str, &str)> =
            self.transcripts.iter().map(|one| (&*one.id, &*one.terms_key)).collect();
        let ids: BTreeSet<&str> = here.iter().map(|(id, _)| *id).collect();
        let by_text: BTreeMap<&str, &str> =
            self.transcripts.iter().map(|one| (&*one.text_key, &*one.id)).collect();
        for other in others {
            if let Some(id) = by_text.get(&*other.text_key).filter(|_| !ids.contains(&*other.id)) {
                return Err(BatchError::Apart(format!(
                    "`{}` of the coded study is `{id}` here; give its files the same folders",
                    other.id
                )));
            }
            if ids.contains(&*other.id) && !here.contains(&(&*other.id, &*other.terms_key)) {
                return Err(BatchError::Apart(format!(
                    "`{}` is another text in the coded study, or its settings of words differ",
                    other.id
                )));
            }
        }
        Ok(())
    }
}
