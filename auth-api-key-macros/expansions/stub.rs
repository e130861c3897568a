::core::compile_error! {
    "the route does not say who may call it\nhelp: add `auth = \"api_key\"`, or `\"public\"` or `\"none\"`"
}
#[allow(non_camel_case_types)]
pub struct health;
const _: () = {
    use ::auth_api_key::__private;
    #[automatically_derived]
    impl ::core::clone::Clone for health {
        fn clone(&self) -> Self {
            Self {}
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for health {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            __f.write_str("health")
        }
    }
    #[allow(dead_code)]
    async fn health() {
        checks().await
    }
    #[automatically_derived]
    impl __private::Route for health {
        const INFO: __private::RouteInfo = __private::route_info("", &[], &[], "", &[]);
    }
    #[automatically_derived]
    impl<__S: 'static> __private::Handler<(), __S> for health {
        type Future = ::core::future::Pending<__private::Response>;
        fn call(self, _: __private::Request, _: __S) -> Self::Future {
            ::core::future::pending()
        }
    }
};
