//! The options of `#[route]`, defined once: the parser, the errors and the documentation read from
//! here.

use super::model::OptionName;

/// One option.
pub(crate) struct RouteOption {
    pub(crate) option: OptionName,
    pub(crate) name: &'static str,
    /// A value, ready to paste.
    pub(crate) example: &'static str,
    /// What it does, for the tables in the documentation.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests compare the documentation with it")
    )]
    pub(crate) does: &'static str,
}

pub(crate) const OPTIONS: [RouteOption; 8] = [
    RouteOption {
        option: OptionName::Auth,
        name: "auth",
        example: "\"api_key\"",
        does: "who may call: `\"api_key\"` requires a valid key; `\"public\"` also admits \
               callers without a key, and refuses a wrong key (with `AnswerStyle::Odoo`, it ignores keys); \
               `\"none\"` checks nothing; or your type that implements `AuthMethod`, such as \
               `auth = MyJwt`. There is no default",
    },
    RouteOption {
        option: OptionName::Methods,
        name: "methods",
        example: "[\"GET\"]",
        does: "the HTTP methods, in upper case; all if left out",
    },
    RouteOption {
        option: OptionName::Groups,
        name: "groups",
        example: "[\"shop\"]",
        does: "the key must be in one of these groups: strings, or paths to `const`s; any valid \
               key if left out",
    },
    RouteOption {
        option: OptionName::Kind,
        name: "type",
        example: "\"jsonrpc\"",
        does: "the format of calls and answers: `\"jsonrpc\"` is Odoo's JSON-RPC 2.0 envelope; \
               `\"form\"` (feature `odoo`) also reads the names after `?` from a form in the body; \
               `\"http\"` if left out",
    },
    RouteOption {
        option: OptionName::Cors,
        name: "cors",
        example: "\"*\"",
        does: "the other origins whose web pages may call the route: `\"*\"` is any origin, \
               `\"https://app.example.com\"` is one, a list is several; none if left out",
    },
    RouteOption {
        option: OptionName::CorsHeaders,
        name: "cors_headers",
        example: "[\"traceparent\"]",
        does: "more headers that these web pages may send, and may read in the answer; the key's header, \
               `Origin`, `X-Requested-With`, `Content-Type`, `Accept` and `Authorization` are always allowed",
    },
    RouteOption {
        option: OptionName::State,
        name: "state",
        example: "AppState",
        does: "the router's state, if an argument needs exactly that type",
    },
    RouteOption {
        option: OptionName::Crate,
        name: "crate",
        example: "my_auth",
        does: "the path of `auth_api_key`, if you renamed it",
    },
];

/// An option that is known from elsewhere, and what to do instead.
pub(crate) struct ForeignOption {
    pub(crate) names: &'static [&'static str],
    pub(crate) wrong: &'static str,
    /// `{}` stands for the name.
    pub(crate) help: &'static str,
}

