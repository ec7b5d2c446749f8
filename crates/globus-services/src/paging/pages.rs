//! [`Pages`]: the pages of a list as a stream.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use globus_transport::{Error, ErrorKind};

use super::fetch::Fetch;
use super::{Items, Page, Paging};
use crate::request::{Request, encode};

/// The pages of a list, each fetched when it is asked for. Made by `.pages()` of a request.
///
/// The stream ends after the last page, when the request's `limit` is reached, or after the first error: a service
/// that claims another page and sends none is such an error, and so is a page that does not say whether it is the last.
/// Dropping it in the middle of a page ends that request only. A page is fetched in a task of its own, so that needs a Tokio runtime.
pub struct Pages<P> {
    request: Request<P>,
    paging: Paging,
    page_size: u64,
    /// Where the next page starts.
    offset: u64,
    /// How many items may still come, by the caller's `limit` and the service's cap.
    remaining: Option<u64>,
    fetching: Option<Fetch<P>>,
    ended: bool,
}

impl<P: Page> Pages<P> {
    pub(crate) fn new(request: Request<P>, paging: Paging) -> Self {
        let offset = request.call().query_number("offset").unwrap_or(0);
        let limit = request.call().query_number("limit");
        let cap = paging.cap.map(|cap| cap.saturating_sub(offset));
        let remaining = [limit, cap].into_iter().flatten().min();
        let page_size = paging.page_size;
        Self { request, paging, page_size, offset, remaining, fetching: None, ended: remaining == Some(0) }
    }

    /// How many items are asked for at once, at least 1; the service may send fewer.
    #[must_use]
    pub fn with_page_size(mut self, items: u64) -> Self {
        self.page_size = items.max(1);
        self
    }

    /// The items of the pages, one by one.
    pub fn items(self) -> Items<P> {
        Items::new(self)
    }

    /// The next page; `None` after the last.
    ///
    /// Cancel-safe: a page that was being fetched when the future was dropped is fetched on, and is there for the next who asks.
    ///
    /// # Errors
    /// What the request's `.await` could return, or that the service's pages make no progress. The stream ends with it.
    pub async fn try_next(&mut self) -> Result<Option<P>, Error> {
        std::future::poll_fn(|cx| self.poll_page(cx)).await
    }

    pub(super) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<P>, Error>> {
        if self.ended {
            return Poll::Ready(Ok(None));
        }
        let fetching = self.fetching.get_or_insert_with(|| {
            let mut request = self.request.clone();
            let size = self.remaining.map_or(self.page_size, |remaining| remaining.min(self.page_size));
            request.call_mut().set_query("limit", encode::number(size));
            if self.offset > 0 {
                request.call_mut().set_query("offset", encode::number(self.offset));
            }
            Fetch::start(request.into_future())
        });
        let answer = ready!(fetching.poll(cx));
        self.fetching = None;
        let page = answer.and_then(|page| self.advance(page));
        if page.is_err() {
            self.ended = true;
        }
        Poll::Ready(page)
    }

    /// Moves on past `page`: cuts what the caller did not ask for, and decides whether there is another.
    fn advance(&mut self, mut page: P) -> Result<Option<P>, Error> {
        let info = page.info();
        let received = info.len as u64;
        self.offset = self.offset.saturating_add(received);
        let more = self.paging.rule.more(&info, self.offset).ok_or_else(|| {
            self.broken("the answer does not say whether there is another page; the service has changed, or is another")
        })?;
        if let Some(remaining) = &mut self.remaining {
            page.truncate(usize::try_from(*remaining).unwrap_or(usize::MAX));
            *remaining = remaining.saturating_sub(received);
        }
        self.ended = !more || self.remaining == Some(0);
        if !self.ended && received == 0 {
            return Err(self.broken("the service claims more items and sends none; try again later"));
        }
        Ok(if received == 0 && self.ended { None } else { Some(page) })
    }

    fn broken(&self, what: &str) -> Error {
        let operation = self.request.call().operation();
        Error::new(ErrorKind::Paging, format!("{operation}, at item {}: {what}", self.offset))
    }
}

impl<P: Page> Stream for Pages<P> {
    type Item = Result<P, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(cx).map(Result::transpose)
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("request", &self.request)
            .field("offset", &self.offset)
            .field("remaining", &self.remaining)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
