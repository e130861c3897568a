//! From tokens to an `impl` and its methods. It does not read the bodies.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{
    Attribute, Generics, Item, ItemImpl, LitStr, Meta, Token, Type, Visibility,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    parse_quote,
    spanned::Spanned,
};

use crate::{
    attributes::{Conditional, with_allow_for_expect},
    errors::{Errors, Mistake},
    place::is_a_second_controller,
    route::{
        model::{Function, Method},
        options::METHODS,
        parse::function::{Read, function},
    },
    tokens::{as_text, block, inner_attributes, ungrouped},
    types::lasting,
};

/// The decorated `impl`.
pub(crate) struct Controller {
    /// Its head, with empty braces and without attributes.
    pub(crate) head: ItemImpl,
    pub(crate) attributes: Vec<Conditional>,
    pub(crate) name: Ident,
    /// The items that are not routes.
    pub(crate) others: TokenStream,
    pub(crate) routes: Vec<Decorated>,
}

/// A method with its `#[route]`.
pub(crate) struct Decorated {
    pub(crate) attribute: Attribute,
    pub(crate) function: Function,
    /// Whether rustc cannot read it: only its name is known.
    pub(crate) is_broken: bool,
}

/// An item that cannot be a controller.
pub(crate) struct Other {
    /// As it was written, without the `#[route]`s.
    pub(crate) item: TokenStream,
    /// The type that was meant to be a controller: what follows `impl`, and what follows `for`.
    pub(crate) meant: Option<[TokenStream; 2]>,
    /// One type of those that a generic `impl` is for.
    pub(crate) one_of_many: Option<Box<TokenStream>>,
}

pub(crate) fn controller(item: TokenStream, errors: &mut Errors) -> Result<Controller, Other> {
    let Some(mut given) = head(&item) else {
        return Err(no_impl(item, errors));
    };
    let name = of_a_controller(&mut given.head, errors);
    let is_faulty = !errors.is_empty();
    above_the_impl(&mut given, is_faulty, errors);
    let Some(name) = name else {
        return Err(Other {
            item: TokenStream::new(), // rustc would report it a second time
            meant: None,
            one_of_many: None,
        });
    };
    let mut controller = Controller {
        name,
        others: TokenStream::new(),
        routes: Vec::new(),
        attributes: given.attributes,
        head: given.head,
    };
    for item in items(given.inside) {
        controller.add(item, is_faulty, errors);
    }
    if is_faulty {
        let other = controller.not_a_controller();
        // The first controller of the type stands for it in lists.
        let meant = other.meant.filter(|_| !is_a_second_controller());
        return Err(Other { meant, ..other });
    }
    if controller.routes.is_empty() && errors.is_empty() {
        let help = "put `#[route(\"/my_service\", auth = \"api_key\")]` above an `async fn` in it";
        let token = controller.head.impl_token;
        errors.add(token, Mistake::new("the controller has no route", help));
    }
    Ok(controller)
}

/// The name of the type that an `impl` is for. Reports what cannot be a controller, and replaces
/// the borrowed parts of the type.
fn of_a_controller(head: &mut ItemImpl, errors: &mut Errors) -> Option<Ident> {
    let of = as_text(&head.self_ty);
    let name = match &*head.self_ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    };
    let name = name.map(|last| last.ident.clone());
    if let Some((of_trait, _)) = &head.trait_ {
        let wrong = format!(
            "`#[controller]` cannot be put on an implementation of `{}`",
            as_text(of_trait)
        );
        let help = format!("put it above `impl {of}`");
        errors.add(of_trait, Mistake::new(wrong, help));
    } else if !head.generics.params.is_empty() {
        let parameters = &head.generics.params;
        let wrong = format!(
            "a controller cannot have the parameter `{}`",
            as_text(parameters)
        );
        let help = "write the type itself: axum must know it to route requests";
        errors.add(parameters, Mistake::new(wrong, help));
    } else if name.is_none() {
        let wrong = format!("`{of}` cannot be a controller");
        let help = "write the name of a struct";
        errors.add(&head.self_ty, Mistake::new(wrong, help));
    } else if is_a_second_controller() {
        let wrong = format!("`{of}` has a controller already");
        let help = "move these routes into its `impl`, or put them on another type";
        errors.add(&head.self_ty, Mistake::new(wrong, help));
    } else if let Some(lasting) = lasting(&head.self_ty) {
        let wrong = format!("a controller cannot borrow: `{of}`");
        let help = format!("write `{}`", as_text(&lasting));
        errors.add(&head.self_ty, Mistake::new(wrong, help));
        *head.self_ty = lasting;
    }
    name
}

