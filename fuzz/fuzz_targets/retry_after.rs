//! See [`globus_fuzz::retry_after`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::retry_after::check);
