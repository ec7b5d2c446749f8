//! See [`globus_fuzz::scopes`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::scopes::check);
