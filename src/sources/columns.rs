//! Reads transcripts and surveys that are kept as tables.
//!
//! CSV or TSV text, or the rows of a table in a Word file, come in; a
//! [`RawTranscript`] with one turn a line goes out. The names of the columns
//! tell what they hold, in several languages; without names their content
//! does.
//!
//! ```text
//! a row a turn        start,speaker,text        (0:12).(Siân).(It was odd.)
//! a survey            id,age,What did you like?
//!                     P01,34,The quiet of it
//! becomes             Question: What did you like?
//!                     P01: The quiet of it      with the attribute age = 34
//!
//! questions, answers  question,answer           What did you like?,The quiet of it
//! ```
//!
//! A row that names no speaker goes on with the one above. Whole numbers for times are
//! milliseconds where seconds would be too long for the words.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use self::interviews::{Parted, parted};
use self::talks::cells_of_talk;
use self::tally::{Tally, Width};
use crate::base::{Diagnostic, Remedy, TimeSpan, count, one_line, words_in};
use crate::files::entities;
use crate::files::tables::{Row, Table};
use crate::files::{SourceError, SourceProblem};
use crate::labels::time::{are_millis, is_number, parse_cell};
use crate::labels::{fold as label_fold, is_label, is_role};
use crate::text::{self, Declared, LaidOut, RawTranscript};
use crate::timed::builder::TextBuilder;
use crate::timed::ttml::named_in_words;

mod interviews;
mod talks;
mod tally;
#[cfg(test)]
mod tests;

/// Names of a column that tells who speaks.
const SPEAKER: &str = "speaker|speaker name|speaker label|speaker id|who|who speaks|role|talker|sprecher|\
     sprecherin|sprechende|locuteur|intervenant|hablante|orador|parlante|spreker|mówca|mluvčí|\
     talare|taler|puhuja|говорящий|发言人|说话人|話者|화자|siaradwr|actor|interlocutor|interlocuteur|\
     wer|qui|quién|quien|quem|chi|wie|kto|kdo|vem|hvem|kuka|кто|falante|rozmówca|beszélő|\
     konuşmacı|vorbitor|ομιλητής";

/// Names of a column that tells who speaks, or whom a row is about.
const PERSON: &str = "name|participant|participant name|person|user|interviewee|narrator|informant|nombre|nom|nome|naam|namn|navn|\
     student|pupil|schüler|schülerin|élève|alumno|aluno|imię|teilnehmer|participante|participante nombre|deelnemer|osoba|persoon|deltagare|deltager";

/// Names of a column that holds the words.
const WORDS: &str = "text|words|content|contents|utterance|transcript|transcription|what was said|speech|said|\
     message|sentence|caption|dialogue|dialog|segment|answer|answers|response|äußerung|inhalt|\
     antwort|wortlaut|texte|contenu|réponse|parole|texto|contenido|respuesta|testo|risposta|\
     tekst|inhoud|текст|内容|文本|utterance text|verbatim|diálogo|fala|resposta|uiting|antwoord|\
     wypowiedź|treść|odpowiedź|yttrande|svar|ytring|odpověď|výpověď|szöveg|metin|teksti|κείμενο";

/// Names of a column of words that may also hold the names of files.
const FILE: &str = "transcript|transcription|dialogue|dialog|message";

/// Names of a column that holds the questions beside one of answers.
const QUESTION: &str = "question|questions|question asked|question text|frage|fragen|pregunta|preguntas|domanda|\
     domande|pergunta|perguntas|vraag|вопрос|cwestiwn";

/// Names of a column that tells when a row begins.
const START: &str = "start|start time|starttime|time|timestamp|time stamp|timespan|time span|timecode|in|\
     begin|begin time|from|beginn|anfang|start zeit|zeit|début|temps|inicio|tiempo|inizio|\
     tempo|onset|时间|tijd|tid|czas|čas|время|aika|idő";

/// Names of a column that tells when a row is over.
const END: &str = "end|end time|endtime|out|stop|stop time|to|ende|fin|fine|einde|offset|final";

/// Names of a column that names the case of a row.
const CASE: &str = "id|respondent|respondent id|participant id|case|case id|pid|subject|subject id|\
     response id|record id|user id|nr|no|teilnehmer id|fall|identifiant|identificador";

/// Names of columns that describe a person.
const ATTRIBUTE: &str = "age|gender|sex|site|group|location|country|education|occupation|date|alter|geschlecht|\
     edad|âge";

