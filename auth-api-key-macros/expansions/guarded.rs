/// Says hello.
#[allow(non_camel_case_types)]
pub struct my_service;
const _: () = {
    use ::auth_api_key::__private;
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
    impl __private::Route for my_service {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "my_service"),
            &[("/my_service", "/my_service")],
            &[],
            "api_key",
            &[],
        );
    }
    #[automatically_derived]
    impl<__S> __private::Handler<(), __S> for my_service
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
                let (__guard, __who) = match __admission.api_key().await {
                    __private::Ok(__admitted) => __admitted,
                    __private::Err(__refused) => {
                        return __private::IntoResponse::into_response(__refused);
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
