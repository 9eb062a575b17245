//! What holds for every command: none asks for a network, and none lets a transcript, a name
//! or a mistake steer the terminal.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};

use crate::harness::{Folder, Ran, interview, skipped};

/// Bytes that steer a terminal, and what turns the order of letters round.
const STEERS: &str = "\u{1b}]0;t\u{7}\u{9b}2J\u{202e}\u{2066}";

/// A study in which everything that may be named is named so.
fn study() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n[themes]\ncount = 2\n");
    for (name, topic) in [("Ann", "kettle"), ("Bo", "garden"), ("Cy", "chapel")] {
        let odd =
            format!("{name}: And {STEERS} the {topic}, {STEERS} it was odd in the kitchen.\n");
        let talk = interview(name, topic, 8) + &odd + &interview(name, topic, 4);
        folder.write(
            &format!("group{STEERS}/{name}{STEERS}.txt"),
            talk.replace("Ann:", &format!("Ann{STEERS}:")),
        );
    }
    folder.write(&format!("empty{STEERS}.txt"), "").write(&format!("odd.{STEERS}"), "x");
    folder.write("report.md", format!("“It was odd {STEERS} in the kitchen, it was”\n"));
    folder
}

/// Every command, with mistakes among them. `OUT` is a folder outside the study.
fn commands() -> Vec<Vec<String>> {
    let odd = format!("odd{STEERS}");
    let transcript = format!("group{STEERS}/Bo{STEERS}");
    let all: &[&[&str]] = &[
        &["index"],
        &["info"],
        &["themes"],
        &["search", "kitchen"],
        &["search", &odd],
        &["search", "(kitchen", "--limit", "1"],
        &["similar", "--transcript", &transcript, "--lines", "2-2"],
        &["similar", "--transcript", &odd, "--lines", "2-2"],
        &["show", &transcript],
        &["show", &odd],
        &["compare"],
        &["compare", &odd],
        &["saturation"],
        &["theme", "accept", "1", "--name", "Tea"],
        &["theme", "accept", &odd],
        &["code", "add", "Stairs"],
        &["code", "add", &odd],
        &["quote", "add", "--transcript", &transcript, "--lines", "2-2", "--code", "Stairs"],
        &["quote", "add", "--transcript", &transcript, "--lines", "2-2", "--code", &odd],
        &["quote", "list"],
        &["memo", "add", &odd],
        &["memo", "list"],
        &["codebook"],
        &["propose", "--code", "Stairs"],
        &["propose", "--code", &odd],
        &["pseudonyms", "add", "Bo", "P02"],
        &["pseudonyms", "add", &odd, &odd],
        &["pseudonyms", "list"],
        &["pseudonyms", "scan"],
        &["pseudonyms", "scan", "--leaks"],
        &["agreement", "--with", &odd],
        &["verify", "STUDY/report.md"],
        &["verify", &odd],
        &["plot", "themes", "OUT/p.svg"],
        &["plot", &odd],
        &["export", "OUT/r.html"],
        &["export", "OUT/p.qdpx"],
        &["export", "tables", "OUT/tables"],
        &["export", &odd],
        &["import", "OUT/p.qdpx"],
        &["import", &odd],
        &["log"],
        &["undo"],
        &["redo"],
        &["restore"],
        &["guide"],
        &["guide", &odd],
        &["schema"],
        &["completions", "bash"],
        &["man"],
        &["serve", "--port", &odd],
        &[&odd],
        &["themes", &odd],
        &["themes", "--count", &odd],
        &["--study", &odd, "info"],
        &["--coder", &odd, "code", "add", "Chapel"],
        &["help"],
    ];
    all.iter().map(|args| args.iter().map(|&word| word.to_owned()).collect()).collect()
}

/// Runs `program ARGS leitmotif --study FOLDER COMMAND`.
fn run_under(program: &[&str], folder: &Folder, desk: &Folder, command: &[String]) -> Option<Ran> {
    let place = |word: &String| {
        let word = word.replace("OUT", desk.path().to_str().unwrap());
        word.replace("STUDY", folder.path().to_str().unwrap())
    };
    let output = Command::new(program[0])
        .args(&program[1..])
        .arg(env!("CARGO_BIN_EXE_leitmotif"))
        .arg("--study")
        .arg(folder.path())
        .args(command.iter().map(place))
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Some(Ran { code: output.status.code()?, out: text(output.stdout), err: text(output.stderr) })
}

