//! The workbench without a study and without a terminal: one is chosen on the page, begun in
//! a new folder, left for another one; and work that takes long is stopped.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{Folder, interview};
use crate::web::{Workbench, encoded, hidden, links, small_study};

/// Starts it in the person's own folder, where no study is.
fn start(home: &Folder) -> Workbench {
    let mut workbench = Workbench::run(alone(home, &["serve", "--no-open"]));
    workbench.enter();
    workbench
}

fn alone(home: &Folder, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leitmotif"));
    command.args(args).current_dir(home.path()).env("HOME", home.path());
    command.env("USER", "nobody-who-has-drives").env_remove("LEITMOTIF_STUDY");
    command.env("XDG_STATE_HOME", home.path().join(".state"));
    command.env("XDG_DATA_HOME", home.path().join(".data"));
    command
}

fn home() -> Folder {
    let home = Folder::new();
    for name in ["Ann", "Bob"] {
        home.write(&format!("Documents/Tea rooms/{name}.txt"), interview(name, "kettle", 4));
    }
    home.write("Documents/photo.jpg", "");
    home.write(".hidden/Eve.txt", interview("Eve", "attic", 4));
    home
}

/// All that is in a folder but for what the program remembers of its own.
fn names(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with(".state") {
                continue;
            }
            names.insert(path.to_str().unwrap().to_owned());
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            }
        }
    }
    names
}

#[test]
fn a_study_is_chosen_on_the_page_and_pages_of_another_one_are_strangers() {
    let home = home();
    let before = names(home.path());
    let mut workbench = start(&home);
    assert_eq!(workbench.get("/").header("location"), "/study");
    for place in ["/study", "/read", "/themes", "/report"] {
        assert_eq!(workbench.get(place).header("location"), "/open", "{place}");
    }
    assert_eq!(workbench.get("/study.json").status, 409);
    let page = workbench.page("/open");
    assert!(page.contains("Documents") && page.contains("2 possible transcripts"), "{page}");
    assert!(!page.contains(">.hidden") && !page.contains("photo.jpg"), "{page}");
    let page = workbench.page("/open?at=home&in=Documents");
    assert!(page.contains("Tea rooms"), "{page}");
    let page = workbench.page("/open?at=home&in=Documents/Tea%20rooms");
    assert!(page.contains("2 possible transcripts") && !page.contains("Ann"), "{page}");
    // To look around writes nothing.
    assert_eq!(names(home.path()), before);
    let opened = workbench.send(&page, "", "/do/open", &[]);
    assert_eq!((opened.status, opened.header("location").as_str()), (303, "/study"));
    assert_eq!(workbench.get("/study").status, 403);
    workbench.take_cookie(&opened);
    workbench.wait();
    let study = workbench.page("/study");
    assert!(study.contains("What was read") && study.contains("Ann"), "{study}");
    // A new study, in a new folder: nothing of the other one is decided from its old pages.
    let page = workbench.page("/open?at=home&in=Documents");
    assert!(page.contains("Open now") && page.contains("Tea rooms"), "{page}");
    let none = workbench.send(&page, "", "/do/open-new", &[("name", "../out")]);
    assert_eq!(none.status, 422, "{}", none.body);
    let opened = workbench.send(&page, "", "/do/open-new", &[("name", "Gardens")]);
    assert_eq!(opened.status, 303, "{}", opened.body);
    workbench.take_cookie(&opened);
    workbench.wait();
    let empty = workbench.page("/study");
    assert!(empty.contains("There is no transcript in this folder yet"), "{empty}");
    let old = [("name", "Tea"), ("kind", "code")];
    let key = hidden(&study).into_iter().find(|(name, _)| name == "key").unwrap().1;
    let body = format!("key={key}&rev=0&name=Tea&kind={}", old[1].1);
    assert_eq!(workbench.ask("POST", "/do/add-code", &[], &body).status, 403);
    // Both are offered from now on, also after a new start.
    drop(workbench);
    let mut workbench = start(&home);
    let page = workbench.page("/open");
    let [gardens, tea] = ["Gardens", "Tea rooms"].map(|name| page.find(name).unwrap());
    assert!(gardens < tea, "{page}");
    let tea = home.path().join("Documents/Tea rooms").canonicalize().unwrap();
    let path = [("path", tea.to_str().unwrap())];
    let again = workbench.send(&page, "", "/do/open-recent", &path);
    workbench.take_cookie(&again);
    workbench.wait();
    assert!(workbench.page("/study").contains("Ann"));
}

