#[cfg(unix)]
#[doc(hidden)]
struct __route_hello;
#[cfg(unix)]
#[deprecated]
fn hello<__S>(
    __call: ::auth_api_key::__private::Call<__route_hello, __S>,
) -> <__S as ::auth_api_key::__private::HasAnswer>::Answer
where
    __route_hello: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(unix)]
#[cfg(test)]
use __route_hello_type::*;
#[cfg(unix)]
#[cfg(test)]
mod __route_hello_type {
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
    impl<__S> __private::Run<__S> for __route_hello
    where
        __S: __private::RouterState,
        __S: __private::ProvidesAuthenticator,
    {
        fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
            __private::run::<
                Self,
                __private::Public<false>,
                __private::Nothing,
                _,
                _,
                _,
                _,
                _,
            >(
                __Seal(__Pass),
                (),
                __request,
                __state,
                |__who, ()| hello(__Pass, __who),
                __private::answer(),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_hello_type::hello {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        async fn unguarded(__a0: Option<ApiKey>) -> &'static str {
            hello(__Pass, __a0).await
        }
    }
};
