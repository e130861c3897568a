//! Common mistakes in paths: syntax of other frameworks, and missing or unusual characters.

use super::{converter::angle_brackets, name::is_name, query::names_meant};
use crate::{
    errors::Mistake,
    route::{
        model::OptionName,
        options::{METHODS, OPTIONS, RouteOption},
    },
    tokens::is_invisible,
};

/// A path as it was written.
struct PathText<'a> {
    whole: &'a str,
    /// Up to `?`.
    route: &'a str,
}

/// Each says what is wrong if it finds its mistake. A text that has several of them gets the first: `{id:[0-9]+}` is a
/// pattern, and not a path with a `[`.
const COMMON_MISTAKES: [fn(&PathText<'_>) -> Option<Mistake>; 17] = [
    options,
    pattern,
    query_in_braces,
    regular_expression,
    optional_capture,
    invisible_character,
    query_without_mark,
    empty_path,
    |text| angle_brackets(text.route),
    url,
    method_and_path,
    capture_of_another_router,
    strange_piece,
    unencoded_character,
    no_slash,
    raw_identifier,
    fragment,
];

/// What is wrong with a path, if it has a common mistake.
pub(super) fn common_mistake(written: &str) -> Option<Mistake> {
    let text = PathText {
        whole: written,
        route: written.split('?').next().unwrap_or(written),
    };
    COMMON_MISTAKES.iter().find_map(|mistake| mistake(&text))
}

/// `"/orders, auth = api_key"`: two quotes are missing.
fn options(PathText { whole, .. }: &PathText<'_>) -> Option<Mistake> {
    let (path, options) = options_in(whole)?;
    let written = |(option, value): &(&RouteOption, &str)| {
        let first = option.example.chars().next();
        let name = option.name;
        match first {
            Some('[') => format!("{name} = [\"{value}\"]"),
            Some('"') if !value.starts_with(char::is_uppercase) => format!("{name} = \"{value}\""),
            _ => format!("{name} = {value}"),
        }
    };
    let options: Vec<String> = options.iter().map(written).collect();
    Some(Mistake::new(
        format!("the path `{whole}` has an option in it"),
        format!("write `\"{path}\", {}`", options.join(", ")),
    ))
}

/// The path, and the options with their values, if the text has both.
fn options_in(text: &str) -> Option<(&str, Vec<(&'static RouteOption, &str)>)> {
    let mut pieces = text.split(',');
    let path = pieces.next()?;
    let options = pieces.map(|piece| {
        let (name, value) = piece.split_once('=')?;
        let option = OPTIONS.iter().find(|option| option.name == name.trim())?;
        let is_of_a_text = |c: char| c.is_whitespace() || "\"'\\[]".contains(c);
        let value = value.trim_matches(is_of_a_text);
        // A path may have a comma, but not blanks.
        let is_one = piece.contains(char::is_whitespace) && !value.is_empty();
        is_one.then_some((option, value))
    });
    let options: Vec<_> = options.collect::<Option<_>>()?;
    (!options.is_empty()).then_some((path, options))
}

/// Whether a text that is written as a path also says who may call.
pub(in crate::route::validate) fn has_auth(text: &str) -> bool {
    let options = options_in(text).map(|(_, options)| options);
    let mut options = options.into_iter().flatten();
    options.any(|(option, _)| option.option == OptionName::Auth)
}

/// `{id:[0-9]+}` and `{id:int}`
fn pattern(PathText { whole, .. }: &PathText<'_>) -> Option<Mistake> {
    let (pattern, plain) = without_patterns(whole)?;
    Some(Mistake::new(
        format!("a capture is only a name, and `{pattern}` says more"),
        format!("write `\"{plain}\"`, and let the argument's type say it"),
    ))
}

/// `/orders{?page,size}`, as RFC 6570 has it.
fn query_in_braces(PathText { whole, .. }: &PathText<'_>) -> Option<Mistake> {
    let (own, names) = whole.split_once("{?")?;
    let names = names.strip_suffix('}').and_then(names_meant)?;
    (!own.contains('?')).then(|| {
        Mistake::new(
            format!("the names of query parameters have no braces: `{whole}`"),
            format!("write `\"{own}?{names}\"`"),
        )
    })
}

fn regular_expression(PathText { whole, .. }: &PathText<'_>) -> Option<Mistake> {
    let is_one = whole.starts_with('^')
        || whole.contains("(?P<")
        || whole.contains('(') && whole.contains('\\');
    is_one.then(|| {
        Mistake::new(
            format!("`{whole}` is a regular expression, and a capture is only a name"),
            "write a name in braces for each capture, as in `\"/orders/{id}\"`, and let the argument's type say \
             what it may be",
        )
    })
}

/// `/orders/{id?}`
fn optional_capture(PathText { whole, .. }: &PathText<'_>) -> Option<Mistake> {
    let (name, _) = whole.split_once("?}")?;
    let name = name.rsplit('{').next().unwrap_or_default();
    let both = match whole.strip_suffix(&format!("/{{{name}?}}")) {
        None => String::new(),
        Some(above) => {
            let above = if above.is_empty() { "/" } else { above };
            format!(
                "list both paths: `[\"{above}\", \"{}\"]`, or ",
                whole.replace("?}", "}")
            )
        }
    };
    Some(Mistake::new(
        format!("the capture `{{{name}?}}` cannot be optional"),
        format!("{both}write `{{{name}}}`"),
    ))
}

fn invisible_character(PathText { whole, .. }: &PathText<'_>) -> Option<Mistake> {
    let strange = whole.chars().find(|character| is_invisible(*character))?;
    Some(Mistake::new(
        format!(
            "the path `{}` has a character that cannot be seen, U+{:04X}",
            whole.escape_debug(),
            u32::from(strange)
        ),
        format!("write `\"{}\"`", whole.replace(is_invisible, "")),
    ))
}

/// `/orders&page`
fn query_without_mark(PathText { whole, route }: &PathText<'_>) -> Option<Mistake> {
    let (own, names) = route.split_once('&').filter(|_| whole == route)?;
    names.split('&').all(is_name).then(|| {
        Mistake::new(
            format!("the names of query parameters come after `?`: `{whole}`"),
            format!("write `\"{own}?{names}\"`"),
        )
    })
}

fn empty_path(PathText { whole, route }: &PathText<'_>) -> Option<Mistake> {
    let help = || format!("write `\"/{whole}\"` for the root");
    (route.is_empty()).then(|| Mistake::new("the path is empty", help()))
}

fn url(PathText { whole, route }: &PathText<'_>) -> Option<Mistake> {
    let (_, rest) = route.split_once("://")?;
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    Some(Mistake::new(
        format!("`{whole}` is a URL, and a route is only its path"),
        format!("write `\"{path}\"`"),
    ))
}

/// `GET /orders`
fn method_and_path(PathText { whole, route }: &PathText<'_>) -> Option<Mistake> {
    let (method, path) = route.split_once(' ')?;
    METHODS.contains(&method).then(|| {
        Mistake::new(
            format!("`{whole}` is a method and a path"),
            format!("write `\"{path}\"`, and `methods = [\"{method}\"]`"),
        )
    })
}

/// `/orders/[id]`
fn capture_of_another_router(PathText { whole, route }: &PathText<'_>) -> Option<Mistake> {
    let (capture, meant) = of_another_router(route)?;
    Some(Mistake::new(
        format!("`{capture}` is not a capture in axum's syntax"),
        format!("write `\"{meant}{}\"`", &whole[route.len()..]),
    ))
}

/// Pieces of other syntaxes, and what axum has instead.
const STRANGE: [(&str, &str); 5] = [
    ("{ ", "{"),
    (" }", "}"),
    ("${", "{"),
    ("{**", "{*"),
    ("\\", "/"),
];

fn strange_piece(PathText { whole, route }: &PathText<'_>) -> Option<Mistake> {
    let (strange, _) = STRANGE
        .iter()
        .find(|(strange, _)| route.contains(strange))?;
    let plain = |text: String, (strange, plain): &(&str, &str)| text.replace(strange, plain);
    let plain = STRANGE.iter().fold((*whole).to_owned(), plain);
    Some(Mistake::new(
        format!("the path `{whole}` has a `{strange}`"),
        format!("write `\"{plain}\"`"),
    ))
}

fn unencoded_character(PathText { route, .. }: &PathText<'_>) -> Option<Mistake> {
    // Doubled braces are text.
    let text = route.replace("{{", "__").replace("}}", "__");
    let (mut strange, mut encoded, mut is_in_a_capture) = (None, String::new(), false);
    for (character, in_text) in route.chars().zip(text.chars()) {
        is_in_a_capture = in_text == '{' || is_in_a_capture && in_text != '}';
        let is_sent = character.is_ascii_graphic() && !"\"<>^`|".contains(character);
        // The name of a capture is not sent.
        if is_sent || is_in_a_capture {
            encoded.push(character);
            continue;
        }
        strange = strange.or(Some(character));
        let bytes = character.to_string().into_bytes();
        encoded.extend(bytes.iter().map(|byte| format!("%{byte:02X}")));
    }
    let strange = strange?;
    Some(Mistake::new(
        format!("the path `{route}` has a `{strange}`, which clients send percent-encoded"),
        format!("write `\"{encoded}\"`"),
    ))
}

fn no_slash(PathText { whole, route }: &PathText<'_>) -> Option<Mistake> {
    let wrong = || format!("the path `{whole}` does not begin with a slash");
    (!route.starts_with('/')).then(|| Mistake::new(wrong(), format!("write `\"/{whole}\"`")))
}

/// `/orders?r#type`
fn raw_identifier(PathText { whole, .. }: &PathText<'_>) -> Option<Mistake> {
    let mut plain = (*whole).to_owned();
    for before in ["{", "{*", "?", "&"] {
        plain = plain.replace(&format!("{before}r#"), before);
    }
    (plain != *whole).then(|| {
        Mistake::new(
            format!("a name in a path has no `r#` before it: `{whole}`"),
            format!("write `\"{plain}\"`"),
        )
    })
}

fn fragment(PathText { whole, .. }: &PathText<'_>) -> Option<Mistake> {
    let (before, _) = whole.split_once('#')?;
    Some(Mistake::new(
        format!("the path `{whole}` has a fragment, which browsers never send"),
        format!("write `\"{before}\"`"),
    ))
}

/// The first segment that is a capture of another router, and the path as axum has it: `[id]` of file names, `[...rest]`,
/// `{...rest}` and `{rest...}`, which take all that follows.
fn of_another_router(route: &str) -> Option<(&str, String)> {
    let meant = |segment: &str| {
        let braced = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let inner = match braced {
            Some(inner) => inner,
            None => segment.strip_prefix('[')?.strip_suffix(']')?,
        };
        let inner = inner
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(inner);
        let name = inner.trim_matches('.');
        let star = if inner == name { "" } else { "*" };
        let is_other = braced.is_none() || !star.is_empty();
        (is_other && is_name(name)).then(|| format!("{{{star}{name}}}"))
    };
    let other = route.split('/').find(|segment| meant(segment).is_some())?;
    let segments: Vec<String> = route
        .split('/')
        .map(|segment| meant(segment).unwrap_or_else(|| segment.to_owned()))
        .collect();
    Some((other, segments.join("/")))
}

/// The first capture with more than a name, as in `{id:[0-9]+}` and `{id:int}`, and the path in which all
/// are names alone.
fn without_patterns(path: &str) -> Option<(&str, String)> {
    let (mut plain, mut first, mut rest) = (String::new(), None, path);
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        plain.push('{');
        rest = after;
        let Some((name, pattern)) = after.split_once(':').filter(|(name, _)| is_name(name)) else {
            continue;
        };
        let mut depth = 1;
        let end = pattern.find(|character| {
            depth += i32::from(character == '{') - i32::from(character == '}');
            depth == 0
        });
        let (pattern, behind) = pattern.split_at(end?);
        if ["path", ".*", ".+"].contains(&pattern) {
            plain.push('*');
        }
        plain.push_str(name);
        rest = behind;
        let begin = path.len() - after.len() - 1;
        first.get_or_insert(&path[begin..path.len() - behind.len() + 1]);
    }
    Some((first?, plain + rest))
}
