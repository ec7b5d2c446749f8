//! Apps from the user's side, with a person that a script stands for.

// Helpers count as tests then, and may panic.
#![cfg(test)]
