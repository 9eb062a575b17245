//! Into a file or a pipe, answers go byte for byte.

use crate::harness::{Folder, interview};

/// A transcript with an escape sequence that never ends, and a delete character.
fn study() -> Folder {
    let folder = Folder::new();
    let garden = interview("Anna", "garden", 5);
    let cleo = "Cleo: Before the secret \u{1b}]0;title and afterwards marigold\u{7f} words.\n\
                Interviewer: And then?\n\
                Cleo: More plain marigold talk that must not vanish.\n";
    folder.write("esc.txt", format!("{garden}{cleo}{garden}"));
    folder
}

#[test]
fn an_escape_in_a_transcript_swallows_no_line_of_a_pipe() {
    let folder = study();
    let text = std::fs::read_to_string(folder.path().join("esc.txt")).unwrap();
    let shown = folder.answer(&["show", "esc"]);
    let lines: Vec<&str> =
        shown.lines().map(|line| line.trim_start().split_once("  ").unwrap().1).collect();
    assert_eq!(lines, text.lines().collect::<Vec<_>>());
}

#[test]
fn an_escape_in_a_hit_swallows_no_later_hit() {
    let folder = study();
    for format in ["text", "md", "csv", "json", "jsonl"] {
        // JSON has its own sign for an escape, Markdown a backslash before a bracket.
        let found =
            folder.answer(&["search", "marigold", "--exact", "--format", format]).replace('\\', "");
        assert!(found.contains("must not vanish"), "{format}: {found}");
        let escape = if format.starts_with("json") { "u001b" } else { "\u{1b}" };
        for kept in [format!("secret {escape}]0;title"), "marigold".to_owned(), "\u{7f}".into()] {
            assert!(found.contains(&kept), "{format}: {found:?}");
        }
    }
}

#[test]
fn an_escape_in_a_message_reaches_a_pipe_as_it_is() {
    let ran = study().run(&["show", "no\u{1b}]0;body"]);
    assert!(ran.err.contains("no\u{1b}]0;body"), "{:?}", ran.err);
}
