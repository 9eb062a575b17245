//! Journeys of a whole study in Chromium: with names that are hidden, undone to the first act,
//! without scripts, and on paper.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::browser::{Browser, accept, enter, mark_all};
use crate::harness::{Folder, interview};
use crate::web::{Workbench, encoded};
use crate::web_study::{dice, everything, study};

/// A proxy between the browser and everything else, which keeps all that is answered.
struct Wire {
    port: u16,
    /// What was asked for, and the answer.
    told: Arc<Mutex<Vec<(String, String)>>>,
}

impl Wire {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&told);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || carry(stream, &kept));
            }
        });
        Self { port, told }
    }

    /// What a browser needs to ask everything by it.
    fn arguments(&self) -> [String; 2] {
        let proxy = format!("--proxy-server=http://127.0.0.1:{}", self.port);
        [proxy, "--proxy-bypass-list=<-loopback>".to_owned()]
    }
}

/// Carries one request to where it goes, and keeps what comes back, which is not packed. What is
/// asked elsewhere is refused: by a page that is a complaint, while browsers ask much of their own.
fn carry(stream: TcpStream, told: &Mutex<Vec<(String, String)>>) -> Option<()> {
    let mut from = BufReader::new(stream);
    let mut head = String::new();
    while from.read_line(&mut head).ok()? > 2 {}
    let address = head.split(' ').nth(1)?.to_owned();
    let Some(rest) = address.strip_prefix("http://127.0.0.1:") else {
        let no = "HTTP/1.1 502 Elsewhere\r\nConnection: close\r\n\r\n";
        return from.into_inner().write_all(no.as_bytes()).ok();
    };
    let (port, path) = rest.split_once('/')?;
    let mut request = head.lines().next()?.replacen(&address, &format!("/{path}"), 1);
    let mut n_bytes = 0;
    for line in head.lines().skip(1).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        match name.to_lowercase().as_str() {
            "connection" | "proxy-connection" | "accept-encoding" => continue,
            "content-length" => n_bytes = value.trim().parse().ok()?,
            _ => {}
        }
        request += &format!("\r\n{line}");
    }
    let mut body = vec![0; n_bytes];
    from.read_exact(&mut body).ok()?;
    let mut server = TcpStream::connect(("127.0.0.1", port.parse().ok()?)).ok()?;
    server.write_all(format!("{request}\r\nConnection: close\r\n\r\n").as_bytes()).ok()?;
    server.write_all(&body).ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).ok()?;
    told.lock().ok()?.push((address, String::from_utf8_lossy(&answer).into_owned()));
    from.into_inner().write_all(&answer).ok()
}

