//! What people do: a form comes in, a decision is kept, and the page that shows it goes
//! out.
//!
//! A form names what it is about by its number, and says how many decisions its page
//! showed: what somebody else has changed since is not overwritten. A program that goes on
//! without a new page sends back what the answer to its last act says that it has seen.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde::Serialize;

use super::frame::{DoorPage, ErrorPage};
use super::visit::{Failure, Fields, back, field, html, json, refusal_json, see};
use super::{open, versions};
use crate::answers::FileRemark;
use crate::base::{Diagnostic, Lines, Remedy, has_unseen};
use crate::codebook::act::{
    Act, NewFile, Pick, Selection, SetAttribute, SetRole, SetSetting, ThemeId, TurnChar,
};
use crate::codebook::edit::CodeEdit;
use crate::codebook::{CodeId, CodeKind, MemoId, QuotationId, RefusalId, RejectionId, Stance};
use crate::desk::advice::remark;
use crate::desk::{Desk, OpenStudy, State};
use crate::personal::secret;
use crate::session::candidates::N_QUOTES;
use crate::session::{Decided, Person, Seen};
use crate::study::{Snapshot, StudyError};
use crate::transcripts::roles::Role;

/// The most letters of a name that signs decisions.
const MOST_OF_NAME: usize = 80;

/// What was decided, for scripts.
#[derive(Serialize)]
struct Done {
    /// How many decisions whoever asked has seen with this.
    rev: usize,
    /// Their own that came after others which they have not seen: a form may say them in
    /// fields `own`, beside this `rev`.
    own: BTreeSet<u32>,
    says: String,
    undo: Option<u32>,
    /// What was asked for and not done.
    skipped: Vec<FileRemark>,
}

/// Carries out what the form of this name asks for.
pub(super) fn carry_out(
    desk: &Arc<Desk>,
    verb: &str,
    fields: &Fields,
    is_json: bool,
) -> Response<Body> {
    if verb == "stop" {
        desk.stop();
        return see(back(field(fields, "back")));
    }
    if matches!(verb, "open" | "open-recent" | "open-new" | "open-sample") {
        return open::carry_out(desk, verb, fields);
    }
    if desk.params.read_only {
        let study = match desk.state() {
            State::Open(open) => Some(open.session.snapshot()),
            _ => None,
        };
        return read_only(study.as_ref(), is_json);
    }
    match verb {
        "quit" => {
            // Whoever wants to come in again needs a new address.
            if let Some(place) = desk.place() {
                secret::forget(&place.root, place.store.as_deref());
            }
            desk.end();
            let text =
                ["The workbench has ended.", "All decisions are kept. You can close this window."];
            return html(StatusCode::OK, DoorPage::of(text).text());
        }
        "read-again" => {
            if desk.will_read_again() {
                let desk = Arc::clone(desk);
                std::thread::spawn(move || desk.open());
            }
            return see(back(field(fields, "back")));
        }
        "suggest" => {
            desk.prepare_again();
            return see(back(field(fields, "back")));
        }
        "draft" => return keep_draft(desk, fields),
        "sign" => return sign(desk, fields, is_json),
        "hide-names" => return hide_names(desk, fields, is_json),
        _ => {}
    }
    answer(desk, (verb, fields), is_json, |form| form.act(verb))
}

/// Keeps what is typed in a form and not sent yet.
fn keep_draft(desk: &Desk, fields: &Fields) -> Response<Body> {
    let (form, typed) = (field(fields, "form"), serde_json::from_str(field(fields, "fields")));
    if let (State::Open(open), Ok(typed)) = (desk.state(), typed) {
        open.drafts.keep(form, typed);
        return json(StatusCode::OK, &serde_json::json!({}));
    }
    let problem = "this draft cannot be kept".to_owned();
    refusal_json(StatusCode::UNPROCESSABLE_ENTITY, &FileRemark { problem, hint: None })
}

/// Hides several names, each as if it were the only one. Those that cannot be hidden stay in
/// the list; if none can, why is told.
fn hide_names(desk: &Arc<Desk>, fields: &Fields, is_json: bool) -> Response<Body> {
    let of = |wanted: &str| -> Vec<&(String, String)> {
        fields.iter().filter(|(name, _)| name == wanted).collect()
    };
    let shared = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "name" | "pseudonym"));
    let shared: Vec<(String, String)> = shared.cloned().collect();
    let (mut hidden, mut refused) = (None, None);
    for (name, pseudonym) in of("name").into_iter().zip(of("pseudonym")) {
        let one = [vec![name.clone(), pseudonym.clone()], shared.clone()].concat();
        let answered = answer(desk, ("hide-name", &one), is_json, |form| form.act("hide-name"));
        let status = answered.status();
        let is_refused = status.is_client_error() || status.is_server_error();
        *(if is_refused { &mut refused } else { &mut hidden }) = Some(answered);
    }
    hidden.or(refused).unwrap_or_else(|| see(back(field(fields, "back"))))
}

