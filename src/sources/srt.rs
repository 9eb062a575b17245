//! srt
