//! Finds the `impl` or the trait that an attribute is in. rustc does not say this to a macro, but the source text
//! shows it.

use std::{cell::RefCell, collections::HashMap, fs, path::PathBuf, rc::Rc};

use proc_macro2::Span;

/// An `impl`, or a trait.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) struct Block {
    /// What it begins with: `impl Shop`.
    pub(crate) head: String,
    /// Whether it is an `impl` of a type alone, which may be a controller.
    pub(crate) is_inherent: bool,
}

/// The `impl` or the trait around the attribute that is expanded.
///
/// `None` also if it is not indented, or if the text cannot be read. Then rustc reports each item of the expansion that
/// cannot be there.
pub(crate) fn enclosing_block() -> Option<Block> {
    if !proc_macro::is_available() {
        return None;
    }
    let place = Span::call_site().unwrap();
    if place.column() == 1 {
        return None;
    }
    let file = File::of(place.local_file()?)?;
    let line = file.text.split_inclusive('\n').take(place.line() - 1);
    let line: usize = line.map(str::len).sum();
    let (before, _) = file.text[line..].char_indices().nth(place.column() - 1)?;
    // An editor may show another text than the file has, and an example in documentation has lines of its own.
    let is_here = file.text[line + before..].starts_with(&place.source_text()?);
    is_here.then(|| file.block_around(line + before)).flatten()
}

/// The text of a file, and the places of its braces.
struct File {
    text: String,
    braces: Vec<Braces>,
}

#[derive(Clone, Copy)]
struct Braces {
    /// Where the item begins that they belong to.
    item: usize,
    open: usize,
    close: usize,
}

thread_local! {
    /// Files that were read: many routes are in one.
    static FILES: RefCell<HashMap<PathBuf, Rc<File>>> = RefCell::default();
}

impl File {
    fn of(path: PathBuf) -> Option<Rc<Self>> {
        FILES.with_borrow_mut(|files| {
            if let Some(file) = files.get(&path) {
                return Some(Rc::clone(file));
            }
            let file = Rc::new(Self::new(fs::read_to_string(&path).ok()?));
            files.insert(path, Rc::clone(&file));
            Some(file)
        })
    }

    fn new(text: String) -> Self {
        let (mut braces, mut open) = (Vec::new(), Vec::new());
        let (mut item, mut at) = (0, 0);
        while let Some(first) = text[at..].chars().next() {
            let skipped = not_code(&text[at..]);
            match first {
                _ if skipped > 0 => {}
                '{' => open.push((item, at)),
                '}' => braces.extend(open.pop().map(|(item, open)| Braces {
                    item,
                    open,
                    close: at,
                })),
                _ => {}
            }
            at += skipped.max(first.len_utf8());
            if skipped == 0 && "{};".contains(first) {
                item = at;
            }
        }
        Self { text, braces }
    }

    fn block_around(&self, at: usize) -> Option<Block> {
        let around = self
            .braces
            .iter()
            .filter(|braces| braces.open < at && at < braces.close);
        let Braces { item, open, .. } = *around.max_by_key(|braces| braces.open)?;
        let mut head = &self.text[item..open];
        let mut plain = String::new();
        while let Some(first) = head.chars().next() {
            let comment = if head.starts_with('/') {
                not_code(head)
            } else {
                0
            };
            if comment == 0 {
                plain.push(first);
            }
            head = &head[comment.max(first.len_utf8())..];
        }
        let words: Vec<&str> = plain.split_whitespace().collect();
        let is_first = |word: &&str| {
            let name = word.split('<').next();
            name.is_some_and(|name| ["impl", "trait"].contains(&name))
        };
        let first = words.iter().position(is_first)?;
        // Attributes, `pub` and `unsafe` stand before it; a function that gives an `impl Trait` has more.
        let is_of_a_function = |word: &&str| ["fn", "->", "="].contains(word);
        if words[..first].iter().any(is_of_a_function) {
            return None;
        }
        Some(Block {
            head: words[first..].join(" "),
            is_inherent: words[first].starts_with("impl") && !words.contains(&"for"),
        })
    }
}