pub(crate) const FOREIGN: [ForeignOption; 25] = [
    ForeignOption {
        names: &["csrf"],
        wrong: "there are no sessions here that `csrf` could protect",
        help: "delete `csrf`",
    },
    ForeignOption {
        names: &["save_session"],
        wrong: "there are no sessions here",
        help: "delete `save_session`",
    },
    ForeignOption {
        names: &["readonly"],
        wrong: "the handler chooses its database itself",
        help: "delete `readonly`, and choose the connection in the body",
    },
    ForeignOption {
        names: &["website"],
        wrong: "there are no websites here",
        help: "delete `website`, and render the page in the body",
    },
    ForeignOption {
        names: &["sitemap"],
        wrong: "there is no sitemap here",
        help: "delete `sitemap`; `routes![…].iter()` lists the paths",
    },
    ForeignOption {
        names: &["multilang"],
        wrong: "there is no language in the path unless it is written there",
        help: "delete `multilang`, and capture the language: `\"/{lang}/…\"`, `lang: String`",
    },
    ForeignOption {
        names: &["captcha"],
        wrong: "there are no pages here that could show a captcha",
        help: "delete `captcha`, or check it in your type that implements `AuthMethod`",
    },
    ForeignOption {
        names: &["handle_params_access_error"],
        wrong: "an argument that cannot be read is answered by 400 `invalid_argument`",
        help: "delete it, or take `Result<Query<…>, QueryRejection>` as an argument",
    },
    ForeignOption {
        names: &["user"],
        wrong: "the user is that of the key",
        help: "delete `user`, and read `key.user` of the argument `key: ApiKey`",
    },
    ForeignOption {
        names: &["header", "headers"],
        wrong: "the name of the header is one of the `Authenticator`",
        help: "delete `{}`, and set it by `Authenticator::builder().header(\"X-API-Key\")`",
    },
    ForeignOption {
        names: &["rate_limit"],
        wrong: "a route does not count requests",
        help: "delete `rate_limit`, and put a layer on the router, such as that of `tower_governor`",
    },
    ForeignOption {
        names: &["timeout"],
        wrong: "a route does not measure time",
        help: "delete `timeout`, and put a layer on the router, such as `TimeoutLayer` of `tower_http`",
    },
    ForeignOption {
        names: &["layer", "layers", "middleware", "middlewares", "wrap"],
        wrong: "layers are not options of a route",
        help: "delete `{}`, and put it on the router: `Router::from(routes![…]).layer(…)`",
    },
    ForeignOption {
        names: &["guard", "guards", "dependencies", "permission_classes"],
        wrong: "what decides who may call is `auth`",
        help: "delete `{}`, or write `auth = MyAuth`, a type of yours that implements `AuthMethod`",
    },
    ForeignOption {
        names: &["cors_methods"],
        wrong: "web pages may use the methods that the route has",
        help: "delete `cors_methods`, and name them in `methods`",
    },
    ForeignOption {
        names: &["summary", "description"],
        wrong: "what a route does is said above its function",
        help: "delete `{}`, and write it as documentation: `/// …`",
    },
    ForeignOption {
        names: &["deprecated"],
        wrong: "what is deprecated is said above the function",
        help: "delete `deprecated`, and write `#[deprecated]` there",
    },
    ForeignOption {
        names: &["status", "status_code"],
        wrong: "the body says with which status it answers",
        help: "delete `{}`, and return it: `(StatusCode::CREATED, Json(…))`",
    },
    ForeignOption {
        names: &["response_model", "response_class", "produces", "responses"],
        wrong: "the type that the function returns says what it answers",
        help: "delete `{}`, and return the type, such as `Json<…>`",
    },
    ForeignOption {
        names: &["data", "body", "consumes", "format", "request_body"],
        wrong: "the arguments say what is read from the request",
        help: "delete `{}`, and take the body as the last argument, such as `Json(order): Json<Order>`",
    },
    ForeignOption {
        names: &["params", "query", "args"],
        wrong: "the arguments are named in the path",
        help: "delete `{}`, and name them there: `\"/my_service?lang\"`",
    },
    ForeignOption {
        names: &["defaults", "default"],
        wrong: "an argument that may be missing says so by its type",
        help: "delete `{}`, and take `page: Option<u32>` and `page.unwrap_or(1)`",
    },
    ForeignOption {
        names: &["name", "endpoint", "operation_id"],
        wrong: "a route has the name of its function",
        help: "delete `{}`",
    },
    ForeignOption {
        names: &["tag", "tags"],
        wrong: "a route has no tags",
        help: "delete `{}`",
    },
    ForeignOption {
        names: &["rank", "strict_slashes"],
        wrong: "a request belongs to one route: the one whose path it has",
        help: "delete `{}`; a route may list several paths: `[\"/a\", \"/a/\"]`",
    },
];

impl OptionName {
    /// The option as it is defined.
    pub(crate) fn defined(self) -> &'static RouteOption {
        let mut options = OPTIONS.iter();
        let defined = options.find(|defined| defined.option == self);
        defined.expect("each option is defined")
    }

    /// What separates the entries of a list that was written as one text. A group's code may have blanks.
    pub(crate) fn separators(self) -> &'static [char] {
        match self {
            Self::Groups => &[',', ';', '|'],
            _ => &[',', ';', '|', ' '],
        }
    }
}

/// What `auth` may say as a string.
pub(crate) const AUTHS: [&str; 3] = ["api_key", "public", "none"];

/// What groups are called elsewhere.
pub(crate) const GROUPS: [&str; 10] = [
    "allowed_roles",
    "authorities",
    "group",
    "role",
    "roles",
    "roles_allowed",
    "scope",
    "scopes",
    "permission",
    "permissions",
];

/// What `type` may say.
pub(crate) const TYPES: [&str; 3] = ["http", "form", "jsonrpc"];

/// The methods that axum distinguishes.
pub(crate) const METHODS: [&str; 9] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT",
];

fn has_no_body(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

/// Whether requests of a route with these methods, or all if there are none, may have a body.
pub(crate) fn may_have_a_body(methods: &[String]) -> bool {
    methods.is_empty() || !methods.iter().all(|method| has_no_body(method))
}

/// Whether requests of a route with these methods, or all if there are none, may have no body.
pub(crate) fn may_have_no_body(methods: &[String]) -> bool {
    methods.is_empty() || methods.iter().any(|method| has_no_body(method))
}

/// The methods that a value names, as the entries of a list: `GET|POST` and `Method::GET` name some.
pub(crate) fn methods_meant(value: &str) -> Option<String> {
    let words = value.split(|c: char| !c.is_ascii_alphabetic());
    let words = words.filter(|word| !["", "axum", "http", "hyper", "Method"].contains(word));
    let words: Vec<String> = words.map(str::to_uppercase).collect();
    let known = words.iter().all(|word| METHODS.contains(&word.as_str()));
    (known && !words.is_empty()).then(|| format!("\"{}\"", words.join("\", \"")))
}

/// The whole attribute, ready to paste.
pub(crate) const WHOLE: &str = "#[route(\"/my_service\", auth = \"api_key\")]";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_has_every_option() {
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
        let readme = std::fs::read_to_string(readme).unwrap();
        let reference = include_str!("reference.md");
        for option in OPTIONS {
            let row = format!(
                "| `{} = {}` | {} |\n",
                option.name, option.example, option.does
            );
            for (page, text) in [("README.md", readme.as_str()), ("reference.md", reference)] {
                assert!(text.contains(&row), "{page} lacks the row\n{row}");
            }
        }
    }
}
