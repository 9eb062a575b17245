//! Candidate themes of a study: suggested, listed, and kept as versions.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, PoisonError};

use crate::answers::GivenName;
use crate::answers::ThemeAnswer;
use crate::answers::{
    GrowthAnswer, Hit, ThemeOfVersion, ThemeSize, ThemesAnswer, Unshown, VersionAnswer,
};
use crate::base::Progress;
use crate::listing::growth::growth;
use crate::listing::numbering::{Version, VersionTheme};
use crate::listing::{Listed, Numbered, Numbering, Talk};
use crate::search::finder::{KnownPart, KnownThemes};
use crate::store::cache::{load, save};
use crate::store::versions::Versions;
use crate::study::remembered::{LastThemes, ListKey, who_is_who};
use crate::study::{Snapshot, StudyError};
use crate::themes::ThemeParams;
use crate::themes::decided::Decided;

/// Versions of a series that are looked through for a theme's number.
const MAX_SERIES: usize = 20;

/// Under which names stand beside a version.
pub(crate) const BESIDE: &str = "names";

impl Snapshot {
    /// The names that were given to the candidates of a version and are about what is
    /// listed: codes are found anew, and may be others under the same numbers.
    pub(crate) fn names_of(&self, version: u32, themes: &[ThemeAnswer]) -> Vec<GivenName> {
        let names: Option<Vec<GivenName>> = self.versions().read_beside(version, BESIDE);
        let mut names = names.unwrap_or_default();
        names.retain(|given| {
            let theme = themes.iter().find(|theme| theme.id == given.theme);
            let theme = theme.filter(|theme| theme.accepted.is_none());
            let of_code = |code: usize| theme?.codes.iter().find(|known| known.id == code);
            let named = given.code.map_or(theme, of_code);
            named.is_some_and(|named| named.label == given.label)
        });
        names
    }

    /// Whether the program of today named a version once.
    pub(crate) fn has_names(&self, version: u32) -> bool {
        let names: Option<Vec<GivenName>> = self.versions().read_beside(version, BESIDE);
        let program = self.settings.naming.command.join(" ");
        names.is_some_and(|names| names.iter().all(|given| given.program == program))
    }

