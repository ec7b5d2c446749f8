//! Lists that come in pages, as streams that are guaranteed to end.

mod cursor;
mod fetch;
mod items;
mod page;
mod pages;
mod progress;
mod rule;

pub use cursor::Cursor;
pub use items::Items;
pub use page::Page;
pub(crate) use page::{PageInfo, sealed::Paged};
pub use pages::Pages;
pub(crate) use rule::{End, Paging};
