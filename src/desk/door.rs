//! Who may come in: nobody but the browser of whoever started the workbench.
//!
//! A request comes in; a reason to turn it away goes out, or none. The door listens on
//! 127.0.0.1 only. A page of another site cannot ask anything: its host, its origin or
//! its `Sec-Fetch-Site` gives it away. A program of another user cannot: it does not have
//! the cookie, which a link gives that works once, within a minute, or the answer to a
//! question, which a page gives that was let in before the workbench was started anew.
//! Cookies are not kept apart by port, so whatever changes anything also carries the key of the page.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use sha2::{Digest as _, Sha256};

/// How long a link waits to be opened, and a question to be answered.
const PATIENCE: Duration = Duration::from_mins(1);
/// How many questions wait for their answers at most.
const MOST_QUESTIONS: usize = 16;
/// The header in which a script sends the key of its page.
const KEY_HEADER: &str = "x-leitmotif-key";
/// The header in which a browser says whether a page of ours asks.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The longest address, and the most bytes of headers, that a page of ours needs.
const MOST_OF_HEAD: usize = 8_000;

/// What every answer carries. Words of participants must not stay in a browser's cache,
/// and nothing of a page may come from, or go, anywhere else.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
];

/// Why somebody is turned away, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The address names another host than this computer.
    Host,
    /// A page of another site asks.
    Elsewhere,
    /// The cookie is missing or another one.
    Stranger,
    /// The link was used, or has waited too long.
    Link,
    /// What would change something does not carry the key of the page.
    Key,
    /// The address is longer than any of ours.
    LongAddress,
    /// What the browser sends with it is.
    LongHead,
}

impl Refusal {
    /// What is wrong, and what helps.
    pub(crate) fn text(self) -> [&'static str; 2] {
        match self {
            Self::Host => [
                "This address is not the workbench’s own.",
                "Open the address that the terminal shows.",
            ],
            Self::Elsewhere => [
                "Another web site has asked for this page.",
                "Open the address that the terminal shows.",
            ],
            Self::Stranger => [
                "This browser has not been let in.",
                "Start Leitmotif again as you started it, or press Enter in its terminal: it shows a new address.",
            ],
            Self::Link => [
                "This address has been used already, or is older than a minute.",
                "Start Leitmotif again as you started it, or press Enter in its terminal: it shows a new address.",
            ],
            Self::Key => [
                "This page was opened before the workbench was started.",
                "Nothing was changed. Load the page again, then repeat it.",
            ],
            Self::LongAddress => {
                ["This address is too long.", "Ask for less, such as fewer words at once."]
            }
            Self::LongHead => [
                "The browser sends too much with this request.",
                "Delete the cookies of 127.0.0.1 in the browser, then open a new address.",
            ],
        }
    }

    /// What it is answered with.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::LongAddress => StatusCode::URI_TOO_LONG,
            Self::LongHead => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            _ => StatusCode::FORBIDDEN,
        }
    }
}

/// The door of one workbench.
pub(crate) struct Door {
    port: u16,
    cookie: String,
    session: String,
    page_key: String,
    /// What pages know that were let in, now or by a process before this one. It is never
    /// sent back: whoever answers at our port while we are gone must not learn it.
    pages: String,
    link: Mutex<Option<(String, Instant)>>,
    questions: Mutex<Vec<(String, Instant)>>,
}

impl Door {
    /// A door for the workbench at this port, with secrets of its own but for what `pages`
    /// know; `study` tells its cookie from that of another study.
    pub(crate) fn new(port: u16, study: &str, pages: String) -> io::Result<Self> {
        let name = blake3::hash(study.as_bytes()).to_hex();
        Ok(Self {
            port,
            cookie: format!("leitmotif_{}", &name[..8]),
            session: secret()?,
            page_key: secret()?,
            pages,
            link: Mutex::new(None),
            questions: Mutex::default(),
        })
    }

    /// The key that forms and scripts of our pages carry.
    pub(crate) fn page_key(&self) -> &str {
        &self.page_key
    }

