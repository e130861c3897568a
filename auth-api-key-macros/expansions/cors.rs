#[allow(non_camel_case_types)]
struct stock;
const _: () = {
    use ::auth_api_key::__private;
    #[automatically_derived]
    impl ::core::clone::Clone for stock {
        fn clone(&self) -> Self {
            Self {}
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for stock {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            __f.write_str("stock")
        }
    }
    struct __Pass;
    #[allow(clippy::too_many_arguments)]
    async fn stock(_: __Pass) -> &'static str {
        "plenty"
    }
    #[automatically_derived]
    impl __private::Route for stock {
        const INFO: __private::RouteInfo = __private::cors(
            __private::route_info(
                ::core::concat!(::core::module_path!(), "::", "stock"),
                &[("/stock", "/stock")],
                &[],
                "api_key",
                &[],
            ),
            "*",
        );
    }
    #[automatically_derived]
    impl<__S> __private::Handler<(), __S> for stock
    where
        __S: __private::RouterState,
        __S: __private::ProvidesAuthenticator,
    {
        type Future = __private::Answer;
        fn call(self, __request: __private::Request, __state: __S) -> __private::Answer {
            if let __private::Some(__answer) = __private::preflight(
                &__request,
                &<Self as __private::Route>::INFO,
                || __private::Some(
                    __private::ProvidesAuthenticator::authenticator(&__state),
                ),
            ) {
                return __answer;
            }
            let __admission = __private::begin(
                &__request,
                &__state,
                <Self as __private::Route>::INFO.groups,
            );
            __private::Box::pin(
                __private::shared(
                    <Self as __private::Route>::INFO.cors,
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
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl stock {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code, clippy::too_many_arguments)]
        async fn unguarded() -> &'static str {
            stock(__Pass).await
        }
    }
};
