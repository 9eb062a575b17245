//! The steps, as an engine would call them, against one machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::*;
use crate::answers::{SearchAnswer, ThemesAnswer};
use crate::listing::Numbering;
use crate::propose::ProposeParams;
use crate::search::answer::SearchParams;
use crate::session::{Person, Session, exchange};
use crate::study::shards::{Archive, ShardWriter};
use crate::study::{STORE, Snapshot};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").join("balint-online")
}

/// Files of a study with their paths inside it, as an engine hands them over.
struct Files {
    settings: String,
    cases: String,
    by_path: Vec<(String, Vec<u8>)>,
}

impl Files {
    fn of(files: &[(&str, &str)]) -> Self {
        let bytes = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec());
        let by_path = files.iter().map(bytes).collect();
        Self { settings: "language = \"en\"".to_owned(), cases: String::new(), by_path }
    }

    fn of_sample() -> Self {
        let text = |name: &str| String::from_utf8(fs::read(sample().join(name)).unwrap()).unwrap();
        let (settings, cases) = (text("study.toml"), text("cases.csv"));
        let setup = Setup::parse(&settings, &cases).unwrap();
        let mut files = Vec::new();
        for folder in ["leaders", "participants"] {
            for file in fs::read_dir(sample().join(folder)).unwrap() {
                let file = file.unwrap();
                let path = format!("{folder}/{}", file.file_name().to_str().unwrap());
                if setup.reads(&path) {
                    files.push((path, fs::read(file.path()).unwrap()));
                }
            }
        }
        Self { settings, cases, by_path: files }
    }

    fn setup(&self) -> Setup {
        Setup::parse(&self.settings, &self.cases).unwrap()
    }

    /// A row a file.
    fn read(&self) -> Vec<(String, FileRead)> {
        let setup = self.setup();
        let read = |(path, bytes): &(String, Vec<u8>)| {
            (path.clone(), FileRead::of(&setup, path, bytes, None))
        };
        self.by_path.iter().map(read).collect()
    }
}

/// A study as an engine holds it, in so many parts.
struct Engine {
    plan: Plan,
    /// Of each part the transcripts: place among all, row, voices.
    parts: Vec<Vec<(u32, FileRead, Vec<u8>)>>,
}

impl Engine {
    fn start(files: &Files, n_parts: usize, max_passages: usize) -> Self {
        let rows = files.read();
        let known =
            rows.iter().map(|(path, row)| (path.clone(), row.n_passages, row.known.clone()));
        let mut plan = Plan::new(files.setup(), known.collect(), max_passages).unwrap().value;
        let mut by_path: BTreeMap<String, FileRead> = rows.into_iter().collect();
        let heard = match plan.sample() {
            Some(sample) => sample.into_iter().map(str::to_owned).collect(),
            None => by_path.keys().cloned().collect::<Vec<_>>(),
        };
        let heard = heard.iter().map(|path| {
            let row = &by_path[path];
            (path.clone(), row.talk.clone(), row.text.clone())
        });
        plan.hear(heard.collect()).unwrap();
        let mut parts: Vec<Vec<_>> = (0..n_parts).map(|_| Vec::new()).collect();
        for (number, (path, voices)) in (0_u32..).zip(plan.voices()) {
            let row = by_path.remove(&path).unwrap();
            // Not in their order, as an engine would.
            parts[(number as usize * 7) % n_parts].push((number, row, voices));
        }
        Self { plan, parts }
    }

    fn fit(&self) -> Model {
        let mut said: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
        for part in &self.parts {
            let mut tally = Tally::default();
            for (_, row, voices) in part {
                tally.add(&row.talk, voices).unwrap();
            }
            for (stem, form, n) in tally.counted() {
                *said.entry((stem, form)).or_default() += n;
            }
        }
        let said = said.into_iter().map(|((stem, form), n)| (stem, form, n)).collect();
        let mut fitting = Fitting::new(said, self.plan.n_passages());
        let weigh = |(_, row, voices): &(u32, FileRead, Vec<u8>)| {
            (row.id.clone(), fitting.lexicon().weigh(&row.talk, voices).unwrap())
        };
        let weighed: Vec<Vec<_>> =
            self.parts.iter().map(|part| part.iter().map(weigh).collect()).collect();
        let summed = |asked: &[u8]| {
            let mut blocks: BTreeMap<u32, Vec<Vec<u8>>> = BTreeMap::new();
            for part in &weighed {
                let mut rows = Rows::default();
                for (_, weights) in part {
                    rows.add(weights).unwrap();
                }
                for (block, content) in products(&rows, asked).unwrap() {
                    blocks.entry(block).or_default().push(content);
                }
            }
            blocks.values().map(|of| add_up(of).unwrap()).collect::<Vec<_>>()
        };
        while fitting.is_moving() {
            let sums = summed(&fitting.asked());
            fitting.turn(&sums).unwrap();
        }
        let sums = summed(&fitting.asked());
        let (lexicon, placing) = fitting.end(&sums).unwrap();
        let points = weighed.iter().flatten();
        let points: BTreeMap<String, Vec<u8>> =
            points.map(|(id, weights)| (id.clone(), place(&placing, weights).unwrap())).collect();
        Model::suggest(&self.plan, (lexicon, placing), &points, None).unwrap()
    }

