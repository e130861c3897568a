::core::compile_error! {
    "the route does not say who may call it\nhelp: add `auth = \"api_key\"`, or `\"public\"` or `\"none\"`"
}
impl Shop {
    fn helper(&self) {}
    #[allow(dead_code)]
    #[allow(non_upper_case_globals)]
    pub const orders: ::auth_api_key::__private::Guarded<
        ::auth_api_key::__private::Stub,
    > = ::auth_api_key::__private::Guarded::NEW;
    #[allow(dead_code)]
    async fn __route_orders(&self) {
        self.helper()
    }
}
impl ::auth_api_key::__private::Controller for Shop {}
