//! What is not a mistake compiles, without a warning where a case denies them, and runs.
//!
//! The program has no test harness, but Cargo sets `cfg(test)`. It is built with what the other tests need anyway;
//! trybuild would build all of that once more.

use std::{collections::BTreeSet, fs};

macro_rules! cases {
    ($($name:ident)*) => {
        $(pub mod $name;)*

        const NAMES: &[&str] = &[$(stringify!($name)),*];

        fn run_all() {
            $($name::main();)*
        }
    };
}

cases! {
    calls_that_are_not_of_a_route
    controller_methods_named_like_our_variables
    controller_methods_named_like_those_of_traits
    controller_methods_of_one_name
    controller_with_inner_attributes
    controllers_by_a_macro
    controllers_named_like_our_types
    controllers_with_cfg
    debug_handler_below
    extractors_by_an_alias
    identity_by_another_name
    lists_with_cfg
    more_arguments_than_axum_takes
    names_of_handlers_are_free
    renamed_dependency
    routes_named_in_their_own_bodies
    routes_near_an_impl
    routes_that_seem_to_overlap
    strict_controller
    strict_crate
    warnings_that_are_not_given
}

fn main() {
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/pass")).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut expected: BTreeSet<String> = NAMES.iter().map(|name| format!("{name}.rs")).collect();
    expected.insert("main.rs".to_owned());
    assert_eq!(
        files.collect::<BTreeSet<_>>(),
        expected,
        "each file is a case"
    );
    run_all();
}
