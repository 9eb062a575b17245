//! Pages that are pictures, that compare, and that check a draft.

use std::time::Instant;

use crate::harness::Folder;
use crate::web::Workbench;

/// What stands between two texts, each time.
fn between<'t>(page: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    page.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
}

#[test]
fn every_circle_of_the_matrix_opens_its_quotes() {
    let folder = Folder::sample();
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/themes/matrix");
    let voices = workbench.json("/themes/matrix.json");
    let links = between(&page, "<a href=\"/themes/", "\"");
    let links: Vec<&str> = links.into_iter().filter(|link| link.contains("#person-")).collect();
    let mut n_links = 0;
    for theme in voices["themes"].as_array().unwrap() {
        let opened = workbench.page(&format!("/themes/{}", theme["id"]));
        for (person, n) in theme["n_passages"].as_array().unwrap().iter().enumerate() {
            let link = format!("{}#person-{person}", theme["id"]);
            let n = usize::try_from(n.as_u64().unwrap()).unwrap();
            assert_eq!(links.contains(&link.as_str()), n > 0, "{link}");
            if n > 0 {
                n_links += 1;
                let section = between(&opened, &format!("id=\"person-{person}\""), "</section>");
                assert_eq!(section[0].matches("<figure").count(), n, "{link}");
            }
        }
    }
    assert_eq!(links.len(), n_links);
    // The file has no links into the workbench.
    let file = workbench.get("/themes/matrix?as=svg");
    assert!(file.header("content-type") == "image/svg+xml" && !file.body.contains("<a "));
    assert!(workbench.page("/themes").contains("href=\"/themes/map\""));
    assert!(workbench.page("/themes/map").contains("distances are approximate"));
}

#[test]
fn a_theme_shows_where_it_is_said_and_each_stroke_opens_its_lines() {
    let folder = Folder::sample();
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/themes/1");
    let theme = workbench.json("/themes/1.json");
    let section = between(&page, "<h2>Where in the interviews it is said", "</section>")[0];
    let picture = between(section, "<svg", "</svg>")[0];
    let links = between(picture, "<a href=\"", "\"");
    assert_eq!(links.len() as u64, theme["n_passages"].as_u64().unwrap());
    assert!(
        workbench
            .page(&links[0].replace("&amp;", "&").replace("#here", ""))
            .contains("id=\"here\"")
    );
}

/// On the card and in the picture of a theme: one bar for each who is left out.
#[test]
fn a_theme_shows_how_well_it_holds_without_each_participant() {
    let folder = Folder::sample();
    let workbench = Workbench::open(&folder, &[]);
    let theme = workbench.json("/themes/1.json");
    let without = theme["without"].as_array().unwrap();
    let board = workbench.page("/themes");
    let card = between(&board, "id=\"theme-1\"", "</article>")[0];
    let bars = between(card, "<g><title>without ", "</title>");
    assert_eq!(bars.len(), without.len());
    assert!(card.contains("/themes/1?#stability"), "{card}");
    let page = workbench.page("/themes/1");
    let section = between(&page, "id=\"stability\"", "</section>")[0];
    for (bar, trial) in bars.iter().zip(without) {
        let case = trial["cases"][0].as_str().unwrap();
        assert!(bar.starts_with(case), "{bar}");
        assert!(section.contains(&format!("<title>without {}</title>", bar.replace(' ', ": "))));
        assert!(
            section.contains(&format!("<th scope=\"row\"><bdi>{case}</bdi></th>")),
            "{section}"
        );
    }
    assert!(section.contains("left out one at a time"), "{section}");
    let file = workbench.get("/themes/1?as=stability");
    assert!(file.header("content-type") == "image/svg+xml" && file.body.contains("left out"));
    // What people decide does not hang on who else speaks.
    workbench.act("/themes", "id=\"theme-1\"", "/do/accept", &[("name", "What comes first")]);
    assert!(!workbench.page("/themes/1").contains("id=\"stability\""));
    // Which side people put its quotations on stands on its card.
    workbench.act("/quotes/1", "", "/do/stance", &[("stance", "drawback")]);
    let board = workbench.page("/themes");
    assert!(board.contains("?stance=drawback#quotations\">drawback to 1 participant<"), "{board}");
    let compared = workbench.page("/compare");
    assert!(compared.contains("<summary><bdi>What comes first</bdi>"), "{compared}");
    assert!(!compared.contains("1. What comes first"));
}

