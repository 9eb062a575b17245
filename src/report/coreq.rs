//! The checklist for reports of interviews and focus groups (COREQ), filled as
//! far as the data go.
//!
//! # Source
//! Tong, Sainsbury and Craig (2007), <https://doi.org/10.1093/intqhc/mzm042>. Item
//! names are theirs; what to write is said in our own words.

use crate::answers::document::CoreqItem;

const TEAM: &str = "Research team and reflexivity";
const DESIGN: &str = "Study design";
const ANALYSIS: &str = "Analysis and findings";

const ITEMS: [(&str, &str, &str); 32] = [
    (TEAM, "Interviewer or facilitator", "who conducted the interviews"),
    (TEAM, "Credentials", "the researchers’ degrees"),
    (TEAM, "Occupation", "their work at the time"),
    (TEAM, "Gender", "their gender"),
    (TEAM, "Experience and training", "their experience and training"),
    (TEAM, "Relationship established", "whether they knew the participants before"),
    (
        TEAM,
        "Participant knowledge of the interviewer",
        "what participants knew about the interviewer",
    ),
    (TEAM, "Interviewer characteristics", "bias, assumptions, and reasons for the research"),
    (
        DESIGN,
        "Methodological orientation and theory",
        "the methodological approach, such as grounded theory or thematic analysis",
    ),
    (DESIGN, "Sampling", "how participants were chosen"),
    (DESIGN, "Method of approach", "how they were approached"),
    (DESIGN, "Sample size", "how many took part"),
    (DESIGN, "Non-participation", "how many people refused or dropped out, and why"),
    (DESIGN, "Setting of data collection", "where the interviews took place"),
    (DESIGN, "Presence of non-participants", "who else was there"),
    (DESIGN, "Description of sample", "what characterises the participants"),
    (DESIGN, "Interview guide", "the questions, and whether they were piloted"),
    (DESIGN, "Repeat interviews", "whether anybody was interviewed again, and how often"),
    (DESIGN, "Audio or visual recording", "how the interviews were recorded"),
    (DESIGN, "Field notes", "whether notes were made during or after"),
    (DESIGN, "Duration", "how long the interviews took"),
    (DESIGN, "Data saturation", "whether it was discussed"),
    (DESIGN, "Transcripts returned", "whether participants could correct them"),
    (ANALYSIS, "Number of data coders", "how many people coded"),
    (ANALYSIS, "Description of the coding tree", "the codes and how they are related"),
    (
        ANALYSIS,
        "Derivation of themes",
        "whether themes were identified in advance or derived from the data",
    ),
    (ANALYSIS, "Software", "the software that was used"),
    (ANALYSIS, "Participant checking", "whether participants commented on the findings"),
    (
        ANALYSIS,
        "Quotations presented",
        "whether quotations illustrate the themes and are identified",
    ),
    (ANALYSIS, "Data and findings consistent", "whether the findings follow from the data shown"),
    (ANALYSIS, "Clarity of major themes", "whether the major themes are presented clearly"),
    (ANALYSIS, "Clarity of minor themes", "whether deviant cases and minor themes are discussed"),
];

/// The whole checklist, with the answers that there are, by item number.
pub fn checklist(mut answers: std::collections::BTreeMap<u8, String>) -> Vec<CoreqItem> {
    (1_u8..)
        .zip(ITEMS)
        .map(|(number, (domain, name, asks))| CoreqItem {
            number,
            domain,
            name,
            asks,
            answer: answers.remove(&number).filter(|answer| !answer.is_empty()),
        })
        .collect()
}

/// What stands in the table: the answer, or who is to give it.
pub(super) fn cell(item: &CoreqItem) -> String {
    item.answer
        .clone()
        .unwrap_or_else(|| format!("For the researchers to complete: {}.", item.asks))
}
