//! From tokens to paths and options. Finds each by its name, or by the name that was probably meant.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    BinOp, Expr, ExprBinary, ExprParen, ExprReference, LitStr, Token,
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
    tokens::{array, as_text, list_meant, pieces, repeated, string, ungrouped},
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
        whole: None,
    };
    let source = Source::of(place);
    let tokens = cleaned(ungrouped(tokens), source.as_ref(), errors);
    for piece in joined(pieces(tokens, errors)) {
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
enum OptionMeant {
    Path,
    Option(OptionName),
    Nothing,
}

/// The option whose name is almost this text, or begins with it.
fn similar(text: &str, value: &TokenStream) -> Option<(OptionMeant, String)> {
    let named = |name: &str| OPTIONS.iter().find(|option| option.name == name);
    let near = closest(text, OPTIONS.iter().map(|option| option.name)).and_then(named);
    let mut options = OPTIONS.iter();
    let begun = options.find(|option| text.len() > 2 && option.name.starts_with(text));
    let option = near.or(begun)?;
    let help = match near.is_none() && value.is_empty() {
        true => format!("write `{} = {}`", option.name, option.example),
        false => format!("did you mean `{}`?", option.name),
    };
    Some((OptionMeant::Option(option.option), help))
}

impl Attribute {
    fn add(&mut self, given: Named, piece: TokenStream, errors: &mut Errors) {
        let text = as_text(given.name.unraw());
        match OPTIONS.iter().find(|option| option.name == text) {
            Some(option) => self.add_option(option, given, piece, errors),
            None => {
                let (meant, mistake) = self.unknown(&text, &given.value);
                errors.add(given.name, mistake);
                match meant {
                    OptionMeant::Path => self.mark_path_mistaken(),
                    OptionMeant::Option(option) => self.mark_mistaken(option),
                    OptionMeant::Nothing => {}
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
            return errors.add(name, Mistake::new(wrong, "delete one of the two"));
        }
        if sign != "=" {
            let meant = match value.is_empty() {
                true => (*example).to_owned(),
                false if example.starts_with('[') => {
                    format!("[{}]", list_meant(&value, option.separators()))
                }
                false => as_text(value),
            };
            let wrong = format!("a value follows `=`, not `{sign}`");
            errors.add(
                piece,
                Mistake::new(wrong, format!("write `{known} = {meant}`")),
            );
            return self.mark_mistaken(*option);
        }
        if value.is_empty() {
            let help = format!("write `{known} = {example}`");
            errors.add(name, Mistake::new(format!("`{known}` has no value"), help));
            return self.mark_mistaken(*option);
        }
        self.options.retain(|(given, _)| given != option);
        self.options
            .push((*option, Given::Value(Written { name, value })));
    }

    /// What is wrong with the name of an option, and which option was meant.
    fn unknown(&self, text: &str, value: &TokenStream) -> (OptionMeant, Mistake) {
        if let Some(mistake) = self.foreign(text, value) {
            return (OptionMeant::Nothing, mistake);
        }
        let wrong = format!("there is no option `{text}`");
        if let Some((meant, help)) = self.meant(text, value) {
            return (meant, Mistake::new(wrong, help));
        }
        if value.is_empty() && self.paths.is_absent() {
            let wrong = format!("the macro cannot see the value of `{text}`");
            let help = "write the path itself, as a string: `\"/my_service\"`";
            return (OptionMeant::Path, Mistake::new(wrong, help));
        }
        let names = OPTIONS.iter().map(|option| option.name);
        let help = format!("the options are {}", enumerate(names, "and"));
        (OptionMeant::Nothing, Mistake::new(wrong, help))
    }

    /// What is wrong with an option of other frameworks, unless its value says that a path or `auth` is meant.
    fn foreign(&self, text: &str, value: &TokenStream) -> Option<Mistake> {
        let mut foreign = FOREIGN.iter();
        let foreign = foreign.find(|foreign| foreign.names.contains(&text))?;
        let may_be_a_path = (value.is_empty() || is_a_path(value)) && self.paths.is_absent();
        let is_auth = value.to_string() == "\"api_key\"";
        let help = foreign.help.replace("{}", text);
        (!may_be_a_path && !is_auth).then(|| Mistake::new(foreign.wrong, help))
    }

    /// What an unknown option was meant for, and what to write.
    fn meant(&self, text: &str, value: &TokenStream) -> Option<(OptionMeant, String)> {
        let alone = value.is_empty();
        let verb = text.to_uppercase();
        let of = |option: OptionName, help: String| Some((OptionMeant::Option(option), help));
        match text {
            "prefix" if !alone => {
                let help = "write the whole path first, without a name";
                Some((OptionMeant::Path, help.to_owned()))
            }
            // As in `#[utoipa::path(…, security(("api_key" = [])))]`.
            "security" if value.to_string().starts_with('(') => {
                match self.option(OptionName::Auth).is_absent() {
                    true => of(OptionName::Auth, "write `auth = \"api_key\"`".to_owned()),
                    false => {
                        let help = "delete it: `auth` says who may call";
                        Some((OptionMeant::Nothing, help.to_owned()))
                    }
                }
            }
            "method" | "verb" if !alone => {
                let methods = methods_meant(&as_text(value));
                let separators = OptionName::Methods.separators();
                let methods = methods.unwrap_or_else(|| list_meant(value, separators));
                of(
                    OptionName::Methods,
                    format!("write `methods = [{methods}]`"),
                )
            }
            _ if !alone && GROUPS.contains(&text) => {
                let groups = list_meant(value, OptionName::Groups.separators());
                of(OptionName::Groups, format!("write `groups = [{groups}]`"))
            }
            _ if text != "group" && GROUPS.contains(&text) => {
                of(OptionName::Groups, "write `groups = [\"shop\"]`".to_owned())
            }
            _ if METHODS.contains(&verb.as_str()) => of(
                OptionName::Methods,
                format!("write `methods = [\"{verb}\"]`"),
            ),
            _ if alone && AUTHS.contains(&text) => {
                of(OptionName::Auth, format!("write `auth = \"{text}\"`"))
            }
            _ => similar(text, value).or_else(|| self.meant_by_its_value(text, value)),
        }
    }

    fn meant_by_its_value(&self, text: &str, value: &TokenStream) -> Option<(OptionMeant, String)> {
        let auth = OptionMeant::Option(OptionName::Auth);
        let is_the_path = is_a_path(value) && self.paths.is_absent();
        if is_the_path || text == "path" && !value.is_empty() {
            let help = format!("write the path first, without a name: `{}`", as_text(value));
            Some((OptionMeant::Path, help))
        } else if AUTHS.contains(&value.to_string().trim_matches('"')) {
            Some((auth, format!("write `auth = {value}`")))
        } else if text.starts_with("auth") {
            Some((auth, "write `auth = \"api_key\"`".to_owned()))
        } else {
            None
        }
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
            let help = format!("write `{}`", as_text(&path));
            errors.add(&piece, Mistake::new("a list of paths has no length", help));
            return self.add_path(path);
        }
        let list = array(&piece, errors).map(|list| Ok(Expr::Array(list)));
        let expr = list.unwrap_or_else(|| syn::parse2(piece.clone()));
        match &expr {
            Ok(path) if is_a_string_or_a_list(path) => match self.value_alone(path) {
                Some((option, mistake)) => {
                    errors.add(path, mistake);
                    self.mark_mistaken(option);
                }
                None => self.add_path(path.clone()),
            },
            expr => match expr.as_ref().ok().and_then(|expr| self.not_a_string(expr)) {
                Some(mistake) => {
                    errors.add(&piece, mistake);
                    self.mark_path_mistaken();
                }
                None => self.add_strange(piece, example, errors),
            },
        }
    }

    /// The option that a text after the path is meant for: `"/orders", "api_key"`.
    fn value_alone(&self, path: &Expr) -> Option<(OptionName, Mistake)> {
        let text = path.to_token_stream().to_string();
        let word = text.trim_matches('"');
        let (option, help) = match () {
            () if AUTHS.contains(&word) => (OptionName::Auth, format!("write `auth = {text}`")),
            () if METHODS.contains(&word) => {
                (OptionName::Methods, format!("write `methods = [{text}]`"))
            }
            () => return None,
        };
        let is_after_a_path = matches!(&self.paths, Given::Value(_));
        is_after_a_path.then(|| {
            (
                option,
                Mistake::new(format!("`{text}` is not a path"), help),
            )
        })
    }

    /// What is wrong with an expression that is meant as a path and is not a string.
    fn not_a_string(&self, expr: &Expr) -> Option<Mistake> {
        match expr {
            Expr::Binary(paths) if alternatives(paths).is_some() => {
                let all = alternatives(paths)?.join(", ");
                let help = format!("write `[{all}]`");
                Some(Mistake::new("several paths are a list", help))
            }
            Expr::Tuple(paths) => {
                let help = format!("write `[{}]`", paths.elems.to_token_stream());
                Some(Mistake::new("this is not a list", help))
            }
            Expr::Reference(ExprReference { expr, .. }) | Expr::Paren(ExprParen { expr, .. })
                if !is_computed(expr) =>
            {
                let help = format!("write `{}`", expr.to_token_stream());
                let wrong = "a path has no `&` and no parentheses";
                Some(Mistake::new(wrong, help))
            }
            path if self.paths.is_absent() && is_computed(path) && !is_a_word(path) => {
                Some(no_path(path))
            }
            _ => None,
        }
    }

    /// An option without `=`, or what cannot be read.
    fn add_strange(&mut self, piece: TokenStream, example: &str, errors: &mut Errors) {
        let mistake = match piece.clone().into_iter().next() {
            Some(TokenTree::Ident(name)) => {
                let (sign, value) = ("=", TokenStream::new());
                return self.add(Named { name, sign, value }, piece, errors);
            }
            Some(TokenTree::Punct(slash)) if slash.as_char() == '/' => {
                let path: String = piece.to_string().split_whitespace().collect();
                Mistake::new("a path is a string", format!("write `\"{path}\"`"))
            }
            Some(TokenTree::Literal(_)) if strings(&piece).is_some() => {
                let all = strings(&piece).unwrap_or_default().join(", ");
                Mistake::new("several paths are a list", format!("write `[{all}]`"))
            }
            _ => {
                if let Given::Value(_) = &self.paths {
                    self.mark_mistaken(OptionName::Auth);
                }
                let help = format!("write `{example}`");
                Mistake::new("this is neither a path nor an option", help)
            }
        };
        errors.add(&piece, mistake);
        self.mark_path_mistaken();
    }
}

fn is_a_string_or_a_list(expr: &Expr) -> bool {
    matches!(expr, Expr::Array(_)) || string(expr).is_some()
}