/// Names of a column that names the document of a piece of text, and of one that names
/// what somebody coded it with.
const DOCUMENT: &str = "document|document name|documents|file|file name|source|dokument|dokumentname|document group|\
     nom du document|documento|nombre del documento";
const CODED: &str = "code|codes|coded as|code name|codename|kode|codigo|código|codice";

/// The marks of questions.
const ASKING: [char; 3] = ['?', '？', '؟'];

/// Whether a name, folded, stands in one of the lists; spaces may be missing.
fn is_known(list: &'static str, name: &str) -> bool {
    let bare = |name: &'static str| name.chars().filter(|c| *c != ' ');
    let is = |known: &'static str| bare(known).eq(name.chars().filter(|c| *c != ' '));
    !name.is_empty() && list.split('|').any(is)
}

/// Which column holds what.
#[derive(Debug, Default, Clone)]
struct Roles {
    speaker: Option<usize>,
    person: Option<usize>,
    words: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    case: Option<usize>,
    document: Option<usize>,
    code: Option<usize>,
    /// Whether the times are whole milliseconds.
    is_ms: bool,
    /// Whether a spreadsheet took minutes and seconds for hours and minutes: `31:42:00`.
    is_raised: bool,
}

/// Reads CSV or TSV text; without a `delimiter` it is found.
///
/// # Errors
/// [`SourceProblem::NoTextColumn`], [`SourceProblem::NoSpeech`], or
/// [`SourceProblem::Empty`].
pub(super) fn parse(text: &str, delimiter: Option<char>) -> Result<RawTranscript, SourceError> {
    let mut table = Table::parse(text, delimiter);
    for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
        if let Cow::Owned(decoded) = entities::decode(cell) {
            *cell = decoded;
        }
    }
    read_table(&table.rows, table.delimiter)
}

/// Reads the rows of a table that is already cut into cells. The first row
/// stands at `first_line`, each further one a line below.
///
/// # Errors
/// As for [`parse`].
pub(super) fn parse_rows(
    rows: &[Vec<String>],
    first_line: usize,
) -> Result<RawTranscript, SourceError> {
    let rows: Vec<Row> = rows
        .iter()
        .enumerate()
        .map(|(at, cells)| Row { line: first_line.saturating_add(at), cells: cells.clone() })
        .filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()))
        .collect();
    read_table(&rows, ' ')
}

/// Whether a line names the columns of a table in which a row is a turn: one
/// for the words, and one for the speaker or the time.
pub(super) fn is_header(line: &str, delimiter: char) -> bool {
    if !line.contains(delimiter) {
        return false;
    }
    let cells: Vec<String> =
        line.split(delimiter).map(|cell| cell.trim().trim_matches('"').to_owned()).collect();
    let roles = Roles::by_name(&cells);
    roles.words.is_some()
        && (roles.speaker.is_some() || roles.person.is_some() || roles.start.is_some())
}

/// A column name as it is compared.
fn fold(name: &str) -> String {
    let spaced: String =
        name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    one_line(&spaced)
}

impl Roles {
    /// Finds what the columns hold by their names.
    fn by_name(names: &[String]) -> Self {
        let mut roles = Self::default();
        for (at, name) in names.iter().enumerate() {
            let name = fold(name);
            // `Start (s)` and `start ms` name the unit as well.
            let unit = ["ms", "milliseconds", "msec", "s", "sec", "seconds"].into_iter().find_map(
                |unit| name.strip_suffix(unit)?.strip_suffix(' ').map(|name| (name, unit)),
            );
            let bare = unit.map_or(name.as_str(), |(name, _)| name);
            let is = |known: &'static str| is_known(known, &name);
            let slot = if is(SPEAKER) {
                &mut roles.speaker
            } else if is(PERSON) {
                &mut roles.person
            } else if is(WORDS) {
                &mut roles.words
            } else if is_known(START, bare) {
                roles.is_ms |= unit.is_some_and(|(_, unit)| unit.starts_with('m'));
                &mut roles.start
            } else if is_known(END, bare) {
                &mut roles.end
            } else if is(CASE) {
                &mut roles.case
            } else if is(CODED) {
                &mut roles.code
            } else if is(DOCUMENT) {
                &mut roles.document
            } else {
                continue;
            };
            slot.get_or_insert(at);
        }
        // A code may be a person's, where nothing else names one.
        if roles.case.is_none() && roles.person.is_none() && roles.document.is_none() {
            roles.case = roles.code;
        }
        roles
    }

