//! What a suggestion rests on, whatever people decided, and the suggestion itself.
//!
//! Points of passages come in. [`Groundwork`] goes out: all that takes long and that no
//! decision changes, in a form worth keeping. From it and from what people decided a
//! [`Suggestion`] is made in little time.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::anchors::Anchors;
use super::codes::{CandidateCode, Ground, by_passage, candidate_codes};
use super::communities::{CommunitySearch, Membership, PassageGraph};
use super::describe::{TermUses, ThemeTerm, only_of};
use super::evidence::OwnWords;
use super::grain::steadiest;
use super::joining::{Joining, nearest};
use super::links::{LinkParams, Neighbours};
use super::naming::{Standing, names};
use super::phrases::{SaidOf, add_phrase, phrase_with};
use super::small_talk::small_talk;
use super::stability::{Again, Stability, Trials};
use super::steering::Steering;
use super::{CandidateTheme, Place, Suggestion, ThemeParams, Words};
use crate::base::{Progress, Stopped};
use crate::corpus::ParticipantPassage;
use crate::corpus::Row;

/// Passages that are linked with each other; of a larger study the longest,
/// and the others join the theme they lie nearest to.
const MAX_LINKED: usize = 12_000;
/// Passages away at which two of one interview may be linked, where there is
/// no other interview: nearer ones share their context.
const APART: u32 = 8;
/// The fewest passages that a theme is sought in.
const MIN_PASSAGES_A_THEME: usize = 4;
/// The most themes that are chosen from the data: more would not be read.
const MAX_CHOSEN: usize = 20;
/// Themes that are suggested where none holds without one person or another.
const FEW: usize = 4;
/// The fewest words of a passage that can found a theme.
const MIN_WORDS: u32 = 5;

/// All of a suggestion that does not depend on what people decided.
#[derive(Debug, Serialize, Deserialize)]
pub struct Groundwork {
    params: ThemeParams,
    /// What it is about.
    passages: Vec<ParticipantPassage>,
    /// The places of the passages that are linked.
    linked: Vec<usize>,
    graph: PassageGraph,
    trials: Trials,
    /// The communities as if nothing were decided.
    found: Membership,
    /// What was found again in the trials.
    again: Again,
    terms: TermUses,
    codes: Vec<CandidateCode>,
    /// The places of passages that only greet, thank or take leave: they belong nowhere.
    small_talk: BTreeSet<usize>,
}

impl Groundwork {
    /// Links passages and finds their communities.
    ///
    /// `points` has a row for every passage of the study, in its order; `passages` are those
    /// of participants. What is found depends neither on the number of threads nor on the order
    /// in which files lie on the disk.
    ///
    /// # Errors
    /// [`Stopped`] if `progress` says so.
    pub fn find(
        points: &Array2<f32>,
        passages: &[ParticipantPassage],
        words: Words,
        params: &ThemeParams,
        progress: &dyn Progress,
    ) -> Result<Self, Stopped> {
        let small_talk = small_talk(passages, words);
        let linked = linked_passages(passages, points);
        let rows: Vec<usize> = linked.iter().map(|&at| passages[at].passage).collect();
        let own_points = points.select(Axis(0), &rows);
        let row = |at: usize| passages[linked[at]].row;
        let n_transcripts =
            passages.iter().map(|p| p.row.transcript).collect::<BTreeSet<_>>().len();
        let n_cases = passages.iter().map(|p| p.row.case).collect::<BTreeSet<_>>().len();
        let may_link = |a: Row, b: Row| {
            if n_transcripts > 1 {
                a.transcript != b.transcript && a.case != b.case
            } else if n_cases > 1 {
                a.case != b.case
            } else {
                a.place.abs_diff(b.place) >= APART
            }
        };
        let link_params = LinkParams { n_links: params.links, drawn: params.drawn };
        let may_link_at = |a: usize, b: usize| may_link(row(a), row(b));
        let neighbours = Neighbours::new(own_points, link_params, &may_link_at, progress)?;
        let graph = PassageGraph::new(linked.len(), &neighbours.links(params.links, &|_| true));
        let case_of: Vec<u32> = (0..linked.len()).map(|at| row(at).case).collect();
        let trials = Trials::new(&neighbours, params.links, &case_of, progress)?;
        let search = CommunitySearch::new(params.unassigned, params.seed, progress);
        let (found, again) = communities(&graph, &trials, params, &search);
        progress.go_on()?;
        let rows: Vec<Row> = passages.iter().map(|passage| passage.row).collect();
        let terms = TermUses::of(&rows, words);
        let own_words = OwnWords::new(&words.counts.counts, passages, &small_talk);
        let ground = Ground {
            passages,
            linked: &linked,
            found: &found,
            may_link: &may_link,
            counts: &words.counts.counts,
            own_words: &own_words,
            terms: &terms,
            small_talk: &small_talk,
            progress,
        };
        let codes = candidate_codes(&ground, params)?;
        let mut groundwork = Self {
            params: params.clone(),
            passages: passages.to_vec(),
            linked,
            graph,
            trials,
            found,
            again,
            terms,
            codes,
            small_talk,
        };
        groundwork.graph.slim();
        groundwork.trials.slim();
        Ok(groundwork)
    }

