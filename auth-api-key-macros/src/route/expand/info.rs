//! What lists of routes say of a route.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::name::text;
use crate::{
    route::model::{Auth, Function, Kind, Route},
    tokens::as_text,
};

pub(super) fn info(route: &Route, function: &Function) -> TokenStream {
    let (marker, value) = (&function.marker, value(route, function));
    // The one value of the type, for a constant of it.
    let constant = function.method.is_some().then(|| {
        quote! {
            #[automatically_derived]
            impl __private::RouteValue for #marker {
                const ROUTE: &'static Self = &Self;
            }
        }
    });
    quote! {
        #constant

        #[automatically_derived]
        impl __private::Route for #marker {
            const INFO: __private::RouteInfo = #value;
            type Seal = __Seal;
        }
    }
}

fn value(route: &Route, function: &Function) -> TokenStream {
    let text = text(function);
    let place = function
        .method
        .as_ref()
        .map_or_else(Span::call_site, |method| method.place);
    let paths = route.paths.iter().map(|path| &path.route);
    let shapes = route.paths.iter().map(|path| &path.shape);
    let (methods, groups) = (&route.methods, &route.groups);
    let auth = match &route.auth {
        Auth::ApiKey => "api_key".to_owned(),
        Auth::Public => "public".to_owned(),
        Auth::None => "none".to_owned(),
        Auth::Custom(ty) => as_text(ty),
    };
    let info = quote_spanned! {place=>
        __private::route_info(
            ::core::concat!(::core::module_path!(), "::", #text),
            &[#((#paths, #shapes)),*],
            &[#(#methods),*],
            #auth,
            &[#(#groups),*],
        )
    };
    let info = match route.kind {
        Kind::Http => info,
        Kind::Form => quote!(__private::of_type(#info, "form")),
        Kind::JsonRpc => quote!(__private::of_type(#info, "jsonrpc")),
    };
    match (&*route.cors, &route.cors_headers) {
        ([], _) => info,
        (origins, headers) => quote!(__private::cors(#info, &[#(#origins),*], &[#(#headers),*])),
    }
}
