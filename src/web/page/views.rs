//! What all views of the themes share: their addresses, what these ask for, and the list that
//! is shown.

use std::num::NonZeroUsize;

use crate::answers::{ThemesAnswer, VoicesAnswer};
use crate::listing::Numbering;
use crate::themes::ThemeParams;
use crate::web::visit::{Failure, Visit};
use crate::web::words;

/// The most themes that can be asked for on a page.
const MOST: usize = 60;

/// The views of the themes: title, address, name.
pub(in crate::web) const VIEWS: [(&str, &str, &str); 5] = [
    ("Themes", "/themes", "Board"),
    ("Candidates and themes", "/themes/list", "List"),
    ("Themes by participants", "/themes/matrix", "Matrix"),
    ("Map of themes", "/themes/map", "Map"),
    ("What has changed", "/themes/grown", "What has changed"),
];

/// What the address of the board asks for beside the board itself.
pub(super) struct Asked {
    /// How many themes; as many as the data chose if none.
    pub(super) count: Option<NonZeroUsize>,
    /// The group whose people alone are looked at; empty for all.
    pub(super) lens: String,
}

impl Asked {
    pub(super) fn of(visit: &Visit<'_>) -> Self {
        let count = visit.asked("count").parse().ok().filter(|n: &NonZeroUsize| n.get() <= MOST);
        Self { count, lens: visit.asked("lens").to_owned() }
    }

    /// An address of themes that asks for the same, and to which more can be added.
    pub(super) fn address(&self, place: &str) -> String {
        let count = self.count.map(|n| format!("count={n}&")).unwrap_or_default();
        let lens = (!self.lens.is_empty()).then(|| format!("lens={}&", words::encoded(&self.lens)));
        format!("{place}?{count}{}", lens.unwrap_or_default())
    }
}

/// The parameters of the list that an address asks for.
pub(super) fn params_of(visit: &Visit<'_>) -> ThemeParams {
    visit.study.theme_params(Asked::of(visit).count)
}

/// The list that an address asks for, and who says what of it.
pub(super) fn listed(visit: &Visit<'_>) -> Result<(ThemesAnswer, VoicesAnswer), Failure> {
    let study = &visit.study;
    let params = params_of(visit);
    let answer = study.shown(study.suggest_themes(&params, Numbering::CarriedOn)?);
    Ok((answer, study.shown(study.voices(&params)?)))
}