/// Lets decisions be signed with another name from now on.
fn sign(desk: &Desk, fields: &Fields, is_json: bool) -> Response<Body> {
    let name = field(fields, "coder").trim();
    if name.is_empty() || has_unseen(name) || name.chars().count() > MOST_OF_NAME {
        let told = FileRemark {
            problem: "this is no name to sign with".to_owned(),
            hint: Some("write your name or initials, in one line".to_owned()),
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return if is_json {
            refusal_json(status, &told)
        } else {
            html(status, ErrorPage::of(status, told).text())
        };
    }
    desk.sign(name.to_owned());
    if is_json {
        json(StatusCode::OK, &serde_json::json!({}))
    } else {
        see(back(field(fields, "back")))
    }
}

/// Puts files that were handed over into the study.
pub(super) fn add_files(desk: &Arc<Desk>, fields: &Fields, files: Vec<NewFile>) -> Response<Body> {
    if desk.params.read_only {
        return read_only(None, false);
    }
    answer(desk, ("add-files", fields), false, |form| {
        Ok(Act::AddFiles { folder: form.written("folder"), files })
    })
}

/// What is answered where nothing can be decided.
pub(super) fn read_only(study: Option<&Snapshot>, is_json: bool) -> Response<Body> {
    let problem = Diagnostic::new("nothing can be decided here: this study is only shown")
        .with(Remedy::new("start the workbench so that it may decide"));
    match study {
        Some(study) => Failure::Page(StatusCode::FORBIDDEN, problem).response(study, is_json),
        None => refusal_json(StatusCode::FORBIDDEN, &remark(&problem)),
    }
}

/// Carries out the act that a form asks for, and says so.
fn answer(
    desk: &Arc<Desk>,
    (verb, fields): (&str, &Fields),
    is_json: bool,
    act: impl FnOnce(&Form<'_>) -> Result<Act, Failure>,
) -> Response<Body> {
    let State::Open(open) = desk.state() else {
        let told = FileRemark { problem: "the study is still being read".to_owned(), hint: None };
        return refusal_json(StatusCode::SERVICE_UNAVAILABLE, &told);
    };
    let study = open.session.snapshot();
    let form = Form { study: &study, open: &open, fields };
    let decided = act(&form).and_then(|act| match decide(desk, &form, &act) {
        Err(Failure::Study(StudyError::Conflict { number, .. })) if !act.is_turn() => {
            let study = open.session.snapshot();
            versions::refused(desk, &study, (verb, fields, &act), number, is_json).map(Err)
        }
        decided => decided.map(Ok),
    });
    match decided {
        Ok(Ok(done)) if is_json => json(StatusCode::OK, &done),
        Ok(Ok(done)) => {
            desk.will_tell_of("Not added", done.skipped);
            see(back(field(fields, "back")))
        }
        Ok(Err(refused)) => refused,
        Err(failure) => failure.response(&open.session.snapshot(), is_json),
    }
}

fn decide(desk: &Arc<Desk>, form: &Form<'_>, act: &Act) -> Result<Done, Failure> {
    let Form { study: before, open, fields } = form;
    let own = fields.iter().filter(|(name, _)| name == "own");
    let own = own.filter_map(|(_, number)| number.parse().ok()).collect();
    let seen = Seen { n: form.number("rev", "the page’s own number")?, own };
    let person = Person { command: "serve".to_owned(), ..desk.person() };
    let decided = open.session.act(&person, seen.clone(), act)?;
    let study = open.session.snapshot();
    if !study.reads_the_same(before) {
        desk.prepare_again();
    }
    let Decided { decision, says, undo, notes: _, skipped } = study.shown(decided);
    let skipped = skipped.iter().map(remark).collect();
    let (Seen { n: rev, own }, says) = match decision {
        Some(decision) => {
            let number = decision.number;
            (seen.with(number), format!("Decision {number}: {says}"))
        }
        None => (seen, says),
    };
    Ok(Done { rev, own, says, undo, skipped })
}

/// The fields of a form, read with the study that its page showed.
struct Form<'a> {
    study: &'a Snapshot,
    open: &'a OpenStudy,
    fields: &'a Fields,
}

impl Form<'_> {
    fn text(&self, name: &str) -> &str {
        field(self.fields, name).trim()
    }

    /// A text; none if nothing was written.
    fn written(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn needed(&self, name: &str, advice: &str) -> Result<String, Failure> {
        self.written(name)
            .ok_or_else(|| Failure::mistake("something is missing in the form", advice))
    }

    fn number<T: std::str::FromStr>(&self, name: &str, what: &str) -> Result<T, Failure> {
        let number = self.text(name).parse();
        number.map_err(|_no_number| {
            Failure::mistake(
                &format!("the form does not say {what}"),
                "load the page again, then repeat it",
            )
        })
    }

    fn quotation(&self) -> Result<QuotationId, Failure> {
        Ok(QuotationId(self.number("quotation", "which quotation")?))
    }

    fn code_number(&self, name: &str) -> Result<CodeId, Failure> {
        Ok(CodeId(self.number(name, "which code")?))
    }

    /// The code of this name, as it is shown or written.
    fn code_of(&self, name: &str) -> Result<Option<CodeId>, Failure> {
        let codebook = self.study.codebook()?;
        let is_meant = |id: &&CodeId| self.study.shown_text(&codebook.path(**id)) == name;
        let shown = codebook.codes.keys().find(is_meant).copied();
        Ok(shown.or_else(|| codebook.code_named(name).ok().map(|code| code.id)))
    }

    /// The codes that are named, and the name of one that is to be made.
    fn codes(&self) -> Result<(Vec<CodeId>, Option<String>), Failure> {
        // A button with a code on it means that one, whatever else is typed.
        let field = if self.written("recent").is_some() { "recent" } else { "code" };
        let named = self.fields.iter().filter(|(name, _)| name == field);
        let named = named.map(|(_, name)| name.trim()).filter(|name| !name.is_empty());
        let (mut codes, mut new) = (Vec::new(), None);
        for name in named {
            match self.code_of(name)? {
                Some(code) => codes.push(code),
                None => new = Some(name.to_owned()),
            }
        }
        if codes.is_empty() && new.is_none() {
            return Err(Failure::mistake("no code is named", "choose a code, or type a new name"));
        }
        Ok((codes, new))
    }

    /// The one code that is named, which is there.
    fn known_code(&self) -> Result<CodeId, Failure> {
        let name = self.needed("code", "choose a code")?;
        match self.code_of(&name)? {
            Some(code) => Ok(code),
            None => Ok(self.study.codebook()?.code_named(&name).map(|code| code.id)?),
        }
    }

    /// A theme: `theme 12`, or `candidate 3 KEY` with what stands for it as it was shown.
    fn theme(&self, name: &str) -> Result<ThemeId, Failure> {
        let named = self.needed(name, "choose a theme or candidate")?;
        let mut parts = named.split(' ');
        let (kind, number) = (parts.next(), parts.next().and_then(|number| number.parse().ok()));
        match (kind, number, parts.next()) {
            (Some("theme"), Some(number), None) => {
                Ok(ThemeId::Accepted(CodeId(u32::try_from(number).unwrap_or(u32::MAX))))
            }
            (Some("candidate"), Some(number), Some(key)) => {
                let params = self.study.theme_params(self.text("count").parse().ok());
                let candidate = self.open.session.candidate_as_shown(&params, number, key)?;
                Ok(ThemeId::Candidate(candidate))
            }
            _ => Err(Failure::mistake("no theme is named", "load the page again, then repeat it")),
        }
    }

    fn candidate(&self) -> Result<crate::codebook::act::CandidateId, Failure> {
        match self.theme("theme")? {
            ThemeId::Candidate(candidate) => Ok(candidate),
            ThemeId::Accepted(_) => {
                Err(Failure::mistake("this is a theme already", "load the page again"))
            }
        }
    }

    fn pick(&self) -> Result<Pick, Failure> {
        let (first, last) =
            (self.number("first", "which lines")?, self.number("last", "which lines")?);
        let words: Option<String> = match self.written("words") {
            None => None,
            Some(words) => Some(serde_json::from_str(&words).map_err(|_not_json| {
                Failure::mistake("the form does not say which words", "load the page again")
            })?),
        };
        let transcript = self.needed("transcript", "load the page again")?;
        Ok(Pick { transcript, lines: Lines { first, last }, words })
    }

    /// The quotes that are ticked.
    fn ticked(&self) -> Result<Vec<Pick>, Failure> {
        let picks = self.fields.iter().filter(|(name, _)| name == "pick");
        let read = |(_, pick): &(String, String)| {
            serde_json::from_str(pick).map_err(|_no_pick| {
                Failure::mistake("the form does not say which quotes", "load the page again")
            })
        };
        picks.map(read).collect()
    }

    fn selection(&self) -> Result<Selection, Failure> {
        let nothing =
            || Failure::mistake("no words are marked", "mark words in the text, then code them");
        let place = |name: &str| {
            let (turn, char) = self.text(name).split_once(':')?;
            Some(TurnChar { turn: turn.parse().ok()?, char: char.parse().ok()? })
        };
        Ok(Selection {
            transcript: self.needed("transcript", "load the page again")?,
            text_key: self.text("text_key").to_owned(),
            from: place("from").ok_or_else(nothing)?,
            to: place("to").ok_or_else(nothing)?,
            shown: serde_json::from_str(self.text("shown")).map_err(|_not_json| nothing())?,
        })
    }

    fn stance(&self) -> Option<Stance> {
        Stance::ALL.into_iter().find(|stance| stance.name() == self.text("stance"))
    }

    /// The notes of a code as the form has them: an empty field empties them.
    fn notes(&self) -> CodeEdit {
        let note = |name: &str| {
            let is_there = self.fields.iter().any(|(known, _)| known == name);
            is_there.then(|| self.text(name).replace("\r\n", "\n"))
        };
        CodeEdit {
            definition: note("definition"),
            include: note("include"),
            exclude: note("exclude"),
            ..CodeEdit::default()
        }
    }

    /// Who is what: one speaker with the role that was chosen, or all that stand under
    /// the names of roles.
    fn roles(&self) -> Result<Vec<SetRole>, Failure> {
        let transcript = self.written("transcript");
        let role = |speaker: &str, role: Option<Role>| SetRole {
            speaker: speaker.to_owned(),
            transcript: transcript.clone(),
            role,
        };
        let under = |(name, speaker): &(String, String)| {
            [Role::Interviewer, Role::Participant, Role::Other]
                .into_iter()
                .find(|role| role.name() == name)
                .map(|of| role(speaker, Some(of)))
        };
        let mut roles: Vec<SetRole> = self.fields.iter().filter_map(under).collect();
        if let Some(speaker) = self.written("speaker") {
            roles.push(role(&speaker, Role::parse(self.text("role"))));
        }
        if roles.is_empty() {
            return Err(Failure::mistake("nobody is named", "load the page again"));
        }
        Ok(roles)
    }

    /// What holds for the study as a whole.
    fn setting(&self) -> Result<SetSetting, Failure> {
        let is_so = self.text("is") == "yes";
        Ok(match self.text("setting") {
            "language" => SetSetting::Language { language: self.written("language") },
            "told" => SetSetting::Told {
                file: self.needed("file", "choose a transcript")?,
                is_told: is_so,
            },
            "stop-word" => SetSetting::StopWord {
                word: self.needed("word", "write the word")?,
                is_stopped: is_so,
            },
            _ => return Err(Failure::mistake("no setting is named", "load the page again")),
        })
    }

    /// What is known of cases, as far as it is another than it was: fields in the order
    /// case, attribute, what it was, what it is.
    fn attributes(&self) -> Result<Vec<SetAttribute>, Failure> {
        let (mut case, mut attribute, mut was) = ("", "", "");
        let mut values = Vec::new();
        for (name, text) in self.fields {
            match name.as_str() {
                "case" => case = text,
                "attribute" => attribute = text,
                "was" => was = text,
                "value" if text.trim() != was => {
                    let new = if attribute.is_empty() { self.text("new") } else { attribute };
                    values.push(SetAttribute {
                        case: case.to_owned(),
                        attribute: new.to_owned(),
                        value: text.trim().to_owned(),
                    });
                }
                _ => {}
            }
        }
        if values.is_empty() {
            return Err(Failure::mistake(
                "nothing was changed in the table",
                "change a cell first",
            ));
        }
        Ok(values)
    }

    fn act(&self, verb: &str) -> Result<Act, Failure> {
        let name_needed = "give it a name: a theme’s name is yours to choose";
        Ok(match verb {
            "undo" => Act::Undo,
            "redo" => Act::Redo,
            "undo-to" => Act::UndoTo { number: self.number("number", "which decision")? },
            "redo-to" => Act::RedoTo { number: self.number("number", "which decision")? },
            "roles" => Act::SetRoles { roles: self.roles()? },
            "attributes" => Act::SetAttributes { values: self.attributes()? },
            "setting" => Act::SetSetting { setting: self.setting()? },
            "leave-out" => Act::LeaveOut { file: self.needed("file", "load the page again")? },
            "take-in" => Act::TakeIn { file: self.needed("file", "load the page again")? },
            "accept" => Act::AcceptTheme {
                candidate: self.candidate()?,
                name: Some(self.needed("name", name_needed)?),
                under: None,
                n_quotes: N_QUOTES,
            },
            "reject" => Act::RejectTheme {
                candidate: self.candidate()?,
                reason: self.text("reason").to_owned(),
            },
            "restore" => Act::RestoreCandidate {
                rejection: RejectionId(self.number("rejection", "which candidate")?),
            },
            "rename-theme" => Act::RenameTheme {
                theme: self.theme("theme")?,
                name: self.needed("name", name_needed)?,
            },
            "merge-themes" => Act::MergeThemes {
                themes: vec![self.theme("into")?, self.theme("theme")?],
                name: self.written("name"),
            },
            "split-theme" => Act::SplitByCodes { theme: self.theme("theme")? },
            "code" => {
                let (codes, new_code) = self.codes()?;
                Act::AddSelection { selection: self.selection()?, codes, new_code }
            }
            "code-passages" => {
                let (codes, new_code) = self.codes()?;
                Act::AddQuotations { picks: self.ticked()?, codes, new_code }
            }
            "resize-quotation" => {
                Act::ResizeQuotation { quotation: self.quotation()?, selection: self.selection()? }
            }
            "code-quotation" => {
                Act::CodeQuotation { quotation: self.quotation()?, code: self.known_code()? }
            }
            "uncode-quotation" => {
                Act::UncodeQuotation { quotation: self.quotation()?, code: self.known_code()? }
            }
            "stance" => Act::SetStance { quotation: self.quotation()?, stance: self.stance() },
            "pin" => Act::PinQuotation {
                quotation: self.quotation()?,
                code: None,
                is_pinned: self.text("pin") == "yes",
            },
            "remove-quotation" => Act::RemoveQuotation { quotation: self.quotation()? },
            "reanchor" => Act::ReanchorQuotations,
            "accept-proposal" => {
                Act::AcceptProposal { pick: self.pick()?, code: self.code_number("id")? }
            }
            "reject-proposal" => Act::RejectProposal {
                pick: self.pick()?,
                code: self.code_number("id")?,
                reason: self.text("reason").to_owned(),
            },
            "restore-proposal" => Act::RestoreProposal {
                refusal: RefusalId(self.number("refusal", "which proposal")?),
            },
            "add-code" => Act::AddCode {
                name: self.needed("name", "give the code a name")?,
                kind: if self.text("kind") == "theme" { CodeKind::Theme } else { CodeKind::Code },
                under: self.written("under").map(|_| self.code_number("under")).transpose()?,
                notes: self.notes(),
            },
            "edit-code" => Act::EditCode { code: self.code_number("id")?, change: self.notes() },
            "rename-code" => {
                let name = Some(self.needed("name", "give the code a name")?);
                let change = CodeEdit { name, ..CodeEdit::default() };
                Act::EditCode { code: self.code_number("id")?, change }
            }
            "move-code" => {
                let under = self.written("under").map(|_| self.code_number("under")).transpose()?;
                let change = CodeEdit { parent: Some(under), ..CodeEdit::default() };
                Act::EditCode { code: self.code_number("id")?, change }
            }
            "merge-codes" => Act::MergeCodes {
                codes: vec![self.code_number("into")?, self.code_number("id")?],
                name: None,
            },
            "remove-code" => {
                Act::RemoveCode { code: self.code_number("id")?, with_children: false }
            }
            "memo" => {
                let about = self.needed("about", "load the page again")?;
                let about = self.study.memo_target(self.study.codebook()?, &about)?;
                Act::AddMemo { about, text: self.needed("text", "write the memo first")? }
            }
            "edit-memo" => Act::EditMemo {
                memo: MemoId(self.number("memo", "which memo")?),
                text: self.needed("text", "a memo without words is removed by Remove")?,
            },
            "hide-name" => Act::AddPseudonym {
                name: self.needed("name", "write the name as it is said")?,
                pseudonym: self.needed("pseudonym", "say what is shown instead, such as P07")?,
                with_capital: self.text("capital") == "yes",
            },
            "ignore-name" => Act::AddPseudonym {
                name: self.needed("name", "load the page again")?,
                pseudonym: String::new(),
                with_capital: false,
            },
            "show-name" => {
                Act::RemovePseudonym { name: self.needed("name", "load the page again")? }
            }
            "remove-memo" => Act::RemoveMemo { memo: MemoId(self.number("memo", "which memo")?) },
            _ => return Err(Failure::missing(&format!("act `{verb}`"))),
        })
    }
}
