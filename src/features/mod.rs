//! What passages are about, in numbers: words counted, weighed and placed.

pub mod context;
pub mod counts;
pub mod lsa;
pub mod meaning;
pub mod recurrence;
pub mod space;
pub mod tfidf;
