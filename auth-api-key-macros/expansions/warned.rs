#[warn(deprecated)]
#[allow(non_camel_case_types)]
struct health;
const _: () = {
    #[automatically_derived]
    impl ::core::clone::Clone for health {
        fn clone(&self) -> Self {
            Self {}
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for health {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            __f.write_str("health")
        }
    }
    #[warn(deprecated)]
    const _: () = {
        #[deprecated(
            note = "the path `/health/` ends with a slash, and `/health` is another path, not found\nhelp: write `\"/health\"`, or list both: `[\"/health\", \"/health/\"]`"
        )]
        const TRAILING_SLASH: () = ();
        TRAILING_SLASH
    };
    struct __Pass;
    #[warn(deprecated)]
    #[allow(clippy::too_many_arguments)]
    async fn health(_: __Pass) {}
    #[automatically_derived]
    impl ::auth_api_key::Route for health {
        const INFO: ::auth_api_key::RouteInfo = ::auth_api_key::__private::route_info(
            ::core::concat!(::core::module_path!(), "::", "health"),
            &[("/health/", "/health/")],
            &[],
            "none",
            &[],
            (::core::file!(), ::core::line!()),
        );
    }
    #[automatically_derived]
    impl<__S> ::auth_api_key::__private::Handler<(), __S> for health
    where
        __S: ::core::marker::Send + ::core::marker::Sync + 'static,
    {
        type Future = ::core::pin::Pin<
            ::std::boxed::Box<
                dyn ::core::future::Future<
                    Output = ::auth_api_key::__private::Response,
                > + ::core::marker::Send,
            >,
        >;
        fn call(
            self,
            __request: ::auth_api_key::__private::Request,
            __state: __S,
        ) -> Self::Future {
            ::std::boxed::Box::pin(async move {
                let (__guard, __who) = match ::auth_api_key::__private::none() {
                    ::core::result::Result::Ok(__admitted) => __admitted,
                    ::core::result::Result::Err(__refused) => {
                        return ::auth_api_key::__private::IntoResponse::into_response(
                            __refused,
                        );
                    }
                };
                let __response = health(__Pass).await;
                __guard.answer(__response)
            })
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl health {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code, clippy::too_many_arguments)]
        async fn unguarded() {
            health(__Pass).await
        }
    }
};
