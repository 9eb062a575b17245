//! Real transcripts that are no part of this package. These tests pass, and say
//! so, where the folder `../shared/data` is absent.

use std::path::{Path, PathBuf};

use crate::harness::{Folder, copy, skipped};

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if path.is_dir() {
        return Some(path);
    }
    skipped(&path.display().to_string());
    None
}

#[test]
fn doctors_ask_and_patients_answer() {
    let Some(path) = shared("primock57") else { return };
    let folder = Folder::new();
    copy(&path, folder.path());
    let info: serde_json::Value =
        serde_json::from_str(&folder.answer(&["info", "--format", "json"])).unwrap();
    let transcripts = info["transcripts"].as_array().unwrap();
    assert_eq!(transcripts.len(), 57);
    for transcript in transcripts {
        for speaker in transcript["speakers"].as_array().unwrap() {
            let expected = if speaker["label"] == "Doctor" { "interviewer" } else { "participant" };
            assert_eq!(speaker["role"], expected, "{transcript}");
        }
    }
}

#[test]
fn every_participants_line_of_a_real_study_is_in_a_passage() {
    let Some(path) = shared("pdpilot/transcripts") else { return };
    let folder = Folder::new();
    copy(&path, folder.path());
    // Some lines hold a second turn, which is told.
    let ran = folder.run(&["themes", "--count", "12", "--format", "json"]);
    assert!(ran.code == 1 && ran.err.contains("the label of a speaker stands"), "{}", ran.err);
    let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let mut covered = std::collections::BTreeSet::new();
    for passage in answer["passages"].as_array().unwrap() {
        let lines = &passage["lines"];
        for line in lines[0].as_u64().unwrap()..=lines[1].as_u64().unwrap() {
            covered.insert((passage["transcript"].as_str().unwrap().to_owned(), line));
        }
    }
    let mut missing = 0;
    for id in ["P1", "P2", "P3", "P4", "P5", "P6", "P7"] {
        let text = std::fs::read_to_string(path.join(format!("{id}.txt"))).unwrap();
        for (number, line) in (1_u64..).zip(text.lines()) {
            // A short "Okay." may belong to the question that it listens to.
            let says = line
                .strip_prefix("Participant:")
                .map_or(0, |words| words.split_whitespace().count());
            missing += u32::from(says > 2 && !covered.contains(&(id.to_owned(), number)));
        }
    }
    assert_eq!(missing, 0);
}
