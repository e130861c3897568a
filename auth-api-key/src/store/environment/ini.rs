//! Reads INI texts as Python's `configparser.ConfigParser` does with case-sensitive options. The Odoo
//! module `server_environment` reads its configuration in this way.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use zeroize::Zeroizing;

/// The section that all others inherit from.
pub(super) const DEFAULT: &str = "DEFAULT";
/// How deep references may go: a value refers to a value, which refers to a value, and so on.
const DEPTH: usize = 10;
/// How many `%` a value may have, together with the values that it refers to.
const REFERENCES: usize = 1000;
/// How long a value may become, in bytes.
const LENGTH: usize = 64 * 1024;

/// The sections of all sources that were read. A later source overrides an earlier one.
#[derive(Clone, Default)]
pub(super) struct Ini {
    pub(super) sections: BTreeMap<String, Section>,
}

#[derive(Clone)]
pub(super) struct Section {
    /// Where it was last read.
    pub(super) place: Place,
    pub(super) options: BTreeMap<String, Value>,
}

/// A value as it is written: its references are not replaced yet.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) place: Place,
    text: Zeroizing<String>,
}

/// A file or a variable, and the line if it is known.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) origin: String,
    pub(super) line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}", self.origin),
            None => f.write_str(&self.origin),
        }
    }
}

/// What is wrong, and what to write instead. It quotes nothing from the source, which holds secrets.
pub(super) struct IniError {
    pub(super) place: Place,
    pub(super) problem: String,
}

impl IniError {
    pub(super) fn new(place: &Place, problem: &str) -> Self {
        Self {
            place: place.clone(),
            problem: problem.to_owned(),
        }
    }
}

/// An indented line that looks like the beginning of a section. It is part of the value above it.
pub(super) struct Indented {
    pub(super) place: Place,
    pub(super) section: String,
}

impl Ini {
    /// Adds a text. As in Python's `read_string`, a carriage return alone does not end a line.
    pub(super) fn read(&mut self, origin: &str, text: &str) -> Result<Vec<Indented>, IniError> {
        let mut all_indented = Vec::new();
        let (mut section, mut option) = (None, None);
        // The indentation of the last option or header, and the number of blank lines after it.
        let (mut indent, mut blank) = (0, 0);
        let mut seen: HashMap<(&str, Option<&str>), usize> = HashMap::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (number, line) in (1..).zip(text.split('\n')) {
            let content = line.trim_matches(is_space);
            if content.is_empty() {
                blank += 1;
                continue;
            }
            if content.starts_with(['#', ';']) {
                continue;
            }
            let place = Place {
                origin: origin.to_owned(),
                line: Some(number),
            };
            let depth = line.chars().take_while(|&c| is_space(c)).count();
            if depth > indent
                && let (Some(section), Some(option)) = (section, option)
            {
                self.extend(section, option, blank, content);
                blank = 0;
                all_indented.extend(header(content).map(|section| Indented {
                    place,
                    section: section.to_owned(),
                }));
                continue;
            }
            (indent, blank) = (depth, 0);
            let error = |problem: &str| Err(IniError::new(&place, problem));
            if let Some(name) = header(content) {
                let earlier = seen.insert((name, None), number);
                if let (Some(earlier), true) = (earlier, name != DEFAULT) {
                    return error(&format!(
                        "line {earlier} begins this section already; write its options there"
                    ));
                }
                self.section(name, &place);
                (section, option) = (Some(name), None);
                continue;
            }
            let Some(section) = section else {
                return error(
                    "this line comes before all sections; write its section above it, such as \
                     `[api_key_webshop]`",
                );
            };
            let Some((name, text)) = content.split_once(['=', ':']) else {
                return error(
                    "this line is neither `[section]` nor `name = value`; write `#` before a \
                     comment, and blanks before a line that belongs to the value above",
                );
            };
            let name = name.trim_end_matches(is_space);
            if name.is_empty() {
                return error("this line has no name; write `name = value`");
            }
            if let Some(earlier) = seen.insert((section, Some(name)), number) {
                return error(&format!(
                    "line {earlier} gives this option of the section already; remove one of them"
                ));
            }
            self.set(section, name, place, text.trim_start_matches(is_space));
            option = Some(name);
        }
        Ok(all_indented)
    }

