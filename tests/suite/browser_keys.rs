//! The workbench by keys alone, by dragging, in many windows and with a transcript that
//! is very long.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::{Browser, enter};
use crate::harness::Folder;
use crate::web::{Workbench, two_interviews};

/// Keys that have no letter, as `WebDriver` names them.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SHIFT: &str = "\u{e008}";
const CONTROL: &str = "\u{e009}";
const ESCAPE: &str = "\u{e00c}";
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";

/// A keyboard that counts what is pressed.
struct Keyboard<'b> {
    browser: &'b Browser,
    n_pressed: usize,
}

impl Keyboard<'_> {
    /// Presses keys one after the other, the first ones being held: `[CONTROL, "z"]`.
    fn chord(&mut self, keys: &[&str]) {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        let sequence = json!([{ "type": "key", "id": "keys", "actions": actions }]);
        let done = self.browser.ask("POST", "/actions", &json!({ "actions": sequence }));
        assert!(done.is_null(), "{keys:?}: {done}");
        self.n_pressed += keys.len();
    }

    /// Presses one key after the other.
    fn press(&mut self, keys: &[&str]) {
        for key in keys {
            self.chord(&[key]);
        }
    }

    /// Types words.
    fn write(&mut self, words: &str) {
        let letters: Vec<String> = words.chars().map(String::from).collect();
        let n_pressed = self.n_pressed;
        self.press(&letters.iter().map(String::as_str).collect::<Vec<_>>());
        // What a name has of letters says nothing of the way there.
        self.n_pressed = n_pressed + 1;
    }

    /// What has the focus must be told by a ring, and lie in sight.
    #[track_caller]
    fn sees_focus(&self, on: &str) {
        let script = "
            const it = document.activeElement;
            const [style, box] = [getComputedStyle(it), it.getBoundingClientRect()];
            return [it.matches(arguments[0]), style.outlineStyle, box.top < innerHeight && box.bottom > 0, it.outerHTML.slice(0, 200)];";
        let seen = self.browser.run(script, &json!([on]));
        assert_eq!((&seen[0], &seen[2]), (&true.into(), &true.into()), "{on}: {seen}");
        assert_ne!(seen[1], "none", "{on}: {seen}");
    }

    /// Waits for the sentence that tells a decision.
    #[track_caller]
    fn told(&self, says: &str) {
        self.browser.find(&format!("//p[@id='says' and contains(., '{says}')]"));
    }
}

