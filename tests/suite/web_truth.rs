//! Truth of what is shown: every page is gone to; each figure leads to the quotes that it
//! counts, each quote is in its file, each dot is what was answered, and no candidate is
//! called a theme. On the sample study, and on one with random names and numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::sync::{Arc, LazyLock, Mutex, Weak};
use std::time::SystemTime;

use regex::Regex;
use serde_json::Value;

use crate::harness::Folder;
use crate::markup::Markup;
use crate::web::{Workbench, crawl, encoded};

/// Numbers from a seed, which is told if a test fails.
struct Dice {
    seed: u64,
    state: u64,
}

impl Dice {
    /// From the clock, or from `LEITMOTIF_SEED` to see the same once more.
    fn new() -> Self {
        let asked = std::env::var("LEITMOTIF_SEED").ok().and_then(|seed| seed.parse().ok());
        let clock = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let seed = asked.unwrap_or(clock);
        Self { seed, state: seed }
    }

    fn below(&mut self, n: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap() % n
    }

    fn one_of<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// A word that no language has.
    fn word(&mut self) -> String {
        let ends = ["ka", "mor", "tiv", "lun", "sep", "dra", "fob", "gwin", "ńu", "éz"];
        (0..3).map(|_| self.one_of(&ends)).collect()
    }

    fn name(&mut self) -> String {
        let mut word = format!("x{}", self.word());
        word[..1].make_ascii_uppercase();
        let more = ["", "", " Ó Briain", "-2", " & Co", " (x)", "'s"];
        word + self.one_of(&more)
    }
}

impl Drop for Dice {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let told = format!("to see this again: LEITMOTIF_SEED={}\n", self.seed);
            std::io::stderr().write_all(told.as_bytes()).ok();
        }
    }
}

/// A study with names, groups, topics and numbers of a moment.
fn random(dice: &mut Dice) -> Folder {
    let folder = Folder::new();
    folder.write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Interviewer\"]\n");
    let groups: Vec<String> = (0..=dice.below(3)).map(|_| dice.word()).collect();
    let topics: Vec<Vec<String>> =
        (0..3 + dice.below(3)).map(|_| (0..4).map(|_| dice.word()).collect()).collect();
    for person in 0..5 + dice.below(5) {
        let (name, id) = (dice.name(), format!("{}{person}", dice.word()));
        let group = &groups[person % groups.len()];
        let mut text = String::new();
        for turn in 0..12 + dice.below(12) {
            let topic = &topics[dice.below(topics.len())];
            text += &format!("Interviewer: And what came of it, number {turn}?\n{name}: ");
            for _ in 0..=dice.below(3) {
                let (a, b) = (&topic[dice.below(4)], &topic[dice.below(4)]);
                text += dice.one_of(&[
                    "Well, the ",
                    "I said that a ",
                    "We took our ",
                    "3 of 16 had a ",
                ]);
                text += &format!("{a} went to the {b}, and nobody minded. ");
            }
            text = text.trim_end().to_owned() + "\n";
        }
        folder.write(&format!("{group}/{id}.txt"), text);
    }
    let themes = json(&folder, &["themes"]);
    let n_themes = themes["themes"].as_array().unwrap().len();
    if n_themes > 0 {
        let id = (1 + dice.below(n_themes)).to_string();
        done(&folder, &["theme", "accept", &id, "--as", &dice.name()]);
    }
    if n_themes > 2 {
        let left = json(&folder, &["themes"])["themes"].as_array().unwrap().clone();
        let left: Vec<&Value> = left.iter().filter(|it| it["accepted"].is_null()).collect();
        done(&folder, &["theme", "reject", &left[dice.below(left.len())]["id"].to_string()]);
    }
    let passages = themes["passages"].as_array().unwrap();
    for at in 0..=dice.below(3) {
        let code = format!("{} {at}", dice.name());
        folder.answer(&["code", "add", &code]);
        for _ in 0..=dice.below(4) {
            let passage = &passages[dice.below(passages.len())];
            let (id, line) =
                (passage["transcript"].as_str().unwrap(), passage["lines"][0].to_string());
            let ran = folder.run(&[
                "quote",
                "add",
                "--transcript",
                id,
                "--lines",
                &line,
                "--code",
                &code,
            ]);
            // The same line again is refused.
            assert!(ran.code == 0 || ran.err.contains("already"), "{}", ran.err);
        }
    }
    let side = dice.one_of(&["benefit", "drawback", "mixed"]);
    folder.answer(&["quote", "stance", "1", side]);
    folder
}