    /// What a page of ours knows, so that it can come in again.
    pub(crate) fn known_to_pages(&self) -> &str {
        &self.pages
    }

    /// A question that only a page can answer which knows what our pages know.
    pub(crate) fn new_question(&self, now: Instant) -> io::Result<String> {
        let question = secret()?;
        let mut waiting = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() == MOST_QUESTIONS {
            waiting.remove(0);
        }
        waiting.push((question.clone(), now));
        Ok(question)
    }

    /// Lets a page in again that answers a question, once: the cookie that it gets. An answer
    /// that was given at another port is none, so that nobody can hand it on.
    pub(crate) fn enter_again(
        &self,
        question: &str,
        answer: &str,
        now: Instant,
    ) -> Result<HeaderValue, Refusal> {
        self.check_answer(question, answer, now)?;
        self.cookie()
    }

    /// Whether a question is answered by whoever knows what our pages know, once.
    pub(crate) fn check_answer(
        &self,
        question: &str,
        answer: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        let mut waiting = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        let at = waiting.iter().position(|(known, _)| is_same(known, question));
        let (question, asked) = waiting.remove(at.ok_or(Refusal::Stranger)?);
        let is_fresh = now.saturating_duration_since(asked) <= PATIENCE;
        let right = answer_to(&question, &self.pages, self.port);
        if is_fresh && is_same(&right, answer) { Ok(()) } else { Err(Refusal::Stranger) }
    }

    /// Where it is.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The cookie of a browser that was let in.
    pub(crate) fn cookie(&self) -> Result<HeaderValue, Refusal> {
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie, self.session);
        HeaderValue::from_str(&cookie).map_err(|_not_ascii| Refusal::Link)
    }

    /// A new address that lets one browser in; the one before works no more.
    pub(crate) fn new_link(&self, now: Instant) -> io::Result<String> {
        let link = secret()?;
        let address = format!("http://127.0.0.1:{}/enter?link={link}", self.port);
        *self.link.lock().unwrap_or_else(PoisonError::into_inner) = Some((link, now));
        Ok(address)
    }

    /// Uses a link: the cookie that it gives.
    pub(crate) fn enter(&self, link: &str, now: Instant) -> Result<HeaderValue, Refusal> {
        let mut known = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        let is_good = known.as_ref().is_some_and(|(secret, made)| {
            is_same(secret, link) && now.saturating_duration_since(*made) <= PATIENCE
        });
        if !is_good {
            return Err(Refusal::Link);
        }
        *known = None;
        self.cookie()
    }

    /// Whether a request is from this computer's own page, or from no page at all.
    pub(crate) fn check_origin(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let hosts = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        let is_ours = |host: &str| hosts.iter().any(|known| host.eq_ignore_ascii_case(known));
        if !text(&HOST).is_some_and(is_ours) || headers.get_all(HOST).iter().count() != 1 {
            return Err(Refusal::Host);
        }
        let site = headers.get(FETCH_SITE).map(HeaderValue::as_bytes);
        let is_own_page = site == Some(b"same-origin");
        let is_known = |from: &str| match from.strip_prefix("http://") {
            Some(host) => is_ours(host),
            // A form of a page that sends no referrer has no origin either; then only the
            // browser's own word counts.
            None => from == "null" && is_own_page,
        };
        let is_once = |name: &HeaderName| headers.get_all(name).iter().count() <= 1;
        if !text(&ORIGIN).is_none_or(is_known) || !is_once(&ORIGIN) || !is_once(&FETCH_SITE) {
            return Err(Refusal::Elsewhere);
        }
        match site {
            None | Some(b"same-origin" | b"none") => Ok(()),
            Some(_) => Err(Refusal::Elsewhere),
        }
    }

    /// Whether a request is as long as one of our pages makes it.
    pub(crate) fn check_length(uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let n_address = uri.path().len() + uri.query().map_or(0, str::len);
        if n_address > MOST_OF_HEAD {
            return Err(Refusal::LongAddress);
        }
        let lengths = headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        if lengths.sum::<usize>() > MOST_OF_HEAD { Err(Refusal::LongHead) } else { Ok(()) }
    }

    /// Whether a request carries the cookie.
    pub(crate) fn check_cookie(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|line| line.split(';')).filter_map(|it| it.split_once('='));
        let is_ours = pairs.any(|(name, value)| {
            name.trim() == self.cookie && is_same(&self.session, value.trim())
        });
        if is_ours { Ok(()) } else { Err(Refusal::Stranger) }
    }

    /// Whether what would change something carries the key of a page of ours, in its
    /// header or in this field of its form.
    pub(crate) fn check_key(
        &self,
        headers: &HeaderMap,
        field: Option<&str>,
    ) -> Result<(), Refusal> {
        let header = headers.get(KEY_HEADER).and_then(|value| value.to_str().ok());
        let is_ours = header.or(field).is_some_and(|key| is_same(&self.page_key, key));
        if is_ours { Ok(()) } else { Err(Refusal::Key) }
    }
}

