//! Finds the `impl` or the trait that an attribute is in. rustc does not say this to a macro, but the source text
//! shows it.

use std::fs;

use proc_macro2::Span;

/// An `impl`, or a trait.
pub(crate) struct Block {
    /// What it begins with: `impl Shop`.
    pub(crate) head: String,
    /// Whether it is an `impl` of a type alone, which may be a controller.
    pub(crate) is_inherent: bool,
}

/// The block around the attribute that is expanded.
///
/// `None` also if the text does not show it, since it is not indented or was made by another macro. Then rustc reports
/// each item of the expansion that cannot be there. A block that is not around it would refuse a correct route.
pub(crate) fn enclosing_block() -> Option<Block> {
    if !proc_macro::is_available() {
        return None;
    }
    let place = Span::call_site().unwrap();
    if place.column() == 1 {
        return None;
    }
    let text = fs::read_to_string(place.local_file()?).ok()?;
    let above: Vec<&str> = text.lines().take(place.line() - 1).collect();
    let head = head(&above, place.column() - 1)?;
    let is_inherent = head.starts_with("impl") && !head.contains(" for ");
    Some(Block { head, is_inherent })
}

/// The head of the block around a line that is `indent` characters from the left, if that is an `impl` or a trait.
fn head(above: &[&str], mut indent: usize) -> Option<String> {
    for line in above.iter().rev() {
        let text = line.trim_start();
        let own = line.chars().count() - text.chars().count();
        if text.is_empty() || own >= indent {
            continue;
        }
        let (opened, closed) = (text.matches('{').count(), text.matches('}').count());
        if text.starts_with('}') || closed > 0 && closed >= opened {
            // Another block ends here, so the one around has less indentation.
            indent = own;
            continue;
        }
        if text.starts_with(['{', '>', ')', '/', '#']) || text.starts_with("where") {
            // The head is above it, and begins no farther to the right.
            indent = own + 1;
            continue;
        }
        let is_before =
            |word: &&str| word.starts_with("pub") || ["unsafe", "default"].contains(word);
        let mut words = text.split([' ', '<']);
        let first = words.find(|word| !is_before(word))?;
        let head = text.trim_end().trim_end_matches('{').trim_end();
        return ["impl", "trait"].contains(&first).then(|| head.to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn head_of_an_impl_or_a_trait_is_found_by_the_indentation() {
        for (text, indent, expected) in [
            ("impl Shop {", 4, Some("impl Shop")),
            (
                "impl Shop {\n\n    fn a() {\n    }\n    // b",
                4,
                Some("impl Shop"),
            ),
            (
                "impl<T> Shop<T>\nwhere\n    T: Send,\n{",
                4,
                Some("impl<T> Shop<T>"),
            ),
            ("\tunsafe impl A for B {", 2, Some("unsafe impl A for B")),
            (
                "pub(crate) trait Orders {",
                4,
                Some("pub(crate) trait Orders"),
            ),
            ("mod shop {\n    impl Shop {\n    }", 4, None),
            // The line is indented by mistake.
            ("impl Shop {\n}", 4, None),
            ("impl Shop {}", 4, None),
            ("impl Shop { fn a() {} }", 4, None),
            ("mod shop {\nimpl Shop {\n} // Shop\n", 4, None),
            ("mod shop {", 4, None),
            ("fn main() {\n    impl Shop {", 8, Some("impl Shop")),
            ("impl Shop {\n    fn a() {", 8, None),
            ("use a::b;\n", 4, None),
            ("", 4, None),
        ] {
            let above: Vec<&str> = text.lines().collect();
            assert_eq!(head(&above, indent).as_deref(), expected, "{text}");
        }
    }
}
