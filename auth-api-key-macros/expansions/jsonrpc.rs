#[doc(hidden)]
struct __route_order;
fn order<__S>(
    __call: ::auth_api_key::__private::Call<__route_order, __S>,
) -> <__S as ::auth_api_key::__private::HasAnswer>::Answer
where
    __route_order: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(test)]
use __route_order_type::*;
#[cfg(test)]
mod __route_order_type {
    pub struct order {}
}
const _: () = {
    use ::auth_api_key::__private;
    struct __Pass;
    pub struct __Seal(#[allow(dead_code)] __Pass);
    #[allow(clippy::too_many_arguments)]
    async fn order(
        _: __Pass,
        key: ApiKey,
        shop: i64,
        a: Vec<i64>,
        b: Option<i64>,
        headers: HeaderMap,
        Params(others): Params<Map<String, Value>>,
    ) -> Result<Order, OrderError> {
        orders(key, shop, a, b).await
    }
    #[automatically_derived]
    impl __private::Route for __route_order {
        const INFO: __private::RouteInfo = __private::of_type(
            __private::route_info(
                ::core::concat!(::core::module_path!(), "::", "order"),
                &[("/shop/{shop}", "/shop/{}")],
                &[],
                "api_key",
                &[],
            ),
            "jsonrpc",
        );
        type Seal = __Seal;
    }
    #[automatically_derived]
    impl<__S> __private::Run<__S> for __route_order
    where
        __S: __private::RouterState,
        __S: __private::ProvidesAuthenticator,
    {
        fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
            __private::run::<
                Self,
                __private::ByKey<false>,
                __private::JsonRpc,
                _,
                _,
                _,
                _,
                _,
            >(
                __Seal(__Pass),
                (
                    __private::capture("shop"),
                    __private::call_argument(),
                    __private::param("a"),
                    __private::optional_param("b"),
                    __private::rest(),
                ),
                __request,
                __state,
                |__who, (__a1, __a4, __a2, __a3, __a5)| order(
                    __Pass,
                    __who,
                    __a1,
                    __a2,
                    __a3,
                    __a4,
                    __a5,
                ),
                |__returned, __call| {
                    use __private::ReturnedValue as _;
                    __private::Returned(__returned).answer(__call)
                },
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_order_type::order {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        #[allow(clippy::too_many_arguments)]
        async fn unguarded(
            __a0: ApiKey,
            __a1: i64,
            __a2: Vec<i64>,
            __a3: Option<i64>,
            __a4: HeaderMap,
            __a5: Params<Map<String, Value>>,
        ) -> Result<Order, OrderError> {
            order(__Pass, __a0, __a1, __a2, __a3, __a4, __a5).await
        }
    }
};
