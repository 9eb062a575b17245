//! A second start knocks at the first: the study that lies open already is opened in another
//! window, and no second workbench is started beside it.
//!
//! The first notes its port under the store. Whoever listens there must be asked: a note
//! of a process that was killed is answered by nobody, or by a stranger. So the second says
//! that it knows what the study's own pages know, without saying it, by the answer to a
//! question, as pages do that come in again.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use super::door::answer_to;
use crate::personal::secret;

/// How long the second start waits for the first.
const PATIENCE: Duration = Duration::from_secs(2);
/// The most that an answer of ours holds.
const MOST: u64 = 8_000;

/// A new address of the workbench in which this study lies open; `None` if it does in none
/// that may be joined but the one at `own_port`.
pub(crate) fn knock(root: &Path, store: Option<&Path>, own_port: Option<u16>) -> Option<String> {
    let (port, pages) = secret::served(root, store).filter(|(port, _)| Some(*port) != own_port)?;
    let question = asked(port, "GET /again", "")?;
    let answer = answer_to(&question, &pages, port);
    let address = asked(port, "POST /knock", &format!("question={question}&answer={answer}"))?;
    address.starts_with(&format!("http://127.0.0.1:{port}/enter?link=")).then_some(address)
}

/// What is answered at this port.
fn asked(port: u16, what: &str, form: &str) -> Option<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    let request = format!(
        "{what} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.take(MOST).read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.starts_with("HTTP/1.1 200").then(|| body.to_owned())
}
