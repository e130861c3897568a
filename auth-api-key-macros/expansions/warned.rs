#[warn(deprecated)]
#[allow(non_camel_case_types)]
struct health;
const _: () = {
    use ::auth_api_key::__private;
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
    impl __private::Route for health {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "health"),
            &[("/health/", "/health/")],
            &[],
            "none",
            &[],
        );
    }
    #[automatically_derived]
    impl<__S> __private::Handler<(), __S> for health
    where
        __S: __private::RouterState,
    {
        type Future = __private::Answer;
        fn call(self, __request: __private::Request, __state: __S) -> __private::Answer {
            __private::Box::pin(async move {
                let (__guard, __who) = match __private::none() {
                    __private::Ok(__admitted) => __admitted,
                    __private::Err(__refused) => {
                        return __private::IntoResponse::into_response(__refused);
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
