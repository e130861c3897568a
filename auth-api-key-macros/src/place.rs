//! What the source text shows of the place of an attribute, and rustc does not say to a macro: the `impl` or the trait
//! around it, another controller of its type, and the types that its file defines.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    fs,
    path::PathBuf,
    rc::Rc,
};

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
/// `None` also if the attribute is in column 1, or if the text cannot be read. Then rustc reports each item of the
/// expansion that cannot be there.
pub(crate) fn enclosing_block() -> Option<Block> {
    // Most attributes are in column 1: their files are not read.
    let is_compiled = proc_macro::is_available();
    if !is_compiled || Span::call_site().unwrap().column() == 1 {
        return None;
    }
    let (file, at) = place()?;
    file.code().block_around(at)
}

/// Whether the `impl` below the attribute is certainly the second controller of its type.
pub(crate) fn is_a_second_controller() -> bool {
    place().is_some_and(|(file, at)| file.code().has_a_controller_before(at))
}

/// Whether a name is certainly one of a struct or an enum beside the attribute, and not another name of a type.
pub(crate) fn is_defined_here(name: &str) -> bool {
    place().is_some_and(|(file, at)| file.code().defines(name, at))
}

/// Whether the file of the attribute names `unguarded` of the handler of this name, in tests or elsewhere.
pub(crate) fn names_unguarded(handler: &str) -> bool {
    if !proc_macro::is_available() {
        return false;
    }
    let file = Span::call_site().unwrap().local_file().and_then(File::of);
    file.is_some_and(|file| {
        file.names_unguarded && file.text.contains(&format!("{handler}::unguarded"))
    })
}

/// The file of the attribute that is expanded, and where it begins there.
fn place() -> Option<(Rc<File>, usize)> {
    if !proc_macro::is_available() {
        return None;
    }
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
    /// Whether it names `unguarded` of any handler: each route of the file asks.
    names_unguarded: bool,
    /// Read when it is asked for: most files are only searched for a text.
    code: OnceCell<Code>,
}

struct Code {
    /// The text, with blanks in the place of comments and texts.
    plain: String,
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
        Self {
            names_unguarded: text.contains("::unguarded"),
            text,
            code: OnceCell::new(),
        }
    }

    fn code(&self) -> &Code {
        self.code.get_or_init(|| Code::new(&self.text))
    }
}

impl Code {
    fn new(text: &str) -> Self {
        let mut plain = String::with_capacity(text.len());
        while let Some(first) = text[plain.len()..].chars().next() {
            match not_code(&text[plain.len()..]) {
                0 => plain.push(first),
                length => plain.extend(std::iter::repeat_n(' ', length)),
            }
        }
        let braces = braces(&plain);
        Self { plain, braces }
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
        let head = &self.plain[item..open];
        let words = without_attributes(head)?;
        let attributes = &head[..head.len() - words.len()];
        Some((attributes, words.split_whitespace().collect()))
    }

    /// Where the innermost bracket around a place opens.
    fn bracket_around(&self, at: usize) -> Option<usize> {
        let mut opened = Vec::new();
        for (at, character) in self.plain[..at].char_indices() {
            match character {
                '(' | '[' | '{' => opened.push(at),
                ')' | ']' | '}' => drop(opened.pop()),
                _ => {}
            }
        }
        opened.pop()
    }

    /// Whether a struct or an enum of this name is in the same block, always, and the file has no other meaning of the
    /// name.
    fn defines(&self, name: &str, at: usize) -> bool {
        let words = self.plain.split(|c: char| !is_of_a_word(c));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let after = |words: &[&str], known: &[&str]| known.contains(&words[0]) && words[1] == name;
        let mut pairs = words.windows(2);
        if pairs.any(|pair| after(pair, &["type", "as"])) {
            return false;
        }
        let definitions = ["struct", "enum"].map(|kind| format!("{kind} {name}"));
        let mut found = definitions
            .iter()
            .flat_map(|text| self.plain.match_indices(text.as_str()));
        found.any(|(begin, text)| {
            let is_whole = !self.plain[begin + text.len()..].starts_with(is_of_a_word);
            let above = self.plain[..begin]
                .rfind(['{', '}', ';'])
                .map_or(0, |end| end + 1);
            let is_conditional = self.plain[above..begin].contains("cfg");
            let is_beside = self.bracket_around(begin) == self.bracket_around(at);
            is_whole && !is_conditional && is_beside
        })
    }

