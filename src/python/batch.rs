//! The steps of [`crate::batch`], for the functions that an engine calls with its rows.
//!
//! Bytes of rows come in and go out as Python has them; tables go out as Arrow streams.

#![expect(clippy::needless_pass_by_value, reason = "what comes from Python is made for the call")]

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int32Builder, ListBuilder, StringBuilder, StructBuilder,
};
use arrow_schema::{DataType, Field, Schema};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyCapsule;

use super::error::{Refusal, warn};
use super::table::stream_of;
use crate::base::{Diagnose as _, Warned};
use crate::batch::{
    self, BatchError, FileRead, Fitting, Lexicon, Model, PassageRow, Plan, Rows, Said, Setup, Tally,
};
use crate::features::space::Placing;
use crate::terms::Language;

/// What a step gives, or the exception that tells why not.
fn done<T, E: Into<BatchError>>(py: Python<'_>, step: Result<T, E>) -> PyResult<T> {
    step.map_err(|error| Refusal::of_study(error.into().diagnostic()).raised(py))
}

/// Rows that go out.
#[pyclass(frozen)]
pub(super) struct NativeBatch(RecordBatch);

#[pymethods]
impl NativeBatch {
    /// The rows, as an Arrow stream.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // No other schema can be requested.
        drop(requested_schema);
        stream_of(py, &self.0)
    }
}

/// What a row has: id, problem, language, passages, words; what is known, talk and text.
type ReadRow = (String, Option<String>, &'static str, usize, u32, Vec<u8>, Vec<u8>, Vec<u8>);

/// See [`Setup`].
#[pyclass(frozen)]
pub(super) struct NativeSetup(Setup);

#[pymethods]
impl NativeSetup {
    #[new]
    fn new(py: Python<'_>, settings: &str, cases: &str) -> PyResult<Self> {
        Ok(Self(done(py, Setup::parse(settings, cases))?))
    }

    #[getter]
    fn key(&self) -> &str {
        self.0.key()
    }

    #[getter]
    fn has_language(&self) -> bool {
        self.0.has_language()
    }

    fn reads(&self, path: &str) -> bool {
        self.0.reads(path)
    }

    fn told_language(&self, py: Python<'_>, path: &str, bytes: &[u8]) -> Option<&'static str> {
        py.detach(|| self.0.told_language(path, bytes)).map(Language::code)
    }

    fn read(&self, py: Python<'_>, path: &str, bytes: &[u8], usual: Option<&str>) -> ReadRow {
        let usual = usual.and_then(Language::parse);
        let read = py.detach(|| FileRead::of(&self.0, path, bytes, usual));
        let FileRead { id, problem, language, n_passages, n_words, known, talk, text } = read;
        (id, problem, language, n_passages, n_words, known, talk, text)
    }
}

/// See [`batch::usual_language`].
#[pyfunction]
pub(super) fn usual_language(told: Vec<(String, u64)>) -> Option<&'static str> {
    batch::usual_language(&told)
}

/// See [`batch::passages_of`]; of each transcript its id, talk and text.
#[pyfunction]
pub(super) fn passages_of(
    py: Python<'_>,
    transcripts: Vec<(String, PyBackedBytes, PyBackedBytes)>,
) -> PyResult<NativeBatch> {
    let mut rows = Vec::with_capacity(transcripts.len());
    for (id, talk, text) in &transcripts {
        rows.push((id.as_str(), done(py, batch::passages_of(talk, text))?));
    }
    Ok(NativeBatch(passage_batch(&rows)))
}

fn passage_batch(transcripts: &[(&str, Vec<PassageRow>)]) -> RecordBatch {
    let [mut ids, mut speakers, mut texts] = [(); 3].map(|()| StringBuilder::new());
    let [mut places, mut firsts, mut lasts, mut n_words] = [(); 4].map(|()| Int32Builder::new());
    let fields =
        vec![Field::new("term", DataType::Utf8, true), Field::new("n", DataType::Int32, true)];
    let mut terms = ListBuilder::new(StructBuilder::from_fields(fields, 0));
    for (id, rows) in transcripts {
        for row in rows {
            ids.append_value(id);
            places.append_value(narrow(row.place));
            speakers.append_value(&row.speaker);
            firsts.append_value(narrow(row.lines[0]));
            lasts.append_value(narrow(row.lines[1]));
            n_words.append_value(narrow(row.n_words));
            texts.append_value(&row.text);
            let of = terms.values();
            for (term, n) in &row.terms {
                if let Some(builder) = of.field_builder::<StringBuilder>(0) {
                    builder.append_value(term);
                }
                if let Some(builder) = of.field_builder::<Int32Builder>(1) {
                    builder.append_value(narrow(*n));
                }
                of.append(true);
            }
            terms.append(true);
        }
    }
    record_batch(vec![
        ("transcript", Arc::new(ids.finish())),
        ("place", Arc::new(places.finish())),
        ("speaker", Arc::new(speakers.finish())),
        ("first_line", Arc::new(firsts.finish())),
        ("last_line", Arc::new(lasts.finish())),
        ("n_words", Arc::new(n_words.finish())),
        ("text", Arc::new(texts.finish())),
        ("terms", Arc::new(terms.finish())),
    ])
}

fn record_batch(columns: Vec<(&str, arrow_array::ArrayRef)>) -> RecordBatch {
    let field = |(name, array): &(&str, arrow_array::ArrayRef)| {
        Field::new(*name, array.data_type().clone(), true)
    };
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    let columns = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(schema), columns).expect("columns of a table have one length")
}

