#[allow(non_camel_case_types)]
pub(crate) struct profile;
const _: () = {
    use ::auth_api_key::__private;
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
        __Method: __private::AuthMethod,
    {
        user.name
    }
    #[automatically_derived]
    impl __private::Route for profile {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "profile"),
            &[("/profile", "/profile")],
            &[],
            "MyJwt",
            &[],
        );
    }
    #[automatically_derived]
    impl __private::Handler<(), AppState> for profile
    where
        __Method: __private::Authenticates<AppState>,
        AppState: __private::RouterState,
    {
        type Future = __private::Answer;
        fn call(
            self,
            __request: __private::Request,
            __state: AppState,
        ) -> __private::Answer {
            let (mut __parts, __body) = __request.into_parts();
            let _ = &mut __parts;
            __private::Box::pin(async move {
                let (__guard, __who) = match __private::custom::<
                    __Method,
                    AppState,
                >(&mut __parts, &__state)
                    .await
                {
                    __private::Ok(__admitted) => __admitted,
                    __private::Err(__refused) => {
                        return __private::IntoResponse::into_response(__refused);
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
            __Method: __private::AuthMethod,
        {
            profile(__Pass, __a0).await
        }
    }
};