/// The sample study, with something of every kind decided.
fn decided() -> Folder {
    let folder = Folder::sample();
    for args in [
        &["theme", "accept", "1"][..],
        &["theme", "reject", "3"],
        &["code", "add", "Driving", "--definition", "Roads and cars."],
        &["code", "add", "Petrol", "--under", "Driving"],
        &["quote", "add", "--transcript", "participants/P07", "--lines", "7", "--code", "Driving"],
        &["quote", "add", "--transcript", "P03", "--lines", "5", "--code", "Petrol"],
        &["quote", "stance", "1", "benefit"],
        &["quote", "stance", "7", "drawback"],
    ] {
        done(&folder, args);
    }
    folder
}

/// Does it, with or without remarks.
fn done(folder: &Folder, args: &[&str]) {
    let ran = folder.run(args);
    assert!(ran.code < 2, "{args:?}: {}", ran.err);
}

fn json(folder: &Folder, args: &[&str]) -> Value {
    let ran = folder.run(&[args, &["--format", "json"]].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{args:?}: {}", ran.err))
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))).unwrap()
}

static PEOPLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(\d+(?:,\d{3})*) (?:of \d+\b|participants?\b)").unwrap());
static QUOTES: LazyLock<Regex> = LazyLock::new(|| {
    let units = r"more only by|passages?\b|quotations?\b|match(?:es)?\b|quotes?\b";
    Regex::new(&format!(r"\b(\d+(?:,\d{{3}})*) (?:{units})")).unwrap()
});

/// How many people and quotes something counts; what it does not count is not compared.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Figures {
    people: Option<usize>,
    quotes: Option<usize>,
}

impl Figures {
    /// `12 of 16 participants, 27 passages`; of two that tell of before and after, the last.
    fn of(words: &str) -> Self {
        let last = |of: &Regex| {
            let found = of.captures_iter(words).last()?;
            Some(found[1].replace(',', "").parse().unwrap())
        };
        Self { people: last(&PEOPLE), quotes: last(&QUOTES) }
    }

    fn is_none(&self) -> bool {
        self.people.is_none() && self.quotes.is_none()
    }

    /// Whether all that both count is the same.
    fn agrees(&self, with: &Self) -> bool {
        let same = |a: Option<usize>, b: Option<usize>| a.is_none() || b.is_none() || a == b;
        same(self.people, with.people) && same(self.quotes, with.quotes)
    }
}

/// A study, all its pages, and those that were asked for beside them.
struct Study {
    workbench: Workbench,
    pages: BTreeMap<String, String>,
    more: Mutex<BTreeMap<String, String>>,
}

impl Study {
    /// Goes everywhere: by links, and as forms ask.
    fn crawled(folder: &Folder) -> Self {
        let workbench = Workbench::open(folder, &[]);
        let pages = crawl(&workbench).into_iter();
        let pages = pages.filter(|(_, it)| it.header("content-type").starts_with("text/html"));
        let pages = pages.map(|(path, answer)| (path, answer.body)).collect();
        let study = Self { workbench, pages, more: Mutex::default() };
        for path in [
            "/quotes?q=%22the%22",
            "/quotes?q=%22the%22&sort=left",
            "/compare/saturation?candidates=1",
        ] {
            study.page(path);
        }
        study
    }

    fn page(&self, path: &str) -> String {
        if let Some(known) = self.pages.get(path) {
            return known.clone();
        }
        let mut more = self.more.lock().unwrap();
        more.entry(path.to_owned()).or_insert_with(|| self.workbench.page(path)).clone()
    }

    fn all(&self) -> Vec<(String, Markup)> {
        let more = self.more.lock().unwrap();
        let all = self.pages.iter().chain(more.iter());
        all.map(|(path, page)| (path.clone(), Markup::read(page))).collect()
    }