#[test]
fn groups_stand_side_by_side_with_three_quotes_and_more() {
    let folder = Folder::sample();
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/compare");
    let answer = workbench.json("/compare.json");
    assert!(page.contains("<svg") && page.contains("<details id=\"statistics\">"));
    assert!(!page.contains("<details id=\"statistics\" open"));
    for theme in answer["themes"].as_array().unwrap() {
        for cell in theme["cells"].as_array().unwrap() {
            assert!(cell["quotes"].as_array().unwrap().len() <= 3);
        }
    }
    // All that a group says is what its people are counted for.
    let cell = &answer["themes"][0]["cells"][0];
    let group = cell["group"].as_str().unwrap();
    let more = format!("/themes/1?by=group&amp;group={group}#evidence");
    assert!(page.contains(&more), "{more}");
    let all = workbench.page(&format!("/themes/1?by=group&group={group}"));
    let n = all.matches("<section class=\"person\"").count() as u64;
    assert_eq!(n, cell["n_cases"].as_u64().unwrap());
    assert!(page.contains("No quotation is on a side yet"));
    let saturation = workbench.page("/compare/saturation?by=group");
    assert!(saturation.contains("<svg") && saturation.contains("Guest, Namey and Chen"));
    assert!(workbench.page("/themes/grown").contains("There is nothing to compare with yet"));
}

#[test]
fn what_was_compared_is_remembered_until_something_is_decided() {
    let folder = Folder::sample();
    let workbench = Workbench::open(&folder, &[]);
    let time = |path: &str| {
        let start = Instant::now();
        let page = workbench.page(path);
        (start.elapsed(), page)
    };
    let (first, page) = time("/compare");
    let (second, again) = time("/compare");
    assert_eq!(page, again);
    assert!(second < first, "{second:?} {first:?}");
    workbench.act("/themes", "id=\"theme-1\"", "/do/accept", &[("name", "What comes first")]);
    assert!(workbench.page("/compare").contains("What comes first"));
    let grown = workbench.page("/themes/grown");
    assert!(grown.contains("Since version 1"), "{grown}");
    // A report: gaps are named, and parts can be left out.
    let report = workbench.page("/report");
    assert!(report.contains("1 theme or code has no definition"), "{report}");
    let all = workbench.page("/report/file?as=html");
    let short = workbench.page("/report/file?as=html&chosen=1&picture-quoted=1");
    assert!(all.contains("COREQ") && all.contains("<svg") && short.contains("<svg"));
    assert!(!short.contains("COREQ checklist") && !short.contains("id=\"methods\""));
    // For spreadsheets and for other programs; the page offers nothing that is not there.
    for ending in ["xlsx", "qdpx", "qdc"] {
        let offered = [format!("value=\"{ending}\""), format!("as={ending}\"")];
        assert!(offered.iter().any(|it| report.contains(it)), "{ending}: {report}");
        let file = workbench.get(&format!("/report/file?as={ending}"));
        let name = file.header("content-disposition");
        assert!(file.status == 200 && name.contains(&format!(".{ending}")), "{name}");
    }
    assert_eq!(workbench.get("/report/file?as=exe").status, 422);
    // The history, and what of it is of one kind.
    workbench.act("/codebook", "", "/do/add-code", &[("name", "Rooms"), ("kind", "code")]);
    assert!(workbench.page("/history").contains("added code “Rooms”"));
    let accepted = workbench.page("/history?what=accepted");
    assert!(accepted.contains("Shown here: 1 of 2 decisions."), "{accepted}");
    let log = between(&accepted, "<ol class=\"log\"", "</ol>")[0];
    assert!(log.contains("What comes first") && !log.contains("added code"), "{log}");
}

#[test]
fn a_draft_is_checked_and_nothing_of_it_is_kept() {
    let folder = Folder::sample();
    let workbench = Workbench::open(&folder, &["--read-only"]);
    let page = workbench.page("/report/check");
    let key = between(&page, "name=\"key\" value=\"", "\"")[0].to_owned();
    let theme = workbench.json("/themes/1.json");
    let said = theme["quotes"][0]["text"].as_str().unwrap();
    let draft = format!("He said “{said}” and “nobody ever said a thing like this here”.");
    let send = |key: &str| {
        let part = |head: &str, body: &str| {
            format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
        };
        let body = part("name=\"key\"", key)
            + &part("name=\"draft\"; filename=\"draft.txt\"", &draft)
            + "--XX--\r\n";
        let head = format!(
            "POST /report/check HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\n\
             Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: {}\r\n\r\n",
            workbench.port,
            workbench.cookie,
            body.len()
        );
        workbench.ask_raw((head + &body).as_bytes())
    };
    let answer = send(&key);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("1 exact"), "{}", answer.body);
    assert!(answer.body.contains("not found"));
    assert_eq!(send("another").status, 403);
    let kept = std::process::Command::new("grep")
        .args(["-rl", "nobody ever said a thing like this here"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&kept.stdout), "");
}
