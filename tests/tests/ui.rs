//! What the compiler says: one file a mistake, named after it.
//!
//! After a deliberate change: `TRYBUILD=overwrite cargo test -p tests --test ui`, and read the diff.

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/macro/*.rs");
    cases.compile_fail("ui/types/*.rs");
    cases.pass("ui/pass/*.rs");
}
