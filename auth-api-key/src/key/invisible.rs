//! Invisible characters, which people copy together with a text.

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

/// The mark that some programs write at the beginning of a text in UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Whether a character outside ASCII is invisible, or looks like a blank: a control character,
/// whitespace, and what Unicode calls default-ignorable, such as U+200B and the characters that
/// change the direction of writing.
///
/// ```
/// use auth_api_key::key::is_invisible;
///
/// assert!("swordfish\u{200b}".contains(is_invisible));
/// assert!(!"schlüssel 1".contains(is_invisible));
/// ```
pub fn is_invisible(character: char) -> bool {
    !character.is_ascii()
        && (character.is_control()
            || character.is_whitespace()
            || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character))
}

/// A text from a file, a variable or standard input, without the byte-order mark before it.
pub(crate) fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_recognised() {
        let invisible = [
            '\u{85}',
            '\u{9f}',
            '\u{a0}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{180e}',
            '\u{2003}',
            '\u{200b}',
            '\u{200d}',
            '\u{2028}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{3000}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{e0041}',
        ];
        for character in invisible {
            assert!(is_invisible(character), "{character:?}");
        }
        for character in [
            ' ', '\t', '\n', 'a', 'é', 'ß', 'ж', '鍵', '…', '🔑', '\u{301}',
        ] {
            assert!(!is_invisible(character), "{character:?}");
        }
    }
}
