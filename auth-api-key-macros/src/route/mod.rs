//! `#[route]`: parse, validate, expand; or, after a fault, a stub of the same name.

mod expand;
mod options;
mod parse;
mod path;
mod stub;
mod validate;

use proc_macro2::TokenStream;

use crate::errors::Errors;

/// Expands `#[route(attribute)] item`.
pub(crate) fn route(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Some(function) = parse::function(item.clone(), &mut errors) else {
        // Not a function: left as it is, so that its other uses give no errors.
        return errors.report().into_iter().chain(item).collect();
    };
    let attribute = parse::attribute(attribute, &mut errors);
    let krate = validate::krate(&attribute, &mut errors);
    let route = validate::route(attribute, &function, &krate, &mut errors);
    match route.filter(|_| errors.is_empty()) {
        Some(route) => expand::route(&route, &function),
        // A method is left as it is: no struct can stand in an `impl`.
        None if function.signature.receiver().is_some() => {
            errors.report().into_iter().chain(item).collect()
        }
        None => {
            let stub = stub::route(&function, &krate);
            errors.report().into_iter().chain(stub).collect()
        }
    }
}
