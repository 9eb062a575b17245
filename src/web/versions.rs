//! What two people made of one thing: theirs, which stands, and one's own, which was refused.
//!
//! An act that is refused since somebody decided meanwhile comes in, with its form; both
//! versions go out, and the form once more with what has been seen now. Nothing is decided
//! by it: whoever presses "Use mine" sends the form again.

use std::borrow::Cow;

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde::Serialize;

use super::frame::rendered;
use super::visit::{Failure, Fields, back, html, json};
use super::words;
use crate::codebook::act::{Act, ThemeId};
use crate::codebook::edit::CodeEdit;
use crate::codebook::{CodeId, Codebook, Stance};
use crate::desk::Desk;
use crate::study::Snapshot;

/// Both versions.
#[derive(Template)]
#[template(path = "versions.html")]
struct Versions {
    /// Who decided meanwhile, what and when.
    coder: String,
    did: String,
    at: String,
    /// What one asked for, in a word or two.
    asked: String,
    parts: Vec<Part>,
    /// How many decisions are seen with this.
    rev: usize,
    /// Whether a script sends the form.
    is_inside: bool,
}

/// A field of the thing, as it is now and as one would have it.
struct Part {
    what: &'static str,
    theirs: String,
    mine: String,
}

#[derive(Template)]
#[template(path = "conflict.html")]
struct ConflictPage<'a> {
    versions: Versions,
    action: String,
    back: &'a str,
    fields: Vec<(&'a str, &'a str)>,
}

/// The same for scripts, which put it into the form.
#[derive(Serialize)]
struct Refused {
    what: &'static str,
    says: String,
    versions: String,
}

/// The fields that an act would change, beside what they are now.
fn parts(codebook: &Codebook, act: &Act) -> Vec<Part> {
    let of_code = |id: &CodeId, change: &CodeEdit| {
        let Some(code) = codebook.codes.get(id) else { return Vec::new() };
        let fields = [
            ("Name", &code.name, &change.name),
            ("Definition", &code.definition, &change.definition),
            ("Belongs to it", &code.include, &change.include),
            ("Does not belong to it", &code.exclude, &change.exclude),
        ];
        let part = |(what, theirs, mine): (&'static str, &String, &Option<String>)| {
            let mine = mine.clone().filter(|mine| mine != theirs)?;
            Some(Part { what, theirs: theirs.clone(), mine })
        };
        fields.into_iter().filter_map(part).collect()
    };
    match act {
        Act::EditCode { code, change } => of_code(code, change),
        Act::RenameTheme { theme: ThemeId::Accepted(code), name } => {
            of_code(code, &CodeEdit { name: Some(name.clone()), ..CodeEdit::default() })
        }
        Act::EditMemo { memo, text } => {
            let memo = codebook.memos.get(memo);
            let part = memo.map(|memo| Part {
                what: "Memo",
                theirs: memo.text.clone(),
                mine: text.clone(),
            });
            part.into_iter().collect()
        }
        Act::SetStance { quotation, stance } => {
            let name = |stance: Option<Stance>| stance.map_or("nothing marked", Stance::name);
            let quotation = codebook.quotations.get(quotation);
            let part = quotation.map(|quotation| Part {
                what: "It tells of",
                theirs: name(quotation.stance).to_owned(),
                mine: name(*stance).to_owned(),
            });
            part.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The answer to an act that is refused because of a decision that its person has not seen.
/// To undo or redo is no version of anything: there it is told as any other refusal.
pub(super) fn refused(
    desk: &Desk,
    study: &Snapshot,
    (verb, fields, act): (&str, &Fields, &Act),
    number: u32,
    is_json: bool,
) -> Result<Response<Body>, Failure> {
    let log = study.shown(study.log()?);
    let theirs = log.into_iter().find(|entry| entry.number == number);
    let theirs = theirs.ok_or_else(|| Failure::missing(&format!("decision {number}")))?;
    let shown = |text: String| study.shown_text(&text).into_owned();
    let hidden = |part: Part| Part { theirs: shown(part.theirs), mine: shown(part.mine), ..part };
    let versions = Versions {
        did: format!("{} {}", theirs.verb.past(), theirs.about),
        at: words::moment(&theirs.at),
        coder: theirs.coder,
        asked: verb.replace('-', " "),
        parts: parts(study.codebook()?, act).into_iter().map(hidden).collect(),
        rev: study.n_decisions()?,
        is_inside: is_json,
    };
    if is_json {
        let says = format!("{} has decided meanwhile: {}", versions.coder, versions.did);
        let refused = Refused { what: "stale", says, versions: rendered(&versions) };
        return Ok(json(StatusCode::CONFLICT, &refused));
    }
    // The page’s own key is that of now; what was seen is told by the button.
    let is_kept = |(name, _): &(&str, &str)| !matches!(*name, "rev" | "key");
    // What was typed is sent once more as it is shown, as any form holds it.
    let fields: Vec<(&str, Cow<'_, str>)> =
        fields.iter().map(|(name, value)| (name.as_str(), study.shown_text(value))).collect();
    let key = desk.door();
    let fields = fields.iter().map(|(name, value)| (*name, value.as_ref()));
    let mut fields: Vec<(&str, &str)> = fields.filter(is_kept).collect();
    fields.push(("key", key.page_key()));
    let action = format!("/do/{verb}");
    let page = ConflictPage { versions, action, back: back_of(&fields), fields };
    Ok(html(StatusCode::CONFLICT, rendered(&page)))
}

fn back_of<'a>(fields: &[(&str, &'a str)]) -> &'a str {
    fields.iter().find(|(name, _)| *name == "back").map_or("/", |(_, place)| back(place))
}
