//! Reads TTML and DFXP subtitles.
//!
//! A decoded text comes in; a [`RawTranscript`] goes out. Paragraphs with times are cues. Whom
//! `ttm:agent` names is the speaker; without agents names are sought in the words, as in
//! other subtitles. Ruby and the layout are left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::events::BytesStart;

use super::cues::{self, Format};
use crate::base::{Diagnostic, Remedy, TimeSpan, count};
use crate::documents::xml::{self, Visitor, local_attribute};
use crate::files::{SourceError, SourceProblem};
use crate::text::{RawTranscript, RawTurn};

/// Reads subtitles.
///
/// # Errors
/// [`SourceError`] if they are damaged, or no words belong to a time.
pub(crate) fn parse(text: &str) -> Result<RawTranscript, SourceError> {
    let mut file = Ttml { rate: 30.0, ticks: 1.0, ..Ttml::default() };
    xml::walk(text, &mut file).map_err(SourceError::whole)?;
    if file.cues.iter().all(|cue| cue.words.trim().is_empty()) {
        return Err(SourceError::whole(SourceProblem::NoSpeech));
    }
    let cues = file.cues.iter().map(|cue| {
        let agent = file.agents.get(&cue.agent).filter(|name| !name.trim().is_empty());
        let label = agent.map(String::as_str).or(Some(&*cue.agent)).filter(|it| !it.is_empty());
        Cue { start_ms: cue.start_ms, end_ms: cue.end_ms, label, words: &cue.words }
    });
    let mut raw = read_cues(cues, "TTML subtitles")?;
    raw.language = file.language;
    Ok(raw)
}

/// Words with a time, of a format that has no other way of its own.
pub(super) struct Cue<'t> {
    pub(super) start_ms: Option<u64>,
    pub(super) end_ms: Option<u64>,
    pub(super) label: Option<&'t str>,
    pub(super) words: &'t str,
}

