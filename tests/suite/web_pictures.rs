//! Pictures on pages.
