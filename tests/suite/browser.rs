//! The workbench in Chromium, driven as a person drives it: by pointer and keys.
//!
//! Where Chromium or its driver is missing the tests are skipped and say so, and fail if
//! `LEITMOTIF_BROWSER` is `required`. The driver is spoken to over HTTP, as
//! `WebDriver` says.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::harness::{Folder, interview, sample_path, skipped};
use crate::web::{Workbench, two_interviews};

/// A browser with one window.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.ask("DELETE", "", &Value::Null);
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

impl Browser {
    /// A fresh browser whose files go to `downloads`; none where there is no driver.
    pub(crate) fn start(downloads: &Path) -> Option<Self> {
        Self::start_as(downloads, &[], &json!({}))
    }

    /// The same, with more arguments and preferences.
    pub(crate) fn start_as(downloads: &Path, more: &[String], prefs: &Value) -> Option<Self> {
        let started = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut driver) = started else {
            let is_required = std::env::var("LEITMOTIF_BROWSER").is_ok_and(|it| it == "required");
            assert!(!is_required, "chromedriver is not here");
            skipped("chromedriver");
            return None;
        };
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let line = lines.map_while(Result::ok).find(|line| line.contains("successfully on port"));
        let line = line.unwrap();
        let port = line.rsplit(' ').next().unwrap().trim_end_matches('.');
        let mut browser = Self { driver, port: port.parse().unwrap(), session: String::new() };
        // No other host can be reached, whatever a page asks for.
        let usual = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1280,900",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        ];
        let arguments: Vec<&str> =
            usual.into_iter().chain(more.iter().map(String::as_str)).collect();
        let mut prefs = prefs.clone();
        prefs["download.default_directory"] = downloads.to_str().unwrap().into();
        let options = json!({ "args": arguments, "prefs": prefs });
        let wanted = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" }
        });
        let started =
            browser.ask("POST", "", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        browser.session += started["sessionId"].as_str().unwrap();
        Some(browser)
    }

    /// One command of `WebDriver`.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let session =
            if self.session.is_empty() { String::new() } else { format!("/{}", self.session) };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = format!(
            "{method} /session{session}{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        // The driver keeps connections open, so the end is told by the length alone.
        let mut answer = BufReader::new(stream);
        let mut n_bytes = 0;
        let mut line = String::new();
        while answer.read_line(&mut line).is_ok_and(|n| n > 2) {
            let (name, value) = line.split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("content-length") {
                n_bytes = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; n_bytes];
        answer.read_exact(&mut body).ok();
        let body = &String::from_utf8_lossy(&body);
        serde_json::from_str::<Value>(body).map_or(Value::Null, |answer| answer["value"].clone())
    }

    pub(crate) fn go(&self, address: &str) {
        self.ask("POST", "/url", &json!({ "url": address }));
    }

    pub(crate) fn run(&self, script: &str, arguments: &Value) -> Value {
        self.ask("POST", "/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// The element that fits an `XPath`, once it is there.
    #[track_caller]
    pub(crate) fn find(&self, path: &str) -> String {
        let start = Instant::now();
        loop {
            let found = self.ask("POST", "/element", &json!({ "using": "xpath", "value": path }));
            let id = found.as_object().and_then(|found| found.values().next());
            if let Some(id) = id.filter(|_| found["error"].is_null()) {
                return id.as_str().unwrap().to_owned();
            }
            assert!(start.elapsed() < Duration::from_mins(1), "no `{path}`: {}", self.source());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whether an element is there now.
    pub(crate) fn has(&self, path: &str) -> bool {
        let found = self.ask("POST", "/elements", &json!({ "using": "xpath", "value": path }));
        found.as_array().is_some_and(|found| !found.is_empty())
    }

    /// The text of an element, as it is seen.
    pub(crate) fn text(&self, path: &str) -> String {
        let element = self.find(path);
        let text = self.ask("GET", &format!("/element/{element}/text"), &Value::Null);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks with the pointer.
    #[track_caller]
    pub(crate) fn click(&self, path: &str) {
        let element = self.find(path);
        // A person scrolls until nothing stands over it.
        let named = json!([{ "element-6066-11e4-a52e-4f735466cecf": &element }]);
        self.run("arguments[0].scrollIntoView({ block: 'center' })", &named);
        let clicked = self.ask("POST", &format!("/element/{element}/click"), &json!({}));
        assert!(clicked.is_null(), "{path}: {clicked}");
    }

    /// Types into a field.
    #[track_caller]
    pub(crate) fn write(&self, path: &str, text: &str) {
        let element = self.find(path);
        let typed =
            self.ask("POST", &format!("/element/{element}/value"), &json!({ "text": text }));
        assert!(typed.is_null(), "{path}: {typed}");
    }

    pub(crate) fn source(&self) -> String {
        self.ask("GET", "/source", &Value::Null).to_string()
    }

    /// What went wrong in the page, but for answers with this status.
    pub(crate) fn complaints(&self, but: &str) -> Vec<String> {
        let log = self.ask("POST", "/se/log", &json!({ "type": "browser" }));
        let said = log.as_array().unwrap().iter().filter(|it| it["level"] == "SEVERE");
        let said = said.map(|it| it["message"].as_str().unwrap().to_owned());
        said.filter(|it| but.is_empty() || !it.contains(but)).collect()
    }
}

/// Goes in, and waits until the study can be seen.
#[track_caller]
pub(crate) fn enter(browser: &Browser, workbench: &Workbench) -> String {
    browser.go(&workbench.address);
    browser.find("//h1[.='What was read']");
    // Nothing of the link is left in the address.
    let at = browser.ask("GET", "/url", &Value::Null);
    let base = format!("http://127.0.0.1:{}", workbench.port);
    assert_eq!(at, format!("{base}/study"));
    base
}

/// Hands the interviews of the sample study over, and waits until they are read.
#[track_caller]
pub(crate) fn add_sample(browser: &Browser) {
    browser.find("//p[contains(., 'There is no transcript in this folder yet')]");
    let files = ["participants", "leaders"].map(|group| sample_path().join(group).read_dir());
    let files = files.into_iter().flat_map(Result::unwrap);
    let files: Vec<String> =
        files.map(|file| file.unwrap().path().to_str().unwrap().to_owned()).collect();
    browser.write("//input[@type='file']", &files.join("\n"));
    browser.click("//button[.='Add the files']");
    browser.find("//p[contains(., '16 transcripts')]");
}

/// Accepts a candidate on the board under a name.
#[track_caller]
pub(crate) fn accept(browser: &Browser, candidate: usize, name: &str) {
    let card = format!("//article[@id='theme-{candidate}']");
    browser.click(&format!("{card}//summary[.='Accept']"));
    browser.write(&format!("{card}//input[@name='name']"), name);
    browser.click(&format!("{card}//button[.='Accept as a theme']"));
    browser.find(&format!("//p[@id='says' and contains(., '{name}')]"));
    browser.find(&format!("{card}[contains(@class, 'theme')]//h2[contains(., '{name}')]"));
}

/// Has the report written as a Word file, which `leitmotif verify` finds word for word: what
/// stands in it.
#[track_caller]
pub(crate) fn word_report(browser: &Browser, folder: &Folder, downloads: &Path) -> String {
    browser.click("//nav//a[.='Report']");
    browser.click("//button[.='Word file']");
    let start = Instant::now();
    let report = loop {
        let files = fs::read_dir(downloads).unwrap();
        let mut names = files.map(|file| file.unwrap().path());
        if let Some(report) = names.find(|path| path.extension().is_some_and(|it| it == "docx")) {
            break report;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "no report comes");
        std::thread::sleep(Duration::from_millis(50));
    };
    let checked = folder.answer(&["verify", report.to_str().unwrap(), "--format", "json"]);
    let checked: Value = serde_json::from_str(&checked).unwrap();
    assert!(checked["n_exact"].as_u64().unwrap() >= 12, "{checked}");
    assert_eq!((&checked["n_altered"], &checked["n_unknown"]), (&0.into(), &0.into()));
    let mut parts = zip::ZipArchive::new(fs::File::open(report).unwrap()).unwrap();
    let mut text = String::new();
    parts.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

/// From a folder without transcripts to a report, by pointer.
#[test]
fn from_an_empty_folder_to_a_word_report() {
    let (folder, downloads) = (Folder::new(), Folder::new());
    let Some(browser) = Browser::start(downloads.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    browser.go(&workbench.address);
    add_sample(&browser);
    browser.click("//nav//a[.='Themes']");
    let names = ["What comes first", "What comes then"];
    for (candidate, name) in (1..).zip(names) {
        accept(&browser, candidate, name);
    }
    browser.click("//article[@id='theme-3']//summary[.='Reject']");
    browser.click("//article[@id='theme-3']//button[.='Reject']");
    browser.find("//p[@id='says' and contains(., 'rejected')]");
    browser.click("//footer//button[.='Undo']");
    browser.find("//p[@id='says' and contains(., 'undid')]");
    browser.find("//article[@id='theme-3' and contains(@class, 'candidate')]");
    let report = word_report(&browser, &folder, downloads.path());
    assert!(names.iter().all(|name| report.contains(name)), "{report}");
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

/// Random stretches of awkward talk are marked in the page; what is stored is sliced from
/// the file by the test.
#[test]
fn a_selection_is_stored_byte_for_byte() {
    let folder = Folder::new();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let talk = [
        "So so so so so so so so so so, and that was so.",
        "It was 👩‍👩‍👧 and 👍🏽 and e\u{301}te\u{301}, n\u{303}o, at\u{a0}home \u{a0} then.",
        "שלום לכולם, it said, and مرحبا again.",
        "A line\r\nand another\r\n  and a third, & <b>no</b> \"mark\" at 'all'.",
        "1 < 2 && 3 > 2; {{ braces }} \\ and 王さん.",
    ];
    let mut file = String::new();
    let mut turns: Vec<(usize, &str)> = Vec::new();
    for (n, words) in talk.iter().cycle().take(15).enumerate() {
        file += if n % 2 == 0 { "Ann: " } else { "Interviewer: " };
        turns.push((file.len(), words));
        file += words;
        file += "\r\n";
    }
    folder.write("Ann.txt", &file);
    folder.write("Bob.txt", interview("Bob", "kettle", 4));
    folder.write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Interviewer\"]\n");
    folder.answer(&["code", "add", "Talk"]);
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/read/Ann"));
    browser.find("//p[@data-turn='14']");
    let seed = 20_261_126;
    let mut dice = Dice(seed);
    let mut expected: Vec<String> = Vec::new();
    let mut asked = Vec::new();
    while asked.len() < 200 {
        let first = dice.below(turns.len());
        let last = if dice.below(4) == 0 { (first + 1).min(turns.len() - 1) } else { first };
        let n_chars = |turn: usize| turns[turn].1.chars().count();
        let (from, to) = (dice.below(n_chars(first)), dice.below(n_chars(last)) + 1);
        if first == last && from >= to {
            continue;
        }
        let Some(words) = stretch(&file, &turns, (first, from), (last, to)) else { continue };
        if expected.contains(&words) {
            continue;
        }
        expected.push(words);
        let utf16 = |turn: usize, n: usize| {
            turns[turn].1.chars().take(n).map(char::len_utf16).sum::<usize>()
        };
        let is_backwards = dice.below(3) == 0;
        asked.push(json!([first, utf16(first, from), last, utf16(last, to), is_backwards]));
    }
    let done = mark_all(&browser, &asked);
    assert_eq!(done, "all", "seed {seed}");
    let listed = folder.run(&["quote", "list", "--format", "json"]).out;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let mut stored: Vec<(u64, String)> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["id"].as_u64().unwrap(), it["text"].as_str().unwrap().to_owned()))
        .collect();
    stored.sort();
    let stored: Vec<String> = stored.into_iter().map(|(_, text)| text).collect();
    assert_eq!(stored, expected, "seed {seed}");
    // What is shown as coded is what was marked.
    let shown = browser.run("return [...CSS.highlights.get('coded')].length", &json!([]));
    assert!(shown.as_u64().unwrap() >= 200, "{shown}");
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// Marks stretches of the transcript that is open, and codes each as `Talk`: turn and UTF-16
/// place of both ends, and whether it is marked backwards. What comes is `all`, or what went wrong.
pub(crate) fn mark_all(browser: &Browser, asked: &[Value]) -> Value {
    let script = "
        const [asked, done] = [arguments[0], arguments[1]];
        const node = (turn) => document.querySelector(`.words[data-turn='${turn}']`).firstChild;
        (async () => {
          for (const [first, from, last, to, isBackwards] of asked) {
            const ends = [node(first), from, node(last), to];
            const [a, b] = [ends.slice(0, 2), ends.slice(2)];
            getSelection().setBaseAndExtent(...(isBackwards ? [...b, ...a] : [...a, ...b]));
            node(last).parentElement.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
            await new Promise((go) => setTimeout(go));
            const form = document.getElementById('coding');
            if (form.hidden) return done(`not marked: ${first} ${from} ${last} ${to}`);
            form.elements.code.value = 'Talk';
            const taken = new Promise((go) => document.addEventListener('leitmotif:taken', go, { once: true }));
            const late = new Promise((go) => setTimeout(() => go('late'), 20000));
            form.requestSubmit();
            if ((await Promise.race([taken, late])) === 'late') {
              return done(document.querySelector('.problem:not([hidden])')?.textContent ?? 'late');
            }
          }
          done('all');
        })();";
    browser.ask("POST", "/timeouts", &json!({ "script": 300_000 }));
    browser.ask("POST", "/execute/async", &json!({ "script": script, "args": [asked] }))
}

/// What is kept if this is marked: without white space at its ends, moved out to whole
/// characters; `None` if nothing is left.
fn stretch(
    file: &str,
    turns: &[(usize, &str)],
    (first, from): (usize, usize),
    (last, to): (usize, usize),
) -> Option<String> {
    let byte = |turn: usize, n: usize| {
        let (start, words) = turns[turn];
        start + words.char_indices().nth(n).map_or(words.len(), |(at, _)| at)
    };
    let (mut start, mut end) = (byte(first, from), byte(last, to));
    let limits = if first == last {
        (start, end)
    } else {
        (turns[first].0 + turns[first].1.len(), turns[last].0)
    };
    let (to_start, to_end) = if first == last { (end, start) } else { (limits.0, limits.1) };
    while end > to_end && file[..end].chars().next_back().is_some_and(char::is_whitespace) {
        end -= file[..end].chars().next_back()?.len_utf8();
    }
    let to_start = if first == last { end } else { to_start };
    while start < to_start && file[start..].chars().next().is_some_and(char::is_whitespace) {
        start += file[start..].chars().next()?.len_utf8();
    }
    let edges = |turn: usize| {
        let (at, words) = turns[turn];
        words
            .grapheme_indices(true)
            .map(|(n, _)| at + n)
            .chain([at + words.len()])
            .collect::<Vec<_>>()
    };
    let start = edges(first).into_iter().rev().find(|edge| *edge <= start)?;
    let end = edges(last).into_iter().find(|edge| *edge >= end)?;
    let words = file.get(start..end)?;
    (!words.trim().is_empty() && (first == last || end > turns[last].0)).then(|| words.to_owned())
}

/// A form that is refused, and a workbench that is gone, leave what was typed.
#[test]
fn nothing_typed_is_lost() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    folder.answer(&["code", "add", "Tea"]);
    let mut workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/codebook/1"));
    browser.write("//textarea[@name='definition']", "A long definition.");
    folder.answer(&["code", "edit", "Tea", "--rename", "Coffee"]);
    browser.click("//button[.='Keep these notes']");
    browser.find(
        "//form[@action='/do/edit-code']//div[@role='alert' and contains(., 'decided meanwhile')]",
    );
    let typed = "return document.querySelector('textarea[name=definition]').value";
    assert_eq!(browser.run(typed, &json!([])), "A long definition.");
    workbench.child.kill().unwrap();
    workbench.child.wait().unwrap();
    browser.click("//button[.='Keep these notes']");
    browser.find(
        "//form[@action='/do/edit-code']//p[@role='alert' and contains(., 'does not answer')]",
    );
    assert_eq!(browser.run(typed, &json!([])), "A long definition.");
    // Nor is a name, and both are kept once the workbench is back.
    let name = "//form[@action='/do/rename-code']//input[@name='name']";
    browser.click("//summary[.='Rename']");
    browser.write(name, " with milk");
    browser.click("//form[@action='/do/rename-code']//button");
    browser.find(
        "//form[@action='/do/rename-code']//p[@role='alert' and contains(., 'does not answer')]",
    );
    let typed_name =
        "return document.querySelector('form[action=\"/do/rename-code\"] input[name=name]').value";
    let new = browser.run(typed_name, &json!([]));
    assert!(new.as_str().unwrap().ends_with(" with milk"), "{new}");
    browser.find("//*[@id='says' and contains(., 'does not answer')]");
    let again = Workbench::start(&folder, &[]);
    assert_eq!(again.port, workbench.port);
    browser.find("//*[@id='says' and contains(., 'answers again')]");
    assert_eq!(browser.run(typed_name, &json!([])), new);
    assert_eq!(browser.run(typed, &json!([])), "A long definition.");
}

/// What somebody else decides is seen without loading the page again.
#[test]
fn two_windows_and_a_terminal() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/codebook"));
    folder.answer(&["--coder", "Bo", "code", "add", "From the terminal"]);
    browser.find("//td[.='code']/..//bdi[.='From the terminal']");
    browser.find("//p[@id='says' and contains(., 'From the terminal')]");
    let opened = browser.ask("POST", "/window/new", &json!({ "type": "tab" }));
    browser.ask("POST", "/window", &json!({ "handle": opened["handle"] }));
    browser.go(&format!("{base}/codebook"));
    browser.click("//footer//button[.='Undo']");
    browser.find("//p[@id='says' and contains(., 'undid')]");
    let windows = browser.ask("GET", "/window/handles", &Value::Null);
    browser.ask("POST", "/window", &json!({ "handle": windows[0] }));
    browser.find("//p[@id='says' and contains(., 'undid')]");
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}
