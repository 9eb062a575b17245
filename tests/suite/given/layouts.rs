//! How people and tools lay out a text with turns.

use super::slips::{Mess, Row};

/// The labels of one file, who asks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    /// Any.
    Any,
    /// Roles, initials or codes: what a full stop may follow.
    Roles,
    /// Codes with a number.
    Codes,
}

/// A layout: of each turn, where `{l}` stands for the label, `{L}` for it in capitals, `{s}` for
/// the time, `{e}` for the time at its end, `{n}` for the number of the turn and `{w}` for the
/// words; a blank line between turns where it ends in a line end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) turn: &'static str,
    pub(super) cast: Cast,
    pub(super) is_markdown: bool,
}

const fn of(cast: Cast, is_markdown: bool, turn: &'static str) -> Layout {
    Layout { turn, cast, is_markdown }
}

/// All layouts of text.
pub(super) const LAYOUTS: [Layout; 46] = [
    of(Cast::Any, false, "{l}: {w}"),
    of(Cast::Any, false, "{l}: {w}\n"),
    of(Cast::Any, false, "{l}:\t{w}"),
    of(Cast::Any, false, "{l} : {w}"),
    of(Cast::Any, false, "{l}:\n{w}\n"),
    of(Cast::Any, false, "{L}: {w}\n"),
    of(Cast::Any, false, "{l}: {w} #{s}-5#"),
    of(Cast::Any, false, "{l}: {w} [{s}]"),
    of(Cast::Any, false, "{l}: [{s}] {w}"),
    of(Cast::Any, false, "[{s}] {l}: {w}"),
    of(Cast::Any, false, "[{s}]\n{l}: {w}\n"),
    of(Cast::Any, false, "{s} {l}: {w}"),
    of(Cast::Any, false, "{s}\t{l}:\t{w}"),
    of(Cast::Any, false, "({s}) {l}: {w}"),
    of(Cast::Any, false, "{l} ({s}): {w}"),
    of(Cast::Any, false, "{l} [{s}]: {w}"),
    of(Cast::Any, false, "{l} ({s}):\n{w}\n"),
    of(Cast::Any, false, "{l}  {s}\n{w}\n"),
    of(Cast::Any, false, "[{l}] {s}\n{w}\n"),
    of(Cast::Any, false, "{s} --> {e}\n{l}\n{w}\n"),
    of(Cast::Any, false, "{s} --> {e}\n{l}: {w}\n"),
    of(Cast::Any, false, "[{s}] {l}\n{w}\n"),
    of(Cast::Any, false, "{s}\n{l}: {w}\n"),
    of(Cast::Any, false, "{l}\n{s}\n{w}\n"),
    of(Cast::Any, false, "{l} | {s}\n{w}\n"),
    of(Cast::Any, false, "{l} | {s} | {w}"),
    of(Cast::Any, false, "{l} - {w}"),
    of(Cast::Any, false, "{l} – {w}\n"),
    of(Cast::Any, false, "{l}\t{w}"),
    of(Cast::Any, false, "{l}    {w}"),
    of(Cast::Any, false, "({l}) {w}"),
    of(Cast::Any, false, "<{l}> {w}"),
    of(Cast::Any, false, "[{l}] {w}\n"),
    of(Cast::Any, false, "{L}\n{w}\n"),
    of(Cast::Any, false, "{n}. {l}: {w}"),
    of(Cast::Any, false, "[{n}] {l}: {w}"),
    of(Cast::Any, false, ">> {l}: {w}"),
    of(Cast::Any, false, "- {l}: {w}"),
    of(Cast::Roles, false, "{l}. {w}"),
    of(Cast::Codes, false, "{l} {w}"),
    of(Cast::Any, true, "**{l}:** {w}\n"),
    of(Cast::Any, true, "**{l}**: {w}\n"),
    of(Cast::Any, true, "**{l}** ({s}): {w}\n"),
    of(Cast::Any, true, "### {l}\n\n{w}\n"),
    of(Cast::Any, true, "- **{l}:** {w}"),
    of(Cast::Any, true, "**{l}:**\n\n{w}\n"),
];

/// The time as `0:01:05`, or `1:05` in the first hour where it is short.
pub(super) fn clock(seconds: u64, is_short: bool) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if is_short && hours == 0 {
        format!("{minutes}:{seconds:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    }
}

/// The turns of a text, each with the line end behind it.
pub(super) fn turns(layout: Layout, rows: &[Row], mess: &Mess) -> Vec<String> {
    let one = |(n, row): (usize, &Row)| {
        let stamp = row.stamp.clone().unwrap_or_else(|| clock(row.at, mess.is_short));
        // The words come last: they may hold anything.
        let head = layout
            .turn
            .replace("{l}", &row.label)
            .replace("{L}", &row.label.to_uppercase())
            .replace("{s}", &stamp)
            .replace("{e}", &clock(row.at + 4, mess.is_short))
            .replace("{n}", &n.to_string());
        head.replace("{w}", &row.words) + "\n"
    };
    (1..).zip(rows).map(one).collect()
}
