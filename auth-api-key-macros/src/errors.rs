//! Mistakes in the developer's code. Each says what is wrong, and then what to write. All mistakes of one
//! attribute are collected, and reported together.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// What is wrong, with the bad piece quoted, and what to write instead.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Mistake {
    pub(crate) wrong: String,
    pub(crate) help: String,
}

impl Mistake {
    pub(crate) fn new(wrong: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            wrong: wrong.into(),
            help: help.into(),
        }
    }

    /// The text that the compiler prints.
    pub(crate) fn text(&self) -> String {
        format!("{}\nhelp: {}", self.wrong, self.help)
    }
}

/// The mistakes that were found so far.
#[derive(Default)]
pub(crate) struct Errors {
    collected: Vec<syn::Error>,
    rustc_has_reported: bool,
    #[cfg(test)]
    are_given: bool,
}

impl Errors {
    /// Notes a mistake in `tokens`.
    pub(crate) fn add(&mut self, tokens: impl ToTokens, mistake: Mistake) {
        self.collected
            .push(syn::Error::new_spanned(tokens, mistake.text()));
    }

    /// Notes a mistake at a span.
    pub(crate) fn add_at(&mut self, span: Span, mistake: Mistake) {
        self.collected.push(syn::Error::new(span, mistake.text()));
    }

    /// The value. If it is a mistake, notes it and gives `None`.
    pub(crate) fn value_or_report<T>(
        &mut self,
        tokens: impl ToTokens,
        read: Result<T, Mistake>,
    ) -> Option<T> {
        read.map_err(|mistake| self.add(tokens, mistake)).ok()
    }

    /// Notes that rustc reported a mistake before it called the macro.
    pub(crate) fn note_error_of_rustc(&mut self) {
        self.rustc_has_reported = true;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.collected.is_empty() && !self.rustc_has_reported
    }

    /// The mistakes as `compile_error!`s.
    pub(crate) fn report(mut self) -> TokenStream {
        #[cfg(test)]
        {
            self.are_given = true;
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
        if !self.are_given && !self.collected.is_empty() && !std::thread::panicking() {
            panic!("mistakes were dropped: {:?}", self.collected);
        }
    }
}

/// The known name that is nearest, if it was probably meant.
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
