//! README.md and the guides: their examples are run, and show what people see.
//!
//! In a block `text`, a line that starts with `$ ` is a command and the lines below it
//! are its answer; `…` alone on a line stands for any lines. A block whose first line
//! names a file after the language, as in `csv ../ben.csv`, is written to that file. In
//! a block `sh` are commands that are read and not run.
//!
//! `UPDATE_GUIDES=1 cargo test --test suite guides` writes the answers of now into the
//! files, shortened in the same places.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Parser as _;

use crate::harness::{Folder, copy};

#[test]
fn the_readme_shows_what_people_see() {
    let n_commands = check(&package().join("README.md"), ".");
    assert!(n_commands > 1, "{n_commands}");
}

#[test]
fn every_guide_shows_what_people_see() {
    let mut guides: Vec<PathBuf> = fs::read_dir(package().join("src/cli/guide"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    guides.sort();
    let n_commands: usize = guides.iter().map(|guide| check(guide, "balint")).sum();
    assert!(n_commands > 40, "{n_commands}");
}

#[test]
fn the_readme_is_a_page_and_no_paragraph_of_it_or_a_guide_stands_twice() {
    let readme = package().join("README.md");
    let length = fs::read_to_string(&readme).unwrap().lines().count();
    assert!(length <= 150, "{length} lines");
    let guides = fs::read_dir(package().join("src/cli/guide")).unwrap();
    for path in guides.map(|entry| entry.unwrap().path()).chain([readme]) {
        let text = fs::read_to_string(&path).unwrap();
        let n_fences = text.lines().filter(|line| line.trim_start().starts_with("```")).count();
        assert!(n_fences % 2 == 0, "{}: a block is lost", path.display());
        let mut known = BTreeSet::new();
        let outside = text.split("```").step_by(2).flat_map(|part| part.split("\n\n"));
        for paragraph in outside.map(str::trim).filter(|it| it.len() > 40 || it.starts_with('#')) {
            assert!(known.insert(paragraph), "{}: twice: {paragraph}", path.display());
        }
    }
}

#[test]
fn a_guide_needs_no_study() {
    let desk = Folder::new();
    let list = run(desk.path(), "leitmotif guide");
    assert!(list.contains("find-themes ") && list.contains("who-is-who "), "{list}");
    for line in list.lines().take_while(|line| !line.is_empty()) {
        let topic = line.split(' ').next().unwrap();
        assert!(run(desk.path(), &format!("leitmotif guide {topic}")).starts_with("# "), "{line}");
    }
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 0);
    assert_eq!(
        run(desk.path(), "leitmotif guide find-theme"),
        "error: there is no guide `find-theme`\n  hint: did you mean `find-themes`?\n"
    );
    assert_eq!(
        run(desk.path(), "leitmotif guide xyz"),
        "error: there is no guide `xyz`\n  hint: see which there are: `leitmotif guide`\n"
    );
}

#[test]
fn an_answer_is_shortened_where_it_was() {
    let check = |old: &str, answer: &str, new: &str| assert_eq!(refreshed(old, answer), new);
    check("old\n", "one\ntwo\n", "one\ntwo\n");
    check("alpha 1\n  …\ngamma 1\n", "alpha 2\nbeta\ngamma 2\n", "alpha 2\n  …\ngamma 2\n");
    check("alpha 1\n…\ngamma 1\n…\n", "alpha 2\nbeta\ngamma 2\nd\n", "alpha 2\n…\ngamma 2\n…\n");
    check("…\n", "one\ntwo\n", "…\n");
    check("alpha\n…\n", "", "");
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the examples of a file one after the other, in `folder` of a desk with copies
/// of the sample study; says how many they are. Rewrites the file if that is asked for.
fn check(path: &Path, folder: &str) -> usize {
    let is_update = std::env::var_os("UPDATE_GUIDES").is_some();
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let desk = desk();
    let place = desk.path().join(folder);
    let mut new = String::new();
    let mut n_commands = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        new.push_str(line);
        let Some(about) = line.trim().strip_prefix("```") else { continue };
        let mut block = String::new();
        while let Some(line) = lines.next_if(|line| !line.trim_start().starts_with("```")) {
            block.push_str(line);
        }
        let (language, file) = about.split_once(' ').unwrap_or((about, ""));
        if !file.is_empty() {
            let file = place.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, &block).unwrap();
        }
        if language == "sh" {
            block.lines().for_each(|line| can_be_read(line, name));
        }
        let is_run = language == "text" && block.starts_with("$ ");
        if !is_run {
            new.push_str(&block);
        }
        for example in block.split("$ leitmotif ").skip(1).take_while(|_| is_run) {
            let (words, expected) = example.split_once('\n').unwrap_or((example, ""));
            let command = format!("leitmotif {words}");
            let answer = run(&place, &command);
            if is_update {
                write!(new, "$ {command}\n{}", refreshed(expected, &answer)).unwrap();
            } else {
                shows(expected, &answer, &format!("`{command}` in {name}"));
            }
            n_commands += 1;
        }
        new.extend(lines.next());
    }
    if is_update {
        fs::write(path, new).unwrap();
    }
    n_commands
}

