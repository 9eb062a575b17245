//! Same files, same settings, same bytes.

use std::fs;

use crate::harness::{Folder, copy, sample_path};

const ANSWERS: &[&[&str]] = &[
    &["themes", "--format", "json"],
    &["themes", "--count", "7"],
    &["search", "what did you miss about the room", "--exact", "--format", "jsonl", "--limit", "0"],
    &["similar", "--transcript", "P08", "--lines", "1-9", "--format", "jsonl"],
    &["info", "--format", "json"],
    &["compare", "--count", "7", "--format", "json"],
    &["saturation", "--count", "7", "--order", "region", "--format", "json"],
    &["themes", "--since", "1", "--format", "json"],
];

#[test]
fn threads_do_not_change_an_answer() {
    let (one, four) = (Folder::sample(), Folder::sample());
    for args in ANSWERS {
        let with = |folder: &Folder, n: &str| folder.answer(&[*args, &["--threads", n]].concat());
        assert_eq!(with(&one, "1"), with(&four, "4"), "{args:?}");
    }
}

#[test]
fn the_order_of_files_does_not_change_an_answer() {
    // One study is made at once, the other file by file, backwards, with runs between.
    let (whole, grown) = (Folder::sample(), Folder::new());
    let source = sample_path();
    for name in ["study.toml", "leaders", "participants"] {
        let path = source.join(name);
        if path.is_file() {
            fs::copy(&path, grown.path().join(name)).unwrap();
            continue;
        }
        let mut files: Vec<_> =
            fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        fs::create_dir(grown.path().join(name)).unwrap();
        for (at, file) in files.iter().rev().enumerate() {
            fs::copy(file, grown.path().join(name).join(file.file_name().unwrap())).unwrap();
            if at % 3 == 0 {
                grown.run(&["index"]);
            }
        }
    }
    for name in ["cases.csv", "codes.csv", "README.md"] {
        fs::copy(source.join(name), grown.path().join(name)).unwrap();
    }
    for args in ANSWERS {
        assert_eq!(whole.answer(args), grown.answer(args), "{args:?}");
    }
}

#[test]
fn what_files_are_called_does_not_change_a_theme() {
    // The same interviews, then with names that turn their order round.
    let (named, renamed) = (Folder::new(), Folder::new());
    for group in ["leaders", "participants"] {
        for folder in [&named, &renamed] {
            fs::create_dir(folder.path().join(group)).unwrap();
        }
        let mut files: Vec<_> = fs::read_dir(sample_path().join(group))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        for (file, new) in files.iter().zip((0..files.len()).rev()) {
            fs::copy(file, named.path().join(group).join(file.file_name().unwrap())).unwrap();
            let new = format!("N{new:02}.{}", file.extension().unwrap().to_str().unwrap());
            fs::copy(file, renamed.path().join(group).join(new)).unwrap();
        }
    }
    let found = |folder: &Folder| {
        let answer: serde_json::Value =
            serde_json::from_str(&folder.answer(&["themes", "--format", "json"])).unwrap();
        let shown = |theme: &serde_json::Value| {
            let told = ["label", "terms", "n_passages", "interval", "stability", "position"];
            let mut told: Vec<String> = told.map(|of| theme[of].to_string()).to_vec();
            let quotes = theme["quotes"].as_array().unwrap().iter();
            told.extend(quotes.map(|quote| quote["text"].to_string()));
            told
        };
        let with_codes = |theme: &serde_json::Value| {
            let codes = theme["subthemes"].as_array().unwrap().iter();
            std::iter::once(theme).chain(codes).map(shown).collect::<Vec<_>>()
        };
        answer["themes"].as_array().unwrap().iter().flat_map(with_codes).collect::<Vec<_>>()
    };
    let themes = found(&named);
    assert!(themes.len() > 4, "{themes:#?}");
    assert_eq!(themes, found(&renamed));
}

#[test]
fn derived_data_may_be_deleted_or_damaged() {
    let folder = Folder::sample();
    let answers = || ANSWERS.iter().map(|args| folder.answer(args)).collect::<Vec<_>>();
    let before = answers();
    let cache = folder.path().join(".leitmotif/cache");
    for damaged in ["catalogue", "space", "themes", "groundwork"] {
        let path = cache.join(damaged);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert_eq!(answers(), before, "{damaged}");
    }
    fs::remove_dir_all(folder.path().join(".leitmotif/index")).unwrap();
    assert_eq!(answers(), before);
    for file in fs::read_dir(cache.join("terms")).unwrap() {
        fs::write(file.unwrap().path(), b"damaged").unwrap();
    }
    assert_eq!(answers(), before);
    fs::remove_dir_all(folder.path().join(".leitmotif")).unwrap();
    assert_eq!(answers(), before);
}

#[test]
fn a_store_elsewhere_gives_the_same_answer_and_leaves_the_study_alone() {
    let (folder, store) = (Folder::sample(), Folder::new());
    let elsewhere = folder.answer(&["themes", "--store", store.path().to_str().unwrap()]);
    assert!(!folder.path().join(".leitmotif").exists());
    assert_eq!(elsewhere, folder.answer(&["themes"]));
    let copied = Folder::new();
    copy(folder.path(), copied.path());
    assert_eq!(elsewhere, copied.answer(&["themes"]));
}