    /// What an address leads to: the quotes there, and of how many people.
    fn behind(&self, address: &str) -> Figures {
        let (path, id) = address.split_once('#').unwrap_or((address, ""));
        let page = Markup::read(&self.page(path));
        let at = if id.is_empty() {
            page.main()
        } else {
            page.with_id(id).unwrap_or_else(|| panic!("no {address}"))
        };
        if id == "transcript" {
            let marks = page.all(at, "script", &["marks"]);
            let marks =
                marks.iter().map(|&it| serde_json::from_str::<Value>(page.own_words(it)).unwrap());
            let n = marks.map(|it| it.as_array().unwrap().len()).sum();
            return Figures { people: None, quotes: Some(n) };
        }
        let rows = page.all(at, "tr", &[]).into_iter();
        let rows: Vec<usize> =
            rows.filter(|&it| page.attribute(it, "data-transcript").is_some()).collect();
        let quotes = if rows.is_empty() { page.all(at, "figure", &["quote"]) } else { rows };
        // What is not found any more is told apart.
        let here: Vec<usize> = quotes
            .into_iter()
            .filter(|&it| page.attribute(it, "data-transcript").is_some())
            .collect();
        let people: BTreeSet<&str> =
            here.iter().filter_map(|&it| page.attribute(it, "data-case")).collect();
        Figures { people: Some(people.len()), quotes: Some(here.len()) }
    }
}

/// Where what is said is not the page's own words.
const OF_OTHERS: [&str; 9] =
    ["blockquote", "q", "bdi", "textarea", "option", "script", "code", "mark", "title"];

/// Whether words count what stands below them, so that there is nothing to open: headings,
/// what a page begins with, what is opened in place, and the table that says the same as a
/// picture, whose marks are links.
fn heads_its_own(page: &Markup, around: &[usize]) -> bool {
    around.iter().any(|&it| {
        ["h1", "h2", "h3", "summary", "figcaption", "desc"].contains(&page.name(it))
            || page.is_of(it, "lead")
            || page.is_of(it, "glossary")
    })
}

/// Exceptions, each with its reason.
fn is_excused(path: &str, page: &Markup, around: &[usize], words: &str) -> bool {
    let is_in = |class: &str| around.iter().any(|&it| page.is_of(it, class));
    // Of a picture, the sentence below it and the sizes in its key; its marks are links.
    let is_drawn = around.iter().any(|&it| page.name(it) == "text");
    // What is gone, and the sentence on what saturation rests on, have no quotes of now.
    (is_in("change") && words.contains("before:"))
        || path.starts_with("/compare/saturation")
        || (is_drawn && Figures::of(words).people.is_none())
        // Nobody, and nothing, has nothing to open.
        || words.trim().starts_with("0 of ")
        // The methods of a report are a text to be printed.
        || path.starts_with("/report")
        // Nothing opens what was counted once: the passages of then are not kept.
        || path.starts_with("/themes?version=")
        // How large a group is, is no finding.
        || words.contains("too few to describe as a group")
        // What an act would do is no finding.
        || around.iter().any(|&it| page.name(it) == "form")
}