/// Random stretches of talk in which names are hidden are marked where they are shown; what is
/// stored is sliced from the file by the test, and no answer that came to the browser has a name.
#[test]
fn pseudonyms_and_selection() {
    let hidden_names = [("Siân Prys", "Person 1"), ("Ruth Calloway", "Asker")];
    // Each turn in pieces; those that are a name are shown as something else.
    let talk: [&[&str]; 6] = [
        &["So ", "Siân Prys", " said so, and so did ", "Ruth Calloway", ", so it was so."],
        &["Ruth Calloway", " and ", "Siân Prys"],
        &["It was é and 王さん and at\u{a0}home with ", "Siân Prys", "\u{a0} then."],
        &["A line\r\nand ", "Ruth Calloway", "\r\n  and a third, & <b>no</b> \"mark\"."],
        &["שלום לכולם, said ", "Siân Prys", ", and مرحبا again, 👍 so."],
        &["No name here, so so so; {{ braces }} \\ and 1 < 2."],
    ];
    let shown_as = |piece: &'static str| {
        hidden_names.iter().find(|(name, _)| *name == piece).map_or(piece, |(_, shown)| *shown)
    };
    // The places of the pieces in the file, and how they are shown, by turn.
    let mut file = String::new();
    let mut turns: Vec<Vec<(usize, &str, &str)>> = Vec::new();
    for (n, pieces) in talk.iter().cycle().take(24).enumerate() {
        file += if n % 2 == 0 { "Ruth Calloway: " } else { "Siân Prys: " };
        let mut turn = Vec::new();
        for piece in *pieces {
            turn.push((file.len(), *piece, shown_as(piece)));
            file += *piece;
        }
        turns.push(turn);
        file += "\r\n";
    }
    let folder = Folder::new();
    folder.write("P01.txt", &file);
    folder.write("P02.txt", interview("Bob", "kettle", 6));
    folder.write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Ruth Calloway\"]\n");
    for (name, pseudonym) in hidden_names {
        folder.answer(&["pseudonyms", "add", name, pseudonym]);
    }
    folder.answer(&["code", "add", "Talk"]);
    let wire = Wire::start();
    let Some(browser) = Browser::start_as(folder.path(), &wire.arguments(), &json!({})) else {
        return;
    };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/read/P01"));
    browser.find("//p[@data-turn='23']");
    let shown: Vec<String> =
        turns.iter().map(|turn| turn.iter().map(|(.., shown)| *shown).collect()).collect();
    // The byte of the file at which a mark begins or ends: a name is marked whole.
    let byte = |turn: usize, at: usize, is_end: bool| {
        let mut before = 0;
        for (start, piece, shown) in &turns[turn] {
            let is_here = at < before + shown.len() || (is_end && at == before + shown.len());
            if is_here {
                let is_name = piece != shown;
                let inside = at - before;
                return match (is_name, is_end) {
                    (false, _) => start + inside,
                    (true, false) => *start,
                    (true, true) => start + piece.len(),
                };
            }
            before += shown.len();
        }
        unreachable!("there is no such place");
    };
    let seed = 20_261_126_usize;
    let mut random = dice(seed);
    let mut expected: Vec<(usize, usize)> = Vec::new();
    let mut asked: Vec<Value> = Vec::new();
    while expected.len() < 200 {
        let first = random(turns.len());
        let last = if random(4) == 0 { (first + 1).min(turns.len() - 1) } else { first };
        let starts = |turn: usize| -> Vec<usize> {
            let all = shown[turn].grapheme_indices(true);
            all.filter(|(_, c)| !c.trim().is_empty()).map(|(at, _)| at).collect()
        };
        let (from, to) = (starts(first), starts(last));
        let (from, to) = (from[random(from.len())], to[random(to.len())]);
        // To the end of a character that is seen.
        let to = to + shown[last][to..].graphemes(true).next().unwrap().len();
        let span = (byte(first, from, false), byte(last, to, true));
        if (first == last && from >= to) || expected.contains(&span) {
            continue;
        }
        expected.push(span);
        let utf16 = |turn: usize, at: usize| shown[turn][..at].encode_utf16().count();
        asked.push(json!([first, utf16(first, from), last, utf16(last, to), random(3) == 0]));
    }
    assert_eq!(mark_all(&browser, &asked), "all", "seed {seed}");
    let listed = folder.run(&["quote", "list", "--format", "json", "--originals"]).out;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let mut stored: Vec<(u64, &str)> = (listed.as_array().unwrap().iter())
        .map(|it| (it["id"].as_u64().unwrap(), it["text"].as_str().unwrap()))
        .collect();
    stored.sort_unstable();
    let stored: Vec<&str> = stored.into_iter().map(|(_, text)| text).collect();
    let expected: Vec<&str> = expected.iter().map(|&(from, to)| &file[from..to]).collect();
    assert_eq!(stored, expected, "seed {seed}");
    // By the links and forms of the page, wherever what was marked is shown again.
    for place in ["Themes", "Quotes", "Compare", "Report", "Codebook", "Memos", "History", "Study"]
    {
        browser.click(&format!("//nav//a[.='{place}']"));
        browser.find(&format!("//nav//a[.='{place}' and @aria-current='page']"));
    }
    browser.write("//input[@id='find']", "mark");
    browser.click("//form[contains(@class, 'find')]//button");
    browser.find("//main//mark");
    for path in ["/codebook/1", "/quotes/1", "/study/names"] {
        browser.go(&format!("{base}{path}"));
        browser.find("//main//h1");
    }
    assert_eq!(browser.complaints(""), Vec::<String>::new());
    let told = wire.told.lock().unwrap();
    assert!(told.len() > 400, "{}", told.len());
    // The key itself is shown on one page, to whoever keeps it.
    for (address, answer) in told.iter().filter(|(address, _)| !address.ends_with("/study/names")) {
        for name in ["Ruth", "Calloway", "Siân", "Prys", &encoded("Siân")] {
            assert!(!answer.contains(name), "{name}: {address}\n{answer}");
        }
    }
}

