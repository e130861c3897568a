//! Helpers for tokens: groups, pieces between commas, and tokens as a person writes them.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    AttrStyle, Attribute, Expr, ExprArray, ExprLit, Ident, Lit, LitStr, Pat,
    parse::{ParseStream, Parser},
    token::Bracket,
};

use crate::errors::{Errors, Mistake};

/// The alias for `Self` in the expansion of a controller.
pub(crate) const SELF: &str = "__Self";

/// Removes the invisible delimiters around a `$path:literal` of a `macro_rules!`.
pub(crate) fn ungrouped(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                ungrouped(group.stream())
            }
            TokenTree::Group(group) => {
                TokenTree::Group(with_inside(&group, ungrouped(group.stream()))).into()
            }
            other => other.into(),
        })
        .collect()
}

pub(crate) fn with_inside(group: &Group, tokens: TokenStream) -> Group {
    let mut inside = Group::new(group.delimiter(), tokens);
    inside.set_span(group.span());
    inside
}

/// The `#![…]` at the beginning of a block, as attributes above the item, and the block without them.
pub(crate) fn inner_attributes(block: &Group) -> Option<(Vec<Attribute>, Group)> {
    // Most blocks have none: they are not parsed.
    let mut begin = block.stream().into_iter();
    if !matches!(begin.next(), Some(TokenTree::Punct(pound)) if pound.as_char() == '#') {
        return Some((Vec::new(), block.clone()));
    }
    let parts = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_inner)?;
        Ok((attributes, input.parse::<TokenStream>()?))
    };
    let (attributes, inside) = parts.parse2(block.stream()).ok()?;
    let outer = |attribute| Attribute {
        style: AttrStyle::Outer,
        ..attribute
    };
    let attributes = attributes.into_iter().map(outer).collect();
    Some((attributes, with_inside(block, inside)))
}

/// The options of an attribute, which are between commas.
pub(crate) fn pieces(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let begins = |token: &TokenTree| matches!(token, TokenTree::Ident(_));
    split_at_commas(tokens, |last, next| is_value(last) && begins(next), errors)
}

/// The entries of a list, which are between commas.
pub(crate) fn entries(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let is_whole = |token: &TokenTree| match token {
        TokenTree::Literal(_) => true,
        TokenTree::Ident(name) => !is_keyword(name),
        _ => false,
    };
    let apart = |last: &TokenTree, next: &TokenTree| is_whole(last) && is_whole(next);
    split_at_commas(tokens, apart, errors)
}

pub(crate) fn is_keyword(name: &Ident) -> bool {
    syn::parse2::<Ident>(name.to_token_stream()).is_err()
}

/// The pieces between commas. A comma inside `<…>` separates nothing. Between two tokens that are
/// `apart`, a comma is missing.
fn split_at_commas(
    tokens: TokenStream,
    apart: impl Fn(&TokenTree, &TokenTree) -> bool,
    errors: &mut Errors,
) -> Vec<TokenStream> {
    let mut pieces: Vec<Vec<TokenTree>> = vec![Vec::new()];
    let mut angles = 0_u32;
    let mut previous = ' ';
    for token in tokens {
        let mut character = ' ';
        if let TokenTree::Punct(punct) = &token {
            character = punct.as_char();
            match character {
                '<' => angles += 1,
                '>' if !matches!(previous, '-' | '=') => angles = angles.saturating_sub(1),
                ';' => {
                    errors.add(
                        &token,
                        Mistake::new("`;` separates nothing here", "write `,`"),
                    );
                    pieces.push(Vec::new());
                    continue;
                }
                ',' if angles == 0 => {
                    if pieces.last().is_some_and(Vec::is_empty) {
                        errors.add(
                            &token,
                            Mistake::new("there is nothing before this comma", "delete it"),
                        );
                    }
                    pieces.push(Vec::new());
                    continue;
                }
                _ => {}
            }
        }
        let last = pieces.last().and_then(|piece| piece.last());
        if last.is_some_and(|last| apart(last, &token)) {
            let wrong = format!("there is no comma before `{token}`");
            errors.add(&token, Mistake::new(wrong, format!("write `, {token}`")));
            pieces.push(Vec::new());
        }
        previous = character;
        if let Some(piece) = pieces.last_mut() {
            piece.push(token);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
        .into_iter()
        .map(|piece| piece.into_iter().collect())
        .collect()
}

/// Whether a value ends here: a string, or a list.
fn is_value(token: &TokenTree) -> bool {
    match token {
        TokenTree::Literal(_) => true,
        TokenTree::Group(group) => group.delimiter() == Delimiter::Bracket,
        _ => false,
    }
}

/// Tokens in brackets, as a list of the expressions that can be read.
pub(crate) fn array(tokens: &TokenStream, errors: &mut Errors) -> Option<ExprArray> {
    let mut all = tokens.clone().into_iter();
    let (Some(TokenTree::Group(group)), None) = (all.next(), all.next()) else {
        return None;
    };
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let entries = match repeated(tokens) {
        Some(entry) => {
            let help = format!("write `[{}]`", as_text(&entry));
            errors.add(tokens, Mistake::new("a list has no length here", help));
            vec![entry.into_token_stream()]
        }
        None => entries(group.stream(), errors),
    };
    let expression =
        |entry: TokenStream| syn::parse2(entry.clone()).unwrap_or(Expr::Verbatim(entry));
    Some(ExprArray {
        attrs: Vec::new(),
        bracket_token: Bracket {
            span: group.delim_span(),
        },
        elems: entries.into_iter().map(expression).collect(),
    })
}

/// The entry of `[entry; 2]`. If the length is a string, it is meant as a second entry.
pub(crate) fn repeated(tokens: &TokenStream) -> Option<Expr> {
    match syn::parse2(tokens.clone()) {
        Ok(Expr::Repeat(list)) if string(&list.len).is_none() => Some(*list.expr),
        _ => None,
    }
}

/// Whether a character is invisible, such as U+200B, which people copy together with a text.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

pub(crate) fn string(expr: &Expr) -> Option<&LitStr> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(literal),
            ..
        }) => Some(literal),
        _ => None,
    }
}

