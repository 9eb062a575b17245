//! What a query says of passages, whoever talks in them: where it stands, and nothing ranked.

use super::SearchError;
use super::fields::Fields;
use super::finder::{Finder, Text};
use crate::corpus::Matching;
use crate::query::{FieldTest, FieldValue};

impl Finder<'_> {
    /// The codes that a query asks for, by their places among those that are known.
    ///
    /// # Errors
    /// [`SearchError::Query`] if it cannot be read.
    pub fn codes_asked_for(&self, query: &str) -> Result<Vec<usize>, SearchError> {
        let prepared = self.prepare(query, None)?;
        let fields = Fields { finder: self, query };
        let Ok(codes) = &*self.codes else { return Ok(Vec::new()) };
        let named = |test: &FieldTest| match &test.value {
            FieldValue::Is(value) if test.name == "code" => fields.codes_named(codes, value),
            _ => Vec::new(),
        };
        Ok(prepared.query.fields().into_iter().flat_map(named).collect())
    }

    /// Every passage that holds what is asked for, bare words in all their forms. Unlike
    /// [`ranked`](Finder::ranked) it finds none that does not hold it.
    ///
    /// # Errors
    /// As there.
    pub fn matching(&self, query: &str) -> Result<Matching, SearchError> {
        let prepared = self.prepare(query, None)?;
        let fields = Fields { finder: self, query };
        let field_set = |test: &_| fields.passages(test);
        let mut found = prepared.evaluator(&field_set).find(&prepared.query)?;
        prepared.keep_within(&mut found);
        let mut matching: Matching =
            found.passages.ones().map(|passage| (passage, Vec::new())).collect();
        for found in &found.matches {
            let passage = found.passage as usize;
            let (t, place) = self.corpus.place_of(passage);
            let text = Text::of(self.corpus, t)?;
            let spans = found.runs().filter_map(|run| text.span_of(place, run));
            matching.entry(passage).or_default().extend(spans);
        }
        Ok(matching)
    }
}
