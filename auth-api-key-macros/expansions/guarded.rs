/// Says hello.
#[allow(non_camel_case_types)]
pub struct my_service;
const _: () = {
    #[automatically_derived]
    impl ::core::clone::Clone for my_service {
        fn clone(&self) -> Self {
            Self {}
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for my_service {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            __f.write_str("my_service")
        }
    }
    struct __Pass;
    #[allow(clippy::too_many_arguments)]
    async fn my_service(_: __Pass, key: ApiKey) -> String {
        format!("hello {}", key.name)
    }
    #[automatically_derived]
    impl ::auth_api_key::Route for my_service {
        const INFO: ::auth_api_key::RouteInfo = ::auth_api_key::__private::route_info(
            ::core::concat!(::core::module_path!(), "::", "my_service"),
            &[("/my_service", "/my_service")],
            &[],
            "api_key",
            &[],
            (::core::file!(), ::core::line!()),
        );
    }
    #[automatically_derived]
    impl<__S> ::auth_api_key::__private::Handler<(), __S> for my_service
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
                let (__guard, __who) = match __admission.api_key().await {
                    ::core::result::Result::Ok(__admitted) => __admitted,
                    ::core::result::Result::Err(__refused) => {
                        return ::auth_api_key::__private::IntoResponse::into_response(
                            __refused,
                        );
                    }
                };
                let __response = my_service(__Pass, __who).await;
                __guard.answer(__response)
            })
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl my_service {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code, clippy::too_many_arguments)]
        pub async fn unguarded(__a0: ApiKey) -> String {
            my_service(__Pass, __a0).await
        }
    }
};
