//! What the compiler says: one file a mistake, named after it.
//!
//! After a deliberate change: `TRYBUILD=overwrite cargo test -p tests --test ui`, and read the diff.

use std::{fs, path::Path};

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/macro/*.rs");
    cases.compile_fail("ui/types/*.rs");
    cases.pass("ui/pass/*.rs");
}

/// Files whose name says that several mistakes are meant.
const SEVERAL: [&str; 2] = ["several_mistakes", "paths_of_axum_0_7"];

#[test]
fn one_mistake_is_one_error() {
    for (name, text) in errors_of("ui/macro")
        .into_iter()
        .chain(errors_of("ui/types"))
    {
        let errors = text
            .lines()
            .filter(|line| line.starts_with("error"))
            .count();
        match SEVERAL.contains(&name.as_str()) {
            true => assert!(errors > 1, "{name} has {errors}"),
            false => assert_eq!(errors, 1, "{name}:\n{text}"),
        }
    }
}

#[test]
fn every_fault_that_the_macro_finds_has_a_help() {
    for (name, text) in errors_of("ui/macro") {
        let errors = text
            .lines()
            .filter(|line| line.starts_with("error"))
            .count();
        let helps = text
            .lines()
            .filter(|line| line.starts_with("       help: "))
            .count();
        assert_eq!(errors, helps, "{name}:\n{text}");
    }
}

/// The names of the mistakes in a folder, and what the compiler says of them.
fn errors_of(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let errors: Vec<_> = files
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "stderr")
        })
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&file).unwrap())
        })
        .collect();
    assert!(!errors.is_empty());
    errors
}
