//! [`Body`]: what a request carries.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use globus_auth_core::{FormFields, Secret};
use http::HeaderValue;

/// What a request carries. A clone shares it, so that sending it again costs nothing. `Debug` shows its kind and length: it may
/// hold secrets.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Body {
    /// Nothing, and no `Content-Type`.
    #[default]
    None,
    /// A JSON document, already written.
    Json(Bytes),
    /// Form fields (`application/x-www-form-urlencoded`).
    Form(FormFields),
    /// Text, without a `Content-Type` unless the request sets one.
    Text(String),
    /// A large document, made while it is sent.
    Streamed(StreamedBody),
}

impl Body {
    pub(crate) fn content_type(&self) -> Option<HeaderValue> {
        match self {
            Self::None | Self::Text(_) => None,
            Self::Json(_) => Some(HeaderValue::from_static("application/json")),
            Self::Form(_) => Some(HeaderValue::from_static("application/x-www-form-urlencoded")),
            Self::Streamed(body) => Some(HeaderValue::from_static(body.content_type)),
        }
    }

    /// The length in bytes as it is sent.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Json(bytes) => bytes.len() as u64,
            Self::Text(text) => text.len() as u64,
            Self::Streamed(body) => body.length,
            Self::Form(fields) => {
                fields.iter().map(|(name, value)| name.len() + value.expose().len() + 2).sum::<usize>() as u64
            }
        }
    }

    pub(crate) fn to_reqwest(&self) -> Option<reqwest::Body> {
        Some(match self {
            Self::None => return None,
            Self::Json(bytes) => bytes.clone().into(),
            Self::Text(text) => text.clone().into(),
            Self::Form(fields) => secret_bytes(fields.encode()).into(),
            Self::Streamed(body) => body.start(),
        })
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::None => return f.write_str("None"),
            Self::Json(_) => "Json",
            Self::Form(fields) => return f.debug_tuple("Form").field(fields).finish(),
            Self::Text(_) => "Text",
            Self::Streamed(body) => return f.debug_tuple("Streamed").field(body).finish(),
        };
        write!(f, "{kind}({} bytes)", self.length())
    }
}

/// The text of `secret` without a copy; it is wiped with the last one who holds it.
pub(crate) fn secret_bytes(secret: Secret) -> Bytes {
    struct Owner(Secret);
    impl AsRef<[u8]> for Owner {
        fn as_ref(&self) -> &[u8] {
            self.0.expose().as_bytes()
        }
    }
    Bytes::from_owner(Owner(secret))
}

type Pieces = Box<dyn Iterator<Item = Bytes> + Send>;

/// A document that is made piece by piece while it is sent, so that a large one is never whole in memory. Its length is
/// known before, and it can be made again for another attempt.
///
/// ```
/// use bytes::Bytes;
/// use globus_transport::{Body, StreamedBody};
///
/// let rows = 3_u64;
/// let body = StreamedBody::new("application/json", 2 * rows + 1, move || {
///     let row = |i| Bytes::from(if i == 0 { "[1" } else { ",1" });
///     (0..rows).map(row).chain([Bytes::from("]")])
/// });
/// let body = Body::Streamed(body);
/// # drop(body);
/// ```
#[derive(Clone)]
pub struct StreamedBody {
    content_type: &'static str,
    length: u64,
    make: Arc<dyn Fn() -> Pieces + Send + Sync>,
}

impl StreamedBody {
    /// A document of `length` bytes; `make` starts it from the beginning, once for each attempt. When the pieces do not add up
    /// to `length`, the request fails.
    pub fn new<I>(
        content_type: &'static str,
        length: u64,
        make: impl Fn() -> I + Send + Sync + 'static,
    ) -> Self
    where
        I: IntoIterator<Item = Bytes>,
        I::IntoIter: Send + 'static,
    {
        Self { content_type, length, make: Arc::new(move || Box::new(make().into_iter())) }
    }

    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Its pieces from the beginning, for a look at it without sending.
    pub fn pieces(&self) -> impl Iterator<Item = Bytes> + Send + use<> {
        (self.make)()
    }

    fn start(&self) -> reqwest::Body {
        reqwest::Body::wrap(Sending { pieces: Mutex::new((self.make)()), left: self.length })
    }
}

impl fmt::Debug for StreamedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedBody")
            .field("content_type", &self.content_type)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// One sending of a streamed body. The mutex is never contended: the HTTP stack asks for `Sync`, iterators seldom are.
struct Sending {
    pieces: Mutex<Pieces>,
    left: u64,
}

impl http_body::Body for Sending {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        let piece = self.pieces.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner).next();
        Poll::Ready(match piece {
            None if self.left == 0 => None,
            None => Some(Err(std::io::Error::other("the streamed body is shorter than its length"))),
            Some(piece) => match self.left.checked_sub(piece.len() as u64) {
                Some(left) => {
                    self.left = left;
                    Some(Ok(http_body::Frame::data(piece)))
                }
                None => Some(Err(std::io::Error::other("the streamed body is longer than its length"))),
            },
        })
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.left)
    }
}
