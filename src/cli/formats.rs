//! What the words of options such as `--format` mean.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::answers::document::PictureKind;
use crate::rendering::{Format, QuoteFormat, TableFormat};
use crate::report::Contents;
use crate::tidy::FileFormat;

/// Gives the values of an enum their words on the command line, with what `--help`
/// says of each.
macro_rules! words {
    ($type:ty, $($value:ident $word:literal $help:literal),+ $(,)?) => {
        impl ValueEnum for $type {
            fn value_variants<'a>() -> &'a [Self] {
                &[$(Self::$value),+]
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(match self {
                    $(Self::$value => PossibleValue::new($word).help($help),)+
                })
            }
        }
    };
}

words!(Format,
    Text "text" "For people",
    Json "json" "One JSON object",
    Jsonl "jsonl" "One JSON object on each line",
);

words!(QuoteFormat,
    Text "text" "For people",
    Json "json" "One JSON value",
    Jsonl "jsonl" "One JSON object on each line",
    Csv "csv" "A table for a spreadsheet; cells that look like a formula get an apostrophe in front",
    Md "md" "Markdown, to paste into a report",
);

words!(TableFormat,
    Text "text" "For people",
    Json "json" "One JSON object",
    Csv "csv" "A table for a spreadsheet",
    Md "md" "Markdown, to paste into a report",
);

words!(FileFormat,
    Csv "csv" "Text that every program reads",
    Parquet "parquet" "Typed columns, compressed",
);

words!(PictureKind,
    Quoted "quoted" "How many participants are quoted under each theme and code",
    Matrix "matrix" "Who has how many passages of each theme",
    Map "map" "Which themes are alike",
    Saturation "saturation" "What each interview adds",
    Dispersion "dispersion" "Where in each interview each theme is said",
);

words!(Contents,
    Report "report" "All of it",
    Quotes "quotes" "Quotes; in a table, one row for each quote and code",
    Codebook "codebook" "One row for each theme or code, with its definition",
    Matrix "matrix" "One row for each participant, one column for each theme or code: 1 if quoted under it",
);
