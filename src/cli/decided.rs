//! What is printed once a decision is kept.

use std::io::Write;

use crate::report::layout::wrap;
use crate::study::decisions::Decided;

/// Says which decision was kept. The line is written out at once: whoever reads it
/// may rely on the decision.
pub(crate) fn write_decided(out: &mut impl Write, decided: &Decided) -> anyhow::Result<()> {
    let decision = &decided.decision;
    let text =
        format!("Decision {}: {} {}.", decision.number, decision.verb.past(), decision.about);
    for line in wrap(&text, super::columns()) {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    let mut err = anstream::stderr().lock();
    for note in &decided.notes {
        writeln!(err, "note: {note}")?;
    }
    Ok(())
}
