#[doc(hidden)]
struct __route_health;
fn health<__S>(
    __call: my_auth::__private::Call<__route_health, __S>,
) -> <__S as my_auth::__private::HasAnswer>::Answer
where
    __route_health: my_auth::__private::Run<__S>,
{
    __call.run()
}
#[cfg(test)]
use __route_health_type::*;
#[cfg(test)]
mod __route_health_type {
    pub struct health {}
}
const _: () = {
    use my_auth::__private;
    struct __Pass;
    pub struct __Seal(#[allow(dead_code)] __Pass);
    async fn health(_: __Pass) {}
    #[automatically_derived]
    impl __private::Route for __route_health {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "health"),
            &[("/health", "/health")],
            &[],
            "none",
            &[],
        );
        type Seal = __Seal;
    }
    #[automatically_derived]
    impl<__S> __private::Run<__S> for __route_health
    where
        __S: __private::RouterState,
    {
        fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
            __private::run::<
                Self,
                __private::Open,
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
                |_, ()| health(__Pass),
                __private::answer(),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_health_type::health {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        async fn unguarded() {
            health(__Pass).await
        }
    }
};
