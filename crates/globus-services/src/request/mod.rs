//! A request as a value: made by a client's method, completed by chained setters, sent by `.await`.
//!
//! - [`Call`] holds everything that is sent, and is what the other types wrap.
//! - [`Request`] is a call whose answer is decoded into a type.
//! - `request!` declares a type of its own for an operation with optional parameters.
//! - `payload!` declares a document that is sent.
//! - [`RawRequest`] is the way to any other route.

mod call;
mod declare;
pub(crate) mod encode;
pub(crate) mod payload;
mod raw;
mod typed;
mod wire;

pub(crate) use call::Call;
pub(crate) use declare::{call_settings, request};
pub use encode::OneOrMany;
pub(crate) use payload::payload;
pub use raw::RawRequest;
pub use typed::{Request, ResponseFuture};
