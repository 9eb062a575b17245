//! `leitmotif guide`: how to reach a goal, step by step.
//!
//! A topic's name comes in, its text goes out. The texts are the files under
//! `src/cli/guide`, Markdown whose first line is the goal; a test runs their
//! examples.

use std::io::Write;

use super::advice;
use crate::base::{Diagnostic, Remedy};
use crate::rendering::layout::{pad, width, wrap};

/// Explains how to reach a goal, with examples and what each figure means
///
/// Without a topic, lists the topics. A guide needs no study.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  leitmotif guide                  the topics
  leitmotif guide find-themes      one of them
  leitmotif guide decide | less    page by page")]
pub(crate) struct GuideArgs {
    /// The topic, such as `find-themes`
    topic: Option<String>,
}

struct Topic {
    name: &'static str,
    text: &'static str,
}

macro_rules! topics {
    ($($name:literal),* $(,)?) => {
        &[$(Topic { name: $name, text: include_str!(concat!("guide/", $name, ".md")) }),*]
    };
}

/// In the order in which a study needs them.
const TOPICS: &[Topic] = topics![
    "workbench",
    "who-is-who",
    "find-themes",
    "quotes",
    "decide",
    "propose",
    "compare",
    "saturation",
    "grow",
    "names",
    "report",
    "tables",
    "python",
    "spark",
    "coders",
    "other-programs",
    "files",
];

impl Topic {
    /// What it helps to do: its heading.
    fn goal(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches(['#', ' '])
    }
}

pub(crate) fn run(args: &GuideArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let Some(name) = &args.topic else {
        let longest = TOPICS.iter().map(|topic| width(topic.name)).max().unwrap_or_default();
        for topic in TOPICS {
            writeln!(out, "{}  {}", pad(topic.name, longest), topic.goal())?;
        }
        writeln!(out, "\n`leitmotif guide TOPIC` prints one.")?;
        return Ok(());
    };
    let typed = name.to_lowercase();
    let Some(topic) = TOPICS.iter().find(|topic| topic.name == typed) else {
        let known = TOPICS.iter().map(|topic| topic.name);
        let list = || Remedy::new("see which there are: `leitmotif guide`");
        let unknown = Diagnostic::new(format!("there is no guide `{name}`"))
            .with(Remedy::nearest(&typed, known, list));
        anyhow::bail!(advice::told(&unknown));
    };
    for line in laid_out(topic.text, super::columns()) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Markdown as a terminal shows it: paragraphs and points fit its columns, what
/// stands in fences and tables stays as it is, and the fences go.
fn laid_out(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut paragraph: Option<(&str, String)> = None;
    let mut is_fenced = false;
    let finish = |paragraph: &mut Option<(&str, String)>, lines: &mut Vec<String>| {
        let Some((mark, words)) = paragraph.take() else { return };
        for (at, line) in wrap(&words, columns - mark.len()).iter().enumerate() {
            let start = if at == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
            lines.push(format!("{start}{line}"));
        }
    };
    for line in text.lines() {
        if let Some(about) = line.strip_prefix("```") {
            finish(&mut paragraph, &mut lines);
            is_fenced = !is_fenced;
            // A file's content is known by its name.
            lines.extend(about.split_once(' ').map(|(_, file)| format!("{file}:")));
        } else if is_fenced || line.is_empty() || line.starts_with(['#', '|']) {
            finish(&mut paragraph, &mut lines);
            lines.push(line.to_owned());
        } else if let Some((mark, words)) = point(line) {
            finish(&mut paragraph, &mut lines);
            paragraph = Some((mark, words.to_owned()));
        } else {
            let (_, words) = paragraph.get_or_insert_with(|| ("", String::new()));
            words.push(' ');
            words.push_str(line.trim());
        }
    }
    finish(&mut paragraph, &mut lines);
    lines
}

/// A point of a list, as its mark and its words: `- ` or `1. `.
fn point(line: &str) -> Option<(&str, &str)> {
    let is_numbered = line.starts_with(|c: char| c.is_ascii_digit());
    let end =
        if is_numbered { line.find(". ")? + 2 } else { line.starts_with("- ").then_some(2)? };
    Some(line.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_guide_has_a_goal_that_fits_a_line() {
        for topic in TOPICS {
            assert!(topic.text.starts_with("# "), "{}", topic.name);
            assert!((1..=62).contains(&width(topic.goal())), "{}", topic.name);
        }
    }

    #[test]
    fn every_file_of_the_folder_is_a_topic() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/guide");
        assert_eq!(folder.read_dir().unwrap().count(), TOPICS.len());
    }

    #[test]
    fn paragraphs_and_points_fit_and_what_is_fenced_stays() {
        let text = "# Goal\n\nOne two\nthree.\n- a point that\n  goes on\n1. first\n\n```text\n$ a   b\n```\n| a | b |\n\n```toml study.toml\nx = 1\n```\n";
        let shown = [
            "# Goal",
            "",
            "One two",
            "three.",
            "- a point",
            "  that goes",
            "  on",
            "1. first",
            "",
            "$ a   b",
            "| a | b |",
            "",
            "study.toml:",
            "x = 1",
        ];
        assert_eq!(laid_out(text, 12), shown);
    }
}
