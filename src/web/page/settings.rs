//! Settings: what holds for the study as a whole, as `study.toml` has it.

use askama::Template;

use crate::terms::Language;
use crate::web::frame::{Frame, page};
use crate::web::visit::{Answered, Reply, Visit};

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    /// The language of all transcripts; empty if each has its own.
    language: String,
    /// Languages that can be chosen.
    languages: Vec<&'static str>,
    /// Texts that one person tells: paths or patterns.
    told: Vec<String>,
    /// Transcripts that are none of them.
    not_told: Vec<String>,
    /// Paths or patterns of files that are left out.
    ignore: Vec<String>,
    stop_words: Vec<String>,
    never_merge: Vec<String>,
    /// How many themes are asked for; as many as are found if none.
    count: Option<usize>,
}

/// What is set, each with what it does.
pub(in crate::web) fn show(visit: &Visit<'_>) -> Answered {
    let study = &visit.study;
    let settings = &study.settings;
    if visit.is_json {
        return Reply::json(&**settings);
    }
    let shown = |text: &String| study.shown_text(text).into_owned();
    let all = study.corpus.transcripts.iter().map(|it| &it.id);
    let stem = |path: &str| path.rsplit_once('.').map_or(path.to_owned(), |it| it.0.to_owned());
    let is_told = |id: &&String| settings.told.iter().any(|path| stem(path) == **id);
    page(&SettingsPage {
        frame: Frame::of(visit, "Study", "Settings")?,
        language: settings.language().map_or_else(String::new, |it| it.name().to_owned()),
        languages: Language::all().map(Language::name).collect(),
        told: settings.told.iter().map(shown).collect(),
        not_told: all.filter(|id| !is_told(id)).map(shown).collect(),
        ignore: settings.ignore.iter().map(shown).collect(),
        stop_words: settings.stop_words.iter().map(shown).collect(),
        never_merge: settings.never_merge.iter().map(shown).collect(),
        count: settings.themes.count.map(std::num::NonZeroUsize::get),
    })
}
