//! features
pub mod counts;
pub mod lsa;
