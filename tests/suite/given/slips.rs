//! What goes wrong in files that people write and tools cut up.

use leitmotif::base::Numbers;

use super::layouts::clock;

/// A turn as it is written.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) words: String,
    /// When it begins, in seconds.
    pub(super) at: u64,
    /// The time as it is written, if not as in all other turns.
    pub(super) stamp: Option<String>,
}

/// What goes wrong with a file as a whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Mess {
    pub(super) is_short: bool,
    pub(super) slips: Vec<Slip>,
}

/// One slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    /// A label has two letters in the wrong order, once.
    Misspelt,
    /// A label is written in other letters, once.
    OtherCase,
    /// A label lacks its colon, once.
    NoColon,
    /// A label has another sign for its colon, once.
    OtherSign,
    /// A label is followed by a tab, or by several blanks, once.
    Tab,
    /// Two turns stand in one paragraph, once.
    OneParagraph,
    /// A blank line is lost, once.
    BlankLost,
    /// A blank line stands in a turn, once.
    BlankInside,
    /// A time is written in another form, once.
    OtherStamp,
    /// A time lacks a sign, once.
    BrokenStamp,
    /// Long lines are wrapped.
    Wrapped,
    /// Every line is indented.
    Indented,
    /// A line is cut off in the middle.
    CutOff,
    /// A number of a page stands between two lines of a turn.
    PageNumber,
    /// Lines end as on Windows.
    Windows,
    /// Lines end as on old Macs.
    OldMac,
}

pub(super) const SLIPS: [Slip; 16] = [
    Slip::Misspelt,
    Slip::OtherCase,
    Slip::NoColon,
    Slip::OtherSign,
    Slip::Tab,
    Slip::OneParagraph,
    Slip::BlankLost,
    Slip::BlankInside,
    Slip::OtherStamp,
    Slip::BrokenStamp,
    Slip::Wrapped,
    Slip::Indented,
    Slip::CutOff,
    Slip::PageNumber,
    Slip::Windows,
    Slip::OldMac,
];

/// Slips of labels, which those who speak often make visible.
pub(super) const SLIPS_OF_LABELS: [Slip; 6] = [
    Slip::Misspelt,
    Slip::OtherCase,
    Slip::NoColon,
    Slip::OtherSign,
    Slip::Tab,
    Slip::OneParagraph,
];

/// A label with two letters in the wrong order; `None` if it is too short for that.
fn misspelt(label: &str, dice: &mut Numbers) -> Option<String> {
    let mut letters: Vec<char> = label.chars().collect();
    let places: Vec<usize> = (1..letters.len().saturating_sub(1))
        .filter(|&at| letters[at].is_lowercase() && letters[at + 1].is_lowercase())
        .filter(|&at| letters[at] != letters[at + 1])
        .collect();
    if places.is_empty() || letters.len() < 5 {
        return None;
    }
    let at = places[dice.next_below(places.len())];
    letters.swap(at, at + 1);
    Some(letters.into_iter().collect())
}

/// Words with a line end about every 60 characters.
fn wrapped(words: &str) -> String {
    let mut lines = String::new();
    let mut n = 0;
    for word in words.split(' ') {
        if n + word.len() > 60 {
            lines.push('\n');
            n = 0;
        } else if n > 0 {
            lines.push(' ');
        }
        lines.push_str(word);
        n += word.len() + 1;
    }
    lines
}

/// Spoils turns before they are written.
pub(super) fn spoil_rows(rows: &mut [Row], mess: &Mess, dice: &mut Numbers) {
    // The first and last turns are whole, so that the layout is seen.
    let n = rows.len();
    for slip in &mess.slips {
        let at = 2 + dice.next_below(n - 4);
        match slip {
            Slip::Misspelt => {
                if let Some(label) = misspelt(&rows[at].label, dice) {
                    rows[at].label = label;
                }
            }
            Slip::OtherCase => {
                let label = &rows[at].label;
                let (lower, upper) = (label.to_lowercase(), label.to_uppercase());
                rows[at].label = if *label == upper { lower } else { upper };
            }
            Slip::OtherStamp => {
                let seconds = rows[at].at;
                rows[at].stamp = Some(match dice.next_below(4) {
                    0 => clock(seconds, !mess.is_short),
                    1 => clock(seconds, false) + ".250",
                    2 => clock(seconds, false) + ",25",
                    _ => clock(seconds, false).trim_start_matches("00:").to_owned(),
                });
            }
            Slip::BrokenStamp => {
                let stamp = clock(rows[at].at, mess.is_short);
                let broken = match dice.next_below(3) {
                    0 => stamp.replacen(':', ";", 1),
                    1 => stamp.replacen(':', ".", 1),
                    _ => stamp.replacen(':', " :", 1),
                };
                rows[at].stamp = Some(broken);
            }
            Slip::Wrapped => {
                for row in rows.iter_mut() {
                    row.words = wrapped(&row.words);
                }
            }
            Slip::CutOff => {
                let words = &mut rows[at].words;
                let half = words.floor_char_boundary(words.len() / 2);
                let end = words[..half].rfind([' ', '\n']).unwrap_or(half);
                words.truncate(end);
            }
            Slip::BlankInside => {
                let words = &rows[at].words;
                rows[at].words = words.replacen(". ", ".\n\n", 1);
            }
            Slip::PageNumber => {
                for row in rows.iter_mut() {
                    row.words = wrapped(&row.words);
                }
                let mut page = 1;
                for row in rows.iter_mut().skip(1).step_by(5) {
                    let mark = format!("\n{page}\n");
                    row.words = row.words.replacen('\n', &mark, 1);
                    page += usize::from(row.words.contains(&mark));
                }
            }
            _ => {}
        }
    }
}

/// Spoils the turns as they are written, and puts them together.
pub(super) fn spoil_text(
    mut turns: Vec<String>,
    rows: &[Row],
    mess: &Mess,
    dice: &mut Numbers,
) -> String {
    let n = turns.len();
    for slip in &mess.slips {
        let at = 2 + dice.next_below(n - 4);
        let label = &rows[at].label;
        let with_colon = format!("{label}:");
        match slip {
            Slip::NoColon => turns[at] = turns[at].replacen(&with_colon, label, 1),
            Slip::OtherSign => {
                let sign = [";", " :", ".", "：", " -"][dice.next_below(5)];
                turns[at] = turns[at].replacen(&with_colon, &format!("{label}{sign}"), 1);
            }
            Slip::Tab => {
                let blank = ["\t", "  ", "", "\u{a0}"][dice.next_below(4)];
                turns[at] =
                    turns[at].replacen(&format!("{label}: "), &format!("{label}:{blank}"), 1);
            }
            Slip::OneParagraph => {
                let end = turns[at].trim_end().len();
                turns[at].truncate(end);
                turns[at].push(' ');
            }
            Slip::BlankLost => {
                let end = turns[at].trim_end().len();
                turns[at].truncate(end);
                turns[at].push('\n');
            }
            _ => {}
        }
    }
    let mut text = turns.concat();
    for slip in &mess.slips {
        match slip {
            Slip::Indented => text = text.lines().map(|line| format!("    {line}\n")).collect(),
            Slip::Windows => text = text.replace('\n', "\r\n"),
            Slip::OldMac => text = text.replace('\n', "\r"),
            _ => {}
        }
    }
    text
}
