//! See [`globus_fuzz::json_files`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::json_files::check);