/// What an act came to: whether it was done. Both ways of the page are waited for: it takes the
/// new page into itself, or goes to it.
#[track_caller]
fn done(browser: &Browser, act: impl Fn()) -> bool {
    let wait = "
        window.isWaiting = true;
        document.querySelectorAll('.problem').forEach((it) => it.hidden = true);
        document.addEventListener('leitmotif:taken', () => window.isWaiting = false, { once: true });";
    browser.run(wait, &json!([]));
    act();
    let came = "
        if (document.querySelector('.problem:not([hidden])')) return 'refused';
        return window.isWaiting || document.readyState !== 'complete' ? 'waits' : 'done';";
    let start = Instant::now();
    loop {
        match browser.run(came, &json!([])).as_str() {
            Some("done") => return true,
            Some("refused") => return false,
            _ => {}
        }
        assert!(start.elapsed() < Duration::from_secs(30), "nothing came of it");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Opens a part of the page by its heading, if it is closed.
fn unfold(browser: &Browser, path: &str) {
    if browser.has(&format!("{path}/ancestor::details[not(@open)]")) {
        browser.click(&format!("{path}/ancestor::details/summary"));
    }
}

/// An act of a person who does whatever comes to mind: whether it was done, or `None` if the
/// page does not offer it now.
fn random_act(
    (browser, base): (&Browser, &str),
    (n, elsewhere): (usize, &Folder),
    random: &mut dyn FnMut(usize) -> usize,
) -> Option<bool> {
    let name = ["Ann", "Bob", "Cid"][random(3)];
    let word = format!("word {n}");
    let place = |path: &str| browser.go(&format!("{base}{path}"));
    // A button that may not be there, under a heading that may be closed.
    let press = |button: &str| {
        browser.has(button).then(|| {
            unfold(browser, button);
            done(browser, || browser.click(button))
        })
    };
    match random(9) {
        0 | 1 => {
            place("/codebook");
            browser.write("//form[@action='/do/add-code']//input[@name='name']", &word);
            press("//button[.='Add it']")
        }
        2 => {
            place("/memos");
            browser.write("//textarea[@id='memo']", &word);
            press("//button[.='Keep the memo']")
        }
        3 => {
            place("/study");
            let role = ["interviewer", "participant", "other", "as the talk tells"][random(4)];
            let row = format!("//section[@id='who']//tr[th/bdi[.='{name}']]");
            if !browser.has(&row) {
                return None;
            }
            unfold(browser, &row);
            browser.click(&format!("{row}//option[.='{role}']"));
            press(&format!("{row}//button"))
        }
        4 => {
            place("/study");
            let cell = format!("//input[@aria-label='new attribute of {name}']");
            if !browser.has(&cell) {
                return None;
            }
            browser.write("//input[@name='new']", &format!("about {n}"));
            browser.write(&cell, &word);
            press("//button[.='Save the table']")
        }
        5 => {
            place("/study");
            let new = format!("guest {n}.txt");
            elsewhere.write(&new, interview(&format!("Guest {n}"), "harbour", 3));
            browser.write("//input[@name='files']", elsewhere.path().join(new).to_str().unwrap());
            press("//button[.='Add the files']")
        }
        6 => {
            place("/study");
            press(&format!("//form[@action='/do/leave-out' and bdi='{name}']/button"))
        }
        7 => {
            place("/study");
            press(&format!("//form[@action='/do/take-in' and bdi='{name}.txt']/button"))
        }
        _ => press(["//footer//button[.='Undo']", "//footer//button[.='Redo']"][random(2)]),
    }
}

/// Sixty acts by the page, files and roles among them, are undone to the first and done again.
#[test]
fn undo_to_the_empty_study() {
    let (folder, elsewhere) = (study(), Folder::new());
    let before = everything(&folder);
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    let seed = 20_261_126;
    let mut random = dice(seed);
    let (mut n_done, mut n) = (0, 0);
    while n_done < 60 {
        n_done +=
            usize::from(random_act((&browser, &base), (n, &elsewhere), &mut random) == Some(true));
        n += 1;
        assert!(n < 400, "seed {seed}: {n_done} acts only");
    }
    let rests = "return document.getElementById('job').hidden";
    let start = Instant::now();
    while browser.run(rests, &json!([])) != true {
        assert!(start.elapsed() < Duration::from_mins(2));
        std::thread::sleep(Duration::from_millis(20));
    }
    let after = everything(&folder);
    assert_ne!(after, before);
    browser.go(&format!("{base}/history"));
    // The first decision of all stands last.
    assert!(done(&browser, || browser.click("(//form[@action='/do/undo-to']//button)[last()]")));
    assert_eq!(everything(&folder), before, "seed {seed}");
    assert!(done(&browser, || browser.click("(//form[@action='/do/redo-to']//button)[1]")));
    assert_eq!(everything(&folder), after, "seed {seed}");
    // One at a time leads to the same.
    let undo = "//footer//button[.='Undo']";
    while browser.has(undo) {
        assert!(done(&browser, || browser.click(undo)));
    }
    assert_eq!(everything(&folder), before, "seed {seed}");
    // What was refused was told, and nothing else went wrong.
    assert!(browser.complaints(" 4").is_empty(), "{:?}", browser.complaints(""));
}

/// A whole study in a browser that runs no script: read, search, accept, rename, merge, reject,
/// code whole turns, undo, export.
#[test]
fn without_scripts() {
    let (folder, downloads) = (Folder::sample().asking_for(4), Folder::new());
    let no_scripts = json!({ "profile.managed_default_content_settings.javascript": 2 });
    let Some(browser) = Browser::start_as(downloads.path(), &[], &no_scripts) else { return };
    let workbench = Workbench::start(&folder, &[]);
    enter(&browser, &workbench);
    let says = |told: &str| browser.find(&format!("//p[@id='says' and contains(., '{told}')]"));
    let card = |n: usize| format!("//article[@id='theme-{n}']");
    browser.click("//nav//a[.='Themes']");
    browser.find("//article[@id='theme-4']");
    assert!(!browser.has("//html[contains(@class, 'with-scripts')]"), "a script has run");
    accept(&browser, 1, "What comes first");
    browser.click(&format!("{}//summary[.='Rename']", card(1)));
    browser.write(&format!("{}//input[@name='name']", card(1)), " of all");
    browser.click(&format!("{}//button[.='Rename']", card(1)));
    says("What comes first of all");
    browser.click(&format!("{}//summary[.='Merge into…']", card(3)));
    browser.click(&format!("{}//select/option[contains(., 'What comes first')]", card(3)));
    browser.click(&format!("{}//button[.='Merge']", card(3)));
    says("merged");
    browser.click(&format!("{}//summary[.='Reject']", card(2)));
    browser.write(&format!("{}//input[@name='reason']", card(2)), "a mixture");
    browser.click(&format!("{}//button[.='Reject']", card(2)));
    says("rejected");
    assert!(!browser.has(&card(2)));
    // A turn is read, and coded as a whole.
    browser.click("//nav//a[.='Read']");
    browser.click("//main//a[.='participants/P07' or .='P07']");
    browser.click("//article[@id='t3']//a[contains(., 'Code this turn')]");
    let turn = browser.text("//p[@data-turn='3']");
    browser.write("//input[@id='code']", "Driving");
    browser.click("//form[@id='coding']//button[.='Code']");
    says("Driving");
    let listed: Value =
        serde_json::from_str(&folder.answer(&["quote", "list", "--format", "json"])).unwrap();
    assert!(listed.as_array().unwrap().iter().any(|it| it["text"] == turn), "{turn}");
    // Words are sought and coded from where they are found.
    browser.write("//input[@id='find']", "camera");
    browser.click("//form[contains(@class, 'find')]//button");
    browser.find("//main//mark");
    browser.click("(//input[@name='pick'])[1]");
    browser.write("//form[@id='ticked']//input[@name='code']", "Driving");
    browser.click("//form[@id='ticked']//button");
    let n_quotes = |n: usize| {
        let listed = folder.answer(&["quote", "list", "--format", "json"]);
        serde_json::from_str::<Value>(&listed).unwrap().as_array().unwrap().len() == n
    };
    let n = listed.as_array().unwrap().len();
    says("Driving");
    assert!(n_quotes(n + 1));
    browser.click("//footer//button[.='Undo']");
    says("undid");
    assert!(n_quotes(n));
    let report = crate::browser::word_report(&browser, &folder, downloads.path());
    assert!(report.contains("What comes first of all") && report.contains("Driving"), "{report}");
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// The text of a PDF, without white space, which a PDF has only as places.
fn printed(browser: &Browser) -> String {
    let pdf = browser.tool("Page.printToPDF", &json!({}));
    let pdf = BASE64_STANDARD.decode(pdf["data"].as_str().unwrap()).unwrap();
    let pdf = lopdf::Document::load_mem(&pdf).unwrap();
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    without_space(&pdf.extract_text(&pages).unwrap())
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

/// What pages hold on paper: line numbers and names of codes, and nothing to press. It is read
/// back from the PDF.
#[test]
fn print() {
    let folder = Folder::sample();
    let themes: Value =
        serde_json::from_str(&folder.answer(&["themes", "--format", "json"])).unwrap();
    let at = &themes["themes"][0]["quotes"][0];
    let (transcript, line) = (at["transcript"].as_str().unwrap(), at["lines"][0].to_string());
    folder.answer(&["code", "add", "Printed code"]);
    let coded = ["--transcript", transcript, "--lines", &line, "--code", "Printed code"];
    folder.answer(&[&["quote", "add"], &coded[..]].concat());
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    for (path, heading, wanted) in [
        (format!("/read/{transcript}"), "//article[@id='t1']", "Printed code"),
        ("/themes/1".to_owned(), "//section[@id='evidence']", "All its evidence"),
        ("/compare".to_owned(), "//h1[.='Compare']", "In their own words"),
    ] {
        browser.go(&format!("{base}{path}"));
        browser.find(heading);
        let labels = "return [...document.querySelectorAll('button, a.button, .whole, .overview a, nav a, form label, .acts summary')]
            .filter((it) => it.checkVisibility()).map((it) => it.innerText)";
        let labels = browser.run(labels, &json!([]));
        let labels: BTreeSet<String> = labels
            .as_array()
            .unwrap()
            .iter()
            .map(|it| without_space(it.as_str().unwrap()))
            .collect();
        browser.tool("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
        let said = "return [...document.querySelectorAll('main p, main q, main blockquote, main th, main td, main h1, main h2, main h3')]
            .filter((it) => it.checkVisibility()).map((it) => it.innerText).join(' ')";
        let said = without_space(browser.run(said, &json!([])).as_str().unwrap());
        let turns = "return [...document.querySelectorAll('.turn')].map((it) =>
            it.querySelector('.place').innerText + it.querySelector('.who').innerText + it.querySelector('.words').innerText.slice(0, 20))";
        let turns = browser.run(turns, &json!([]));
        let text = printed(&browser);
        browser.tool("Emulation.setEmulatedMedia", &json!({ "media": "" }));
        assert!(text.contains(&without_space(wanted)), "{path}: {text}");
        // The number of its first line stands before each turn.
        for turn in turns.as_array().unwrap() {
            let turn = without_space(turn.as_str().unwrap());
            assert!(text.contains(&turn), "{path}: no {turn} in {text}");
        }
        assert_eq!(turns.as_array().unwrap().is_empty(), !path.starts_with("/read"), "{path}");
        assert!(labels.len() > 10, "{path}: {labels:?}");
        for label in labels.iter().filter(|label| label.len() > 3 && !said.contains(label.as_str()))
        {
            assert!(!text.contains(label.as_str()), "{path}: {label} in {text}");
        }
    }
}