fn narrow(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// See [`Tally`].
#[pyclass]
#[derive(Default)]
pub(super) struct NativeTally(Tally);

#[pymethods]
impl NativeTally {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn add(&mut self, py: Python<'_>, talk: &[u8], voices: &[u8]) -> PyResult<()> {
        let step = py.detach(|| self.0.add(talk, voices));
        done(py, step)
    }

    /// All that was counted: stems, forms and numbers, as columns. Nothing is left.
    fn counted(&mut self) -> (Vec<String>, Vec<Option<String>>, Vec<u64>) {
        let mut columns = (Vec::new(), Vec::new(), Vec::new());
        for (stem, form, n) in std::mem::take(&mut self.0).counted() {
            columns.0.push(stem);
            columns.1.push(form);
            columns.2.push(n);
        }
        columns
    }
}

/// See [`Lexicon`].
#[pyclass(frozen)]
pub(super) struct NativeTerms(Lexicon);

#[pymethods]
impl NativeTerms {
    #[new]
    fn new(py: Python<'_>, packed: &[u8]) -> PyResult<Self> {
        Ok(Self(done(py, Lexicon::unpacked(packed))?))
    }

    fn weigh(&self, py: Python<'_>, talk: &[u8], voices: &[u8]) -> PyResult<Vec<u8>> {
        let step = py.detach(|| self.0.weigh(talk, voices));
        done(py, step)
    }
}

/// See [`Rows`].
#[pyclass]
#[derive(Default)]
pub(super) struct NativeRows(Rows);

#[pymethods]
impl NativeRows {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn add(&mut self, py: Python<'_>, weighed: &[u8]) -> PyResult<()> {
        done(py, self.0.add(weighed))
    }

    fn products(&self, py: Python<'_>, asked: &[u8]) -> PyResult<Vec<(u32, Vec<u8>)>> {
        let step = py.detach(|| batch::products(&self.0, asked));
        done(py, step)
    }
}

/// See [`batch::add_up`].
#[pyfunction]
pub(super) fn add_up(py: Python<'_>, blocks: Vec<PyBackedBytes>) -> PyResult<Vec<u8>> {
    done(py, batch::add_up(&blocks))
}

/// See [`Fitting`].
#[pyclass]
pub(super) struct NativeFitting(Option<Fitting>);

impl NativeFitting {
    fn going(&mut self, py: Python<'_>) -> PyResult<&mut Fitting> {
        let over = || BatchError::Apart("the fitting is over".to_owned());
        done(py, self.0.as_mut().ok_or_else(over))
    }
}

#[pymethods]
impl NativeFitting {
    #[new]
    fn new(py: Python<'_>, said: Vec<Said>, n_passages: usize) -> Self {
        Self(Some(py.detach(|| Fitting::new(said, n_passages))))
    }

    /// The terms, as an engine carries them.
    fn terms(&mut self, py: Python<'_>) -> PyResult<Vec<u8>> {
        Ok(self.going(py)?.lexicon().packed())
    }

    fn is_moving(&mut self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.going(py)?.is_moving())
    }

    fn asked(&mut self, py: Python<'_>) -> PyResult<Vec<u8>> {
        Ok(self.going(py)?.asked())
    }

    fn turn(&mut self, py: Python<'_>, blocks: Vec<Vec<u8>>) -> PyResult<()> {
        let fitting = self.going(py)?;
        let step = py.detach(|| fitting.turn(&blocks));
        done(py, step)
    }

    /// Ends; what places passages, as an engine carries it.
    fn end(&mut self, py: Python<'_>, blocks: Vec<Vec<u8>>) -> PyResult<(Vec<u8>, Vec<u8>)> {
        self.going(py)?;
        let fitting = self.0.take().expect("it is going");
        let (lexicon, placing) = done(py, py.detach(|| fitting.end(&blocks)))?;
        Ok((lexicon.packed(), batch::pack_placing(&placing)))
    }
}

/// See [`Placing`].
#[pyclass(frozen)]
pub(super) struct NativePlacing(Placing);

#[pymethods]
impl NativePlacing {
    #[new]
    fn new(py: Python<'_>, packed: &[u8]) -> PyResult<Self> {
        Ok(Self(done(py, batch::unpack_placing(packed))?))
    }

