//! Lists that come in pages, as streams that are guaranteed to end.

mod items;
mod page;
mod pages;

pub use items::Items;
pub use page::{Page, PageInfo};
pub(crate) use page::{Paging, Rule};
pub use pages::Pages;
