//! A table that goes out: described, and as an Arrow stream.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde_json::json;

use crate::tidy::TidyTable;

/// A table of a study.
#[pyclass(frozen)]
pub(super) struct NativeTable {
    batch: RecordBatch,
    about: String,
}

impl NativeTable {
    /// A table as it is handed over.
    pub(super) fn new(table: &TidyTable) -> Self {
        let columns = table.columns.iter();
        let columns = columns.map(|it| json!([it.name, it.kind(), it.about])).collect::<Vec<_>>();
        let about = json!({
            "name": table.name,
            "about": table.about,
            "made_by": table.made_by.name(),
            "key": table.key,
            "links": table.links,
            "columns": columns,
        });
        Self { batch: table.record_batch(), about: about.to_string() }
    }
}

#[pymethods]
impl NativeTable {
    /// What it holds, as JSON.
    #[getter]
    fn about(&self) -> &str {
        &self.about
    }

    /// How many rows it has.
    #[getter]
    fn n_rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The rows, as the Arrow `PyCapsule` interface asks for them.
    ///
    /// # Source
    /// <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>
    fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream_of(py, &self.batch)
    }
}

/// A batch as an Arrow stream, without a copy.
pub(super) fn stream_of<'py>(
    py: Python<'py>,
    batch: &RecordBatch,
) -> PyResult<Bound<'py, PyCapsule>> {
    let batches = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    let stream = FFI_ArrowArrayStream::new(Box::new(batches));
    PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
}
