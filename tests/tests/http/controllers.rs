//! `#[controller]`: its routes share and override options, `&self` comes from the router's state, and
//! handlers are guarded however they are mounted.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use auth_api_key::{
    ApiKey, AuthMethod, Authenticator, Identity, NewKey, Routes, controller, key::KeyRecord,
    routes, routing::RouteInfo,
};
use axum::{
    Router,
    extract::{FromRef, FromRequestParts, State},
    http::{StatusCode, request::Parts},
    routing::get,
};
use tests::{GatedStore, Server};

const SHOP: &str = "shop";

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    shop: Shop,
    greeting: &'static str,
}

/// Counts calls of `orders`.
#[derive(Clone, Default)]
struct Shop {
    orders: Arc<AtomicUsize>,
}

struct Password;

impl AuthMethod for Password {
    type State = &'static str;
    type Identity = &'static str;
    type Rejection = StatusCode;

    async fn authenticate(
        parts: &mut Parts,
        state: &Self::State,
    ) -> Result<Self::State, StatusCode> {
        match parts.headers.contains_key("password") {
            true => Ok(*state),
            false => Err(StatusCode::UNAUTHORIZED),
        }
    }
}

struct OfTheState(&'static str);

impl FromRequestParts<AppState> for OfTheState {
    type Rejection = StatusCode;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, StatusCode> {
        Ok(Self(state.greeting))
    }
}

#[controller("/shop", auth = "api_key", groups = [Self::GROUP], methods = ["GET"])]
impl Shop {
    const GROUP: &'static str = SHOP;

    /// It inherits all options from the controller.
    #[route("/orders")]
    async fn orders(&self, key: ApiKey) -> String {
        format!("{} orders of {}", self.count(), key.name)
    }

    #[route(["/", "/order"], methods = ["POST"])]
    async fn order(&self) -> String {
        self.orders.fetch_add(1, Ordering::SeqCst);
        self.count().to_string()
    }

    #[route("/any_key", groups = [])]
    async fn any_key(key: ApiKey) -> String {
        key.name.clone()
    }

    #[route("/other_group", groups = ["erp"])]
    async fn other_group() {}

    #[route("/same_auth", auth = "api_key")]
    async fn same_auth() {}

    #[route("/greeting", auth = "public")]
    async fn greeting(key: Option<ApiKey>, State(greeting): State<&'static str>) -> String {
        format!(
            "{greeting} {}",
            key.map_or("you".to_owned(), |key| key.name.clone())
        )
    }

    #[route("/health", auth = "none")]
    async fn health() -> &'static str {
        "well"
    }

    #[route("/password", auth = Password)]
    async fn password(Identity(who): Identity<Password>) -> &'static str {
        who
    }

    fn count(&self) -> usize {
        self.orders.load(Ordering::SeqCst)
    }
}

/// It has a captured path and no options.
#[controller("/{tenant}/stock")]
impl Stock {
    #[route("/{item}?unit", auth = "none")]
    async fn item(tenant: String, item: u32, unit: Option<String>) -> String {
        format!("{tenant} {item} {unit:?}")
    }

    #[route(["/", "/all"], auth = "none")]
    async fn all(&self, tenant: String) -> String {
        format!("{tenant} {}", self.0)
    }
}

#[derive(Clone)]
struct Stock(u8);

impl FromRef<AppState> for Stock {
    fn from_ref(_: &AppState) -> Self {
        Self(7)
    }
}

/// It has no path, one state type for all routes, and names that other items also have.
#[controller(auth = "none", state = AppState, methods = ["GET"])]
impl Pages {
    #[route("/first")]
    async fn orders(OfTheState(greeting): OfTheState) -> &'static str {
        orders(greeting)
    }

    #[route("/second", methods = ["GET", "POST"])]
    async fn second(_: OfTheState) -> &'static str {
        Self::helper()
    }

    #[cfg(not(test))]
    #[route("/third")]
    async fn third(_: ThisTypeDoesNotExist) {}

    #[cfg(test)]
    #[route("/third")]
    async fn third() -> &'static str {
        "third"
    }

    fn helper() -> &'static str {
        "helped"
    }
}

struct Pages;

fn orders(text: &'static str) -> &'static str {
    text
}

mod elsewhere {
    use auth_api_key::{controller, route};

    #[derive(Clone)]
    pub(crate) struct Desk;

    #[controller(auth = "api_key")]
    impl Desk {
        /// Mounted by hand.
        #[route("/desk")]
        pub(crate) async fn desk(&self) -> &'static str {
            "desk"
        }
    }

    #[route("/free", auth = "none")]
    pub(crate) async fn free() {}
}