    /// Whether this is the groundwork of these passages and parameters. Their points
    /// and words are for the caller to compare.
    pub fn is_of(&self, passages: &[ParticipantPassage], params: &ThemeParams) -> bool {
        self.passages == passages && self.params == *params
    }

    /// Suggests candidate themes around what people decided.
    pub fn suggest(&self, points: &Array2<f32>, words: Words, anchors: &Anchors) -> Suggestion {
        let passages = &self.passages;
        let anchored = anchors.theme_of(passages.len());
        let steering = Steering::new(&self.linked, &anchored, anchors.accepted.len());
        let found = steering.around(&self.graph, self.found.clone());
        let (mut places, centres) = self.places(points, &found);
        // What a person put into a theme stays there, however little it says.
        let mut grown_from = vec![None; anchors.accepted.len()];
        for theme in (0..found.count).rev() {
            if let Some(accepted) = steering.accepted(&found, theme) {
                grown_from[accepted] = Some(theme);
            }
        }
        for (place, &anchor) in places.iter_mut().zip(&anchored) {
            if let Some(theme) = anchor.and_then(|accepted| grown_from[accepted]) {
                *place = Place { theme: Some(theme), weight: 1.0, ..*place };
            }
        }

        // What was rejected is not suggested again; its passages stay unassigned.
        let is_listed = |theme: usize| {
            let members = (0..passages.len()).filter(|&at| places[at].theme == Some(theme));
            steering.accepted(&found, theme).is_some()
                || !anchors.is_rejected(&members.collect(), passages)
        };
        let is_listed: Vec<bool> = (0..found.count).map(is_listed).collect();
        for place in &mut places {
            place.second = place.second.filter(|(theme, _)| is_listed[*theme]);
            if place.theme.is_some_and(|theme| !is_listed[theme]) {
                *place = Place::default();
            }
        }
        let mut order = by_spread(passages, &places, found.count);
        order.retain(|&old| is_listed[old]);
        let n_listed = order.len();
        let mut new = vec![0; found.count];
        for (place, &old) in order.iter().enumerate() {
            new[old] = place;
        }
        for place in &mut places {
            place.theme = place.theme.map(|theme| new[theme]);
            place.second = place.second.map(|(theme, share)| (new[theme], share));
        }

        let stability = self.stability(&found, &steering);
        let mut codes = self.codes_of(&places, n_listed);
        let own_words = OwnWords::new(&words.counts.counts, passages, &self.small_talk);
        let ranked = |theme: usize| -> Vec<usize> {
            let members = (0..passages.len()).filter(|&at| places[at].belongs_to(theme));
            let worth =
                |at: usize| self.typical(points, &centres[order[theme]], theme, at, &places[at]);
            let mut members: Vec<(f64, usize)> = members.map(|at| (worth(at), at)).collect();
            members.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            members.into_iter().map(|(_, at)| at).collect()
        };
        let mut found_in: Vec<(Vec<usize>, BTreeSet<usize>)> = (0..n_listed)
            .into_par_iter()
            .map(|theme| {
                let ranked = ranked(theme);
                let evidence = own_words.evidence(&ranked);
                (ranked, evidence)
            })
            .collect();
        // Evidence of one voice has no term that two people use; the passages may have.
        let of_evidence = found_in.iter().map(|(_, evidence)| evidence);
        let mut terms = self.terms.of_themes(&by_passage(passages.len(), of_evidence), n_listed);
        terms.par_iter_mut().zip(&mut found_in).for_each(|(terms, (_, evidence))| {
            add_phrase(terms, SaidOf { evidence, passages, words });
            own_words.keep_said(evidence, terms);
        });
        if terms.iter().any(Vec::is_empty) {
            let all: Vec<BTreeSet<usize>> =
                found_in.iter().map(|(all, _)| all.iter().copied().collect()).collect();
            let others = self.terms.of_themes(&by_passage(passages.len(), all.iter()), n_listed);
            let empty = terms.iter_mut().zip(others).filter(|(terms, _)| terms.is_empty());
            empty.for_each(|(terms, others)| *terms = others);
        }
        let in_phrase = |theme: usize, word: &ThemeTerm| {
            let evidence = &found_in[theme].1;
            phrase_with(word, &terms[theme], SaidOf { evidence, passages, words })
        };
        let named = names(&terms, &in_phrase);
        let named = named.into_iter().zip(terms);
        let mut themes = Vec::with_capacity(n_listed);
        for (theme, ((name, terms), (ranked, evidence))) in named.zip(found_in).enumerate() {
            let accepted = steering.accepted(&found, order[theme]);
            let mut codes = std::mem::take(&mut codes[theme]);
            for code in &mut codes {
                code.evidence.retain(|at| evidence.contains(at));
                only_of(&mut code.terms, &code.evidence, |at| passages[at].row.case);
            }
            themes.push(CandidateTheme {
                label: name.label,
                named_by: name.terms,
                is_named: name.standing == Standing::Good,
                terms,
                passages: ranked,
                evidence,
                // What a person has accepted does not depend on who else speaks.
                stability: stability.get(order[theme]).cloned().filter(|_| accepted.is_none()),
                accepted,
                codes,
            });
        }
        Suggestion {
            themes,
            places,
            n_links: self.graph.n_links(),
            n_rejected: is_listed.iter().filter(|is_listed| !**is_listed).count(),
        }
    }