    /// Suggests candidate themes with their evidence. Nothing is kept: the answer has
    /// a version if what it says was listed before.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn suggest_themes(
        &self,
        params: &ThemeParams,
        numbering: Numbering,
    ) -> Result<Unshown<ThemesAnswer>, StudyError> {
        let listed = self.listed(params, numbering)?;
        Ok(Unshown::new(self.listed_as(listed.kept_number(), &listed)))
    }

    /// A list under its number, with the names that were given to it.
    pub(crate) fn listed_as(&self, version: Option<u32>, listed: &Listed) -> ThemesAnswer {
        let names =
            version.map_or_else(Vec::new, |version| self.names_of(version, &listed.answer.themes));
        ThemesAnswer { version, names, ..listed.answer.clone() }
    }

    /// A suggestion as it is listed.
    pub(crate) fn listed(
        &self,
        params: &ThemeParams,
        numbering: Numbering,
    ) -> Result<Arc<Listed>, StudyError> {
        let key = self.list_key(params, numbering)?;
        {
            let last = self.derived.last_listed.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, listed)) = last.as_ref().filter(|(known, _)| *known == key) {
                return Ok(Arc::clone(listed));
            }
        }
        let terms = self.terms()?;
        let numbered = self.numbered(params, numbering)?;
        let (codebook, standings) = (self.codebook()?, self.standings()?);
        let talk =
            Talk { corpus: &self.corpus, words: terms.words(), codebook, standings: &standings };
        let settings = serde_json::json!(*self.settings);
        let listed =
            self.derived.times.run("evidence", || numbered.list(talk, params, &settings))?;
        let listed = Arc::new(listed);
        self.remember_listed(key, Arc::clone(&listed));
        Ok(listed)
    }

    pub(crate) fn list_key(
        &self,
        params: &ThemeParams,
        numbering: Numbering,
    ) -> Result<ListKey, StudyError> {
        Ok(ListKey {
            params: params.clone(),
            numbering,
            decided: self.history()?.last_hash().to_owned(),
            versions: self.version_numbers(),
        })
    }

    fn remember_listed(&self, key: ListKey, listed: Arc<Listed>) {
        let mut last = self.derived.last_listed.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((key, listed));
    }

    /// Suggests candidate themes and numbers them.
    pub(crate) fn numbered(
        &self,
        params: &ThemeParams,
        numbering: Numbering,
    ) -> Result<Numbered, StudyError> {
        let (terms, space) = (self.terms()?, self.space(&|_, _| {})?);
        let passages = self.corpus.participant_passages();
        let decided = Decided::of(&self.corpus, self.codebook()?, &self.standings()?, &passages);
        let suggestion = self.derived.times.run("themes", || {
            let groundwork =
                self.groundwork(&space, &passages, terms.words(), params, &|_, _| {})?;
            Ok::<_, StudyError>(groundwork.suggest(&space.points, terms.words(), &decided.anchors))
        })?;
        let series = self.series(params);
        let talk = (&*self.corpus, terms.words());
        Ok(Numbered::new(talk, suggestion, passages, decided, series, numbering)?)
    }

    /// Works out what a list of candidates rests on, unless it is remembered. `progress` is
    /// told the steps done and the steps to do, and may stop it, in the midst of a step too.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone; [`StudyError::Stopped`].
    pub fn prepare_themes(
        &self,
        params: &ThemeParams,
        progress: &dyn Progress,
    ) -> Result<(), StudyError> {
        let steps: [&dyn Fn() -> Result<(), StudyError>; 3] =
            [&|| self.terms().map(drop), &|| self.space(progress).map(drop), &|| {
                let (terms, space) = (self.terms()?, self.space(progress)?);
                let passages = self.corpus.participant_passages();
                self.groundwork(&space, &passages, terms.words(), params, progress).map(drop)
            }];
        for (n_done, step) in steps.iter().enumerate() {
            progress.go_on()?;
            progress.tell(n_done, steps.len());
            step()?;
        }
        Ok(())
    }

    /// Explains what has changed since version `since`.
    ///
    /// # Errors
    /// [`StudyError::UnknownVersion`] if it is not kept.
    pub fn growth(
        &self,
        since: u32,
        params: &ThemeParams,
    ) -> Result<Unshown<GrowthAnswer>, StudyError> {
        let before = self.known_version(since)?;
        let terms = self.terms()?;
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let answer = growth(&self.corpus, terms.words(), &before, &listed)?;
        let codes = self.codes_in(&answer.added)?;
        Ok(Unshown::new(GrowthAnswer { codes, ..answer }))
    }

    /// Explains what has changed since the version before this list, if interviews came or
    /// went since; what only people decided is none of it.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn growth_since_last(
        &self,
        params: &ThemeParams,
    ) -> Result<Option<Unshown<GrowthAnswer>>, StudyError> {
        let now = self.listed(params, Numbering::CarriedOn)?;
        let transcripts = |version: &Version| -> BTreeMap<String, String> {
            let all = version.transcripts.iter();
            all.map(|it| (it.id.clone(), it.content.clone())).collect()
        };
        let here = transcripts(&now.version);
        let before = self.series(params).into_iter().find(|it| transcripts(it) != here);
        before.map(|before| self.growth(before.number, params)).transpose()
    }

    /// The participants' passages that fit no candidate theme, in the order of
    /// the study.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn unassigned(&self, params: &ThemeParams) -> Result<Unshown<Vec<Hit>>, StudyError> {
        let numbered = self.numbered(params, Numbering::CarriedOn)?;
        let mut hits = Vec::new();
        let places = numbered.passages.iter().zip(&numbered.suggestion.places);
        for (passage, _) in places.filter(|(_, place)| place.theme.is_none()) {
            hits.push(self.corpus.passage_hit(passage.passage, hits.len() + 1)?);
        }
        Ok(Unshown::new(hits))
    }

    pub(crate) fn versions(&self) -> Versions {
        Versions::new(&self.folder.store)
    }

    /// The numbers of the versions that are kept, rising.
    pub fn version_numbers(&self) -> Vec<u32> {
        self.versions().numbers()
    }

    /// A version by its number; `None` if it is not kept or damaged.
    pub fn version(&self, number: u32) -> Option<Version> {
        self.versions().read(number)
    }

    /// A version that must be kept.
    ///
    /// # Errors
    /// [`StudyError::UnknownVersion`] if it is not.
    pub fn known_version(&self, number: u32) -> Result<Version, StudyError> {
        self.version(number).ok_or_else(|| {
            let known = self.version_numbers();
            let known = known.first().copied().zip(known.last().copied());
            StudyError::UnknownVersion { number, known }
        })
    }

    /// A list of themes as it was kept.
    ///
    /// # Errors
    /// [`StudyError::UnknownVersion`] if it is not.
    pub fn version_answer(&self, number: u32) -> Result<Unshown<VersionAnswer>, StudyError> {
        let version = self.known_version(number)?;
        let theme = |theme: VersionTheme| ThemeOfVersion {
            id: theme.id,
            label: theme.label,
            is_accepted: theme.is_accepted,
            size: ThemeSize {
                n_cases: theme.n_cases,
                of_cases: theme.of_cases,
                n_passages: theme.n_passages,
            },
        };
        Ok(Unshown::new(VersionAnswer {
            number,
            themes: version.themes.into_iter().map(theme).collect(),
            transcripts: version.transcripts.into_iter().map(|it| it.id).collect(),
        }))
    }

    /// The last versions that were asked for in this way, the newest first.
    fn series(&self, params: &ThemeParams) -> Vec<Version> {
        let numbers = self.version_numbers();
        let versions = numbers.iter().rev().filter_map(|&number| self.version(number));
        versions.filter(|version| version.params == *params).take(MAX_SERIES).collect()
    }

    /// Keeps a suggestion under the next number, unless it says what the last one
    /// of its series says; returns its number.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub(crate) fn keep_version(&self, listed: &Listed, numbering: Numbering) -> io::Result<u32> {
        self.remember(listed);
        if let Some(number) = listed.kept_number() {
            return Ok(number);
        }
        let number = self.versions().keep(|number| Version { number, ..listed.version.clone() })?;
        // What is decided on next is this list: listing it again would say the same.
        if let Ok(key) = self.list_key(&listed.version.params, numbering) {
            self.remember_listed(key, Arc::new(listed.clone().kept_as(number)));
        }
        Ok(number)
    }

    /// Keeps which themes every passage is in, for the hits of searches.
    fn remember(&self, Listed { numbered, answer, .. }: &Listed) {
        let narrow = |id: usize| u32::try_from(id).unwrap_or(u32::MAX);
        let mut themes_of = vec![Vec::new(); self.corpus.n_passages()];
        for (passage, answer) in numbered.passages.iter().zip(&answer.passages) {
            themes_of[passage.passage] = answer.evidence.iter().copied().map(narrow).collect();
        }
        let labels =
            answer.themes.iter().map(|theme| (narrow(theme.id), theme.label.clone())).collect();
        let listed = numbered.suggestion.themes.iter().zip(&answer.themes);
        let codes = listed.flat_map(|(theme, told)| {
            let codes = theme.codes.iter().zip(&told.codes);
            codes.map(|(code, part)| KnownPart {
                number: format!("{}.{}", told.id, part.id),
                label: part.label.clone(),
                passages: code.evidence.iter().map(|&at| numbered.passages[at].passage).collect(),
            })
        });
        let themes = KnownThemes { themes_of, labels, codes: codes.collect() };
        let who = who_is_who(&self.corpus.roles, &self.corpus.cases);
        let last = LastThemes { revision: self.revision.to_string(), who, themes };
        // A study that cannot be written to shows no themes beside its hits.
        save(&self.folder.store.join("cache").join("themes"), &last).ok();
    }

    /// The themes as they were last suggested; `None` if the transcripts, or who is who in
    /// them, have changed since.
    pub fn last_themes(&self) -> Option<KnownThemes> {
        let last: LastThemes = load(&self.folder.store.join("cache").join("themes"))?;
        let is_current = *last.revision == *self.revision
            && last.who == who_is_who(&self.corpus.roles, &self.corpus.cases)
            && last.themes.themes_of.len() == self.corpus.n_passages();
        is_current.then_some(last.themes)
    }
}