    fn index(&self, model: &Model, folder: &Path, hides_names: bool) {
        Archive::begin(folder).unwrap();
        let shards = self.parts.iter().filter(|part| !part.is_empty());
        let shards = shards.map(|part| write_shard(model, folder, part, "one")).collect();
        self.plan.end_index(folder, (model, shards), hides_names).unwrap();
    }
}

impl Engine {
    /// A step with the transcripts of each part.
    fn each<T>(&self, mut step: impl FnMut(&mut T, (&str, &[u8], &[u8]))) -> Vec<T>
    where
        T: Default,
    {
        let of = |part: &Vec<(u32, FileRead, Vec<u8>)>| {
            let mut made = T::default();
            for (_, row, voices) in part {
                step(&mut made, (&row.id, &row.talk, voices));
            }
            made
        };
        self.parts.iter().map(of).collect()
    }

    fn propose(&self, model: &Model, study: &Snapshot, code: &str) -> Vec<(String, ProposedRow)> {
        let tallies: Vec<Tally> = self.each(|tally, of| count_all_words(tally, model, of).unwrap());
        let mut said: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
        for (stem, what, n) in tallies.into_iter().flat_map(Tally::counted) {
            *said.entry((stem, what)).or_default() += n;
        }
        let said = said.into_iter().map(|((stem, what), n)| (stem, what, n)).collect();
        let teaching = Teaching::new(study, Some(code), said, &self.plan).unwrap();
        let questions = Questions::unpacked(&teaching.questions()).unwrap();
        let spreads: Vec<Spread> =
            self.each(|spread, of| Spread::add(spread, &questions, model, of).unwrap());
        // A part without transcripts has none.
        let sums = spreads.iter().map(Spread::sums).filter(|sums| !sums.is_empty());
        let proposals = teaching.end(&add_up(&sums.collect::<Vec<_>>()).unwrap()).unwrap();
        let proposals = Proposals::unpacked(&proposals).unwrap();
        let rows: Vec<Vec<_>> = self.each(|rows: &mut Vec<_>, of| {
            let id = of.0.to_owned();
            rows.extend(proposals.of(model, of).unwrap().into_iter().map(|row| (id.clone(), row)));
        });
        rows.into_iter().flatten().filter(|(_, row)| row.is_free).collect()
    }
}

/// A study with some groups of the sample, and the codings of participants in it.
fn coded(folder: &Path, groups: &[&str]) -> Session {
    let study = folder.join(groups.concat());
    for name in groups {
        fs::create_dir_all(study.join(name)).unwrap();
        for file in fs::read_dir(sample().join(name)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), study.join(name).join(file.file_name())).unwrap();
        }
    }
    let rows = |name: &str, groups: &[&str]| {
        let text = String::from_utf8(fs::read(sample().join(name)).unwrap()).unwrap();
        let is_meant = |line: &&str| {
            line.starts_with("transcript,") || groups.iter().any(|group| line.starts_with(group))
        };
        text.lines().filter(is_meant).collect::<Vec<_>>().join("\n")
    };
    fs::copy(sample().join("study.toml"), study.join("study.toml")).unwrap();
    fs::write(study.join("cases.csv"), rows("cases.csv", groups)).unwrap();
    let table = folder.join("codes.csv");
    fs::write(&table, rows("codes.csv", &["participants/"])).unwrap();
    let person = Person { coder: "ANN".to_owned(), command: "import".to_owned() };
    let target = exchange::Target { root: &study, store: None, progress: &|_, _| {} };
    exchange::import(&target, &person, &table, exchange::ImportFormat::Csv).unwrap().0
}

fn write_shard(
    model: &Model,
    folder: &Path,
    part: &[(u32, FileRead, Vec<u8>)],
    attempt: &str,
) -> String {
    let mut writer = ShardWriter::new(folder).unwrap();
    for (number, row, voices) in part {
        let FileRead { known, talk, text, .. } = row;
        let row = Indexed { number: *number, known, talk, text, voices };
        model.index(&mut writer, &row).unwrap();
    }
    writer.finish(attempt).unwrap()
}

