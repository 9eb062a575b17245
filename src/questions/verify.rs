//! The quotes of a report, found again in the transcripts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::answers::VerifyAnswer;
use crate::base::files::read_file;
use crate::codebook::checksum_of;
use crate::study::{Snapshot, StudyError};
use crate::transcripts::roles::Role;
use crate::transcripts::{Transcript, normal_label};
use crate::verify::{Source, Who, paragraphs, verify};

impl Snapshot {
    /// Compares the quotes of a report with the transcripts.
    ///
    /// # Errors
    /// [`StudyError::NoReport`] and [`StudyError::Report`] if the report cannot be
    /// read; [`StudyError::Unreadable`] if a transcript's text is gone.
    pub fn verify(&self, report: &Path) -> Result<VerifyAnswer, StudyError> {
        let bytes = read_file(report).map_err(|error| StudyError::NoReport {
            path: report.to_owned(),
            problem: crate::files::find::plain(&error),
        })?;
        let name = report.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.verify_bytes(&bytes, &name).map_err(|error| match error {
            StudyError::Report { error, .. } => {
                StudyError::Report { path: report.to_owned(), error }
            }
            other => other,
        })
    }

    /// The same for the bytes of a file of this name.
    ///
    /// # Errors
    /// [`StudyError::Report`] if no words can be read of it; others if a text is gone.
    pub fn verify_bytes(&self, bytes: &[u8], name: &str) -> Result<VerifyAnswer, StudyError> {
        let paragraphs = paragraphs(bytes, name)
            .map_err(|error| StudyError::Report { path: PathBuf::from(name), error })?;
        self.derived.times.run("verify", || {
            let texts = (0..self.corpus.transcripts.len())
                .into_par_iter()
                // A report shows names as the study does.
                .map(|t| self.shown_transcript(t))
                .collect::<Result<Vec<Arc<Transcript>>, StudyError>>()?;
            let ids = self.corpus.transcripts.iter().map(|known| self.hidden(known.id.clone()));
            let ids: Vec<String> = ids.collect();
            let mut sources = self.verify_sources(&texts, &ids);
            // Whose lines somebody cites who has the other file open.
            let copies = self.corpus.texts_of_copies();
            let copies: Vec<(usize, String, Transcript)> = copies
                .map(|(t, id, text)| (t, self.hidden(id.to_owned()), self.shown_text_of(text)))
                .collect();
            let of_copies: Vec<Source<'_>> = copies
                .iter()
                .map(|(t, id, text)| Source {
                    id,
                    checksum: checksum_of(&text.text),
                    transcript: text,
                    speakers: speakers_as_in(text, &sources[*t]),
                    is_copy: true,
                })
                .collect();
            sources.extend(of_copies);
            Ok(verify(name, &paragraphs, &sources))
        })
    }

    /// The transcripts with who speaks in them.
    fn verify_sources<'a>(
        &self,
        texts: &'a [Arc<Transcript>],
        ids: &'a [String],
    ) -> Vec<Source<'a>> {
        texts
            .par_iter()
            .enumerate()
            .map(|(t, transcript)| Source {
                id: &ids[t],
                checksum: checksum_of(&transcript.text),
                transcript,
                speakers: (0..transcript.speakers.len())
                    .map(|speaker| {
                        let corpus = &self.corpus;
                        let s = u16::try_from(speaker).unwrap_or(u16::MAX);
                        // The group in this interview, as quotes name it.
                        let group = corpus.cases.group(t, speaker);
                        Who {
                            case: corpus.case_of(t, s).map(|case| self.hidden(case.id.clone())),
                            group: group.map(|group| self.hidden(group.to_owned())),
                            role: corpus.role_of(t, s).name(),
                        }
                    })
                    .collect(),
                is_copy: false,
            })
            .collect()
    }
}

/// Who the speakers of a copy are, by their labels in what is read in its place.
fn speakers_as_in(copy: &Transcript, source: &Source<'_>) -> Vec<Who> {
    let known = || source.transcript.speakers.iter().zip(&source.speakers);
    let who = |label: &str| {
        let found = known().find(|(it, _)| normal_label(&it.label) == normal_label(label));
        let nobody = Who { case: None, group: None, role: Role::Other.name() };
        found.map_or(nobody, |(_, who)| who.clone())
    };
    copy.speakers.iter().map(|speaker| who(&speaker.label)).collect()
}
