//! Names of people and places, hidden and shown again on the page of names.

use crate::harness::{Folder, interview};
use crate::web::Workbench;

/// A study in which a person and a town are named.
fn study() -> Folder {
    let folder = Folder::new();
    folder.write(
        "Ann.txt",
        "Interviewer: How was it in Abergavenny?\nAnn: Gwenllian Prosser drove me to Abergavenny, and Gwenllian sang.\n",
    );
    folder.write("Bob.txt", interview("Bob", "kettle", 6));
    folder.write("study.toml", "language = \"en\"\n[roles]\ninterviewer = [\"Interviewer\"]\n");
    folder
}

#[test]
fn a_name_is_hidden_by_the_page_and_shown_again() {
    let folder = study();
    let workbench = Workbench::open(&folder, &[]);
    let names = workbench.page("/study/names");
    assert!(names.contains("No name is hidden yet"), "{names}");
    // What looks like a name is listed, and leads to where it stands.
    let listed = "#here\"><bdi>Abergavenny</bdi>";
    assert!(names.contains(listed) && names.contains("<a href=\"/read/Ann?lines="), "{names}");
    for (name, shown) in [("Gwenllian Prosser", "P01"), ("Gwenllian", "P01")] {
        let filled = [("name", name), ("pseudonym", shown)];
        workbench.act("/study/names", "id=\"hide\"", "/do/hide-name", &filled);
    }
    // Nothing that is shown holds it, not even the page of names, until it is asked for.
    for path in
        ["/read/Ann", "/read/Ann.json", "/quotes?q=sang", "/study/names", "/study/names.json"]
    {
        assert!(!workbench.page(path).contains("Gwenllian"), "{path}");
    }
    assert!(workbench.page("/read/Ann").contains("P01 drove me to"));
    assert!(workbench.page("/study/names").contains("<bdi>P01</bdi></th><td class=\"n\">2</td>"));
    let key = workbench.page("/study/names?show=1");
    assert!(key.contains("<bdi>Gwenllian Prosser</bdi>"), "{key}");
    let filled = [("name", "Gwenllian Prosser")];
    for name in [filled, [("name", "Gwenllian")]] {
        workbench.act("/study/names?show=1", "The key", "/do/show-name", &name);
    }
    assert!(workbench.page("/read/Ann").contains("Gwenllian Prosser drove me to"));
}

#[test]
fn what_names_nobody_is_not_listed_again() {
    let folder = study();
    let workbench = Workbench::open(&folder, &[]);
    let filled = [("name", "Abergavenny")];
    let page = workbench.act("/study/names", "<bdi>Abergavenny", "/do/ignore-name", &filled);
    assert!(!page.contains("Abergavenny"), "{page}");
    // A name without what is shown instead is refused, and changes nothing.
    let filled = [("name", "Gwenllian"), ("pseudonym", " ")];
    let page = workbench.page("/study/names");
    assert_eq!(workbench.send(&page, "id=\"hide\"", "/do/hide-name", &filled).status, 422);
    assert!(workbench.page("/read/Ann").contains("Gwenllian"));
}

#[test]
fn names_that_several_hide_at_once_are_all_on_the_key() {
    let folder = study();
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/study/names");
    let names: Vec<String> = (0..12).map(|n| format!("Kordin{n}")).collect();
    std::thread::scope(|threads| {
        for pair in names.chunks(2) {
            threads.spawn(|| {
                let filled = [("name", pair[0].as_str()), ("pseudonym", "X")];
                let told = workbench.send(&page, "id=\"hide\"", "/do/hide-name", &filled);
                assert!(told.status < 400, "{}", told.status);
                folder.answer(&["pseudonyms", "add", &pair[1], "X"]);
            });
        }
    });
    let key = std::fs::read_to_string(folder.path().join(".leitmotif/pseudonyms.csv")).unwrap();
    for name in &names {
        assert!(key.contains(&format!("{name},")), "{name}: {key}");
    }
}

#[test]
fn a_name_that_another_process_hides_is_not_shown_by_an_open_page() {
    let folder = study();
    let workbench = Workbench::open(&folder, &[]);
    assert!(workbench.page("/read/Ann").contains("Gwenllian"));
    folder.answer(&["pseudonyms", "add", "Gwenllian", "P01"]);
    assert!(!workbench.page("/read/Ann").contains("Gwenllian"));
    // And what the page hides next takes nothing off the key.
    let filled = [("name", "Prosser"), ("pseudonym", "P01")];
    workbench.act("/study/names", "id=\"hide\"", "/do/hide-name", &filled);
    assert!(!workbench.page("/read/Ann").contains("Gwenllian"));
    let key = std::fs::read_to_string(folder.path().join(".leitmotif/pseudonyms.csv")).unwrap();
    assert!(key.contains("Gwenllian") && key.contains("Prosser"), "{key}");
}

#[test]
fn all_who_speak_are_hidden_at_once() {
    let folder = Folder::sample();
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/study/names");
    assert!(page.contains("<bdi>Ruth Calloway</bdi> as <bdi>Interviewer</bdi>"), "{page}");
    workbench.act("/study/names", "", "/do/hide-names", &[]);
    for place in ["/study", "/study/names", "/read/participants/P01", "/themes"] {
        let page = workbench.page(place);
        assert!(!page.contains("Calloway") && !page.contains("hide-all"), "{place}: {page}");
    }
    assert!(workbench.page("/read/participants/P01").contains("P01"));
}

#[test]
fn no_name_is_proposed_in_place_of_a_name_nor_one_for_two_people() {
    let folder = Folder::new();
    for (file, name) in
        [("anna.txt", "Anna"), ("P4.txt", "Marta"), ("P5.txt", "Marta"), ("Hull-1.txt", "Ines")]
    {
        folder.write(file, interview(name, "kettle", 6));
    }
    folder.write("cases.csv", "transcript,case\nP4,A4\nP5,A5\n");
    assert_eq!(folder.run(&["pseudonyms", "add", "Hull", "[town]"]).code, 0);
    let workbench = Workbench::open(&folder, &[]);
    let page = workbench.page("/study/names");
    let all = page.split("id=\"hide-all\"").nth(1).unwrap().split("</form>").next().unwrap();
    let shown: Vec<&str> = all.split("<bdi>").skip(1).collect();
    let shown: Vec<&str> = shown.iter().map(|it| it.split("</bdi>").next().unwrap()).collect();
    // Anna is no "anna", Marta two people, and the file of Ines names the town.
    assert!(!shown.contains(&"Marta") && !page.contains("Hull"), "{shown:?}");
    assert!(!shown.contains(&"anna") && shown.contains(&"Anna"), "{shown:?}");
    workbench.act("/study/names", "", "/do/hide-names", &[]);
    let page = workbench.page("/study/names");
    assert!(!page.contains("<bdi>Anna</bdi>") && !page.contains("<bdi>Ines</bdi>"), "{page}");
}
