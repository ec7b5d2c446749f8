//! [`Lines`]: what a person types, line by line, without a thread of the runtime waiting for it.

use std::fmt;
use std::io::{self, BufRead, IsTerminal, Read};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use tokio::sync::oneshot;

/// Which ends of the terminal this process has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) stdin: bool,
    pub(super) stderr: bool,
}

impl Ends {
    pub(super) fn of_process() -> Self {
        Self { stdin: io::stdin().is_terminal(), stderr: io::stderr().is_terminal() }
    }

    /// Why nobody can be asked there; nothing where that is possible.
    pub(super) fn what_is_missing(self) -> Option<&'static str> {
        match (self.stdin, self.stderr) {
            (true, true) => None,
            (true, false) => Some("standard error is no terminal"),
            (false, true) => Some("standard input is no terminal"),
            (false, false) => Some("neither standard input nor standard error is a terminal"),
        }
    }
}

/// Longer than any code or address.
const LONGEST: u64 = 64 * 1024;

type Wanted = oneshot::Sender<io::Result<String>>;

/// Lines of one input, read on a thread of their own, since nobody can stop a read that has begun. A line that came after its
/// asker had given up goes to the next one.
pub(super) struct Lines {
    asked: Mutex<Option<mpsc::Sender<Wanted>>>,
    open: fn() -> Box<dyn BufRead>,
}

impl Lines {
    /// Those of standard input.
    pub(super) const fn of_stdin() -> Self {
        Self { asked: Mutex::new(None), open: || Box::new(io::BufReader::new(Unbuffered)) }
    }

    /// Those of `input`.
    pub(super) fn of(input: impl BufRead + Send + 'static) -> io::Result<Self> {
        let asker = spawn(move || Box::new(input))?;
        Ok(Self { asked: Mutex::new(Some(asker)), open: || Box::new(io::empty()) })
    }

    /// The next line; empty when the input has ended.
    pub(super) async fn next(&self) -> io::Result<String> {
        let (wanted, line) = oneshot::channel();
        {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let asker = match asked.take() {
                Some(asker) => asker,
                None => spawn(self.open)?,
            };
            let ended = asker.send(wanted).is_err();
            *asked = (!ended).then_some(asker);
        }
        // Whoever read has ended with its input.
        line.await.unwrap_or_else(|_| Ok(String::new()))
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lines")
    }
}

fn spawn(open: impl FnOnce() -> Box<dyn BufRead> + Send + 'static) -> io::Result<mpsc::Sender<Wanted>> {
    let (asker, asked) = mpsc::channel::<Wanted>();
    let read = move || {
        let mut input = open();
        let mut kept = None;
        for wanted in asked {
            if wanted.is_closed() {
                continue;
            }
            let line = kept.take().unwrap_or_else(|| line(&mut *input));
            let ended = line.as_ref().is_ok_and(String::is_empty);
            if let Err(line) = wanted.send(line) {
                kept = Some(line);
            }
            if ended {
                break;
            }
        }
    };
    thread::Builder::new().name("globus-login-input".to_owned()).spawn(read)?;
    Ok(asker)
}

fn line(input: &mut dyn BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.take(LONGEST).read_line(&mut line)?;
    Ok(line)
}

/// Standard input, whose own buffer other readers of the program share: no more than a line is taken out of it.
struct Unbuffered;

impl Read for Unbuffered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut stdin = io::stdin().lock();
        let there = stdin.fill_buf()?;
        let line = there.iter().position(|byte| *byte == b'\n').map_or(there.len(), |end| end + 1);
        let taken = line.min(buffer.len());
        buffer[..taken].copy_from_slice(&there[..taken]);
        stdin.consume(taken);
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[tokio::test]
    async fn lines_come_in_order_and_then_nothing() {
        let lines = Lines::of(Cursor::new("one\ntwo")).unwrap();
        for line in ["one\n", "two", "", ""] {
            assert_eq!(lines.next().await.unwrap(), line);
        }
    }

    #[tokio::test]
    async fn a_line_that_nobody_waits_for_any_more_goes_to_the_next_who_asks() {
        let (reader, mut writer) = io::pipe().unwrap();
        let lines = Lines::of(io::BufReader::new(reader)).unwrap();
        {
            let first = lines.next();
            tokio::pin!(first);
            // Asked for, and given up.
            assert!(futures_poll(first.as_mut()).await.is_none());
        }
        io::Write::write_all(&mut writer, b"late\n").unwrap();
        assert_eq!(lines.next().await.unwrap(), "late\n");
    }

    async fn futures_poll<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        let mut future = Some(future);
        std::future::poll_fn(|context| {
            let polled = future.take().map(|future| future.poll(context));
            std::task::Poll::Ready(match polled {
                Some(std::task::Poll::Ready(output)) => Some(output),
                _ => None,
            })
        })
        .await
    }
}