    fn place(&self, py: Python<'_>, weighed: &[u8]) -> PyResult<Vec<u8>> {
        let step = py.detach(|| batch::place(&self.0, weighed));
        done(py, step)
    }
}

/// See [`Plan`].
#[pyclass]
pub(super) struct NativePlan(Plan);

#[pymethods]
impl NativePlan {
    #[new]
    fn new(
        py: Python<'_>,
        setup: (String, String),
        rows: Vec<(String, usize, Vec<u8>)>,
        max_passages: usize,
    ) -> PyResult<Self> {
        let plan = py.detach(|| -> Result<Warned<Plan>, BatchError> {
            Plan::new(Setup::parse(&setup.0, &setup.1)?, rows, max_passages)
        });
        let Warned { value, warnings } = done(py, plan)?;
        warn(py, &warnings)?;
        Ok(Self(value))
    }

    #[getter]
    fn n_passages(&self) -> usize {
        self.0.n_passages()
    }

    fn sample(&self) -> Option<Vec<&str>> {
        self.0.sample()
    }

    fn hear(&mut self, py: Python<'_>, texts: Vec<(String, Vec<u8>, Vec<u8>)>) -> PyResult<()> {
        let step = py.detach(|| self.0.hear(texts));
        done(py, step)
    }

    fn voices(&self, py: Python<'_>) -> Vec<(String, Vec<u8>)> {
        py.detach(|| self.0.voices())
    }

    fn suggest(
        &self,
        py: Python<'_>,
        fitted: (Vec<u8>, Vec<u8>),
        points: BTreeMap<String, Vec<u8>>,
        count: Option<NonZeroUsize>,
    ) -> PyResult<NativeModel> {
        let model = py.detach(|| -> Result<Model, BatchError> {
            let fitted = (Lexicon::unpacked(&fitted.0)?, batch::unpack_placing(&fitted.1)?);
            Model::suggest(&self.0, fitted, &points, count)
        });
        Ok(NativeModel(done(py, model)?))
    }
}

/// See [`Model`].
#[pyclass(frozen)]
pub(super) struct NativeModel(Model);

#[pymethods]
impl NativeModel {
    #[new]
    fn new(py: Python<'_>, packed: &[u8]) -> PyResult<Self> {
        let model = py.detach(|| Model::unpacked(packed));
        Ok(Self(done(py, model)?))
    }

    #[classattr]
    const FORMAT: u32 = batch::FORMAT;

    #[getter]
    fn answer(&self) -> &str {
        self.0.answer()
    }

    /// The terms, each with the number of passages that it stands in.
    #[getter]
    fn vocabulary(&self) -> Vec<(String, u64)> {
        let Lexicon { vocabulary, frequencies, .. } = self.0.lexicon();
        vocabulary.iter().cloned().zip(frequencies.iter().copied()).collect()
    }

    fn packed(&self, py: Python<'_>) -> Vec<u8> {
        py.detach(|| self.0.packed())
    }

    /// Of each transcript its id, talk and voices.
    fn assign(
        &self,
        py: Python<'_>,
        transcripts: Vec<(String, PyBackedBytes, PyBackedBytes)>,
    ) -> PyResult<NativeBatch> {
        let [mut ids, mut cases] = [(); 2].map(|()| StringBuilder::new());
        let [mut places, mut firsts, mut lasts, mut themes, mut also] =
            [(); 5].map(|()| Int32Builder::new());
        let mut weights = Float64Builder::new();
        let mut evidence = ListBuilder::new(Int32Builder::new());
        let mut is_sampled = BooleanBuilder::new();
        for (id, talk, voices) in &transcripts {
            let assigned = py.detach(|| self.0.assign(id, talk, voices));
            for row in done(py, assigned)? {
                ids.append_value(id);
                places.append_value(narrow(row.place));
                firsts.append_value(narrow(row.lines[0]));
                lasts.append_value(narrow(row.lines[1]));
                cases.append_value(&row.case);
                themes.append_option(row.theme.map(narrow));
                weights.append_value(row.weight);
                also.append_option(row.also.map(narrow));
                evidence.append_value(row.evidence.iter().map(|&theme| Some(narrow(theme))));
                is_sampled.append_value(row.is_sampled);
            }
        }
        Ok(NativeBatch(record_batch(vec![
            ("transcript", Arc::new(ids.finish())),
            ("place", Arc::new(places.finish())),
            ("first_line", Arc::new(firsts.finish())),
            ("last_line", Arc::new(lasts.finish())),
            ("case", Arc::new(cases.finish())),
            ("theme", Arc::new(themes.finish())),
            ("weight", Arc::new(weights.finish())),
            ("also", Arc::new(also.finish())),
            ("evidence", Arc::new(evidence.finish())),
            ("is_sampled", Arc::new(is_sampled.finish())),
        ])))
    }
}
