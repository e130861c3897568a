#[doc(hidden)]
struct __route_orders;
fn orders<__S>(
    __call: ::auth_api_key::__private::Call<__route_orders, __S>,
) -> <__S as ::auth_api_key::__private::HasAnswer>::Answer
where
    __route_orders: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(test)]
use __route_orders_type::*;
#[cfg(test)]
mod __route_orders_type {
    pub struct orders {}
}
const _: () = {
    use ::auth_api_key::__private;
    struct __Pass;
    pub struct __Seal(#[allow(dead_code)] __Pass);
    async fn orders(_: __Pass, user: CurrentUser, cart: Cart) {}
    #[automatically_derived]
    impl __private::Route for __route_orders {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "orders"),
            &[("/orders", "/orders")],
            &[],
            "none",
            &[],
        );
        type Seal = __Seal;
    }
    #[automatically_derived]
    impl<__S> __private::Run<__S> for __route_orders
    where
        __S: __private::RouterState,
    {
        fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
            __private::run::<
                Self,
                __private::Open,
                __private::WholeRequest,
                _,
                _,
                _,
                _,
                _,
            >(
                __Seal(__Pass),
                (
                    {
                        #[diagnostic::on_unimplemented(
                            message = "`CurrentUser` cannot be an argument of a route",
                            label = "neither named in the path nor an extractor",
                            note = "write `Json(user): Json<CurrentUser>` if it is the body of the request, and move it to the end, with `#[derive(serde::Deserialize)]` above `CurrentUser`",
                            note = "write `Query(user): Query<CurrentUser>` if it is the whole query string",
                            note = "write `State(user): State<CurrentUser>` if it is a part of the router's state",
                            note = "write `\"/orders?user\"` if it is one value of the query string",
                            note = "if `CurrentUser` is an extractor for one router's state only, name that type in the attribute: `state = …`"
                        )]
                        trait __Extractor<S, N>: Sized {
                            fn source<K: __private::KeptRequest>(
                                _: N,
                            ) -> __private::Unknown<
                                Self,
                                impl __private::Source<S, K, Value = Self>,
                            >;
                        }
                        #[diagnostic::do_not_recommend]
                        impl<
                            T: __private::Argument<S> + Send,
                            S: Send + Sync,
                            N,
                        > __Extractor<S, N> for T {
                            fn source<K: __private::KeptRequest>(
                                _: N,
                            ) -> __private::Unknown<
                                Self,
                                impl __private::Source<S, K, Value = Self>,
                            > {
                                __private::Unknown(
                                    __private::argument(),
                                    ::core::marker::PhantomData,
                                )
                            }
                        }
                        __Extractor::<__S, _>::source(__private::unnamed)
                    },
                    {
                        #[diagnostic::on_unimplemented(
                            message = "`Cart` cannot be an argument of a route",
                            label = "neither named in the path nor an extractor",
                            note = "write `Json(cart): Json<Cart>` if it is the body of the request, with `#[derive(serde::Deserialize)]` above `Cart`",
                            note = "write `Query(cart): Query<Cart>` if it is the whole query string",
                            note = "write `State(cart): State<Cart>` if it is a part of the router's state",
                            note = "write `\"/orders?cart\"` if it is one value of the query string",
                            note = "if `Cart` is an extractor for one router's state only, name that type in the attribute: `state = …`"
                        )]
                        trait __Extractor<S, M, N>: Sized {
                            fn source<K: __private::KeptRequest>(
                                _: N,
                            ) -> __private::Unknown<
                                Self,
                                impl __private::Source<S, K, Value = Self>,
                            >;
                        }
                        #[diagnostic::do_not_recommend]
                        impl<
                            T: __private::LastArgument<S, M> + Send,
                            S: Send + Sync,
                            M,
                            N,
                        > __Extractor<S, M, N> for T {
                            fn source<K: __private::KeptRequest>(
                                _: N,
                            ) -> __private::Unknown<
                                Self,
                                impl __private::Source<S, K, Value = Self>,
                            > {
                                __private::Unknown(
                                    __private::last(),
                                    ::core::marker::PhantomData,
                                )
                            }
                        }
                        __Extractor::<__S, _, _>::source(__private::unnamed)
                    },
                ),
                __request,
                __state,
                |_, (__a0, __a1)| orders(__Pass, __a0, __a1),
                __private::answer(),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_orders_type::orders {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        async fn unguarded(__a0: CurrentUser, __a1: Cart) {
            orders(__Pass, __a0, __a1).await
        }
    }
};
