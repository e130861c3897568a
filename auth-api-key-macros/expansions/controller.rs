impl Shop {
    const GROUP: &'static str = "shop";
    fn helper(&self, tenant: String, page: Option<u32>) -> String {
        format!("{tenant} {page:?}")
    }
}
#[doc(hidden)]
#[allow(dead_code, non_camel_case_types)]
trait __route_Shop: ::core::marker::Sized {
    fn orders<__T>(
        &mut self,
        _: impl ::core::marker::Sized,
        _: impl ::core::marker::Sized,
    ) -> __T
    where
        Self: ::auth_api_key::__private::CalledByARouter,
    {
        ::core::unreachable!()
    }
    #[cfg(unix)]
    fn health<__T>(
        &mut self,
        _: impl ::core::marker::Sized,
        _: impl ::core::marker::Sized,
    ) -> __T
    where
        Self: ::auth_api_key::__private::CalledByARouter,
    {
        ::core::unreachable!()
    }
}
impl __route_Shop for Shop {}
const _: () = {
    use ::auth_api_key::__private;
    type __Self = Shop;
    #[doc(hidden)]
    pub struct __route_orders;
    const _: () = {
        use ::auth_api_key::__private;
        struct __Pass;
        pub struct __Seal(#[allow(dead_code)] __Pass);
        impl Shop {
            /// Its orders.
            #[allow(non_upper_case_globals)]
            pub const orders: ::auth_api_key::__private::Guarded<__route_orders> = ::auth_api_key::__private::Guarded::NEW;
            async fn __route_orders(
                &self,
                _: __Pass,
                tenant: String,
                page: Option<u32>,
            ) -> String {
                self.helper(tenant, page)
            }
        }
        #[automatically_derived]
        impl __private::RouteValue for __route_orders {
            const ROUTE: &'static Self = &Self;
        }
        #[automatically_derived]
        impl __private::Route for __route_orders {
            const INFO: __private::RouteInfo = __private::route_info(
                ::core::concat!(::core::module_path!(), "::", "Shop::orders"),
                &[("/{tenant}/orders", "/{}/orders")],
                &[],
                "api_key",
                &[],
            );
            type Seal = __Seal;
        }
        #[automatically_derived]
        impl<__S> __private::Run<__S> for __route_orders
        where
            __S: __private::RouterState,
            __S: __private::ProvidesAuthenticator,
            __S: __private::Provides<__Self>,
        {
            fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
                __private::run_method::<
                    Self,
                    __private::ByKey<false>,
                    __private::WholeRequest,
                    _,
                    _,
                    _,
                    _,
                >(
                    __Seal(__Pass),
                    (
                        __private::part::<_, _, __Self>(),
                        __private::capture("tenant"),
                        __private::optional("page"),
                    ),
                    __request,
                    __state,
                    |_, (__private::State(__this), __a0, __a1), __call| async move {
                        let __returned = __Self::__route_orders(
                                &__this,
                                __Pass,
                                __a0,
                                __a1,
                            )
                            .await;
                        __private::answer()(__returned, &__call)
                    },
                )
            }
        }
        #[cfg(test)]
        #[automatically_derived]
        impl __route_orders {
            /// Runs the body without its guard, in tests.
            #[allow(dead_code)]
            pub async fn unguarded(
                &self,
                __this: &__Self,
                __a0: String,
                __a1: Option<u32>,
            ) -> String {
                __Self::__route_orders(__this, __Pass, __a0, __a1).await
            }
        }
    };
    #[cfg(unix)]
    #[doc(hidden)]
    pub struct __route_health;
    #[cfg(unix)]
    const _: () = {
        use ::auth_api_key::__private;
        struct __Pass;
        pub struct __Seal(#[allow(dead_code)] __Pass);
        impl Shop {
            #[allow(non_upper_case_globals)]
            const health: ::auth_api_key::__private::Guarded<__route_health> = ::auth_api_key::__private::Guarded::NEW;
            async fn __route_health(_: __Pass, State(_): State<__Self>, tenant: String) {}
        }
        #[automatically_derived]
        impl __private::RouteValue for __route_health {
            const ROUTE: &'static Self = &Self;
        }
        #[automatically_derived]
        impl __private::Route for __route_health {
            const INFO: __private::RouteInfo = __private::route_info(
                ::core::concat!(::core::module_path!(), "::", "Shop::health"),
                &[("/{tenant}", "/{}")],
                &["GET"],
                "none",
                &[],
            );
            type Seal = __Seal;
        }
        #[automatically_derived]
        impl<__S> __private::Run<__S> for __route_health
        where
            __S: __private::RouterState,
            __S: __private::Provides<__Self>,
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
                    (__private::part(), __private::capture("tenant")),
                    __request,
                    __state,
                    |_, (__a0, __a1)| __Self::__route_health(__Pass, __a0, __a1),
                    __private::answer(),
                )
            }
        }
        #[cfg(test)]
        #[automatically_derived]
        impl __route_health {
            /// Runs the body without its guard, in tests.
            #[allow(dead_code)]
            async fn unguarded(&self, __a0: State<__Self>, __a1: String) {
                __Self::__route_health(__Pass, __a0, __a1).await
            }
        }
    };
    #[cfg(not(all(unix)))]
    use __private::Stub as __route_health;
    #[derive(::core::fmt::Debug)]
    #[allow(non_camel_case_types, unreachable_pub)]
    pub struct __controller_Shop;
    impl __Self {
        #[doc(hidden)]
        #[allow(unreachable_pub)]
        pub const __A_TYPE_HAS_ONE_CONTROLLER: __controller_Shop = __controller_Shop;
    }
    #[automatically_derived]
    impl __private::ControllerRoutes for __controller_Shop {
        const ROUTES: &'static [__private::RouteInfo] = &[
            <__route_orders as __private::Route>::INFO,
            #[cfg(unix)]
            <__route_health as __private::Route>::INFO,
        ];
    }
    #[automatically_derived]
    impl<__S, const __LENGTH: usize> __private::ListedController<__S, __LENGTH>
    for __controller_Shop
    where
        __S: __private::RouterState + ::core::clone::Clone,
        __route_orders: __private::Listed<__S, __LENGTH>,
        __route_health: __private::Listed<__S, __LENGTH>,
    {
        fn list(self, __list: &mut __private::List<__S, __LENGTH>) {
            __list.route(__Self::orders);
            #[cfg(unix)] __list.route(__Self::health);
        }
    }
};
