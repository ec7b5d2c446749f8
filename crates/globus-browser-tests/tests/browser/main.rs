//! What a person sees of the emulator, and of logins against it.

mod app;
mod harness;
mod login;
mod status;
mod support;
