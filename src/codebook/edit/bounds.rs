//! Other bounds for a quotation.

use super::{Quote, refused};
use crate::codebook::{Change, Codebook, CodebookError, Quotation, QuotationId};

/// Gives a quotation other bounds; its codes, its stance and its memos stay.
///
/// # Errors
/// [`CodebookError::Refused`] if a quotation has these bounds already;
/// [`CodebookError::Unknown`] if it is gone.
pub fn resize_quotation(
    codebook: &Codebook,
    id: QuotationId,
    quote: Quote,
) -> Result<Vec<Change>, CodebookError> {
    let known = codebook.quotation(id)?.clone();
    if let Some(same) = codebook.quotations.values().find(|other| other.place == quote.place) {
        let problem = format!("quotation {} has these bounds already", same.id.0);
        let advice = if same.id == id {
            "mark more words, or fewer"
        } else {
            "give that one the code, and remove this one"
        };
        return refused(problem, advice);
    }
    let Quote { place, text } = quote;
    Ok(vec![Change::PutQuotation(Quotation { place, text, ..known })])
}
