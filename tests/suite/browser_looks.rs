//! How every place of the workbench looks: checked by axe-core, in light and dark, in
//! windows of several widths, with nothing wider than the window and nothing that has the
//! focus hidden.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::browser::{Browser, enter};
use crate::harness::Folder;
use crate::web::{Workbench, two_interviews};

/// Every address of the workbench that shows something.
const ADDRESSES: [&str; 42] = [
    "/study",
    "/study/names",
    "/study/settings",
    "/read",
    "/read/participants/P07",
    "/read/participants/P07?lines=7#here",
    "/read/participants/P07?hand=2&find=the",
    "/read/participants/P07?code=3#t3",
    "/read/participants/P07?candidates=1",
    "/open",
    "/open?at=home&in=Documents/Interviews",
    "/themes",
    "/themes/1",
    "/themes/2",
    "/themes/uncovered",
    "/themes/2?by=group&group=leaders",
    "/themes/rejected",
    "/themes/matrix",
    "/themes/map",
    "/themes/grown",
    "/themes/list",
    "/themes?count=6&lens=leaders",
    "/themes/list?lens=leaders",
    "/quotes",
    "/quotes?q=camera",
    "/quotes?q=camera+AND",
    "/quotes?q=camerra",
    "/quotes?q=camera&sort=right",
    "/quotes/1",
    "/quotes/like?transcript=participants/P07&lines=7-7",
    "/codebook",
    "/codebook/1",
    "/codebook/1/proposals",
    "/memos",
    "/history",
    "/compare",
    "/compare?by=region",
    "/compare/saturation?by=group",
    "/report",
    "/report?chosen=1&picture-quoted=1&picture-matrix=1&picture-map=1&picture-saturation=1&picture-dispersion=1",
    "/report/check",
    "/help",
];

/// A copy of the sample study in which something of every kind was decided.
fn decided() -> Folder {
    let folder = Folder::sample();
    for args in [
        &["theme", "accept", "1"][..],
        &["theme", "reject", "3"],
        &["code", "add", "Driving", "--definition", "Roads and cars."],
        &["quote", "add", "--transcript", "participants/P07", "--lines", "7", "--code", "Driving"],
        &["memo", "add", "Ask her again.", "--on", "transcript:participants/P07"],
        &["memo", "add", "A thought.", "--on", "quote:1"],
    ] {
        let ran = folder.run(args);
        assert!(ran.code < 2, "{args:?}: {}", ran.err);
    }
    folder
}

impl Browser {
    /// A command of the browser's own tools, and what it answers.
    pub(crate) fn tool(&self, command: &str, parameters: &Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        let done = self.ask("POST", "/goog/cdp/execute", &body);
        assert!(done["error"].is_null(), "{command}: {done}");
        done
    }

    /// Keeps a picture of the page under the build's own folder, for people to look at.
    fn keep_picture(&self, name: &str) {
        let done = self.tool(
            "Page.captureScreenshot",
            &json!({ "captureBeyondViewport": true, "optimizeForSpeed": true }),
        );
        let data = done["data"].as_str().expect("a picture has data");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("looks");
        fs::create_dir_all(&folder).unwrap();
        let picture = BASE64_STANDARD.decode(data).unwrap();
        assert!(picture.len() > 2_000, "{name} is blank");
        fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }

    /// Shows all pages in these colours, in a window of this width.
    pub(crate) fn dress(&self, colours: &str, width: u32) {
        let feature = json!({ "name": "prefers-color-scheme", "value": colours });
        self.tool("Emulation.setEmulatedMedia", &json!({ "features": [feature] }));
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.tool("Emulation.setDeviceMetricsOverride", &size);
    }
}