#[test]
fn nobody_opens_a_folder_that_is_not_listed() {
    let home = home();
    let elsewhere = small_study();
    #[cfg(unix)]
    std::os::unix::fs::symlink(elsewhere.path(), home.path().join("Documents/out")).unwrap();
    let before = names(home.path());
    let workbench = start(&home);
    let page = workbench.page("/open");
    assert!(!page.contains(">out<"));
    let absolute = elsewhere.path().to_str().unwrap().to_owned();
    let ways = ["..", "Documents/..", "%2e%2e", "/", "/etc", ".hidden", "Documents/out", "a\0b"];
    for inside in ways.into_iter().map(str::to_owned).chain([absolute.clone()]) {
        let address = format!("/open?at=home&in={}", encoded(&inside));
        assert_eq!(workbench.get(&address).status, 404, "{inside}");
        let fields = [("at", "home"), ("in", inside.as_str()), ("name", "New")];
        for verb in ["/do/open-new", "/do/open"] {
            let page = workbench.page("/open?at=home&in=Documents");
            assert_eq!(workbench.send(&page, "", verb, &fields).status, 404, "{verb} {inside}");
        }
    }
    assert_eq!(workbench.get("/open?at=root&in=").status, 404);
    for path in [absolute.as_str(), home.path().to_str().unwrap(), ""] {
        let body = format!("path={}", encoded(path));
        assert_eq!(workbench.ask("POST", "/do/open-recent", &[], &body).status, 403, "no key");
        let form = hidden(&page).into_iter().find(|(name, _)| name == "key").unwrap().1;
        let body = format!("key={form}&path={}", encoded(path));
        assert_eq!(workbench.ask("POST", "/do/open-recent", &[], &body).status, 404, "{path}");
    }
    // What holds everything is no study.
    let key = hidden(&page).into_iter().find(|(name, _)| name == "key").unwrap().1;
    let body = format!("key={key}&at=home&in=");
    assert_eq!(workbench.ask("POST", "/do/open", &[], &body).status, 422);
    assert_eq!(workbench.ask("GET", "/open", &[("Cookie", "")], "").status, 403);
    assert_eq!(workbench.ask("GET", "/open", &[("Sec-Fetch-Site", "cross-site")], "").status, 403);
    assert_eq!(names(home.path()), before);
}

#[test]
fn the_sample_study_is_opened_from_the_page() {
    let home = home();
    let mut workbench = start(&home);
    let opened = workbench.send(&workbench.page("/open"), "", "/do/open-sample", &[]);
    assert_eq!(opened.status, 303, "{}", opened.body);
    workbench.take_cookie(&opened);
    workbench.wait();
    assert!(workbench.page("/study").contains("16 transcripts"));
    assert!(home.path().join("Documents/Leitmotif sample study/README.md").is_file());
}

#[test]
fn a_study_that_is_only_shown_stays_on_the_desk() {
    let folder = small_study();
    let workbench = Workbench::open(&folder, &["--read-only"]);
    assert_eq!(workbench.get("/open").header("location"), "/study");
    assert!(!links(&workbench.page("/study")).contains(&"/open".to_owned()));
    let page = workbench.page("/help");
    let key = hidden(&page).into_iter().find(|(name, _)| name == "key").map(|(_, key)| key);
    let body = format!("key={}&at=home&in=", key.unwrap_or_default());
    assert_eq!(workbench.ask("POST", "/do/open-sample", &[], &body).status, 403);
}

