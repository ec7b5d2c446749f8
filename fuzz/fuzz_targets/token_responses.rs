//! See [`globus_fuzz::token_responses`].
#![cfg_attr(fuzzing, no_main)]

globus_fuzz::target!(globus_fuzz::token_responses::check);
