//! [`Pages`]: the pages of a list as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use globus_transport::{Error, ErrorKind};

use super::cursor::Position;
use super::fetch::Fetch;
use super::progress::Progress;
use super::rule::Step;
use super::{Cursor, Items, Page, Paging};
use crate::request::{Request, encode};

/// The pages of a list. Made by `.pages()` of a request.
///
/// While a page is worked on, the next one is fetched; no more than one, and not with `with_prefetch(false)`.
///
/// The stream ends after the last page, when as many items came as were asked for, or after the first error: a service
/// that claims another page and sends none, or goes in circles, is such an error, and so is a page that does not say whether it is
/// the last. Pages are fetched in tasks of their own, so that needs a Tokio runtime.
pub struct Pages<P> {
    request: Request<P>,
    paging: Paging,
    page_size: Option<u64>,
    /// Where the next page starts.
    position: Position,
    /// How many of its items were read before.
    read: u64,
    /// How many items came; with offsets, the next one's.
    seen: u64,
    /// How many items may still come, by the caller's limit and the service's cap.
    remaining: Option<u64>,
    prefetch: bool,
    fetch: Option<Fetch<P>>,
    progress: Progress,
}

impl<P: Page> Pages<P> {
    pub(crate) fn new(request: Request<P>, paging: Paging) -> Self {
        let by_offset = matches!(paging.step, Step::Offset);
        let seen = request.call().query_number("offset").filter(|_| by_offset).unwrap_or(0);
        let limit = request.call().query_number("limit").filter(|_| by_offset);
        let cap = paging.cap.map(|cap| cap.saturating_sub(seen));
        Self {
            page_size: paging.size.and_then(|(_, items)| items),
            position: if seen > 0 { Position::Offset(seen) } else { Position::Start },
            read: 0,
            seen,
            remaining: [limit, cap].into_iter().flatten().min(),
            prefetch: true,
            fetch: None,
            progress: Progress::default(),
            request,
            paging,
        }
    }

    /// How many items are asked for at once, at least 1; the service may send fewer. Some lists leave it to the service.
    #[must_use]
    pub fn with_page_size(mut self, items: u64) -> Self {
        self.page_size = Some(items.max(1));
        self
    }

    /// At most so many items in all.
    #[must_use]
    pub fn with_limit(mut self, items: u64) -> Self {
        self.remaining = Some(self.remaining.map_or(items, |remaining| remaining.min(items)));
        self
    }

    /// Whether the next page is fetched while the last one is worked on; it is, unless switched off. A stream that is not read
    /// to its end then costs one request more.
    #[must_use]
    pub fn with_prefetch(mut self, prefetch: bool) -> Self {
        self.prefetch = prefetch;
        self
    }

    /// Goes on where another stream of the same list has got to.
    #[must_use]
    pub fn resume(mut self, cursor: Cursor) -> Self {
        if let Position::Offset(offset) = cursor.position {
            self.seen = offset;
        }
        self.read = cursor.read;
        self.position = cursor.position;
        self.remaining = cursor.remaining;
        self
    }

    /// Where the next page starts.
    pub fn cursor(&self) -> Cursor {
        Cursor { position: self.position.clone(), read: self.read, remaining: self.remaining }
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
        if self.fetch.is_none() {
            if self.has_ended() {
                return Poll::Ready(Ok(None));
            }
            self.fetch = Some(Fetch::start(self.next_request()?));
        }
        let Some(fetch) = &mut self.fetch else { return Poll::Ready(Ok(None)) };
        let answer = ready!(fetch.poll(cx));
        self.fetch = None;
        let page = answer.and_then(|page| self.advance(page));
        if page.is_err() {
            self.position = Position::End;
        } else if self.prefetch && !self.has_ended() {
            self.fetch = self.next_request().ok().map(Fetch::start);
        }
        Poll::Ready(page)
    }

    fn has_ended(&self) -> bool {
        self.position == Position::End || self.remaining == Some(0)
    }

    fn next_request(&mut self) -> Result<Request<P>, Error> {
        let mut request = self.request.clone();
        let call = request.call_mut();
        if let (Some((parameter, _)), Some(size)) = (self.paging.size, self.page_size) {
            // What was read of the page comes again.
            let wanted =
                self.remaining.map_or(size, |remaining| size.min(remaining.saturating_add(self.read)));
            call.set_query(parameter, encode::number(wanted));
        }
        match (&self.position, self.paging.step) {
            (Position::Offset(offset), _) => call.set_query("offset", encode::number(*offset)),
            (Position::Marker(marker), Step::Marker(parameter)) => {
                call.set_query(parameter, encode::text(marker));
            }
            (Position::Link(link), _) if !call.follow(link) => {
                self.position = Position::End;
                return Err(self.broken(
                    "the address of the next page leads away from the service; it was not followed",
                ));
            }
            _ => {}
        }
        Ok(request)
    }

    /// Moves on past `page`: cuts what the caller did not ask for, and decides whether there is another.
    fn advance(&mut self, mut page: P) -> Result<Option<P>, Error> {
        let info = page.info();
        let items = page.items_mut();
        let len = items.len();
        self.seen = self.seen.saturating_add(len as u64);
        let next = self.paging.next(info, self.seen).map_err(|what| self.broken(what))?;
        items.drain(..len.min(usize::try_from(self.read).unwrap_or(usize::MAX)));
        self.read = 0;
        if let Some(remaining) = &mut self.remaining {
            items.truncate(usize::try_from(*remaining).unwrap_or(usize::MAX));
            *remaining -= items.len() as u64;
        }
        self.position = next.unwrap_or(Position::End);
        if !self.has_ended() {
            self.progress.check(len, &self.position).map_err(|what| self.broken(what))?;
        }
        Ok(if len == 0 && self.has_ended() { None } else { Some(page) })
    }

    fn broken(&self, what: &str) -> Error {
        let operation = self.request.call().operation();
        Error::new(ErrorKind::Paging, format!("{operation}, at item {}: {what}", self.seen))
    }
}

// Nothing in it is pinned in place: the future of a page is boxed.
impl<P> Unpin for Pages<P> {}

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
            .field("position", &self.position)
            .field("seen", &self.seen)
            .field("remaining", &self.remaining)
            .finish_non_exhaustive()
    }
}
