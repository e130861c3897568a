//! From a controller to code in the developer's crate: a guarded handler for each route, and the list of
//! them.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::parse::{Controller, Decorated, Other};
use crate::{
    attributes::Attributes,
    route::{
        expand::{self, name::constant},
        model::{Function, Route},
        parse::marker::marker,
        stub::{body, is_valid, plain},
    },
};

pub(crate) fn controller(
    controller: &Controller,
    routes: &[(Route, Function)],
    krate: &TokenStream,
) -> TokenStream {
    let others = controller.with(&controller.others);
    let refused = refused_calls(controller, krate);
    let levels = Attributes::of(&controller.attributes).levels;
    let of = &controller.head.self_ty;
    let handlers = routes.iter().map(|(route, function)| {
        let handler = expand::route(route, function);
        let absent = absent(function);
        quote!(#handler #absent)
    });
    let name = format_ident!("__controller_{}", controller.name.unraw());
    let (list, infos, mounts) = (list(&name), infos(&name, routes), mounts(&name, routes));
    quote! {
        #others

        #refused

        #(#levels)*
        const _: () = {
            use #krate::__private;

            type __Self = #of;

            #(#handlers)*
            #list
            #infos
            #mounts
        };
    }
}

/// The type that stands for all routes of the controller, and the constant by which lists name it.
fn list(name: &Ident) -> TokenStream {
    quote! {
        #[derive(::core::fmt::Debug)]
        #[allow(non_camel_case_types, unreachable_pub)]
        pub struct #name;

        impl __Self {
            #[doc(hidden)]
            #[allow(unreachable_pub)]
            pub const __A_TYPE_HAS_ONE_CONTROLLER: #name = #name;
        }
    }
}

/// What lists know of the routes while they are compiled.
fn infos(list: &Ident, routes: &[(Route, Function)]) -> TokenStream {
    let infos = of_each(routes, |function| {
        let marker = &function.marker;
        quote!(<#marker as __private::Route>::INFO)
    });
    quote! {
        #[automatically_derived]
        impl __private::ControllerRoutes for #list {
            const ROUTES: &'static [__private::RouteInfo] = &[#(#infos),*];
        }
    }
}

/// How a list mounts each route.
fn mounts(list: &Ident, routes: &[(Route, Function)]) -> TokenStream {
    let markers = routes.iter().map(|(_, function)| &function.marker);
    // Each by its constant, so that rustc does not warn that the constant is unused.
    let mounts = of_each(routes, |function| {
        let (name, marker) = (&function.signature.ident, &function.marker);
        match Attributes::of(&function.attributes).are_deprecated() {
            true => quote!(__list.route(__private::Guarded::<#marker>::NEW);),
            false => quote!(__list.route(__Self::#name);),
        }
    });
    quote! {
        #[automatically_derived]
        impl<__S, const __LENGTH: usize> __private::ListedController<__S, __LENGTH> for #list
        where
            __S: __private::RouterState + ::core::clone::Clone,
            #(#markers: __private::Listed<__S, __LENGTH>,)*
        {
            fn list(self, __list: &mut __private::List<__S, __LENGTH>) {
                #(#mounts)*
            }
        }
    }
}

/// Code for each route, below the `cfg`s of the route.
fn of_each(
    routes: &[(Route, Function)],
    each: impl Fn(&Function) -> TokenStream,
) -> Vec<TokenStream> {
    let with_cfgs = |(_, function): &(Route, Function)| {
        let cfgs = Attributes::of(&function.attributes).cfgs;
        let each = each(function);
        quote!(#(#cfgs)* #each)
    };
    routes.iter().map(with_cfgs).collect()
}

/// Methods of the routes' names, so that a call `shop.orders(…)` gets an error of ours. They take `&mut self`, so that
/// rustc finds any other method of the name first.
fn refused_calls(controller: &Controller, krate: &TokenStream) -> TokenStream {
    let (of, refused) = (&controller.head.self_ty, marker(&controller.name));
    let calls = controller.routes.iter().map(|Decorated { function, .. }| {
        let cfgs = Attributes::of(&function.attributes).cfgs;
        let (name, inputs) = (&function.signature.ident, &function.signature.inputs);
        let arguments = inputs.iter().map(|_| quote!(_: impl ::core::marker::Sized));
        quote! {
            #(#cfgs)*
            fn #name<__T>(&mut self, #(#arguments),*) -> __T
            where
                Self: #krate::__private::CalledByARouter,
            {
                ::core::unreachable!()
            }
        }
    });
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, non_camel_case_types)]
        trait #refused: ::core::marker::Sized {
            #(#calls)*
        }
        impl #refused for #of {}
    }
}

/// Replaces the handler if `#[cfg]` removes it, since a bound cannot be conditional.
fn absent(function: &Function) -> Option<TokenStream> {
    let cfgs = Attributes::of(&function.attributes).cfgs;
    // If rustc cannot read one of them, the handler is not replaced.
    let conditions: Vec<_> = cfgs
        .iter()
        .map(|cfg| cfg.kept_if())
        .collect::<Option<_>>()?;
    let marker = &function.marker;
    (!conditions.is_empty()).then(|| {
        quote! {
            #[cfg(not(all(#(#conditions),*)))]
            use __private::Stub as #marker;
        }
    })
}

/// After a mistake: the same names, and the bodies as they were written, so that editors understand
/// them and rustc does not warn that what they use is unused.
pub(crate) fn stub(controller: &Controller, krate: &TokenStream) -> TokenStream {
    let stub = quote!(#krate::__private::Stub);
    let routes = controller.routes.iter().map(|Decorated { function, .. }| {
        let attributes = Attributes::of(&function.attributes);
        let cfgs = &attributes.cfgs;
        let constant = constant(function, &attributes, krate, &stub);
        let mut signature = function.signature.clone();
        let body = is_valid(&signature).then(|| {
            signature.ident = function.marker.clone();
            let receiver = function
                .method
                .as_ref()
                .and_then(|method| method.receiver.clone());
            let receiver = receiver.map(syn::FnArg::Receiver);
            signature.inputs = receiver.into_iter().chain(signature.inputs).collect();
            let mut signature = plain(signature);
            let (on_body, body) = (&attributes.on_body, body(function, &mut signature));
            quote!(#(#cfgs)* #(#on_body)* #[allow(dead_code, unreachable_code)] #signature #body)
        });
        quote!(#(#cfgs)* #[allow(dead_code)] #constant #body)
    });
    let others = &controller.others;
    let block = controller.with(&quote!(#others #(#routes)*));
    let of = &controller.head.self_ty;
    let refused = refused_calls(controller, krate);
    quote!(#block impl #krate::__private::Controller for #of {} #refused)
}

/// An item that is not an inherent `impl`, as it was written.
pub(crate) fn no_controller(other: &Other, krate: &TokenStream) -> TokenStream {
    let item = &other.item;
    let stub = other.meant.as_ref().map(|[parameters, of]| {
        // `routes![Shop]` needs this to know which of many types it names.
        let constant = other.one_of_many.as_ref().map(|one| {
            quote! {
                impl #one {
                    #[doc(hidden)]
                    #[allow(unreachable_pub)]
                    pub const __A_TYPE_HAS_ONE_CONTROLLER: #krate::__private::NotAController<Self> =
                        <Self as #krate::__private::NoController>::__A_TYPE_HAS_ONE_CONTROLLER;
                }
            }
        });
        quote!(impl #parameters #krate::__private::Controller for #of {} #constant)
    });
    quote!(#item #stub)
}
