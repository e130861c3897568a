#[doc(hidden)]
struct __route_partner;
fn partner<__S>(
    __call: ::auth_api_key::__private::Call<__route_partner, __S>,
) -> <__S as ::auth_api_key::__private::HasAnswer>::Answer
where
    __route_partner: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(test)]
use __route_partner_type::*;
#[cfg(test)]
mod __route_partner_type {
    pub struct partner {}
}
const _: () = {
    use ::auth_api_key::__private;
    struct __Pass;
    pub struct __Seal(#[allow(dead_code)] __Pass);
    #[tracing::instrument]
    #[allow(clippy::too_many_arguments)]
    async fn partner(
        _: __Pass,
        key: ApiKey,
        id: i64,
        lang: Option<String>,
        tag: Vec<String>,
        State(database): State<Database>,
        headers: HeaderMap,
        Json(order): Json<Order>,
    ) -> Json<Partner> {
        database.partner(id).await
    }
    #[automatically_derived]
    impl __private::Route for __route_partner {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "partner"),
            &[("/partner/{id}", "/partner/{}")],
            &["POST"],
            "api_key",
            &["shop"],
        );
        type Seal = __Seal;
    }
    #[automatically_derived]
    impl<__S> __private::Run<__S> for __route_partner
    where
        __S: __private::RouterState,
        __S: __private::ProvidesAuthenticator,
        __S: __private::Provides<Database>,
    {
        fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
            __private::run::<
                Self,
                __private::ByKey<false>,
                __private::WholeRequest,
                _,
                _,
                _,
                _,
                _,
            >(
                __Seal(__Pass),
                (
                    __private::capture("id"),
                    __private::optional("lang"),
                    __private::many("tag"),
                    __private::part(),
                    __private::argument(),
                    __private::last(),
                ),
                __request,
                __state,
                |__who, (__a1, __a2, __a3, __a4, __a5, __a6)| partner(
                    __Pass,
                    __who,
                    __a1,
                    __a2,
                    __a3,
                    __a4,
                    __a5,
                    __a6,
                ),
                __private::answer(),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_partner_type::partner {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        #[allow(clippy::too_many_arguments)]
        async fn unguarded(
            __a0: ApiKey,
            __a1: i64,
            __a2: Option<String>,
            __a3: Vec<String>,
            __a4: State<Database>,
            __a5: HeaderMap,
            __a6: Json<Order>,
        ) -> Json<Partner> {
            partner(__Pass, __a0, __a1, __a2, __a3, __a4, __a5, __a6).await
        }
    }
};
