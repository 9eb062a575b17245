//! What is typed and not sent, who signs, and what two people made of one thing: in Chromium.

use serde_json::{Value, json};

use crate::browser::{Browser, accept, add_sample, enter, word_report};
use crate::harness::Folder;
use crate::web::{Workbench, n_decisions, two_interviews};

/// What stands in a field.
fn value(browser: &Browser, selector: &str) -> Value {
    browser.run("return document.querySelector(arguments[0])?.value", &json!([selector]))
}

/// Waits until this holds in the page.
#[track_caller]
fn until(browser: &Browser, script: &str) {
    for _ in 0..200 {
        if browser.run(script, &json!([])) == true {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("never: {script}: {}", browser.source());
}

/// A memo, a name and a definition outlive the tab and the workbench, and go once sent.
#[test]
fn what_is_typed_outlives_a_closed_tab_and_a_new_start() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    folder.answer(&["code", "add", "Tea"]);
    let mut workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    let told =
        "return fetch('/drafts').then((it) => it.json()).then((it) => it.length === arguments[0])";
    let n_drafts = |n: usize| {
        for _ in 0..200 {
            if browser.run(told, &json!([n])) == true {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("there are not {n} drafts");
    };
    browser.go(&format!("{base}/codebook/1"));
    browser.write("//textarea[@name='definition']", "Hot and brown.");
    browser.click("//summary[.='Rename']");
    browser.write("//form[@action='/do/rename-code']//input[@name='name']", " with milk");
    browser.go(&format!("{base}/read/Ann"));
    browser.write("//textarea[@id='memo']", "Ask her again.");
    n_drafts(3);
    // Another window, after the workbench was killed.
    workbench.child.kill().unwrap();
    workbench.child.wait().unwrap();
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/read/Ann"));
    until(&browser, "return document.getElementById('memo').value === 'Ask her again.'");
    browser.go(&format!("{base}/read/Bob"));
    browser.find("//textarea[@id='memo']");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(value(&browser, "#memo"), "");
    browser.go(&format!("{base}/codebook/1"));
    until(
        &browser,
        "return document.querySelector('textarea[name=definition]').value === 'Hot and brown.'",
    );
    assert_eq!(value(&browser, "form[action='/do/rename-code'] input[name=name]"), "Tea with milk");
    // Sent, one is no draft any more, and the other one stays where it was typed.
    browser.click("//button[.='Keep these notes']");
    browser.find("//p[@id='says' and contains(., 'edited')]");
    n_drafts(2);
    until(
        &browser,
        "return document.querySelector('form[action=\"/do/rename-code\"] input[name=name]').value === 'Tea with milk'",
    );
    browser.click("//form[@action='/do/rename-code']//button[.='Throw it away']");
    n_drafts(1);
    assert_eq!(value(&browser, "form[action='/do/rename-code'] input[name=name]"), "Tea");
    assert_eq!(browser.complaints("403"), Vec::<String>::new());
    assert_eq!(n_decisions(&folder), 2);
}

/// Both versions stand side by side, with who decided; either is taken by its button.
#[test]
fn two_versions_are_shown_side_by_side_and_either_is_taken() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    folder.answer(&["code", "add", "Tea"]);
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/codebook/1"));
    let versions = |theirs: &str, mine: &str| {
        browser.write("//textarea[@name='definition']", mine);
        folder.answer(&["--coder", "Bo", "code", "edit", "Tea", "--definition", theirs]);
        browser.click("//button[.='Keep these notes']");
        browser.find("//div[@class='versions' and contains(., 'Bo') and contains(., 'edited')]");
        browser.find(&format!("//p[.='Definition, theirs']/..//p[.='{theirs}']"));
        browser.find(&format!("//p[.='Definition, yours']/..//p[.='{mine}']"));
    };
    versions("Cold.", "Hot.");
    assert_eq!(n_decisions(&folder), 2);
    browser.click("//button[.='Use mine']");
    browser.find("//p[@id='says' and contains(., 'Decision 3')]");
    assert_eq!(value(&browser, "textarea[name=definition]"), "Hot.");
    let mine = "Hot. Or warm.";
    browser.write("//textarea[@name='definition']", " Or warm.");
    folder.answer(&["--coder", "Bo", "code", "edit", "Tea", "--definition", "Lukewarm."]);
    browser.click("//button[.='Keep these notes']");
    browser.find(&format!("//p[.='Definition, yours']/..//p[.='{mine}']"));
    // Loaded anew, the text of now stands in the field; what was typed only beside it.
    browser.go(&format!("{base}/codebook/1"));
    browser.find(&format!("//p[contains(@class, 'draft') and contains(., '{mine}')]"));
    assert_eq!(value(&browser, "textarea[name=definition]"), "Lukewarm.");
    browser.click("//button[.='Put it in']");
    assert_eq!(value(&browser, "textarea[name=definition]"), mine);
    folder.answer(&["--coder", "Bo", "code", "edit", "Tea", "--definition", "Tepid."]);
    browser.click("//button[.='Keep these notes']");
    browser.find(&format!("//p[.='Definition, yours']/..//p[.='{mine}']"));
    browser.click("//button[.='Keep theirs']");
    until(
        &browser,
        "return document.querySelector('textarea[name=definition]').value === 'Tepid.'",
    );
    assert_eq!(n_decisions(&folder), 5);
    assert_eq!(browser.complaints("409"), Vec::<String>::new());
}

/// Whoever sits down next writes their name once, and every sentence carries it.
#[test]
fn decisions_are_signed_by_the_name_in_the_frame() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/codebook"));
    browser.click("//summary[contains(., 'Signed by')]");
    browser.run("document.getElementById('coder').value = ''", &json!([]));
    browser.write("//input[@id='coder']", "Siân");
    browser.click("//button[.='Sign with it']");
    browser.find("//summary[contains(., 'Siân')]");
    browser.go(&format!("{base}/read/Ann"));
    assert_eq!(value(&browser, "#coder"), "Siân");
    browser.write("//textarea[@id='memo']", "Ask her again.");
    browser.click("//button[.='Keep the memo']");
    browser.find("//p[@id='says' and contains(., 'signed Siân')]");
    assert!(folder.run(&["log"]).out.contains("Siân"));
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// The form stands at what is marked, never over it; colours and what is not meant are kept
/// by the browser, and decide nothing.
#[test]
fn the_picker_stands_at_the_selection_and_the_browser_keeps_what_is_its_own() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.go(&format!("{base}/read/Ann"));
    browser.find("//p[@data-turn='7']");
    let mark = "
        const words = document.querySelector(`.words[data-turn='${arguments[0]}']`);
        words.scrollIntoView({ block: arguments[1] });
        const node = words.firstChild;
        getSelection().setBaseAndExtent(node, 5, node, 30);
        words.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));";
    let measure = "
        const [range, form] = [getSelection().getRangeAt(0), document.getElementById('coding')].map((it) => it.getBoundingClientRect());
        const gap = form.top >= range.bottom ? form.top - range.bottom : range.top - form.bottom;
        return [form.height > 0, gap, form.top >= 0 && form.bottom <= innerHeight];";
    for (turn, block) in [(1, "center"), (3, "start"), (7, "end")] {
        browser.run(mark, &json!([turn, block]));
        let is_offered = format!(
            "return document.querySelector('#coding:not([hidden]) input[name=from]')?.value.startsWith('{turn}:') ?? false"
        );
        until(&browser, &is_offered);
        let found = browser.run(measure, &json!([]));
        let gap = found[1].as_f64().unwrap();
        assert!(
            found[0] == true && found[2] == true && (0.0..40.0).contains(&gap),
            "{turn} {block}: {found}"
        );
    }
    // Dark stays dark on the next page.
    let ground = "return getComputedStyle(document.body).backgroundColor";
    let light = browser.run(ground, &json!([]));
    browser.click("//button[@id='colours']");
    let dark = browser.run(ground, &json!([]));
    assert_ne!(light, dark);
    browser.go(&format!("{base}/quotes?q=kettle"));
    browser.find("//button[.='Light']");
    assert_eq!(browser.run(ground, &json!([])), dark);
    // What is not meant is out of sight until it is wanted again.
    let seen = "return [...document.querySelectorAll('.found')].filter((it) => it.checkVisibility()).length";
    let n = browser.run(seen, &json!([])).as_u64().unwrap();
    browser.click("(//button[.='Not this'])[1]");
    assert_eq!(browser.run(seen, &json!([])), n - 1);
    browser.go(&format!("{base}/quotes?q=kettle"));
    browser.find("//p[@id='put-aside' and contains(., '1 put aside')]");
    assert_eq!(browser.run(seen, &json!([])), n - 1);
    browser.click("//button[.='Show them']");
    assert_eq!(browser.run(seen, &json!([])), n);
    assert_eq!(browser.complaints(""), Vec::<String>::new());
    assert_eq!(n_decisions(&folder), 0);
}