async fn state() -> AppState {
    let auth = Authenticator::builder()
        .build(GatedStore::default())
        .await
        .unwrap();
    for (name, groups) in [
        ("webshop", &[SHOP][..]),
        ("books", &["erp"]),
        ("nobody", &[]),
    ] {
        let key = NewKey::new(name, "user").groups(groups.iter().copied());
        auth.keys().create(key.text(name)).await.unwrap();
    }
    AppState {
        auth,
        shop: Shop::default(),
        greeting: "hello",
    }
}

async fn serve(routes: Routes<AppState>) -> Server {
    Server::start(Router::new().merge(routes).with_state(state().await)).await
}

/// The statuses with each of three keys, and without a key.
async fn statuses(server: &Server, path: &str) -> [u16; 4] {
    let mut statuses = [0; 4];
    for (status, key) in statuses.iter_mut().zip(["webshop", "books", "nobody"]) {
        *status = server.get_with_key(path, key).await.status;
    }
    statuses[3] = server.get(path, &[]).await.status;
    statuses
}

#[tokio::test]
async fn routes_take_options_from_the_controller_and_override_them_one_by_one() {
    let server = serve(routes![Shop]).await;
    for (path, expected) in [
        ("/shop/orders", [200, 403, 403, 401]),
        ("/shop/any_key", [200, 200, 200, 401]),
        ("/shop/other_group", [403, 200, 403, 401]),
        ("/shop/same_auth", [200, 403, 403, 401]),
        ("/shop/greeting", [200, 200, 200, 200]),
        ("/shop/health", [200, 200, 200, 200]),
        ("/shop/password", [401, 401, 401, 401]),
        ("/orders", [404, 404, 404, 404]),
        ("/shop/", [404, 404, 404, 404]),
    ] {
        assert_eq!(statuses(&server, path).await, expected, "{path}");
    }
    let answer = server.get("/shop/password", &[b"password: x"]).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "hello"));
    let key: &[u8] = b"API-KEY: webshop";
    for (method, path, status) in [
        ("POST", "/shop", 200),
        ("GET", "/shop", 405),
        ("POST", "/shop/order", 200),
        ("POST", "/shop/orders", 405),
    ] {
        let answer = server.send(method, path, &[key], b"").await;
        assert_eq!(answer.status, status, "{method} {path}");
    }
}

#[tokio::test]
async fn self_is_taken_from_the_state_of_the_router() {
    let server = serve(routes![Shop]).await;
    let key: &[u8] = b"API-KEY: webshop";
    for count in ["1", "2"] {
        let answer = server.send("POST", "/shop/order", &[key], b"").await;
        assert_eq!(answer.body, count);
    }
    let answer = server.get("/shop/orders", &[key]).await;
    assert_eq!(answer.body, "2 orders of webshop");
}

#[tokio::test]
async fn captures_of_the_controller_are_arguments_of_every_route() {
    let server = serve(routes![Stock]).await;
    for (path, body) in [
        ("/north/stock/3?unit=kg", "north 3 Some(\"kg\")"),
        ("/north/stock/3", "north 3 None"),
        ("/north/stock/all", "north 7"),
        ("/south/stock", "south 7"),
    ] {
        assert_eq!(server.get(path, &[]).await.body, body, "{path}");
    }
    assert_eq!(
        server.get("/north/stock/x", &[]).await.code(),
        "invalid_argument"
    );
}

#[tokio::test]
async fn one_list_has_controllers_and_functions() {
    let routes: Routes<AppState> = routes![elsewhere::free, Pages, Shop::health];
    assert_eq!(routes.iter().len(), 5);
    let server = serve(routes).await;
    for (path, body) in [
        ("/free", ""),
        ("/first", "hello"),
        ("/second", "helped"),
        ("/third", "third"),
        ("/shop/health", "well"),
    ] {
        let answer = server.get(path, &[]).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, body), "{path}");
    }
    assert_eq!(server.send("POST", "/first", &[], b"").await.status, 405);
    assert_eq!(server.send("POST", "/second", &[], b"").await.status, 200);
}

struct Conditional;

#[controller("/conditional", auth = "none")]
impl Conditional {
    #[cfg_attr(test, route("/route"))]
    #[cfg_attr(test, doc = "A page.", must_use)]
    async fn route() -> &'static str {
        Self::method().await
    }

    #[cfg_attr(not(test), route("/method"))]
    async fn method() -> &'static str {
        "by a method"
    }

    #[route("/absent")]
    #[cfg_attr(test, cfg(not(test)))]
    async fn absent(_: ThisTypeDoesNotExist) {}
}

