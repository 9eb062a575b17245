//! Who says what of the themes that are listed, and which candidate a person means.

use ndarray::{Array1, Array2};

use crate::answers::{
    ComparisonAnswer, DispersionAnswer, EvidenceAnswer, Hit, InterviewPlaces, MapAnswer, MapTheme,
    PlaceAnswer, ThemeVoices, ThemesAnswer, Unshown, VoiceAnswer, VoicesAnswer,
};
use crate::listing::{Listed, Numbering};
use crate::study::{Snapshot, StudyError};
use crate::themes::ThemeParams;
use crate::themes::nearness::nearness;

/// Hexadecimal digits that stand for a candidate as it is listed.
const KEY_DIGITS: usize = 12;

impl Snapshot {
    /// Who says how much of each theme that is listed.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn voices(&self, params: &ThemeParams) -> Result<Unshown<VoicesAnswer>, StudyError> {
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let cases = &self.corpus.cases.cases;
        let mut speaking: Vec<usize> = self.corpus.speaking().into_iter().collect();
        speaking.sort_by_key(|&case| (cases[case].group(), case));
        let person = |&case: &usize| VoiceAnswer {
            case: cases[case].id.clone(),
            group: cases[case].group().map(str::to_owned),
        };
        let theme = |id: usize| {
            let mut n_passages = vec![0; speaking.len()];
            for (passage, answer) in listed.numbered.passages.iter().zip(&listed.answer.passages) {
                if answer.evidence.contains(&id) {
                    let case = passage.row.case as usize;
                    if let Some(at) = speaking.iter().position(|&known| known == case) {
                        n_passages[at] += 1;
                    }
                }
            }
            ThemeVoices { id, key: key_of(&listed.answer, id), n_passages }
        };
        let passages = &listed.answer.passages;
        Ok(Unshown::new(VoicesAnswer {
            people: speaking.iter().map(person).collect(),
            themes: listed.answer.themes.iter().map(|it| theme(it.id)).collect(),
            n_uncovered: passages.iter().filter(|passage| passage.theme.is_none()).count(),
        }))
    }

    /// All passages of a theme that is listed.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn evidence(
        &self,
        params: &ThemeParams,
        id: usize,
    ) -> Result<Unshown<EvidenceAnswer>, StudyError> {
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let Listed { numbered, answer, .. } = &*listed;
        let (mut evidence, mut in_context) = (Vec::new(), Vec::new());
        for (passage, place) in numbered.passages.iter().zip(&answer.passages) {
            if place.evidence.contains(&id) {
                evidence.push(self.corpus.passage_hit(passage.passage, evidence.len() + 1)?);
            } else if place.theme == Some(id) || place.also == Some(id) {
                in_context.push(self.corpus.passage_hit(passage.passage, in_context.len() + 1)?);
            }
        }
        Ok(Unshown::new(EvidenceAnswer { id, evidence, in_context }))
    }

    /// All passages of a candidate code under a theme that is listed, by its number there.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn evidence_of_code(
        &self,
        params: &ThemeParams,
        (theme, code): (usize, usize),
    ) -> Result<Unshown<Vec<Hit>>, StudyError> {
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let numbered = &listed.numbered;
        let at = numbered.ids.iter().position(|&id| id == theme);
        let place = |at: usize| numbered.code_ids[at].iter().position(|&id| id == code);
        let found = at.and_then(|at| Some(&numbered.suggestion.themes[at].codes[place(at)?]));
        let passages = found.iter().flat_map(|code| &code.evidence);
        let hit = |(at, &place): (usize, &usize)| {
            self.corpus.passage_hit(numbered.passages[place].passage, at + 1)
        };
        Ok(Unshown::new(passages.enumerate().map(hit).collect::<Result<_, _>>()?))
    }

    /// Where in each interview a theme that is listed is said; `None` if it is not listed.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn dispersion(
        &self,
        params: &ThemeParams,
        id: usize,
    ) -> Result<Option<Unshown<DispersionAnswer>>, StudyError> {
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let Listed { numbered, answer, .. } = &*listed;
        let Some(theme) = answer.themes.iter().find(|theme| theme.id == id) else {
            return Ok(None);
        };
        let mut interviews: Vec<(u32, InterviewPlaces)> = Vec::new();
        for (passage, place) in numbered.passages.iter().zip(&answer.passages) {
            let t = passage.row.transcript;
            if interviews.last().is_none_or(|(known, _)| *known != t) {
                let transcript = place.transcript.clone();
                interviews.push((t, InterviewPlaces { transcript, places: Vec::new() }));
            }
            if let (true, Some((_, of))) = (place.evidence.contains(&id), interviews.last_mut()) {
                let n = self.corpus.transcripts[t as usize].passages.len();
                let last = n.saturating_sub(1).max(1);
                let position = f64::from(passage.row.place) / last as f64;
                of.places.push(PlaceAnswer { lines: place.lines, position });
            }
        }
        Ok(Some(Unshown::new(DispersionAnswer {
            id,
            label: theme.label.clone(),
            is_accepted: theme.accepted.is_some(),
            interviews: interviews.into_iter().map(|(_, places)| places).collect(),
        })))
    }

    /// What would join a theme that is listed next, and what of it is nearest to that and
    /// farthest from the rest; `None` if it is not listed.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn comparison(
        &self,
        params: &ThemeParams,
        id: usize,
    ) -> Result<Option<Unshown<ComparisonAnswer>>, StudyError> {
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let Listed { numbered, answer, .. } = &*listed;
        if !answer.themes.iter().any(|theme| theme.id == id) {
            return Ok(None);
        }
        let space = self.space(&|_, _| {})?;
        let (mut evidence, mut outside) = (Vec::new(), Vec::new());
        for (passage, place) in numbered.passages.iter().zip(&answer.passages) {
            if place.evidence.contains(&id) {
                evidence.push(passage.passage);
            } else if place.evidence.is_empty() {
                outside.push(passage.passage);
            }
        }
        let whole = likeness_to(&space.points, &evidence);
        let join = best(&outside, &whole);
        let nearest = join.and_then(|join| best(&evidence, &likeness_to(&space.points, &[join])));
        let farthest = best(&evidence, &|row| -whole(row));
        let hit = |row: Option<usize>| row.map(|row| self.corpus.passage_hit(row, 1)).transpose();
        let [would_join, nearest, farthest] = [hit(join)?, hit(nearest)?, hit(farthest)?];
        Ok(Some(Unshown::new(ComparisonAnswer { would_join, nearest, farthest })))
    }

    /// How alike the themes are that are listed.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn theme_map(&self, params: &ThemeParams) -> Result<Unshown<MapAnswer>, StudyError> {
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let Listed { numbered, answer, .. } = &*listed;
        let rows_of = |id: usize| -> Vec<usize> {
            let places = numbered.passages.iter().zip(&answer.passages);
            let said = places.filter(|(_, place)| place.evidence.contains(&id));
            said.map(|(passage, _)| passage.passage).collect()
        };
        let evidence: Vec<Vec<usize>> = answer.themes.iter().map(|it| rows_of(it.id)).collect();
        let themes = answer.themes.iter().map(|theme| MapTheme {
            id: theme.id,
            label: theme.label.clone(),
            is_accepted: theme.accepted.is_some(),
            n_passages: theme.n_passages,
            n_cases: theme.n_cases,
            of_cases: theme.of_cases,
            band: theme.band,
        });
        Ok(Unshown::new(MapAnswer {
            themes: themes.collect(),
            similarities: nearness(&self.space(&|_, _| {})?.points, &evidence),
        }))
    }
}

