//! What the compiler says: one file a mistake, named after it. In `newcomer` are those that someone made
//! with the README alone, and what they wished to read. Alone in its process, which links
//! nothing of the crates, so that a changed message is tried soon.
//!
//! Below the line of a mistake stands its mark: `//~^ 12` says one line up, column 12.
//!
//! After a deliberate change: `TRYBUILD=overwrite cargo test -p tests --test ui`, and read the diff.

mod helps;

use std::{fs, path::Path};

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/macro/*.rs");
    cases.compile_fail("ui/types/*.rs");
    cases.compile_fail("ui/warnings/*.rs");
    cases.compile_fail("ui/newcomer/*.rs");
}

/// Files with several errors: by intent, or because rustc or axum says the same mistake again.
const SEVERAL: [&str; 20] = [
    "answer_that_is_a_future",
    "argument_with_a_default",
    "assert_closed_with_its_arguments_swapped",
    "attribute_in_smart_quotes",
    "captures_named_otherwise_than_their_arguments",
    "controller_and_route_without_slash",
    "controllers_of_one_type_in_two_modules",
    "file_outside_of_a_form",
    "kwargs_of_python",
    "method_of_a_controller_with_a_default",
    "path_of_python",
    "paths_of_axum_0_7",
    "route_in_an_impl_that_is_not_indented",
    "several_mistakes",
    "several_mistakes_of_a_controller",
    "state_that_is_not_clone",
    "state_that_threads_cannot_share",
    "text_for_a_list_of_groups",
    "user_that_is_a_number",
    "value_behind_the_pattern_of_an_extractor",
];

#[test]
fn one_mistake_is_one_error_at_its_mark() {
    for mistake in ["macro", "types", "warnings"]
        .into_iter()
        .flat_map(mistakes)
    {
        let Mistake {
            name,
            source,
            stderr,
        } = &mistake;
        let marks = marks(source);
        assert_eq!(
            marks.len() > 1,
            SEVERAL.contains(&name.as_str()),
            "{name}: {marks:?}"
        );
        assert_eq!(places(stderr), marks, "{name}:\n{stderr}");
    }
}

#[test]
fn all_that_the_macro_finds_has_a_help() {
    for Mistake { name, stderr, .. } in ["macro", "warnings"].into_iter().flat_map(mistakes) {
        let helps = stderr
            .lines()
            .filter(|line| line.starts_with("       help: "))
            .count();
        assert_eq!(places(&stderr).len(), helps, "{name}:\n{stderr}");
    }
}

/// A file and what the compiler says of it.
struct Mistake {
    name: String,
    source: String,
    stderr: String,
}

fn mistakes(folder: &str) -> impl Iterator<Item = Mistake> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("ui")
        .join(folder);
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mistakes: Vec<Mistake> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .map(|file| Mistake {
            name: file.file_stem().unwrap().to_str().unwrap().to_owned(),
            source: fs::read_to_string(&file).unwrap(),
            stderr: fs::read_to_string(file.with_extension("stderr")).unwrap(),
        })
        .collect();
    assert!(!mistakes.is_empty());
    mistakes.into_iter()
}

/// The line and column of every mark, in order.
fn marks(source: &str) -> Vec<(usize, usize)> {
    let mut marks: Vec<_> = source
        .lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let mark = line.trim_start().strip_prefix("//~")?;
            let column = mark.trim_start_matches('^');
            let line = index + 1 - (mark.len() - column.len());
            Some((line, column.trim().parse().unwrap()))
        })
        .collect();
    marks.sort_unstable();
    marks
}

/// The line and column of every error, in order.
fn places(stderr: &str) -> Vec<(usize, usize)> {
    let mut lines = stderr.lines();
    let mut places = Vec::new();
    while lines.any(|line| line.starts_with("error")) {
        let place = lines.find_map(|line| line.trim_start().strip_prefix("--> ui/"));
        let mut numbers = place
            .unwrap()
            .rsplit(':')
            .map(|number| number.parse().unwrap());
        let column = numbers.next().unwrap();
        places.push((numbers.next().unwrap(), column));
    }
    places.sort_unstable();
    places
}