    fn has_a_controller_before(&self, at: usize) -> bool {
        let below = self
            .braces
            .iter()
            .filter(|braces| braces.item <= at && at < braces.open);
        let own = below.min_by_key(|braces| braces.open);
        let Some(own) = own.and_then(|own| self.controller(*own)) else {
            return false;
        };
        let mut before = self.braces.iter().filter(|braces| braces.open < at);
        before.any(|other| {
            let is_same = self.controller(*other).is_some_and(|other| other == own);
            is_same && self.bracket_around(other.open) == self.bracket_around(at)
        })
    }

    /// The words of an `impl` that is certainly a controller: another attribute, such as a `cfg`, may remove it.
    fn controller(&self, braces: Braces) -> Option<Vec<&str>> {
        let (attributes, words) = self.head(braces)?;
        let names = attribute_names(attributes)?;
        let is_one = |name: &&str| {
            name.rsplit("::")
                .next()
                .is_some_and(|last| last.trim() == "controller")
        };
        let stays =
            |name: &&str| is_one(name) || ["allow", "deny", "doc", "expect", "warn"].contains(name);
        let inside = self.plain[braces.open + 1..].trim_start();
        let count = |character| words.concat().matches(character).count();
        let is_whole = count('<') == count('>');
        let is_certain = names.iter().all(stays) && is_whole && !inside.starts_with("#!");
        (is_certain && names.iter().any(is_one)).then_some(words)
    }
}

/// The paths of attributes.
fn attribute_names(mut attributes: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    while let Some((_, rest)) = attributes.split_once('#') {
        let name = rest.trim_start().strip_prefix('[')?;
        names.push(name.split(['(', ']', '=']).next()?.trim());
        attributes = after_brackets(rest)?;
    }
    Some(names)
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
        file.code().block_around(file.text.find('@').unwrap())
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
    fn struct_or_enum_beside_a_place_is_found() {
        for (text, is_found) in [
            ("struct Order; @", true),
            ("@ pub enum Order {}", true),
            ("mod a { use b; struct Order<T>(T); @ }", true),
            ("/* struct Order; */ @", false),
            ("struct Orders; @", false),
            ("#[cfg(unix)] struct Order; @", false),
            ("mod tests { struct Order; } @", false),
            ("macro_rules! a { () => { struct Order; } } @", false),
            ("struct Order; mod b { @ }", false),
            (
                "mod model { struct Order; } type Order = Json<model::Order>; struct Order; @",
                false,
            ),
            ("use a::B as Order; struct Order; @", false),
        ] {
            let file = File::new(text);
            let at = file.text.find('@').unwrap();
            assert_eq!(file.code().defines("Order", at), is_found, "{text}");
        }
    }

    #[test]
    fn second_controller_of_a_type_is_found() {
        let is_second = |text: &str| {
            let file = File::new(text);
            file.code()
                .has_a_controller_before(file.text.rfind("#[").unwrap())
        };
        let first = "#[controller(\"/a\")]\nimpl Shop { fn a() {} }\n";
        assert!(is_second(&format!(
            "{first}#[auth_api_key::controller]\nimpl Shop {{}}"
        )));
        assert!(is_second(&format!(
            "mod a {{ {first} #[controller] impl  Shop {{}} }}"
        )));
        for text in [
            "#[controller] impl Shop {} #[controller] impl Shops {}",
            "#[controller] impl Shop {} mod b { #[controller] impl Shop {} }",
            "#[controller] impl Shop {} #[allow(unused)] impl Shop {}",
            "#[controller_metrics] impl Shop {} #[controller] impl Shop {}",
            "#[x(controller)] impl Shop {} #[controller] impl Shop {}",
            "#[cfg(unix)] #[controller] impl Shop {} #[controller] impl Shop {}",
            "#[windows] #[controller] impl Shop {} #[controller] impl Shop {}",
            "#[controller] impl Shop { #![cfg(unix)] } #[controller] impl Shop {}",
            "#[controller] impl Stock<{ A }> {} #[controller] impl Stock<{ B }> {}",
            "a!(#[controller] impl Shop {}); b!(#[controller] impl Shop {});",
        ] {
            assert!(!is_second(text), "{text}");
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
