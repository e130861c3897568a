#[doc(hidden)]
struct __route_stock;
fn stock<__S>(
    __call: ::auth_api_key::__private::Call<__route_stock, __S>,
) -> <__S as ::auth_api_key::__private::HasAnswer>::Answer
where
    __route_stock: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(test)]
use __route_stock_type::*;
#[cfg(test)]
mod __route_stock_type {
    pub struct stock {}
}
const _: () = {
    use ::auth_api_key::__private;
    struct __Pass;
    pub struct __Seal(#[allow(dead_code)] __Pass);
    async fn stock(_: __Pass) -> &'static str {
        "plenty"
    }
    #[automatically_derived]
    impl __private::Route for __route_stock {
        const INFO: __private::RouteInfo = __private::cors(
            __private::route_info(
                ::core::concat!(::core::module_path!(), "::", "stock"),
                &[("/stock", "/stock")],
                &[],
                "api_key",
                &[],
            ),
            &["*"],
            &[],
        );
        type Seal = __Seal;
    }
    #[automatically_derived]
    impl<__S> __private::Run<__S> for __route_stock
    where
        __S: __private::RouterState,
        __S: __private::ProvidesAuthenticator,
    {
        fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
            __private::run::<
                Self,
                __private::ByKey<false>,
                __private::Nothing,
                _,
                _,
                _,
                _,
                _,
            >(
                __Seal(__Pass),
                (),
                __request,
                __state,
                |_, ()| stock(__Pass),
                __private::answer(),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_stock_type::stock {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        async fn unguarded() -> &'static str {
            stock(__Pass).await
        }
    }
};