/// The length of what is not code at the begin of a text: a comment, a string or a character; 0 if it is code.
fn not_code(text: &str) -> usize {
    let until = |begin: usize, end: &str| {
        let found = text.get(begin..).and_then(|rest| rest.find(end));
        found.map_or(text.len(), |found| begin + found + end.len())
    };
    if text.starts_with("//") {
        return until(0, "\n");
    }
    if text.starts_with("/*") {
        let (mut at, mut depth) = (2, 1);
        while depth > 0 {
            let (begin, end) = (until(at, "/*"), until(at, "*/"));
            if begin < end {
                (at, depth) = (begin, depth + 1);
            } else {
                (at, depth) = (end, depth - 1);
            }
            if at == text.len() {
                break;
            }
        }
        return at;
    }
    let raw = text
        .strip_prefix('r')
        .map(|rest| rest.trim_start_matches('#'));
    if let Some(rest) = raw.filter(|rest| rest.starts_with('"')) {
        let hashes = text.len() - 1 - rest.len();
        return until(hashes + 2, &format!("\"{}", "#".repeat(hashes)));
    }
    if text.starts_with('"') {
        let mut rest = text.char_indices().skip(1);
        while let Some((at, character)) = rest.next() {
            match character {
                '"' => return at + 1,
                '\\' => drop(rest.next()),
                _ => {}
            }
        }
        return text.len();
    }
    let mut after = text.strip_prefix('\'').unwrap_or_default().chars();
    match (after.next(), after.next()) {
        (Some('\\'), _) => until(3, "'"),
        (Some(character), Some('\'')) => character.len_utf8() + 2,
        _ => 0, // code, or a lifetime
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, File};

    /// The block around `@` in a text.
    fn around(text: &str) -> Option<Block> {
        File::new(text.to_owned()).block_around(text.find('@').unwrap())
    }

    #[test]
    fn impl_or_trait_around_a_place_is_found() {
        for (text, head, is_inherent) in [
            ("impl Shop {\n    @\n}", "impl Shop", true),
            ("impl Shop { fn a() {} @ }", "impl Shop", true),
            ("struct A; impl Shop { // for\r\n @ }", "impl Shop", true),
            (
                "impl<T>\n  Shop<T>\nwhere\n  T: for<'a> A<'a>,\n{ @ }",
                "impl<T> Shop<T> where T: for<'a> A<'a>,",
                true,
            ),
            (
                "fn main() { #[allow(unused)] impl Shop { @ } }",
                "impl Shop",
                true,
            ),
            ("unsafe impl A\n    for B { @ }", "impl A for B", false),
            (
                "pub(in crate::shop) trait Orders { @ }",
                "trait Orders",
                false,
            ),
        ] {
            let head = head.to_owned();
            assert_eq!(around(text), Some(Block { head, is_inherent }), "{text}");
        }
    }

    #[test]
    fn impl_that_is_not_around_a_place_is_not_found() {
        for text in [
            "@",
            "mod shop { @ }",
            "impl Shop {} @",
            "impl Shop {\n}\n    @",
            "impl Shop { #[must_use] fn a() -> Router { // }\n @ } }",
            "impl Shop { fn a() -> impl Send { @ } }",
            "impl Shop { const A: () = { @ }; }",
            "impl Shop { mod_of! { @ } }",
            "mod shop { const A: &str = \"impl B {\"; @ }",
            "mod shop { const A: &str = r#\"\"impl B {\"#; @ }",
            "mod shop { /* impl B { /* { */ */ @ }",
            "mod shop { const A: [char; 4] = ['{', '\\'', '\"', '\\u{7b}']; fn a<'a>() {} @ }",
            "macro_rules! a { () => { @ } }",
            "impl Shop { // unfinished\n @",
        ] {
            assert_eq!(around(text), None, "{text}");
        }
    }
}
