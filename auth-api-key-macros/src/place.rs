//! Finds the `impl` or the trait that an attribute is in. rustc does not say this to a macro, but the source text
//! shows it.

use std::{cell::RefCell, collections::HashMap, fs, path::PathBuf, rc::Rc};

use proc_macro2::Span;

/// An `impl`, or a trait.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) struct Block {
    /// What it begins with: `impl Shop`.
    pub(crate) head: String,
    /// Whether it is an `impl` without a trait. Only such an `impl` can be a controller.
    pub(crate) is_inherent: bool,
}

/// The `impl` or the trait around the attribute that is expanded.
///
/// `None` also if the attribute is in column 1, as in most files: so they are not read. `None` also if the text cannot be
/// read. Then rustc reports each item of the expansion that cannot be there.
pub(crate) fn enclosing_block() -> Option<Block> {
    let is_compiled = proc_macro::is_available();
    if !is_compiled || Span::call_site().unwrap().column() == 1 {
        return None;
    }
    let (file, at) = place()?;
    file.block_around(at)
}

/// Whether the `impl` below the attribute is the second controller of its type in the same block of the file.
pub(crate) fn is_a_second_controller() -> bool {
    let is_compiled = proc_macro::is_available();
    let place = is_compiled.then(place).flatten();
    place.is_some_and(|(file, at)| file.has_a_controller_before(at))
}

/// Whether the file of the attribute defines a struct or an enum of this name: then the name does not stand for a type of
/// another crate.
pub(crate) fn is_defined_here(name: &str) -> bool {
    let is_compiled = proc_macro::is_available();
    let place = is_compiled.then(place).flatten();
    place.is_some_and(|(file, _)| file.defines(name))
}

/// The file of the attribute that is expanded, and where it begins there.
fn place() -> Option<(Rc<File>, usize)> {
    let place = Span::call_site().unwrap();
    let (line, column) = (place.line().checked_sub(1)?, place.column().checked_sub(1)?);
    let file = File::of(place.local_file()?)?;
    let line = file.text.split_inclusive('\n').take(line);
    let line: usize = line.map(str::len).sum();
    let (before, _) = file.text[line..].char_indices().nth(column)?;
    // The text here may differ from the file: an editor may have unsaved text, and a documentation test has its own
    // line numbers.
    let is_here = file.text[line + before..].starts_with(&place.source_text()?);
    is_here.then_some((file, line + before))
}

/// A file that was read.
struct File {
    /// As rustc has it: without a byte-order mark, and with one character at the end of each line.
    text: String,
    /// The same, with blanks in the place of comments and texts.
    code: String,
    braces: Vec<Braces>,
}

#[derive(Clone, Copy)]
struct Braces {
    /// Where the item of these braces begins.
    item: usize,
    open: usize,
    close: usize,
}

thread_local! {
    /// Files that were already read: one file may have many routes.
    static FILES: RefCell<HashMap<PathBuf, Rc<File>>> = RefCell::default();
}

impl File {
    fn of(path: PathBuf) -> Option<Rc<Self>> {
        FILES.with_borrow_mut(|files| {
            if let Some(file) = files.get(&path) {
                return Some(Rc::clone(file));
            }
            let file = Rc::new(Self::new(&fs::read_to_string(&path).ok()?));
            files.insert(path, Rc::clone(&file));
            Some(file)
        })
    }

    fn new(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let mut code = String::with_capacity(text.len());
        while let Some(first) = text[code.len()..].chars().next() {
            match not_code(&text[code.len()..]) {
                0 => code.push(first),
                length => code.extend(std::iter::repeat_n(' ', length)),
            }
        }
        let braces = braces(&code);
        Self { text, code, braces }
    }

    fn braces_around(&self, at: usize) -> Option<Braces> {
        let around = self.braces.iter().copied();
        let around = around.filter(|braces| braces.open < at && at < braces.close);
        around.max_by_key(|braces| braces.open)
    }

    fn block_around(&self, at: usize) -> Option<Block> {
        let (_, words) = self.head(self.braces_around(at)?)?;
        let first = words.first()?.split('<').next()?;
        ["impl", "trait"].contains(&first).then(|| Block {
            head: words.join(" "),
            is_inherent: first == "impl" && !words.contains(&"for"),
        })
    }

    /// The attributes of the item that braces belong to, and the words that follow them.
    fn head(&self, Braces { item, open, .. }: Braces) -> Option<(&str, Vec<&str>)> {
        let head = &self.code[item..open];
        let words = without_attributes(head)?;
        let attributes = &head[..head.len() - words.len()];
        Some((attributes, words.split_whitespace().collect()))
    }

    fn defines(&self, name: &str) -> bool {
        let words = self.code.split(|c: char| !is_of_a_word(c));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let is_definition =
            |pair: &[&str]| ["struct", "enum"].contains(&pair[0]) && pair[1] == name;
        words.windows(2).any(is_definition)
    }

