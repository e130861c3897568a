#[doc(hidden)]
pub struct __route_my_service;
/// Says hello.
pub fn my_service<__S>(
    __call: ::auth_api_key::__private::Call<__route_my_service, __S>,
) -> <__S as ::auth_api_key::__private::HasAnswer>::Answer
where
    __route_my_service: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(test)]
use __route_my_service_type::*;
#[cfg(test)]
mod __route_my_service_type {
    pub struct my_service {}
}
const _: () = {
    use ::auth_api_key::__private;
    struct __Pass;
    pub struct __Seal(#[allow(dead_code)] __Pass);
    async fn my_service(_: __Pass, key: ApiKey) -> String {
        format!("hello {}", key.name)
    }
    #[automatically_derived]
    impl __private::Route for __route_my_service {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "my_service"),
            &[("/my_service", "/my_service")],
            &[],
            "api_key",
            &[],
        );
        type Seal = __Seal;
    }
    #[automatically_derived]
    impl<__S> __private::Run<__S> for __route_my_service
    where
        __S: __private::RouterState,
        __S: __private::ProvidesAuthenticator,
    {
        fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
            __private::run::<
                Self,
                __private::ByKey<false>,
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
                |__who, ()| my_service(__Pass, __who),
                __private::answer(),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_my_service_type::my_service {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        pub async fn unguarded(__a0: ApiKey) -> String {
            my_service(__Pass, __a0).await
        }
    }
};