/// The sample in three parts, fitted.
static SAMPLE: LazyLock<(Engine, Model)> = LazyLock::new(|| {
    let engine = Engine::start(&Files::of_sample(), 3, usize::MAX);
    let model = engine.fit();
    (engine, model)
});

/// The sample as one machine has it, in a store elsewhere.
fn one_machine(store: &Path) -> (Session, ThemesAnswer) {
    let session = Session::open(&sample(), Some(store), &|_, _| {}).unwrap().session;
    let params = session.snapshot().theme_params(None);
    let themes = session.list_themes(&params, Numbering::Afresh).unwrap();
    let themes = session.snapshot().shown(themes);
    (session, themes)
}

fn found(study: &Snapshot, query: &str) -> SearchAnswer {
    let params = SearchParams { limit: 20, ..SearchParams::default() };
    study.shown(study.search(query, &params).unwrap())
}

#[test]
fn in_parts_a_study_has_the_themes_and_finds_the_quotes_of_one_machine() {
    let folder = tempfile::tempdir().unwrap();
    let (session, themes) = one_machine(folder.path());
    let (engine, model) = &*SAMPLE;
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let [here, there] = [model.answer(), &serde_json::to_string(&themes).unwrap()].map(read);
    for what in ["themes", "passages"] {
        assert!(here[what] == there[what], "{what}");
    }
    // Some parts of forty are empty.
    for engine in [engine, &Engine::start(&Files::of_sample(), 40, usize::MAX)] {
        let index = folder.path().join(engine.parts.len().to_string());
        engine.index(model, &index, false);
        let study = Snapshot::of_index(&index, Some((folder.path(), None))).unwrap();
        let here = session.snapshot();
        for query in [
            "silence in the group",
            "what did you miss about seeing the others in person",
            "exhaustion",
            "\"sitting back\" OR lurk*",
            "camera AND NOT \"switched off\"",
            "group:leaders fear",
            "theme:1 group",
            "role:interviewer difficult",
            "zyzzyva",
        ] {
            let [in_shards, in_one] = [found(&study, query), found(&here, query)];
            assert!(in_shards == in_one, "{query} in {} shards", engine.parts.len());
        }
    }
}

const CODE: &str = "No travel and time saved";

#[test]
fn codes_are_carried_as_in_one_study_from_the_interviews_that_are_coded() {
    let folder = tempfile::tempdir().unwrap();
    let whole = coded(folder.path(), &["leaders", "participants"]).snapshot();
    let code = Some(whole.codebook().unwrap().code_named(CODE).unwrap().id);
    let expected = whole.propose(&ProposeParams { code, ..ProposeParams::default() }).unwrap();
    let expected = whole.shown(expected).proposals;
    let expected: BTreeMap<String, f64> = expected
        .iter()
        .map(|it| {
            (format!("{} {} {:?}", it.code, it.hit.at.transcript, it.hit.at.lines), it.probability)
        })
        .collect();
    assert!(expected.len() > 300 && expected.values().any(|p| *p > 0.6), "{}", expected.len());

    let (engine, model) = &*SAMPLE;
    // From a study that has all interviews, and from one that has the coded ones only.
    for study in [whole, coded(folder.path(), &["participants"]).snapshot()] {
        let found: BTreeMap<String, f64> = engine
            .propose(model, &study, CODE)
            .into_iter()
            .map(|(id, row)| {
                (format!("{} {id} {:?}", row.code, row.lines), f64::from(row.percent) / 100.0)
            })
            .collect();
        let wrong: Vec<_> = expected.iter().filter(|(at, p)| found.get(*at) != Some(p)).collect();
        assert!(wrong.is_empty() && found.len() == expected.len(), "{:?}", wrong.first());
    }
    // What is quoted could not be told from what is not.
    let moved = folder.path().join("participants/participants");
    fs::copy(sample().join("study.toml"), moved.join("study.toml")).unwrap();
    let study = Session::open(&moved, None, &|_, _| {}).unwrap().session.snapshot();
    let refused = Teaching::new(&study, None, Vec::new(), &engine.plan).map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains(" of the coded study is `participants/"), "{refused}");
}

const TALK: [(&str, &str); 3] = [
    ("p/A.txt", "Interviewer: How was tea?\nAda: Tea was warm and the tea room was warm.\n"),
    ("p/B.txt", "Interviewer: How was tea?\nBob: The garden was cold. 🫖🙂 Nothing more.\n"),
    ("q/C.txt", "Interviewer: How was it?\nZoë 🙂: The garden and the tea, warm.\n"),
];

