//! Compares expansions with the reviewed ones in `expansions/`.

use std::{env, fs, path::Path};

use proc_macro2::TokenStream;

/// Compares items with the reviewed ones of this name. After a deliberate change:
/// `EXPANSIONS=overwrite cargo test -p auth-api-key-macros`, and read the diff.
pub(crate) fn assert_reviewed(name: &str, items: TokenStream) {
    let items = prettyplease::unparse(&syn::parse2(items).unwrap());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("expansions");
    let file = folder.join(name).with_extension("rs");
    if env::var_os("EXPANSIONS").is_some_and(|value| value == "overwrite") {
        fs::write(&file, &items).unwrap();
    }
    let reviewed = fs::read_to_string(&file).unwrap();
    assert_eq!(reviewed, items, "{}", file.display());
}
