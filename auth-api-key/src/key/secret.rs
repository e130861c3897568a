//! The text of a key: how one is issued, and what a given one may look like.

use std::fmt;

use zeroize::Zeroizing;

use super::invisible::is_invisible;
use crate::error::{Error, InputError};

pub(crate) const DEFAULT_PREFIX: &str = "key";

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// How many random base62 characters a text has: 32 × log2(62) = 190.5 bits.
const RANDOM_LEN: usize = 32;
/// How many base62 characters hold a CRC-32.
const CHECKSUM_LEN: usize = 6;
/// A text with a prefix of this length fits one block of SHA-256.
const MAX_PREFIX_LEN: usize = 16;

/// The text of a key, to show to its owner once.
///
/// It zeroes its memory when dropped. It has no `Display` and no `==`: call
/// [`expose`](Self::expose) where you show the text.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// use auth_api_key::{Authenticator, NewKey, store::MemoryStore};
///
/// let authenticator = Authenticator::builder().build(MemoryStore::new()).await?;
/// let created = authenticator.keys().create(NewKey::new("webshop", "user-7").prefix("shop")).await?;
/// assert!(created.secret.expose().starts_with("shop_"));
/// assert_eq!(format!("{:?}", created.secret), "Secret(.. expose() shows it)");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

/// `Display` of a [`Secret`] requires this trait, and no type implements it.
#[diagnostic::on_unimplemented(
    message = "only `expose()` shows a `Secret`",
    label = "write `.expose()` after it",
    note = "`{{:?}}` also hides the secret"
)]
pub trait ShownByExposeOnly {}

/// This `Display` can never be called. It is here for its compile error, which says what to write.
#[doc(hidden)]
impl fmt::Display for Secret
where
    // With a lifetime, so that rustc looks for it only where a secret would be shown.
    for<'a> &'a Self: ShownByExposeOnly,
{
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        unreachable!()
    }
}

impl Secret {
    /// Issues a key: `<prefix>_`, 32 random base62 characters from the operating system's generator
    /// (190 bits), and a CRC-32 of all before it in 6 base62 characters.
    ///
    /// # Errors
    ///
    /// [`InputError::InvalidPrefix`] unless the prefix is 1 to 16 of `A-Z`, `a-z`, `0-9`, `_` and `-`;
    /// [`Error::Random`] if the operating system has no random bytes.
    pub fn issue(prefix: &str) -> Result<Self, Error> {
        let usable = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !(1..=MAX_PREFIX_LEN).contains(&prefix.len()) || !prefix.bytes().all(usable) {
            return Err(InputError::InvalidPrefix {
                prefix: prefix.to_owned(),
            }
            .into());
        }
        let payload_len = prefix.len() + 1 + RANDOM_LEN;
        let mut text = Zeroizing::new(String::with_capacity(payload_len + CHECKSUM_LEN));
        text.push_str(prefix);
        text.push('_');
        while text.len() < payload_len {
            // Six bits give a character. 62 and 63 are skipped: all characters are equally likely.
            let random = Zeroizing::new(random_bytes::<64>()?);
            let characters = random
                .iter()
                .filter_map(|byte| BASE62.get(usize::from(byte >> 2)));
            let missing = payload_len - text.len();
            text.extend(
                characters
                    .take(missing)
                    .map(|&character| char::from(character)),
            );
        }
        let checksum = checksum(&text);
        text.push_str(&checksum);
        Ok(Self(text))
    }

    /// Takes a text that was chosen elsewhere, such as a key typed into another system.
    ///
    /// # Errors
    ///
    /// [`InputError::EmptyText`] and [`InputError::UnusableText`], which name `name`: HTTP trims blanks
    /// around the value of a header, and cannot carry control characters. [`InputError::InvisibleText`]
    /// for a text with an [invisible](super::is_invisible) character.
    pub fn given(name: &str, text: impl Into<String>) -> Result<Self, Error> {
        let text = Zeroizing::new(text.into());
        let unusable = |problem| {
            Err(InputError::UnusableText {
                name: name.to_owned(),
                problem,
            }
            .into())
        };
        if text.is_empty() {
            Err(InputError::EmptyText {
                name: name.to_owned(),
            }
            .into())
        } else if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) {
            unusable("begins or ends with a blank")
        } else if text
            .bytes()
            .any(|byte| byte.is_ascii_control() && byte != b'\t')
        {
            unusable("holds a control character")
        } else if let Some(character) = text.chars().find(|c| is_invisible(*c)) {
            Err(InputError::InvisibleText {
                name: name.to_owned(),
                character,
            }
            .into())
        } else {
            Ok(Self(text))
        }
    }

    /// The text itself. Show it to the key's owner, and do not store it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn hint(&self) -> Hint {
        if !has_valid_checksum(&self.0) {
            return Hint::default();
        }
        // Without the `_` between the prefix and the random characters.
        let prefix = &self.0[..self.0.len() - RANDOM_LEN - CHECKSUM_LEN - 1];
        Hint {
            prefix: prefix.to_owned(),
            last: self.0[self.0.len() - 4..].to_owned(),
        }
    }
}

/// A part of an issued text, by which people recognise it, shown as `shop_…x7Qk`. Both parts are empty
/// for a given text, which may be short.
///
/// The last four characters belong to the checksum: 166 bits are left to guess.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hint {
    /// The beginning of the text, without the `_` after it.
    pub prefix: String,
    /// The last four characters.
    pub last: String,
}

