//! `routes![…]`: a list of handlers and controllers by their names. Each name may have a `#[cfg]`.

mod meant;

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, PathArguments, PathSegment, TypePath,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use self::meant::meant;
use crate::{
    attributes::Conditional,
    errors::{Errors, Mistake},
    tokens::{as_text, entries, ungrouped},
};

/// A name in the list.
struct Entry {
    cfgs: Vec<Conditional>,
    name: TypePath,
}

/// Expands `krate; a, b::c`.
pub(crate) fn routes(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut tokens = input.into_iter();
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(end) if end.as_char() == ';');
    let krate: TokenStream = tokens.by_ref().take_while(|token| !is_end(token)).collect();
    let entries: Vec<Entry> = entries(ungrouped(tokens.collect()), &mut errors)
        .into_iter()
        .filter_map(|tokens| entry(tokens, &mut errors))
        .collect();
    let entries = once_each(entries, &mut errors);
    let faults = errors.report();
    let list = Ident::new("__list", Span::call_site());
    let (checked, mounts) = (checked(&entries, &krate), mounts(&entries, &list));
    let no_controller = entries
        .iter()
        .any(|entry| is_controller(&entry.name))
        .then(|| {
            quote!(
                #[allow(unused_imports)]
                use #krate::__private::NoController as _;
            )
        });
    // In a closure, so that rustc reports one error in a `static`, and not one for each step.
    quote!(#krate::__private::list(|| {
        #faults
        #no_controller
        #[allow(long_running_const_eval)]
        let mut #list = #krate::__private::List::<_, { #checked }>::empty();
        #(#mounts)*
        #list.done()
    }))
}

/// Compares the paths of all routes while the list is compiled. Its value is the length of the list. After a
/// mistake there is no value, so rustc reports no error that depends on it.
fn checked(entries: &[Entry], krate: &TokenStream) -> TokenStream {
    let infos = of_each(entries, |name| match is_controller(name) {
        true => quote_spanned!(place(name)=> __infos(#name::__A_TYPE_HAS_ONE_CONTROLLER)),
        false => quote_spanned!(place(name)=> __info(#name)),
    });
    let at = Ident::new("__at", Span::call_site());
    let checks = of_each(entries, |name| {
        let check = quote_spanned!(place(name)=> __ROUTES.check(#at));
        quote!(let #at = #check;)
    });
    quote! {
        use #krate::__private::{
            ListCheck as __ListCheck, RouteInfo as __RouteInfo, info as __info, infos as __infos,
            total as __total, total_of_paths as __total_of_paths,
        };
        const __NAMES: &[&[__RouteInfo]] = &[#(#infos),*];
        // A reference: rustc looks at a whole constant each time that it is named.
        const __ROUTES: &__ListCheck<
            { __NAMES.len() }, { __total(__NAMES) }, { __total_of_paths(__NAMES) },
        > = &__ListCheck::new(__NAMES);
        let #at = 0;
        #(#checks)*
        #at
    }
}

/// Puts each route into the list.
fn mounts(entries: &[Entry], list: &Ident) -> Vec<TokenStream> {
    of_each(entries, |name| {
        // rustc reports a state that lacks something at this name: its span is in the list.
        let named = Ident::new("__named", place(name));
        match is_controller(name) {
            true => {
                quote_spanned!(place(name)=> #list.controller(#name::__A_TYPE_HAS_ONE_CONTROLLER);)
            }
            false => quote_spanned! {place(name)=>
                #list.route({ let #named = &#list; #named.named(#name) });
            },
        }
    })
}

/// Code for each name, below the `cfg`s of the name.
fn of_each(entries: &[Entry], each: impl Fn(&TypePath) -> TokenStream) -> Vec<TokenStream> {
    let with_cfgs = |Entry { cfgs, name }: &Entry| {
        let each = each(name);
        quote!(#(#cfgs)* #each)
    };
    entries.iter().map(with_cfgs).collect()
}

/// Removes names that are in the list twice. Only rustc knows whether a name with a `cfg` exists.
fn once_each(entries: Vec<Entry>, errors: &mut Errors) -> Vec<Entry> {
    let mut names = HashSet::with_capacity(entries.len());
    let mut is_new = |entry: &Entry| {
        let name = entry.name.to_token_stream().to_string();
        let is_new = !entry.cfgs.is_empty() || names.insert(name);
        if !is_new {
            let wrong = format!("`{}` is in this list twice", as_text(&entry.name));
            errors.add(&entry.name, Mistake::new(wrong, "delete it"));
        }
        is_new
    };
    entries.into_iter().filter(|entry| is_new(entry)).collect()
}

/// A name and its attributes.
fn entry(tokens: TokenStream, errors: &mut Errors) -> Option<Entry> {
    let parts = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        Ok((attributes, input.parse::<TypePath>()?))
    };
    // An item of a trait is not a route.
    let is_of_a_trait =
        |name: &TypePath| name.qself.as_ref().is_some_and(|of| of.as_token.is_some());
    let is_called = |name: &TypePath| {
        let is =
            |segment: &PathSegment| matches!(segment.arguments, PathArguments::Parenthesized(_));
        name.path.segments.iter().any(is)
    };
    let parsed = parts.parse2(tokens.clone()).ok();
    let Some((attributes, mut name)) =
        parsed.filter(|(_, name)| !is_of_a_trait(name) && !is_called(name))
    else {
        let wrong = format!("`{}` is not the name of a route", as_text(&tokens));
        let help = meant(&tokens).unwrap_or_else(|| {
            "write the name of a function with `#[route]`, such as `my_service`, or of a \
             controller, such as `Shop`"
                .to_owned()
        });
        errors.add(tokens, Mistake::new(wrong, help));
        return None;
    };
    let last = name.path.segments.last_mut();
    if let Some(last) = last.filter(|last| !is_upper(last) && !last.arguments.is_none()) {
        let wrong = format!("a route has no parameters: `{}`", as_text(&tokens));
        last.arguments = PathArguments::None;
        errors.add(
            tokens,
            Mistake::new(wrong, format!("write `{}`", as_text(&name))),
        );
        return None;
    }
    // The developer writes `Shop<Books>`, as for a type; an expression needs `Shop::<Books>`.
    for segment in &mut name.path.segments {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            arguments.colon2_token.get_or_insert_default();
        }
    }
    let (cfgs, others) = Conditional::all(attributes)
        .into_iter()
        .partition::<Vec<_>, _>(Conditional::is_cfg);
    for other in others {
        other.refuse(errors);
    }
    Some(Entry { cfgs, name })
}

/// Where rustc reports a mistake in a handler.
fn place(name: &TypePath) -> Span {
    name.path
        .segments
        .last()
        .map_or_else(Span::call_site, |last| last.ident.span())
}

/// A handler has the name of a function, a controller that of a type.
fn is_controller(name: &TypePath) -> bool {
    name.path.segments.last().is_some_and(is_upper)
}

fn is_upper(segment: &PathSegment) -> bool {
    let name = segment.ident.unraw().to_string();
    name.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use crate::reviewed::assert_reviewed;

    #[test]
    fn list_of_routes() {
        let list = super::routes(quote!(
            ::auth_api_key; my_service, #[cfg(debug_assertions)] shop::orders, Shop
        ));
        assert_reviewed("routes", quote!(fn routes() -> Routes<()> { #list }));
    }
}
