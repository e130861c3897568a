//! Quotes as word processors make them: `“/orders”`. rustc reports each of them, and leaves it out of the tokens that
//! a macro gets. The macro finds them in the source text, so that it adds no error of its own.

use proc_macro2::{Span, TokenTree};
use syn::LitStr;

const QUOTES: [char; 10] = ['“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '`'];

/// The source text of an attribute, by lines, and where it begins.
pub(crate) struct Source {
    lines: Vec<Vec<char>>,
    file: String,
    begin: Place,
}

/// A line and a column.
type Place = (usize, usize);

fn begin_of(span: Span) -> Place {
    let span = span.unwrap();
    (span.line(), span.column())
}

impl Source {
    /// The text at a place, if it has such a quote.
    pub(crate) fn of(place: Span) -> Option<Self> {
        let is_compiled = proc_macro::is_available();
        let text = is_compiled.then(|| place.source_text()).flatten()?;
        text.contains(QUOTES).then(|| Self {
            lines: text.lines().map(|line| line.chars().collect()).collect(),
            file: place.unwrap().file(),
            begin: begin_of(place),
        })
    }

    /// The string that was meant if a quote opens directly before a token, and where its closing quote is.
    /// `closed` is where the last one closed.
    pub(crate) fn quoted(
        &self,
        token: &TokenTree,
        closed: Option<Place>,
    ) -> Option<(LitStr, Place)> {
        // Tokens that a `macro_rules!` was given are in another place.
        if token.span().unwrap().file() != self.file {
            return None;
        }
        let (line, column) = begin_of(token.span());
        if closed == Some((line, column - 1)) {
            return None;
        }
        let (first_line, first_column) = self.begin;
        let below = line.checked_sub(first_line)?;
        let first_column = if below == 0 { first_column } else { 1 };
        let at = column.checked_sub(first_column)?;
        let text = self.lines.get(below)?;
        let (before, rest) = text.split_at_checked(at)?;
        before.last().filter(|last| QUOTES.contains(last))?;
        let length = rest.iter().position(|c| QUOTES.contains(c))?;
        let meant: String = rest[..length].iter().collect();
        Some((LitStr::new(&meant, token.span()), (line, column + length)))
    }

    /// Whether a token begins before a place.
    pub(crate) fn is_before(token: &TokenTree, end: Place) -> bool {
        begin_of(token.span()) < end
    }
}
