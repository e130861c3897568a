impl Shop {
    const GROUP: &'static str = "shop";
    fn helper(&self, tenant: String, page: Option<u32>) -> String {
        format!("{tenant} {page:?}")
    }
}
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
        impl __private::OfAConstant for __route_orders {
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
                let __admission = __private::begin::<Self, _>(&__request, &__state);
                let (mut __parts, __body) = __request.into_parts();
                __admission.mark_sensitive(&mut __parts);
                __private::Ran::new(
                    __Seal(__Pass),
                    __private::Box::pin(async move {
                        let (__guard, __who) = match __admission.api_key().await {
                            __private::Ok(__admitted) => __admitted,
                            __private::Err(__refused) => {
                                return __private::IntoResponse::into_response(__refused);
                            }
                        };
                        let __captures = __private::captures::<
                            Self,
                        >(&mut __parts, __guard.unreadable_capture())
                            .await;
                        let __query = __private::query(&__parts);
                        let __a0 = match __captures.read("tenant") {
                            __private::Ok(__value) => __value,
                            __private::Err(__error) => return __guard.answer(__error),
                        };
                        let __a1 = match __query.optional("page") {
                            __private::Ok(__value) => __value,
                            __private::Err(__error) => return __guard.answer(__error),
                        };
                        let __this: __Self = __private::Provides::provide(&__state);
                        let __response = __Self::__route_orders(
                                &__this,
                                __Pass,
                                __a0,
                                __a1,
                            )
                            .await;
                        __guard.answer(__response)
                    }),
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
        impl __private::OfAConstant for __route_health {
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
                let (mut __parts, __body) = __request.into_parts();
                let _ = &mut __parts;
                __private::Ran::new(
                    __Seal(__Pass),
                    __private::Box::pin(async move {
                        let (__guard, __who) = match __private::none() {
                            __private::Ok(__admitted) => __admitted,
                            __private::Err(__refused) => {
                                return __private::IntoResponse::into_response(__refused);
                            }
                        };
                        let __captures = __private::captures::<
                            Self,
                        >(&mut __parts, __guard.unreadable_capture())
                            .await;
                        let __a0 = __private::State(
                            __private::Provides::provide(&__state),
                        );
                        let __a1 = match __captures.read("tenant") {
                            __private::Ok(__value) => __value,
                            __private::Err(__error) => return __guard.answer(__error),
                        };
                        let __response = __Self::__route_health(__Pass, __a0, __a1)
                            .await;
                        __guard.answer(__response)
                    }),
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
        pub const __CONTROLLER: __controller_Shop = __controller_Shop;
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