/// The whole way with names that nobody is to see.
#[test]
fn a_study_whose_people_are_hidden_goes_from_an_empty_folder_to_a_report() {
    let (folder, downloads) = (Folder::new(), Folder::new());
    let Some(browser) = Browser::start(downloads.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    browser.go(&workbench.address);
    add_sample(&browser);
    browser.click("//a[.='Hide names']");
    browser.find("//form[@id='hide-all']//bdi[.='Ruth Calloway']");
    browser.click("//button[.='Hide all who speak']");
    browser.find("//th/bdi[.='Interviewer']");
    browser.click("//nav//a[.='Themes']");
    accept(&browser, 1, "What comes first");
    accept(&browser, 2, "What comes then");
    let report = word_report(&browser, &folder, downloads.path());
    for name in ["Calloway", "Petrakis", "Prydderch", "Tarrant"] {
        assert!(!report.contains(name), "{name}");
    }
    assert_eq!(browser.complaints(""), Vec::<String>::new());
}

/// Dropped beside every field: on Study files are added, elsewhere nothing is lost by it.
#[test]
fn files_that_are_dropped_anywhere_on_study_are_added() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    let dropped = "
        const dropped = new DataTransfer();
        dropped.items.add(new File(['Interviewer: And you?\\nEve: Never in the rain.\\n'], 'Eve.txt'));
        const told = (type) => document.querySelector('h1').dispatchEvent(new DragEvent(type,
            { bubbles: true, cancelable: true, dataTransfer: dropped }));
        return [told('dragover'), told('drop')]";
    browser.go(&format!("{base}/codebook"));
    assert_eq!(browser.run(dropped, &json!([])), json!([false, false]));
    browser.go(&format!("{base}/study"));
    browser.run(dropped, &json!([]));
    browser.find("//p[@id='says' and contains(., 'Eve.txt')]");
    assert_eq!(n_decisions(&folder), 1);
    assert!(folder.path().join("Eve.txt").exists());
}
