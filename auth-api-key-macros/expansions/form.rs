#[doc(hidden)]
struct __route_ticket;
fn ticket<__S>(
    __call: ::auth_api_key::__private::Call<__route_ticket, __S>,
) -> <__S as ::auth_api_key::__private::HasAnswer>::Answer
where
    __route_ticket: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(test)]
use __route_ticket_type::*;
#[cfg(test)]
mod __route_ticket_type {
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
            __private::run::<
                Self,
                __private::Open,
                __private::FormRequest,
                _,
                _,
                _,
                _,
                _,
            >(
                __Seal(__Pass),
                (
                    __private::capture("id"),
                    __private::argument(),
                    __private::one("subject"),
                    __private::many("files"),
                ),
                __request,
                __state,
                |_, (__a0, __a3, __a1, __a2)| ticket(__Pass, __a0, __a1, __a2, __a3),
                __private::answer(),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_ticket_type::ticket {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        async fn unguarded(__a0: Int, __a1: String, __a2: Vec<Upload>, __a3: HeaderMap) {
            ticket(__Pass, __a0, __a1, __a2, __a3).await
        }
    }
};
