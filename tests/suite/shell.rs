//! What shells, `man` and the environment know of the commands.

use std::fs;

use crate::harness::Folder;

#[test]
fn shells_complete_commands_and_options() {
    let desk = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = desk.answer(&["completions", shell]);
        for part in ["leitmotif", "saturation", "unassigned", "restore"] {
            assert!(script.contains(part), "{shell}: {part}");
        }
    }
    // No study is needed, and none is made.
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 0);
}

#[test]
fn every_command_has_a_manual_page() {
    let desk = Folder::new();
    let page = desk.answer(&["man", "theme", "accept"]);
    assert!(page.contains(".TH leitmotif-theme-accept 1") && page.contains("Examples"), "{page}");
    assert!(desk.answer(&["man"]).contains(".TH leitmotif 1"));
    let told = desk.answer(&["man", "--into", desk.path().to_str().unwrap()]);
    let pages: Vec<String> = fs::read_dir(desk.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(told, format!("Wrote STUDY: {} manual pages.\n", pages.len()));
    for page in ["leitmotif.1", "leitmotif-themes.1", "leitmotif-export-tables.1"] {
        assert!(pages.contains(&page.to_owned()), "{page}: {pages:?}");
    }
    let ran = desk.run(&["man", "theems"]);
    assert!(ran.code == 2 && ran.err.contains("did you mean `themes`"), "{}", ran.err);
}

#[test]
fn the_study_may_be_named_by_the_environment() {
    let (folder, desk) = (Folder::sample(), Folder::new());
    let ask = |study: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_leitmotif"));
        command.current_dir(desk.path()).env("LEITMOTIF_STUDY", study).arg("info");
        command.output().unwrap()
    };
    let named = ask(folder.path().to_str().unwrap());
    let there = folder.answer(&["info"]);
    assert_eq!(String::from_utf8(named.stdout).unwrap().lines().last(), there.lines().last());
    // An empty value is none.
    assert_eq!(ask("").status.code(), Some(2));
}

#[test]
fn a_pipe_that_closes_early_is_no_failure() {
    use std::process::{Command, Stdio};
    for about in [["completions", "bash"], ["man", "themes"], ["schema", "themes"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leitmotif"));
        let mut child =
            command.args(about).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let told = child.wait_with_output().unwrap();
        let err = String::from_utf8(told.stderr).unwrap();
        assert!(!err.contains("panicked"), "{about:?}: {err}");
    }
}
