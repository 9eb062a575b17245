//! txt