/// What axe-core finds wrong by some of its rules, with everything opened.
const BREAKS: &str = "
    const [rules, done] = arguments;
    document.querySelectorAll('details').forEach((it) => it.open = true);
    document.getAnimations().forEach((it) => it.finish());
    axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then(
      (it) => done(it.violations.map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes[0].html.slice(0, 160)} ${one.nodes[0].failureSummary}`)),
      (error) => done([String(error)]));";

/// What is wider than the window, hidden while it has the focus, too small to be hit, or cut
/// with no way to read it.
const HIDES: &str = "
    const wrong = [];
    if (document.documentElement.scrollWidth > innerWidth) {
      const wide = [...document.querySelectorAll('main *, footer *, header *')].find((it) => it.getBoundingClientRect().right > innerWidth + 1 && !it.closest('.wide, .unseen, .skip'));
      wrong.push(`wider than the window: ${wide?.outerHTML.slice(0, 160)}`);
    }
    for (const it of document.querySelectorAll('main a, main button, main input:not([type=hidden]), main select, main textarea, main summary')) {
      if (!it.checkVisibility({ checkVisibilityCSS: true })) continue;
      it.focus();
      const box = it.getBoundingClientRect();
      const [x, y] = [Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2), (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2];
      const top = document.elementFromPoint(x, y);
      const over = top?.closest('.status, .coding, .ticked, .hand, .top');
      if (over && !over.contains(it)) wrong.push(`under ${over.className}: ${it.outerHTML.slice(0, 160)}`);
      const size = it.matches('a') ? it.getClientRects()[0] : box;
      if (!it.matches('p a, li a, td a, th a, dd a, h2 a, h3 a, svg a') && size && (size.height < 23.5 || size.width < 23.5) && !it.closest('.unseen') && it.type !== 'checkbox') wrong.push(`small: ${it.outerHTML.slice(0, 160)} ${size.width} × ${size.height}`);
    }
    // A concordance is cut on both sides: its words in the middle open the whole.
    for (const it of document.querySelectorAll('main :not(.kwic *), header *, footer *')) {
      const style = getComputedStyle(it);
      if (style.textOverflow === 'ellipsis' && it.scrollWidth > it.clientWidth && !it.title) wrong.push(`cut: ${it.outerHTML.slice(0, 160)}`);
    }
    return wrong;";

/// Letters and colours that every page is shown in, at each width, and the rules by which it is
/// looked at. Colours move nothing, and larger letters need less contrast: what is dark with
/// large letters breaks no rule that the others keep.
const LOOKS: [(&str, &str, &[&str]); 3] = [
    ("100%", "light", &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]),
    ("100%", "dark", &["color-contrast", "link-in-text-block"]),
    ("200%", "light", &["scrollable-region-focusable", "target-size"]),
];

/// Each address is loaded once, and dressed where it stands: light and dark, in wide, middling
/// and narrow windows, with letters as they are and twice as large. Pictures are kept of the
/// usual ones.
#[test]
fn no_place_breaks_a_rule_of_accessibility() {
    let folder = decided();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/axe/axe.min.js");
    let axe = fs::read_to_string(here).unwrap();
    fs::create_dir_all(crate::web::OWN.path().join("Documents/Interviews/More")).unwrap();
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    browser.tool("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": axe }));
    let listed: Value =
        serde_json::from_str(&folder.answer(&["themes", "--format", "json"])).unwrap();
    let of_code = |theme: &Value| {
        Some(format!("/themes/{}?code={}", theme["id"], theme["subthemes"].get(0)?["id"]))
    };
    let of_code = listed["themes"].as_array().unwrap().iter().find_map(of_code);
    let addresses = ADDRESSES.iter().map(|&address| address.to_owned());
    let addresses = addresses.chain([of_code.expect("some theme has codes")]);
    let mut broken = Vec::new();
    let letters = "document.documentElement.style.fontSize = arguments[0]";
    for address in addresses {
        browser.dress("light", 1280);
        browser.go(&format!("{base}{address}"));
        browser.find("//main//h1");
        let looks = [1280, 800, 400].into_iter().flat_map(|width| LOOKS.map(|look| (width, look)));
        for (width, (size, colours, rules)) in looks {
            browser.dress(colours, width);
            browser.run(letters, &json!([size]));
            if size == "100%" && width > 400 {
                let place = address.replace(|c: char| !c.is_alphanumeric(), "-");
                browser.keep_picture(&format!("{}-{width}-{colours}", place.trim_matches('-')));
            }
            let breaks = browser.ask(
                "POST",
                "/execute/async",
                &json!({ "script": BREAKS, "args": [rules] }),
            );
            // Nothing is wider or higher for being darker.
            let hides = if colours == "light" { browser.run(HIDES, &json!([])) } else { json!([]) };
            for found in [breaks, hides] {
                for one in found.as_array().unwrap_or_else(|| panic!("{address}: {found}")) {
                    broken.push(format!("{address} ({colours}, {width}, {size}): {one}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert_eq!(browser.complaints("422"), Vec::<String>::new());
}

/// Whoever asks for stillness sees nothing move, where others see what they came to flash.
#[test]
fn nothing_moves_for_whoever_asks_for_stillness() {
    let folder = two_interviews();
    let Some(browser) = Browser::start(folder.path()) else { return };
    let workbench = Workbench::start(&folder, &[]);
    let base = enter(&browser, &workbench);
    for (asked, n) in [("no-preference", 1), ("reduce", 0)] {
        let feature = json!({ "name": "prefers-reduced-motion", "value": asked });
        browser.tool("Emulation.setEmulatedMedia", &json!({ "features": [feature] }));
        browser.go(&format!("{base}/study"));
        browser.go(&format!("{base}/read/Ann?lines=2#here"));
        browser.find("//*[contains(@class, 'target')]");
        let moves = "return document.getAnimations().length";
        assert_eq!(browser.run(moves, &json!([])), n, "{asked}");
        let glides = "return [...document.querySelectorAll('*')].filter((it) => getComputedStyle(it).scrollBehavior === 'smooth').length";
        assert_eq!(browser.run(glides, &json!([])), 0, "{asked}");
    }
}

/// Scripts can be read in an hour, and are loaded at once.
#[test]
fn scripts_are_small() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/assets");
    let files = fs::read_dir(assets).unwrap().map(|file| file.unwrap().path());
    let scripts = files.filter(|path| path.extension().is_some_and(|ending| ending == "js"));
    let n_bytes: u64 = scripts.map(|path| fs::metadata(path).unwrap().len()).sum();
    assert!((1_000..90_000).contains(&n_bytes), "{n_bytes}");
}

/// The part of light that a colour gives back, by WCAG.
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Every colour that words are written in can be read on everything that they stand on.
#[test]
fn every_tint_can_be_read() {
    // Black on white, and the grey that just passes.
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("#767676", "#ffffff") - 4.54).abs() < 0.01);
    let css = include_str!("../../src/web/assets/app.css");
    let token = |name: &str, is_dark: usize| {
        let rest =
            css.split(&format!("--{name}: light-dark(")).nth(1).unwrap_or_else(|| panic!("{name}"));
        rest.split(')').next().unwrap().split(", ").nth(is_dark).unwrap().to_owned()
    };
    let tints = (0..8).map(|n| format!("t{n}"));
    let inks = ["ink", "faint", "accent", "candidate"].map(str::to_owned).into_iter().chain(tints);
    for ink in inks {
        for ground in ["paper", "card", "soft"] {
            for is_dark in [0, 1] {
                let ratio = contrast(&token(&ink, is_dark), &token(ground, is_dark));
                assert!(ratio >= 4.5, "{ink} on {ground}, {is_dark}: {ratio:.2}");
            }
        }
    }
    for ground in ["mark", "wrong", "warn"] {
        for is_dark in [0, 1] {
            let ratio = contrast(&token("ink", is_dark), &token(ground, is_dark));
            assert!(ratio >= 4.5, "ink on {ground}, {is_dark}: {ratio:.2}");
        }
    }
    assert!(contrast(&token("on-accent", 0), &token("accent", 0)) >= 4.5);
    assert!(contrast(&token("on-accent", 1), &token("accent", 1)) >= 4.5);
}
