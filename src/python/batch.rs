//! The steps of [`crate::batch`], for the functions that an engine calls with its rows.
//!
//! Bytes of rows come in and go out as Python has them; tables go out as Arrow streams.

#![expect(clippy::needless_pass_by_value, reason = "what comes from Python is made for the call")]

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int32Builder, ListBuilder, StringBuilder, StructBuilder,
};
use arrow_schema::{DataType, Field, Schema};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyCapsule;

use super::NativeStudy;
use super::error::{Refusal, warn};
use super::table::stream_of;
use crate::base::{Diagnose as _, Warned};
use crate::batch::{
    self, BatchError, FileRead, Fitting, Indexed, Lexicon, Model, PassageRow, Plan, Proposals,
    ProposedRow, Questions, Rows, Said, Setup, Spread, Tally, Teaching,
};
use crate::features::space::Placing;
use crate::study::shards::{Archive, ShardWriter};
use crate::terms::Language;

/// Runs a step while other threads of Python go on: what it gives, or the exception that
/// tells why not.
fn step<T: Send, E: Into<BatchError> + Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, E> + Send,
) -> PyResult<T> {
    py.detach(work).map_err(|error| Refusal::of_study(error.into().diagnostic()).raised(py))
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
        step(py, || Setup::parse(settings, cases)).map(Self)
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
    let rows = step(py, || -> Result<Vec<_>, BatchError> {
        let of = |(id, talk, text): &(String, PyBackedBytes, PyBackedBytes)| {
            Ok((id.clone(), batch::passages_of(talk, text)?))
        };
        transcripts.iter().map(of).collect()
    })?;
    Ok(NativeBatch(passage_batch(&rows)))
}

fn passage_batch(transcripts: &[(String, Vec<PassageRow>)]) -> RecordBatch {
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
        step(py, || self.0.add(talk, voices))
    }

    /// See [`batch::count_all_words`].
    fn add_words(
        &mut self,
        py: Python<'_>,
        model: &NativeModel,
        id: &str,
        talk: &[u8],
        voices: &[u8],
    ) -> PyResult<()> {
        step(py, || batch::count_all_words(&mut self.0, &model.0, (id, talk, voices)))
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
        step(py, || Lexicon::unpacked(packed)).map(Self)
    }

    fn weigh(&self, py: Python<'_>, talk: &[u8], voices: &[u8]) -> PyResult<Vec<u8>> {
        step(py, || self.0.weigh(talk, voices))
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
        step(py, || self.0.add(weighed))
    }

    fn products(&self, py: Python<'_>, asked: &[u8]) -> PyResult<Vec<(u32, Vec<u8>)>> {
        step(py, || batch::products(&self.0, asked))
    }
}

/// See [`batch::add_up`].
#[pyfunction]
pub(super) fn add_up(py: Python<'_>, blocks: Vec<PyBackedBytes>) -> PyResult<Vec<u8>> {
    step(py, || batch::add_up(&blocks))
}

fn over() -> BatchError {
    BatchError::Apart("this step is over".to_owned())
}

/// See [`Fitting`].
#[pyclass]
pub(super) struct NativeFitting(Option<Fitting>);

impl NativeFitting {
    fn going(&mut self, py: Python<'_>) -> PyResult<&mut Fitting> {
        step(py, || self.0.as_mut().ok_or_else(over))
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
        step(py, || fitting.turn(&blocks))
    }

    /// Ends; what places passages, as an engine carries it.
    fn end(&mut self, py: Python<'_>, blocks: Vec<Vec<u8>>) -> PyResult<(Vec<u8>, Vec<u8>)> {
        self.going(py)?;
        let fitting = self.0.take().expect("it is going");
        let (lexicon, placing) = step(py, || fitting.end(&blocks))?;
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
        step(py, || batch::unpack_placing(packed)).map(Self)
    }

    fn place(&self, py: Python<'_>, weighed: &[u8]) -> PyResult<Vec<u8>> {
        step(py, || batch::place(&self.0, weighed))
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
        let Warned { value, warnings } =
            step(py, || Plan::new(Setup::parse(&setup.0, &setup.1)?, rows, max_passages))?;
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
        step(py, || self.0.hear(texts))
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
        let model = step(py, || {
            let fitted = (Lexicon::unpacked(&fitted.0)?, batch::unpack_placing(&fitted.1)?);
            Model::suggest(&self.0, fitted, &points, count)
        });
        model.map(NativeModel)
    }

    /// See [`Plan::end_index`].
    fn end_index(
        &self,
        py: Python<'_>,
        folder: PathBuf,
        model: &NativeModel,
        shards: Vec<String>,
        hides_names: bool,
    ) -> PyResult<()> {
        step(py, || self.0.end_index(&folder, (&model.0, shards), hides_names))
    }
}

/// See [`Model`].
#[pyclass(frozen)]
pub(super) struct NativeModel(Model);

