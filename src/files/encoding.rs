//! Turns the bytes of a text file into text.
//!
//! Bytes come in; a [`Decoded`] text goes out, without a byte order mark and
//! otherwise byte for byte. The order of trust, from what cannot be mistaken
//! to what is guessed:
//!
//! ```text
//! byte order mark   EF BB BF | FF FE | FE FF
//! strict UTF-8      also where the last character is cut off
//! UTF-16            zero bytes at every other place
//! binary            a known signature, zero bytes, many control characters
//! anything else     guessed from the bytes (windows-1252, Shift_JIS, GBK …)
//! ```

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::SourceProblem;

/// How many bytes are looked at to tell text from binary data.
const SAMPLE: usize = 64 * 1024;

/// A file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The name of the encoding it was in.
    pub encoding: &'static str,
    /// Whether some bytes were no characters: they were replaced by `U+FFFD`,
    /// or, where the last character is cut off, left out.
    pub had_errors: bool,
}

/// The mark that spreadsheets and editors put before a text in Unicode.
pub const MARK: char = '\u{feff}';

/// Decodes a file.
///
/// # Errors
/// [`SourceProblem::Binary`] if the bytes are no text, [`SourceProblem::Empty`]
/// if the text is blank.
pub fn decode(bytes: &[u8]) -> Result<Decoded, SourceProblem> {
    let mut decoded = decode_raw(bytes)?;
    let is_blank = |c: char| c.is_whitespace() || matches!(c, MARK | '\u{200b}' | '\0');
    if decoded.text.chars().all(is_blank) {
        return Err(SourceProblem::Empty);
    }
    // Old Macs ended lines with a carriage return alone; an editor may have put line feeds
    // behind a few. Beside more of these one alone is a character that somebody typed.
    let n_alone = decoded.text.matches('\r').count() - decoded.text.matches("\r\n").count();
    if n_alone > decoded.text.matches('\n').count() {
        decoded.text = decoded.text.replace("\r\n", "\n").replace('\r', "\n");
    }
    Ok(decoded)
}

/// Decodes without regard to what the text says.
fn decode_raw(bytes: &[u8]) -> Result<Decoded, SourceProblem> {
    if let Some((encoding, n_mark)) = Encoding::for_bom(bytes) {
        let body = &bytes[n_mark..];
        let decoded = if encoding == UTF_8 {
            utf_8(body).unwrap_or_else(|| with(UTF_8, body))
        } else {
            with(encoding, body)
        };
        return refuse_binary(decoded);
    }
    if has_signature(bytes) {
        return Err(SourceProblem::Binary);
    }
    // Zero bytes are valid UTF-8, so UTF-16 must be asked for before it.
    if let Some(encoding) = unmarked_utf_16(bytes) {
        return refuse_binary(with(encoding, bytes));
    }
    if let Some(decoded) = utf_8(bytes) {
        return refuse_binary(decoded);
    }
    if bytes.contains(&0) {
        return Err(SourceProblem::Binary);
    }
    if let Some(encoding) = declared(bytes) {
        return refuse_binary(with(encoding, bytes));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    refuse_binary(with(detector.guess(None, Utf8Detection::Allow), bytes))
}

/// The encoding that XML names in its first line, `<?xml version="1.0" encoding="ISO-8859-2"?>`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let line = bytes.strip_prefix(b"<?xml ")?.split(|byte| *byte == b'>').next()?;
    let line = std::str::from_utf8(line.get(..line.len().min(SAMPLE))?).ok()?;
    let (_, value) = line.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let name = value.get(1..)?.split(['"', '\'']).next()?;
    // A file that is no UTF-8 and says that it is was written by hand: it is guessed.
    // So is one that says UTF-16, which begins with other bytes.
    let encoding = Encoding::for_label(name.as_bytes())?;
    (encoding != UTF_8 && encoding.is_ascii_compatible()).then_some(encoding)
}

/// Decodes with a known encoding.
fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), had_errors }
}