#[tokio::test]
async fn method_is_a_route_if_its_condition_holds_and_a_method_if_not() {
    let server = serve(routes![
        Conditional,
        #[cfg(any())]
        Pages
    ])
    .await;
    let answer = server.get("/conditional/route", &[]).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "by a method"));
    for path in ["/conditional/method", "/conditional/absent", "/first"] {
        assert_eq!(server.get(path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn route_mounted_by_hand_is_guarded() {
    let auth = state().await.auth;
    let router = Router::new()
        .route("/elsewhere", get(elsewhere::Desk::desk))
        .with_state(Part { auth });
    let server = Server::start(router).await;
    assert_eq!(
        server.get("/elsewhere", &[]).await.code(),
        "missing_api_key"
    );
    assert_eq!(
        server.get_with_key("/elsewhere", "nobody").await.body,
        "desk"
    );
}

#[derive(Clone, FromRef)]
struct Part {
    auth: Authenticator,
}

impl FromRef<Part> for elsewhere::Desk {
    fn from_ref(_: &Part) -> Self {
        Self
    }
}

#[test]
fn list_shows_what_each_route_inherited_and_where_it_is() {
    let routes: Routes<AppState> = routes![Shop];
    let told = |route: &RouteInfo| {
        let paths: Vec<_> = route.paths().collect();
        (
            route.handler,
            paths.join(" "),
            route.methods.join(" "),
            route.auth,
            route.groups.join(" "),
        )
    };
    let told: Vec<_> = routes.iter().map(told).collect();
    let expected = [
        (
            "http::controllers::Shop::orders",
            "/shop/orders",
            "GET",
            "api_key",
            SHOP,
        ),
        (
            "http::controllers::Shop::order",
            "/shop /shop/order",
            "POST",
            "api_key",
            SHOP,
        ),
        (
            "http::controllers::Shop::any_key",
            "/shop/any_key",
            "GET",
            "api_key",
            "",
        ),
        (
            "http::controllers::Shop::other_group",
            "/shop/other_group",
            "GET",
            "api_key",
            "erp",
        ),
        (
            "http::controllers::Shop::same_auth",
            "/shop/same_auth",
            "GET",
            "api_key",
            SHOP,
        ),
        (
            "http::controllers::Shop::greeting",
            "/shop/greeting",
            "GET",
            "public",
            "",
        ),
        (
            "http::controllers::Shop::health",
            "/shop/health",
            "GET",
            "none",
            "",
        ),
        (
            "http::controllers::Shop::password",
            "/shop/password",
            "GET",
            "Password",
            "",
        ),
    ];
    let expected = expected.map(|(handler, paths, methods, auth, groups)| {
        (
            handler,
            paths.to_owned(),
            methods.to_owned(),
            auth,
            groups.to_owned(),
        )
    });
    assert_eq!(told, expected);
    let source = include_str!("controllers.rs");
    for route in routes.iter() {
        let line = source.lines().nth(route.line as usize - 1).unwrap();
        assert!(
            line.trim().starts_with("#[route("),
            "{}: {line}",
            route.handler
        );
        assert!(
            line.contains(route.paths().last().unwrap().trim_start_matches("/shop")),
            "{line}"
        );
    }
    let debug = format!("{:?}", Shop::orders);
    assert_eq!(debug, "http::controllers::Shop::orders");
}

struct Gate;

impl AuthMethod for Gate {
    type State = AppState;
    type Identity = ();
    type Rejection = StatusCode;

    async fn authenticate(_: &mut Parts, _: &AppState) -> Result<(), StatusCode> {
        Err(StatusCode::PAYMENT_REQUIRED)
    }
}

#[controller(auth = Self)]
impl Gate {
    #[route("/gate")]
    async fn gate(_: Identity<Self>) {}
}

#[test]
fn list_shows_auth_as_it_was_written() {
    let routes: Routes<AppState> = routes![Gate];
    assert_eq!(routes.iter().next().unwrap().auth, "Self");
}

#[tokio::test]
async fn body_runs_unguarded_in_tests() {
    let key = || ApiKey::unverified(KeyRecord::new(1, "test", "user"));
    let shop = Shop::default();
    assert_eq!(Shop::order.unguarded(&shop).await, "1");
    assert_eq!(
        Shop::orders.unguarded(&shop, key()).await,
        "1 orders of test"
    );
    assert_eq!(Shop::any_key.unguarded(key()).await, "test");
    assert_eq!(
        elsewhere::Desk::desk.unguarded(&elsewhere::Desk).await,
        "desk"
    );
}
