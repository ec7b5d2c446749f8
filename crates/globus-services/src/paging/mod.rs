//! Lists that come in pages, as streams that are guaranteed to end.

mod fetch;
mod items;
mod page;
mod pages;

pub use items::Items;
pub use page::Page;
pub(crate) use page::sealed::Paged;
pub(crate) use page::{PageInfo, Paging, Rule};
pub use pages::Pages;
