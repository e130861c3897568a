//! `#[route]`: parse, validate, expand; or, after a mistake, a stub of the same name.

pub(crate) mod expand;
mod given;
pub(crate) mod model;
pub(crate) mod options;
pub(crate) mod parse;
pub(crate) mod stub;
pub(crate) mod validate;

use proc_macro2::{Span, TokenStream};

use self::{
    model::Options,
    options::WHOLE,
    parse::{
        attribute,
        function::{self, Read},
    },
};
use crate::errors::Errors;

/// Expands `#[route(attribute)] item`.
pub(crate) fn route(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let decorated = function::function(item.clone(), &mut errors);
    let place = Span::call_site();
    let attribute = |errors: &mut Errors| attribute::attribute(attribute, place, WHOLE, errors);
    let (route, function, krate) = match decorated {
        // Left as it is, so that its other uses give no errors.
        Read::Other => return errors.report().into_iter().chain(item).collect(),
        Read::Broken(function) => {
            let krate = validate::krate(&attribute(&mut errors), &mut errors);
            (None, function, krate)
        }
        Read::Function(function) => {
            let attribute = attribute(&mut errors);
            let krate = validate::krate(&attribute, &mut errors);
            let above = Options::none();
            let route = validate::route(&attribute, &function, &above, &krate, &mut errors);
            (route, function, krate)
        }
    };
    match route.filter(|_| errors.is_empty()) {
        Some(route) => expand::route(&route, &function),
        None => {
            let stub = stub::route(&function, &krate);
            errors.report().into_iter().chain(stub).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use crate::reviewed::assert_reviewed;

    fn is_reviewed(name: &str, attribute: &str, item: &str) {
        let parse = |text: &str| text.parse::<TokenStream>().unwrap();
        let expand = match item.trim_start().starts_with("impl") {
            true => crate::controller::controller,
            false => super::route,
        };
        assert_reviewed(name, expand(parse(attribute), parse(item)));
    }

    #[test]
    fn guarded_handler() {
        is_reviewed(
            "guarded",
            r#""/my_service", auth = "api_key""#,
            r#"
            /// Says hello.
            pub async fn my_service(key: ApiKey) -> String {
                format!("hello {}", key.name)
            }
            "#,
        );
    }

    #[test]
    fn handler_with_all_kinds_of_arguments() {
        is_reviewed(
            "arguments",
            r#""/partner/{id}?lang&tag", auth = "api_key", methods = ["POST"], groups = ["shop"]"#,
            r#"
            #[tracing::instrument]
            async fn partner(
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
            "#,
        );
    }

    #[test]
    fn public_handler() {
        is_reviewed(
            "public",
            r#"["/hello", "/hi"], auth = "public""#,
            r#"
            #[cfg(unix)]
            #[deprecated]
            async fn hello(key: Option<ApiKey>) -> &'static str {
                "hello"
            }
            "#,
        );
    }

    #[test]
    fn handler_with_its_own_authentication() {
        is_reviewed(
            "own_auth",
            r#""/profile", auth = MyJwt, state = AppState"#,
            r#"
            pub(crate) async fn profile(Identity(user): Identity<MyJwt>) -> String {
                user.name
            }
            "#,
        );
    }

    #[test]
    fn handler_with_an_extractor_of_its_program() {
        is_reviewed(
            "extractor",
            r#""/orders", auth = "none""#,
            "async fn orders(user: CurrentUser, cart: Cart) {}",
        );
    }

    #[test]
    fn open_handler() {
        is_reviewed(
            "open",
            r#""/health", auth = "none", crate = my_auth"#,
            "async fn health() {}",
        );
    }

    #[test]
    fn handler_of_calls() {
        is_reviewed(
            "jsonrpc",
            r#""/shop/{shop}?a&b", auth = "api_key", type = "jsonrpc""#,
            r#"
            async fn order(
                key: ApiKey,
                shop: i64,
                a: Vec<i64>,
                b: Option<i64>,
                headers: HeaderMap,
                Params(others): Params<Map<String, Value>>,
            ) -> Result<Order, OrderError> {
                orders(key, shop, a, b).await
            }
            "#,
        );
    }

    #[test]
    fn handler_of_a_form() {
        is_reviewed(
            "form",
            r#""/ticket/{id}?subject&files", auth = "none", type = "form""#,
            r#"
            async fn ticket(id: Int, subject: String, files: Vec<Upload>, headers: HeaderMap) {
                open(id, subject, files, headers).await
            }
            "#,
        );
    }

    #[test]
    fn handler_for_other_origins() {
        is_reviewed(
            "cors",
            r#""/stock", auth = "api_key", cors = "*""#,
            "async fn stock() -> &'static str { \"plenty\" }",
        );
    }

    #[test]
    fn handler_with_a_warning() {
        is_reviewed(
            "warned",
            r#""/health/", auth = "none""#,
            "#[warn(deprecated)] async fn health() {}",
        );
    }

    #[test]
    fn controller() {
        is_reviewed(
            "controller",
            r#""/{tenant}", auth = "api_key", groups = [Self::GROUP]"#,
            r#"
            impl Shop {
                const GROUP: &'static str = "shop";

                /// Its orders.
                #[route("/orders?page", groups = [])]
                pub async fn orders(&self, tenant: String, page: Option<u32>) -> String {
                    self.helper(tenant, page)
                }

                #[cfg(unix)]
                #[route("/", auth = "none", methods = ["GET"])]
                async fn health(State(_): State<Self>, tenant: String) {}

                fn helper(&self, tenant: String, page: Option<u32>) -> String {
                    format!("{tenant} {page:?}")
                }
            }
            "#,
        );
    }

    #[test]
    fn stub_of_a_faulty_controller() {
        is_reviewed(
            "controller_stub",
            r#""/shop""#,
            r#"
            impl Shop {
                #[route("/orders")]
                pub async fn orders(&self) { self.helper() }

                fn helper(&self) {}
            }
            "#,
        );
    }

    #[test]
    fn stub_of_a_faulty_handler() {
        is_reviewed(
            "stub",
            r#""/health""#,
            "pub async fn health() { checks().await }",
        );
    }
}
