//! See [`globus_fuzz::paging`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::paging::check);
