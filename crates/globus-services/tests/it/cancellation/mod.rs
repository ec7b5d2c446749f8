//! Every future of this crate, dropped at each point at which it waits.

mod calls;
mod paging;
mod submissions;
mod waits;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// When a future is dropped.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    /// As soon as it waits.
    Waiting,
    /// When what it waits for has come, before it sees it.
    Woken,
}

const MOMENTS: [Moment; 2] = [Moment::Waiting, Moment::Woken];

/// More looks than any of these futures takes.
const MOST: usize = 1000;

/// Looks at `future` up to `polls` times, and drops it.
async fn cut<F: Future>(future: F, polls: usize, moment: Moment) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Pending if left == 0 && moment == Moment::Waiting => Poll::Ready(None),
            answer => answer.map(Some),
        }
    })
    .await
}
