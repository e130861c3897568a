//! The path of a route: axum 0.8's syntax, and the names of query parameters after `?`.

use syn::LitStr;

use crate::{
    errors::Mistake,
    route::{model::Path, options::METHODS},
    tokens::is_invisible,
};

/// A piece of a segment.
enum Piece {
    Text(String),
    Capture { name: String, catch_all: bool },
}

impl Path {
    /// Takes a literal apart.
    pub(crate) fn parse(literal: &LitStr) -> Result<Self, Mistake> {
        let (route, shape, captures, query) = parse(&literal.value())?;
        Ok(Self {
            literal: literal.clone(),
            own: route.clone(),
            route,
            shape,
            captures,
            inherited: 0,
            query,
        })
    }

    /// The text of the path with one more name after `?`.
    pub(crate) fn with_query_name(&self, name: &str) -> String {
        let query = self.query_text();
        let joint = if query.is_empty() { '?' } else { '&' };
        format!("{}{query}{joint}{name}", self.own)
    }

    /// What follows the path in the literal: `?` and the names of query parameters.
    pub(crate) fn query_text(&self) -> String {
        self.literal.value().split_off(self.own.len())
    }
}

fn mistake<T>(wrong: impl Into<String>, help: impl Into<String>) -> Result<T, Mistake> {
    Err(Mistake::new(wrong, help))
}

type Parsed = (String, String, Vec<String>, Vec<String>);