    fn has_a_controller_before(&self, at: usize) -> bool {
        // Of several with a `cfg`, perhaps only one is there.
        let controller = |braces: &Braces| {
            let (attributes, words) = self.head(*braces)?;
            let is_one = attributes.contains("controller") && !attributes.contains("cfg");
            is_one.then_some(words)
        };
        let below = self
            .braces
            .iter()
            .filter(|braces| braces.item <= at && at < braces.open);
        let own = below.min_by_key(|braces| braces.open).and_then(controller);
        let block = |at: usize| self.braces_around(at).map(|braces| braces.open);
        let mut before = self.braces.iter().filter(|braces| braces.open < at);
        own.is_some_and(|own| {
            before.any(|other| {
                controller(other).is_some_and(|other| other == own)
                    && block(other.open) == block(at)
            })
        })
    }
}

/// The braces of some code.
fn braces(code: &str) -> Vec<Braces> {
    let (mut braces, mut opened) = (Vec::new(), Vec::new());
    // How many other brackets are open: a `;` in them, as in `[u8; 32]`, ends no item.
    let (mut item, mut depth) = (0, 0_usize);
    for (at, character) in code.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '{' => opened.push((item, at, std::mem::take(&mut depth))),
            '}' => {
                let Some((item, open, above)) = opened.pop() else {
                    continue;
                };
                depth = above;
                let close = at;
                braces.push(Braces { item, open, close });
            }
            _ => {}
        }
        if matches!(character, '{' | '}') || character == ';' && depth == 0 {
            item = at + 1;
        }
    }
    braces
}

/// The head of an item without its attributes, and without the words that may stand before `impl` and `trait`.
fn without_attributes(head: &str) -> Option<&str> {
    let mut rest = head.trim_start();
    loop {
        let end = rest.find(|c| !is_of_a_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let after = match word {
            "" if rest.starts_with('#') => after_brackets(rest)?,
            "pub" if after.trim_start().starts_with('(') => after_brackets(after)?,
            "pub" | "unsafe" | "default" | "auto" => after,
            _ => return Some(rest),
        };
        rest = after.trim_start();
    }
}

fn is_of_a_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// What follows the first brackets of a text.
fn after_brackets(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' if depth == 1 => return Some(&text[at + 1..]),
            ')' | ']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// The length of what is not code at the beginning of a text: a comment, a string or a character; 0 if it is code.
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
        let file = File::new(text);
        file.block_around(file.text.find('@').unwrap())
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
            ("\u{feff}impl Shop {\r\n @ }", "impl Shop", true),
            (
                "#[doc = \"fn\"] impl From<[u8; 3]> for Shop { @ }",
                "impl From<[u8; 3]> for Shop",
                false,
            ),
            (
                "impl Shop { const A: [u8; 2] = [1, 2]; fn a(_: [u8; 2]) {} @ }",
                "impl Shop",
                true,
            ),
        ] {
            let head = head.to_owned();
            assert_eq!(around(text), Some(Block { head, is_inherent }), "{text}");
        }
    }

    #[test]
    fn struct_or_enum_of_the_file_is_found() {
        let file =
            File::new("/* struct C; */ struct A<T>(T); pub enum B {} type D = A<u8>; // enum E");
        let defined = ["A", "B", "C", "D", "E"].map(|name| file.defines(name));
        assert_eq!(defined, [true, true, false, false, false]);
    }

    #[test]
    fn second_controller_of_a_type_is_found() {
        let is_second = |text: &str| {
            let file = File::new(text);
            file.has_a_controller_before(file.text.rfind("#[").unwrap())
        };
        let first = "#[controller(\"/a\")]\nimpl Shop { fn a() {} }\n";
        assert!(is_second(&format!(
            "{first}#[auth_api_key::controller]\nimpl Shop {{}}"
        )));
        assert!(is_second(&format!(
            "mod a {{ {first} #[controller] impl  Shop {{}} }}"
        )));
        for other in [
            "#[controller] impl Shops {}",
            "mod b { #[controller] impl Shop {} }",
            "#[cfg(unix)] #[controller] impl Shop {}",
            "#[allow(unused)] impl Shop {}",
        ] {
            let last = other.rfind("#[").unwrap();
            let at = format!("{first}{other}");
            let file = File::new(&at);
            assert!(!file.has_a_controller_before(first.len() + last), "{other}");
        }
        assert!(!is_second(first));
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
            "fn a(pepper: [u8; 32], store: impl Store) -> Router { @ }",
            "#[doc(alias(\"the impl of x\"))] mod shop { @ }",
            "#[test]fn a(store: impl Store) { @ }",
            "#[inline]// why\nfn a(store: impl Store) { @ }",
            "impl Shop { // unfinished\n @",
        ] {
            assert_eq!(around(text), None, "{text}");
        }
    }
}
