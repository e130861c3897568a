//! The argument `Identity<MyJwt>` of a route with `auth = MyJwt`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{FnArg, GenericArgument, PathArguments, Type, parse_quote_spanned, spanned::Spanned};

use crate::{
    route::model::{Auth, Function, Route},
    types::{named, only_type_argument},
};

/// The function with `Identity<__Method>` in place of another written type, and a check that both are one. So
/// rustc reports a wrong type once, and in our words.
pub(super) fn of_the_method(route: &Route, function: &Function) -> Option<(Function, TokenStream)> {
    let Auth::Custom(method) = &route.auth else {
        return None;
    };
    let mut function = function.clone();
    let written = function
        .signature
        .inputs
        .iter_mut()
        .find_map(of_an_identity)?;
    if written.to_token_stream().to_string() == method.to_token_stream().to_string() {
        return None;
    }
    let named = parse_quote_spanned!(written.span()=> __Method);
    let written = std::mem::replace(written, named);
    let check = quote_spanned! {written.span()=>
        const _: () = __private::identifies::<__Method, #written>();
    };
    Some((function, check))
}

/// The `T` of an argument `Identity<T>`.
fn of_an_identity(argument: &mut FnArg) -> Option<&mut Type> {
    let FnArg::Typed(argument) = argument else {
        return None;
    };
    named(&argument.ty, &["Identity"]).and_then(only_type_argument)?;
    let Type::Path(identity) = &mut *argument.ty else {
        return None;
    };
    match &mut identity.path.segments.last_mut()?.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first_mut()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