fn every_number_opens(folder: &Folder, study: &Study) {
    let mut wrong = Vec::new();
    let mut n_opened = 0;
    for (path, page) in study.all() {
        for at in page.within(page.main()) {
            let (words, around) = (page.own_words(at), page.around(at));
            let is_own = !around
                .iter()
                .any(|&it| OF_OTHERS.contains(&page.name(it)) || page.is_of(it, "transcript"));
            let link = around.iter().find(|&&it| page.name(it) == "a");
            if !is_own || Figures::of(words).is_none() || link.is_some() {
                continue;
            }
            if !heads_its_own(&page, &around) && !is_excused(&path, &page, &around, words) {
                wrong.push(format!("{path}: `{}` leads nowhere", words.trim()));
            }
        }
        for link in page.all(page.main(), "a", &[]) {
            let Some(address) = page.attribute(link, "href").filter(|it| !it.starts_with('#'))
            else {
                continue;
            };
            let own: String = page
                .within(link)
                .into_iter()
                .filter(|&it| !page.around(it).iter().any(|&it| OF_OTHERS.contains(&page.name(it))))
                .map(|it| page.own_words(it))
                .collect();
            let mut told = Figures::of(&own);
            if told.is_none() {
                // A cell says what it counts in its heading.
                told = of_cell(&page, link, &own);
            }
            if told.is_none() {
                continue;
            }
            n_opened += 1;
            let found = study.behind(address);
            if !told.agrees(&found) {
                wrong.push(format!("{path}: `{}` opens {found:?} at {address}", own.trim()));
            }
        }
    }
    for (address, expected) in of_command(folder) {
        let found = study.behind(&address);
        if !expected.agrees(&found) {
            wrong.push(format!("{address}: {found:?}, but the command line says {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(n_opened > 10, "{n_opened}");
}

/// What a bare number in a cell counts.
fn of_cell(page: &Markup, link: usize, words: &str) -> Figures {
    let around = page.around(link);
    let (Some(cell), Some(row), Some(table)) = (
        around.iter().find(|&&it| ["td", "th"].contains(&page.name(it))),
        around.iter().find(|&&it| page.name(it) == "tr"),
        around.iter().find(|&&it| page.name(it) == "table"),
    ) else {
        return Figures::default();
    };
    let cells = |row: usize| -> Vec<usize> {
        let cells = page.within(row).into_iter();
        cells.filter(|&it| ["td", "th"].contains(&page.name(it))).collect()
    };
    let column = cells(*row).iter().position(|it| it == cell);
    let head = cells(page.all(*table, "tr", &[])[0]);
    let head = column.and_then(|at| head.get(at)).map(|&it| page.words(it)).unwrap_or_default();
    let first = words.trim().split(' ').next().and_then(|it| it.replace(',', "").parse().ok());
    match head.as_str() {
        "Quotations" | "Matches" | "Quotes" | "Passages" => Figures { people: None, quotes: first },
        _ => Figures::default(),
    }
}

/// What the command line counts, by the address that opens it.
fn of_command(folder: &Folder) -> Vec<(String, Figures)> {
    let figures = |of: &Value, quotes: &str| Figures {
        people: Some(number(&of["n_cases"])),
        quotes: Some(number(&of[quotes])),
    };
    let mut all = Vec::new();
    let themes = json(folder, &["themes"]);
    for theme in themes["themes"].as_array().unwrap() {
        let own = format!("/themes/{}", theme["id"]);
        all.push((format!("{own}#evidence"), figures(theme, "n_passages")));
        for code in theme["subthemes"].as_array().unwrap() {
            all.push((format!("{own}?code={}#evidence", code["id"]), figures(code, "n_passages")));
        }
        if !theme["uncoded"].is_null() {
            all.push((
                format!("{own}?uncoded=1#evidence"),
                figures(&theme["uncoded"], "n_passages"),
            ));
        }
    }
    for code in json(folder, &["codebook"]).as_array().unwrap() {
        all.push((format!("/codebook/{}#quotations", code["id"]), figures(code, "n_quotations")));
    }
    let lines = json(folder, &["search", "\"the\"", "--kwic", "--limit", "0"]);
    let lines = lines.as_array().unwrap();
    let people: BTreeSet<&str> = lines.iter().filter_map(|it| it["case"].as_str()).collect();
    let found = Figures { people: Some(people.len()), quotes: Some(lines.len()) };
    all.push((format!("/quotes?q={}&sort=place&all=1", encoded("\"the\"")), found));
    let uncovered = json(folder, &["themes", "--unassigned"]);
    let n = uncovered.as_array().unwrap().len();
    all.push(("/themes/uncovered".to_owned(), Figures { people: None, quotes: Some(n) }));
    all
}

/// Words without what white space there is between them.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a file says, line by line; without its own signs where it is no plain text.
fn file_of(folder: &Folder, id: &str) -> Option<(bool, Vec<String>)> {
    for ending in ["txt", "md", "vtt", "srt"] {
        let path = folder.path().join(format!("{id}.{ending}"));
        if let Ok(text) = fs::read_to_string(path) {
            let is_plain = ["txt", "md"].contains(&ending);
            return Some((is_plain, text.lines().map(str::to_owned).collect()));
        }
    }
    None
}

fn every_quote_is_in_its_file(folder: &Folder, study: &Study) {
    // Numbers and ids of cues, their times, and who speaks.
    let times = Regex::new(r"^(\d+|[0-9a-f-]{30,}/.*|WEBVTT.*|.*-->.*)$").unwrap();
    let label = Regex::new(r"^[^:<]{1,40}: |</?v[^>]*>").unwrap();
    let (mut n_exact, mut wrong) = (0, Vec::new());
    for (path, page) in study.all() {
        for at in page.within(page.main()) {
            let (Some(id), Some(lines)) =
                (page.attribute(at, "data-transcript"), page.attribute(at, "data-lines"))
            else {
                continue;
            };
            // A name that is shown may be short; a file is named in full.
            let Some((is_plain, file)) = file_of(folder, id) else { continue };
            let said: Vec<String> = if page.name(at) == "tr" {
                let cells = page.all(at, "td", &[]);
                vec![page.words(cells[1])]
            } else {
                let words = page.words(page.all(at, "blockquote", &[])[0]);
                let words = words.strip_prefix('“').and_then(|it| it.strip_suffix('”'));
                words.unwrap().split(" […] ").map(str::to_owned).collect()
            };
            for said in said {
                let is_there = if is_plain {
                    n_exact += 1;
                    let (first, last) = lines.split_once('-').unwrap();
                    let range = first.parse::<usize>().unwrap() - 1..last.parse().unwrap();
                    file.get(range).is_some_and(|lines| lines.join("\n").contains(&said))
                } else {
                    let own = file.iter().filter(|line| !times.is_match(line));
                    let own: Vec<_> = own.map(|line| label.replace_all(line, "")).collect();
                    folded(&own.join(" ")).contains(&folded(&said))
                };
                if !is_there {
                    wrong.push(format!("{path}: `{said}` is not in {id}, {lines}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(n_exact > 50, "{n_exact}");
}

/// The dots of the board are those of the answer, and pictures are those that the command
/// line draws, whose values are read back in `pictures`.
fn dots_equal_the_answer(folder: &Folder, study: &Study) {
    let voices = study.workbench.json("/themes/matrix.json");
    let people = voices["people"].as_array().unwrap();
    let board = Markup::read(&study.page("/themes"));
    for theme in voices["themes"].as_array().unwrap() {
        let card = board.with_id(&format!("theme-{}", theme["id"])).unwrap();
        let dots = board.all(card, "span", &["dot"]);
        assert_eq!(dots.len(), people.len());
        for (person, dot) in dots.into_iter().enumerate() {
            let n = number(&theme["n_passages"][person]);
            let size = [0, 1, 2, 2, 3][n.min(4)];
            assert!(
                board.is_of(dot, &format!("d{size}")),
                "{n} in {:?}",
                board.attribute(dot, "class")
            );
            let told = format!("{}: {n} passage", people[person]["case"].as_str().unwrap());
            assert!(board.attribute(dot, "title").unwrap().starts_with(&told), "{told}");
        }
    }
    // Links, and what makes their targets large enough.
    let links =
        Regex::new("<a href=[^>]*>|<g>|<rect [^>]*width=\"26\" height=\"26\"[^>]*/>\n").unwrap();
    let drawing = |svg: &str| {
        let svg = links.replace_all(svg, "").replace("</a>", "").replace("</g>", "");
        svg.replace("role=\"group\"", "role=\"img\"")
    };
    let out = Folder::new();
    let themes = json(folder, &["themes"]);
    let first = themes["themes"][0]["id"].to_string();
    let is_tried = |it: &&Value| !it["without"].as_array().unwrap().is_empty();
    let tried = themes["themes"].as_array().unwrap().iter().find(is_tried);
    let tried = tried.expect("some candidate was tried without some people")["id"].to_string();
    for (page, args) in [
        ("/themes/matrix", &["matrix"][..]),
        ("/themes/map", &["map"]),
        (&format!("/themes/{first}"), &["dispersion", "--theme", &first]),
        (&format!("/themes/{tried}"), &["stability", "--theme", &tried]),
        ("/compare?by=group", &["shares", "--by", "group"]),
        ("/compare/saturation", &["saturation"]),
    ] {
        let answer = study.workbench.get(page);
        let path = out.path().join(format!("{}.svg", args[0]));
        let ran = folder.run(&[&["plot", args[0], path.to_str().unwrap()], &args[1..]].concat());
        assert!(ran.code < 2, "{args:?}: {}", ran.err);
        let file = fs::read_to_string(path).unwrap();
        let file = drawing(&file[..file.find("</svg>").unwrap()]);
        let drawn = answer.body.split("<svg xmlns").skip(1);
        let mut drawn =
            drawn.map(|it| drawing(&format!("<svg xmlns{}", it.split("</svg>").next().unwrap())));
        // What has no groups has no picture of them.
        let is_there = answer.body.contains("<figure class=\"picture\"");
        assert!(!is_there || drawn.any(|it| it == file), "{page}: {file}");
    }
}

/// Sentences in which themes are spoken of where there are none yet: names of places, and
/// what somebody can make of a candidate.
const OF_THEMES: [&str; 21] = [
    "Themes",
    "Themes by participants",
    "Map of themes",
    "and themes, with the participants",
    "themes and",
    "the themes with their quotes",
    "theme or code",
    "Theme or code",
    "Accept as a theme",
    "Your name for this theme",
    "Makes a theme of each",
    "A theme is what recurs across people",
    "Each theme shows up to three quotes",
    "a table of participants by themes",
    "theme",
    "kept out of themes",
    "thematic analysis",
    "settings, such as another number of themes",
    "accepted theme",
    "quoted under each theme, by group",
    "carry no theme",
];

fn candidates_are_not_called_themes(study: &Study) {
    let word = Regex::new(r"(?i)\bthemes?\b").unwrap();
    let mut wrong = Vec::new();
    for (path, page) in study.all() {
        if path.starts_with("/help") {
            continue;
        }
        for at in page.within(page.main()) {
            let of_others =
                |it: &usize| OF_OTHERS.contains(&page.name(*it)) && page.name(*it) != "title";
            let words = page.own_words(at).trim();
            // A sentence of a picture is broken into lines; all of it is told as one as well.
            let is_drawn = page.around(at).iter().any(|&it| page.name(it) == "text");
            if is_drawn || !word.is_match(words) || page.around(at).iter().any(of_others) {
                continue;
            }
            let is_known = words.contains("andidate")
                || OF_THEMES
                    .iter()
                    .any(|known| words == *known || (known.contains(' ') && words.contains(known)));
            if !is_known {
                wrong.push(format!("{path}: `{words}`"));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The sample study and its pages, gone through once for all tests that run at a time; the
/// workbench ends with the last of them.
fn sample() -> Arc<(Folder, Study)> {
    static SHARED: Mutex<Weak<(Folder, Study)>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap();
    shared.upgrade().unwrap_or_else(|| {
        let folder = decided();
        let study = Study::crawled(&folder);
        let both = Arc::new((folder, study));
        *shared = Arc::downgrade(&both);
        both
    })
}

#[test]
fn every_number_opens_its_quotes() {
    let both = sample();
    every_number_opens(&both.0, &both.1);
}

#[test]
fn every_quote_on_every_page_is_in_its_file() {
    let both = sample();
    every_quote_is_in_its_file(&both.0, &both.1);
}

#[test]
fn dots_bars_and_bands_equal_the_answer() {
    let both = sample();
    dots_equal_the_answer(&both.0, &both.1);
}

#[test]
fn candidates_are_never_called_themes() {
    let folder = Folder::sample();
    folder.answer(&["code", "add", "Talk"]);
    folder.answer(&["quote", "add", "--transcript", "P07", "--lines", "4-6", "--code", "Talk"]);
    candidates_are_not_called_themes(&Study::crawled(&folder));
}

#[test]
fn a_study_of_random_names_and_numbers_is_shown_as_it_is() {
    let mut dice = Dice::new();
    let folder = random(&mut dice);
    let study = Study::crawled(&folder);
    every_number_opens(&folder, &study);
    every_quote_is_in_its_file(&folder, &study);
    dots_equal_the_answer(&folder, &study);
}
