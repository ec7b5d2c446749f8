//! See [`globus_fuzz::emulator_token`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::emulator_token::check);
