//! The languages of the pages: Fluent texts (<https://projectfluent.org>) that are compiled in.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_langneg::{NegotiationStrategy, negotiate_languages, parse_accepted_languages};
use unic_langid::LanguageIdentifier;

/// Tag, own name, texts. The first is the fallback.
const SOURCES: [(&str, &str, &str); 10] = [
    ("en", "English", include_str!("../../locales/en.ftl")),
    ("fr", "Français", include_str!("../../locales/fr.ftl")),
    ("de", "Deutsch", include_str!("../../locales/de.ftl")),
    ("es", "Español", include_str!("../../locales/es.ftl")),
    ("gl", "Galego", include_str!("../../locales/gl.ftl")),
    ("it", "Italiano", include_str!("../../locales/it.ftl")),
    ("nl", "Nederlands", include_str!("../../locales/nl.ftl")),
    (
        "pt-BR",
        "Português (Brasil)",
        include_str!("../../locales/pt-BR.ftl"),
    ),
    ("ja", "日本語", include_str!("../../locales/ja.ftl")),
    ("zh-CN", "简体中文", include_str!("../../locales/zh-CN.ftl")),
];

static ALL: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let languages = SOURCES.iter().map(|(tag, name, source)| {
        let tag: LanguageIdentifier = tag.parse().expect("the tag of a language");
        let texts = FluentResource::try_new((*source).to_owned());
        let texts = texts.unwrap_or_else(|(_, errors)| panic!("the texts of {tag}: {errors:?}"));
        let mut bundle = FluentBundle::new_concurrent(vec![tag.clone()]);
        // `with_text` isolates what has its own direction.
        bundle.set_use_isolating(false);
        let added = bundle.add_resource(texts);
        added.unwrap_or_else(|errors| panic!("the texts of {tag}: {errors:?}"));
        Language { tag, name, bundle }
    });
    languages.collect()
});

pub(super) struct Language {
    pub(super) tag: LanguageIdentifier,
    /// What its speakers call it.
    pub(super) name: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl Language {
    pub(super) fn all() -> &'static [Self] {
        &ALL
    }

    pub(super) fn tagged(tag: &str) -> Option<&'static Self> {
        ALL.iter().find(|language| language.tag == tag)
    }

    /// The first one that a browser accepts (RFC 9110, section 12.5.4).
    pub(super) fn accepted(header: &str) -> &'static Self {
        let accepted = parse_accepted_languages(header);
        let available: Vec<&LanguageIdentifier> =
            ALL.iter().map(|language| &language.tag).collect();
        let chosen =
            negotiate_languages(&accepted, &available, None, NegotiationStrategy::Filtering);
        let chosen = chosen.first();
        let chosen = chosen.and_then(|tag| ALL.iter().find(|language| language.tag == ***tag));
        chosen.unwrap_or(&ALL[0])
    }

    pub(super) fn text(&self, id: &str) -> String {
        self.filled(id, None)
    }

    /// A text with a name or the like, which it calls `$value`.
    pub(super) fn with_text(&self, id: &str, value: &str) -> String {
        // Isolated (UAX 9): a name from right to left must not reorder the text around it.
        self.with(id, format!("\u{2068}{value}\u{2069}"))
    }

    /// A text with a number, which it calls `$value` and may have plural forms for.
    pub(super) fn with_number(&self, id: &str, value: u64) -> String {
        self.with(id, value)
    }

    fn with<'a>(&self, id: &str, value: impl Into<FluentValue<'a>>) -> String {
        let mut values = FluentArgs::new();
        values.set("value", value);
        self.filled(id, Some(&values))
    }

    fn filled(&self, id: &str, values: Option<&FluentArgs>) -> String {
        let message = self.bundle.get_message(id);
        let Some(text) = message.and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle
            .format_pattern(text, values, &mut errors)
            .into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path};

    use super::*;

    /// The ids of all texts, and the variables of each.
    fn texts(source: &str) -> BTreeMap<&str, bool> {
        let mut texts = BTreeMap::new();
        let mut last = "";
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((id, text)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
                assert!(!text.is_empty(), "{id}");
                assert!(texts.insert(id, false).is_none(), "{id} comes twice");
                last = id;
            }
            if line.contains("$value") {
                texts.insert(last, true);
            }
            assert_eq!(
                line.matches('$').count(),
                line.matches("$value").count(),
                "{line}"
            );
        }
        texts
    }

    #[test]
    fn each_language_has_all_texts() {
        let english = texts(SOURCES[0].2);
        assert!(english.len() > 100);
        for (tag, _, source) in SOURCES {
            assert_eq!(texts(source), english, "{tag}");
        }
    }

    #[test]
    fn pages_name_texts_that_exist_and_no_text_is_left_over() {
        let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut code = String::new();
        for folder in ["templates/admin", "src/admin"] {
            for file in fs::read_dir(crate_folder.join(folder)).unwrap() {
                let path = file.unwrap().path();
                if path.is_file() && !path.ends_with("language.rs") {
                    code += &fs::read_to_string(path).unwrap();
                }
            }
        }
        let english = texts(SOURCES[0].2);
        for start in [".t(\"", ".with(\"", ".count(\"", "refused(\"", "Text(\""] {
            for rest in code.split(start).skip(1) {
                let id = rest.split('"').next().unwrap();
                assert!(english.contains_key(id), "{id} has no text");
            }
        }
        for id in english.keys().filter(|id| !id.starts_with("action-")) {
            assert!(code.contains(&format!("\"{id}\"")), "{id} is not used");
        }
    }

    #[test]
    fn plural_forms_are_those_of_the_language() {
        let count = |tag: &str, number| {
            Language::tagged(tag)
                .unwrap()
                .with_number("keys-count", number)
        };
        assert_eq!(
            [count("en", 0), count("en", 1), count("en", 2)],
            ["0 keys", "1 key", "2 keys"]
        );
        let [none, one, two] = [count("fr", 0), count("fr", 1), count("fr", 2)];
        assert_eq!(none.trim_start_matches('0'), one.trim_start_matches('1'));
        assert_ne!(one.trim_start_matches('1'), two.trim_start_matches('2'));
        assert_eq!(count("ja", 1).replace('1', "2"), count("ja", 2));
    }

    #[test]
    fn first_language_that_a_browser_accepts_is_chosen() {
        for (accepted, tag) in [
            ("de-AT,de;q=0.9,en;q=0.5", "de"),
            ("pt", "pt-BR"),
            ("zh-TW,zh", "zh-CN"),
            ("xx, nl", "nl"),
            ("xx", "en"),
            ("*", "en"),
            ("", "en"),
        ] {
            assert_eq!(
                Language::accepted(accepted).tag.to_string(),
                tag,
                "{accepted}"
            );
        }
    }
}
