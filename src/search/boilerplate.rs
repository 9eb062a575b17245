//! Words that any question about talk may hold.

/// English words of asking and reporting, lower-cased: they say that somebody
/// spoke, not about what.
const ENGLISH: &[&str] = &[
    "discuss", "discussed", "discussing", "discussion", "discussions", "summarize", "summarise", "summary", "talk",
    "talked", "talking", "mention", "mentioned", "opinion", "opinions", "attitude", "view", "views", "describe",
    "described", "description", "explain", "explained", "explanation", "believe", "believed", "thoughts", "idea",
    "ideas", "comment", "comments", "commented", "express", "expressed", "answer", "answered", "question", "ask",
    "asked", "speaker", "speakers", "participant", "participants", "interviewee", "interview", "interviews",
    "meeting", "conversation", "whole", "reason", "reasons", "regarding", "concerning", "respond", "responded",
    "response", "introduce", "introduced", "according", "content", "topic", "people",
];

/// Whether a word, lower-cased, says little about what a question is after.
pub fn is_boilerplate(word: &str) -> bool {
    ENGLISH.contains(&word)
}
