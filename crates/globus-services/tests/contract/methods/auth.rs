//! `NativeAppAuthClient`.

use super::Adapter;

pub(super) const NATIVE: &[(&str, Adapter)] = &[];