    /// Where passages belong, and the middle of each community: those that were not
    /// linked join the one they lie nearest to.
    fn places(&self, points: &Array2<f32>, found: &Membership) -> (Vec<Place>, Vec<Array1<f32>>) {
        let mut places = vec![Place::default(); self.passages.len()];
        for (at, &passage) in self.linked.iter().enumerate() {
            places[passage] = Place {
                theme: found.community[at],
                weight: found.weight[at],
                second: found.second[at],
            };
        }
        let centres = self.centres(points, &places, found.count);
        join_nearest(points, &self.passages, &self.linked, &centres, &mut places);
        for &at in &self.small_talk {
            places[at] = Place::default();
        }
        (places, centres)
    }

    /// The middle of the linked passages of each theme, of length 1.
    fn centres(&self, points: &Array2<f32>, places: &[Place], n: usize) -> Vec<Array1<f32>> {
        let mut centres = vec![Array1::<f32>::zeros(points.len_of(Axis(1))); n];
        for &at in &self.linked {
            if let Some(theme) = places[at].theme {
                centres[theme] += &points.row(self.passages[at].passage);
            }
        }
        for centre in &mut centres {
            let length = centre.dot(centre).sqrt();
            if length > 0.0 {
                *centre /= length;
            }
        }
        centres
    }

