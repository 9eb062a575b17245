//! What several decide at once, and what becomes of it where there is no room for it: no
//! decision is lost, and none is told that was not kept.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{Folder, interview, skipped};
use crate::web::{Answer, Workbench, encoded, hidden, n_decisions, small_study};

/// A window: what it last saw, as its page holds it.
struct Window<'w> {
    workbench: &'w Workbench,
    key: String,
    rev: u64,
    /// What it decided itself after that.
    own: Vec<u64>,
}

impl<'w> Window<'w> {
    fn open(workbench: &'w Workbench) -> Self {
        let fields = hidden(&workbench.page("/codebook"));
        let key = fields.into_iter().find(|(name, _)| name == "key").unwrap().1;
        let mut window = Self { workbench, key, rev: 0, own: Vec::new() };
        window.look();
        window
    }

    /// Sees what is decided now.
    fn look(&mut self) {
        self.rev = self.workbench.json("/pulse")["rev"].as_u64().unwrap();
        self.own.clear();
    }

    /// Whether it has seen the decision of this number.
    fn has_seen(&self, number: u64) -> bool {
        number <= self.rev || self.own.contains(&number)
    }

    fn act(&mut self, verb: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("key={}&rev={}", self.key, self.rev);
        body.extend(self.own.iter().map(|number| format!("&own={number}")));
        for (name, value) in fields {
            body += &format!("&{}={}", encoded(name), encoded(value));
        }
        let json = [("Accept", "application/json")];
        let answer = self.workbench.ask("POST", &format!("/do/{verb}"), &json, &body);
        if answer.status == 200 {
            let done = answer.json();
            self.rev = done["rev"].as_u64().unwrap();
            let own = done["own"].as_array().unwrap().iter();
            self.own = own.map(|number| number.as_u64().unwrap()).collect();
        }
        answer
    }
}

#[test]
fn an_act_of_ones_own_hides_no_change_of_somebody_else() {
    let folder = small_study();
    for name in ["Tea", "Coal"] {
        folder.answer(&["code", "add", name]);
    }
    let workbench = Workbench::open(&folder, &[]);
    let mut window = Window::open(&workbench);
    folder.answer(&["--coder", "Bo", "code", "edit", "Tea", "--rename", "Green tea"]);
    let rename = |window: &mut Window<'_>, id: &str, name: &str| {
        window.act("rename-code", &[("id", id), ("name", name)]).status
    };
    // Nothing was seen of Bo's by what was done to another code, and one's own is known.
    assert_eq!(rename(&mut window, "2", "Charcoal"), 200);
    assert_eq!((window.rev, &window.own[..]), (2, &[4][..]));
    assert_eq!(rename(&mut window, "2", "Peat"), 200);
    assert_eq!(rename(&mut window, "1", "Black tea"), 409);
    window.look();
    assert_eq!(rename(&mut window, "1", "Black tea"), 200);
    assert_eq!((window.rev, &window.own[..]), (6, &[][..]));
}

/// Two windows that do not look up and a terminal decide on the same five codes. Whoever
/// has not seen what became of a code is refused and told; nobody else is.
#[test]
fn five_hundred_acts_of_two_windows_and_a_terminal() {
    let folder = small_study();
    let mut names: Vec<String> = (1..=5).map(|n| format!("code {n}")).collect();
    for name in &names {
        folder.answer(&["code", "add", name]);
    }
    let workbench = Workbench::open(&folder, &[]);
    let mut windows = [Window::open(&workbench), Window::open(&workbench)];
    // When each code was last decided on, as the number of that decision.
    let mut touched: Vec<u64> = (1..=5).collect();
    let (mut n_kept, mut n_refused, mut n_memos) = (5, 0, 0);
    let mut state: u64 = 20_261_127;
    let mut random = |n: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    for n in 0..500 {
        let (who, code) = (random(20), random(5));
        let new = format!("name {n}");
        if who == 0 {
            folder.answer(&["--coder", "Bo", "code", "edit", &names[code], "--rename", &new]);
            n_kept += 1;
            touched[code] = n_kept;
            names[code] = new;
            continue;
        }
        let window = &mut windows[who % 2];
        if random(4) == 0 {
            let answer = window.act("memo", &[("about", "study"), ("text", &new)]);
            assert_eq!(answer.status, 200, "{n}: {}", answer.body);
            (n_kept, n_memos) = (n_kept + 1, n_memos + 1);
            continue;
        }
        let id = (code + 1).to_string();
        let is_seen = window.has_seen(touched[code]);
        let answer = window.act("rename-code", &[("id", &id), ("name", &new)]);
        assert_eq!(answer.status, if is_seen { 200 } else { 409 }, "{n}: {}", answer.body);
        if is_seen {
            n_kept += 1;
            touched[code] = n_kept;
            names[code] = new;
        } else {
            // What it is now, and that it is not what was asked for.
            assert!(answer.body.contains(&names[code]), "{n}: {}", answer.body);
            n_refused += 1;
            window.look();
        }
    }
    assert!(n_refused > 20, "{n_refused}");
    let rev = workbench.json("/pulse")["rev"].as_u64().unwrap();
    assert_eq!((rev, n_decisions(&folder) as u64), (n_kept, n_kept));
    let json = |args: &[&str]| -> Value { serde_json::from_str(&folder.run(args).out).unwrap() };
    let codebook = json(&["codebook", "--format", "json"]);
    let mut kept: Vec<(u64, &str)> = codebook
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["id"].as_u64().unwrap(), it["name"].as_str().unwrap()))
        .collect();
    kept.sort_unstable();
    let kept: Vec<&str> = kept.into_iter().map(|(_, name)| name).collect();
    assert_eq!(kept, names);
    let memos = json(&["memo", "list", "--format", "json"]);
    assert_eq!(memos.as_array().unwrap().len(), n_memos);
}

