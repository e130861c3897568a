#[allow(non_camel_case_types)]
pub(crate) struct profile;
const _: () = {
    #[automatically_derived]
    impl ::core::clone::Clone for profile {
        fn clone(&self) -> Self {
            Self {}
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for profile {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            __f.write_str("profile")
        }
    }
    struct __Pass;
    type __Method = MyJwt;
    #[allow(clippy::too_many_arguments)]
    async fn profile(_: __Pass, Identity(user): Identity<MyJwt>) -> String
    where
        __Method: ::auth_api_key::AuthMethod,
    {
        user.name
    }
    #[automatically_derived]
    impl ::auth_api_key::Route for profile {
        const INFO: ::auth_api_key::RouteInfo = ::auth_api_key::__private::route_info(
            ::core::concat!(::core::module_path!(), "::", "profile"),
            &[("/profile", "/profile")],
            &[],
            "MyJwt",
            &[],
            (::core::file!(), ::core::line!()),
        );
    }
    #[automatically_derived]
    impl ::auth_api_key::__private::Handler<(), AppState> for profile
    where
        __Method: ::auth_api_key::__private::Authenticates<AppState>,
        AppState: ::core::marker::Send + ::core::marker::Sync + 'static,
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
            __state: AppState,
        ) -> Self::Future {
            let (mut __parts, __body) = __request.into_parts();
            let _ = &mut __parts;
            ::std::boxed::Box::pin(async move {
                let (__guard, __who) = match ::auth_api_key::__private::custom::<
                    __Method,
                    AppState,
                >(&mut __parts, &__state)
                    .await
                {
                    ::core::result::Result::Ok(__admitted) => __admitted,
                    ::core::result::Result::Err(__refused) => {
                        return ::auth_api_key::__private::IntoResponse::into_response(
                            __refused,
                        );
                    }
                };
                let __response = profile(__Pass, __who).await;
                __guard.answer(__response)
            })
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl profile {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code, clippy::too_many_arguments)]
        pub(crate) async fn unguarded(__a0: Identity<MyJwt>) -> String
        where
            __Method: ::auth_api_key::AuthMethod,
        {
            profile(__Pass, __a0).await
        }
    }
};
