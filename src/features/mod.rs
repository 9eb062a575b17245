//! features
pub mod counts;
pub mod lsa;
pub mod space;
pub mod tfidf;
