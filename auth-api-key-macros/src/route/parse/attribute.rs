//! From tokens to paths and options. Finds each by its name, or by the name that was probably meant.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    BinOp, Expr, ExprBinary, ExprLit, ExprParen, ExprReference, Lit, LitStr, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    token::Paren,
};

use crate::{
    errors::{Errors, Mistake, closest, enumerate},
    quotes::Source,
    route::{
        model::{Attribute, Given, OptionName, Written},
        options::{AUTHS, FOREIGN, GROUPS, METHODS, OPTIONS, RouteOption, methods_meant},
        parse::constant::{is_computed, no_path},
    },
    tokens::{array, list_meant, options, repeated, string, ungrouped, written},
    values::cleaned,
};

/// Reads the attribute at a place. `example` is a correct one, ready to paste.
pub(crate) fn attribute(
    tokens: TokenStream,
    place: Span,
    example: &str,
    errors: &mut Errors,
) -> Attribute {
    let mut attribute = Attribute {
        paths: Given::Absent,
        options: Vec::new(),
        is_blank: tokens.is_empty(),
        whole: TokenStream::new(),
    };
    let source = Source::of(place);
    let tokens = cleaned(ungrouped(tokens), source.as_ref(), errors);
    for piece in joined(options(tokens, errors)) {
        match named(&piece) {
            Some(given) => attribute.add(given, piece, errors),
            None => attribute.add_unnamed(piece, example, errors),
        }
    }
    attribute
}

/// `name = value`, or what is meant for it: `name: value`, `name(value)`.
struct Named {
    name: Ident,
    sign: &'static str,
    value: TokenStream,
}

fn named(piece: &TokenStream) -> Option<Named> {
    let parser = |input: ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?;
        if input.peek(Paren) {
            let group: Group = input.parse()?;
            let value = group.stream();
            let sign = "(";
            return Ok(Named { name, sign, value });
        }
        let sign = match () {
            () if input.parse::<Option<Token![==]>>()?.is_some() => "==",
            () if input.parse::<Option<Token![=>]>>()?.is_some() => "=>",
            () if input.peek(Token![:]) && !input.peek(Token![::]) => {
                input.parse::<Token![:]>()?;
                ":"
            }
            () => {
                input.parse::<Token![=]>()?;
                "="
            }
        };
        let value = input.parse()?;
        Ok(Named { name, sign, value })
    };
    parser.parse2(piece.clone()).ok()
}

