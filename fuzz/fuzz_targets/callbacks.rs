//! See [`globus_fuzz::callbacks`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::callbacks::check);