    /// Finds what the columns hold by what stands in them.
    fn by_content(rows: &[Row], n_columns: usize) -> Self {
        let columns: Vec<Column> = (0..n_columns).map(|at| Column::look_at(rows, at)).collect();
        let mut roles = Self::default();
        // The last of equals is taken, and words mostly stand last.
        let is_words = |at: &usize| columns[*at].n_times == 0 && columns[*at].n_words > 0;
        roles.words = (0..n_columns)
            .filter(is_words)
            .max_by_key(|&at| columns[at].n_words / columns[at].n_filled.max(1));
        let is_time =
            |at: &usize| columns[*at].n_filled > 0 && columns[*at].n_times == columns[*at].n_filled;
        // A column of row numbers reads as seconds; clocks are better evidence.
        let mut times: Vec<usize> = (0..n_columns).filter(is_time).collect();
        if times.iter().any(|&at| columns[at].n_clocks > 0) {
            times.retain(|&at| columns[at].n_clocks > 0);
        } else if times.len() < 2 {
            times.clear();
        }
        roles.start = times.first().copied();
        roles.end = times.get(1).copied();
        roles.speaker = (0..n_columns)
            .filter(|at| Some(*at) != roles.words && columns[*at].n_times == 0)
            .filter(|&at| {
                let column = &columns[at];
                column.n_filled > 0
                    && column.n_words <= column.n_filled * 4
                    && (column.n_distinct * 2 <= column.n_filled || column.n_filled <= 4)
            })
            .min_by_key(|&at| columns[at].n_distinct);
        roles
    }
}

/// What stands in one column.
#[derive(Debug)]
struct Column {
    n_filled: usize,
    n_words: usize,
    n_times: usize,
    n_clocks: usize,
    n_distinct: usize,
    /// Words of the longest cell.
    most_words: usize,
}

impl Column {
    /// Counts over the cells of one column.
    fn look_at(rows: &[Row], at: usize) -> Self {
        let filled = || {
            rows.iter()
                .filter_map(|row| row.cells.get(at))
                .map(|cell| cell.trim())
                .filter(|cell| !cell.is_empty())
        };
        let times = || filled().filter(|cell| parse_cell(cell).is_some());
        Self {
            n_filled: filled().count(),
            n_words: filled().map(words_in).fold(0, usize::saturating_add),
            n_times: times().count(),
            n_clocks: times().filter(|cell| cell.contains(':')).count(),
            n_distinct: filled().collect::<BTreeSet<_>>().len(),
            most_words: filled().map(words_in).max().unwrap_or(0),
        }
    }

    /// Whether most cells differ and are no numbers: people answered in their own words.
    fn is_told(&self) -> bool {
        self.n_distinct * 2 > self.n_filled && self.n_times * 2 < self.n_filled
    }

    /// Whether people wrote freely here: over five words in the mean.
    fn is_long(&self) -> bool {
        self.n_words > self.n_filled * 5
    }

    /// Whether somebody may have said what stands here: no names, codes and numbers.
    fn holds_words(&self) -> bool {
        self.is_long() || (self.most_words > 2 && self.n_distinct * 2 > self.n_filled)
    }
}

/// Whether the first row names the columns.
fn has_names(rows: &[Row]) -> bool {
    let Some(first) = rows.first() else { return false };
    if first.cells.iter().any(|cell| parse_cell(cell).is_some()) {
        return false;
    }
    let known = first.cells.iter().map(|cell| fold(cell)).any(|name| {
        let lists = [SPEAKER, PERSON, WORDS, START, END, CASE, CODED, DOCUMENT, ATTRIBUTE];
        lists.iter().any(|list| is_known(list, &name))
    });
    let roles = Roles::by_name(&first.cells);
    let n_questions = first.cells.iter().filter(|cell| cell.ends_with('?')).count();
    // A name above a column of numbers or times differs in kind from them.
    known
        || roles.start.is_some()
        || heads_turns(rows)
        || (rows.len() > 1 && n_questions > 1 && n_questions == first.cells.len())
        || (rows.len() > 2
            && (0..first.cells.len()).any(|at| {
                let below = Column::look_at(&rows[1..], at);
                below.n_filled > 1 && below.n_times == below.n_filled
            })
            && first.cells.iter().all(|cell| !cell.is_empty())
            && first.cells.iter().any(|cell| cell.ends_with('?')))
}

