//! Folders of transcripts and runs of the executable.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A study in a temporary folder.
pub(crate) struct Folder(TempDir);

/// What a run of the executable printed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// A copy of the sample study.
    pub(crate) fn sample() -> Self {
        let folder = Self::new();
        copy(&sample_path(), folder.path());
        folder
    }

    /// A copy of the study of online groups, whose interviews follow a guide.
    pub(crate) fn online() -> Self {
        let folder = Self::new();
        copy(&sample_path().with_file_name("balint-online"), folder.path());
        folder
    }

    /// Lets the study itself ask for so many themes, so that its lists are kept.
    pub(crate) fn asking_for(self, n_themes: usize) -> Self {
        let path = self.path().join("study.toml");
        let settings = fs::read_to_string(&path).unwrap_or_default();
        fs::write(path, format!("{settings}\n[themes]\ncount = {n_themes}\n")).unwrap();
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, with its folders.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Runs `leitmotif --study <this folder> ARGS`; the folder's path is
    /// printed as `STUDY`.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_leitmotif"));
        let output = command.arg("--study").arg(self.path()).args(args).output().unwrap();
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).unwrap().replace(self.path().to_str().unwrap(), "STUDY")
        };
        Ran {
            code: output.status.code().unwrap(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Runs and expects success without a warning.
    #[track_caller]
    pub(crate) fn answer(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
        ran.out
    }
}

pub(crate) fn sample_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/hard-talk")
}

/// Copies a folder without what was derived from it.
pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_name() == ".leitmotif" {
            continue;
        }
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// An invented interview of `n_turns` questions and answers about `topic`.
pub(crate) fn interview(name: &str, topic: &str, n_turns: usize) -> String {
    let mut text = String::new();
    for turn in 0..n_turns {
        text.push_str(&format!("Interviewer: And what about the {topic}, number {turn}?\n"));
        text.push_str(&format!(
            "{name}: Well, the {topic} was strange at first, and then we found that the {topic} helped the evening. \
             We laughed about the {topic} afterwards, all of us in the kitchen, with the kettle on and the dog asleep.\n"
        ));
    }
    text
}

/// A PDF of one page with these lines.
pub(crate) fn pdf(lines: &[&str]) -> Vec<u8> {
    let lines: Vec<String> = lines.iter().map(|line| format!("({line}) Tj T*\n")).collect();
    let lines = lines.concat();
    let content = format!("BT /F1 12 Tf 14 TL 72 720 Td\n{lines}ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>".to_owned(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
    ];
    let mut file = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let trailer = format!("trailer<</Root 1 0 R/Size {}>>", objects.len() + 1);
    let start = file.len();
    format!("{file}{table}{trailer}\nstartxref\n{start}\n%%EOF\n").into_bytes()
}

/// Says that a test is skipped, where the test runner does not hide it: the check
/// counts these lines.
pub(crate) fn skipped(missing: &str) {
    let line = format!("skipped: `{missing}` is not here\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