#[pymethods]
impl NativeModel {
    #[new]
    fn new(py: Python<'_>, packed: &[u8]) -> PyResult<Self> {
        step(py, || Model::unpacked(packed)).map(Self)
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
            for row in step(py, || self.0.assign(id, talk, voices))? {
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

/// A file of a study's own, in whatever encoding it is; empty if there is none.
#[pyfunction]
pub(super) fn own_text(py: Python<'_>, folder: PathBuf, name: &str) -> PyResult<String> {
    let text = step(py, || crate::study::read_own(&folder, name))?;
    Ok(text.unwrap_or_default())
}

/// Whether the names of a study are on a key.
#[pyfunction]
pub(super) fn has_key(folder: PathBuf) -> bool {
    crate::study::has_key(&folder)
}

/// See [`Archive::begin`].
#[pyfunction]
pub(super) fn begin_index(py: Python<'_>, folder: PathBuf) -> PyResult<()> {
    step(py, || Archive::begin(&folder))
}

/// See [`Model::index`].
#[pyclass]
pub(super) struct NativeShard {
    model: Model,
    /// Nothing once it is finished.
    writer: Option<ShardWriter>,
}

#[pymethods]
impl NativeShard {
    #[new]
    fn new(py: Python<'_>, folder: PathBuf, model: &[u8]) -> PyResult<Self> {
        step(py, || -> Result<_, BatchError> {
            let writer = Some(ShardWriter::new(&folder)?);
            Ok(Self { model: Model::unpacked(model)?, writer })
        })
    }

    fn add(
        &mut self,
        py: Python<'_>,
        number: u32,
        known: &[u8],
        talk: &[u8],
        text: &[u8],
        voices: &[u8],
    ) -> PyResult<()> {
        let Self { model, writer } = self;
        step(py, || {
            let writer = writer.as_mut().ok_or_else(over)?;
            model.index(writer, &Indexed { number, known, talk, text, voices })
        })
    }

    /// Ends it; its name.
    fn finish(&mut self, py: Python<'_>, attempt: &str) -> PyResult<String> {
        let writer = self.writer.take();
        step(py, || -> Result<_, BatchError> { Ok(writer.ok_or_else(over)?.finish(attempt)?) })
    }
}

/// See [`Teaching`].
#[pyclass]
pub(super) struct NativeTeaching(Option<Teaching>);

#[pymethods]
impl NativeTeaching {
    #[new]
    fn new(
        py: Python<'_>,
        study: &NativeStudy,
        code: Option<&str>,
        said: Vec<Said>,
        plan: &NativePlan,
    ) -> PyResult<Self> {
        let study = study.snapshot();
        step(py, || Teaching::new(&study, code, said, &plan.0)).map(|teaching| Self(Some(teaching)))
    }

    fn questions(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        step(py, || Ok::<_, BatchError>(self.0.as_ref().ok_or_else(over)?.questions()))
    }

    /// Ends; what proposes passages, as an engine carries it.
    fn end(&mut self, py: Python<'_>, sums: &[u8]) -> PyResult<Vec<u8>> {
        let teaching = self.0.take();
        step(py, || teaching.ok_or_else(over)?.end(sums))
    }
}

/// See [`Spread`].
#[pyclass]
pub(super) struct NativeSpread {
    questions: Questions,
    spread: Spread,
}

#[pymethods]
impl NativeSpread {
    #[new]
    fn new(py: Python<'_>, questions: &[u8]) -> PyResult<Self> {
        let questions = step(py, || Questions::unpacked(questions))?;
        Ok(Self { questions, spread: Spread::default() })
    }

    fn add(
        &mut self,
        py: Python<'_>,
        model: &NativeModel,
        id: &str,
        talk: &[u8],
        voices: &[u8],
    ) -> PyResult<()> {
        let Self { questions, spread } = self;
        step(py, || spread.add(questions, &model.0, (id, talk, voices)))
    }

    fn sums(&self) -> Vec<u8> {
        self.spread.sums()
    }
}

/// See [`Proposals`].
#[pyclass(frozen)]
pub(super) struct NativeProposals(Proposals);

#[pymethods]
impl NativeProposals {
    #[new]
    fn new(py: Python<'_>, packed: &[u8]) -> PyResult<Self> {
        step(py, || Proposals::unpacked(packed)).map(Self)
    }

    /// Of each transcript its id, talk and voices.
    fn of(
        &self,
        py: Python<'_>,
        model: &NativeModel,
        transcripts: Vec<(String, PyBackedBytes, PyBackedBytes)>,
    ) -> PyResult<NativeBatch> {
        let [mut codes, mut ids, mut cases] = [(); 3].map(|()| StringBuilder::new());
        let [mut places, mut firsts, mut lasts, mut percents, mut quoted] =
            [(); 5].map(|()| Int32Builder::new());
        let mut scores = Float64Builder::new();
        let [mut is_rough, mut is_free] = [(); 2].map(|()| BooleanBuilder::new());
        for (id, talk, voices) in &transcripts {
            for row in step(py, || self.0.of(&model.0, (id, talk, voices)))? {
                let ProposedRow { code, place, lines: [first, last], case, percent, score, .. } =
                    row;
                codes.append_value(code);
                ids.append_value(id);
                places.append_value(narrow(place));
                firsts.append_value(narrow(first));
                lasts.append_value(narrow(last));
                cases.append_value(case);
                percents.append_value(i32::from(percent));
                scores.append_value(score);
                quoted.append_value(i32::try_from(row.n_quoted).unwrap_or(i32::MAX));
                is_rough.append_value(row.is_rough);
                is_free.append_value(row.is_free);
            }
        }
        Ok(NativeBatch(record_batch(vec![
            ("code", Arc::new(codes.finish())),
            ("transcript", Arc::new(ids.finish())),
            ("place", Arc::new(places.finish())),
            ("first_line", Arc::new(firsts.finish())),
            ("last_line", Arc::new(lasts.finish())),
            ("case", Arc::new(cases.finish())),
            ("percent", Arc::new(percents.finish())),
            ("score", Arc::new(scores.finish())),
            ("n_quoted", Arc::new(quoted.finish())),
            ("is_rough", Arc::new(is_rough.finish())),
            ("is_free", Arc::new(is_free.finish())),
        ])))
    }
}
