//! The digest that a store keeps instead of a key's text: HMAC-SHA-256 (RFC 2104) under a pepper.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{
    invisible::{is_invisible, without_mark},
    secret::{Hint, Secret},
};
use crate::error::PepperError;

const MIN_PEPPER_LEN: usize = 16;
const CHECKED_TEXT: &[u8] = b"auth-api-key pepper check value";

/// HMAC-SHA-256 of a key's text: what a store keeps and finds the key by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The 32 bytes, as a store keeps them under a unique index.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// From the 32 bytes that a store keeps.
impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// Redacted: whoever has the digest of a short text without a pepper can find the text by trying.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(..)")
    }
}

/// What a store keeps of a key's text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredSecret {
    /// The digest by which the key is found.
    pub digest: Digest,
    /// The digests of the same text under the other peppers: the store must have none of them, either.
    pub others: Vec<Digest>,
    /// The version of the pepper that the digest was made with; 0 without a pepper.
    pub pepper_version: u32,
    /// What people recognise the text by.
    pub hint: Hint,
}

/// The deployment's peppers. Digests of new keys are made under the newest version. The key of a
/// request is looked up under every version.
#[derive(Clone)]
pub(crate) struct Peppers {
    /// Newest first.
    versions: Vec<(u32, Hmac<Sha256>)>,
    /// A version that the store has seen and that is not one of them.
    missing: Option<u32>,
}

impl Peppers {
    pub(crate) fn new(peppers: &[(u32, Zeroizing<Vec<u8>>)]) -> Result<Self, PepperError> {
        let mut versions: Vec<(u32, Hmac<Sha256>)> = Vec::with_capacity(peppers.len());
        for (version, pepper) in peppers {
            let version = *version;
            if version == 0 {
                return Err(PepperError::PepperVersionZero);
            }
            let pepper = as_configured(version, pepper)?;
            if pepper.len() < MIN_PEPPER_LEN {
                return Err(PepperError::ShortPepper {
                    version,
                    length: pepper.len(),
                });
            }
            if versions.iter().any(|(other, _)| *other == version) {
                return Err(PepperError::DuplicatePepper { version });
            }
            versions.push((version, keyed(pepper)));
        }
        if versions.is_empty() {
            versions.push((0, keyed(b"")));
        }
        versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        Ok(Self {
            versions,
            missing: None,
        })
    }

    /// Also look for keys that were stored without a pepper.
    pub(crate) fn accept_unpeppered(&mut self) {
        if !self.versions.iter().any(|(version, _)| *version == 0) {
            self.versions.push((0, keyed(b"")));
        }
    }

    /// Whether no pepper was given.
    pub(crate) fn are_none(&self) -> bool {
        self.versions[0].0 == 0
    }

    /// From now on `seal` fails, since this version is missing.
    pub(crate) fn mark_missing(&mut self, version: u32) {
        self.missing = Some(version);
    }

    pub(crate) fn versions(&self) -> Vec<u32> {
        self.versions.iter().map(|(version, _)| *version).collect()
    }

    /// Each version with the value by which a store recognises its pepper.
    pub(crate) fn check_values(&self) -> Vec<(u32, Digest)> {
        self.versions
            .iter()
            .map(|(version, mac)| (*version, digest(mac, CHECKED_TEXT)))
            .collect()
    }

    /// The digests under which a key with this text may be stored.
    pub(crate) fn digests(&self, text: &[u8]) -> Vec<Digest> {
        self.versions
            .iter()
            .map(|(_, mac)| digest(mac, text))
            .collect()
    }

    /// What to store for a new text.
    pub(crate) fn seal(&self, secret: &Secret) -> Result<StoredSecret, PepperError> {
        match self.missing {
            Some(version) => Err(PepperError::MissingPepper { version }),
            None => Ok(self.seal_anyway(secret)),
        }
    }

    /// As `seal`, even if a version is missing.
    pub(crate) fn seal_anyway(&self, secret: &Secret) -> StoredSecret {
        let mut others = self.digests(secret.expose().as_bytes());
        StoredSecret {
            digest: others.remove(0),
            others,
            pepper_version: self.versions[0].0,
            hint: secret.hint(),
        }
    }
}

impl fmt::Debug for Peppers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.versions.iter().map(|(version, _)| version))
            .finish()
    }
}