/// `method = "GET", method = "POST"`, as actix has it, in one piece.
fn joined(pieces: Vec<TokenStream>) -> Vec<TokenStream> {
    let method = |piece: &TokenStream| named(piece).filter(|given| given.name == "method");
    let values: Vec<_> = pieces
        .iter()
        .filter_map(method)
        .map(|given| given.value)
        .collect();
    if values.len() < 2 {
        return pieces;
    }
    let mut all = Some(quote!([#(#values),*]));
    let join = |piece| match method(&piece) {
        Some(Named { name, .. }) => all.take().map(|all| quote!(#name = #all)),
        None => Some(piece),
    };
    pieces.into_iter().filter_map(join).collect()
}

/// Whether it is a path, or a list that begins with one.
fn is_a_path(value: &TokenStream) -> bool {
    let first = match syn::parse2(value.clone()) {
        Ok(Expr::Array(list)) => list.elems.into_iter().next(),
        value => value.ok(),
    };
    first.is_some_and(|first| string(&first).is_some_and(|text| text.value().starts_with('/')))
}

/// The strings in `"/a" | "/b"`.
fn alternatives(paths: &ExprBinary) -> Option<Vec<String>> {
    let or = matches!(paths.op, BinOp::BitOr(_) | BinOp::Or(_));
    let mut all = match &*paths.left {
        Expr::Binary(left) => alternatives(left)?,
        left => vec![string(left)?.token().to_string()],
    };
    all.push(string(&paths.right)?.token().to_string());
    or.then_some(all)
}

/// Strings with nothing between them.
fn strings(piece: &TokenStream) -> Option<Vec<String>> {
    let text = |token: TokenTree| {
        let text = syn::parse2::<LitStr>(token.into()).ok()?;
        Some(text.token().to_string())
    };
    piece.clone().into_iter().map(text).collect()
}

/// Whether it is one word, which may be meant for an option.
fn is_a_word(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(word) if word.path.get_ident().is_some())
}

/// What was meant by an unknown option.
enum Meant {
    Path,
    Option(OptionName),
    Nothing,
}

impl Attribute {
    fn add(&mut self, given: Named, piece: TokenStream, errors: &mut Errors) {
        let text = written(given.name.unraw());
        match OPTIONS.iter().find(|option| option.name == text) {
            Some(option) => self.add_option(option, given, piece, errors),
            None => {
                let (meant, mistake) = self.unknown(&text, &given.value);
                errors.add(given.name, &mistake);
                match meant {
                    Meant::Path => self.mark_path_mistaken(),
                    Meant::Option(option) => self.mark_mistaken(option),
                    Meant::Nothing => {}
                }
            }
        }
    }

    fn add_option(
        &mut self,
        option: &RouteOption,
        Named { name, sign, value }: Named,
        piece: TokenStream,
        errors: &mut Errors,
    ) {
        let RouteOption {
            option,
            name: known,
            example,
            ..
        } = option;
        if let Given::Value(_) = self.option(*option) {
            let wrong = format!("`{known}` is given twice");
            return errors.push(name, wrong, "delete one of the two");
        }
        if sign != "=" {
            let meant = match value.is_empty() {
                true => (*example).to_owned(),
                false if example.starts_with('[') => {
                    format!("[{}]", list_meant(&value, option.separators()))
                }
                false => written(value),
            };
            let wrong = format!("a value follows `=`, not `{sign}`");
            errors.push(piece, wrong, format!("write `{known} = {meant}`"));
            return self.mark_mistaken(*option);
        }
        if value.is_empty() {
            let help = format!("write `{known} = {example}`");
            errors.push(name, format!("`{known}` has no value"), help);
            return self.mark_mistaken(*option);
        }
        self.options.retain(|(given, _)| given != option);
        self.options
            .push((*option, Given::Value(Written { name, value })));
    }

    /// What is wrong with the name of an option, and which option was meant.
    fn unknown(&self, text: &str, value: &TokenStream) -> (Meant, Mistake) {
        let alone = value.is_empty();
        let is_the_path = is_a_path(value) && self.paths.is_absent();
        let is_auth = value.to_string() == "\"api_key\"";
        let mut foreign = FOREIGN.iter();
        if let Some(foreign) = foreign.find(|foreign| foreign.names.contains(&text))
            && !(is_auth || is_the_path || alone && self.paths.is_absent())
        {
            let help = foreign.help.replace("{}", text);
            return (Meant::Nothing, Mistake::new(foreign.wrong, help));
        }
        let names = || OPTIONS.iter().map(|option| option.name);
        let option = |name: &str| OPTIONS.iter().find(|option| option.name == name);
        let verb = text.to_uppercase();
        let (meant, help) = match text {
            "prefix" if !alone => (
                Meant::Path,
                "write the whole path first, without a name".to_owned(),
            ),
            // As in `#[utoipa::path(…, security(("api_key" = [])))]`.
            "security" if value.to_string().starts_with('(') => {
                let mut given = self.options.iter();
                match given.any(|(option, _)| *option == OptionName::Auth) {
                    true => (
                        Meant::Nothing,
                        "delete it: `auth` says who may call".to_owned(),
                    ),
                    false => (
                        Meant::Option(OptionName::Auth),
                        "write `auth = \"api_key\"`".to_owned(),
                    ),
                }
            }
            "method" | "verb" if !alone => {
                let methods = methods_meant(&written(value));
                let separators = OptionName::Methods.separators();
                let methods = methods.unwrap_or_else(|| list_meant(value, separators));
                (
                    Meant::Option(OptionName::Methods),
                    format!("write `methods = [{methods}]`"),
                )
            }
            _ if !alone && GROUPS.contains(&text) => (
                Meant::Option(OptionName::Groups),
                format!(
                    "write `groups = [{}]`",
                    list_meant(value, OptionName::Groups.separators())
                ),
            ),
            _ if text != "group" && GROUPS.contains(&text) => (
                Meant::Option(OptionName::Groups),
                "write `groups = [\"shop\"]`".to_owned(),
            ),
            _ if METHODS.contains(&verb.as_str()) => (
                Meant::Option(OptionName::Methods),
                format!("write `methods = [\"{verb}\"]`"),
            ),
            _ if alone && AUTHS.contains(&text) => (
                Meant::Option(OptionName::Auth),
                format!("write `auth = \"{text}\"`"),
            ),
            _ => match closest(text, names()).and_then(option) {
                Some(meant) => (
                    Meant::Option(meant.option),
                    format!("did you mean `{}`?", meant.name),
                ),
                None if is_the_path || text == "path" && !alone => (
                    Meant::Path,
                    format!("write the path first, without a name: `{}`", written(value)),
                ),
                None if AUTHS.contains(&value.to_string().trim_matches('"')) => (
                    Meant::Option(OptionName::Auth),
                    format!("write `auth = {value}`"),
                ),
                None if text.starts_with("auth") => (
                    Meant::Option(OptionName::Auth),
                    "write `auth = \"api_key\"`".to_owned(),
                ),
                None if alone && self.paths.is_absent() => {
                    let wrong = format!("the macro cannot see the value of `{text}`");
                    let help = "write the path itself, as a string: `\"/my_service\"`";
                    return (Meant::Path, Mistake::new(wrong, help));
                }
                None => (
                    Meant::Nothing,
                    format!("the options are {}", enumerate(names(), "and")),
                ),
            },
        };
        (
            meant,
            Mistake::new(format!("there is no option `{text}`"), help),
        )
    }

    fn add_path(&mut self, path: Expr) {
        match &mut self.paths {
            Given::Value(paths) => paths.push(path),
            Given::Absent | Given::Mistaken => self.paths = Given::Value(vec![path]),
        }
    }

    /// A path, a list of paths, or an option without `=`.
    fn add_unnamed(&mut self, piece: TokenStream, example: &str, errors: &mut Errors) {
        if let Some(path) = repeated(&piece) {
            let help = format!("write `{}`", written(&path));
            errors.push(&piece, "a list of paths has no length", help);
            return self.add_path(path);
        }
        let list = array(&piece, errors).map(|list| Ok(Expr::Array(list)));
        match list.unwrap_or_else(|| syn::parse2(piece.clone())) {
            Ok(
                path @ (Expr::Array(_)
                | Expr::Lit(ExprLit {
                    lit: Lit::Str(_), ..
                })),
            ) => {
                let text = path.to_token_stream().to_string();
                let is_a_path = matches!(&self.paths, Given::Value(_));
                if is_a_path && AUTHS.contains(&text.trim_matches('"')) {
                    let help = format!("write `auth = {text}`");
                    errors.push(&path, format!("`{text}` is not a path"), help);
                    return self.mark_mistaken(OptionName::Auth);
                }
                if is_a_path && METHODS.contains(&text.trim_matches('"')) {
                    let help = format!("write `methods = [{text}]`");
                    errors.push(&path, format!("`{text}` is not a path"), help);
                    return self.mark_mistaken(OptionName::Methods);
                }
                self.add_path(path);
            }
            Ok(Expr::Binary(paths)) if alternatives(&paths).is_some() => {
                let all = alternatives(&paths).unwrap_or_default().join(", ");
                errors.push(
                    &paths,
                    "several paths are a list",
                    format!("write `[{all}]`"),
                );
                self.mark_path_mistaken();
            }
            Ok(Expr::Tuple(paths)) => {
                let help = format!("write `[{}]`", paths.elems.to_token_stream());
                errors.push(&paths, "this is not a list", help);
                self.mark_path_mistaken();
            }
            Ok(
                Expr::Reference(ExprReference { expr, .. }) | Expr::Paren(ExprParen { expr, .. }),
            ) if !is_computed(&expr) => {
                let help = format!("write `{}`", expr.to_token_stream());
                errors.push(&piece, "a path has no `&` and no parentheses", help);
                self.mark_path_mistaken();
            }
            Ok(path) if self.paths.is_absent() && is_computed(&path) && !is_a_word(&path) => {
                errors.add(&path, &no_path(&path));
                self.mark_path_mistaken();
            }
            _ => match piece.clone().into_iter().next() {
                Some(TokenTree::Punct(slash)) if slash.as_char() == '/' => {
                    let path: String = piece.to_string().split_whitespace().collect();
                    errors.push(&piece, "a path is a string", format!("write `\"{path}\"`"));
                    self.mark_path_mistaken();
                }
                Some(TokenTree::Literal(_)) if strings(&piece).is_some() => {
                    let all = strings(&piece).unwrap_or_default().join(", ");
                    let help = format!("write `[{all}]`");
                    errors.push(&piece, "several paths are a list", help);
                    self.mark_path_mistaken();
                }
                Some(TokenTree::Ident(name)) => {
                    let (sign, value) = ("=", TokenStream::new());
                    self.add(Named { name, sign, value }, piece, errors);
                }
                _ => {
                    let help = format!("write `{example}`");
                    errors.push(&piece, "this is neither a path nor an option", help);
                    match &self.paths {
                        Given::Value(_) => self.mark_mistaken(OptionName::Auth),
                        Given::Absent | Given::Mistaken => self.mark_path_mistaken(),
                    }
                }
            },
        }
    }
}
