//! What pages offer beside what stands there at first: people of one group, another number
//! of themes, tables, where a theme ends, how much is coded, and words written nearly so.

use serde_json::Value;

use crate::harness::{Folder, interview};
use crate::web::{Workbench, encoded, hidden, n_decisions, small_study};

/// What stands between two marks in a page, each time.
fn between<'p>(page: &'p str, start: &str, end: &str) -> Vec<&'p str> {
    page.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

#[test]
fn of_one_group_only_its_people_are_looked_at() {
    let workbench = Workbench::open(&Folder::online(), &[]);
    let board = workbench.page("/themes");
    assert!(board.contains("<option>leaders</option>"), "{board}");
    let page = workbench.page("/themes?lens=leaders");
    let themes = workbench.json("/themes.json");
    let of_leaders = |theme: &&Value| {
        let groups = theme["groups"].as_array().unwrap();
        groups.iter().any(|it| it["name"] == "leaders" && it["n_cases"] != 0)
    };
    let expected = themes["themes"].as_array().unwrap().iter().filter(of_leaders).count();
    assert_eq!(page.matches("<article class=\"card").count(), expected);
    let cases = between(&page, "data-case=\"", "\"");
    assert!(!cases.is_empty() && cases.iter().all(|case| case.starts_with('L')), "{cases:?}");
    assert_eq!(page.matches("<span class=\"group\">").count(), expected);
    // Those that more of them say come first.
    let seen = between(&page, "<p class=\"facts\"><a href=\"/themes/", "</a>");
    let n: Vec<usize> = seen
        .iter()
        .filter(|it| it.contains("group=leaders"))
        .filter_map(|it| it.rsplit_once("<b>")?.1.split(' ').next()?.parse().ok())
        .collect();
    assert!(n.len() == expected && n.is_sorted_by(|a, b| a >= b), "{n:?}");
}