/// The most words of a cell that may name who speaks.
const MAX_NAME_WORDS: usize = 6;

/// The fewest rows of a table whose head is in no known language.
const MIN_ROWS: usize = 6;

/// Whether the first row differs in kind from those below, in which somebody of few speaks
/// at length: `wer sprach` above names, `was` above sentences.
fn heads_turns(rows: &[Row]) -> bool {
    let Some((first, body)) = rows.split_first().filter(|(_, body)| body.len() >= MIN_ROWS) else {
        return false;
    };
    let roles = Roles::by_content(body, first.cells.len());
    let (Some(who), Some(words)) = (roles.speaker, roles.words) else { return false };
    let (below, said) = (Column::look_at(body, who), Column::look_at(body, words));
    let cell = |at: usize| first.cell(at);
    let is_new = body.iter().all(|row| row.cell(who) != cell(who));
    let is_short = |at: usize| words_in(cell(at)) <= 3 && !cell(at).ends_with(['.', '?', '!', ':']);
    !cell(who).is_empty()
        && is_new
        && below.n_distinct * 3 <= below.n_filled
        && said.is_long()
        && is_short(who)
        && is_short(words)
}

/// The column that tells who speaks in a table of questions and answers, by what stands
/// there: few short values that take turns, of which one asks.
fn speaker_by_turns(rows: &[Row], columns: &[Column], words: usize) -> Option<usize> {
    let takes_turns = |at: &usize| {
        let column = &columns[*at];
        let is_few = column.n_distinct > 1 && column.n_distinct * 3 <= column.n_filled;
        if *at == words || column.n_times > 0 || column.is_long() || !is_few {
            return false;
        }
        let filled: Vec<(&str, &str)> = rows
            .iter()
            .map(|row| (row.cell(*at), row.cell(words)))
            .filter(|(who, _)| !who.is_empty())
            .collect();
        let n_changes = filled.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
        let mut asked: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (who, said) in &filled {
            let of = asked.entry(who).or_default();
            *of = (of.0 + usize::from(said.contains(ASKING)), of.1 + 1);
        }
        let asks = asked.values().any(|(n, of)| 2 * n >= *of);
        let answers = asked.values().any(|(n, of)| 4 * n <= *of);
        filled.len() >= MIN_ROWS && n_changes * 10 >= (filled.len() - 1) * 6 && asks && answers
    };
    (0..columns.len()).find(takes_turns)
}

