//! Names of arguments, as texts.

/// Whether a text can be the name of an argument.
pub(crate) fn is_name(text: &str) -> bool {
    text != "_" && is_identifier(&as_identifier(text))
}

/// A name as it is written in Rust: `type` is `r#type`.
pub(crate) fn as_identifier(name: &str) -> String {
    match is_identifier(name) {
        true => name.to_owned(),
        false => format!("r#{name}"),
    }
}

fn is_identifier(text: &str) -> bool {
    syn::parse_str::<syn::Ident>(text).is_ok()
}

pub(super) fn is_of_a_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
