//! A table as an Arrow record batch: the columns that Parquet has, in memory.
//!
//! # Source
//! <https://arrow.apache.org/docs/format/Columnar.html>. What a column means is in the
//! metadata of its field, under `about`.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{Field, Schema};

use super::{Column, TidyTable, Values};

impl TidyTable {
    /// The table as one batch; every value may be absent.
    pub fn record_batch(&self) -> RecordBatch {
        let columns: Vec<ArrayRef> = self.columns.iter().map(array).collect();
        let field = |(column, array): (&Column, &ArrayRef)| {
            let about = HashMap::from([("about".to_owned(), column.about.clone())]);
            Field::new(&column.name, array.data_type().clone(), true).with_metadata(about)
        };
        let fields: Vec<Field> = self.columns.iter().zip(&columns).map(field).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
            .expect("columns of a table have one length")
    }
}

fn array(column: &Column) -> ArrayRef {
    match &column.values {
        Values::Text(values) => {
            Arc::new(values.iter().map(Option::as_deref).collect::<StringArray>())
        }
        Values::Whole(values) => Arc::new(Int64Array::from(values.clone())),
        Values::Number(values) => Arc::new(Float64Array::from(values.clone())),
        Values::Flag(values) => Arc::new(BooleanArray::from(values.clone())),
    }
}