#[test]
fn so_many_as_are_asked_for_are_listed_and_one_of_them_is_accepted() {
    let folder = Folder::sample();
    let workbench = Workbench::open(&folder, &[]);
    let cards = |page: &str| page.matches("<article class=\"card").count();
    let before = cards(&workbench.page("/themes"));
    let asked = if before == 5 { 6 } else { 5 };
    let address = format!("/themes?count={asked}");
    let page = workbench.page(&address);
    assert_eq!(cards(&page), asked, "{page}");
    // To look is to decide nothing, and numbers nothing anew.
    assert_eq!(cards(&workbench.page("/themes")), before);
    let label = between(&page, "<h2><span class=\"no\">2</span>", "</h2>")[0].to_owned();
    let label = between(&label, "<bdi>", "</bdi>")[0].to_owned();
    let name = [("name", "As asked")];
    let page = workbench.act(&address, "id=\"theme-2\"", "/do/accept", &name);
    assert!(page.contains("Decision 1: accepted theme “As asked” from candidate 2"), "{page}");
    let list = folder.answer(&["codebook", "--format", "json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list[0]["origin"]["label"], label.as_str());
    // A number that cannot be asked for is none.
    for odd in ["0", "-1", "x", "9999999999"] {
        assert!(workbench.page(&format!("/themes?count={odd}")).contains("class=\"board\""));
    }
}

#[test]
fn the_list_has_what_the_board_has() {
    let workbench = Workbench::open(&Folder::online(), &[]);
    let (board, list) = (workbench.page("/themes"), workbench.page("/themes/list"));
    let of_board: Vec<&str> = between(&board, "<h2><span class=\"no\">", "<");
    let of_list: Vec<&str> = between(&list, "<tr><td class=\"n\">", "<");
    assert_eq!(of_list, of_board);
    let themes = workbench.json("/themes/list.json");
    assert_eq!(themes["themes"].as_array().unwrap().len(), of_list.len());
}

/// What would join is no evidence of anything; what is nearest and farthest is evidence.
#[test]
fn a_theme_is_shown_with_what_is_nearest_and_farthest() {
    let workbench = Workbench::open(&Folder::sample(), &[]);
    let themes = workbench.json("/themes.json");
    for theme in themes["themes"].as_array().unwrap() {
        let id = theme["id"].as_u64().unwrap();
        let page = workbench.page(&format!("/themes/{id}"));
        let strip = between(&page, "<section id=\"strip\">", "</section>");
        let evidence = between(&page, "<section id=\"evidence\">", "<section id=\"context\">")[0];
        let said = between(strip[0], "<blockquote dir=\"auto\">", "</blockquote>");
        let is_evidence: Vec<bool> = said.iter().map(|words| evidence.contains(words)).collect();
        assert_eq!(is_evidence, [false, true, true], "{id}: {said:?}");
    }
}

#[test]
fn a_transcript_tells_how_much_of_it_is_coded_and_shows_candidates_if_asked() {
    let folder = Folder::sample();
    let id = "participants/P07";
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page(&format!("/read/{id}"));
    assert!(page.contains("0 % of the participants’ words coded"), "{page}");
    assert!(page.contains("0 memos") && !page.contains("class=\"coded\""));
    folder.answer(&["code", "add", "All"]);
    let turns = workbench.json(&format!("/read/{id}.json"));
    for turn in turns["turns"].as_array().unwrap() {
        let lines = format!("{}-{}", turn["lines"][0], turn["lines"][1]);
        if turn["role"] == "participant" {
            let ran = folder.run(&[
                "quote",
                "add",
                "--transcript",
                id,
                "--lines",
                &lines,
                "--code",
                "All",
            ]);
            assert!(ran.code < 2, "{lines}: {}", ran.err);
        }
    }
    folder.answer(&["memo", "add", "Ask.", "--on", &format!("transcript:{id}")]);
    let page = workbench.page(&format!("/read/{id}"));
    assert!(page.contains("100 % of the participants’ words coded"), "{page}");
    assert!(page.contains("1 memo<") && page.contains("class=\"coded\""));
    // Candidates stand in the margin where their evidence does, and only if they are wanted.
    assert!(!page.contains("class=\"stripe candidate\" href=\"/themes/"));
    let page = workbench.page(&format!("/read/{id}?candidates=1"));
    let themes = workbench.json("/themes.json");
    let mut expected = std::collections::BTreeSet::new();
    for passage in themes["passages"].as_array().unwrap() {
        if passage["transcript"] == id {
            expected.extend(passage["evidence"].as_array().unwrap().iter().map(Value::to_string));
        }
    }
    let shown = between(&page, "class=\"stripe candidate\" href=\"/themes/", "\"");
    let shown = shown.into_iter().map(str::to_owned).collect();
    assert!(!expected.is_empty());
    assert_eq!(expected, shown);
}

#[test]
fn a_word_that_nobody_says_leads_to_those_written_nearly_so() {
    let folder = Folder::new();
    for name in ["Ann", "Bob"] {
        folder.write(&format!("{name}.txt"), interview(name, "kettle", 4));
    }
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/quotes?q=ketlte");
    assert!(page.contains("Nobody says <b><bdi>ketlte</bdi></b>"), "{page}");
    let link = between(&page, "<p class=\"near\">", "</p>")[0];
    assert_eq!(between(link, "href=\"", "\""), ["/quotes?q=kettle"]);
    assert!(workbench.page("/quotes?q=kettle").contains("<mark>kettle</mark>"));
    assert!(!workbench.page("/quotes?q=xylophone").contains("class=\"near\""));
}

#[test]
fn what_is_found_is_narrowed_by_one_click_and_saved_as_a_table() {
    let folder = Folder::online();
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/quotes?q=camera");
    let chips = between(&page, "<details class=\"chips\">", "</details>")[0];
    let links = between(chips, "href=\"", "\"");
    let leaders = links.iter().find(|link| link.contains("leaders")).unwrap();
    let narrowed = workbench.page(&leaders.replace("&#38;", "&"));
    let cases = between(&narrowed, "data-case=\"", "\"");
    assert!(!cases.is_empty() && cases.iter().all(|case| case.starts_with('L')), "{cases:?}");
    for (place, args) in [
        (
            "/quotes.csv?q=camera&all=1&sort=",
            &["search", "camera", "--format", "csv", "--limit", "0"][..],
        ),
        ("/codebook.csv", &["codebook", "--format", "csv"]),
        ("/memos.csv", &["memo", "list", "--format", "csv"]),
        ("/history.csv", &["log", "--format", "csv"]),
        ("/compare.csv?by=group", &["compare", "--by", "group", "--statistics", "--format", "csv"]),
        ("/compare/saturation.csv", &["saturation", "--format", "csv"]),
    ] {
        let answer = workbench.get(place);
        assert_eq!(answer.status, 200, "{place}: {}", answer.body);
        assert!(answer.header("content-type").starts_with("text/csv"), "{place}");
        assert_eq!(answer.body, folder.run(args).out, "{place}");
    }
    assert_eq!(workbench.get("/quotes.csv").status, 422);
    assert_eq!(workbench.get("/study.csv").status, 404);
    assert_eq!(n_decisions(&folder), 0);
}

#[test]
fn what_another_role_moves_is_told_before_it_is_given() {
    let folder = Folder::new();
    for (name, topic) in [("Ann", "kettle"), ("Bob", "kettle"), ("Cid", "garden")] {
        folder.write(&format!("{name}.txt"), interview(name, topic, 6));
    }
    let workbench = Workbench::open(&folder, &[]);
    let info = workbench.json("/study.json");
    let words = |name: &str| {
        let of = info["transcripts"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|it| it["speakers"].as_array().unwrap());
        of.filter(|it| it["name"] == name).map(|it| it["n_words"].as_u64().unwrap()).sum::<u64>()
    };
    let page = workbench.page("/study");
    let row = |name: &str| {
        let rows = between(&page, "<tr><th scope=\"row\"><bdi>", "</tr>");
        rows.into_iter().find(|row| row.starts_with(name) && row.contains("/do/roles")).unwrap()
    };
    let expected = format!("otherwise {} words become context", words("Ann"));
    assert!(row("Ann").contains(&expected), "{}", row("Ann"));
    let expected = format!("as participant: {} words become evidence", words("Interviewer"));
    assert!(row("Interviewer").contains(&expected), "{}", row("Interviewer"));
}

/// Without scripts the page of the refusal has both versions, and sends mine once more.
#[test]
fn both_versions_are_on_the_page_of_a_refusal_and_mine_is_sent_again() {
    let folder = small_study();
    folder.answer(&["code", "add", "Tea"]);
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/codebook/1");
    folder.answer(&["--coder", "Bo", "code", "edit", "Tea", "--definition", "Cold <b>."]);
    let mine = [("definition", "Hot & brown.")];
    let refused = workbench.send(&page, "", "/do/edit-code", &mine);
    assert_eq!(refused.status, 409);
    for part in [
        "<bdi>Bo</bdi> has decided meanwhile",
        "Cold &#60;b&#62;.",
        "Hot &#38; brown.",
        "Keep theirs",
    ] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    assert_eq!(n_decisions(&folder), 2);
    let sent = workbench.send(&refused.body, "", "/do/edit-code", &[]);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let codes = workbench.json("/codebook.json");
    assert_eq!(codes[0]["definition"], "Hot & brown.");
    // To undo what somebody else did since is no version of anything.
    let page = workbench.page("/codebook");
    folder.answer(&["--coder", "Bo", "code", "add", "Coffee"]);
    let refused = workbench.send(&page, "", "/do/undo", &[]);
    assert!(refused.status == 409 && !refused.body.contains("Use mine"), "{}", refused.body);
}

#[test]
fn a_draft_shows_no_name_that_is_hidden_and_is_no_decision() {
    let folder = small_study();
    folder.answer(&["pseudonyms", "add", "Ann", "P01"]);
    let workbench = Workbench::open(&folder, &[]);
    let key = hidden(&workbench.page("/study")).into_iter().find(|(name, _)| name == "key");
    let key = key.unwrap().1;
    let fields = encoded(r#"{"0":"Ask Ann again."}"#);
    let keep = |key: &str, form: &str, fields: &str| {
        let body = format!("key={key}&form={form}&fields={fields}");
        workbench.ask("POST", "/do/draft", &[], &body).status
    };
    assert_eq!(keep("0", "memo", &fields), 403);
    assert_eq!(keep(&key, "memo", "none"), 422);
    assert_eq!(keep(&key, "memo", &fields), 200);
    let drafts = workbench.page("/drafts");
    assert!(drafts.contains("Ask P01 again.") && !drafts.contains("Ann"), "{drafts}");
    assert_eq!(keep(&key, "memo", "%7B%7D"), 200);
    assert_eq!(workbench.json("/drafts"), Value::Array(Vec::new()));
    assert_eq!(n_decisions(&folder), 0);
}

#[test]
fn benefits_and_drawbacks_of_a_theme_stand_side_by_side() {
    let folder = Folder::sample();
    folder.answer(&["theme", "accept", "1"]);
    for (quotation, side) in [("1", "benefit"), ("2", "drawback"), ("3", "drawback")] {
        folder.answer(&["quote", "stance", quotation, side]);
    }
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/codebook/1");
    let sides = between(&page, "id=\"sides\"", "</section>");
    let drawbacks = sides[0].split("<h3>drawback</h3>").nth(1).unwrap();
    assert!(drawbacks.contains("2 quotations"), "{sides:?}");
    for (quotation, is_drawback) in [(1, false), (2, true), (3, true)] {
        let link = format!("href=\"/quotes/{quotation}\"");
        assert!(sides[0].contains(&link), "{link}: {sides:?}");
        assert_eq!(drawbacks.contains(&link), is_drawback, "{link}");
    }
}
