#[doc(hidden)]
struct __route_order;
fn order<S>(
    call: ::auth_api_key::__private::Call<__route_order, S>,
) -> ::auth_api_key::__private::Answer
where
    __route_order: ::auth_api_key::__private::Run<S>,
{
    call.run()
}
#[cfg(test)]
use __route_order_in_tests::*;
#[cfg(test)]
mod __route_order_in_tests {
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
            let __admission = __private::begin::<Self, _>(&__request, &__state);
            let (mut __parts, __body) = __request.into_parts();
            __admission.mark_sensitive(&mut __parts);
            __private::Ran::new(
                __Seal(__Pass),
                __private::Box::pin(async move {
                    let (__guard, __who) = match __admission.api_key().await {
                        __private::Ok(__admitted) => __admitted,
                        __private::Err(__refused) => {
                            return __private::refused_call(__refused);
                        }
                    };
                    let __captures = __private::captures::<
                        Self,
                    >(&mut __parts, __guard.unreadable_capture())
                        .await;
                    let __a1 = match __captures.read("shop") {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a4 = match __private::call_argument(&mut __parts, &__state)
                        .await
                    {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let mut __call = match __private::call(__parts, __body).await {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a2 = match __call.required("a") {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a3 = match __call.optional("b") {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a5 = match __call.rest() {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __response = order(__Pass, __who, __a1, __a2, __a3, __a4, __a5)
                        .await;
                    {
                        use __private::ReturnedValue as _;
                        __guard.answer(__private::Returned(__response).answer(&__call))
                    }
                }),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_order_in_tests::order {
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
