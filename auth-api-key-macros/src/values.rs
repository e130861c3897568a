//! Refuses what a value of an attribute cannot have: attributes, and literals that are almost strings.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Lit, LitStr, parse::Parser};

use crate::{
    attributes::Conditional,
    errors::{Errors, Mistake},
    quotes::Source,
    tokens::{as_text, with_inside},
};

/// Removes what a value cannot have, and reports each as a mistake.
pub(crate) fn cleaned(
    tokens: TokenStream,
    source: Option<&Source>,
    errors: &mut Errors,
) -> TokenStream {
    let mut clean = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut closed = None;
    while let Some(token) = tokens.next() {
        if let Some((text, end)) = source.and_then(|source| source.quoted(&token, closed)) {
            errors.note_error_of_rustc();
            while tokens
                .next_if(|next| Source::is_before(next, end))
                .is_some()
            {}
            text.to_tokens(&mut clean);
            closed = Some(end);
            continue;
        }
        match token {
            TokenTree::Punct(pound) if pound.as_char() == '#' => {
                match tokens.next_if(|next| matches!(next, TokenTree::Group(_))) {
                    Some(brackets) => refuse(quote!(#pound #brackets), errors),
                    None => clean.extend([TokenTree::Punct(pound)]),
                }
            }
            TokenTree::Ident(prefix)
                if tokens.peek().is_some_and(|next| prefixes(&prefix, next)) =>
            {
                let text = tokens.peek();
                let wrong = format!("a string has no `{prefix}` before it");
                let help = format!("write `{}`", text.to_token_stream());
                errors.add(quote!(#prefix #text), Mistake::new(wrong, help));
            }
            TokenTree::Group(group) => {
                let inside = cleaned(group.stream(), source, errors);
                clean.extend([TokenTree::Group(with_inside(&group, inside))]);
            }
            TokenTree::Literal(literal) => {
                let literal = TokenTree::Literal(literal);
                let text = match (in_single_quotes(&literal), almost_a_string(&literal)) {
                    (Some(text), _) => {
                        errors.note_error_of_rustc();
                        text.into_token_stream()
                    }
                    (None, Some(text)) => {
                        let wrong = format!("`{literal}` is not a plain string");
                        let help = format!("write `{}`", text.token());
                        errors.add(&literal, Mistake::new(wrong, help));
                        text.into_token_stream()
                    }
                    (None, None) => literal.into_token_stream(),
                };
                clean.extend(text);
            }
            other => clean.extend([other]),
        }
    }
    clean
}

/// Reports an attribute among the arguments of another.
fn refuse(tokens: TokenStream, errors: &mut Errors) {
    let Ok(attributes) = Attribute::parse_outer.parse2(tokens.clone()) else {
        let wrong = format!("`{}` has no effect here", as_text(&tokens));
        errors.add(tokens, Mistake::new(wrong, "delete it"));
        return;
    };
    for given in Conditional::all(attributes) {
        match given.kept_if().filter(|_| given.is(&["cfg"])) {
            Some(condition) => {
                let condition = as_text(condition);
                let help = format!(
                    "write the whole item twice, below `#[cfg({condition})]` and below \
                     `#[cfg(not({condition}))]`"
                );
                errors.add(
                    given,
                    Mistake::new("no part of an attribute can be conditional", help),
                );
            }
            None => given.refuse(errors),
        }
    }
}

/// The string that was meant by a string with a suffix, a byte string or a C string.
fn almost_a_string(literal: &TokenTree) -> Option<LitStr> {
    let literal = literal.to_token_stream();
    let span = syn::spanned::Spanned::span(&literal);
    let text = match syn::parse2(literal).ok()? {
        Lit::Str(text) if text.suffix().is_empty() => return None,
        Lit::Str(text) => text.value(),
        Lit::ByteStr(text) => String::from_utf8_lossy(&text.value()).into_owned(),
        Lit::CStr(text) => text.value().to_string_lossy().into_owned(),
        _ => return None,
    };
    Some(LitStr::new(&text, span))
}

/// Whether a name and a string are `f"/orders"` of Python. rustc refuses that, too, but would put a space there.
fn prefixes(name: &Ident, next: &TokenTree) -> bool {
    let is_a_string = || syn::parse2::<LitStr>(next.to_token_stream()).is_ok();
    name.to_string().len() < 3 && is_a_string()
}

/// The string that was meant by a literal such as `'GET'`. rustc refuses it, since it is more than one
/// character.
fn in_single_quotes(literal: &TokenTree) -> Option<LitStr> {
    let written = literal.to_string();
    let text = written.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_a_text = text.chars().count() > 1 && !text.contains('\\');
    is_a_text.then(|| LitStr::new(text, literal.span()))
}