/// How like a passage is to the mean of others: the cosine of their points.
fn likeness_to(points: &Array2<f32>, rows: &[usize]) -> impl Fn(usize) -> f64 {
    let unit = |row: usize| {
        let point = points.row(row).mapv(f64::from);
        let length = point.dot(&point).sqrt();
        if length > 0.0 { point / length } else { point }
    };
    let mut mean = Array1::<f64>::zeros(points.ncols());
    for &row in rows {
        mean += &unit(row);
    }
    move |row| mean.dot(&unit(row))
}

/// The passage for which this is most; of equals the first.
fn best(rows: &[usize], value: &impl Fn(usize) -> f64) -> Option<usize> {
    let worth = rows.iter().map(|&row| (row, value(row)));
    worth.min_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b))).map(|(row, _)| row)
}

/// What stands for a theme as it is listed: its label and its evidence.
pub(crate) fn key_of(answer: &ThemesAnswer, id: usize) -> String {
    let mut hasher = blake3::Hasher::new();
    for theme in answer.themes.iter().filter(|theme| theme.id == id) {
        hasher.update(theme.label.as_bytes());
    }
    for passage in answer.passages.iter().filter(|passage| passage.evidence.contains(&id)) {
        hasher.update(passage.transcript.as_bytes());
        for line in passage.lines {
            hasher.update(&line.to_le_bytes());
        }
    }
    hasher.finalize().to_hex()[..KEY_DIGITS].to_owned()
}