/// A pattern without what is around it: a reference, parentheses, or `Some(…)`.
pub(crate) fn inside(pattern: &Pat) -> &Pat {
    match pattern {
        Pat::Reference(pattern) => inside(&pattern.pat),
        Pat::Paren(pattern) => inside(&pattern.pat),
        Pat::TupleStruct(variant) if is_refutable(pattern) => {
            variant.elems.first().map_or(pattern, inside)
        }
        _ => pattern,
    }
}

/// Whether a pattern is one of several variants: `Some(…)`, `Ok(…)` or `Err(…)`.
pub(crate) fn is_refutable(pattern: &Pat) -> bool {
    let Pat::TupleStruct(pattern) = pattern else {
        return false;
    };
    ["Some", "Ok", "Err"]
        .iter()
        .any(|variant| pattern.path.is_ident(variant))
}

/// The pieces of a text in which several were written; none, if it is one.
pub(crate) fn several<'a>(text: &'a str, separators: &[char]) -> Option<Vec<&'a str>> {
    let pieces = text.split(separators).map(str::trim);
    let pieces: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
    (pieces.len() > 1).then_some(pieces)
}

/// The entries that were meant: `"a, b"` is two of them, and so is `"a" | "b"`.
pub(crate) fn entries_meant(tokens: TokenStream, separators: &[char]) -> TokenStream {
    let mut entries = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let text = syn::parse2::<LitStr>(token.to_token_stream()).map(|text| text.value());
        match &token {
            TokenTree::Punct(or) if or.as_char() == '|' => {
                tokens.next_if(|next| next.to_string() == "|");
                entries.extend(quote!(,));
            }
            _ => match text
                .ok()
                .as_deref()
                .and_then(|text| several(text, separators))
            {
                Some(pieces) => entries.extend(quote!(#(#pieces),*)),
                None => entries.extend([token]),
            },
        }
    }
    entries
}

/// The list that was meant, ready to paste: what is in the brackets or the parentheses.
pub(crate) fn list_meant(tokens: &TokenStream, separators: &[char]) -> String {
    let entries = |tokens| as_text(entries_meant(tokens, separators));
    let groups: Vec<Group> = tokens
        .clone()
        .into_iter()
        .filter_map(|token| match token {
            TokenTree::Group(group) => Some(group),
            _ => None,
        })
        .collect();
    let in_brackets = |group: &&Group| group.delimiter() == Delimiter::Bracket;
    let is_alone = tokens.clone().into_iter().count() == groups.len();
    let inside: Vec<String> = match groups.iter().any(|group| in_brackets(&group)) {
        true => groups
            .iter()
            .filter(in_brackets)
            .map(|group| entries(group.stream()))
            .collect(),
        false if is_alone => groups
            .iter()
            .map(|group| list_meant(&group.stream(), separators))
            .collect(),
        false => vec![entries(tokens.clone())],
    };
    inside.join(", ")
}

/// A block in braces. A `$body:block` of a `macro_rules!` has invisible delimiters around it.
pub(crate) fn block(token: TokenTree) -> Option<Group> {
    let TokenTree::Group(group) = token else {
        return None;
    };
    match group.delimiter() {
        Delimiter::Brace => Some(group),
        Delimiter::None => {
            let mut inside = group.stream().into_iter();
            inside
                .next()
                .filter(|_| inside.next().is_none())
                .and_then(block)
        }
        _ => None,
    }
}

/// Tokens as a person would write them.
pub(crate) fn as_text(tokens: impl ToTokens) -> String {
    let tokens = tokens.to_token_stream();
    let all = tokens.to_string();
    let (mut text, mut rest) = (String::new(), all.as_str());
    for literal in literals(tokens) {
        if let Some((before, after)) = rest.split_once(&literal) {
            text += &without_blanks(before);
            text += &literal;
            rest = after;
        }
    }
    text + &without_blanks(rest)
}

/// The literals, in which each blank has a meaning.
fn literals(tokens: TokenStream) -> Vec<String> {
    let literals = tokens.into_iter().map(|token| match token {
        TokenTree::Literal(literal) => vec![literal.to_string()],
        TokenTree::Group(group) => literals(group.stream()),
        TokenTree::Ident(_) | TokenTree::Punct(_) => Vec::new(),
    });
    literals.collect::<Vec<_>>().concat()
}

/// The text without the blanks that only rustc puts between tokens.
fn without_blanks(text: &str) -> String {
    let pairs = [
        (" :: ", "::"),
        (":: ", "::"),
        ("& ", "&"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" :", ":"),
        ("! [", "!["),
        ("! (", "!("),
        (".. ", ".."),
        ("{ ", "{"),
        (" }", "}"),
        (SELF, "Self"),
    ];
    let replace = |text: String, (apart, together): (&str, &str)| text.replace(apart, together);
    pairs.into_iter().fold(text.to_owned(), replace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_literal_stays_as_it_is() {
        for text in [r#"["R & D", "a : b", " <"]"#, r#"["a , b", &"c ::"]"#] {
            let tokens: TokenStream = text.parse().unwrap();
            assert_eq!(as_text(tokens), text);
        }
    }
}
