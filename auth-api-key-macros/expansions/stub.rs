::core::compile_error! {
    "the route does not say who may call it\nhelp: add `auth = \"api_key\"`, or `\"public\"` or `\"none\"`"
}
#[allow(non_camel_case_types)]
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
pub struct health;
const _: () = {
    #[allow(dead_code)]
    async fn health() {
        checks().await
    }
    #[automatically_derived]
    impl<__S: 'static> ::auth_api_key::Route<__S> for health {
        const INFO: ::auth_api_key::RouteInfo = ::auth_api_key::__private::route_info(
            "",
            &[],
            &[],
            "",
            &[],
            ("", 0),
        );
    }
    #[automatically_derived]
    impl<__S: 'static> ::auth_api_key::__private::Handler<(), __S> for health {
        type Future = ::core::future::Pending<::auth_api_key::__private::Response>;
        fn call(self, _: ::auth_api_key::__private::Request, _: __S) -> Self::Future {
            ::core::future::pending()
        }
    }
};
