//! The study at a glance, and its texts as they are read.

use crate::answers::{
    CaseInfo, FileRemark, InfoAnswer, KeptOut, KeptOutPlace, SpeakerInfo, TranscriptInfo,
    TranscriptText, Unshown,
};
use crate::base::{Diagnostic, Lines};
use crate::corpus::recurring::Saying;
use crate::files::find::{OWN_FILES, id_of};
use crate::study::{Snapshot, StudyError};

impl Snapshot {
    /// What was read and who is who; `remark` says in words what was found when the
    /// study was opened.
    pub fn info(
        &self,
        found: &[Diagnostic],
        remark: impl Fn(&Diagnostic) -> FileRemark,
    ) -> Unshown<InfoAnswer> {
        let corpus = &self.corpus;
        let case = |case: &crate::transcripts::cases::Case| CaseInfo {
            id: case.id.clone(),
            attributes: case.attributes.clone(),
        };
        let told = corpus.role_notes();
        let (remarks, not_read): (Vec<_>, Vec<_>) =
            found.iter().partition(|found| self.is_of_what_was_read(found));
        Unshown::new(InfoAnswer {
            who: told.line,
            is_guessed: told.is_guessed,
            notes: told.notes,
            study: self.root().display().to_string(),
            transcripts: (0..corpus.transcripts.len()).map(|t| self.transcript(t)).collect(),
            cases: corpus.cases.cases.iter().map(case).collect(),
            kept_out: self.kept_out(),
            not_read: not_read.into_iter().map(&remark).collect(),
            remarks: remarks.into_iter().map(&remark).collect(),
            not_transcripts: self.not_transcripts.to_vec(),
            n_passages: corpus.n_passages(),
        })
    }

    /// What there is to know of the transcripts with these ids.
    pub fn transcript_infos(&self, ids: &[String]) -> Unshown<Vec<TranscriptInfo>> {
        let meant = |t: &usize| ids.contains(&self.corpus.transcripts[*t].id);
        let meant = (0..self.corpus.transcripts.len()).filter(meant);
        Unshown::new(meant.map(|t| self.transcript(t)).collect())
    }

    /// The text of a transcript, and the lines of it that were asked for.
    ///
    /// # Errors
    /// [`StudyError::UnknownTranscript`]; [`StudyError::Corpus`] if it has no such lines.
    pub fn text(
        &self,
        id: &str,
        lines: Option<Lines>,
    ) -> Result<Unshown<TranscriptText>, StudyError> {
        let t = self.transcript_named(id)?;
        let text = self.corpus.text(t)?;
        let lines = lines.unwrap_or(Lines { first: 1, last: text.lines.n_lines() });
        self.corpus.lines_span(t, lines)?;
        Ok(Unshown::new(TranscriptText { text: text.text.clone(), lines }))
    }

    /// What is kept out of themes, with where it stands.
    fn kept_out(&self) -> Vec<KeptOut> {
        let place = |(t, lines): &(usize, Lines)| KeptOutPlace {
            transcript: self.corpus.transcripts[*t].id.clone(),
            lines: *lines,
        };
        let saying = |saying: &Saying| KeptOut {
            text: saying.text.split_whitespace().collect::<Vec<_>>().join(" "),
            n_transcripts: saying.n_transcripts(),
            places: saying.places.iter().map(place).collect(),
        };
        self.corpus.recurring().sayings.iter().map(saying).collect()
    }

    /// Whether something is told of the study itself or of a file that became a
    /// transcript.
    fn is_of_what_was_read(&self, found: &Diagnostic) -> bool {
        let Some(place) = &found.place else { return true };
        let is_own = OWN_FILES.contains(&place.path.as_str());
        let id = id_of(&place.path);
        is_own || self.corpus.transcripts.iter().any(|known| known.id == id)
    }

    fn transcript(&self, t: usize) -> TranscriptInfo {
        let known = &self.corpus.transcripts[t];
        let speakers = (0_u16..).zip(&known.speakers).map(|(s, speaker)| {
            let guess = &self.corpus.roles[t][usize::from(s)];
            SpeakerInfo {
                label: speaker.label.clone(),
                name: self.corpus.people.names[t][usize::from(s)].clone(),
                role: guess.role.name(),
                reason: guess.reason.clone(),
                is_doubtful: guess.is_doubtful,
                case: self.corpus.case_of(t, s).map(|case| case.id.clone()),
                n_words: speaker.n_words,
            }
        });
        TranscriptInfo {
            id: known.id.clone(),
            layout: known.layout.clone(),
            language: [known.spoken_language(), known.language_reason.text().to_owned()],
            n_turns: known.n_turns,
            n_words: known.n_words,
            duration_ms: known.duration_ms,
            speakers: speakers.collect(),
        }
    }
}
