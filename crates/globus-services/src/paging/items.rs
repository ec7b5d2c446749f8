//! [`Items`]: the items of a list as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use globus_transport::Error;

use super::{Page, Pages};

/// The items of a list, whose pages are fetched as they are needed. Made by `.items()` of a request.
///
/// ```no_run
/// # #[cfg(feature = "transfer")]
/// # async fn example(transfer: globus_services::transfer::TransferClient) -> Result<(), globus_transport::Error> {
/// let mut endpoints = transfer.endpoint_search().filter_fulltext("climate").limit(50).items();
/// while let Some(endpoint) = endpoints.try_next().await? {
///     println!("{}", endpoint.id);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Items<P: Page> {
    pages: Pages<P>,
    current: std::vec::IntoIter<P::Item>,
}

impl<P: Page> Items<P> {
    pub(super) fn new(pages: Pages<P>) -> Self {
        Self { pages, current: Vec::new().into_iter() }
    }

    /// How many items are asked for at once, at least 1; the service may send fewer.
    #[must_use]
    pub fn with_page_size(mut self, items: u64) -> Self {
        self.pages = self.pages.with_page_size(items);
        self
    }

    /// The next item; `None` after the last.
    ///
    /// Cancel-safe: no item is lost when the future is dropped.
    ///
    /// # Errors
    /// As for [`Pages::try_next`]; the items before it were given. The stream ends with it.
    pub async fn try_next(&mut self) -> Result<Option<P::Item>, Error> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// All items that are left, in memory.
    ///
    /// # Errors
    /// As for [`Pages::try_next`]; what came before is dropped.
    pub async fn try_collect(mut self) -> Result<Vec<P::Item>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.try_next().await? {
            all.push(item);
        }
        Ok(all)
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<P::Item>, Error>> {
        loop {
            if let Some(item) = self.current.next() {
                return Poll::Ready(Ok(Some(item)));
            }
            match ready!(self.pages.poll_page(cx))? {
                Some(page) => self.current = page.into_items().into_iter(),
                None => return Poll::Ready(Ok(None)),
            }
        }
    }
}

// Nothing in it is pinned in place: the future of a page is boxed.
impl<P: Page> Unpin for Items<P> {}

impl<P: Page> Stream for Items<P> {
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx).map(Result::transpose)
    }
}

impl<P: Page> fmt::Debug for Items<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).field("at_hand", &self.current.len()).finish()
    }
}
