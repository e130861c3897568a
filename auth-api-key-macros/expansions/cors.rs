#[doc(hidden)]
struct __route_stock;
fn stock<S>(
    call: ::auth_api_key::__private::Call<__route_stock, S>,
) -> ::auth_api_key::__private::Answer
where
    __route_stock: ::auth_api_key::__private::Run<S>,
{
    call.run()
}
#[cfg(test)]
use __route_stock_in_tests::*;
#[cfg(test)]
mod __route_stock_in_tests {
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
            let __sharing = match __private::preflight(
                &__request,
                &<Self as __private::Route>::INFO,
                || __private::Some(
                    __private::ProvidesAuthenticator::authenticator(&__state),
                ),
            ) {
                __private::Ok(__sharing) => __sharing,
                __private::Err(__answer) => {
                    return __private::Ran::new(__Seal(__Pass), __answer);
                }
            };
            let __admission = __private::begin::<Self, _>(&__request, &__state);
            __private::Ran::new(
                __Seal(__Pass),
                __private::Box::pin(
                    __private::shared(
                        __sharing,
                        async move {
                            let (__guard, __who) = match __admission.api_key().await {
                                __private::Ok(__admitted) => __admitted,
                                __private::Err(__refused) => {
                                    return __private::IntoResponse::into_response(__refused);
                                }
                            };
                            let __response = stock(__Pass).await;
                            __guard.answer(__response)
                        },
                    ),
                ),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_stock_in_tests::stock {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        async fn unguarded() -> &'static str {
            stock(__Pass).await
        }
    }
};
