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
    struct __Pass;
    #[allow(clippy::too_many_arguments)]
    async fn health(_: __Pass) {}
    #[automatically_derived]
    impl my_auth::Route for health {
        const INFO: my_auth::RouteInfo = my_auth::__private::route_info(
            ::core::concat!(::core::module_path!(), "::", "health"),
            &[("/health", "/health")],
            &[],
            "none",
            &[],
            (::core::file!(), ::core::line!()),
        );
    }
    #[automatically_derived]
    impl<__S> my_auth::__private::Handler<(), __S> for health
    where
        __S: ::core::marker::Send + ::core::marker::Sync + 'static,
    {
        type Future = ::core::pin::Pin<
            ::std::boxed::Box<
                dyn ::core::future::Future<
                    Output = my_auth::__private::Response,
                > + ::core::marker::Send,
            >,
        >;
        fn call(
            self,
            __request: my_auth::__private::Request,
            __state: __S,
        ) -> Self::Future {
            ::std::boxed::Box::pin(async move {
                let (__guard, __who) = match my_auth::__private::none() {
                    ::core::result::Result::Ok(__admitted) => __admitted,
                    ::core::result::Result::Err(__refused) => {
                        return my_auth::__private::IntoResponse::into_response(__refused);
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