/// The bytes of a pepper. If it is a text, it is what its file or its variable shows: without a
/// byte-order mark, and without invisible characters.
fn as_configured(version: u32, pepper: &[u8]) -> Result<&[u8], PepperError> {
    let Ok(text) = str::from_utf8(pepper) else {
        return Ok(pepper);
    };
    let text = without_mark(text);
    match text.chars().find(|c| is_invisible(*c)) {
        Some(character) => Err(PepperError::InvisiblePepper { version, character }),
        None => Ok(text.as_bytes()),
    }
}

fn keyed(pepper: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(pepper).expect("HMAC takes a key of any length")
}

fn digest(mac: &Hmac<Sha256>, text: &[u8]) -> Digest {
    Digest(
        mac.clone()
            .chain_update(text)
            .finalize()
            .into_bytes()
            .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peppers(given: &[(u32, &[u8])]) -> Result<Peppers, PepperError> {
        let owned = |(version, bytes): &(u32, &[u8])| (*version, Zeroizing::new(bytes.to_vec()));
        Peppers::new(&given.iter().map(owned).collect::<Vec<_>>())
    }

    /// RFC 4231, test case 1.
    #[test]
    fn digest_is_hmac_sha256() {
        let peppers = peppers(&[(1, &[0x0b; 20])]).unwrap();
        let expected: [u8; 32] = [
            0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b,
            0xf1, 0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83, 0x3d, 0xa7, 0x26, 0xe9, 0x37, 0x6c,
            0x2e, 0x32, 0xcf, 0xf7,
        ];
        assert_eq!(peppers.digests(b"Hi There")[0].as_bytes(), &expected);
    }

    #[test]
    fn newest_pepper_seals_and_every_pepper_is_looked_for() {
        let secret = Secret::issue("k").unwrap();
        let text = secret.expose().as_bytes();
        let old = peppers(&[(1, b"0123456789abcdef")]).unwrap();
        let both = peppers(&[(1, b"0123456789abcdef"), (2, b"fedcba9876543210")]).unwrap();
        assert_eq!(both.seal_anyway(&secret).pepper_version, 2);
        assert_eq!(both.digests(text)[0], both.seal_anyway(&secret).digest);
        assert_eq!(both.digests(text)[1], old.seal_anyway(&secret).digest);
    }

    #[test]
    fn unusable_peppers_are_named() {
        let error = |given: &[(u32, &[u8])]| peppers(given).unwrap_err().to_string();
        let good: &[u8] = b"0123456789abcdef";
        assert!(error(&[(3, b"short")]).contains("version 3 has 5 bytes"));
        assert!(error(&[(0, good)]).contains("version 0"));
        assert!(error(&[(2, good), (2, good)]).contains("version 2 was given twice"));
    }

    #[test]
    fn byte_order_mark_of_a_pepper_is_skipped_and_invisible_characters_are_errors() {
        let plain = peppers(&[(1, b"0123456789abcdef")]).unwrap();
        let marked = peppers(&[(1, b"\xef\xbb\xbf0123456789abcdef")]).unwrap();
        assert_eq!(plain.check_values(), marked.check_values());
        for (pepper, character) in [
            ("0123456789\u{200b}abcdef", "U+200B"),
            ("0123456789abcdef\u{a0}", "U+00A0"),
        ] {
            let error = peppers(&[(7, pepper.as_bytes())]).unwrap_err().to_string();
            assert!(
                error.contains("version 7") && error.contains(character),
                "{error}"
            );
            assert!(!error.contains("abcdef"), "{error}");
        }
        // Random bytes are not a text.
        let random = b"\xff\xe2\x80\x8b456789abcdef";
        let plain = peppers(&[(1, b"456789abcdef\xff\xe2\x80\x8b")]).unwrap();
        assert_ne!(
            peppers(&[(1, random)]).unwrap().check_values(),
            plain.check_values()
        );
    }

    #[test]
    fn debug_shows_neither_pepper_nor_digest() {
        let peppers = peppers(&[(7, b"0123456789abcdef")]).unwrap();
        assert_eq!(format!("{peppers:?}"), "[7]");
        assert_eq!(format!("{:?}", peppers.digests(b"x")), "[Digest(..)]");
    }
}
