//! Warnings: what is suspicious in a route, but not wrong. rustc prints them at the developer's token.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{FnArg, Pat, spanned::Spanned};

use crate::{
    attributes::Conditional,
    errors::Mistake,
    route::{
        model::{Function, Path, Route, Source},
        options::may_have_a_body,
        validate::is_secret,
    },
    tokens::as_text,
    types::{named, only_type_argument},
};

/// The warnings, with the lint levels of the function.
pub(crate) fn warnings(route: &Route, function: &Function, levels: &[&Conditional]) -> TokenStream {
    let slashes = route
        .paths
        .iter()
        .filter_map(|path| trailing_slash(path, &route.paths));
    slashes
        .chain(body_without_any(route, function))
        .map(|warning| warning.expand(levels))
        .collect()
}

struct Warning {
    name: &'static str,
    place: Span,
    mistake: Mistake,
}

impl Warning {
    /// Stable Rust gives a macro only one way to warn: the use of a deprecated item.
    fn expand(self, levels: &[&Conditional]) -> TokenStream {
        let note = self.mistake.text();
        let name = Ident::new(self.name, self.place);
        quote! {
            #(#levels)*
            const _: () = {
                #[deprecated(note = #note)]
                const #name: () = ();
                #name
            };
        }
    }
}

fn trailing_slash(path: &Path, all: &[Path]) -> Option<Warning> {
    let shorter = path.route.strip_suffix('/')?;
    if shorter.is_empty() || all.iter().any(|other| other.route == shorter) {
        return None;
    }
    let own = path.own.strip_suffix('/')?;
    let query = path.query_text();
    Some(Warning {
        name: "TRAILING_SLASH",
        place: path.literal.span(),
        mistake: Mistake::new(
            format!(
                "the path `{}` ends with a slash, and `{shorter}` is another path, not found",
                path.route
            ),
            format!(
                "write `\"{own}{query}\"`, or list both: `[\"{own}{query}\", \"{}{query}\"]`",
                path.own
            ),
        ),
    })
}

/// An argument that reads the body of the request, although requests of the route have none. `Form` is
/// not one: for a `GET` request axum reads it from the query string.
fn body_without_any(route: &Route, function: &Function) -> Option<Warning> {
    if may_have_a_body(&route.methods) {
        return None;
    }
    let (at, argument) = route
        .arguments
        .iter()
        .enumerate()
        .find(|(_, argument)| matches!(argument.source, Source::Last))?;
    let segment = named(&argument.ty, &["Json", "Bytes", "Multipart", "String"])?;
    let instead = match (
        segment.ident.to_string().as_str(),
        &function.signature.inputs[at],
    ) {
        ("String", FnArg::Typed(typed)) => match &*typed.pat {
            Pat::Ident(pattern) if !is_secret(&pattern.ident.to_string()) => {
                let path = route.paths[0].with_query_name(&pattern.ident.to_string());
                format!(", or `\"{path}\"` for a query parameter")
            }
            _ => String::new(),
        },
        ("Json", _) => only_type_argument(segment).map_or_else(String::new, |inner| {
            format!(", or `Query<{}>` for the query string", as_text(inner))
        }),
        _ => String::new(),
    };
    Some(Warning {
        name: "BODY_OF_A_GET_REQUEST",
        place: argument.ty.span(),
        mistake: Mistake::new(
            format!(
                "`{}` reads the body, and a {} request has none",
                as_text(&argument.ty),
                route.methods.join(" or ")
            ),
            format!("write `methods = [\"POST\"]`{instead}"),
        ),
    })
}