/// A disk of a few megabytes; it goes with the value.
struct Disk<'f>(&'f Path);

impl<'f> Disk<'f> {
    /// `None` where this process may mount nothing.
    fn mount(at: &'f Path) -> Option<Self> {
        let is_done = mount(&["-t", "tmpfs", "-o", "size=12m", "tmpfs"], at);
        is_done.then_some(Self(at))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(self.0).status().ok();
    }
}

fn mount(args: &[&str], at: &Path) -> bool {
    let done = Command::new("mount").args(args).arg(at).stderr(Stdio::null()).status();
    done.is_ok_and(|status| status.success())
}

/// Where the disk is full or may not be written, what was typed is refused with a sentence,
/// nothing is said to be kept, and the same act is done once there is room.
#[test]
fn a_full_disk_and_one_that_may_not_be_written_are_told() {
    let folder = Folder::new();
    let Some(disk) = Disk::mount(folder.path()) else {
        skipped("leave to mount a disk");
        return;
    };
    for name in ["Ann", "Bob"] {
        folder.write(&format!("{name}.txt"), interview(name, "kettle", 6));
    }
    folder.answer(&["code", "add", "Tea"]);
    let workbench = Workbench::open(&folder, &[]);
    let mut window = Window::open(&workbench);
    let ballast = folder.path().join("ballast.bin");
    let mut file = fs::File::create(&ballast).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    while file.write_all(&[0]).is_ok() {}
    drop(file);
    let fields = [("about", "study"), ("text", "A thought that is not to be lost.")];
    let refused = window.act("memo", &fields);
    assert_eq!((refused.status, &refused.json()["what"]), (507, &"full".into()), "{refused:?}");
    assert!(!refused.json()["hint"].is_null(), "{}", refused.body);
    assert_eq!(workbench.json("/pulse")["rev"], 1);
    fs::remove_file(&ballast).unwrap();
    assert_eq!(window.act("memo", &fields).status, 200);
    assert_eq!(n_decisions(&folder), 2);
    drop(workbench);

    assert!(mount(&["-o", "remount,ro"], folder.path()));
    let workbench = Workbench::open(&folder, &[]);
    assert!(workbench.page("/read/Ann").contains("kettle"));
    let refused = Window::open(&workbench).act("memo", &fields);
    assert!([423, 500, 507].contains(&refused.status), "{refused:?}");
    assert!(!refused.json()["says"].as_str().unwrap().is_empty());
    assert_eq!(workbench.json("/pulse")["rev"], 2);
    drop(workbench);
    drop(disk);
}

#[test]
fn a_page_waits_a_moment_for_a_study_that_is_being_read() {
    let folder = small_study();
    let mut workbench = Workbench::start(&folder, &[]);
    let link = workbench.address.split_once(&format!(":{}", workbench.port)).unwrap().1;
    let entered = workbench.ask("GET", link, &[], "");
    workbench.cookie += entered.header("set-cookie").split(';').next().unwrap();
    // It is read in less than that, so that nobody waits a second for a page that asks again.
    assert!(workbench.page("/study").contains("What was read"));
}
