//! The workbench, asked over HTTP as a browser without scripts asks it, and as somebody
//! asks who should not come in.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Folder, interview};

/// Where workbenches of tests remember what belongs to the person, and not to a study.
pub(crate) static OWN: LazyLock<Folder> = LazyLock::new(Folder::new);

/// A running workbench, and the browser that has been let in.
pub(crate) struct Workbench {
    pub(crate) child: Child,
    pub(crate) input: ChildStdin,
    pub(crate) address: String,
    pub(crate) port: u16,
    pub(crate) cookie: String,
}

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Drop for Workbench {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Workbench {
    /// Starts it, and waits for nothing.
    pub(crate) fn start(folder: &Folder, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leitmotif"));
        command.arg("--study").arg(folder.path()).args(["--coder", "Efa", "serve", "--no-open"]);
        command.args(args).env("XDG_STATE_HOME", OWN.path()).env("HOME", OWN.path());
        Self::run(command)
    }

    /// Starts it by a command that serves.
    pub(crate) fn run(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        let port = address.split([':', '/']).nth(4).unwrap().parse().unwrap();
        Self { child, input, address, port, cookie: String::new() }
    }

    /// Starts it, goes in, and waits until the study is open and all work is done.
    pub(crate) fn open(folder: &Folder, args: &[&str]) -> Self {
        let mut workbench = Self::start(folder, args);
        workbench.enter();
        workbench.wait();
        workbench
    }

    /// Goes in by the link, as the first browser.
    pub(crate) fn enter(&mut self) {
        let link = self.address.split_once(&format!(":{}", self.port)).unwrap().1;
        let entered = self.ask("GET", link, &[], "");
        assert_eq!(entered.status, 303, "{entered:?}");
        self.take_cookie(&entered);
    }

    /// Keeps the cookie of an answer, as a browser does.
    pub(crate) fn take_cookie(&mut self, answer: &Answer) {
        answer.header("set-cookie").split(';').next().unwrap().clone_into(&mut self.cookie);
    }

    /// Waits until the study is open and all work is done.
    pub(crate) fn wait(&self) {
        let start = Instant::now();
        loop {
            let pulse = self.get("/pulse");
            if pulse.status == 200 && pulse.json()["job"].is_null() {
                return;
            }
            assert!(start.elapsed() < Duration::from_mins(2), "{pulse:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks with these headers instead of those of a browser that is in.
    pub(crate) fn ask_raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        // Whoever is turned away early may close before all is sent.
        stream.write_all(request).ok();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request += &format!("Host: 127.0.0.1:{}\r\n", self.port);
        }
        if !headers.iter().any(|(name, _)| *name == "Cookie") && !self.cookie.is_empty() {
            request += &format!("Cookie: {}\r\n", self.cookie);
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request += &format!("{name}: {value}\r\n");
        }
        if method == "POST" {
            request += "Content-Type: application/x-www-form-urlencoded\r\n";
            request += &format!("Content-Length: {}\r\n", body.len());
        }
        self.ask_raw(format!("{request}\r\n{body}").as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    #[track_caller]
    pub(crate) fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    #[track_caller]
    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.page(path)).unwrap()
    }

    /// Sends a form of a page as a browser does: with its own fields, some of them filled
    /// in; `after` stands before the form.
    pub(crate) fn send(
        &self,
        page: &str,
        after: &str,
        action: &str,
        filled: &[(&str, &str)],
    ) -> Answer {
        let start = format!("action=\"{action}\"");
        let from = page.find(after).unwrap_or_else(|| panic!("no `{after}` in the page"));
        let at = page[from..].find(&start).unwrap_or_else(|| panic!("no form `{action}`"));
        self.send_form(&page[from + at..], action, filled)
    }

    /// Sends the form of a page that has this id to another address, as a script does.
    pub(crate) fn send_to(
        &self,
        page: &str,
        id: &str,
        action: &str,
        filled: &[(&str, &str)],
    ) -> Answer {
        let at = page.find(id).unwrap_or_else(|| panic!("no `{id}` in the page"));
        self.send_form(&page[at..], action, filled)
    }

    fn send_form(&self, form: &str, action: &str, filled: &[(&str, &str)]) -> Answer {
        let mut fields = hidden(form.split("</form>").next().unwrap());
        for (name, _) in filled {
            fields.retain(|(known, _)| known != name);
        }
        let own = filled.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let body: Vec<String> = fields
            .into_iter()
            .chain(own)
            .map(|(name, value)| format!("{}={}", encoded(&name), encoded(&value)))
            .collect();
        self.ask("POST", action, &[], &body.join("&"))
    }

    /// Sends a form and follows to the page that it leads to.
    #[track_caller]
    pub(crate) fn act(
        &self,
        path: &str,
        after: &str,
        action: &str,
        filled: &[(&str, &str)],
    ) -> String {
        let sent = self.send(&self.page(path), after, action, filled);
        assert_eq!(sent.status, 303, "{action}: {}", sent.body);
        let back = sent.header("location");
        self.page(back.split('#').next().unwrap())
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> String {
        let line = self.head.lines().find(|line| {
            line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(name))
        });
        line.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value).trim().to_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What the tick boxes of a page send.
pub(crate) fn picks(page: &str) -> Vec<String> {
    let boxes = page.split("name=\"pick\" value=\"").skip(1);
    boxes.map(|rest| unescaped(rest.split('"').next().unwrap())).collect()
}

/// The hidden fields of a form.
pub(crate) fn hidden(form: &str) -> Vec<(String, String)> {
    let inputs = form.split("<input type=\"hidden\" ").skip(1);
    let value = |input: &str, name: &str| {
        let rest = input.split('>').next().unwrap().split_once(&format!("{name}=\""));
        rest.map_or(String::new(), |(_, rest)| unescaped(rest.split('"').next().unwrap()))
    };
    inputs.map(|input| (value(input, "name"), value(input, "value"))).collect()
}

fn unescaped(text: &str) -> String {
    let pairs = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&amp;", "&"),
        ("&quot;", "\""),
    ];
    let mut parts = text.split('&');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let entity = format!("&{part}");
        let found = pairs.iter().find(|(from, _)| entity.starts_with(from));
        let (from, to) = found.unwrap_or_else(|| panic!("what is `{entity}`?"));
        shown += to;
        shown += &entity[from.len()..];
    }
    shown
}

pub(crate) fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// All addresses that a page leads to.
pub(crate) fn links(page: &str) -> Vec<String> {
    let hrefs = ["href=\"", "action=\"", "src=\""];
    let found = hrefs.iter().flat_map(|start| page.split(start).skip(1));
    found.map(|rest| unescaped(rest.split('"').next().unwrap())).collect()
}

pub(crate) fn n_decisions(folder: &Folder) -> usize {
    let log = folder.run(&["log", "--format", "json"]).out;
    serde_json::from_str::<Value>(&log).unwrap().as_array().unwrap().len()
}

/// Two people who were asked about the same.
pub(crate) fn two_interviews() -> Folder {
    let folder = Folder::new();
    for name in ["Ann", "Bob"] {
        folder.write(&format!("{name}.txt"), interview(name, "kettle", 4));
    }
    folder
}

pub(crate) fn small_study() -> Folder {
    let folder = Folder::new();
    for (name, topic) in [("Ann", "kettle"), ("Bob", "kettle"), ("Cid", "garden")] {
        folder.write(&format!("{name}.txt"), interview(name, topic, 6));
    }
    folder.write("study.toml", "language = \"en\"\n");
    folder
}

#[test]
fn enter_gives_a_new_address_and_quit_ends_it() {
    let folder = small_study();
    let mut workbench = Workbench::open(&folder, &[]);
    workbench.input.write_all(b"\n").unwrap();
    assert_eq!(workbench.ask("HEAD", "/enter?link=seen", &[], "").status, 405);
    let page = workbench.page("/study");
    let sent = workbench.send(&page, "", "/do/quit", &[]);
    assert_eq!(sent.status, 200);
    let start = Instant::now();
    while workbench.child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(20), "it does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(workbench.child.wait().unwrap().success());
}

#[test]
fn a_study_that_cannot_be_opened_says_why() {
    let folder = Folder::new();
    folder.write("study.toml", "langauge = \"en\"\n");
    let mut workbench = Workbench::start(&folder, &[]);
    let link = workbench.address.split_once(&format!(":{}", workbench.port)).unwrap().1.to_owned();
    let entered = workbench.ask("GET", &link, &[], "");
    workbench.cookie += entered.header("set-cookie").split(';').next().unwrap();
    let start = Instant::now();
    let page = loop {
        let page = workbench.page("/study");
        if !page.contains("http-equiv=\"refresh\"") {
            break page;
        }
        assert!(start.elapsed() < Duration::from_secs(20));
    };
    assert!(page.contains("The study is not open"), "{page}");
    assert!(workbench.page("/help").contains("What the words mean"));
    folder.write("study.toml", "");
    folder.write("Ann.txt", interview("Ann", "kettle", 6));
    folder.write("Bob.txt", interview("Bob", "kettle", 6));
    assert_eq!(workbench.send(&page, "", "/do/read-again", &[]).status, 303);
    while !workbench.page("/study").contains("What was read") {
        assert!(start.elapsed() < Duration::from_mins(1));
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A whole study by plain forms: read, search, accept, rename, merge, reject, code, undo,
/// report.
#[test]
fn a_whole_study_by_plain_forms() {
    let folder = Folder::sample().asking_for(4);
    let workbench = Workbench::open(&folder, &[]);
    assert!(workbench.page("/study").contains("What was read"));

    // Candidates are named by people, merged, rejected and taken back.
    let board = workbench.page("/themes");
    assert_eq!(board.matches("class=\"card candidate\"").count(), 4);
    let no_name = workbench.send(&board, "id=\"theme-1\"", "/do/accept", &[("name", " ")]);
    assert_eq!(no_name.status, 422);
    let page =
        workbench.act("/themes", "id=\"theme-1\"", "/do/accept", &[("name", "First <of all")]);
    assert!(page.contains("Decision 1: accepted theme “First &#60;of all”"), "{page}");
    // The same form again, from a page that is out of date.
    let again = workbench.send(&board, "id=\"theme-1\"", "/do/accept", &[("name", "Second")]);
    assert_eq!(again.status, 409, "{}", again.body);
    let page = workbench.act("/themes", "id=\"theme-2\"", "/do/reject", &[("reason", "a mixture")]);
    assert_eq!(page.matches("class=\"card candidate\"").count(), 2);
    let page = workbench.act("/themes/rejected", "a mixture", "/do/restore", &[]);
    assert!(page.contains("None. A candidate that you reject"));
    workbench.act("/themes", "id=\"theme-1\"", "/do/rename-theme", &[("name", "Joining")]);
    let board = workbench.page("/themes");
    let into = board.split("<option value=\"theme ").nth(1).unwrap().split('"').next().unwrap();
    let into = format!("theme {into}");
    let page = workbench.act("/themes", "id=\"theme-3\"", "/do/merge-themes", &[("into", &into)]);
    assert!(page.contains("merged"), "{page}");
    assert_eq!(workbench.json("/codebook.json").as_array().unwrap().len(), 1);

    // A turn is coded as a whole, with a new code.
    let page = workbench.page("/read/P07?code=1");
    let coded = workbench.send(&page, "id=\"coding\"", "/do/code", &[("code", "Driving")]);
    assert_eq!(coded.status, 303, "{}", coded.body);
    let reading = workbench.json("/read/P07.json");
    let turn = &reading["turns"][1];
    let mark = reading["marks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|mark| mark["codes"][0]["path"] == "Driving");
    let mark = mark.unwrap();
    assert_eq!((&mark["text"], &mark["from"]["char"]), (&turn["text"], &0.into()));
    let quotation = format!("/quotes/{}", mark["quotation"]);
    workbench.act(&quotation, "", "/do/code-quotation", &[("code", "Joining")]);
    workbench.act(&quotation, "", "/do/stance", &[("stance", "drawback")]);
    workbench.act(&quotation, "", "/do/memo", &[("text", "Ask her again.")]);
    assert!(workbench.page("/memos").contains("Ask her again."));

    // Words are sought and coded from where they are found.
    let page = workbench.page("/quotes?q=%22camera%22");
    assert!(page.contains("<mark>"), "{page}");
    let ticks = picks(&page);
    let both = [("pick", ticks[0].as_str()), ("code", "Driving")];
    let sent = workbench.send(&page, "id=\"ticked\"", "/do/code-passages", &both);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let mistake = workbench.page("/quotes?q=camera+AND");
    assert!(mistake.contains("The query cannot be read"), "{mistake}");
    let kwic = workbench.page("/quotes?q=camera&sort=right");
    assert!(kwic.contains("class=\"kwic\""));

    // Undo goes back to the first decision, and the log keeps all.
    let n = n_decisions(&folder);
    let page = workbench.act("/history", "", "/do/undo", &[]);
    assert!(page.contains(&format!("Decision {}: undid", n + 1)), "{page}");
    assert!(workbench.act("/history", "", "/do/redo", &[]).contains("redid"));
    assert_eq!(n_decisions(&folder), n + 2);

    // The report is checked before it is handed over.
    assert!(workbench.page("/report").contains("Joining"));
    for (ending, start) in [("md", "# "), ("html", "<!"), ("docx", "PK")] {
        let file = workbench.get(&format!("/report/file?as={ending}"));
        assert_eq!(file.status, 200, "{}", file.body);
        assert!(file.header("content-disposition").contains(&format!(".{ending}\"")));
        assert!(file.body.trim_start().starts_with(start), "{ending}");
    }
    assert_eq!(workbench.get("/report/file?as=exe").status, 422);
    drop(workbench);
    assert!(folder.answer(&["codebook"]).contains("Driving"));
}

/// Every number of a page is that of its twin for programs, and that of the command line.
#[test]
fn every_figure_is_that_of_the_command_line() {
    let folder = Folder::sample();
    folder.answer(&["themes"]);
    let workbench = Workbench::open(&folder, &[]);
    let of_command =
        |args: &[&str]| -> Value { serde_json::from_str(&folder.run(args).out).unwrap() };
    let themes = workbench.json("/themes.json");
    assert_eq!(themes, of_command(&["themes", "--format", "json"]));
    let board = workbench.page("/themes");
    for theme in themes["themes"].as_array().unwrap() {
        let card = board.split(&format!("id=\"theme-{}\"", theme["id"])).nth(1).unwrap();
        let card = card.split("</article>").next().unwrap();
        let who = format!("<b>{} of {} participants</b>", theme["n_cases"], theme["of_cases"]);
        assert!(card.contains(&who), "{who}");
        assert!(card.contains(&format!(", {} passages", theme["n_passages"])));
        // One dot a person with evidence, and one page entry a passage.
        let dots = card.matches("class=\"dot d").count() - card.matches("class=\"dot d0\"").count();
        assert_eq!(dots as u64, theme["n_cases"].as_u64().unwrap());
        let page = workbench.page(&format!("/themes/{}", theme["id"]));
        let evidence = page.split("id=\"evidence\"").nth(1).unwrap();
        let evidence = evidence.split("id=\"context\"").next().unwrap();
        assert_eq!(
            evidence.matches("<figure").count() as u64,
            theme["n_passages"].as_u64().unwrap()
        );
        assert_eq!(
            evidence.matches("class=\"person\"").count() as u64,
            theme["n_cases"].as_u64().unwrap()
        );
        let in_context =
            page.split("id=\"context\"").nth(1).map_or(0, |it| it.matches("<figure").count());
        assert_eq!(in_context as u64, theme["in_context"]["n_passages"].as_u64().unwrap());
    }
    let uncovered = workbench.json("/themes/uncovered.json");
    assert_eq!(uncovered, of_command(&["themes", "--unassigned", "--format", "json"]));
    let found = workbench.json("/quotes.json?q=%22camera%22&all=1");
    assert_eq!(found, of_command(&["search", "\"camera\"", "--limit", "0", "--format", "json"]));
    let compared = workbench.json("/compare.json?by=group");
    assert_eq!(compared, of_command(&["compare", "--format", "json"]));
    let info = workbench.json("/study.json");
    assert_eq!(info["transcripts"], of_command(&["info", "--format", "json"])["transcripts"]);
    // Looking at pages decides nothing and keeps no version.
    assert_eq!(n_decisions(&folder), 0);
}

/// Goes to every page that can be reached, each kind of address once.
pub(crate) fn crawl(workbench: &Workbench) -> Vec<(String, Answer)> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut next = vec!["/study".to_owned()];
    let mut pages = Vec::new();
    while let Some(path) = next.pop() {
        let plain = path.split('#').next().unwrap().to_owned();
        // One quote's neighbours, lines and turns are like any other's, and one query like
        // another.
        let kind = plain.split("lines=").next().unwrap();
        let kind = kind.split("code=").next().unwrap();
        let kind = match kind.split_once("q=") {
            Some((start, query)) => format!("{start}{}", query.contains("sort=")),
            None => kind.to_owned(),
        };
        // A form that needs its fields is no link.
        if ["/report/file", "/files", "/bring"].contains(&plain.as_str())
            || plain.starts_with("/do/")
            || !seen.insert(kind)
        {
            continue;
        }
        let answer = workbench.get(&plain);
        assert_eq!(answer.status, 200, "{plain}: {}", answer.body);
        if answer.header("content-type").starts_with("text/html") {
            for link in links(&answer.body).into_iter().filter(|link| !link.starts_with('#')) {
                let is_ours = link.starts_with('/') && !link.starts_with("//");
                assert!(is_ours, "{plain} leads to `{link}`");
                next.push(link);
            }
        }
        pages.push((plain, answer));
    }
    pages
}

#[test]
fn no_page_leads_or_asks_elsewhere_and_no_link_is_dead() {
    let folder = Folder::sample();
    folder.answer(&["code", "add", "Talk"]);
    folder.answer(&["quote", "add", "--transcript", "P07", "--lines", "4-6", "--code", "Talk"]);
    let workbench = Workbench::open(&folder, &[]);
    let pages = crawl(&workbench);
    assert!(pages.len() > 40, "{}", pages.len());
    for (path, answer) in &pages {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        // The name of a language of pictures is no address.
        let page = &answer.body.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        for forbidden in
            ["http://", "https://", " style=", " onclick", "javascript:", "<style", "//cdn"]
        {
            assert!(!page.contains(forbidden), "{path} has `{forbidden}`");
        }
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        // Every place that tells something has a twin for programs.
        let (place, query) = path.split_once('?').unwrap_or((path, ""));
        if !["/help", "/open", "/quotes", "/report/check"].contains(&place) {
            let twin = format!("{place}.json?{query}");
            let answer = workbench.page(&twin);
            let twin_holds: Result<Value, _> = serde_json::from_str(&answer);
            assert!(twin_holds.is_ok_and(|it| it.is_object() || it.is_array()), "{twin}: {answer}");
        }
    }
    assert_eq!(n_decisions(&folder), 2);
}

#[test]
fn no_page_shows_a_name() {
    let folder = Folder::new();
    for (id, topic) in [("P01", "kettle"), ("P02", "kettle"), ("P03", "garden")] {
        let name = if id == "P01" { "Siân Powell" } else { "Bob Morris" };
        let talk = interview(name, topic, 6).replace("We laughed", "We and Siân laughed");
        folder.write(&format!("{id}.txt"), talk);
    }
    folder.write("study.toml", "language = \"en\"\n");
    for args in [
        &["pseudonyms", "add", "Siân Powell", "Person 1"][..],
        &["pseudonyms", "add", "Siân", "Person 1"],
        &["pseudonyms", "add", "Powell", "Person 2"],
        &["code", "add", "With Siân", "--definition", "Powell’s own"],
        &["quote", "add", "--transcript", "P01", "--lines", "2", "--code", "#1"],
        &["memo", "add", "Ask Siân Powell", "--on", "code:#1"],
    ] {
        assert_eq!(folder.run(args).code, 0, "{args:?}");
    }
    let workbench = Workbench::open(&folder, &[]);
    let asked =
        ["/quotes?q=kettle", "/quotes?q=Si%C3%A2n", "/quotes?q=Powell&sort=left", "/read/P09"];
    let asked = asked.map(|path| (path.to_owned(), workbench.get(path)));
    for (path, answer) in crawl(&workbench).into_iter().chain(asked) {
        // What somebody typed into the address is theirs.
        let body = answer.body.to_lowercase().replace("q=powell", "");
        assert!(!body.contains("siân") && !body.contains("powell"), "{path}: {body}");
    }
    // What is shown can be used in forms.
    let page = workbench.page("/quotes?q=kettle");
    let ticks = picks(&page);
    let both = [("pick", ticks[0].as_str()), ("code", "With Person 1")];
    let sent = workbench.send(&page, "id=\"ticked\"", "/do/code-passages", &both);
    assert_eq!(sent.status, 303, "{}", sent.body);
}

#[test]
fn hostile_talk_is_shown_as_text() {
    let talk = "<script>alert(1)</script> \"'><img src=x onerror=y> {{ 7*7 }} {% raw %} &amp; \u{202e}gnp.\u{202c} end";
    let folder = Folder::new();
    let mut text = String::new();
    for turn in 0..6 {
        text += &format!(
            "Interviewer: What of it, number {turn}?\n<b>Mal</b>: The kettle {talk} helped the evening, and the dog was asleep in the kitchen.\n"
        );
    }
    folder.write("<i>Mal.txt", text.replace("<b>Mal</b>", "Mal"));
    folder.write("Bob.txt", interview("Bob", "kettle", 6));
    folder.write("study.toml", "language = \"en\"\n");
    folder.answer(&[
        "code",
        "add",
        "x\"<script",
        "--definition",
        "</textarea><script>alert(2)</script>",
    ]);
    folder.answer(&["quote", "add", "--transcript", "<i>Mal", "--lines", "2", "--code", "#1"]);
    folder.answer(&["memo", "add", "</textarea><script>alert(3)</script>", "--on", "study"]);
    let workbench = Workbench::open(&folder, &[]);
    for path in [
        "/study",
        "/read",
        "/read/%3Ci%3EMal",
        "/read/%3Ci%3EMal?code=1",
        "/part/%3Ci%3EMal",
        "/themes",
        "/themes/uncovered",
        "/quotes?q=kettle",
        "/quotes?q=kettle&sort=left",
        "/codebook",
        "/codebook/1",
        "/codebook/1/proposals",
        "/quotes/1",
        "/memos",
        "/history",
        "/report",
        "/compare",
        "/quotes?q=%3Cscript%3Ealert(4)%3C%2Fscript%3E+AND",
        "/quotes/like?transcript=%3Ci%3EMal&lines=2-2",
    ] {
        let page = workbench.page(path);
        assert!(!page.contains("<script>"), "{path}");
        assert!(!page.contains("<img"), "{path}");
        assert!(!page.contains("<i>"), "{path}");
        assert!(!page.contains("onerror=y&gt; 49"), "{path}");
        assert_eq!(
            page.matches("<textarea").count(),
            page.matches("</textarea>").count(),
            "{path}"
        );
    }
    let reading = workbench.page("/read/%3Ci%3EMal");
    assert!(reading.contains("{{ 7*7 }} {% raw %}"), "{reading}");
    assert!(reading.contains("\u{202e}gnp."));
    // Such words are coded like any others.
    let page = workbench.page("/read/%3Ci%3EMal?code=3");
    assert_eq!(
        workbench.send(&page, "id=\"coding\"", "/do/code", &[("code", "Plain")]).status,
        303
    );
}

#[test]
fn what_is_marked_is_kept_byte_for_byte_or_refused() {
    let folder = Folder::new();
    folder.write(
        "Ann.txt",
        "Interviewer: And?\r\nAnn: So so, 👩‍👩‍👧 so\r\nand so with Siân.\r\nInterviewer: Aye?\r\nAnn: Aye, so it was.\r\n",
    );
    folder.write("study.toml", "language = \"en\"\n");
    folder.answer(&["code", "add", "Talk"]);
    folder.answer(&["pseudonyms", "add", "Siân", "Person 1"]);
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/read/Ann");
    let reading = workbench.json("/read/Ann.json");
    let shown: Vec<&str> = reading["turns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|turn| turn["text"].as_str().unwrap())
        .collect();
    assert!(shown[1].contains("Person 1") && !page.contains("Siân"));
    // A carriage return is in the page as one, so that positions are the same in browsers.
    assert!(page.contains("so&#13;\nand so"), "{page}");
    let mark = |from: &str, to: &str, words: &[&str]| {
        let words = serde_json::to_string(words).unwrap();
        workbench.send(
            &workbench.page("/read/Ann"),
            "id=\"coding\"",
            "/do/code",
            &[("from", from), ("to", to), ("shown", &words), ("code", "Talk")],
        )
    };
    for (from, to, words) in [
        ("1:0", "1:2", &["so"][..]),
        ("1:3", "1:5", &["So"]),
        ("7:0", "7:1", &["x"]),
        ("x", "1:5", &["so"]),
    ] {
        let refused = mark(from, to, words);
        assert!([409, 422].contains(&refused.status), "{from}: {}", refused.status);
    }
    assert_eq!(n_decisions(&folder), 1);
    // The second "so"; a line end; a part of a pseudonym stands for the whole name.
    assert_eq!(mark("1:3", "1:5", &["so"]).status, 303);
    let at = shown[1].chars().position(|c| c == '\r').unwrap();
    let (from, to) = (format!("1:{}", at - 2), format!("1:{}", at + 5));
    assert_eq!(mark(&from, &to, &["so\r\nand"]).status, 303);
    let at = shown[1][..shown[1].find("Person").unwrap()].chars().count();
    let (from, to) = (format!("1:{at}"), format!("1:{}", at + 3));
    assert_eq!(mark(&from, &to, &["Per"]).status, 303);
    let listed = folder.run(&["quote", "list", "--format", "json", "--originals"]).out;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let texts: Vec<&str> =
        listed.as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["so", "so\r\nand", "Siân"]);
    let file = fs::read_to_string(folder.path().join("Ann.txt")).unwrap();
    assert!(texts.iter().all(|text| file.contains(text)));
    // Whoever shows another text has another key.
    let other = reading["text_key"].as_str().unwrap().replace(|c: char| c.is_ascii_digit(), "x");
    let page = page.replace(reading["text_key"].as_str().unwrap(), &other);
    let filled = [("from", "1:3"), ("to", "1:5"), ("shown", "[\"so\"]"), ("code", "Talk")];
    assert_eq!(workbench.send(&page, "id=\"coding\"", "/do/code", &filled).status, 409);
}

#[test]
fn what_somebody_else_decided_is_not_overwritten() {
    let folder = small_study();
    folder.answer(&["code", "add", "Tea"]);
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/codebook/1");
    folder.answer(&["code", "edit", "Tea", "--rename", "Coffee"]);
    let sent = workbench.send(&page, "", "/do/rename-code", &[("name", "Cocoa")]);
    assert_eq!(sent.status, 409, "{}", sent.body);
    assert!(sent.body.contains("decided meanwhile"), "{}", sent.body);
    assert!(folder.answer(&["codebook"]).contains("Coffee"));
    // Scripts get the same as JSON.
    let key = hidden(&page).into_iter().find(|(name, _)| name == "key").unwrap().1;
    let json = [("Accept", "application/json")];
    let body = format!("key={key}&rev=1&id=1&name=Cocoa");
    let refused = workbench.ask("POST", "/do/rename-code", &json, &body);
    assert_eq!((refused.status, &refused.json()["what"]), (409, &"stale".into()));
    let body = format!("key={key}&rev=2&id=1&name=Cocoa&back=//evil.example");
    let done = workbench.ask("POST", "/do/rename-code", &json, &body);
    assert_eq!(
        (done.status, &done.json()["rev"], &done.json()["undo"]),
        (200, &3.into(), &3.into())
    );
    let body = format!("key={key}&rev=3&id=1&name=Tea&back=//evil.example");
    assert_eq!(workbench.ask("POST", "/do/rename-code", &[], &body).header("location"), "/");
}

#[test]
fn nothing_is_decided_where_pages_are_read_only() {
    let folder = small_study();
    folder.answer(&["code", "add", "Tea"]);
    let workbench = Workbench::open(&folder, &["--read-only"]);
    let page = workbench.page("/codebook/1");
    assert!(page.contains("read only") && !page.contains("/do/edit-code"), "{page}");
    for verb in ["undo", "add-code", "remove-code", "memo"] {
        let body = "key=0&rev=1&id=1&name=X&text=X&about=study";
        assert_eq!(workbench.ask("POST", &format!("/do/{verb}"), &[], body).status, 403, "{verb}");
    }
    assert_eq!(n_decisions(&folder), 1);
}