#[test]
fn terms_are_counted_by_passages_and_by_forms() {
    let engine = Engine::start(&Files::of(&TALK), 1, usize::MAX);
    let mut tally = Tally::default();
    for (_, row, voices) in &engine.parts[0] {
        tally.add(&row.talk, voices).unwrap();
    }
    let counted: Vec<Said> = tally.counted().collect();
    let n = |stem: &str, form: Option<&str>| {
        let found = counted.iter().find(|(s, f, _)| s == stem && f.as_deref() == form);
        found.map_or(0, |(.., n)| *n)
    };
    // Ada says it twice in one passage, Zoë once, and so do two questions.
    assert_eq!([n("tea", None), n("tea", Some("tea"))], [4, 5]);
    assert_eq!([n("garden", None), n("cold", None), n("the", None)], [2, 1, 0]);
}

#[test]
fn a_row_that_was_cut_off_is_refused_and_never_read_as_less() {
    let engine = Engine::start(&Files::of(&TALK), 1, usize::MAX);
    let (_, row, voices) = &engine.parts[0][0];
    for cut in [0, row.talk.len() / 2, row.talk.len() - 1] {
        let refused = Tally::default().add(&row.talk[..cut], voices);
        assert!(matches!(refused, Err(BatchError::Row { what: "passages" })), "{cut}");
        assert!(passages_of(&row.talk[..cut], &row.text).is_err());
    }
    let refused = Tally::default().add(&row.talk, &voices[..voices.len() - 1]);
    assert_eq!(refused.unwrap_err().to_string(), "a row of voices cannot be read");
}

#[test]
fn sums_are_added_number_by_number_and_only_of_one_length() {
    let bytes = |numbers: &[f64]| numbers.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    assert_eq!(add_up(&[bytes(&[1.0, 2.0]), bytes(&[0.5, -2.0])]).unwrap(), bytes(&[1.5, 0.0]));
    assert!(add_up(&[[0_u8; 0]]).unwrap().is_empty());
    let refused = add_up(&[bytes(&[1.0, 2.0]), bytes(&[1.0])]);
    assert!(matches!(refused, Err(BatchError::Row { what: "sums" })));
}

