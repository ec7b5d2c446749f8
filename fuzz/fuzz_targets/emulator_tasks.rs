//! See [`globus_fuzz::emulator_tasks`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::emulator_tasks::check);
