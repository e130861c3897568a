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
    #[allow(dead_code, unreachable_code)]
    async fn __route_orders(&self) {
        self.helper()
    }
}
impl ::auth_api_key::__private::Controller for Shop {}
#[doc(hidden)]
#[allow(dead_code, non_camel_case_types)]
trait __route_Shop: ::core::marker::Sized {
    fn orders<__T>(&mut self) -> __T
    where
        Self: ::auth_api_key::__private::CalledByARouter,
    {
        ::core::unreachable!()
    }
}
impl __route_Shop for Shop {}
