//! What the converters of Odoo's paths read.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An argument for `<int:id>`: digits, perhaps after a minus. Rust's numbers also read `+1`.
/// `Int<1, 99>` is `<int(min=1, max=99):id>`.
///
/// ```
/// use auth_api_key::{odoo::Int, route};
///
/// #[route("/partner/{id}", auth = "api_key")]
/// async fn partner(id: Int) -> String {
///     format!("partner {}", id.0)
/// }
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String")]
pub struct Int<const MIN: i64 = { i64::MIN }, const MAX: i64 = { i64::MAX }>(pub i64);

impl<const MIN: i64, const MAX: i64> TryFrom<String> for Int<MIN, MAX> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let number: i64 = parsed(&text, are_digits(digits)).ok_or("it is not an integer")?;
        match (MIN..=MAX).contains(&number) {
            true => Ok(Self(number)),
            false => Err(format!("it is not between {MIN} and {MAX}")),
        }
    }
}

/// An argument for `<float:x>`: digits, a point and digits, without a sign, as in Odoo. Rust's numbers also
/// read `1` and `1e5`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String")]
pub struct Float(pub f64);

impl TryFrom<String> for Float {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = text.split_once('.');
        let number = number.is_some_and(|(whole, rest)| are_digits(whole) && are_digits(rest));
        let number = parsed(&text, number);
        number.map(Self).ok_or("it is not a number with a point")
    }
}

/// An argument for `<model("res.partner"):partner>`: the id at the end of a slug. `azure-interior-12`
/// is 12, and so is `12`. Whether there is such a record is for the handler to find out.
///
/// ```
/// use auth_api_key::{odoo::Slug, route};
///
/// #[route("/shop/{product}", auth = "api_key")]
/// async fn product(product: Slug) -> String {
///     format!("product {}", product.0)
/// }
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String")]
pub struct Slug(pub i64);

impl TryFrom<String> for Slug {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
        // In `a--12`, Odoo reads the first minus as the end of the name, not as a sign of the number.
        let name = before.strip_suffix('-').map(|name| {
            let shorter = name.strip_suffix('-').filter(|name| !name.is_empty());
            shorter.unwrap_or(name)
        });
        let is_slug = match name {
            None => before.is_empty(),
            Some(name) => name.is_empty() || is_name(name),
        };
        let number = &text[before.len()..];
        let number = parsed(number, is_slug && are_digits(number));
        number.map(Self).ok_or("it does not end with an id")
    }
}

/// Whether something can stand before the id of a slug.
fn is_name(name: &str) -> bool {
    let in_a_word = |c: char| c.is_alphanumeric() || c == '_';
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut letters = name.chars();
    letters.next().is_none_or(in_a_word)
        && letters.next_back().is_none_or(in_a_word)
        && letters.all(inside)
}

/// An argument for `<string(minlength=2, maxlength=5):code>`, which is `Text<2, 5>`, and for
/// `<string(length=2):lang>`, which is `Text<2, 2>`.
///
/// ```
/// use auth_api_key::{odoo::Text, route};
///
/// #[route("/{lang}/shop", auth = "api_key")]
/// async fn shop(lang: Text<2, 2>) -> String {
///     format!("the shop in {}", lang.0)
/// }
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String")]
pub struct Text<const MIN: usize = 1, const MAX: usize = { usize::MAX }>(pub String);

impl<const MIN: usize, const MAX: usize> TryFrom<String> for Text<MIN, MAX> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match (MIN..=MAX).contains(&text.chars().count()) {
            true => Ok(Self(text)),
            false if MIN == MAX => Err(format!("it does not have {MIN} characters")),
            false => Err(format!("it does not have {MIN} to {MAX} characters")),
        }
    }
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parsed<T: FromStr>(text: &str, is_number: bool) -> Option<T> {
    text.parse().ok().filter(|_| is_number)
}

macro_rules! display {
    ($([$($parameter:tt)*] $name:ty;)*) => {
        $(
            impl<$($parameter)*> fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }
        )*
    };
}

display! {
    [const MIN: i64, const MAX: i64] Int<MIN, MAX>;
    [] Float;
    [] Slug;
    [const MIN: usize, const MAX: usize] Text<MIN, MAX>;
}
