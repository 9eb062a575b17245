//! An act of a person, and what is printed once it is done.

use std::io::Write;

use anyhow::Context as _;

use crate::codebook::act::Act;
use crate::rendering::layout::wrap;
use crate::session::{Decided, Person, Session};

/// Carries out an act as it was meant when the study was looked at, and says so.
pub(crate) fn act(
    session: &Session,
    person: &Person,
    act: &Act,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let seen = session.snapshot().n_decisions()?;
    let decided = session.act(person, seen, act)?;
    write_decided(out, &session.snapshot().shown(decided))
}

/// Says which decision was kept. The line is written out at once: whoever reads it
/// may rely on the decision.
pub(crate) fn write_decided(out: &mut impl Write, decided: &Decided) -> anyhow::Result<()> {
    let Some(decision) = &decided.decision else { return Ok(()) };
    let text =
        format!("Decision {}: {} {}.", decision.number, decision.verb.past(), decision.about);
    let mut write = || {
        wrap(&text, super::columns()).iter().try_for_each(|line| writeln!(out, "{line}"))?;
        out.flush()
    };
    let kept = || format!("decision {} is kept, but nothing more can be written", decision.number);
    write().with_context(kept)?;
    let mut err = super::output::stderr();
    for note in &decided.notes {
        writeln!(err, "note: {note}")?;
    }
    Ok(())
}
