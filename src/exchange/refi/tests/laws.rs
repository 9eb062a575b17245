//! Laws that hold for studies of any shape, and for damaged files.

use proptest::prelude::*;

use super::*;

fn words() -> impl Strategy<Value = String> {
    "([a-zé]{1,6}|🙂|👍🏽|e\u{301}|שלום|العربية|王芳|\r\n|\n|\t| |\u{feff}|&|<|\"){1,40}"
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-zéÅ🙂&<\"' ]{0,8}[A-Za-z王ש]"
}

prop_compose! {
    /// Studies of any shape that the rules of the codebook allow.
    fn bundles()(
        name in words(),
        texts in proptest::collection::vec(words(), 0..4),
        codes in proptest::collection::vec((name(), any::<prop::sample::Index>(), any::<bool>(), any::<bool>(), proptest::array::uniform3(words()), any::<[bool; 4]>()), 0..8),
        quotes in proptest::collection::vec((any::<prop::sample::Index>(), any::<[prop::sample::Index; 2]>(), proptest::collection::vec((any::<prop::sample::Index>(), 0..3_usize), 0..4), 0..3_usize), 0..12),
        memos in proptest::collection::vec((0..5_u8, any::<prop::sample::Index>(), words(), 0..3_usize), 0..8),
        cases in proptest::collection::btree_map("[a-z]{1,4}", (proptest::collection::btree_map(name(), words(), 0..4), any::<[bool; 4]>()), 0..4),
    ) -> Bundle {
        let coders = ["Ann", "Bea <b>", "Çelik"];
        let mut bundle = Bundle { name, ..Bundle::default() };
        for (number, text) in (1..).zip(texts) {
            let text = text.trim_start_matches('\u{feff}').to_owned();
            let (id, is_markdown) = (format!("g/P{number:02}"), number % 2 == 0);
            bundle.sources.push(SourceText { id, text, is_markdown });
        }
        let book = &mut bundle.codebook;
        let mut unique = super::super::super::names::Unique::default();
        for (number, (name, above, is_top, is_theme, texts, flags)) in (1..).zip(codes) {
            let parent = (!is_top && number > 1).then(|| CodeId(u32::try_from(above.index(number as usize - 1)).unwrap() + 1));
            let may_be = parent.is_none_or(|parent| book.codes[&parent].kind == CodeKind::Theme);
            let kind = if is_theme && may_be { CodeKind::Theme } else { CodeKind::Code };
            let mut code = code(number, parent.map(|id| id.0), kind, &unique.take(&super::super::super::names::code_name(&name)));
            let [definition, include, exclude] = texts;
            if flags[0] { code.definition = definition; }
            if flags[1] { code.include = include; }
            if flags[2] { code.exclude = exclude; }
            if flags[3] { code.color = Some("#00fF7a".parse().unwrap()); }
            book.apply(&Change::PutCode(code));
        }
        let mut taken = std::collections::BTreeSet::new();
        for (source, ends, codings, coder) in quotes {
            if bundle.sources.is_empty() || book.codes.is_empty() {
                continue;
            }
            let source = &bundle.sources[source.index(bundle.sources.len())];
            let bytes: Vec<usize> = source.text.char_indices().map(|(at, _)| at).chain([source.text.len()]).collect();
            let (a, b) = (bytes[ends[0].index(bytes.len())], bytes[ends[1].index(bytes.len())]);
            let span = Span::new(a.min(b), a.max(b));
            let text = span.of(&source.text).to_owned();
            if text.trim().is_empty() || !taken.insert((source.id.clone(), span)) {
                continue;
            }
            let codings: std::collections::BTreeSet<Coding> = codings
                .into_iter()
                .map(|(code, coder)| {
                    let code = u32::try_from(code.index(book.codes.len())).unwrap() + 1;
                    Coding::by_hand(CodeId(code), coders[coder])
                })
                .collect();
            let id = QuotationId(u32::try_from(book.quotations.len()).unwrap() + 1);
            let place = Place { transcript: source.id.clone(), checksum: checksum_of(&source.text), span };
            book.apply(&Change::PutQuotation(Quotation { id, place, text, codings: codings.into_iter().collect(), stance: None, coder: coders[coder].to_owned() }));
        }
        for (id, (attributes, sources)) in cases {
            let sources = bundle.sources.iter().zip(sources).filter(|(_, is_in)| *is_in).map(|(source, _)| source.id.clone()).collect();
            bundle.cases.push(BundleCase { id, attributes, sources });
        }
        bundle.cases.sort_by(|a, b| crate::base::natural_order(&a.id, &b.id));
        for (number, (kind, which, text, coder)) in (1..).zip(memos) {
            if text.trim().is_empty() {
                continue;
            }
            let pick = |n: usize| (n > 0).then(|| u32::try_from(which.index(n)).unwrap());
            let about = match kind {
                1 => pick(book.codes.len()).map(|n| MemoTarget::Code(CodeId(n + 1))),
                2 => pick(book.quotations.len()).map(|n| MemoTarget::Quotation(QuotationId(n + 1))),
                3 => pick(bundle.sources.len()).map(|n| MemoTarget::Transcript(bundle.sources[n as usize].id.clone())),
                4 => pick(bundle.cases.len()).map(|n| MemoTarget::Case(bundle.cases[n as usize].id.clone())),
                _ => None,
            };
            book.apply(&Change::PutMemo(Memo { id: MemoId(number), about: about.unwrap_or(MemoTarget::Study), text, coder: coders[coder].to_owned(), at: AT.to_owned() }));
        }
        bundle
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_study_comes_back_as_it_went(bundle in bundles()) {
        let bytes = written(&bundle);
        let received = read_project(&bytes).unwrap();
        prop_assert_eq!(&received.warnings, &[]);
        prop_assert_eq!(said(&received.value.bundle), said(&bundle));
        let again = written(&received.value.bundle);
        prop_assert_eq!(project_xml(&again), project_xml(&bytes));
    }

    #[test]
    fn damage_never_panics(bundle in bundles(), edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()) {
        let bytes = written(&bundle);
        // In the archive itself.
        let mut damaged = bytes.clone();
        for (at, byte) in &edits {
            damaged[at.index(bytes.len())] = *byte;
        }
        read_project(&damaged).ok();
        read_project(&bytes[..cut.index(bytes.len())]).ok();
        // In the project inside: signs and whole tags.
        let mut xml = project_xml(&bytes).into_bytes();
        for (at, byte) in &edits {
            let at = at.index(xml.len());
            xml[at] = *byte;
        }
        read_project(&archive(&[("project.qde", &xml), ("sources/a.txt", b"x")])).ok();
        read_codebook(&xml).ok();
        let lines: Vec<&[u8]> = xml.split(|byte| *byte == b'\n').collect();
        let (at, byte) = &edits[0];
        let mut shuffled = lines.clone();
        shuffled.swap(at.index(lines.len()), usize::from(*byte) % lines.len());
        read_project(&archive(&[("project.qde", &shuffled.join(&b'\n'))])).ok();
    }
}

#[test]
fn every_random_study_is_valid() {
    use proptest::strategy::ValueTree as _;
    let Some(schema) = schema("Project-mrt2019.xsd") else { return };
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..20 {
        let bundle = bundles().new_tree(&mut runner).unwrap().current();
        check_valid(&project_xml(&written(&bundle)), &schema);
    }
}
