//! The arguments that say who is calling.

use syn::Type;

use crate::{
    errors::Mistake,
    route::model::Auth,
    tokens::as_text,
    types::{first_type_argument, named, only_type_argument},
};

/// What an argument wants from the guard.
pub(super) enum Wanted {
    ApiKey,
    OptionalApiKey,
    Identity,
}

impl Wanted {
    pub(super) fn of(ty: &Type) -> Option<Self> {
        let optional = named(ty, &["Option"])
            .and_then(only_type_argument)
            .is_some_and(|inner| named(inner, &["ApiKey"]).is_some());
        if named(ty, &["ApiKey"]).is_some() {
            Some(Self::ApiKey)
        } else if optional {
            Some(Self::OptionalApiKey)
        } else {
            named(ty, &["Identity"]).map(|_| Self::Identity)
        }
    }

    /// An error if a route with this `auth` does not have it.
    pub(super) fn check(&self, ty: &Type, auth: &Auth) -> Result<(), Mistake> {
        Err(match (self, auth) {
            (Self::ApiKey, Auth::ApiKey)
            | (Self::OptionalApiKey, Auth::Public)
            | (Self::Identity, Auth::Custom(_)) => return Ok(()),
            (Self::ApiKey, Auth::Public) => Mistake::new(
                "a `public` route may be called without a key",
                "write `Option<ApiKey>`, or `auth = \"api_key\"`",
            ),
            (Self::OptionalApiKey, Auth::ApiKey) => Mistake::new(
                "an `api_key` route always has a key",
                "write `ApiKey`, or `auth = \"public\"`",
            ),
            (Self::ApiKey | Self::OptionalApiKey, Auth::None) => Mistake::new(
                "a route with `auth = \"none\"` does not look up a key",
                "write `auth = \"api_key\"`, or delete the argument",
            ),
            (Self::ApiKey | Self::OptionalApiKey, Auth::Custom(_)) => Mistake::new(
                "a route with a custom `auth` has no API key",
                "write `Identity<…>` of the type in `auth`, or `auth = \"api_key\"`",
            ),
            (Self::Identity, Auth::ApiKey | Auth::Public | Auth::None) => {
                let method = named(ty, &["Identity"]).and_then(only_type_argument);
                let method = method.map_or("MyMethod".to_owned(), as_text);
                Mistake::new(
                    format!("`{}` needs `auth = {method}`", as_text(ty)),
                    format!("write `auth = {method}` in the attribute, or `key: ApiKey` here"),
                )
            }
        })
    }
}

/// Names of an API key alone.
const KEYS: [&str; 4] = ["api_key", "apikey", "x_api_key", "api_token"];

/// Names of other secrets, which may also be something else.
const SECRETS: [&str; 9] = [
    "access_token",
    "auth_token",
    "authorization",
    "bearer",
    "credentials",
    "passwd",
    "password",
    "secret",
    "token",
];

/// Whether a value of this name does not belong in a URL, where logs and histories keep it.
pub(crate) fn is_secret(name: &str) -> bool {
    KEYS.contains(&name) || SECRETS.contains(&name)
}

/// What to write for a secret that the path does not name.
pub(super) fn instead_of_a_secret(name: &str, auth: Option<&Auth>) -> String {
    let elsewhere = "secret does not belong in a URL: take it from the body, as in \
                     `Json(login): Json<Login>`";
    let of_a_caller =
        |key: &str| format!("write `key: {key}` if it says who is calling; another {elsewhere}");
    let is_key = KEYS.contains(&name);
    match auth {
        Some(Auth::None) if is_key => format!("write `auth = \"api_key\"`, and `{name}: ApiKey`"),
        Some(Auth::Custom(method)) if is_key => {
            let method = as_text(method);
            format!("write `Identity({name}): Identity<{method}>`, which says who is calling")
        }
        Some(Auth::ApiKey) => of_a_caller("ApiKey"),
        Some(Auth::Public) => of_a_caller("Option<ApiKey>"),
        Some(Auth::None | Auth::Custom(_)) | None => format!("a {elsewhere}"),
    }
}

/// An error for an argument `api_key: String`: who is calling is not a text, and nothing of the path.
pub(super) fn key_as_a_text(
    name: &str,
    in_the_path: Option<&str>,
    ty: &Type,
    auth: &Auth,
) -> Result<(), Mistake> {
    let text = named(ty, &["Option"])
        .and_then(only_type_argument)
        .unwrap_or(ty);
    if !KEYS.contains(&name) || named(text, &["String"]).is_none() {
        return Ok(());
    }
    let key = match auth {
        Auth::ApiKey => "ApiKey",
        Auth::Public => "Option<ApiKey>",
        Auth::None | Auth::Custom(_) => return Ok(()),
    };
    Err(match in_the_path {
        None => Mistake::new(
            format!("the key does not come as `{}`", as_text(ty)),
            format!("write `{key}`: `{name}: {key}` says who is calling"),
        ),
        Some(in_the_path) => Mistake::new(
            format!("the key does not come from the path: `{in_the_path}`"),
            format!("write `{name}: {key}`, and delete `{in_the_path}` in the path"),
        ),
    })
}

/// An error if an argument takes the key in a type that never has it, or from the extensions if the guard
/// does not put it there.
pub(super) fn shared_key(ty: &Type, auth: &Auth) -> Result<(), Mistake> {
    let of_a_key = named(ty, &["Extension"])
        .and_then(only_type_argument)
        .is_some_and(|inner| named(inner, &["ApiKey"]).is_some());
    let wrapped = named(
        ty,
        &[
            "State", "Arc", "Rc", "Box", "Json", "Form", "Query", "Path", "Result",
        ],
    );
    if let Some(Type::Path(inner)) = wrapped.and_then(first_type_argument)
        && named(&Type::Path(inner.clone()), &["ApiKey"]).is_some()
    {
        let plain = match auth {
            Auth::Public => "Option<ApiKey>",
            _ => "ApiKey",
        };
        return Err(Mistake::new(
            format!("the key does not come as `{}`", as_text(ty)),
            format!("take it as `key: {plain}`"),
        ));
    }
    match auth {
        _ if !of_a_key => Ok(()),
        Auth::ApiKey => Ok(()),
        Auth::Public => Err(Mistake::new(
            "a `public` route may be called without a key",
            "write `Option<ApiKey>`, or `auth = \"api_key\"`",
        )),
        Auth::None | Auth::Custom(_) => Err(Mistake::new(
            "this route does not look up an API key",
            "write `auth = \"api_key\"`, or delete the argument",
        )),
    }
}
