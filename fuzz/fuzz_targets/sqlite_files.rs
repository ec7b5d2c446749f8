//! See [`globus_fuzz::sqlite_files`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::sqlite_files::check);
