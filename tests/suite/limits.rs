//! What is no file, never ends or cannot be written: refused at once, with a reason.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{Folder, Ran, interview, skipped};

fn study() -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n");
    for name in ["Ann", "Bo"] {
        folder.write(&format!("{name}.txt"), interview(name, "kettle", 6));
    }
    folder
}

/// Runs, and kills what does not end.
fn run_for(folder: &Folder, args: &[&str], limit: Duration) -> Option<Ran> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_leitmotif"))
        .arg("--study")
        .arg(folder.path())
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Some(Ran {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
    })
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_hangs_no_command() {
    let limit = Duration::from_mins(1);
    for name in ["study.toml", "cases.csv", ".leitmotif/pseudonyms.csv", ".leitmotif/journal.jsonl"]
    {
        let folder = study();
        folder.answer(&["code", "add", "Tea"]);
        let path = folder.path().join(name);
        fs::remove_file(&path).ok();
        if !Command::new("mkfifo").arg(&path).status().is_ok_and(|done| done.success()) {
            skipped("mkfifo");
            return;
        }
        let ran = run_for(&folder, &["log"], limit).unwrap_or_else(|| panic!("{name} hangs"));
        assert_eq!(ran.code, 2, "{name}: {ran:?}");
        assert!(ran.err.contains("it is a pipe or a device"), "{name}: {}", ran.err);
    }
    let folder = study();
    for (name, args) in
        [("codes.qdpx", vec!["import"]), ("codes.csv", vec!["import"]), ("r.md", vec!["verify"])]
    {
        let path = folder.path().join(name);
        Command::new("mkfifo").arg(&path).status().unwrap();
        let args: Vec<&str> = args.into_iter().chain(path.to_str()).collect();
        let ran = run_for(&folder, &args, limit).unwrap_or_else(|| panic!("{name} hangs"));
        assert!(ran.err.contains("it is a pipe or a device"), "{name}: {}", ran.err);
    }
    // Nor is one written to, or replaced.
    let (folder, away) = (study(), tempfile::tempdir().unwrap());
    let path = away.path().join("r.md");
    Command::new("mkfifo").arg(&path).status().unwrap();
    let args = ["export", path.to_str().unwrap(), "--candidates", "--overwrite"];
    let ran = run_for(&folder, &args, limit).unwrap_or_else(|| panic!("an export hangs"));
    assert!(ran.err.contains("it is a pipe or a device"), "{}", ran.err);
    assert!(!path.is_file());
}

#[test]
fn the_speakers_of_one_file_are_told_apart_or_it_is_refused() {
    let folder = study();
    let many: String = (0..66_000).map(|at| format!("Who{at},So it was.\n")).collect();
    folder.write("many.csv", format!("speaker,text\n{many}"));
    let ran = folder.run(&["index"]);
    assert!(
        ran.err.contains("the file has 66000 speakers, more than can be told apart"),
        "{ran:?}"
    );
}

#[cfg(target_os = "linux")]
/// Several times the seconds of one processor that such a file takes.
#[cfg(unix)]
const LIMITED: &str = "ulimit -t 40; exec \"$0\" \"$@\"";

#[cfg(unix)]
#[test]
fn what_a_reader_does_grows_with_a_file_and_not_with_its_square() {
    let told = "Well it was so and then we went\n\n".repeat(80_000);
    let asked = (0..40_000).map(|n| format!("Interviewer: Why {n}?\nx{n}%%: It was {n}.\n"));
    for text in [told, asked.collect::<Vec<String>>().concat()] {
        let folder = Folder::new();
        folder.write("long.txt", text);
        let program = env!("CARGO_BIN_EXE_leitmotif");
        let mut command = Command::new("sh");
        command.args(["-c", LIMITED, program, "--study"]).arg(folder.path());
        let shown = command.args(["show", "long", "--lines", "1"]).output().unwrap();
        assert!(shown.stdout.starts_with(b"1  "), "{shown:?}");
    }
}

#[test]
fn a_decision_that_cannot_be_printed_is_said_to_be_kept() {
    let folder = study();
    folder.answer(&["index"]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_leitmotif"))
        .arg("--study")
        .arg(folder.path())
        .args(["code", "add", "Tea"])
        .stdout(full)
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.starts_with("error: decision 1 is kept, but nothing more can be written"), "{err}");
    assert!(folder.answer(&["codebook"]).contains("Tea"));
}

#[test]
fn threads_without_number_do_not_take_half_a_minute() {
    let folder = study();
    folder.answer(&["index"]);
    assert!(run_for(&folder, &["--threads", "100000", "info"], Duration::from_secs(20)).is_some());
}

/// A folder on a disk that nobody may write to; it goes with the value.
#[cfg(target_os = "linux")]
struct ReadOnly<'f>(&'f Folder);

#[cfg(target_os = "linux")]
impl<'f> ReadOnly<'f> {
    fn mount(folder: &'f Folder) -> Option<Self> {
        let mount = |args: &[&str]| {
            let mut mount = Command::new("mount");
            let done = mount.args(args).arg(folder.path()).stderr(Stdio::null()).status();
            done.is_ok_and(|status| status.success())
        };
        let path = folder.path().to_str().unwrap();
        (mount(&["--bind", path]) && mount(&["-o", "remount,bind,ro"])).then_some(Self(folder))
    }
}

#[cfg(target_os = "linux")]
impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(self.0.path()).status().ok();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_study_that_may_only_be_read_is_read_and_decides_nothing() {
    let folder = study();
    folder.answer(&["code", "add", "Tea"]);
    folder.answer(&["search", "kettle"]);
    let themes = folder.answer(&["themes"]);
    let Some(disk) = ReadOnly::mount(&folder) else {
        skipped("leave to mount a folder");
        return;
    };
    for args in [&["info"][..], &["log"], &["codebook"], &["show", "Ann"], &["search", "kettle"]] {
        let ran = folder.run(args);
        assert!(ran.code < 2, "{args:?}: {}", ran.err);
    }
    assert_eq!(folder.run(&["themes"]).out, themes);
    let ran = folder.run(&["code", "add", "Stairs"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    drop(disk);
    assert!(!folder.answer(&["codebook"]).contains("Stairs"));
}