impl Hint {
    /// A hint as it was stored, for your own store.
    pub fn new(prefix: String, last: String) -> Self {
        Self { prefix, last }
    }

    /// The hint as it is shown, without the `…`, which is not stored.
    pub(super) fn searchable(&self) -> String {
        let Self { prefix, last } = self;
        match prefix.is_empty() {
            true => last.clone(),
            false => format!("{prefix}_{last}"),
        }
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prefix, last } = self;
        match prefix.is_empty() {
            true => f.write_str(last),
            false => write!(f, "{prefix}_…{last}"),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(.. expose() shows it)")
    }
}

/// Whether a text is an issued key without a typing error: `<prefix>_`, 32 base62 characters, and
/// their checksum.
///
/// Use it for input forms and leak scanners. It does not say whether the key exists, and no decision
/// depends on it.
///
/// ```
/// use auth_api_key::{key::{Secret, has_valid_checksum}};
///
/// let secret = Secret::issue("shop")?;
/// assert!(has_valid_checksum(secret.expose()));
/// assert!(!has_valid_checksum("shop_0000"));
/// # Ok::<(), auth_api_key::Error>(())
/// ```
pub fn has_valid_checksum(text: &str) -> bool {
    text.len()
        .checked_sub(CHECKSUM_LEN)
        .and_then(|at| text.split_at_checked(at))
        .is_some_and(|(payload, check)| {
            payload.rsplit_once('_').is_some_and(|(prefix, random)| {
                !prefix.is_empty()
                    && random.len() == RANDOM_LEN
                    && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }) && checksum(payload) == check
        })
}

fn checksum(payload: &str) -> String {
    let crc = base62::encode(crc32fast::hash(payload.as_bytes()));
    format!("{crc:0>CHECKSUM_LEN$}")
}

/// Random bytes from the operating system.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.into()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issued_key_has_prefix_randomness_and_checksum() {
        let secret = Secret::issue("my-app_2").unwrap();
        let text = secret.expose();
        assert_eq!(text.len(), "my-app_2_".len() + 32 + 6);
        assert!(text.starts_with("my-app_2_"));
        assert!(has_valid_checksum(text));
        assert_ne!(text, Secret::issue("my-app_2").unwrap().expose());
    }

    /// CRC-32 of "123456789" is 0xCBF43926 (the catalogue's check value), 3421780262 in decimal.
    #[test]
    fn checksum_is_crc32_in_six_base62_digits() {
        assert_eq!(base62::decode(checksum("123456789")), Ok(3_421_780_262));
        assert_eq!(checksum("123456789").len(), 6);
        assert_eq!(checksum(""), "000000");
    }

    #[test]
    fn typing_error_breaks_the_checksum() {
        let text = Secret::issue("shop").unwrap().expose().to_owned();
        for at in 0..text.len() {
            let mut typo = text.clone().into_bytes();
            typo[at] = if typo[at] == b'x' { b'y' } else { b'x' };
            let typo = String::from_utf8(typo).unwrap();
            assert!(!has_valid_checksum(&typo), "{at}");
        }
        for other in ["", "_", "äöüäöüä", "x_äöüäöüäöüäöüäöüäöü"] {
            assert!(!has_valid_checksum(other), "{other}");
        }
    }

    #[test]
    fn bad_prefix_is_named() {
        for prefix in ["", "a b", "ä", "seventeen_letters"] {
            let error = Secret::issue(prefix).unwrap_err();
            assert!(
                error.to_string().starts_with(&format!("\"{prefix}\"")),
                "{error}"
            );
        }
    }

    #[test]
    fn text_that_no_header_can_carry_is_refused_without_quoting_it() {
        for text in [
            " secret",
            "secret\t",
            "sec\0ret",
            "sec\nret",
            "sec\u{7f}ret",
        ] {
            let error = Secret::given("shop", text).unwrap_err().to_string();
            assert!(error.contains("\"shop\""), "{error}");
            assert!(
                !error.contains("sec") || error.contains("no HTTP"),
                "{error}"
            );
            assert!(!error.contains("ret"), "{error}");
        }
        for text in ["a b", "a\tb", "ключ", "é", "x"] {
            assert_eq!(Secret::given("shop", text).unwrap().expose(), text);
        }
    }

    #[test]
    fn text_with_an_invisible_character_is_refused() {
        for (text, character) in [
            ("\u{feff}secret", "U+FEFF"),
            ("sec\u{200b}ret", "U+200B"),
            ("secret\u{a0}", "U+00A0"),
            ("\u{3000}secret", "U+3000"),
            ("sec\u{2028}ret", "U+2028"),
            ("secret\u{e0041}", "U+E0041"),
        ] {
            let error = Secret::given("shop", text).unwrap_err().to_string();
            assert!(
                error.contains("\"shop\"") && error.contains(character),
                "{error}"
            );
            assert!(!error.contains("sec") && !error.contains("ret"), "{error}");
        }
    }

    #[test]
    fn given_text_has_an_empty_hint() {
        assert_eq!(
            Secret::given("shop", "dup-key").unwrap().hint(),
            Hint::default()
        );
        let issued = Secret::issue("shop").unwrap();
        assert_eq!(
            issued.hint().to_string().chars().count(),
            "shop_…1234".chars().count()
        );
        assert!(issued.hint().to_string().starts_with("shop_…"));
    }
}
