//! What Odoo's converters of a path read, where Rust's numbers read more: `+1`, `inf`, `1e5`.

use std::str::FromStr;

use auth_api_key::openapi::utoipa::{self, ToSchema};
use serde::{Deserialize, Serialize};

/// `<int:…>`: digits, and a minus before them.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String")]
pub(crate) struct Int(i64);

impl TryFrom<String> for Int {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let number = digits.bytes().all(|byte| byte.is_ascii_digit());
        parsed(&text, number).map(Self).ok_or("not an integer")
    }
}

/// `<float:…>`: digits, a point, and digits.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String")]
pub(crate) struct Float(f64);

impl TryFrom<String> for Float {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.split_once('.');
        let number = number.is_some_and(|(whole, rest)| digits(whole) && digits(rest));
        parsed(&text, number)
            .map(Self)
            .ok_or("not a number with a point")
    }
}

fn parsed<T: FromStr>(text: &str, is_number: bool) -> Option<T> {
    text.parse().ok().filter(|_| is_number)
}