/// Whether a method changes nothing.
pub(crate) fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Gives an answer what every answer carries; one that says how long it may be kept
/// keeps that.
pub(crate) fn guard(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
}

/// What a page answers that knows what `pages` know and stands at this port: a hash, as
/// browsers make it.
pub(crate) fn answer_to(question: &str, pages: &str, port: u16) -> String {
    let hash = Sha256::digest(format!("{pages} {port} {question} {pages}"));
    hash.iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// A secret of 32 random bytes of the operating system, in hexadecimal digits.
pub(crate) fn secret() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(blake3::hash(&bytes).to_hex().to_string())
}

/// Whether a secret is the one that is known; the time it takes tells nothing.
fn is_same(known: &str, given: &str) -> bool {
    blake3::hash(known.as_bytes()) == blake3::hash(given.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door() -> Door {
        Door::new(8080, "/home/ann/interviews", "known".to_owned()).unwrap()
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_str(text).unwrap();
        pairs.iter().map(|(name, text)| (HeaderName::from_static(name), value(text))).collect()
    }

    fn link_of(address: &str) -> &str {
        address.split_once("link=").unwrap().1
    }

    #[test]
    fn a_link_works_once_and_for_a_minute() {
        let (door, now) = (door(), Instant::now());
        let address = door.new_link(now).unwrap();
        assert!(address.starts_with("http://127.0.0.1:8080/enter?link="));
        assert_eq!(door.enter("", now), Err(Refusal::Link));
        let late = now + PATIENCE + Duration::from_millis(1);
        assert_eq!(door.enter(link_of(&address), late), Err(Refusal::Link));
        assert!(door.enter(link_of(&address), now + PATIENCE).is_ok());
        assert_eq!(door.enter(link_of(&address), now), Err(Refusal::Link));
        let before = door.new_link(now).unwrap();
        assert!(door.new_link(now).is_ok());
        assert_eq!(door.enter(link_of(&before), now), Err(Refusal::Link));
    }

    #[test]
    fn a_page_comes_in_again_by_what_it_knows_and_answers_once() {
        let (door, now) = (door(), Instant::now());
        // As other programs make it, so that browsers agree.
        assert_eq!(
            answer_to("question", "known", 8080),
            "126cb591e83a3212663dcf732f6f3bc042d5d73db7e604fdbf65cc20d55131fe"
        );
        let ask = || door.new_question(now).unwrap();
        let question = ask();
        let right = answer_to(&question, "known", 8080);
        let cookie = door.enter_again(&question, &right, now).unwrap();
        assert_eq!(door.check_cookie(&headers(&[("cookie", cookie.to_str().unwrap())])), Ok(()));
        let refused = Err(Refusal::Stranger);
        assert_eq!(door.enter_again(&question, &right, now), refused);
        for (pages, port) in [("guessed", 8080), ("known", 8081)] {
            let question = ask();
            assert_eq!(
                door.enter_again(&question, &answer_to(&question, pages, port), now),
                refused
            );
            let right = answer_to(&question, "known", 8080);
            assert_eq!(door.enter_again(&question, &right, now), refused);
        }
        let question = ask();
        let (right, late) = (answer_to(&question, "known", 8080), now + PATIENCE * 2);
        assert_eq!(door.enter_again(&question, &right, late), refused);
        let forgotten = ask();
        (0..MOST_QUESTIONS).for_each(|_| drop(ask()));
        let right = answer_to(&forgotten, "known", 8080);
        assert_eq!(door.enter_again(&forgotten, &right, now), refused);
    }

    #[test]
    fn other_hosts_and_sites_are_turned_away() {
        let door = door();
        let check = |pairs: &[(&'static str, &str)], expected| {
            assert_eq!(door.check_origin(&headers(pairs)), expected, "{pairs:?}");
        };
        check(&[("host", "127.0.0.1:8080")], Ok(()));
        check(&[("host", "LOCALHOST:8080"), ("sec-fetch-site", "none")], Ok(()));
        for host in ["127.0.0.1", "127.0.0.1:80", "rebound.example:8080", "127.0.0.1:8080.x", ""] {
            check(&[("host", host)], Err(Refusal::Host));
        }
        check(&[], Err(Refusal::Host));
        let ours = ("host", "localhost:8080");
        for origin in
            ["null", "http://evil.example", "https://127.0.0.1:8080", "http://127.0.0.1:81"]
        {
            check(&[ours, ("origin", origin)], Err(Refusal::Elsewhere));
        }
        check(&[ours, ("origin", "http://localhost:8080")], Ok(()));
        check(&[ours, ("origin", "null"), ("sec-fetch-site", "same-origin")], Ok(()));
        let none = [ours, ("origin", "null"), ("sec-fetch-site", "none")];
        check(&none, Err(Refusal::Elsewhere));
        let mut twice = headers(&[ours, ("origin", "http://localhost:8080")]);
        twice.append(ORIGIN, HeaderValue::from_static("http://evil.example"));
        assert_eq!(door.check_origin(&twice), Err(Refusal::Elsewhere));
        for site in ["cross-site", "same-site", "anything"] {
            check(&[ours, ("sec-fetch-site", site)], Err(Refusal::Elsewhere));
        }
    }

    #[test]
    fn what_is_too_long_is_turned_away() {
        let uri = |n: usize| format!("/quotes?q={}", "a".repeat(n)).parse::<Uri>().unwrap();
        let none = HeaderMap::new();
        assert_eq!(Door::check_length(&uri(7_000), &none), Ok(()));
        assert_eq!(Door::check_length(&uri(8_000), &none), Err(Refusal::LongAddress));
        let long = headers(&[("cookie", &"a".repeat(8_000))]);
        assert_eq!(Door::check_length(&uri(1), &long), Err(Refusal::LongHead));
    }

    #[test]
    fn cookie_and_key_must_be_those_of_this_workbench() {
        let (door, now) = (door(), Instant::now());
        let address = door.new_link(now).unwrap();
        let cookie = door.enter(link_of(&address), now).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"));
        let pair = cookie.split(';').next().unwrap();
        let with = |cookie: &str| door.check_cookie(&headers(&[("cookie", cookie)]));
        assert_eq!(with(pair), Ok(()));
        assert_eq!(with(&format!("a=b; {pair}; c=d")), Ok(()));
        assert_eq!(with(&format!("{pair}0")), Err(Refusal::Stranger));
        assert_eq!(with(""), Err(Refusal::Stranger));
        assert_eq!(door.check_cookie(&headers(&[])), Err(Refusal::Stranger));
        let none = headers(&[]);
        let key = door.page_key();
        assert_eq!(door.check_key(&none, Some(key)), Ok(()));
        assert_eq!(door.check_key(&none, None), Err(Refusal::Key));
        assert_eq!(door.check_key(&none, Some(door.session.as_str())), Err(Refusal::Key));
        assert_eq!(door.check_key(&headers(&[(KEY_HEADER, key)]), None), Ok(()));
        assert_eq!(door.check_key(&headers(&[(KEY_HEADER, "0")]), Some(key)), Err(Refusal::Key));
    }
}