/// From the study to a report without a pointer.
#[test]
fn the_same_by_keyboard_alone() {
    let (folder, downloads) = (Folder::sample(), Folder::new());
    let Some(browser) = Browser::start(downloads.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    enter(&browser, &workbench);
    let mut keys = Keyboard { browser: &browser, n_pressed: 0 };

    // Two candidates are accepted, one is rejected and comes back, two become one.
    keys.press(&["g", "t"]);
    browser.find("//h1[.='Themes']");
    for name in ["What comes first", "What comes then"] {
        keys.press(&["j"]);
        keys.sees_focus(".card");
        keys.press(&["a"]);
        keys.sees_focus("input[name=name]");
        keys.write(name);
        keys.press(&[ENTER]);
        keys.told(name);
        keys.sees_focus(".card");
    }
    keys.press(&["j", "x", ENTER]);
    keys.told("rejected");
    keys.chord(&[CONTROL, "z"]);
    keys.told("undid");
    keys.chord(&[CONTROL, SHIFT, "z"]);
    keys.told("redid");
    keys.chord(&[CONTROL, "z"]);
    keys.told("undid");
    keys.press(&["j"]);
    keys.chord(&[SHIFT, "G"]);
    keys.sees_focus("select[name=into]");
    keys.press(&[DOWN, TAB, ENTER]);
    keys.told("merged");

    // A sentence of a turn is marked and coded, and its bounds are moved.
    keys.press(&["g", "r"]);
    browser.find("//h1[.='Read']");
    keys.press(&["j"]);
    keys.sees_focus("li");
    keys.press(&[ENTER]);
    browser.find("//p[@data-turn='1']");
    let transcript =
        browser.run("return document.getElementById('transcript').dataset.transcript", &json!([]));
    keys.press(&["j", "j"]);
    keys.sees_focus(".turn");
    keys.press(&["v", RIGHT]);
    let two_words = browser.run("return getSelection().toString()", &json!([]));
    keys.press(&[ESCAPE, "v"]);
    for _ in 0..3 {
        keys.chord(&[SHIFT, RIGHT]);
    }
    assert_ne!(browser.run("return getSelection().toString()", &json!([])), two_words);
    keys.press(&["w"]);
    assert_eq!(browser.run("return getSelection().toString()", &json!([])), two_words);
    keys.press(&["v", DOWN]);
    let marked = browser.run("return getSelection().toString()", &json!([]));
    assert!(!marked.as_str().unwrap().is_empty());
    keys.press(&["c"]);
    keys.write("Driving");
    keys.press(&[ENTER]);
    keys.told("Driving");
    keys.sees_focus(".turn");
    let path = format!("/read/{}.json", transcript.as_str().unwrap());
    let of_driving = || {
        let script = format!(
            "const [done] = [arguments[0]]; fetch('{path}').then((it) => it.json()).then((it) => done(it.marks.filter((mark) => mark.codes.some((code) => code.path === 'Driving'))))"
        );
        browser.ask("POST", "/execute/async", &json!({ "script": script, "args": [] }))
    };
    let first = of_driving();
    assert_eq!(first[0]["text"], marked, "{first}");
    keys.press(&["n"]);
    while browser.run("return document.activeElement.textContent.startsWith('Driving')", &json!([]))
        != true
    {
        keys.press(&["n"]);
    }
    keys.sees_focus(".stripe");
    keys.press(&["[", RIGHT, ENTER]);
    keys.told("moved the bounds");
    let then = of_driving();
    let (whole, less) = (first[0]["text"].as_str().unwrap(), then[0]["text"].as_str().unwrap());
    assert!(whole.ends_with(less) && less.len() < whole.len(), "{less}");

    // Sentences are chosen from a list, and coded as the last time.
    keys.press(&["j", "j"]);
    keys.chord(&[SHIFT, "V"]);
    keys.sees_focus("dialog input");
    keys.press(&[" ", ENTER]);
    keys.sees_focus("#code");
    keys.press(&[ESCAPE]);
    assert_eq!(browser.run("return getSelection().isCollapsed", &json!([])), true);
    keys.press(&["v", DOWN, "r"]);
    keys.told("Driving");
    assert_eq!(of_driving().as_array().unwrap().len(), 2);

    // Quotes are looked for, ticked and coded together.
    keys.press(&["/"]);
    keys.write("camera");
    keys.press(&[ENTER]);
    browser.find("//h1[.='Quotes']");
    keys.press(&["j", "x", "j", "x", "c"]);
    keys.sees_focus("#tick-code");
    keys.write("Cameras");
    keys.press(&[ENTER]);
    keys.told("2 passages as “Cameras”");

    // The report is fetched.
    keys.press(&["g", "p"]);
    browser.find("//h1[.='Report']");
    let is_there = "return document.activeElement.textContent === 'Word file'";
    while browser.run(is_there, &json!([])) != true {
        keys.press(&[TAB]);
        keys.sees_focus("a, button, input, summary, select");
        assert!(keys.n_pressed < 300, "no button is reached");
    }
    keys.press(&[ENTER]);
    let start = Instant::now();
    while !fs::read_dir(downloads.path())
        .unwrap()
        .any(|file| file.unwrap().path().extension().is_some_and(|ending| ending == "docx"))
    {
        assert!(start.elapsed() < Duration::from_mins(1), "no report comes");
        std::thread::sleep(Duration::from_millis(50));
    }
    // A name counts as one; set from the first run that somebody looked at.
    assert!(keys.n_pressed <= 120, "{} keys were pressed", keys.n_pressed);
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// What was decided: who did what to what.
fn decided(folder: &Folder) -> Vec<String> {
    let log = folder.answer(&["log", "--format", "json"]);
    let log: Value = serde_json::from_str(&log).unwrap();
    let said = |it: &Value| format!("{} {}", it["verb"], it["about"]);
    log.as_array().unwrap().iter().map(said).collect()
}

/// Takes hold of one thing and lets it go on another, by pointer.
fn drag(browser: &Browser, from: &str, onto: &str) {
    let place = |path: &str| json!({ "element-6066-11e4-a52e-4f735466cecf": browser.find(path) });
    let (from, onto) = (place(from), place(onto));
    browser.run("arguments[0].scrollIntoView({ block: 'center' })", &json!([onto]));
    let to = |origin: &Value, x: i32| json!({ "type": "pointerMove", "duration": 60, "x": x, "y": 0, "origin": origin });
    let actions = json!([
        to(&from, 0),
        { "type": "pointerDown", "button": 0 },
        to(&from, 6),
        to(&onto, 0),
        to(&onto, 4),
        { "type": "pointerUp", "button": 0 }
    ]);
    let sequence = json!([{ "type": "pointer", "id": "mouse", "actions": actions }]);
    let done = browser.ask("POST", "/actions", &json!({ "actions": sequence }));
    assert!(done.is_null(), "{done}");
}

/// What dragging does a button does too, and the same is decided.
#[test]
fn drag_has_a_twin() {
    let folders = [Folder::sample(), Folder::sample()];
    let Some(browser) = Browser::start(folders[0].path()) else { return };
    for (folder, is_dragged) in folders.iter().zip([true, false]) {
        for name in ["Ways", "Roads", "Rooms"] {
            folder.answer(&["code", "add", name]);
        }
        let workbench = Workbench::start(folder, &[]);
        let base = enter(&browser, &workbench);
        browser.go(&format!("{base}/codebook"));
        if is_dragged {
            drag(&browser, "//tr[@id='code-2']/td[1]", "//tr[@id='code-1']/td[1]");
        } else {
            browser.click("//select[@id='moved']/option[.='Roads']");
            browser.click("//select[@id='under']/option[.='Ways']");
            browser.click("//button[.='Move it']");
        }
        browser.find("//tr[@id='code-2']/th[@class='depth-1' and .='Roads']");
        browser.go(&format!("{base}/themes"));
        let card = "//article[@id='theme-2']";
        if is_dragged {
            drag(&browser, &format!("{card}//header"), "//article[@id='theme-1']//header");
        } else {
            browser.click(&format!("{card}//summary[.='Merge into…']"));
            let into = format!("{card}//select[@name='into']/option[starts-with(., '1 ')]");
            browser.click(&into);
        }
        browser.write(&format!("{card}//form[@data-drop]//input[@name='name']"), "Both together");
        browser.click(&format!("{card}//button[.='Merge']"));
        browser.find("//p[@id='says' and contains(., 'merged')]");
    }
    let [dragged, pressed] = folders.map(|folder| decided(&folder));
    assert_eq!(dragged, pressed);
    assert_eq!(dragged.len(), 5, "{dragged:?}");
}

/// What is let go of while nobody answers stays where it was, and the page says so.
#[test]
fn what_is_dragged_while_nobody_answers_stays_where_it_was() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    for name in ["Ways", "Roads"] {
        folder.answer(&["code", "add", name]);
    }
    let mut workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/codebook"));
    browser.find("//tr[@id='code-2']");
    workbench.child.kill().unwrap();
    workbench.child.wait().unwrap();
    drag(&browser, "//tr[@id='code-2']/td[1]", "//tr[@id='code-1']/td[1]");
    browser.find("//*[contains(@class, 'problem') and contains(., 'does not answer')]");
    let depth = "return document.querySelector('#code-2 th').className";
    assert_eq!(browser.run(depth, &json!([])), "depth-0");
    assert_eq!(decided(&folder).len(), 2);
}

/// A quote is copied with where it stands, by pointer and by key.
#[test]
fn a_quote_is_copied_with_its_place() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    // What would be put on the clipboard of this computer is kept in the page.
    let instead = "
        navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); };";
    let copied = "const it = window.copied; window.copied = null; return it;";
    browser.go(&format!("{base}/quotes?q=%22strange%22"));
    browser.find("//button[.='Copy']");
    browser.run(instead, &json!([]));
    browser.click("//button[.='Copy']");
    browser.find("//button[.='Copied']");
    let by_pointer = browser.run(copied, &json!([]));
    let by_pointer = by_pointer.as_str().unwrap();
    assert!(by_pointer.starts_with("“Well, the kettle was strange"), "{by_pointer}");
    assert!(by_pointer.contains("asleep.” (Ann, line "), "{by_pointer}");
    let mut keys = Keyboard { browser: &browser, n_pressed: 0 };
    browser.run("document.activeElement.blur(); scrollTo(0, 0);", &json!([]));
    keys.press(&["j", "y"]);
    assert_eq!(browser.run(copied, &json!([])), by_pointer);
    // What is found of saturation is copied as a sentence.
    browser.go(&format!("{base}/compare/saturation"));
    browser.find("//p[@class='to-copy']/button");
    browser.run(instead, &json!([]));
    browser.click("//p[@class='to-copy']/button[.='Copy']");
    let sentence = browser.run(copied, &json!([]));
    let sentence = sentence.as_str().unwrap();
    assert!(sentence.starts_with("2 interviews, in the order of"), "{sentence}");
    assert!(sentence.contains("Cannot be calculated"), "{sentence}");
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// A thought is kept from wherever it comes.
#[test]
fn a_memo_is_written_on_every_page() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    for place in [
        "/study",
        "/themes",
        "/themes/matrix",
        "/quotes?q=kettle",
        "/compare",
        "/report",
        "/history",
        "/help",
    ] {
        browser.go(&format!("{base}{place}"));
        browser.find("//summary[.='Write a memo on the study']");
        let mut keys = Keyboard { browser: &browser, n_pressed: 0 };
        keys.press(&["m"]);
        keys.sees_focus("main .drawer textarea");
        keys.write(&format!("On {place}"));
        browser.click("//details[@class='drawer']//button[.='Keep the memo']");
        keys.told("memo");
        browser.find("//details[@class='drawer' and not(@open)]");
    }
    let memos = folder.answer(&["memo", "list"]);
    assert!(memos.contains("On /study") && memos.contains("On /help"), "{memos}");
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// One decision is seen in all of ten windows.
#[test]
fn seven_windows() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/codebook"));
    for _ in 1..10 {
        let opened = browser.ask("POST", "/window/new", &json!({ "type": "window" }));
        browser.ask("POST", "/window", &json!({ "handle": opened["handle"] }));
        browser.go(&format!("{base}/codebook"));
        browser.find("//h1[.='Codebook']");
    }
    folder.answer(&["code", "add", "Told to all"]);
    let windows = browser.ask("GET", "/window/handles", &Value::Null);
    assert_eq!(windows.as_array().unwrap().len(), 10);
    for window in windows.as_array().unwrap() {
        browser.ask("POST", "/window", &json!({ "handle": window }));
        let start = Instant::now();
        browser.find("//p[@id='says' and contains(., 'Told to all')]");
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    }
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// A transcript of 20,000 turns is there at once, and all of it can be reached.
#[test]
fn twenty_thousand_turns() {
    let folder = Folder::new();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let mut talk = String::new();
    for turn in 0..10_000 {
        talk += &format!(
            "Interviewer: And number {turn}?\nAnn: We boiled the kettle number {turn} and the dog was asleep in the kitchen.\n"
        );
    }
    folder.write("Ann.txt", talk.replace("number 7123 and", "silver whistle and"));
    folder.write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Interviewer\"]\n");
    folder.answer(&["code", "add", "Late"]);
    folder.run(&["quote", "add", "--transcript", "Ann", "--lines", "19990", "--code", "Late"]);
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/read/Ann"));
    browser.find("//p[@data-turn='0']");
    let ready = "const [it] = performance.getEntriesByType('navigation'); return it.domInteractive - it.responseStart";
    // Generous, since all tests share the machine; alone it takes a tenth of it.
    let ready = browser.run(ready, &json!([])).as_f64().unwrap();
    assert!(ready < 5000.0, "ready after {ready} ms");
    let n_elements = browser.run("return document.querySelectorAll('*').length", &json!([]));
    assert!(n_elements.as_u64().unwrap() < 6_000, "{n_elements} elements");
    // All of it has its place at once.
    let height = "return document.getElementById('transcript').offsetHeight";
    let height = browser.run(height, &json!([])).as_f64().unwrap();
    assert!(height > 20_000.0 * 20.0, "{height}");

    // A line is gone to without leaving the page, and stays where it is while what is near
    // is loaded; Back leads back.
    browser.run("window.isSame = true", &json!([]));
    browser.write("//input[@id='to-line']", "10001");
    browser.click("//input[@id='to-line']/..//button");
    browser.find("//p[@data-turn='10000']");
    in_sight(&browser, "10000");
    browser.find("//p[@data-turn='10050']");
    in_sight(&browser, "10000");
    let here = "return [window.isSame, location.search, document.activeElement.id]";
    let seen = browser.run(here, &json!([]));
    assert_eq!(seen, json!([true, "?lines=10001", "t10000"]));
    browser.run("history.back()", &json!([]));
    browser.find("//p[@data-turn='0']");
    let seen = browser.run("return [window.isSame, location.search]", &json!([]));
    assert_eq!(seen, json!([true, ""]));

    // From a code to its words in one act.
    browser.go(&format!("{base}/codebook/1"));
    browser.click("//figure//figcaption/a[1]");
    browser.find("//article[@id='t19989']//summary[contains(., 'Late')]");
    in_sight(&browser, "19989");

    // What is looked for is found in sections that are not loaded.
    browser.go(&format!("{base}/read/Ann"));
    browser.write("//input[@id='in-find']", "\"silver whistle\"");
    browser.click("//input[@id='in-find']/..//button");
    browser.find("//p[contains(@class, 'found-in') and contains(., '1 of 1')]");
    browser.find("//p[@data-turn='14247']");
    in_sight(&browser, "14247");
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

