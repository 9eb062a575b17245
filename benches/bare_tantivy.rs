//! The least that a search needs: tantivy over the lines of a folder of text files, each with
//! the words and the stems of our analyzer. `scripts/compare_peers` runs it beside the program.
//!
//! `bare_tantivy FOLDER` prints the number of lines. Nobody is told from anybody, no passage is
//! cut, nothing is kept but the index, in a folder that is deleted at the end.

use std::error::Error;
use std::path::PathBuf;

use leitmotif::terms::{Analyzer, AnalyzerParams, Language, TokenKind};
use tantivy::schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, TantivyDocument};

/// What the writer may keep in memory, in bytes: as the program's on two cores.
const WRITER_BYTES: usize = 2 * 50_000_000;

#[expect(clippy::print_stdout, reason = "the program says what it did")]
fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` adds an argument of its own.
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let Some(folder) = folder else {
        println!("bare_tantivy: name a folder of text files");
        return Ok(());
    };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    files.sort();

    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let words = TextOptions::default().set_indexing_options(indexing);
    let mut schema = Schema::builder();
    let text = schema.add_text_field("text", STORED);
    let stem = schema.add_text_field("stem", words.clone());
    let exact = schema.add_text_field("exact", words);
    let kept = tempfile::tempdir()?;
    let index = Index::create_in_dir(kept.path(), schema.build())?;
    let mut writer = index.writer(WRITER_BYTES)?;

    let analyzer = Analyzer::new(Language::English, &AnalyzerParams::default());
    let mut n_lines = 0;
    for path in files {
        #[expect(clippy::disallowed_methods, reason = "the least there is: no limit, no encoding")]
        let file = std::fs::read_to_string(path)?;
        for line in file.lines().filter(|line| !line.trim().is_empty()) {
            let tokens = analyzer.tokens(line);
            let field = |of: &dyn Fn(&str) -> String, all: bool| PreTokenizedString {
                text: String::new(),
                tokens: tokens
                    .iter()
                    .enumerate()
                    .filter(|(_, token)| all || token.kind == TokenKind::Content)
                    .map(|(position, token)| Token {
                        position,
                        text: of(&line[token.span.start as usize..token.span.end as usize]),
                        position_length: 1,
                        ..Token::default()
                    })
                    .collect(),
            };
            let mut document = TantivyDocument::default();
            document.add_text(text, line);
            document.add_pre_tokenized_text(stem, field(&|word| analyzer.stem(word), false));
            document.add_pre_tokenized_text(exact, field(&|word| word.to_lowercase(), true));
            writer.add_document(document)?;
            n_lines += 1;
        }
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    println!("{n_lines} lines");
    Ok(())
}
