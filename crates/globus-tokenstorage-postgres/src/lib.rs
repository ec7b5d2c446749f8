#![doc = include_str!("../README.md")]

mod builder;
mod database;
mod error;
mod locks;
mod query;
mod row;
mod rows;
mod schema;
mod settings;
mod storage;
mod tls;
mod url;

pub use builder::PostgresTokenStorageBuilder;
pub use storage::PostgresTokenStorage;