/// Reads strict UTF-8, of which only the last character may be cut off.
fn utf_8(bytes: &[u8]) -> Option<Decoded> {
    let (whole, had_errors) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, false),
        // One stray byte after ASCII is as likely the `é` that ends a file in
        // windows-1252, so a cut needs either two bytes or other characters.
        Err(error) if error.error_len().is_none() => {
            let (whole, cut) = bytes.split_at_checked(error.valid_up_to())?;
            if cut.len() < 2 && whole.is_ascii() {
                return None;
            }
            (std::str::from_utf8(whole).ok()?, true)
        }
        Err(_) => return None,
    };
    Some(Decoded { text: whole.to_owned(), encoding: UTF_8.name(), had_errors })
}

/// Recognises UTF-16 without a mark: of each pair one byte is mostly zero and
/// the other mostly not.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let n_pairs = sample.len() / 2;
    if n_pairs < 2 {
        return None;
    }
    let (mut n_first, mut n_second) = (0, 0);
    for pair in sample.chunks_exact(2) {
        n_first += usize::from(pair[0] == 0);
        n_second += usize::from(pair[1] == 0);
    }
    let (many, few) = (n_pairs * 6 / 10, n_pairs / 20);
    if n_second > many && n_first <= few {
        Some(UTF_16LE)
    } else if n_first > many && n_second <= few {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Refuses text with zero characters or too many control characters.
fn refuse_binary(decoded: Decoded) -> Result<Decoded, SourceProblem> {
    let mut n_all = 0_usize;
    let mut n_controls = 0_usize;
    for c in decoded.text.chars().take(SAMPLE) {
        n_all += 1;
        // CHAT puts U+0015 around its times; form feeds part pages.
        let is_harmless = c.is_whitespace() || matches!(c, '\u{15}' | '\u{1a}' | '\u{1b}');
        n_controls += usize::from(c < ' ' && !is_harmless);
    }
    if decoded.text.contains('\0') || n_controls * 50 > n_all {
        return Err(SourceProblem::Binary);
    }
    Ok(decoded)
}

/// Whether the bytes begin like a well-known kind of binary file.
fn has_signature(bytes: &[u8]) -> bool {
    const SIGNATURES: [&[u8]; 14] = [
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"%PDF-",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n",
        b"GIF8",
        b"ID3",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"SQLite format 3\0",
        b"RIFF",
        b"OggS",
        b"fLaC",
        b"\x1f\x8b\x08",
        b"\x1aE\xdf\xa3",
    ];
    let begins = |signature: &&[u8]| bytes.starts_with(signature);
    let Some(signature) = SIGNATURES.into_iter().find(begins) else {
        let is_mp4 = bytes.get(4..8) == Some(b"ftyp".as_slice());
        // A raw MP3 frame; valid UTF-8 never holds the byte FF.
        let is_mp3 = matches!(bytes, [0xff, 0xfb | 0xf3 | 0xf2, ..]);
        return is_mp4 || is_mp3;
    };
    // `ID3`, `RIFF` and the like may begin a sentence; then no low byte follows.
    let all_letters = signature.iter().all(u8::is_ascii_alphanumeric);
    !all_letters || bytes.iter().take(512).any(|&byte| byte < 9)
}

/// Decodes a small text file of the study itself, such as `cases.csv`.
///
/// # Errors
/// [`SourceProblem::Binary`] if it is no text.
pub fn decode_text(bytes: &[u8]) -> Result<String, SourceProblem> {
    match decode(bytes) {
        Ok(decoded) => Ok(decoded.text),
        Err(SourceProblem::Empty) => Ok(String::new()),
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Shows the encoding, a `!` if something was lost, and the text.
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let actual = match decode(bytes) {
            Ok(decoded) => {
                let lost = if decoded.had_errors { "!" } else { "" };
                format!("{}{lost}|{}", decoded.encoding, decoded.text)
            }
            Err(problem) => problem.to_string(),
        };
        assert_eq!(actual, expected);
    }

    fn utf_16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn a_byte_order_mark_decides_and_goes() {
        check("\u{feff}Siân: Ja.".as_bytes(), "UTF-8|Siân: Ja.");
        check(&utf_16("王芳: 好", false, true), "UTF-16LE|王芳: 好");
        check(&utf_16("Łukasz: 🙂", true, true), "UTF-16BE|Łukasz: 🙂");
    }

    #[test]
    fn utf_16_is_known_without_a_mark() {
        check(&utf_16("Siân: It was odd.\n", false, false), "UTF-16LE|Siân: It was odd.\n");
        check(&utf_16("Siân: It was odd.\n", true, false), "UTF-16BE|Siân: It was odd.\n");
    }

    #[test]
    fn xml_names_its_encoding() {
        let file = |name: &str| {
            let head = format!("<?xml version='1.0' encoding='{name}'?><t>");
            [head.as_bytes(), b"\xb9\xe8</t>"].concat()
        };
        check(
            &file("ISO-8859-2"),
            "ISO-8859-2|<?xml version='1.0' encoding='ISO-8859-2'?><t>šč</t>",
        );
        assert!(decode(&file("UTF-8")).is_ok_and(|it| it.encoding != "UTF-8"));
    }

    #[test]
    fn old_western_text_is_guessed() {
        check(
            b"Si\xe2n: C'est tr\xe8s bien, d\xe9j\xe0.\n",
            "windows-1252|Siân: C'est très bien, déjà.\n",
        );
        check(b"P01: in the caf\xe9", "windows-1252|P01: in the café");
    }

    #[test]
    fn a_cut_last_character_is_left_out() {
        let text = "Siân: ok 🙂";
        for n_kept in 1..4 {
            let cut = &text.as_bytes()[..text.len() - 4 + n_kept];
            check(cut, "UTF-8!|Siân: ok ");
        }
        check("Ok 王".as_bytes().split_last().unwrap().1, "UTF-8!|Ok ");
    }

    #[test]
    fn line_ends_are_kept_unless_they_are_of_an_old_mac() {
        check(b"a\r\nb\r\n", "UTF-8|a\r\nb\r\n");
        check(b"a\rb\r", "UTF-8|a\nb\n");
        check(b"a\rb\n", "UTF-8|a\rb\n");
    }

    #[test]
    fn nothing_is_empty() {
        check(b"", "the file is empty");
        check(b" \r\n\t", "the file is empty");
        check(b"\xef\xbb\xbf", "the file is empty");
    }

    #[test]
    fn binary_files_are_refused() {
        let binary = "the file holds binary data, not text";
        for bytes in [
            b"PK\x03\x04abc".as_slice(),
            b"%PDF-1.7\n",
            b"\xff\xd8\xff\xe0JFIF",
            b"ID3\x03\x00\x00",
            b"\x00\x00\x00\x20ftypisom",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1abc",
            b"SQLite format 3\0",
            b"words\0and words",
            b"a\x01b\x02c\x03d\x04",
            b"\xe9\x00\x01\x02\xff\xfe\x00",
        ] {
            check(bytes, binary);
        }
    }

    #[test]
    fn text_may_begin_like_a_signature_and_hold_the_bullets_of_chat() {
        check(b"RIFF is what I said", "UTF-8|RIFF is what I said");
        check(b"*PAR:\tyes . \x151_2\x15\n", "UTF-8|*PAR:\tyes . \u{15}1_2\u{15}\n");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(decoded) = decode(&bytes) {
                prop_assert!(!decoded.text.trim().is_empty());
            }
        }

        #[test]
        fn utf_8_is_kept_byte_for_byte(text in "[a-zà-ž王芳🙂 \n]{1,80}") {
            prop_assume!(!text.trim().is_empty());
            let decoded = decode(text.as_bytes()).unwrap();
            prop_assert_eq!((decoded.text, decoded.encoding), (text, "UTF-8"));
        }
    }
}
