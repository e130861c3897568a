//! From tokens to paths and options. Finds each by its name, or by the name that was probably meant.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    BinOp, Expr, ExprBinary, ExprLit, ExprParen, ExprReference, Lit,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use crate::{
    errors::{Errors, Mistake, closest, enumerate},
    quotes::Source,
    route::{
        model::{Attribute, Given, OptionName, Written},
        options::{AUTHS, FOREIGN, METHODS, OPTIONS, RouteOption, methods_meant},
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
    for piece in options(tokens, errors) {
        match named(&piece) {
            Some((name, value)) => attribute.add(name, value, errors),
            None => attribute.add_unnamed(piece, example, errors),
        }
    }
    attribute
}

/// `name = value`.
fn named(piece: &TokenStream) -> Option<(Ident, TokenStream)> {
    let parser = |input: ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?;
        input.parse::<syn::Token![=]>()?;
        Ok((name, input.parse::<TokenStream>()?))
    };
    parser.parse2(piece.clone()).ok()
}

/// The sign in `name == value` or `name => value`, and the value. The first `=` was read already.
fn other_sign(value: &TokenStream) -> Option<(&'static str, TokenStream)> {
    let mut tokens = value.clone().into_iter();
    let sign = match tokens.next()? {
        TokenTree::Punct(second) if second.as_char() == '=' => "==",
        TokenTree::Punct(second) if second.as_char() == '>' => "=>",
        _ => return None,
    };
    Some((sign, tokens.collect()))
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

/// What was meant by an unknown option.
enum Meant {
    Path,
    Option(OptionName),
    Nothing,
}

impl Attribute {
    fn add(&mut self, name: Ident, value: TokenStream, errors: &mut Errors) {
        let text = written(name.unraw());
        match OPTIONS.iter().find(|option| option.name == text) {
            Some(option) => self.add_option(option, name, value, errors),
            None => {
                let (meant, mistake) = self.unknown(&text, &value);
                errors.add(name, &mistake);
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
        name: Ident,
        value: TokenStream,
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
        if let Some((sign, meant)) = other_sign(&value) {
            let meant = match meant.is_empty() {
                true => (*example).to_owned(),
                false => written(meant),
            };
            let wrong = format!("a value follows `=`, not `{sign}`");
            let whole = [name.to_token_stream(), value].into_iter();
            errors.push(
                whole.collect::<TokenStream>(),
                wrong,
                format!("write `{known} = {meant}`"),
            );
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
        if let Some(foreign) = FOREIGN.iter().find(|foreign| foreign.name == text) {
            return (Meant::Nothing, Mistake::new(foreign.wrong, foreign.help));
        }
        let names = || OPTIONS.iter().map(|option| option.name);
        let option = |name: &str| OPTIONS.iter().find(|option| option.name == name);
        let alone = value.is_empty();
        let verb = text.to_uppercase();
        let (meant, help) = match text {
            "path" | "route" | "uri" if !alone => (
                Meant::Path,
                format!("write the path first, without a name: `{value}`"),
            ),
            "prefix" if !alone => (
                Meant::Path,
                "write the whole path first, without a name".to_owned(),
            ),
            "method" | "verb" if !alone => {
                let methods = methods_meant(&written(value));
                let methods = methods.unwrap_or_else(|| list_meant(value));
                (
                    Meant::Option(OptionName::Methods),
                    format!("write `methods = [{methods}]`"),
                )
            }
            "group" | "role" | "roles" | "scope" | "scopes" if !alone => (
                Meant::Option(OptionName::Groups),
                format!("write `groups = [{}]`", list_meant(value)),
            ),
            "role" | "roles" | "scope" | "scopes" => (
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
            ) => {
                let help = format!("write `{}`", expr.to_token_stream());
                errors.push(&piece, "a path has no `&` and no parentheses", help);
                self.mark_path_mistaken();
            }
            _ => match piece.clone().into_iter().next() {
                Some(TokenTree::Ident(name)) => self.add(name, TokenStream::new(), errors),
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