/// Reports a visibility, and attributes that have no effect here. Removes these attributes.
fn above_the_impl(given: &mut Head, is_faulty: bool, errors: &mut Errors) {
    let visibility = &given.visibility;
    if !matches!(visibility, Visibility::Inherited) {
        let help = format!("delete `{}`", as_text(visibility));
        errors.add(
            visibility,
            Mistake::new("an `impl` has no visibility", help),
        );
    }
    given.attributes.retain(|given| {
        if given.is_named("controller") {
            let help = "delete one of the two";
            errors.add(given, Mistake::new("an `impl` is one controller", help));
            return false;
        }
        let stays = is_faulty || given.can_be_repeated();
        if !stays {
            let wrong = format!(
                "below `#[controller]`, `{}` has no effect on the routes",
                as_text(given)
            );
            errors.add(given, Mistake::new(wrong, "put it above `#[controller]`"));
        }
        stays
    });
}

impl Controller {
    /// The `impl`, with these items in its braces.
    pub(crate) fn with(&self, items: &TokenStream) -> TokenStream {
        let mut tokens: Vec<TokenTree> = self.head.to_token_stream().into_iter().collect();
        tokens.pop();
        let tokens: TokenStream = tokens.into_iter().collect();
        let attributes = &self.attributes;
        quote!(#(#attributes)* #tokens { #items })
    }

    /// The `impl` of something that cannot be a controller.
    fn not_a_controller(&self) -> Other {
        let (of, generics) = (&self.head.self_ty, &self.head.generics);
        let is_generic = self.head.trait_.is_none() && !generics.params.is_empty();
        Other {
            item: self.with(&self.others),
            meant: Some(match is_generic {
                true => meant(&without_bounds(generics), of),
                false => meant(generics, of),
            }),
            one_of_many: is_generic.then(|| one_of_many(generics, of).into()),
        }
    }

    fn add(&mut self, item: TokenStream, as_it_is: bool, errors: &mut Errors) {
        let attributes = |input: ParseStream<'_>| {
            let attributes = input.call(Attribute::parse_outer)?;
            Ok((attributes, input.parse::<TokenStream>()?))
        };
        let decorated = attributes.parse2(item.clone()).ok();
        if let Some((attributes, rest)) = &decorated
            && let Some((at, help)) = attributes
                .iter()
                .enumerate()
                .find_map(|(at, attribute)| Some((at, route_meant(attribute)?)))
        {
            let wrong = format!("there is no `{}` here", as_text(&attributes[at]));
            errors.add(&attributes[at], Mistake::new(wrong, help));
            let others = attributes[..at].iter().chain(&attributes[at + 1..]);
            self.others.extend(quote!(#(#others)* #rest));
            return;
        }
        let decorated = decorated.and_then(|(attributes, rest)| {
            let mut attributes = Conditional::all(attributes);
            let at = attributes
                .iter()
                .position(|given| given.is_named("route"))?;
            Some((attributes.remove(at), attributes, rest))
        });
        let Some((route, attributes, rest)) = decorated else {
            self.others.extend(item);
            return;
        };
        // It is a route if the condition holds, and otherwise the method as it is.
        let conditional = route.condition.as_ref().map(|condition| {
            let others = attributes.iter().filter(|given| !given.is_named("route"));
            self.others
                .extend(quote!(#[cfg(not(#condition))] #(#others)* #rest));
            quote!(#[cfg(#condition)])
        });
        let item = quote!(#conditional #(#attributes)* #rest);
        let read = match as_it_is {
            true => Read::Other,
            false => function(item.clone(), errors),
        };
        let (function, is_broken) = match read {
            Read::Function(function) => (function, false),
            Read::Broken(function) => (function, true),
            Read::Other => return self.others.extend(item),
        };
        self.add_route(with_parentheses(route, errors), function, is_broken, errors);
    }

    fn add_route(
        &mut self,
        attribute: Attribute,
        mut function: Function,
        is_broken: bool,
        errors: &mut Errors,
    ) {
        let signature = &mut function.signature;
        let receiver = signature.receiver().cloned();
        if let Some(receiver) = &receiver {
            let by_reference =
                matches!(&receiver.kind, syn::ReceiverKind::Reference(_, None, None));
            if !by_reference {
                let wrong = format!(
                    "a handler cannot take `{}`: requests share the controller",
                    as_text(receiver)
                );
                let help = match as_text(receiver).contains("mut ") {
                    true => "write `&self`, and keep what changes in a `Mutex` or an atomic",
                    false => "write `&self`",
                };
                errors.add(receiver, Mistake::new(wrong, help));
            }
            signature.inputs = std::mem::take(&mut signature.inputs)
                .into_iter()
                .skip(1)
                .collect();
        }
        let name = signature.ident.unraw();
        let mut marker = format_ident!("__route_{name}", span = Span::call_site());
        // Two routes may have one name if `#[cfg]` keeps only one of them.
        if self
            .routes
            .iter()
            .any(|other| other.function.marker == marker)
        {
            marker = format_ident!("__route_{}_{name}", self.routes.len());
        }
        function.marker = marker;
        function.method = Some(Method {
            of: (*self.head.self_ty).clone(),
            controller: self.name.unraw().to_string(),
            receiver,
            place: attribute.span(),
        });
        self.routes.push(Decorated {
            attribute,
            function,
            is_broken,
        });
    }
}

/// What is in the parentheses of an attribute.
pub(crate) fn arguments(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    }
}

/// What to write instead of `#[get("/orders")]`, which other frameworks have, or of `#[http("/orders")]`, which
/// may be `route` by another name: the macro sees only the name.
fn route_meant(attribute: &Attribute) -> Option<String> {
    let name = attribute.path().segments.last()?.ident.unraw();
    let tokens = arguments(attribute);
    let path = syn::parse2::<LitStr>(tokens.clone().into_iter().take(1).collect()).ok()?;
    if name == "route" || !path.value().starts_with('/') {
        return None;
    }
    let method = name.to_string().to_uppercase();
    let methods = match METHODS.contains(&method.as_str()) {
        true => format!(", methods = [\"{method}\"]"),
        false => String::new(),
    };
    Some(format!("write `#[route({}{methods})]`", as_text(tokens)))
}

/// A `#[route]` as it must be written.
fn with_parentheses(route: Conditional, errors: &mut Errors) -> Attribute {
    let (wrong, meta) = match (route.unsafely(), &route.attribute.meta) {
        (Some(inside), _) => ("`#[route]` is not unsafe", inside),
        (None, Meta::NameValue(named)) => {
            let (path, value) = (&named.path, &named.value);
            ("`#[route]` has parentheses", parse_quote!(#path(#value)))
        }
        _ => return route.attribute,
    };
    let help = format!("write `#[{}]`", as_text(&meta));
    errors.add(&route, Mistake::new(wrong, help));
    Attribute {
        meta,
        ..route.attribute
    }
}

/// An `impl`, taken apart.
struct Head {
    attributes: Vec<Conditional>,
    visibility: Visibility,
    /// The rest, with empty braces.
    head: ItemImpl,
    inside: TokenStream,
}

fn head(item: &TokenStream) -> Option<Head> {
    let mut tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let (inner, braces) = inner_attributes(&block(tokens.pop()?)?)?;
    let head = |input: ParseStream<'_>| {
        let mut attributes = input.call(Attribute::parse_outer)?;
        attributes.extend(inner);
        let visibility = input.parse()?;
        // rustc itself reports `const impl`, `impl const` and `impl !Shop`.
        input.parse::<Option<Token![const]>>()?;
        let mut words = Vec::new();
        while !input.peek(Token![impl]) {
            words.push(input.parse::<TokenTree>()?);
        }
        let impl_token = input.parse::<Token![impl]>()?;
        input.parse::<Option<Token![const]>>()?;
        input.parse::<Option<Token![!]>>()?;
        let rest = input.parse::<TokenStream>()?;
        Ok(Head {
            attributes: with_allow_for_expect(Conditional::all(attributes)),
            visibility,
            head: syn::parse2(quote!(#(#words)* #impl_token #rest {}))?,
            inside: braces.stream(),
        })
    };
    head.parse2(ungrouped(tokens.into_iter().collect())).ok()
}

/// The items of an `impl`: each ends with a semicolon or with a block.
fn items(tokens: TokenStream) -> Vec<TokenStream> {
    let mut items = vec![TokenStream::new()];
    let mut has_value = false;
    let mut is_function = false;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Ident(name) => {
                has_value |= name == "const" || name == "type";
                is_function |= name == "fn";
                false
            }
            // A block in the signature is a constant parameter, which ends nothing.
            token => {
                let parameter = tokens.peek().is_some_and(
                    |next| matches!(next, TokenTree::Punct(punct) if matches!(punct.as_char(), '>' | ',')),
                );
                (is_function || !has_value) && !parameter && block(token.clone()).is_some()
            }
        };
        if let Some(item) = items.last_mut() {
            item.extend([token]);
        }
        if ends {
            items.push(TokenStream::new());
            (has_value, is_function) = (false, false);
        }
    }
    // rustc itself reports a single semicolon.
    items.retain(|item| !item.is_empty() && item.to_string() != ";");
    items
}

fn meant(generics: &Generics, ty: &impl ToTokens) -> [TokenStream; 2] {
    let (parameters, _, bounds) = generics.split_for_impl();
    [parameters.to_token_stream(), quote!(#ty #bounds)]
}

fn no_impl(item: TokenStream, errors: &mut Errors) -> Other {
    let (found, place, meant) = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(item)) => (
            "a struct",
            item.ident.to_token_stream(),
            Some((item.generics, item.ident)),
        ),
        Ok(Item::Enum(item)) => (
            "an enum",
            item.ident.to_token_stream(),
            Some((item.generics, item.ident)),
        ),
        Ok(Item::Mod(item)) => ("a module", item.ident.to_token_stream(), None),
        Ok(Item::Trait(item)) => ("a trait", item.ident.to_token_stream(), None),
        Ok(Item::Fn(item)) => ("a function", item.sig.ident.to_token_stream(), None),
        _ => ("this", item.clone().into_iter().take(1).collect(), None),
    };
    let help = match (&meant, found) {
        (Some((_, name)), _) => format!("put it above `impl {name}`"),
        (None, "a function") => "write `#[route]`, or put it above an `impl`".to_owned(),
        (None, _) => "put it above an `impl`".to_owned(),
    };
    let wrong = format!("`#[controller]` cannot be put on {found}");
    errors.add(place, Mistake::new(wrong, help));
    let meant = meant.map(|(mut generics, name)| {
        let (_, parameters, _) = generics.split_for_impl();
        let ty = quote!(#name #parameters);
        for parameter in generics.type_params_mut() {
            parameter.default = None;
        }
        self::meant(&generics, &ty)
    });
    Other {
        item,
        meant,
        one_of_many: None,
    }
}

/// Without bounds: `()` instead of a parameter may not meet them.
fn without_bounds(generics: &Generics) -> Generics {
    let mut free = generics.clone();
    free.where_clause = None;
    for parameter in free.type_params_mut() {
        parameter.bounds.clear();
    }
    free
}

/// The type with `()` for each parameter, so that a list can name the controller.
fn one_of_many(generics: &Generics, ty: &Type) -> TokenStream {
    let is_parameter = |name: &Ident| generics.type_params().any(|known| known.ident == *name);
    let with_units = |token| match token {
        TokenTree::Ident(name) if is_parameter(&name) => quote!(()),
        other => other.into(),
    };
    ty.to_token_stream().into_iter().map(with_units).collect()
}
