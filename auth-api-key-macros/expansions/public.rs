#[cfg(unix)]
#[doc(hidden)]
struct __route_hello;
#[cfg(unix)]
#[deprecated]
fn hello<__S>(
    __call: ::auth_api_key::__private::Call<__route_hello, __S>,
) -> ::auth_api_key::__private::Answer
where
    __route_hello: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(unix)]
#[cfg(test)]
use __route_hello_in_tests::*;
#[cfg(unix)]
#[cfg(test)]
mod __route_hello_in_tests {
    pub struct hello {}
}
#[cfg(unix)]
const _: () = {
    use ::auth_api_key::__private;
    struct __Pass;
    pub struct __Seal(#[allow(dead_code)] __Pass);
    async fn hello(_: __Pass, key: Option<ApiKey>) -> &'static str {
        "hello"
    }
    #[automatically_derived]
    #[allow(deprecated)]
    impl __private::Route for __route_hello {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "hello"),
            &[("/hello", "/hello"), ("/hi", "/hi")],
            &[],
            "public",
            &[],
        );
        type Seal = __Seal;
    }
    #[automatically_derived]
    #[allow(deprecated)]
    impl<__S> __private::Run<__S> for __route_hello
    where
        __S: __private::RouterState,
        __S: __private::ProvidesAuthenticator,
    {
        fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
            let __admission = __private::begin::<Self, _>(&__request, &__state);
            __private::Ran::new(
                __Seal(__Pass),
                __private::Box::pin(async move {
                    let (__guard, __who) = match __admission.public().await {
                        __private::Ok(__admitted) => __admitted,
                        __private::Err(__refused) => {
                            return __private::IntoResponse::into_response(__refused);
                        }
                    };
                    let __response = hello(__Pass, __who).await;
                    __guard.answer(__response)
                }),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    #[allow(deprecated)]
    impl __route_hello_in_tests::hello {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        async fn unguarded(__a0: Option<ApiKey>) -> &'static str {
            hello(__Pass, __a0).await
        }
    }
};