/// Reads a table of either kind.
fn read_table(rows: &[Row], delimiter: char) -> Result<RawTranscript, SourceError> {
    let Some(first) = rows.first() else {
        return Err(SourceError::whole(SourceProblem::Empty));
    };
    let named = has_names(rows);
    // Some survey tools put the questions into a second row, and their own ids into a third.
    let is_import = |row: &Row| row.cells.iter().any(|cell| cell.contains("\"ImportId\""));
    let n_heads = if rows.get(2).is_some_and(is_import) { 3 } else { usize::from(named) };
    let names: &[String] = match n_heads {
        0 => &[],
        1 => &first.cells,
        _ => &rows[1].cells,
    };
    let body = &rows[n_heads..];
    let n_columns = if named {
        names.len()
    } else {
        rows.iter().map(|row| row.cells.len().min(200)).max().unwrap_or(0)
    };
    let mut roles =
        if named { Roles::by_name(&first.cells) } else { Roles::by_content(rows, n_columns) };
    let columns: Vec<Column> = (0..n_columns).map(|at| Column::look_at(body, at)).collect();
    if roles.words.is_none() && roles.speaker.is_none() && roles.person.is_none() && named {
        let found = Roles::by_content(body, n_columns);
        if heads_turns(rows) {
            (roles.words, roles.speaker) = (found.words, found.speaker);
        }
    }
    // `transcript` may name the file, beside columns of what was said in it.
    let is_id = |at: usize| columns[at].most_words < 3 && columns.iter().any(Column::is_long);
    if roles.words.is_some_and(|at| named && is_known(FILE, &fold(&names[at])) && is_id(at)) {
        roles.words = None;
    }
    if let Some(words) = roles.words.filter(|_| roles.speaker.is_none()) {
        roles.speaker = speaker_by_turns(body, &columns, words);
    }
    if roles.document.is_some() && roles.code.is_some() && roles.words.is_some() {
        return Err(SourceError::whole(SourceProblem::Codings));
    }
    let unread = |used: &[Option<usize>]| unread_columns(names, &columns, used, first.line);
    if let Some(mut raw) = labelled_cells(body, &roles) {
        raw.warnings.extend(unread(&[roles.words]));
        return Ok(raw);
    }
    if let Some(questions) = question_column(body, names, &roles, &columns) {
        let label = answering_column(&roles, &columns);
        let mut raw = read_answers(body, names, &roles, label, questions);
        raw.warnings.extend(unread(&[Some(questions), roles.words, label]));
        return finish(raw);
    }
    if roles.speaker.is_none()
        && let Some((mut raw, talks)) = cells_of_talk(body, names, &roles, &columns)
    {
        raw.warnings.extend(unread(&[Some(talks), roles.case, roles.person]));
        return finish(raw);
    }
    if let Some(words) = two_texts(body, &roles, &columns) {
        roles.words = Some(words);
    } else if named && let Some(layout) = survey_columns(&roles, &columns, names) {
        return finish(read_survey(body, names, &roles, &layout));
    }
    // `participant` names the speaker where a row is a turn.
    roles.speaker = roles.speaker.or(roles.person);
    if roles.words.is_none() && (roles.speaker.is_some() || roles.start.is_some()) {
        let taken = [roles.speaker, roles.start, roles.end, roles.case];
        roles.words = (0..n_columns)
            .filter(|at| !taken.contains(&Some(*at)) && columns[*at].n_words > columns[*at].n_times)
            .max_by_key(|&at| columns[at].n_words);
    }
    let Some(words) = roles.words else {
        return Err(SourceError::whole(SourceProblem::NoTextColumn));
    };
    roles.is_ms |= are_whole_millis(body, &roles, columns[words].n_words);
    roles.is_raised = are_raised(body, &roles);
    let parted = parted(body, names, &roles, words, n_columns);
    let mut raw = read_turns(body, &roles, words, n_columns, delimiter, parted.as_ref());
    raw.warnings.extend(parted.as_ref().map(Parted::told));
    if roles.speaker.is_none() && roles.start.is_some() {
        let time = |row: &Row| read_time(row, &roles, &mut Tally::default());
        let named = named_in_words(body.iter().map(|row| (time(row), row.cell(words))));
        (raw.text, raw.turns) = named.unwrap_or((raw.text, raw.turns));
    }
    let used = [roles.speaker, roles.start, roles.end, roles.case, Some(words)];
    raw.warnings.extend(unread(&used));
    finish(raw)
}

/// Tells of columns that hold words and are not read.
fn unread_columns(
    names: &[String],
    columns: &[Column],
    used: &[Option<usize>],
    line: usize,
) -> Vec<Diagnostic> {
    // A column without a name beside named ones is none that somebody made for numbers.
    let is_stray = |at: usize| {
        names.get(at).is_some_and(String::is_empty) && columns[at].n_words > columns[at].n_times
    };
    let is_unread =
        |at: &usize| !used.contains(&Some(*at)) && (columns[*at].holds_words() || is_stray(*at));
    let tell = |at: usize| {
        let name = names.get(at).map_or_else(|| (at + 1).to_string(), Clone::clone);
        Diagnostic::new(format!("the column `{name}` holds words that are not read"))
            .on_line(line)
            .with(Remedy::new("name the column `text` if it holds what people said"))
    };
    (0..columns.len()).filter(is_unread).map(tell).collect()
}

/// The column of who answers questions; one in which every row differs numbers the rows.
fn answering_column(roles: &Roles, columns: &[Column]) -> Option<usize> {
    let recurs = |at: &usize| columns[*at].n_distinct < columns[*at].n_filled;
    roles.speaker.or(roles.person).or(roles.case.filter(recurs))
}

/// The first of the columns that hold words where a row is a turn with its time and the talk
/// stands there twice, as it was said and translated.
fn two_texts(rows: &[Row], roles: &Roles, columns: &[Column]) -> Option<usize> {
    let speaker = roles.speaker.filter(|_| roles.words.is_none() && roles.start.is_some())?;
    let words = (0..columns.len()).find(|&at| columns[at].is_long())?;
    // Where a row begins and where it ends: a form tells when it was sent, with the date.
    let is_time = |at: Option<usize>| {
        at.map(|at| &columns[at])
            .is_some_and(|it| it.n_filled >= MIN_ROWS && it.n_times * 10 >= it.n_filled * 9)
    };
    let is_timed = is_time(roles.start) && is_time(roles.end);
    (is_timed || speaker_by_turns(rows, columns, words) == Some(speaker)).then_some(words)
}

