#![doc = include_str!("../README.md")]

mod api_error;
mod base_url;
mod environment;
mod error;
mod request;
mod response;
mod retry;
mod service;
mod settings;
mod tls;
mod transport;
mod variables;

pub use api_error::{ApiError, AuthRequirement, AuthorizationParameters, SubError};
pub use base_url::BaseUrl;
pub use environment::Environment;
pub use error::{Error, ErrorKind};
pub use request::{Body, HttpRequest, Idempotency, Method, StreamedBody};
pub use response::HttpResponse;
pub use service::Service;
pub use settings::{Settings, VerifySsl};
pub use transport::{Transport, TransportBuilder};
pub use variables::Variables;