    /// What lets further passages join the themes of a suggestion made of this.
    pub fn joining(
        &self,
        points: &Array2<f32>,
        words: Words<'_>,
        suggestion: &Suggestion,
    ) -> Joining {
        let n_themes = suggestion.themes.len();
        let mut places = vec![Place::default(); self.passages.len()];
        for &at in &self.linked {
            places[at] = suggestion.places[at];
        }
        let own_words = OwnWords::new(&words.counts.counts, &self.passages, &self.small_talk);
        let test = |theme: usize| {
            let all = 0..self.passages.len();
            let members: Vec<usize> =
                all.filter(|&at| suggestion.places[at].belongs_to(theme)).collect();
            own_words.test(&members, &suggestion.themes[theme].terms)
        };
        let centres = self.centres(points, &places, n_themes);
        Joining::new(words.counts, centres, (0..n_themes).map(test).collect())
    }

    /// How typical of a theme a passage is.
    fn typical(
        &self,
        points: &Array2<f32>,
        centre: &Array1<f32>,
        theme: usize,
        at: usize,
        place: &Place,
    ) -> f64 {
        let passage = &self.passages[at];
        let likeness = f64::from(points.row(passage.passage).dot(centre));
        // A short passage may lie at the centre by its context alone.
        let substance = (f64::from(passage.n_words) / 40.0).min(1.0);
        let weight = match place.second {
            Some((second, share)) if second == theme => share,
            _ => place.weight,
        };
        likeness * substance * (0.5 + 0.5 * weight)
    }

    /// The stability of each of the communities around what people decided.
    fn stability(&self, found: &Membership, steering: &Steering) -> Vec<Stability> {
        let likeness = self.trials.likeness(found, &|trial| {
            let again = self.again[trial].clone();
            if steering.is_idle() {
                return again;
            }
            steering.around(self.trials.graph(trial), Membership::of(again)).community
        });
        likeness.iter().map(|likeness| self.trials.stability(likeness)).collect()
    }

    /// The candidate codes of each theme: those of whose passages most lie in it.
    fn codes_of(&self, places: &[Place], n_themes: usize) -> Vec<Vec<CandidateTheme>> {
        let mut codes = vec![Vec::new(); n_themes];
        for code in &self.codes {
            let mut n_in = vec![0_usize; n_themes];
            for &at in &code.passages {
                let second = places[at].second.map(|(second, _)| second);
                for theme in [places[at].theme, second].into_iter().flatten() {
                    n_in[theme] += 1;
                }
            }
            // Of equally many the first.
            let most = (0..n_themes).rev().max_by_key(|&theme| n_in[theme]);
            if let Some(theme) = most.filter(|&theme| 2 * n_in[theme] >= code.passages.len()) {
                codes[theme].push(code.under(theme, places));
            }
        }
        codes
    }
}

/// As many communities as are asked for, else those that hold, and those of the trials.
fn communities(
    graph: &PassageGraph,
    trials: &Trials,
    params: &ThemeParams,
    search: &CommunitySearch,
) -> (Membership, Again) {
    let most = (graph.n_passages() / MIN_PASSAGES_A_THEME).clamp(1, MAX_CHOSEN);
    let count = params.count.map(NonZeroUsize::get);
    let chosen = if count.is_none() { steadiest(graph, trials, most, search) } else { None };
    chosen.unwrap_or_else(|| {
        // Where nothing holds, a few themes, marked as dissolving, tell more than none.
        let found = graph.communities(count.unwrap_or(FEW.min(most)), search);
        let again = trials.at_resolution(found.resolution, search);
        (found, again)
    })
}

/// Communities by how many cases speak of them, then by their passages.
fn by_spread(passages: &[ParticipantPassage], places: &[Place], n: usize) -> Vec<usize> {
    let mut cases: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); n];
    let mut sizes = vec![0_usize; n];
    for (passage, place) in passages.iter().zip(places) {
        let second = place.second.map(|(theme, _)| theme);
        for theme in [place.theme, second].into_iter().flatten() {
            cases[theme].insert(passage.row.case);
            sizes[theme] += 1;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| {
        cases[b].len().cmp(&cases[a].len()).then(sizes[b].cmp(&sizes[a])).then(a.cmp(&b))
    });
    order
}