/// Whether times that are whole numbers without a unit count milliseconds.
fn are_whole_millis(rows: &[Row], roles: &Roles, n_words: usize) -> bool {
    let cells = |at: Option<usize>| {
        rows.iter().filter_map(move |row| row.cells.get(at?)).filter(|cell| !cell.is_empty())
    };
    let read = |cell: &String| cell.parse::<u64>().ok();
    let first = cells(roles.start).next().and_then(read);
    let last = cells(roles.end.or(roles.start)).next_back().and_then(read);
    let total = first.zip(last).map_or(0, |(first, last)| last.saturating_sub(first));
    let mut all = cells(roles.start).chain(cells(roles.end));
    all.all(|cell| is_number(cell)) && are_millis(total, n_words)
}

/// Whether a spreadsheet made hours and minutes of minutes and seconds: `31:42` became
/// `31:42:00`, and some are left as they were, or no talk lasts so long.
fn are_raised(rows: &[Row], roles: &Roles) -> bool {
    let cells = |at: Option<usize>| rows.iter().filter_map(move |row| row.cells.get(at?));
    let times = || cells(roles.start).chain(cells(roles.end)).map(|cell| cell.trim());
    let (long, short): (Vec<&str>, Vec<&str>) =
        times().filter(|cell| cell.contains(':')).partition(|cell| cell.matches(':').count() > 1);
    let hours = |cell: &&str| cell.split(':').next().and_then(|hours| hours.parse::<u32>().ok());
    let is_a_day = || long.iter().filter_map(hours).any(|hours| hours >= 24);
    !long.is_empty()
        && long.iter().all(|cell| cell.ends_with(":00") && hours(cell).is_some())
        && (!short.is_empty() || is_a_day())
}

/// Reads a column of words in which each cell names its speaker, as the tables of hand
/// coders do: `Ada: words`.
fn labelled_cells(rows: &[Row], roles: &Roles) -> Option<RawTranscript> {
    // The column of cases may be that of codes.
    let case = roles.case.filter(|_| roles.case != roles.code);
    let others = [roles.speaker, roles.person, roles.start, case];
    let is_known = others.iter().any(Option::is_some);
    let words = roles.words.filter(|_| !is_known)?;
    let cells = || rows.iter().map(|row| row.cell(words)).filter(|cell| !cell.is_empty());
    let is_labelled = |cell: &&str| cell.split_once([':', '：']).is_some_and(|it| is_label(it.0));
    if cells().count() < 2 || cells().filter(is_labelled).count() * 2 < cells().count() {
        return None;
    }
    let text = cells().flat_map(|cell| [cell, "\n"]).collect();
    let labels: Vec<String> =
        cells().filter_map(|cell| cell.split_once([':', '：'])).map(|it| it.0.to_owned()).collect();
    let declared = Declared { labels, is_told: false };
    let raw = text::parse(LaidOut::new(text, false), &declared).ok()?;
    let layout = "CSV table, a cell a turn".to_owned();
    let is_named = raw.turns.iter().all(|turn| turn.label.is_some());
    is_named.then_some(RawTranscript { layout, ..raw })
}

/// The column of questions, if beside them stand their answers: most of its cells ask,
/// and they differ as they do in talk.
fn question_column(
    rows: &[Row],
    names: &[String],
    roles: &Roles,
    columns: &[Column],
) -> Option<usize> {
    let words = roles.words?;
    // Without names of columns it is the only other one that holds words.
    let mut others = (0..columns.len()).filter(|&at| at != words && columns[at].holds_words());
    let only = others.next().filter(|_| names.is_empty() && others.next().is_none());
    let named = names.iter().position(|name| is_known(QUESTION, &fold(name)));
    let at = named.or(only.filter(|&at| at < words))?;
    let n_asking = rows.iter().filter(|row| row.cell(at).contains(ASKING)).count();
    (n_asking * 2 > rows.len() && columns[at].is_told()).then_some(at)
}