/// A folder with two copies of the sample study, one where the repository has it and one
/// to decide in, and an empty folder `copy`. All transcripts have one date, so that they
/// are in the order of their names.
fn desk() -> Folder {
    let desk = Folder::new();
    fs::create_dir(desk.path().join("copy")).unwrap();
    for study in ["balint", "corpora/balint-online"].map(|study| desk.path().join(study)) {
        fs::create_dir_all(&study).unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/balint-online"), &study);
        for part in ["participants", "leaders"] {
            for file in fs::read_dir(study.join(part)).unwrap() {
                let file = fs::File::options().append(true).open(file.unwrap().path()).unwrap();
                file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
            }
        }
    }
    desk
}

/// What a command prints: its answer, then what it says on standard error.
fn run(folder: &Path, command: &str) -> String {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_leitmotif"));
    let words = shell_words(command).split_off(1);
    let program = program.current_dir(folder).env("LEITMOTIF_CODER", "ANN").args(words);
    let output = program.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let shown = text(output.stdout) + &text(output.stderr);
    // The time of a decision is the only thing that differs from run to run.
    let time = regex::Regex::new(r"20\d\d-\d\d-\d\d \d\d:\d\d").unwrap();
    time.replace_all(&shown, "2026-03-02 14:05").into_owned()
}

/// Fails on a command that has an option or a word too many.
fn can_be_read(line: &str, name: &str) {
    let command = line.split(" #").next().unwrap().trim();
    if command.starts_with("leitmotif ") {
        let read = leitmotif::cli::Cli::try_parse_from(shell_words(command));
        read.map_or_else(|e| panic!("{name} has `{command}`, and {e}"), drop);
    }
}

/// The words of a command as a shell takes them, without escapes.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            (' ', None) => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words
}

fn is_cut(line: &str) -> bool {
    line.trim() == "…"
}

/// Compares lines; `…` alone on a line stands for any lines.
#[track_caller]
fn shows(expected: &str, answer: &str, command: &str) {
    let mut lines = answer.lines();
    let mut is_after_cut = false;
    for line in expected.lines() {
        if is_cut(line) {
            is_after_cut = true;
            continue;
        }
        let is_shown = if is_after_cut {
            lines.any(|shown| shown == line)
        } else {
            lines.next() == Some(line)
        };
        assert!(is_shown, "`{line}` is shown after {command}, which prints\n{answer}");
        is_after_cut = false;
    }
    let rest: Vec<&str> = lines.collect();
    assert!(is_after_cut || rest.is_empty(), "lacking after {command}: {rest:?}");
}

/// The answer of now, cut where the old one was: each part between cuts starts and ends
/// at the lines that are most like its old first and last line.
fn refreshed(old: &str, answer: &str) -> String {
    let answer: Vec<&str> = answer.lines().collect();
    let old: Vec<&str> = old.lines().collect();
    let mut new: Vec<&str> = Vec::new();
    let mut from = 0;
    let mut is_after_cut = false;
    for part in old.chunk_by(|a, b| is_cut(a) == is_cut(b)) {
        if is_cut(part[0]) {
            new.push(part[0]);
            is_after_cut = true;
            continue;
        }
        let is_last = std::ptr::eq(part.last().unwrap(), old.last().unwrap());
        if is_after_cut {
            from += most_like(part[0], &answer[from..]);
        }
        let rest = &answer[from.min(answer.len())..];
        let window = &rest[..rest.len().min(part.len() + 4)];
        let n = match part {
            _ if is_last => rest.len(),
            _ if window.is_empty() => 0,
            // The end is sought near where it was: many lines are alike.
            _ => {
                let least = part.len().saturating_sub(4).min(window.len() - 1);
                least + most_like(part.last().unwrap(), &window[least..]) + 1
            }
        };
        new.extend(&rest[..n]);
        from += n;
    }
    // Without a cut there is nothing to keep.
    if !old.iter().any(|line| is_cut(line)) || answer.is_empty() {
        new = answer;
    }
    new.iter().flat_map(|line| [*line, "\n"]).collect()
}

fn most_like(line: &str, lines: &[&str]) -> usize {
    let like = |other: &&str| strsim::normalized_levenshtein(line, other);
    let likeness: Vec<f64> = lines.iter().map(like).collect();
    // The first of those that are equally like it.
    (0..likeness.len()).rev().max_by(|&a, &b| likeness[a].total_cmp(&likeness[b])).unwrap_or(0)
}
