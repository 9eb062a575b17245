//! The door of the workbench: who comes in, and what is refused there.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use crate::harness::{Folder, interview};
use crate::web::{Answer, Workbench, hidden, n_decisions, small_study};

#[test]
fn strangers_are_turned_away_and_nothing_is_written() {
    let folder = small_study();
    let workbench = Workbench::open(&folder, &[]);
    let port = workbench.port;
    let turned_away = |headers: &[(&str, &str)], path: &str, expected: u16| {
        let answer = workbench.ask("GET", path, headers, "");
        assert_eq!(answer.status, expected, "{headers:?} {path}: {}", answer.body);
        assert!(!answer.body.contains("kettle"), "{headers:?}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    };
    turned_away(&[("Cookie", "")], "/read/Ann", 403);
    turned_away(&[("Cookie", "leitmotif_00000000=0000")], "/read/Ann", 403);
    for host in ["evil.example", &format!("evil.example:{port}"), "127.0.0.1", "127.0.0.1:1"] {
        turned_away(&[("Host", host)], "/read/Ann", 403);
    }
    turned_away(&[("Origin", "http://evil.example")], "/read/Ann", 403);
    turned_away(&[("Sec-Fetch-Site", "cross-site")], "/read/Ann", 403);
    turned_away(&[("Sec-Fetch-Site", "same-site")], "/read/Ann.json", 403);
    // A link works once.
    let link = workbench.address.split_once(&format!(":{port}")).unwrap().1;
    turned_away(&[("Cookie", "")], link, 403);
    turned_away(&[("Cookie", "")], "/enter?link=", 403);
    turned_away(&[("Cookie", "")], "/assets/0/app.css", 403);
    // There is no way out of the study.
    for path in [
        "/read/..%2f..%2fetc%2fpasswd",
        "/read/%2e%2e/%2e%2e/etc/passwd",
        "/read//etc/passwd",
        "/read/Ann%00",
        "/read/study.toml",
        "/assets/x/..%2f..%2fmod.rs",
        "/codebook/99999999999999999999",
        "/nowhere",
    ] {
        turned_away(&[], path, 404);
    }
    // Nothing is done by asking, nor without the key of a page.
    for verb in ["undo", "add-code", "quit", "read-again", "memo", "nothing"] {
        turned_away(&[], &format!("/do/{verb}"), 405);
        for body in ["rev=0&name=X&text=X&about=study", "key=0000&rev=0&name=X&text=X&about=study"]
        {
            let answer = workbench.ask("POST", &format!("/do/{verb}"), &[], body);
            assert_eq!(answer.status, 403, "{verb} {body}");
        }
    }
    let key = hidden(&workbench.page("/study")).into_iter().find(|(name, _)| name == "key");
    let key = key.unwrap().1;
    let body = format!("key={key}&rev=0&name=X");
    let from_elsewhere = [("Origin", "http://evil.example")];
    assert_eq!(workbench.ask("POST", "/do/add-code", &from_elsewhere, &body).status, 403);
    assert_eq!(workbench.ask("POST", "/do/add-code", &[("Cookie", "")], &body).status, 403);
    let long = format!("{body}&definition={}", "x".repeat(2 << 20));
    assert_eq!(workbench.ask("POST", "/do/add-code", &[], &long).status, 413);
    let bomb =
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{}\r\n", "A: b\r\n".repeat(9999));
    assert!(workbench.ask_raw(bomb.as_bytes()).status >= 400);
    assert_eq!(workbench.ask("DELETE", "/study", &[], "").status, 405);
    drop(workbench);
    assert_eq!(n_decisions(&folder), 0);
}

#[test]
fn only_this_computer_is_listened_to() {
    let folder = small_study();
    let workbench = Workbench::start(&folder, &[]);
    let Ok(table) = fs::read_to_string("/proc/net/tcp") else { return };
    let of_port = format!(":{:04X} ", workbench.port);
    let listening: Vec<&str> = table
        .lines()
        .filter(|line| line.contains(" 0A ") && line.contains(&of_port))
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    assert_eq!(listening, [format!("0100007F:{:04X}", workbench.port)]);
    let everywhere = fs::read_to_string("/proc/net/tcp6").unwrap_or_default();
    assert!(!everywhere.lines().any(|line| line.contains(" 0A ") && line.contains(&of_port)));
}

/// What an open page says after a new start, as its script does.
fn come_back(workbench: &Workbench, known: &str, port: u16) -> Answer {
    let question = workbench.page("/again");
    let hash = Sha256::digest(format!("{known} {port} {question} {known}"));
    let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let answer: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    workbench.ask("POST", "/again", &[], &format!("question={question}&answer={answer}"))
}

#[test]
fn an_open_page_comes_in_again_after_a_kill_and_nobody_else_does() {
    let folder = small_study();
    let mut workbench = Workbench::open(&folder, &[]);
    let known = &workbench.page("/known");
    assert_eq!(workbench.ask("GET", "/known", &[("Cookie", "")], "").status, 403);
    assert!(!workbench.page("/study").contains(known));
    let (cookie, port) = (workbench.cookie.clone(), workbench.port);
    let restart = |workbench: &mut Workbench| {
        workbench.child.kill().unwrap();
        workbench.child.wait().unwrap();
        *workbench = Workbench::start(&folder, &[]);
        assert_eq!(workbench.port, port);
    };
    restart(&mut workbench);
    // The cookie of before is worth nothing, nor is a guess, nor an answer at another port.
    assert_eq!(workbench.ask("GET", "/pulse", &[("Cookie", &cookie)], "").status, 403);
    assert_eq!(come_back(&workbench, &"0".repeat(64), port).status, 403);
    assert_eq!(come_back(&workbench, known, port + 1).status, 403);
    let elsewhere = [("Origin", "http://evil.example")];
    assert_eq!(workbench.ask("GET", "/again", &elsewhere, "").status, 403);
    let entered = come_back(&workbench, known, port);
    assert_eq!(entered.status, 200);
    workbench.cookie += entered.header("set-cookie").split(';').next().unwrap();
    let start = Instant::now();
    while workbench.get("/pulse").status != 200 {
        assert!(start.elapsed() < Duration::from_mins(1));
    }
    let key = entered.json()["key"].as_str().unwrap().to_owned();
    let body = format!("key={key}&rev=0&name=Tea&kind=code");
    assert_eq!(workbench.ask("POST", "/do/add-code", &[], &body).status, 303);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let data = fs::metadata(folder.path().join(".leitmotif/pages")).unwrap();
        assert_eq!(data.permissions().mode() & 0o777, 0o600);
    }
    // Whoever quits lets nobody in again without a new address.
    let quit = format!("key={key}");
    assert_eq!(workbench.ask("POST", "/do/quit", &[], &quit).status, 200);
    workbench.child.wait().unwrap();
    workbench = Workbench::start(&folder, &[]);
    assert_eq!(come_back(&workbench, known, port).status, 403);
}

/// What no browser sends: slow, many, with names that nobody can have, through links.
#[test]
fn odd_uploads_and_links_are_refused_and_nothing_is_written() {
    let folder = small_study();
    let workbench = Workbench::open(&folder, &[]);
    let names = || {
        let all = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name());
        all.collect::<BTreeSet<_>>()
    };
    let before = names();
    let key = hidden(&workbench.page("/study")).into_iter().find(|(name, _)| name == "key");
    let field = |name: &str, value: &str| {
        format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let form = field("key", &key.unwrap().1) + &field("rev", "0");
    let file = |name: &str| {
        format!(
            "--XX\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n\
             Eve: Aye.\r\n"
        )
    };
    let upload = |body: &str, n_bytes: usize| {
        let request = format!(
            "POST /files HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\n\
             Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: {n_bytes}\r\n\r\n{body}",
            workbench.port, workbench.cookie
        );
        workbench.ask_raw(request.as_bytes())
    };
    let all = |files: &str| format!("{form}{files}--XX--\r\n");
    let body = all(&file("E\0ve.txt"));
    let odd = upload(&body, body.len());
    assert!([400, 422].contains(&odd.status), "{odd:?}");
    let body = all(&(0..10_000).map(|n| file(&format!("{n}.txt"))).collect::<String>());
    let many = upload(&body, body.len());
    assert_eq!(many.status, 413, "{many:?}");
    assert!(many.body.contains("more than 1000 files"), "{}", many.body);
    // The rest stays away: others are answered meanwhile.
    let slow = std::thread::scope(|scope| {
        let slow = scope.spawn(|| upload(&(form.clone() + &file("Eve.txt")), 1_000_000));
        assert_eq!(workbench.get("/study").status, 200);
        slow.join().unwrap()
    });
    assert_eq!(slow.status, 400, "{slow:?}");
    assert!(slow.body.contains("did not arrive whole"), "{}", slow.body);
    assert_eq!(names(), before);
    assert_eq!(n_decisions(&folder), 0);
    // A link that was made since leads nowhere.
    #[cfg(unix)]
    {
        let elsewhere = Folder::new();
        elsewhere.write("Eve.txt", interview("Eve", "attic", 6));
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("out")).unwrap();
        for path in ["/read/out/Eve", "/read/out%2FEve", "/part/out/Eve", "/read/out/../Ann"] {
            let answer = workbench.get(path);
            assert_eq!(answer.status, 404, "{path}: {}", answer.body);
            assert!(!answer.body.contains("attic"), "{path}");
        }
    }
}