/// Reads a table with a question and its answer in each row. Who answers may be named
/// beside them, in the column `label`.
fn read_answers(
    rows: &[Row],
    names: &[String],
    roles: &Roles,
    label: Option<usize>,
    questions: usize,
) -> RawTranscript {
    let mut builder = TextBuilder::default();
    let (mut width, mut bad_time) = (Width::default(), Tally::default());
    let mut above: Option<String> = None;
    for row in rows {
        if !names.is_empty() {
            width.compare(row, names.len(), names.len());
        }
        let time = read_time(row, roles, &mut bad_time);
        let own = label.map(|at| one_line(row.cell(at))).filter(|label| !label.is_empty());
        above = own.or(above);
        let answer = roles.words.map_or("", |at| row.cell(at));
        builder.push(Some("Question"), row.cell(questions), time);
        builder.push(above.as_deref(), answer, time.filter(|_| row.cell(questions).is_empty()));
    }
    let bad_time = bad_time.warn("time", "cannot be read", BAD_TIME);
    let layout = "CSV table, a question and its answer in each row";
    RawTranscript::new(layout, builder.finish(), width.warn().chain(bad_time).collect())
}

/// The columns of free text, if the table is a survey.
fn survey_columns(roles: &Roles, columns: &[Column], names: &[String]) -> Option<Vec<usize>> {
    let id = roles.case.or(roles.person);
    let is_open = |at: usize| {
        let asks = names.get(at).is_some_and(|name| name.ends_with(ASKING));
        columns[at].is_long() || (asks && columns[at].is_told())
    };
    let mut open: Vec<usize> =
        (0..columns.len()).filter(|&at| Some(at) != id && is_open(at)).collect();
    let n_long = open.iter().filter(|&&at| columns[at].is_long()).count();
    // Where no column is said to hold the words, several of them are answers.
    let has_answers = roles.words.is_none() && n_long > 1;
    if (roles.speaker.is_some() || roles.start.is_some()) && !has_answers {
        return None;
    }
    if let Some(words) = roles.words.filter(|words| !open.contains(words)) {
        open.push(words);
        open.sort_unstable();
    }
    // Where a person has several rows and no id, the rows are turns.
    let recurs = roles.case.is_none()
        && roles.person.is_some_and(|at| columns[at].n_distinct < columns[at].n_filled);
    let is_pair = roles.case.is_none() && roles.person.is_some() && names.len() == 2;
    let is_plain = roles.words.is_some() && names.len() == 1;
    let few = open.len() < 2;
    (!open.is_empty() && !(few && (recurs || is_pair || is_plain))).then_some(open)
}

/// What helps with times that cannot be read.
const BAD_TIME: &str = "write times as `0:01:02.5` or as seconds";

/// The times of a row.
fn read_time(row: &Row, roles: &Roles, bad: &mut Tally) -> Option<TimeSpan> {
    let cell = |at: Option<usize>| {
        at.and_then(|at| row.cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    };
    let start = cell(roles.start)?;
    let read = |text: &str| {
        if roles.is_ms && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let ms = text.parse().ok().filter(|&ms: &u64| ms < u64::MAX / 2)?;
            return Some(TimeSpan { start_ms: ms, end_ms: None });
        }
        let lowered = text.strip_suffix(":00").filter(|rest| roles.is_raised && rest.contains(':'));
        parse_cell(lowered.unwrap_or(text))
    };
    let Some(time) = read(start) else {
        bad.add(row.line);
        return None;
    };
    let end = cell(roles.end).and_then(read).map(|end| end.start_ms);
    let end_ms = end.filter(|&end| end >= time.start_ms).or(time.end_ms);
    Some(TimeSpan { start_ms: time.start_ms, end_ms })
}