/// Reads cues as those of `WebVTT` are: names are sought in them, and what rolls is told
/// once. Warnings name no lines, since these are not those of the file.
pub(super) fn read_cues<'t>(
    cues: impl Iterator<Item = Cue<'t>>,
    layout: &str,
) -> Result<RawTranscript, SourceError> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let clock = |ms: u64| {
        let (seconds, rest) = (ms / 1000, ms % 1000);
        format!("{:02}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    };
    let mut vtt = "WEBVTT\n".to_owned();
    let (mut latest_ms, mut n_untimed) = (0, 0_u64);
    for cue in cues {
        let lines = cue.words.lines().map(str::trim).filter(|line| !line.is_empty());
        let words: Vec<String> = lines.map(escaped).collect();
        if words.is_empty() {
            continue;
        }
        n_untimed += u64::from(cue.start_ms.is_none());
        let start_ms = cue.start_ms.unwrap_or(latest_ms);
        let end_ms = cue.end_ms.filter(|&end_ms| end_ms >= start_ms).unwrap_or(start_ms);
        latest_ms = start_ms;
        let voice = cue.label.map_or(String::new(), |label| format!("<v {}>", escaped(label)));
        let (from, to) = (clock(start_ms), clock(end_ms));
        // A cue without an id could take the words above it for one.
        write!(vtt, "\ncue\n{from} --> {to}\n{voice}{}\n", words.join("\n"))
            .expect("a string takes all that is written");
    }
    let mut raw =
        cues::parse(&vtt, Format::Vtt).map_err(|error| SourceError::whole(error.problem))?;
    layout.clone_into(&mut raw.layout);
    for warning in &mut raw.warnings {
        *warning = warning.clone().on_line(None);
    }
    if n_untimed > 0 {
        let problem =
            format!("{} without a time, put behind the one before", count(n_untimed, "subtitle"));
        raw.warnings.push(Diagnostic::new(problem).with(Remedy::new("check the times there")));
    }
    Ok(raw)
}

/// The text and turns of timed words that name nobody but in themselves, `Ada: So?`, as cues
/// of subtitles do.
pub(crate) fn named_in_words<'t>(
    said: impl Iterator<Item = (Option<TimeSpan>, &'t str)>,
) -> Option<(String, Vec<RawTurn>)> {
    let cues = said.map(|(time, words)| Cue {
        start_ms: time.map(|time| time.start_ms),
        end_ms: time.and_then(|time| time.end_ms),
        label: None,
        words,
    });
    let raw = read_cues(cues, "").ok()?;
    raw.turns.iter().any(|turn| turn.label.is_some()).then_some((raw.text, raw.turns))
}

/// A file as far as it is read.
#[derive(Default)]
struct Ttml {
    /// Frames and ticks a second.
    rate: f64,
    ticks: f64,
    language: Option<String>,
    /// Names of agents by their ids, and the one whose name is being read.
    agents: BTreeMap<String, String>,
    agent: String,
    is_name: bool,
    cues: Vec<Timed>,
    /// For each open element within a cue, the agent around it.
    outer_agents: Vec<String>,
    /// For each open element around cues, when it begins.
    begins: Vec<u64>,
    in_cue: usize,
}

#[derive(Default)]
struct Timed {
    start_ms: Option<u64>,
    end_ms: Option<u64>,
    agent: String,
    words: String,
}

impl Ttml {
    /// Reads `00:00:01.500`, `00:00:01:12` (frames), `1.5s`, `1500ms`, `45000000t`.
    fn time(&self, text: &str) -> Option<u64> {
        let text = text.trim();
        let to_ms = |seconds: f64| super::ms_of_seconds(&seconds.to_string());
        if let Some((clock, frames)) =
            text.rsplit_once(':').filter(|_| text.matches(':').count() == 3)
        {
            return Some(
                to_ms(frames.parse::<f64>().ok()? / self.rate)?
                    + crate::labels::time::parse_timing(clock)?,
            );
        }
        if text.contains(':') {
            return crate::labels::time::parse_timing(text);
        }
        let n_number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
        let number: f64 = text[..n_number].parse().ok()?;
        let unit = match &text[n_number..] {
            "h" => 3_600.0,
            "m" => 60.0,
            "ms" => 0.001,
            "f" => 1.0 / self.rate,
            "t" => 1.0 / self.ticks,
            _ => 1.0,
        };
        to_ms(number * unit)
    }

    fn positive(tag: &BytesStart<'_>, name: &str) -> Option<f64> {
        local_attribute(tag, name)?.parse().ok().filter(|&number: &f64| number > 0.0)
    }
}

impl Visitor for Ttml {
    fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> bool {
        let value = |name: &str| local_attribute(tag, name);
        let time = |name: &str| value(name).and_then(|it| self.time(&it));
        let (begin, end, length) = (time("begin"), time("end"), time("dur"));
        if self.in_cue > 0 {
            match name {
                "br" => self.words("\n"),
                "metadata" => return false,
                _ => {}
            }
            let is_ruby = value("ruby").is_some_and(|it| it == "text" || it == "textContainer");
            if is_ruby {
                return false;
            }
            self.in_cue += 1;
            // Spans may bring times and agents of their own.
            if let Some(cue) = self.cues.last_mut() {
                self.outer_agents.push(cue.agent.clone());
                let agent = value("agent").unwrap_or_else(|| cue.agent.clone());
                if cue.words.trim().is_empty() {
                    cue.start_ms = cue.start_ms.or(begin);
                    cue.end_ms = cue.end_ms.or(end);
                    cue.agent = agent;
                } else if agent != cue.agent {
                    let (start_ms, end_ms) = (begin.or(cue.start_ms), end.or(cue.end_ms));
                    self.cues.push(Timed { start_ms, end_ms, agent, words: String::new() });
                }
            }
            return true;
        }
        match name {
            "tt" => {
                let multiplier = value("frameRateMultiplier").unwrap_or_default();
                let parts = multiplier.split_once([' ', ':']);
                let parts =
                    parts.and_then(|(a, b)| Some((a.parse::<f64>().ok()?, b.parse::<f64>().ok()?)));
                let factor =
                    parts.filter(|(a, b)| *a > 0.0 && *b > 0.0).map_or(1.0, |(a, b)| a / b);
                self.rate = Self::positive(tag, "frameRate").unwrap_or(30.0) * factor;
                self.ticks = Self::positive(tag, "tickRate").unwrap_or(1.0);
                let language = value("lang").unwrap_or_default();
                let short = language.split('-').next().unwrap_or_default().to_lowercase();
                self.language = Some(short).filter(|it| (2..=3).contains(&it.len()));
            }
            "agent" => self.agent = value("id").unwrap_or_default(),
            "name" => self.is_name = true,
            "p" => {
                self.in_cue = 1;
                let outer = self.begins.last().copied().unwrap_or(0);
                let start_ms = begin.map(|it| it.saturating_add(outer));
                let end_ms = end.map(|it| it.saturating_add(outer));
                let end_ms = end_ms.or(start_ms.zip(length).map(|(a, b)| a.saturating_add(b)));
                let agent = value("agent").unwrap_or_default();
                self.cues.push(Timed { start_ms, end_ms, agent, words: String::new() });
            }
            "body" | "div" => {
                let outer = self.begins.last().copied().unwrap_or(0);
                self.begins.push(outer.saturating_add(begin.unwrap_or(0)));
            }
            "styling" | "layout" => return false,
            _ => {}
        }
        true
    }

    fn close(&mut self, name: &str) {
        if self.in_cue > 0 {
            self.in_cue -= 1;
            if self.in_cue > 0 {
                let outer = self.outer_agents.pop().unwrap_or_default();
                let last = self.cues.last().map(|cue| (cue.start_ms, cue.end_ms, &cue.agent));
                if let Some((start_ms, end_ms, _)) = last.filter(|(_, _, agent)| **agent != outer) {
                    self.cues.push(Timed { start_ms, end_ms, agent: outer, words: String::new() });
                }
            }
            return;
        }
        match name {
            "body" | "div" => {
                self.begins.pop();
            }
            "name" => self.is_name = false,
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if self.in_cue > 0 {
            if let Some(cue) = self.cues.last_mut() {
                // A line end of the file is a space; `br` comes alone.
                let is_break = words == "\n";
                let shown =
                    if is_break { words.to_owned() } else { words.replace(['\n', '\r'], " ") };
                cue.words.push_str(&shown);
            }
        } else if self.is_name {
            self.agents.entry(self.agent.clone()).or_default().push_str(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::tests::cut_everywhere;
    use crate::sources::tests::render;

    #[track_caller]
    fn check(file: &str, expected: &str) {
        assert_eq!(render(parse(file)), expected);
        cut_everywhere(file.as_bytes(), "a.ttml");
    }

    #[test]
    fn agents_are_speakers_and_times_come_in_every_form() {
        check(
            "<?xml version=\"1.0\"?><tt xmlns=\"http://www.w3.org/ns/ttml\" xmlns:ttm=\"x\" xmlns:ttp=\"y\" xml:lang=\"en-GB\" ttp:frameRate=\"25\" \
             ttp:tickRate=\"1000\"><head><metadata><ttm:agent xml:id=\"s1\" type=\"person\"><ttm:name type=\"full\">Siân &amp; Co</ttm:name></ttm:agent>\
             </metadata></head><body><div>\n<p begin=\"00:00:01.500\" end=\"00:00:02.000\" ttm:agent=\"s1\">It was<br/>\n  odd, a &lt; b.</p>\n\
             <p begin=\"3s\" dur=\"500ms\" ttm:agent=\"s2\"><span>Really?</span></p>\
             <p begin=\"00:00:04:05\" end=\"5000t\" ttm:agent=\"s1\">Yes.</p></div></body></tt>",
            "TTML subtitles\nSiân & Co|1500-2000|It was odd, a < b.\ns2|3000-3500|Really?\nSiân & Co|4200-5000|Yes.",
        );
    }

    #[test]
    fn without_agents_names_are_sought_in_the_words() {
        check(
            "<tt><body><div begin=\"10s\"><p begin=\"1s\" end=\"2s\">Ada: So how?</p><p begin=\"2s\" end=\"3s\">Ben: Odd.</p>\
             <p begin=\"3s\" end=\"4s\">Ada: Yes?</p><p begin=\"4s\" end=\"5s\">42</p><p begin=\"5s\" end=\"6s\">Ben: Yes.</p></div></body></tt>",
            "TTML subtitles\nAda|11000-12000|So how?\nBen|12000-13000|Odd.\nAda|13000-14000,14000-15000|Yes? 42\nBen|15000-16000|Yes.",
        );
        check("<tt><body><div/></body></tt>", "error no speech was found in this file");
    }
}