#[test]
fn coding_leaves_the_rest_of_a_transcript_as_it_is() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/read/Ann"));
    browser.find("//article[@id='t3']");
    // What stays is the same element.
    browser
        .run("for (const it of document.querySelectorAll('.turn')) it.isSame = true", &json!([]));
    browser.click("//article[@id='t1']//a[contains(@class, 'whole')]");
    browser.write("//input[@id='code']", "Tea");
    browser.click("//form[@id='coding']//button[.='Code']");
    browser.find("//article[@id='t1']//summary[contains(., 'Tea')]");
    let same = "return [...document.querySelectorAll('.turn')].filter((it) => !it.isSame).map((it) => it.id)";
    assert_eq!(browser.run(same, &json!([])), json!(["t1"]));
    // A second one too, though the form of the first now names another decision.
    browser.click("//article[@id='t3']//a[contains(@class, 'whole')]");
    browser.write("//input[@id='code']", "Tea");
    browser.run("document.getElementById('t1').isSame = true", &json!([]));
    browser.click("//form[@id='coding']//button[.='Code']");
    browser.find("//article[@id='t3']//summary[contains(., 'Tea')]");
    assert_eq!(browser.run(same, &json!([])), json!(["t3"]));
    browser.click("//article[@id='t1']//summary[contains(., 'Tea')]");
    browser.click("//article[@id='t1']//button[.='Take the code off']");
    browser.find("//article[@id='t1'][not(.//summary)]");
    // What was typed and sent does not stand there as if it were not.
    browser.write("//textarea[@id='memo']", "Ask again");
    browser.click("//button[.='Keep the memo']");
    browser.find("//blockquote[contains(., 'Ask again')]");
    let left = browser.run("return document.getElementById('memo').value", &json!([]));
    assert_eq!(left, "");
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// Whether a turn comes to stand in the window.
#[track_caller]
fn in_sight(browser: &Browser, turn: &str) {
    let script = "
        const box = document.querySelector(`.words[data-turn='${arguments[0]}']`)?.getBoundingClientRect();
        return Boolean(box && box.bottom > 0 && box.top < innerHeight);";
    let start = Instant::now();
    while browser.run(script, &json!([turn])) != true {
        assert!(start.elapsed() < Duration::from_secs(5), "turn {turn} is not in sight");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_open_page_goes_on_after_the_workbench_was_killed_and_started_anew() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let mut workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/codebook"));
    browser.write("//form[@action='/do/add-code']//input[@name='name']", "Tea");
    workbench.child.kill().unwrap();
    workbench.child.wait().unwrap();
    browser.find("//*[@id='says' and contains(., 'does not answer')]");
    let again = Workbench::start(&folder, &[]);
    assert_eq!(again.port, workbench.port);
    // What was typed is still there, and is kept without a new address.
    browser.find("//*[@id='says' and contains(., 'answers again')]");
    browser.click("//form[@action='/do/add-code']//button[not(@type='button')]");
    browser.find("//a[.='Tea']");
    assert!(folder.answer(&["codebook"]).contains("Tea"));
}

/// Places, acts of the page, transcripts and codes are found by typing, and the button does
/// what the keys do.
#[test]
fn any_command_is_found_by_its_name() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    folder.answer(&["code", "add", "Tea & cake"]);
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    let mut keys = Keyboard { browser: &browser, n_pressed: 0 };
    for (typed, heading) in [
        ("histo", "//h1[.='History']"),
        ("cake", "//h1[contains(., 'Tea & cake')]"),
        ("bob", "//h1[.='Bob']"),
        ("morning kettle", "//h1[.='Quotes']"),
    ] {
        keys.chord(&[CONTROL, "k"]);
        keys.sees_focus("#command");
        // Transcripts and codes come a moment later.
        browser.find("//dialog//li[contains(., 'Report')]");
        keys.write(typed);
        browser.find(&format!("//dialog//li[last()][contains(., '{typed}')]"));
        if typed != "morning kettle" {
            browser.find("//dialog//li[@aria-selected='true' and not(contains(., 'Find quotes'))]");
        }
        keys.press(&[ENTER]);
        browser.find(heading);
    }
    // An act of the page: what it opens has the focus.
    browser.go(&format!("{base}/codebook/1"));
    browser.find("//h2[.='0 quotations']");
    keys.chord(&[CONTROL, "k"]);
    keys.sees_focus("#command");
    // Transcripts and codes come a moment later, and are listed anew.
    browser.find("//dialog//li[contains(., 'Report')]");
    keys.write("rename");
    browser.find("//dialog//li[last()][contains(., 'rename')]");
    keys.press(&[ENTER]);
    keys.sees_focus("input[name=name]");
    // By the button, and left without doing anything.
    browser.click("//footer//button[.='Commands']");
    keys.sees_focus("#command");
    keys.press(&[DOWN, DOWN, ESCAPE]);
    browser.find("//body[not(.//dialog)]");
    assert_eq!(browser.run("return location.pathname", &json!([])), "/codebook/1");
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}
