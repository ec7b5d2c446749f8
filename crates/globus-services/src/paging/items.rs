//! [`Items`]: the items of a list as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use globus_transport::Error;

use super::{Cursor, Page, Pages};

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
    /// Where the page at hand starts, with what was read of it before it was fetched.
    start: Cursor,
    /// How many of its items were given.
    given: u64,
}

impl<P: Page> Items<P> {
    pub(super) fn new(pages: Pages<P>) -> Self {
        let start = pages.cursor();
        Self { pages, current: Vec::new().into_iter(), start, given: 0 }
    }

    /// How many items are asked for at once, at least 1; the service may send fewer.
    #[must_use]
    pub fn with_page_size(mut self, items: u64) -> Self {
        self.pages = self.pages.with_page_size(items);
        self
    }

    /// At most so many items in all.
    #[must_use]
    pub fn with_limit(mut self, items: u64) -> Self {
        self.pages = self.pages.with_limit(items);
        self.start = self.pages.cursor();
        self
    }

    /// Whether the next page is fetched while the items of the last one are given; it is, unless switched off.
    #[must_use]
    pub fn with_prefetch(mut self, prefetch: bool) -> Self {
        self.pages = self.pages.with_prefetch(prefetch);
        self
    }

    /// Goes on where another stream of the same list has got to: what that had given is not given again.
    #[must_use]
    pub fn resume(mut self, cursor: Cursor) -> Self {
        self.pages = self.pages.resume(cursor);
        self.start = self.pages.cursor();
        self
    }

    /// Where the next item is.
    pub fn cursor(&self) -> Cursor {
        if self.current.len() == 0 {
            return self.pages.cursor();
        }
        let mut cursor = self.start.clone();
        cursor.read += self.given;
        cursor.remaining = cursor.remaining.map(|remaining| remaining.saturating_sub(self.given));
        cursor
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
                self.given += 1;
                return Poll::Ready(Ok(Some(item)));
            }
            // The start of the page that comes next.
            let start = self.pages.cursor();
            match ready!(self.pages.poll_page(cx))? {
                Some(mut page) => {
                    self.current = std::mem::take(page.items_mut()).into_iter();
                    (self.start, self.given) = (start, 0);
                }
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
