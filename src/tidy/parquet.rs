//! A table as a Parquet file: typed columns, compressed, every value may be absent.
//!
//! # Source
//! <https://parquet.apache.org/docs/file-format/>. One row group, Snappy, no times: the same
//! table gives the same bytes.

use std::io;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::{Column, TidyTable, Values};

/// Writes a table.
///
/// # Errors
/// If a column cannot be described or compressed.
pub(super) fn bytes(table: &TidyTable) -> io::Result<Vec<u8>> {
    write(table).map_err(io::Error::other)
}

fn write(table: &TidyTable) -> Result<Vec<u8>> {
    let fields = table.columns.iter().map(|column| field(column).map(Arc::new));
    let schema =
        Type::group_type_builder(table.name).with_fields(fields.collect::<Result<_>>()?).build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("leitmotif version {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema.into(), properties.into())?;
    let mut group = writer.next_row_group()?;
    for column in &table.columns {
        let mut out = group.next_column()?.expect("there is a field for every column");
        match &column.values {
            Values::Text(values) => {
                let texts = values.iter().map(|it| it.as_deref().map(ByteArray::from));
                write_column::<ByteArrayType>(&mut out, texts)?;
            }
            Values::Whole(values) => write_column::<Int64Type>(&mut out, values.iter().copied())?,
            Values::Number(values) => write_column::<DoubleType>(&mut out, values.iter().copied())?,
            Values::Flag(values) => write_column::<BoolType>(&mut out, values.iter().copied())?,
        }
        out.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

/// How a column is described.
fn field(column: &Column) -> Result<Type> {
    let (physical, logical) = match column.values {
        Values::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Values::Whole(_) => (Physical::INT64, None),
        Values::Number(_) => (Physical::DOUBLE, None),
        Values::Flag(_) => (Physical::BOOLEAN, None),
    };
    Type::primitive_type_builder(&column.name, physical)
        .with_logical_type(logical)
        .with_repetition(Repetition::OPTIONAL)
        .build()
}

/// Writes values beside levels: 1 where there is one, 0 where there is none.
fn write_column<T: DataType>(
    out: &mut SerializedColumnWriter<'_>,
    values: impl Iterator<Item = Option<T::T>>,
) -> Result<()> {
    let mut levels = Vec::new();
    let mut filled = Vec::new();
    for value in values {
        levels.push(i16::from(value.is_some()));
        filled.extend(value);
    }
    out.typed::<T>().write_batch(&filled, Some(&levels), None)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;

    use super::*;
    use crate::tidy::tests::example;

    #[test]
    fn what_is_written_is_read_again_with_its_types() {
        let table = example();
        let written = bytes(&table).unwrap();
        assert_eq!(written, bytes(&table).unwrap());
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&written).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let rows: Vec<Vec<(String, Field)>> =
            reader.get_row_iter(None).unwrap().map(|row| row.unwrap().into_columns()).collect();
        let named = |values: [Field; 4]| -> Vec<(String, Field)> {
            table.columns.iter().map(|column| column.name.clone()).zip(values).collect()
        };
        let text = Field::Str("=1, \"he\"\nsaid".to_owned());
        assert_eq!(
            rows,
            [
                named([text, Field::Double(1.0), Field::Bool(true), Field::Null]),
                named([Field::Null, Field::Double(0.82), Field::Null, Field::Long(3)]),
            ]
        );
    }
}
