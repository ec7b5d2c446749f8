//! Lists in pages, in the ways that Transfer has.

use http::StatusCode;
use serde_json::{Value, json};

use super::error::TransferError;
use super::{Answer, number};
use crate::http::{Call, json as reply};

/// Pages are no longer than this.
const MOST: usize = 1000;

/// `limit` and `offset`.
pub(crate) fn window(call: &Call, default: usize) -> Result<(usize, usize), TransferError> {
    let (offset, limit) = (number(call, "offset", 0)?, number(call, "limit", default)?);
    if limit > MOST {
        return Err(TransferError::invalid(format!("'limit' must not be more than {MOST}")));
    }
    Ok((offset, limit))
}

/// A page by `limit` and `offset`, with the total.
pub(crate) fn by_offset(call: &Call, data_type: &str, documents: Vec<Value>) -> Answer {
    let (offset, limit) = window(call, 10)?;
    let total = documents.len();
    let page: Vec<Value> = documents.into_iter().skip(offset).take(limit).collect();
    Ok(reply(
        StatusCode::OK,
        &json!({
            "DATA_TYPE": data_type,
            "length": page.len(),
            "limit": limit,
            "offset": offset,
            "total": total,
            "DATA": page,
        }),
    ))
}

const MARKED: usize = 100;

/// A page by `marker`, which is the place of its first entry.
pub(crate) fn by_marker<'a, T: 'a>(
    call: &Call,
    data_type: &str,
    entries: impl ExactSizeIterator<Item = &'a T>,
    document: impl Fn(&T) -> Value,
) -> Answer {
    let total = entries.len();
    let start = number(call, "marker", 0)?.min(total);
    let page: Vec<Value> = entries.skip(start).take(MARKED).map(document).collect();
    let end = start + page.len();
    Ok(reply(
        StatusCode::OK,
        &json!({
            "DATA_TYPE": data_type,
            "marker": start,
            "next_marker": (end < total).then_some(end),
            "DATA": page,
        }),
    ))
}

/// A list in one piece.
pub(crate) fn whole(data_type: &str, documents: &[Value]) -> Value {
    json!({ "DATA_TYPE": data_type, "length": documents.len(), "DATA": documents })
}
