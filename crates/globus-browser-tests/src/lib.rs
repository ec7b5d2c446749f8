#![doc = include_str!("../README.md")]

mod accessible;
mod browser;
mod driver;
mod element;
mod failure;
mod install;
mod run;
mod webdriver;

pub use browser::{Browser, Scheme};
pub use element::Element;
pub use failure::{Failure, Outcome};
pub use install::missing;
pub use run::browse;
