#[doc(hidden)]
pub(crate) struct __route_profile;
pub(crate) fn profile<__S>(
    __call: ::auth_api_key::__private::Call<__route_profile, __S>,
) -> <__S as ::auth_api_key::__private::HasAnswer>::Answer
where
    __route_profile: ::auth_api_key::__private::Run<__S>,
{
    __call.run()
}
#[cfg(test)]
use __route_profile_type::*;
#[cfg(test)]
mod __route_profile_type {
    pub struct profile {}
}
const _: () = {
    use ::auth_api_key::__private;
    struct __Pass;
    pub struct __Seal(#[allow(dead_code)] __Pass);
    type __Method = MyJwt;
    async fn profile(_: __Pass, Identity(user): Identity<MyJwt>) -> String
    where
        __Method: __private::AuthMethod,
    {
        user.name
    }
    #[automatically_derived]
    impl __private::Route for __route_profile {
        const INFO: __private::RouteInfo = __private::route_info(
            ::core::concat!(::core::module_path!(), "::", "profile"),
            &[("/profile", "/profile")],
            &[],
            "MyJwt",
            &[],
        );
        type Seal = __Seal;
    }
    #[automatically_derived]
    impl<__S> __private::Run<__S> for __route_profile
    where
        __Method: __private::Authenticates<AppState>,
        AppState: __private::RouterState,
        __S: __private::Provides<AppState>,
    {
        fn run(__request: __private::Request, __state: __S) -> __private::Ran<Self> {
            let __state: AppState = __private::Provides::provide(&__state);
            __private::run::<
                Self,
                __private::ByMethod<__Method>,
                __private::WholeRequest,
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
                |__who, ()| profile(__Pass, __who),
                __private::answer(),
            )
        }
    }
    #[cfg(test)]
    #[automatically_derived]
    impl __route_profile_type::profile {
        /// Runs the body without its guard, in tests.
        #[allow(dead_code)]
        pub(crate) async fn unguarded(__a0: Identity<MyJwt>) -> String
        where
            __Method: __private::AuthMethod,
        {
            profile(__Pass, __a0).await
        }
    }
};
