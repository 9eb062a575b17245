//! What a file knows of cases becomes a `cases.csv`.

use std::collections::{BTreeMap, BTreeSet};

use super::BundleCase;
use super::matching::Match;
use crate::base::{Diagnostic, Remedy, one_line};
use crate::corpus::Corpus;
use crate::transcripts::{normal_label, stem_of};

/// A row of a `cases.csv` that is to be written.
pub struct CaseRow<'a> {
    /// The transcript's id.
    pub transcript: &'a str,
    /// The label of the speaker, where the transcript does not tell enough.
    pub speaker: Option<&'a str>,
    /// The case, where it is named otherwise than the transcript.
    pub case: Option<&'a str>,
    /// What is known of the case.
    pub attributes: &'a BTreeMap<String, String>,
}

/// The rows that tell the study what it does not know yet.
pub fn case_rows<'a>(
    corpus: &'a Corpus,
    cases: &'a [BundleCase],
    places: &BTreeMap<String, Match>,
    warnings: &mut Vec<Diagnostic>,
) -> Vec<CaseRow<'a>> {
    let mut n_cases: BTreeMap<&String, usize> = BTreeMap::new();
    for source in cases.iter().flat_map(|case| &case.sources) {
        *n_cases.entry(source).or_default() += 1;
    }
    let mut rows = Vec::new();
    for case in cases {
        for source in &case.sources {
            let Some(&Match { t, .. }) = places.get(source) else { continue };
            let known = &corpus.transcripts[t];
            let id_of = |s: usize| corpus.cases.of_speaker[t][s].map(|c| &corpus.cases.cases[c]);
            let speakers = || 0..known.speakers.len();
            let is_case = |s: &usize| {
                let wanted = normal_label(&case.id);
                id_of(*s).is_some_and(|known| normal_label(&known.id) == wanted)
            };
            let label = stem_of(&case.id);
            let is_named = |s: &usize| {
                id_of(*s).is_some()
                    && normal_label(&known.speakers[*s].label) == normal_label(label)
            };
            let is_alone = n_cases[source] == 1;
            let row = if let Some(s) = speakers().find(is_case) {
                let has = |(name, value): (&String, &String)| {
                    id_of(s).and_then(|known| known.attributes.get(name)) == Some(value)
                };
                if case.attributes.iter().all(has) {
                    continue;
                }
                let is_only = speakers().filter(|s| id_of(*s).is_some()).count() == 1;
                let speaker = (!is_only).then_some(known.speakers[s].label.as_str());
                (speaker, None)
            } else if let Some(s) = speakers().find(is_named) {
                (Some(known.speakers[s].label.as_str()), Some(case.id.as_str()))
            } else if is_alone && speakers().any(|s| id_of(s).is_some()) {
                (None, Some(case.id.as_str()))
            } else {
                warnings.push(
                    Diagnostic::new(format!(
                        "the case `{}` is not imported: it is not clear which speaker it is",
                        case.id
                    ))
                    .in_file(known.id.clone(), None)
                    .with(Remedy::new("write it into cases.csv with a column `speaker`")),
                );
                continue;
            };
            rows.push(CaseRow {
                transcript: &known.id,
                speaker: row.0.filter(|label| !label.is_empty()),
                case: row.1,
                attributes: &case.attributes,
            });
        }
    }
    rows
}

/// The text of `cases.csv`.
pub fn case_table(rows: &[CaseRow<'_>]) -> String {
    /// Columns that say whom a row is about cannot be attributes.
    const KEYS: &[&str] = &[
        "transcript",
        "file",
        "interview",
        "filename",
        "speaker",
        "name",
        "case",
        "id",
        "participant",
    ];
    let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.attributes.keys()).collect();
    let heading = |name: &String| {
        // Marks that could be taken for what separates columns.
        let name = name.replace([';', ',', '\t', '\n', '\r', '"'], " ");
        let name = one_line(&name);
        if KEYS.contains(&name.to_lowercase().as_str()) {
            format!("{name} (attribute)")
        } else {
            name
        }
    };
    let has_speakers = rows.iter().any(|row| row.speaker.is_some());
    let has_cases = rows.iter().any(|row| row.case.is_some());
    let mut header = vec!["transcript".to_owned()];
    header.extend(has_speakers.then(|| "speaker".to_owned()));
    header.extend(has_cases.then(|| "case".to_owned()));
    header.extend(names.iter().map(|name| heading(name)));
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut records = vec![header];
    for row in rows {
        let mut record = vec![row.transcript.to_owned()];
        record.extend(has_speakers.then(|| row.speaker.unwrap_or_default().to_owned()));
        record.extend(has_cases.then(|| row.case.unwrap_or_default().to_owned()));
        let value = |name: &&String| row.attributes.get(*name).cloned().unwrap_or_default();
        record.extend(names.iter().map(value));
        records.push(record);
    }
    for record in records {
        table.write_record(record).expect("a vector takes all that is written");
    }
    let bytes = table.into_inner().expect("a vector takes all that is written");
    String::from_utf8(bytes).expect("all cells are text")
}
