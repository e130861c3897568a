#[doc(hidden)]
struct __route_partner;
fn partner<__S>(
    __call: ::auth_api_key::__private::Call<__route_partner, __S>,
) -> ::auth_api_key::__private::Answer
where
    __route_partner: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(test)]
use __route_partner_in_tests::*;
#[cfg(test)]
mod __route_partner_in_tests {
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
                    let __a1 = match __captures.read("id") {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a2 = match __query.optional("lang") {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a3 = match __query.many("tag") {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a4 = __private::State(__private::Provides::provide(&__state));
                    let __a5 = match __private::argument(&mut __parts, &__state).await {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a6 = match __private::last(__parts, __body, &__state).await {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __response = partner(
                            __Pass,
                            __who,
                            __a1,
                            __a2,
                            __a3,
                            __a4,
                            __a5,
                            __a6,
                        )
                        .await;
                    __guard.answer(__response)
                }),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_partner_in_tests::partner {
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
