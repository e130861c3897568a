#[doc(hidden)]
struct __route_ticket;
fn ticket<S>(
    call: ::auth_api_key::__private::Call<__route_ticket, S>,
) -> ::auth_api_key::__private::Answer
where
    __route_ticket: ::auth_api_key::__private::Run<S>,
{
    call.run()
}
#[cfg(test)]
use __route_ticket_in_tests::*;
#[cfg(test)]
mod __route_ticket_in_tests {
    pub struct ticket {}
}
const _: () = {
    use ::auth_api_key::__private;
    struct __Pass;
    pub struct __Seal(#[allow(dead_code)] __Pass);
    async fn ticket(
        _: __Pass,
        id: Int,
        subject: String,
        files: Vec<Upload>,
        headers: HeaderMap,
    ) {
        open(id, subject, files, headers).await
    }
    #[automatically_derived]
    impl __private::Route for __route_ticket {
        const INFO: __private::RouteInfo = __private::of_type(
            __private::route_info(
                ::core::concat!(::core::module_path!(), "::", "ticket"),
                &[("/ticket/{id}", "/ticket/{}")],
                &[],
                "none",
                &[],
            ),
            "form",
        );
        type Seal = __Seal;
    }
    #[automatically_derived]
    impl<__S> __private::Run<__S> for __route_ticket
    where
        __S: __private::RouterState,
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
                    let __a0 = match __captures.read("id") {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a3 = match __private::argument(&mut __parts, &__state).await {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __query = match __private::form(__parts, __body).await {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a1 = match __query.one("subject") {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __a2 = match __query.many("files") {
                        __private::Ok(__value) => __value,
                        __private::Err(__error) => return __guard.answer(__error),
                    };
                    let __response = ticket(__Pass, __a0, __a1, __a2, __a3).await;
                    __guard.answer(__response)
                }),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_ticket_in_tests::ticket {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        async fn unguarded(__a0: Int, __a1: String, __a2: Vec<Upload>, __a3: HeaderMap) {
            ticket(__Pass, __a0, __a1, __a2, __a3).await
        }
    }
};