#[test]
fn a_sample_has_whole_transcripts_of_every_group_by_its_share() {
    let one = |path: String| (path, "Interviewer: And?\nA: Well.\n".repeat(5));
    let members = (0..12).map(|n| one(format!("members/P{n:02}.txt")));
    let files: Vec<(String, String)> =
        members.chain((0..4).map(|n| one(format!("leaders/L{n}.txt")))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let whole = Engine::start(&Files::of(&files), 1, usize::MAX).plan;
    assert_eq!(whole.sample(), None);
    let half = Engine::start(&Files::of(&files), 1, whole.n_passages() / 2).plan;
    let sampled = half.sample().unwrap();
    let n_leaders = sampled.iter().filter(|path| path.starts_with("leaders/")).count();
    assert_eq!((sampled.len(), n_leaders), (8, 2), "{sampled:?}");
}

#[test]
fn one_passage_by_one_person_is_a_study_with_no_theme_that_can_be_searched() {
    let engine = Engine::start(&Files::of(&TALK[2..]), 3, usize::MAX);
    let model = engine.fit();
    let folder = tempfile::tempdir().unwrap();
    engine.index(&model, &folder.path().join("index"), false);
    let study = Snapshot::of_index(&folder.path().join("index"), None).unwrap();
    let hits = found(&study, "gardens").hits;
    assert_eq!((hits[0].at.speaker.as_str(), hits[0].at.lines), ("Zoë 🙂", [2, 2]));
}

#[test]
fn of_two_files_of_one_name_the_words_are_those_of_the_one_that_is_taken() {
    let mut files = Files::of(&[
        ("talk.txt", "Ruth: Why?\nAda: The garden was wet and cold at the tram.\n"),
        ("talk.md", "Ruth: Why?\nAda: The kitchen was warm and dry at the quay.\n"),
        ("other.txt", "Ruth: Why?\nBen: The harbour was quiet.\n"),
    ]);
    let mut heard = || {
        files.by_path.rotate_left(1);
        let rows = files.read();
        let known = rows.iter().map(|(path, it)| (path.clone(), it.n_passages, it.known.clone()));
        let mut plan = Plan::new(files.setup(), known.collect(), usize::MAX).unwrap().value;
        assert!(plan.sample().is_none());
        plan.hear(rows.into_iter().map(|(path, it)| (path, it.talk, it.text)).collect()).unwrap();
        let taken = plan.voices()[1].0.clone();
        let text = plan.heard.as_ref().unwrap().text(1).unwrap().text.clone();
        assert_eq!(text.contains("kitchen"), taken == "talk.md", "{taken}: {text}");
        text
    };
    let first = heard();
    assert_eq!([heard(), heard()], [first.clone(), first]);
}

#[test]
fn a_shard_that_two_machines_write_is_one_and_what_is_left_over_goes() {
    let engine = Engine::start(&Files::of(&TALK), 2, usize::MAX);
    let model = engine.fit();
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    Archive::begin(&index).unwrap();
    let mut shards = Vec::new();
    for part in &engine.parts {
        let twice = ["a", "b"].map(|attempt| write_shard(&model, &index, part, attempt));
        assert_eq!(twice[0], twice[1]);
        shards.extend(twice.into_iter().take(1));
    }
    // Somebody was killed in the middle of a third.
    let left = format!("shards/{}.half/words", "0".repeat(32));
    fs::create_dir_all(index.join(left)).unwrap();
    let opened = |index: &Path| Snapshot::of_index(index, None).map(|_| ());
    assert_eq!(
        opened(&index).unwrap_err().to_string().rsplit(": ").next(),
        Some("it was not finished")
    );
    engine.plan.end_index(&index, (&model, shards.clone()), false).unwrap();
    assert_eq!(fs::read_dir(index.join("shards")).unwrap().count(), 2);
    opened(&index).unwrap();
    // One that was damaged on the disk is written anew.
    fs::write(index.join("shards").join(&shards[0]).join("passages"), "damaged").unwrap();
    assert!(opened(&index).is_err());
    write_shard(&model, &index, &engine.parts[0], "c");
    opened(&index).unwrap();

    // Written again in one part, in the same folder.
    let again = Engine::start(&Files::of(&TALK[..2]), 1, usize::MAX);
    again.index(&again.fit(), &index, false);
    let study = Snapshot::of_index(&index, None).unwrap();
    assert!(found(&study, "garden").hits.iter().all(|hit| hit.at.transcript == "p/B"));
    assert_eq!(fs::read_dir(index.join("cache/texts")).unwrap().count(), 2);

    fs::remove_dir_all(index.join("shards")).unwrap();
    assert!(opened(&index).unwrap_err().to_string().ends_with("missing or damaged"));
    assert!(engine.plan.end_index(&index, (&model, shards), false).is_err());
}

#[test]
fn no_file_of_somebody_else_is_taken_for_an_index() {
    let refused = |folder: &Path| {
        let refused = Archive::begin(folder).unwrap_err();
        assert!(refused.to_string().ends_with("it holds files of something else"), "{refused}");
    };
    refused(&sample());
    let folder = tempfile::tempdir().unwrap();
    // What a system puts there of its own.
    fs::write(folder.path().join(".DS_Store"), "").unwrap();
    Archive::begin(folder.path()).unwrap();
    fs::create_dir_all(folder.path().join("shards/2019")).unwrap();
    let engine = Engine::start(&Files::of(&TALK), 1, usize::MAX);
    engine.index(&engine.fit(), folder.path(), false);
    assert!(folder.path().join("shards/2019").exists());
    fs::write(folder.path().join("archive"), "letters of 1919").unwrap();
    refused(folder.path());
}

#[test]
fn names_on_a_key_are_shown_neither_without_it_nor_with_it() {
    let engine = Engine::start(&Files::of(&TALK), 2, usize::MAX);
    let model = engine.fit();
    let folder = tempfile::tempdir().unwrap();
    let (index, study) = (folder.path().join("index"), folder.path().join("study"));
    fs::create_dir_all(study.join(STORE)).unwrap();
    assert!(!crate::study::has_key(&study));
    engine.index(&model, &index, true);
    let refused = Snapshot::of_index(&index, Some((&study, None))).err().unwrap();
    assert!(refused.to_string().contains("nothing is shown without it"), "{refused}");
    fs::write(study.join(STORE).join("pseudonyms.csv"), "name,pseudonym\nAda,Member 1\n").unwrap();
    assert!(crate::study::has_key(&study));
    let opened = Snapshot::of_index(&index, Some((&study, None))).unwrap();
    let hits = found(&opened, "tea").hits;
    let told = serde_json::to_string(&hits).unwrap();
    assert!(told.contains("Member 1") && !told.contains("Ada"), "{told}");
    // Only who asks for originals is shown them.
    let told =
        serde_json::to_string(&found(&Snapshot::of_index(&index, None).unwrap(), "tea").hits);
    assert!(told.unwrap().contains("Ada"));
}
