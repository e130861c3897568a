#[cfg(unix)]
#[deprecated]
#[allow(non_camel_case_types)]
#[allow(deprecated)]
struct hello;
#[cfg(unix)]
const _: () = {
    use ::auth_api_key::__private;
    #[automatically_derived]
    #[allow(deprecated)]
    impl ::core::clone::Clone for hello {
        fn clone(&self) -> Self {
            Self {}
        }
    }
    #[automatically_derived]
    #[allow(deprecated)]
    impl ::core::fmt::Debug for hello {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            __f.write_str("hello")
        }
    }
    struct __Pass;
    #[allow(clippy::too_many_arguments)]
    async fn hello(_: __Pass, key: Option<ApiKey>) -> &'static str {
        "hello"
    }
    #[automatically_derived]
    #[allow(deprecated)]
    impl __private::Route for hello {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "hello"),
            &[("/hello", "/hello"), ("/hi", "/hi")],
            &[],
            "public",
            &[],
        );
    }
    #[automatically_derived]
    #[allow(deprecated)]
    impl<__S> __private::Handler<(), __S> for hello
    where
        __S: __private::RouterState,
        __S: __private::ProvidesAuthenticator,
    {
        type Future = __private::Answer;
        fn call(self, __request: __private::Request, __state: __S) -> __private::Answer {
            let __admission = __private::begin(
                &__request,
                &__state,
                <Self as __private::Route>::INFO.groups,
            );
            __private::Box::pin(async move {
                let (__guard, __who) = match __admission.public().await {
                    __private::Ok(__admitted) => __admitted,
                    __private::Err(__refused) => {
                        return __private::IntoResponse::into_response(__refused);
                    }
                };
                let __response = hello(__Pass, __who).await;
                __guard.answer(__response)
            })
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    #[allow(deprecated)]
    impl hello {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code, clippy::too_many_arguments)]
        async fn unguarded(__a0: Option<ApiKey>) -> &'static str {
            hello(__Pass, __a0).await
        }
    }
};