fn parse(written: &str) -> Result<Parsed, Mistake> {
    if let Some((pattern, plain)) = without_patterns(written) {
        return mistake(
            format!("a capture is only a name, and `{pattern}` says more"),
            format!("write `\"{plain}\"`, and let the argument's type say it"),
        );
    }
    // As RFC 6570 has it.
    if let Some((own, names)) = written
        .split_once("{?")
        .filter(|(own, _)| !own.contains('?'))
        && let Some(names) = names.strip_suffix('}').and_then(names_meant)
    {
        return mistake(
            format!("the names of query parameters have no braces: `{written}`"),
            format!("write `\"{own}?{names}\"`"),
        );
    }
    let is_regular = written.starts_with('^') || written.contains("(?P<");
    if is_regular || written.contains('(') && written.contains('\\') {
        return mistake(
            format!("`{written}` is a regular expression, and a capture is only a name"),
            "write a name in braces for each capture, as in `\"/orders/{id}\"`, and let the argument's type say \
             what it may be",
        );
    }
    if let Some((name, _)) = written.split_once("?}") {
        let name = name.rsplit('{').next().unwrap_or_default();
        let both = match written.strip_suffix(&format!("/{{{name}?}}")) {
            None => String::new(),
            Some(above) => {
                let above = if above.is_empty() { "/" } else { above };
                format!(
                    "list both paths: `[\"{above}\", \"{}\"]`, or ",
                    written.replace("?}", "}")
                )
            }
        };
        return mistake(
            format!("the capture `{{{name}?}}` cannot be optional"),
            format!("{both}write `{{{name}}}`"),
        );
    }
    let (route, query) = match written.split_once('?') {
        Some((route, query)) => (route, Some(query)),
        None => (written, None),
    };
    if let Some(strange) = written.chars().find(|character| is_invisible(*character)) {
        let escaped = written.escape_debug();
        return mistake(
            format!(
                "the path `{escaped}` has a character that cannot be seen, U+{:04X}",
                u32::from(strange)
            ),
            format!("write `\"{}\"`", written.replace(is_invisible, "")),
        );
    }
    if let Some((own, names)) = route.split_once('&').filter(|_| query.is_none())
        && names.split('&').all(is_name)
    {
        return mistake(
            format!("the names of query parameters come after `?`: `{written}`"),
            format!("write `\"{own}?{names}\"`"),
        );
    }
    if route.is_empty() {
        return mistake(
            "the path is empty",
            format!("write `\"/{written}\"` for the root"),
        );
    }
    if let Some(mistake) = angle_brackets(route) {
        return mistake;
    }
    if let Some((_, rest)) = route.split_once("://") {
        let path = rest.find('/').map_or("/", |at| &rest[at..]);
        return mistake(
            format!("`{written}` is a URL, and a route is only its path"),
            format!("write `\"{path}\"`"),
        );
    }
    if let Some((method, path)) = route.split_once(' ')
        && METHODS.contains(&method)
    {
        return mistake(
            format!("`{written}` is a method and a path"),
            format!("write `\"{path}\"`, and `methods = [\"{method}\"]`"),
        );
    }
    if let Some((capture, meant)) = of_another_router(route) {
        return mistake(
            format!("`{capture}` is not a capture in axum's syntax"),
            format!("write `\"{meant}{}\"`", &written[route.len()..]),
        );
    }
    let habits = [
        ("{ ", "{"),
        (" }", "}"),
        ("${", "{"),
        ("{**", "{*"),
        ("\\", "/"),
    ];
    if let Some((strange, _)) = habits.iter().find(|(habit, _)| route.contains(habit)) {
        let plain = |text: String, (habit, plain): &(&str, &str)| text.replace(habit, plain);
        return mistake(
            format!("the path `{written}` has a `{strange}`"),
            format!(
                "write `\"{}\"`",
                habits.iter().fold(written.to_owned(), plain)
            ),
        );
    }
    let stays = |c: char| c.is_ascii_graphic() && !"\"<>^`|".contains(c);
    if let Some(strange) = route.chars().find(|c| !stays(*c)) {
        let encode = |c: char| match stays(c) {
            true => c.to_string(),
            false => c
                .to_string()
                .bytes()
                .map(|byte| format!("%{byte:02X}"))
                .collect(),
        };
        return mistake(
            format!("the path `{route}` has a `{strange}`, which clients send percent-encoded"),
            format!(
                "write `\"{}\"`",
                route.chars().map(encode).collect::<String>()
            ),
        );
    }
    if !route.starts_with('/') {
        return mistake(
            format!("the path `{written}` does not begin with a slash"),
            format!("write `\"/{written}\"`"),
        );
    }
    if let Some((before, _)) = written.split_once('#') {
        return mistake(
            format!("the path `{written}` has a fragment, which browsers never send"),
            format!("write `\"{before}\"`"),
        );
    }
    let mut captures: Vec<String> = Vec::new();
    let mut shape = String::new();
    let segments: Vec<&str> = route[1..].split('/').collect();
    for (at, segment) in segments.iter().enumerate() {
        let last = at + 1 == segments.len();
        if segment.is_empty() && !last {
            return mistake(
                format!("the path `{route}` has an empty segment"),
                format!("write `\"{}\"`", route.replace("//", "/")),
            );
        }
        if matches!(*segment, "." | "..") {
            return mistake(
                format!("the path `{route}` has a segment `{segment}`, which clients resolve"),
                "write the path that it leads to",
            );
        }
        if let Some(name) = segment.strip_prefix([':', '*']) {
            let star = if segment.starts_with('*') { "*" } else { "" };
            let name = if is_name(name) { name } else { "name" };
            return mistake(
                format!("`{segment}` is the syntax of axum 0.7"),
                format!("write `{{{star}{name}}}`"),
            );
        }
        shape.push('/');
        for piece in pieces(route, segment)? {
            match piece {
                Piece::Text(text) => shape.push_str(&text),
                Piece::Capture { name, catch_all } => {
                    if captures.contains(&name) {
                        return mistake(
                            format!("the path `{route}` captures `{name}` twice"),
                            "give each capture a different name",
                        );
                    }
                    if catch_all && !last {
                        return mistake(
                            format!("`{{*{name}}}` takes all that follows, so nothing can follow"),
                            format!("put it last, or write `{{{name}}}` for one segment"),
                        );
                    }
                    shape.push_str(if catch_all { "{*}" } else { "{}" });
                    captures.push(name);
                }
            }
        }
    }
    if let Err(error) = matchit::Router::new().insert(route, ()) {
        let cut = |segment: &&str| match segment.rsplit_once('}') {
            Some((capture, _)) if !segment.contains("}}") => format!("/{capture}}}"),
            _ => format!("/{segment}"),
        };
        let plain: String = segments.iter().map(cut).collect();
        let help = match matchit::Router::new().insert(&plain, ()) {
            Ok(()) if plain != route => {
                format!("write `\"{plain}\"`, and look at the end of the text in the body")
            }
            _ => several_in_one(&segments).unwrap_or_else(|| {
                "a capture is a whole segment, or the end of one: `/partner/{id}`".to_owned()
            }),
        };
        return mistake(
            format!("axum cannot route the path `{route}`: {error}"),
            help,
        );
    }
    let query = query.map_or(Ok(Vec::new()), |query| query_names(route, query, &captures))?;
    Ok((route.to_owned(), shape, captures, query))
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

/// How several captures of one segment are taken apart.
fn several_in_one(segments: &[&str]) -> Option<String> {
    let at = segments
        .iter()
        .position(|segment| segment.matches('{').count() == 2)?;
    let (_, rest) = segments[at].split_once('{')?;
    let (first, rest) = rest.split_once('}')?;
    let (between, second) = rest.split_once('{')?;
    let second = second.trim_end_matches('}');
    let both = format!("{first}_{second}");
    if between.is_empty() || !is_name(&both) {
        return None;
    }
    Some(format!(
        "write `{{{both}}}` in the place of `{}`, an argument `{both}: String`, and \
         `{both}.split_once({between:?})` in the body",
        segments[at]
    ))
}

/// Splits a segment at its captures; doubled braces are literal ones.
fn pieces(route: &str, segment: &str) -> Result<Vec<Piece>, Mistake> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = segment;
    while let Some(character) = rest.chars().next() {
        if rest.starts_with("{{") || rest.starts_with("}}") {
            text.push_str(&rest[..2]);
            rest = &rest[2..];
        } else if character == '}' {
            return mistake(
                format!("the path `{route}` closes a brace that was not opened"),
                "open it, or write `}}` for a literal one",
            );
        } else if character == '{' {
            let Some((name, after)) = rest[1..].split_once('}') else {
                return mistake(
                    format!("the path `{route}` opens a brace and does not close it"),
                    format!("write `{rest}}}`, or `{{{{` for a literal brace"),
                );
            };
            let catch_all = name.starts_with('*');
            let name = name.trim_start_matches('*');
            if name.is_empty() {
                return mistake(
                    format!("the path `{route}` has a capture without a name"),
                    "write a name between the braces, such as `{id}`, and an argument of that name",
                );
            }
            pieces.push(Piece::Text(std::mem::take(&mut text)));
            pieces.push(Piece::Capture {
                name: name.to_owned(),
                catch_all,
            });
            rest = after;
        } else {
            text.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    pieces.push(Piece::Text(text));
    Ok(pieces)
}

fn query_names(route: &str, query: &str, captures: &[String]) -> Result<Vec<String>, Mistake> {
    if query.is_empty() {
        return mistake(
            format!("`{route}?` names no query parameter"),
            format!("name one, as in `\"{route}?limit\"`, or write `\"{route}\"`"),
        );
    }
    let mut names: Vec<String> = Vec::new();
    for name in query.split('&') {
        if name.is_empty() {
            let names: Vec<&str> = query.split('&').filter(|name| !name.is_empty()).collect();
            return mistake(
                "there is no name before or after this `&`",
                format!("write `\"{route}?{}\"`", names.join("&")),
            );
        }
        if !is_name(name) {
            let meant = query
                .split('&')
                .map(names_meant)
                .collect::<Option<Vec<_>>>();
            return mistake(
                format!("`{name}` after `?` cannot be the name of an argument"),
                match meant {
                    Some(names) => {
                        let all = names.join("&");
                        format!("write `\"{route}?{all}\"`{}", with_a_default(name))
                    }
                    None => help_for_a_name(name),
                },
            );
        }
        if captures.iter().any(|capture| capture == name) {
            return mistake(
                format!("`{name}` is captured from the path and named after `?`"),
                "rename one of the two",
            );
        }
        if names.iter().any(|known| known == name) {
            return mistake(
                format!("`{name}` is named twice after `?`"),
                "name it once; an argument of type `Vec<_>` takes all its values",
            );
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

/// The name that was meant by `page=1`, `{page}` or `page:`; several names for `page,size`.
fn names_meant(written: &str) -> Option<String> {
    let several: Vec<&str> = written.split([',', ';', '?', ' ']).collect();
    if several.iter().all(|name| is_name(name)) {
        return Some(several.join("&"));
    }
    let trimmed = written.trim_matches(|c| !is_of_a_name(c));
    if is_name(trimmed) && !written.starts_with("**") && !written.ends_with(']') {
        return Some(trimmed.to_owned());
    }
    let (name, _) = written.split_once(['=', ':'])?;
    is_name(name).then(|| name.to_owned())
}

fn is_of_a_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// How `page=1` gives a default.
fn with_a_default(written: &str) -> String {
    match written.split_once('=') {
        Some((name, default)) if is_name(name) && default.chars().all(is_of_a_name) => {
            let is_number = default.starts_with(|first: char| first.is_ascii_digit());
            let is_plain = is_number || default.parse::<bool>().is_ok();
            let name = as_identifier(name);
            let given = match is_plain {
                true => format!("unwrap_or({default})"),
                false => format!("as_deref().unwrap_or(\"{default}\")"),
            };
            format!(
                "; an argument `{name}: Option<…>` may be missing, and `{name}.{given}` gives a default"
            )
        }
        _ => String::new(),
    }
}

/// What to write for a query parameter whose name is not one of an argument, if that is not in it.
fn help_for_a_name(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("**").filter(|rest| is_name(rest)) {
        return format!(
            "delete it, and take `Query({rest}): Query<HashMap<String, String>>` for all parameters"
        );
    }
    match name.contains(is_of_a_name) {
        false => "write names joined by `&`: `?lang&limit`".to_owned(),
        true => format!(
            "delete it, and take `Query(query): Query<…>` of a struct with a field below \
             `#[serde(rename = \"{name}\")]`"
        ),
    }
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

/// Whether a text can be the name of an argument.
pub(crate) fn is_name(text: &str) -> bool {
    text != "_" && is_identifier(&as_identifier(text))
}

/// A name as it is written in Rust: `type` is `r#type`.
pub(crate) fn as_identifier(name: &str) -> String {
    match is_identifier(name) {
        true => name.to_owned(),
        false => format!("r#{name}"),
    }
}

fn is_identifier(text: &str) -> bool {
    syn::parse_str::<syn::Ident>(text).is_ok()
}

/// `<converter:name>`, as Odoo's routes have it from Werkzeug, and `<name>`, as Rocket's.
fn angle_brackets<T>(route: &str) -> Option<Result<T, Mistake>> {
    let (_, rest) = route.split_once('<')?;
    // Half typed, it ends with its segment.
    let (inside, end) = match rest.split_once('>') {
        Some((inside, _)) => (inside, ">"),
        None => (rest.split('/').next().unwrap_or(rest), ""),
    };
    let (converter, name) = inside.rsplit_once(':').unwrap_or(("", inside));
    let kind = converter.split('(').next().unwrap_or_default();
    // Rocket's `<path..>` takes all that follows, too.
    let (kind, name) = match name.strip_suffix("..") {
        Some(name) => ("path", name),
        None => (kind, name),
    };
    if !is_name(name) {
        return None;
    }
    let capture = if kind == "path" {
        format!("{{*{name}}}")
    } else {
        format!("{{{name}}}")
    };
    let allowed = converter.strip_prefix(kind).unwrap_or_default();
    let (ty, more) = of_converter(kind, allowed.trim_matches(['(', ')']));
    Some(mistake(
        format!("`<{inside}{end}` is not axum's syntax for a capture"),
        format!("write `{capture}`, and an argument `{name}: {ty}`{more}"),
    ))
}

/// The type of the argument for a converter of Odoo's or Werkzeug's, and what else there is to say: it
/// admits what the converter admits.
fn of_converter(kind: &str, allowed: &str) -> (String, String) {
    let given = |name: &str| {
        allowed.split(',').find_map(|part| {
            let (key, value) = part.split_once('=')?;
            let value = value.trim();
            (key.trim() == name && value.parse::<u32>().is_ok()).then_some(value)
        })
    };
    let plain = |ty: &str| (ty.to_owned(), String::new());
    let in_the_body = |ty: &str| (ty.to_owned(), format!("; compare `{allowed}` in the body"));
    match kind {
        "int" if allowed.is_empty() => plain("i64"),
        "int" => match (given("min"), given("max")) {
            (Some(min), Some(max)) => plain(&format!("auth_api_key::odoo::Int<{min}, {max}>")),
            (Some(min), None) => plain(&format!("auth_api_key::odoo::Int<{min}>")),
            (None, Some(max)) => plain(&format!("auth_api_key::odoo::Int<{{ i64::MIN }}, {max}>")),
            (None, None) => in_the_body("auth_api_key::odoo::Int"),
        },
        "float" if allowed.is_empty() => plain("f64"),
        "float" => in_the_body("auth_api_key::odoo::Float"),
        "model" => (
            "i64".to_owned(),
            "; `auth_api_key::odoo::Slug` also reads the id at the end of `azure-interior-12`"
                .to_owned(),
        ),
        "models" => (
            "String".to_owned(),
            "; split it at the commas in the body".to_owned(),
        ),
        "any" => {
            let quotes = |name: &str| name.trim().trim_matches(['"', '\'']).to_owned();
            let names = allowed.split(',').map(quotes).collect::<Vec<_>>();
            let names = names.join("\")]`, `#[serde(rename = \"");
            (
                "Choice".to_owned(),
                format!(
                    "; it admits no other text as an `enum Choice` with `#[derive(serde::Deserialize)]` \
                     whose variants have `#[serde(rename = \"{names}\")]`"
                ),
            )
        }
        "string" | "" | "default" if !allowed.is_empty() => {
            let min = given("length").or(given("minlength"));
            let max = given("length").or(given("maxlength"));
            match (min, max) {
                (min, Some(max)) => plain(&format!(
                    "auth_api_key::odoo::Text<{}, {max}>",
                    min.unwrap_or("1")
                )),
                (Some(min), None) => plain(&format!("auth_api_key::odoo::Text<{min}>")),
                (None, None) => in_the_body("String"),
            }
        }
        "string" | "" | "default" | "path" => plain("String"),
        "uuid" => (
            "String".to_owned(),
            "; `uuid::Uuid` admits no other text".to_owned(),
        ),
        other => (
            "String".to_owned(),
            format!(
                "; in the place of `{other}`, a type with `#[serde(try_from = \"String\")]` says what \
                 it admits"
            ),
        ),
    }
}