#[test]
fn the_list_names_every_command() {
    let help = Folder::new().run(&["help"]).out;
    let (_, list) = help.split_once("\nCommands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let named = list.lines().filter_map(|line| line.strip_prefix("  "));
    let named: BTreeSet<&str> = named
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split(' ').next())
        .collect();
    let commands = commands();
    let run: BTreeSet<&str> = commands.iter().map(|words| words[0].as_str()).collect();
    assert_eq!(named.difference(&run).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn no_other_command_opens_a_socket() {
    let (folder, desk) = (study(), Folder::new());
    let calls = desk.path().join("calls");
    let program = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", calls.to_str().unwrap()];
    for command in commands() {
        let Some(_) = run_under(&program, &folder, &desk, &command) else {
            skipped("strace");
            return;
        };
        let is_call = |line: &&str| {
            let call = line.split_whitespace().nth(1).unwrap_or_default();
            call.starts_with(|c: char| c.is_ascii_lowercase()) && call.contains('(')
        };
        let made = fs::read_to_string(&calls).unwrap();
        // Its threads and the process that reads a PDF may talk to each other, in pairs.
        let made: Vec<&str> =
            made.lines().filter(is_call).filter(|line| !line.contains("socketpair(")).collect();
        assert_eq!(made, Vec::<&str>::new(), "{command:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn every_command_answers_the_same_without_a_network() {
    let can = Command::new("unshare").args(["-n", "true"]).stderr(Stdio::null()).status();
    if !can.is_ok_and(|done| done.success()) {
        skipped("leave to be without a network");
        return;
    }
    let (with, without) = (study(), study());
    let (desk, other) = (Folder::new(), Folder::new());
    for command in commands() {
        let known = run_under(&["env"], &with, &desk, &command).unwrap();
        let alone = run_under(&["unshare", "-n"], &without, &other, &command).unwrap();
        assert_eq!(known.code, alone.code, "{command:?}: {}{}", known.err, alone.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_command_and_no_mistake_steers_the_terminal() {
    let (folder, desk) = (study(), Folder::new());
    let seen = desk.path().join("seen");
    let runner = desk.path().join("run");
    let mut n_seen = 0;
    for command in commands() {
        // `script` gives the program a terminal; the arguments go by a file, as they are.
        let quote = |word: &String| format!("'{}'", word.replace('\'', r"'\''"));
        let words: Vec<String> = command.iter().map(quote).collect();
        let line = format!(
            "'{}' --study '{}' {}\n",
            env!("CARGO_BIN_EXE_leitmotif"),
            folder.path().display(),
            words.join(" ")
        );
        let line = line.replace("OUT", desk.path().to_str().unwrap());
        fs::write(&runner, line.replace("STUDY", folder.path().to_str().unwrap())).unwrap();
        let ran = Command::new("script")
            .args(["-qec", &format!("sh '{}'", runner.display())])
            .arg(&seen)
            .env("TERM", "xterm")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        if ran.is_err() {
            skipped("script");
            return;
        }
        let shown = String::from_utf8_lossy(&fs::read(&seen).unwrap()).into_owned();
        // What `script` itself writes stands on the first and the last line.
        let shown = shown.split_once('\n').map_or("", |(_, rest)| rest);
        let shown = shown.rsplit_once("\nScript done").map_or(shown, |(answer, _)| answer);
        n_seen += shown.len();
        let mut plain = shown.to_owned();
        for ours in (0..98).map(|n| format!("\u{1b}[{n}m")) {
            plain = plain.replace(&ours, "");
        }
        let is_steering = |c: char| {
            c.is_control() && !matches!(c, '\n' | '\r' | '\t')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let steers: Vec<&str> = plain.lines().filter(|line| line.contains(is_steering)).collect();
        assert!(steers.is_empty(), "{command:?}: {steers:?}");
    }
    assert!(n_seen > 10_000, "{n_seen}");
}
