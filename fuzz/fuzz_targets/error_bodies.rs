//! See [`globus_fuzz::error_bodies`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::error_bodies::check);
