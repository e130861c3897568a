::core::compile_error! {
    "the route does not say who may call it\nhelp: add `auth = \"api_key\"`, or `\"public\"` or `\"none\"`"
}
pub fn health<__S>(
    __call: ::auth_api_key::__private::Call<::auth_api_key::__private::Stub, __S>,
) -> <__S as ::auth_api_key::__private::HasAnswer>::Answer
where
    ::auth_api_key::__private::Stub: ::auth_api_key::__private::Run<__S>,
{
    #[allow(unused)]
    async fn health() {
        checks().await
    }
    __call.run()
}