/// The places of the passages that are linked: those that say anything, and
/// of very many the longest. They come in an order of where they lie, so that communities,
/// which are sought passage by passage, do not depend on what files are called.
fn linked_passages(passages: &[ParticipantPassage], points: &Array2<f32>) -> Vec<usize> {
    let mut linked: Vec<usize> =
        (0..passages.len()).filter(|&at| passages[at].n_words >= MIN_WORDS).collect();
    if linked.is_empty() {
        linked = (0..passages.len()).collect();
    }
    let point = |at: usize| points.row(passages[at].passage);
    let by_point = |a: &usize, b: &usize| {
        let (here, there) = (point(*a), point(*b));
        let mut orders = here.iter().zip(there.iter()).map(|(x, y)| x.total_cmp(y));
        let unlike = orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
        unlike.then(a.cmp(b))
    };
    linked.par_sort_by(by_point);
    if linked.len() > MAX_LINKED {
        linked.sort_by_key(|&at| Reverse(passages[at].n_words));
        linked.truncate(MAX_LINKED);
        linked.par_sort_by(by_point);
    }
    linked
}

/// Lets the passages that were not linked join the theme they lie nearest to.
fn join_nearest(
    points: &Array2<f32>,
    passages: &[ParticipantPassage],
    linked: &[usize],
    centres: &[Array1<f32>],
    places: &mut [Place],
) {
    let linked: BTreeSet<usize> = linked.iter().copied().collect();
    for at in (0..passages.len()).filter(|at| !linked.contains(at)) {
        let middles = centres.iter().map(|centre| centre.view());
        if let Some(place) = nearest(&points.row(passages[at].passage), middles) {
            places[at] = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Seed;
    use crate::features::context::TalkPassage;
    use crate::features::counts::{TermCounts, count_terms};
    use std::sync::Arc;
    use std::sync::atomic::{self, AtomicUsize};

    use crate::features::space::{SpaceParams, place_passages};
    use crate::features::tfidf::{Rarity, tf_idf};
    use crate::passages;
    use crate::sources;
    use crate::terms::{Analysis, Analyzer, AnalyzerParams, Language, analyze};
    use crate::transcripts::Transcript;

    const TOPICS: [&[&str]; 4] = [
        &["silence", "camera", "screen", "signal", "router", "cable", "frozen"],
        &["kitchen", "tea", "biscuits", "kettle", "cup", "milk", "spoon"],
        &["doctor", "knees", "ward", "nurse", "patient", "tablets", "corridor"],
        &["garden", "winter", "roses", "spade", "frost", "apples", "hedge"],
    ];

    /// An invented interview of many short answers, each about one topic.
    fn interview(seed: u64) -> Transcript {
        let mut random = Seed(seed).numbers();
        let mut text = String::new();
        for _ in 0..24 {
            let topic = TOPICS[random.next_below(TOPICS.len())];
            text.push_str("Interviewer: And what then?\nParticipant: I think of");
            for _ in 0..14 {
                text.push_str(" the ");
                text.push_str(topic[random.next_below(topic.len())]);
            }
            text.push_str(".\n");
        }
        Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap())
    }

    /// Eight invented interviews: points, passages and words.
    struct Study {
        points: Array2<f32>,
        own: Vec<ParticipantPassage>,
        analyses: Vec<Arc<Analysis>>,
        counts: TermCounts,
    }

    impl Study {
        fn invented() -> Self {
            let transcripts: Vec<Transcript> = (0..8).map(interview).collect();
            let cut: Vec<_> = transcripts.iter().map(passages::cut).collect();
            let analyzer = Analyzer::new(Language::English, &AnalyzerParams::default());
            let analyze = |(transcript, cut): (_, &Vec<_>)| analyze(transcript, cut, &analyzer);
            let analyses: Vec<Arc<Analysis>> =
                transcripts.iter().zip(&cut).map(analyze).map(Arc::new).collect();
            let counts = count_terms(&analyses);
            let weights = tf_idf(&counts.counts, &Rarity::of(&counts.counts, 2));
            let (mut talk, mut own) = (Vec::new(), Vec::new());
            for (transcript, cut) in (0..).zip(&cut) {
                for (place, passage) in (0..).zip(cut) {
                    if passage.speaker == 1 {
                        let row = Row { transcript, place, case: transcript };
                        let n_words = passage.n_words;
                        own.push(ParticipantPassage { passage: talk.len(), row, n_words });
                    }
                    let is_asked = passage.speaker == 0;
                    talk.push(TalkPassage { transcript, n_words: passage.n_words, is_asked });
                }
            }
            let meanings = Array2::zeros((counts.vocabulary.len(), 0));
            let params = SpaceParams::default();
            let space = place_passages(&weights, &meanings, &talk, &params, &|_, _| {});
            Self { points: space.unwrap().points, own, analyses, counts }
        }

        fn words(&self) -> Words<'_> {
            Words { analyses: &self.analyses, counts: &self.counts }
        }

        fn groundwork(&self, progress: &dyn Progress) -> Result<Groundwork, Stopped> {
            Groundwork::find(&self.points, &self.own, self.words(), &params(), progress)
        }
    }

    fn params() -> ThemeParams {
        ThemeParams { links: 10, ..ThemeParams::default() }
    }

    #[test]
    fn a_kept_groundwork_suggests_what_is_suggested_anew() {
        let study = Study::invented();
        let Study { points, own, .. } = &study;
        let undecided = Anchors::default();
        let found_anew = |anchors: &Anchors| {
            study.groundwork(&|_, _| {}).unwrap().suggest(points, study.words(), anchors)
        };
        let found = found_anew(&undecided);
        assert!(found.themes.len() >= 3, "{:?}", found.themes);
        let of = |theme: usize| -> BTreeSet<usize> {
            (0..own.len()).filter(|&at| found.places[at].theme == Some(theme)).collect()
        };
        let accepted = Anchors { accepted: vec![of(1), of(0)], rejected: Vec::new() };
        let part = of(1).into_iter().skip(4).collect();
        let rejected = Anchors { accepted: vec![part], rejected: vec![of(2)] };

        let kept = postcard::to_stdvec(&study.groundwork(&|_, _| {}).unwrap()).unwrap();
        let kept: Groundwork = postcard::from_bytes(&kept).unwrap();
        assert!(kept.is_of(own, &params()) && !kept.is_of(&own[1..], &params()));
        for (anchors, n_rejected) in [(&undecided, 0), (&accepted, 0), (&rejected, 1)] {
            let anew = found_anew(anchors);
            assert_eq!(kept.suggest(points, study.words(), anchors), anew);
            assert_eq!(anew.n_rejected, n_rejected);
        }
    }

    /// Whoever stops waiting after having been asked some times.
    struct Patience {
        asked: AtomicUsize,
        most: usize,
    }

    impl Progress for Patience {
        fn tell(&self, _done: usize, _of: usize) {}

        fn is_stopped(&self) -> bool {
            self.asked.fetch_add(1, atomic::Ordering::Relaxed) >= self.most
        }
    }

    #[test]
    fn work_that_is_stopped_at_any_point_gives_nothing_and_ends_soon() {
        let study = Study::invented();
        let waiting = |most: usize| Patience { asked: AtomicUsize::new(0), most };
        let patient = waiting(usize::MAX);
        assert!(study.groundwork(&patient).is_ok());
        // Neighbours twice, trials, resolutions and starts, and the same for codes.
        let n = patient.asked.into_inner();
        assert!(n > 40, "{n}");
        for most in (0..n).step_by(n / 12) {
            let waiting = waiting(most);
            assert!(study.groundwork(&waiting).is_err(), "{most} of {n}");
        }
    }
}