/// Reads a table in which each row is a turn.
fn read_turns(
    rows: &[Row],
    roles: &Roles,
    words: usize,
    n_columns: usize,
    delimiter: char,
    parted: Option<&Parted>,
) -> RawTranscript {
    let mut builder = TextBuilder::default();
    let (mut width, mut bad_time) = (Width::default(), Tally::default());
    let (mut alone, mut named) = (Tally::default(), Tally::default());
    let labels: BTreeSet<String> =
        rows.iter().filter_map(|row| Some(label_fold(row.cells.get(roles.speaker?)?))).collect();
    let mut above: Option<String> = None;
    let needed = [Some(words), roles.speaker].into_iter().flatten().max().unwrap_or(words);
    for (number, row) in rows.iter().enumerate() {
        width.compare(row, needed + 1, n_columns);
        let cell = |at: Option<usize>| at.map_or("", |at| row.cell(at));
        // A sentence in the column of names is nobody's name.
        if cell(Some(words)).is_empty() && words_in(cell(roles.speaker)) > MAX_NAME_WORDS {
            alone.add(row.line);
        }
        let is_named = |line: &str| {
            let label = line.split_once([':', '：']).map(|(label, _)| label.trim());
            label
                .is_some_and(|it| is_label(it) && (labels.contains(&label_fold(it)) || is_role(it)))
        };
        if cell(Some(words)).lines().any(is_named) {
            named.add(row.line);
        }
        let Some(said) = row.cells.get(words) else { continue };
        // A comma that nobody quoted cuts the words, where they stand last.
        let rest = row.cells.get(words + 1..).filter(|_| words + 1 == n_columns);
        let mut said = said.clone();
        for cell in rest.into_iter().flatten().filter(|cell| !cell.is_empty()) {
            said.push(delimiter);
            said.push(' ');
            said.push_str(cell);
        }
        let label = roles.speaker.and_then(|at| row.cells.get(at)).map(|cell| one_line(cell));
        let label = label.map(|label| label.trim_end_matches([':', ' ']).to_owned());
        // Where a cell is empty, the speaker above goes on.
        above = label.filter(|label| !label.is_empty()).or(above);
        let label = above.as_deref().map(|label| match parted {
            Some(parted) => parted.label(number, label),
            None => label.to_owned(),
        });
        builder.push(label.as_deref(), &said, read_time(row, roles, &mut bad_time));
    }
    let told = [
        bad_time.warn("time", "cannot be read", BAD_TIME),
        alone.warn(
            "row",
            "with words only where speakers are named, not read",
            "put them into the column of words",
        ),
        named.warn(
            "cell",
            "of words with a speaker's name in it, whose words were given to the speaker of the row",
            "give each turn a row of its own",
        ),
    ];
    let warnings = width.warn().chain(told.into_iter().flatten()).collect();
    RawTranscript::new("CSV table, one row for each turn", builder.finish(), warnings)
}

/// Reads a table in which each row is a case.
fn read_survey(rows: &[Row], names: &[String], roles: &Roles, long: &[usize]) -> RawTranscript {
    let mut builder = TextBuilder::default();
    let mut width = Width::default();
    let mut attributes: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let id = roles.case.or(roles.person).filter(|at| !long.contains(at));
    let told = |row: &Row| {
        let label = one_line(row.cells.get(id?)?);
        Some(label).filter(|label| !label.is_empty())
    };
    let known: BTreeSet<String> = rows.iter().filter_map(told).map(|it| label_fold(&it)).collect();
    // Who has no id is nobody else.
    let unnamed = |number: usize| {
        let label = format!("R{number:03}");
        let more = (2..).map(|n| format!("{label} ({n})"));
        let mut ways = std::iter::once(label.clone()).chain(more);
        ways.find(|way| !known.contains(&label_fold(way))).unwrap_or_default()
    };
    let mut nameless = Tally::default();
    for (number, row) in rows.iter().enumerate() {
        width.compare(row, names.len(), names.len());
        let label = told(row).unwrap_or_else(|| {
            // Cells above one another may be one that was merged.
            if id.is_some() {
                nameless.add(row.line);
            }
            unnamed(number + 1)
        });
        let mut has_answer = false;
        for &at in long {
            let Some(answer) = row.cells.get(at).filter(|cell| !cell.trim().is_empty()) else {
                continue;
            };
            let question = names.get(at).map_or("", |name| name.as_str());
            builder.push(Some("Question"), question, None);
            builder.push(Some(&label), answer, None);
            has_answer = true;
        }
        if !has_answer {
            continue;
        }
        let known = attributes.entry(label).or_default();
        for (at, (name, cell)) in names.iter().zip(&row.cells).enumerate() {
            let (name, cell) = (one_line(name), one_line(cell));
            if Some(at) != id && !long.contains(&at) && !name.is_empty() && !cell.is_empty() {
                known.entry(name).or_insert(cell);
            }
        }
    }
    attributes.retain(|_, known| !known.is_empty());
    let layout =
        format!("CSV survey, a row a case, answers in {}", count(long.len() as u64, "column"));
    let nameless = nameless.warn(
        "row",
        "without a name where others have one, each taken for somebody else",
        "if a row belongs to the person above, write the name in it too",
    );
    let raw = RawTranscript::new(layout, builder.finish(), width.warn().chain(nameless).collect());
    RawTranscript { attributes, ..raw }
}

/// Refuses a table in which nobody says anything.
fn finish(raw: RawTranscript) -> Result<RawTranscript, SourceError> {
    if raw.turns.is_empty() {
        return Err(SourceError::whole(SourceProblem::NoSpeech));
    }
    Ok(raw)
}
