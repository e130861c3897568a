#[cfg(unix)]
#[deprecated]
#[allow(non_camel_case_types)]
#[allow(deprecated)]
struct hello;
#[cfg(unix)]
const _: () = {
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
    impl ::auth_api_key::Route for hello {
        const INFO: ::auth_api_key::RouteInfo = ::auth_api_key::__private::route_info(
            ::core::concat!(::core::module_path!(), "::", "hello"),
            &[("/hello", "/hello"), ("/hi", "/hi")],
            &[],
            "public",
            &[],
            (::core::file!(), ::core::line!()),
        );
    }
    #[automatically_derived]
    #[allow(deprecated)]
    impl<__S> ::auth_api_key::__private::Handler<(), __S> for hello
    where
        __S: ::core::marker::Send + ::core::marker::Sync + 'static,
        __S: ::auth_api_key::ProvidesAuthenticator,
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
            let __admission = ::auth_api_key::__private::begin(
                &__request,
                &__state,
                <Self as ::auth_api_key::Route>::INFO.groups,
            );
            ::std::boxed::Box::pin(async move {
                let (__guard, __who) = match __admission.public().await {
                    ::core::result::Result::Ok(__admitted) => __admitted,
                    ::core::result::Result::Err(__refused) => {
                        return ::auth_api_key::__private::IntoResponse::into_response(
                            __refused,
                        );
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
