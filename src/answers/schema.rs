//! The JSON Schema of every machine-readable answer.
//!
//! A command comes in, as it is typed; the schema of what it prints goes out, made of the
//! types of the answer and what is written beside their fields.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::document::Document;
use super::{
    AgreementAnswer, CodeAnswer, CodeRuleAnswer, CompareAnswer, ConcordanceLine, GrowthAnswer, Hit,
    InfoAnswer, KeyAnswer, LogEntry, MemoAnswer, ProposalAgreementAnswer, ProposalAnswer,
    ProposalsAnswer, QuotationAnswer, RefusalAnswer, RejectionAnswer, SaturationAnswer, ScanAnswer,
    ThemeAnswer, ThemeChange, ThemesAnswer, VerifyAnswer,
};
use crate::base::one_line;
use crate::codebook::act::Act;

/// The version of the answers' shapes: raised when a field is renamed, taken away or means
/// something else; new fields do not raise it.
pub const FORMAT_VERSION: u32 = 1;

/// A machine-readable answer.
pub struct DescribedAnswer {
    /// The command that prints it, such as `themes --since`; with `--format json` unless it
    /// says otherwise.
    pub command: &'static str,
    schema: fn() -> Schema,
}

macro_rules! answers {
    ($($command:literal $answer:ty,)*) => {
        &[$(DescribedAnswer { command: $command, schema: schema::<$answer> },)*]
    };
}

/// All of them, in the order in which commands are listed.
pub const ANSWERS: &[DescribedAnswer] = answers![
    "info" InfoAnswer,
    "themes" ThemesAnswer,
    "themes --format jsonl" ThemeAnswer,
    "themes --since" GrowthAnswer,
    "themes --since --format jsonl" ThemeChange,
    "themes --unassigned" Vec<Hit>,
    "themes --unassigned --format jsonl" Hit,
    "search" Vec<Hit>,
    "search --format jsonl" Hit,
    "search --kwic" Vec<ConcordanceLine>,
    "search --kwic --format jsonl" ConcordanceLine,
    "similar" Vec<Hit>,
    "similar --format jsonl" Hit,
    "propose" ProposalsAnswer,
    "propose --format jsonl" ProposalAnswer,
    "propose rejected" Vec<RefusalAnswer>,
    "compare" CompareAnswer,
    "saturation" SaturationAnswer,
    "theme rejected" Vec<RejectionAnswer>,
    "code rule" CodeRuleAnswer,
    "quote list" Vec<QuotationAnswer>,
    "memo list" Vec<MemoAnswer>,
    "codebook" Vec<CodeAnswer>,
    "log" Vec<LogEntry>,
    "export report.json" Document,
    "verify" VerifyAnswer,
    "agreement" AgreementAnswer,
    "agreement --with proposals" ProposalAgreementAnswer,
    "pseudonyms list" KeyAnswer,
    "pseudonyms scan" ScanAnswer,
];

impl DescribedAnswer {
    /// The answer that a command prints.
    pub fn of(command: &str) -> Option<&'static Self> {
        ANSWERS.iter().find(|answer| answer.command == command)
    }

    /// Its schema.
    ///
    /// # Source
    /// JSON Schema, draft 2020-12, <https://json-schema.org/draft/2020-12>.
    pub fn schema(&self) -> Value {
        let name = self.command.replace(" --format jsonl", "-line").replace([' ', '-', '.'], "-");
        titled((self.schema)(), self.command, &name)
    }
}

/// The schema of an act as it is read: what a person can do to a study.
pub fn act() -> Value {
    let settings = plain(SchemaSettings::draft2020_12().for_deserialize());
    titled(settings.into_generator().into_root_schema_for::<Act>(), "act", "act")
}

fn titled(mut schema: Schema, title: &str, name: &str) -> Value {
    schema.insert("title".to_owned(), json!(format!("leitmotif {title}")));
    schema.insert("$id".to_owned(), json!(format!("urn:leitmotif:{name}:{FORMAT_VERSION}")));
    schema.insert("x-format-version".to_owned(), json!(FORMAT_VERSION));
    schema.to_value()
}

/// The schema of a type as it is written.
fn schema<T: JsonSchema>() -> Schema {
    let settings = plain(SchemaSettings::draft2020_12().for_serialize());
    settings.into_generator().into_root_schema_for::<T>()
}

/// Such settings with descriptions for people.
fn plain(settings: SchemaSettings) -> SchemaSettings {
    let plain = RecursiveTransform(|schema: &mut Schema| {
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = in_plain_words(text);
        }
    });
    settings.with_transform(plain)
}

/// What is written beside a field, without what links it to other places of the source, and
/// without sections for programmers.
fn in_plain_words(text: &str) -> String {
    let text = text.split("\n\n#").next().unwrap_or_default();
    let text = text.replace("[`", "`").replace("`]", "`");
    one_line(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_one_schema_that_explains_its_fields() {
        let mut commands = std::collections::BTreeSet::new();
        for answer in ANSWERS {
            assert!(commands.insert(answer.command), "`{}` is listed twice", answer.command);
            let schema = answer.schema();
            assert_eq!(schema["x-format-version"], FORMAT_VERSION);
            let text = schema.to_string();
            assert!(!text.contains("[`") && !text.contains("# Source"), "{}", answer.command);
            let fields = schema.get("properties").and_then(Value::as_object);
            for (name, field) in fields.into_iter().flatten() {
                let is_told = field.get("description").is_some() || field.get("$ref").is_some();
                assert!(is_told, "`{}`: {name}", answer.command);
            }
        }
        assert!(DescribedAnswer::of("themes").is_some() && DescribedAnswer::of("serve").is_none());
    }
}