/// No words, no terminal, a desktop: as a file manager starts it.
#[test]
fn a_double_click_opens_the_workbench_and_a_bare_command_elsewhere_prints_help() {
    let home = home();
    let mut command = alone(&home, &[]);
    command.env("DISPLAY", ":none").env("PATH", "").env_remove("WAYLAND_DISPLAY");
    let mut workbench = Workbench::run(command);
    workbench.enter();
    assert!(workbench.page("/open").contains("Choose a study"));
    let mut command = alone(&home, &[]);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").stdin(Stdio::null());
    let ran = command.output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("Usage"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_menu_of_programs_starts_the_workbench() {
    let home = home();
    let ran = alone(&home, &["serve", "--launcher"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let entry = home.path().join(".data/applications/leitmotif.desktop");
    let entry = fs::read_to_string(entry).unwrap();
    let program = env!("CARGO_BIN_EXE_leitmotif");
    assert!(entry.contains(&format!("\nExec=\"{program}\" serve\n")), "{entry}");
    let icon = entry.lines().find_map(|line| line.strip_prefix("Icon=")).unwrap();
    assert!(fs::read_to_string(icon).unwrap().contains("<svg"));
}

#[test]
fn a_second_start_opens_a_window_of_the_first() {
    let folder = small_study();
    let mut first = Workbench::open(&folder, &[]);
    let mut second = Workbench::start(&folder, &[]);
    assert_eq!(second.port, first.port);
    assert_eq!(second.child.wait().unwrap().code(), Some(0));
    second.enter();
    assert!(second.page("/study").contains("<h1>What was read"));
    // One that may decide nothing is its own, and is joined by none.
    let alone = Workbench::open(&folder, &["--read-only"]);
    assert_ne!(alone.port, first.port);
    drop(alone);
    // A killed one is not waited for, nor is who listens there meanwhile.
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    let stranger = std::net::TcpListener::bind(("127.0.0.1", first.port)).unwrap();
    let listener = stranger.try_clone().unwrap();
    let told = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut came, _) = listener.accept().unwrap();
        let mut asked = [0; 4_000];
        let n = came.read(&mut asked).unwrap();
        came.write_all(b"HTTP/1.1 200 OK\r\n\r\nhttp://127.0.0.1:1/enter?link=x").unwrap();
        String::from_utf8_lossy(&asked[..n]).into_owned()
    });
    let third = Workbench::open(&folder, &[]);
    assert_ne!(third.port, first.port);
    let secret = fs::read_to_string(folder.path().join(".leitmotif/pages")).unwrap();
    assert!(!told.join().unwrap().contains(&secret));
    drop((third, stranger));
    // Its end takes the note away.
    let mut last = Workbench::open(&folder, &[]);
    let page = last.page("/study");
    assert_eq!(last.send(&page, "", "/do/quit", &[]).status, 200);
    last.child.wait().unwrap();
    assert!(!folder.path().join(".leitmotif/served").exists());
}

#[test]
fn two_that_were_started_without_a_study_do_not_open_the_same_one() {
    let home = home();
    let (mut first, second) = (start(&home), start(&home));
    assert_ne!(first.port, second.port);
    let page = second.page("/open?at=home&in=Documents/Tea%20rooms");
    let opened = {
        let page = first.page("/open?at=home&in=Documents/Tea%20rooms");
        first.send(&page, "", "/do/open", &[])
    };
    first.take_cookie(&opened);
    first.wait();
    let told = second.send(&page, "", "/do/open", &[]);
    assert_eq!(told.status, 423, "{}", told.body);
    assert!(told.body.contains("lies open already"), "{}", told.body);
    // The address that is told opens a window of the first.
    let start = format!("http://127.0.0.1:{}", first.port);
    let link = told.body.split(&start).nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(first.get(link).header("location"), "/");
    assert_eq!(second.get("/study").header("location"), "/open");
    // What lies open here is opened anew, and whatever lies open nowhere is opened here.
    let page = first.page("/open?at=home&in=Documents/Tea%20rooms");
    let again = first.send(&page, "", "/do/open", &[]);
    assert_eq!(again.status, 303, "{}", again.body);
    let page = second.page("/open?at=home&in=Documents");
    assert_eq!(second.send(&page, "", "/do/open-new", &[("name", "Gardens")]).status, 303);
}

/// Waits until a page says something.
#[track_caller]
fn until(workbench: &Workbench, path: &str, says: &str) -> String {
    let start = Instant::now();
    loop {
        let page = workbench.page(path);
        if page.contains(says) {
            return page;
        }
        assert!(start.elapsed() < Duration::from_mins(3), "{path}: {page}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn reading_is_stopped_and_leaves_nothing() {
    let folder = Folder::new();
    for n in 0..600 {
        let topic = ["kettle", "garden", "bicycle"][n % 3];
        folder.write(&format!("P{n}.txt"), interview(&format!("Ann{n}"), topic, 60));
    }
    let mut workbench = Workbench::start(&folder, &[]);
    workbench.enter();
    let page = until(&workbench, "/study", "<h1 role=\"status\">");
    assert_eq!(workbench.send(&page, "", "/do/stop", &[]).status, 303);
    let page = until(&workbench, "/study", "You have stopped the reading");
    assert!(page.contains("no file of yours was changed"), "{page}");
    assert!(!folder.path().join(".leitmotif/cache/catalogue").exists());
    assert_eq!(workbench.send(&page, "", "/do/read-again", &[]).status, 303);
    until(&workbench, "/study", "Reading the transcripts");
}

#[test]
fn no_folder_is_made_for_a_study_while_another_is_read() {
    let home = home();
    for n in 0..600 {
        let text = interview(&format!("Ann{n}"), "kettle", 60);
        home.write(&format!("Documents/Large/P{n}.txt"), text);
    }
    let mut workbench = start(&home);
    let page = workbench.page("/open?at=home&in=Documents/Large");
    let opened = workbench.send(&page, "", "/do/open", &[]);
    workbench.take_cookie(&opened);
    let page = workbench.page("/open?at=home&in=Documents");
    let refused = workbench.send(&page, "", "/do/open-new", &[("name", "Gardens")]);
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert!(!home.path().join("Documents/Gardens").exists());
}

#[test]
fn the_search_for_candidates_is_stopped_and_begins_anew() {
    let folder = Folder::new();
    for n in 0..60 {
        let topic = ["kettle", "garden", "bicycle"][n % 3];
        folder.write(&format!("P{n}.txt"), interview(&format!("Ann{n}"), topic, 30));
    }
    let mut workbench = Workbench::start(&folder, &[]);
    workbench.enter();
    // The index is made first: whoever stops that stops what would follow.
    let page = until(&workbench, "/themes", "Making the index");
    assert_eq!(workbench.send(&page, "", "/do/stop", &[]).status, 303);
    let page = until(&workbench, "/themes", "was stopped");
    assert!(workbench.page("/study").contains("60 transcripts"));
    assert!(workbench.page("/read/P1").contains("garden"));
    assert_eq!(workbench.send(&page, "", "/do/suggest", &[]).status, 303);
    until(&workbench, "/themes", "class=\"board\"");
}