    /// Adds a value without references: a `%` in it is only a character.
    pub(super) fn set_verbatim(&mut self, section: &str, option: &str, origin: &str, text: &str) {
        let place = Place {
            origin: origin.to_owned(),
            line: None,
        };
        self.section(section, &place);
        self.set(section, option, place, &text.replace('%', "%%"));
    }

    /// Adds a section if it does not exist.
    pub(super) fn section(&mut self, name: &str, place: &Place) {
        let section = self.sections.entry(name.to_owned());
        let new = || Section {
            place: place.clone(),
            options: BTreeMap::new(),
        };
        section.or_insert_with(new).place = place.clone();
    }

    fn set(&mut self, section: &str, option: &str, place: Place, text: &str) {
        if let Some(section) = self.sections.get_mut(section) {
            let text = Zeroizing::new(text.to_owned());
            let value = Value { place, text };
            section.options.insert(option.to_owned(), value);
        }
    }

    /// Adds a line to a value, after `blank` blank lines.
    fn extend(&mut self, section: &str, option: &str, blank: usize, line: &str) {
        let section = self.sections.get_mut(section);
        if let Some(value) = section.and_then(|section| section.options.get_mut(option)) {
            value.text.push_str(&"\n".repeat(blank + 1));
            value.text.push_str(line);
        }
    }

    /// The value that a section has, or inherits.
    pub(super) fn value(&self, section: &str, option: &str) -> Option<&Value> {
        let own = self.sections.get(section)?.options.get(option);
        own.or_else(|| self.sections.get(DEFAULT)?.options.get(option))
    }

    /// The text of a section's value, with its references replaced.
    pub(super) fn text(&self, section: &str, value: &Value) -> Result<Zeroizing<String>, IniError> {
        let mut text = Zeroizing::default();
        self.interpolate(section, value, 1, &mut 0, &mut text)?;
        Ok(text)
    }

    fn interpolate(
        &self,
        section: &str,
        value: &Value,
        depth: usize,
        references: &mut usize,
        text: &mut String,
    ) -> Result<(), IniError> {
        let error = |problem: &str| Err(IniError::new(&value.place, problem));
        let mut rest = value.text.as_str();
        if depth > DEPTH && rest.contains('%') {
            return error(
                "`%(…)s` leads back here, or through more than ten values; write what it stands \
                 for",
            );
        }
        while let Some((plain, special)) = rest.split_once('%') {
            text.push_str(plain);
            *references += 1;
            if *references > REFERENCES || text.len() > LENGTH {
                return error(
                    "the value becomes longer than 64 KiB, or refers to more than 1,000 others; \
                     write what it stands for",
                );
            }
            if let Some(after) = special.strip_prefix('%') {
                text.push('%');
                rest = after;
                continue;
            }
            let Some((name, after)) = reference(special) else {
                return error("the value has a single `%`; write `%%`");
            };
            let Some(value) = self.value(section, name) else {
                return error(
                    "`%(…)s` refers to an option that neither this section nor [DEFAULT] has; add \
                     it, or write `%%` for a `%`",
                );
            };
            self.interpolate(section, value, depth + 1, references, text)?;
            rest = after;
        }
        text.push_str(rest);
        Ok(())
    }
}

/// The text of a file, with a line feed at the end of each line, whatever system wrote it.
pub(super) fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The name in `(name)s`, and what follows.
fn reference(special: &str) -> Option<(&str, &str)> {
    let (name, after) = special.strip_prefix('(')?.split_once(')')?;
    let after = after.strip_prefix('s')?;
    (!name.is_empty()).then_some((name, after))
}

/// The name of the section that a line begins. Text after the last bracket is ignored.
fn header(content: &str) -> Option<&str> {
    let (name, _) = content.strip_prefix('[')?.rsplit_once(']')?;
    (!name.is_empty()).then_some(name)
}

/// As Python's `str.isspace`, which also counts four control characters as blanks.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}
