//! Every fault of one attribute, in the house form: what is wrong, then what to write.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// What the expansion of a controller calls `Self`.
pub(crate) const SELF: &str = "__Self";

/// Collects faults, so that all of them are reported in one go.
#[derive(Default)]
pub(crate) struct Errors {
    collected: Vec<syn::Error>,
    #[cfg(test)]
    reported: bool,
}

impl Errors {
    /// Notes a fault of `tokens`: `wrong` quotes the bad piece, `help` says what to write instead.
    pub(crate) fn push(&mut self, tokens: impl ToTokens, wrong: &str, help: &str) {
        let message = house_form(wrong, help);
        self.collected
            .push(syn::Error::new_spanned(tokens, message));
    }

    /// Notes a fault at a place that has no tokens of its own.
    pub(crate) fn push_at(&mut self, span: Span, wrong: &str, help: &str) {
        let message = house_form(wrong, help);
        self.collected.push(syn::Error::new(span, message));
    }

    /// Takes over the faults that were noted apart.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.collected.append(&mut other.collected);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.collected.is_empty()
    }

    /// The faults as `compile_error!`s.
    pub(crate) fn report(mut self) -> TokenStream {
        #[cfg(test)]
        {
            self.reported = true;
        }
        self.collected
            .drain(..)
            .map(|error| error.into_compile_error())
            .collect()
    }
}

#[cfg(test)]
impl Drop for Errors {
    fn drop(&mut self) {
        if !self.reported && !self.collected.is_empty() && !std::thread::panicking() {
            panic!("faults were dropped: {:?}", self.collected);
        }
    }
}

/// What is wrong, then what to write.
pub(crate) fn house_form(wrong: &str, help: &str) -> String {
    format!("{wrong}\nhelp: {help}")
}

/// The name that was probably meant.
pub(crate) fn closest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_lowercase();
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&written, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= 1.max(name.chars().count() / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `a`, `b` and `c`, each in backquotes.
pub(crate) fn enumerate<'a>(names: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// Tokens as a person would write them.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (apart, together) in [
        (" :: ", "::"),
        (":: ", "::"),
        ("& ", "&"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" :", ":"),
        ("! [", "!["),
        (".. ", ".."),
        ("{ ", "{"),
        (" }", "}"),
        (SELF, "Self"),
    ] {
        text = text.replace(apart, together);
    }
    text
}
