//! From tokens to an `impl` and its methods, whose bodies are none of this macro's business.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{
    AttrStyle, Attribute, Generics, Item, ItemImpl, Meta, Type,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};

use crate::{
    errors::{Errors, written},
    route::{
        attributes::expecting_nothing,
        parse::{Function, Method, block, function, ungrouped},
        validate::is_named,
    },
};

/// The decorated `impl`.
pub(crate) struct Controller {
    /// Its head, with nothing in the braces.
    pub(crate) head: ItemImpl,
    pub(crate) name: Ident,
    /// What is no route.
    pub(crate) others: TokenStream,
    pub(crate) routes: Vec<Decorated>,
}

/// A method with its `#[route]`.
pub(crate) struct Decorated {
    pub(crate) attribute: Attribute,
    pub(crate) function: Function,
}

/// An item that cannot be a controller.
pub(crate) struct Other {
    /// As it was written, without the `#[route]`s.
    pub(crate) item: TokenStream,
    /// The type that was meant to be one: what follows `impl`, and what follows `for`.
    pub(crate) meant: Option<[TokenStream; 2]>,
}

pub(crate) fn controller(item: TokenStream, errors: &mut Errors) -> Result<Controller, Other> {
    let Some((mut head, inside)) = head(&item) else {
        return Err(no_impl(item, errors));
    };
    let name = match &*head.self_ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    };
    let name = name.map(|last| last.ident.clone());
    if let Some((of, _)) = &head.trait_ {
        let wrong = format!(
            "`#[controller]` cannot be put on an implementation of `{}`",
            written(of)
        );
        let help = format!("put it above `impl {}`", written(&head.self_ty));
        errors.push(of, &wrong, &help);
    } else if !head.generics.params.is_empty() {
        let parameters = &head.generics.params;
        let wrong = format!(
            "a controller cannot have the parameter `{}`",
            written(parameters)
        );
        let help = "write the type itself: axum must know it to route requests";
        errors.push(parameters, &wrong, help);
    } else if name.is_none() {
        let wrong = format!("`{}` cannot be a controller", written(&head.self_ty));
        errors.push(&head.self_ty, &wrong, "write the name of a struct");
    }
    if let Some(lasting) = lasting(&head.self_ty).filter(|_| errors.is_empty()) {
        let wrong = format!("a controller cannot borrow: `{}`", written(&head.self_ty));
        let help = format!("write `{}`", written(&lasting));
        errors.push(&head.self_ty, &wrong, &help);
        head.self_ty = Box::new(lasting);
    }
    let is_faulty = !errors.is_empty();
    head.attrs.retain(|attribute| {
        let is_second = is_named(attribute, "controller");
        if is_second {
            let help = "delete one of the two";
            errors.push(attribute, "an `impl` is one controller", help);
        }
        !is_second
    });
    let mut controller = Controller {
        name: name.clone().unwrap_or_else(|| format_ident!("Controller")),
        others: TokenStream::new(),
        routes: Vec::new(),
        head,
    };
    for item in items(inside) {
        controller.add(item, is_faulty, errors);
    }
    if name.is_none() {
        let item = TokenStream::new(); // rustc would refuse it, too
        return Err(Other { item, meant: None });
    }
    if is_faulty {
        let head = &controller.head;
        let meant = Some(meant(&head.generics, &head.self_ty));
        let item = controller.with(&controller.others);
        return Err(Other { item, meant });
    }
    if controller.routes.is_empty() && errors.is_empty() {
        let help = "put `#[route(\"/my_service\", auth = \"api_key\")]` above an `async fn` in it";
        let token = controller.head.impl_token;
        errors.push(token, "the controller has no route", help);
    }
    Ok(controller)
}

impl Controller {
    /// The `impl`, with this in its braces.
    pub(crate) fn with(&self, items: &TokenStream) -> TokenStream {
        let mut tokens: Vec<TokenTree> = self.head.to_token_stream().into_iter().collect();
        tokens.pop();
        let tokens: TokenStream = tokens.into_iter().collect();
        quote!(#tokens { #items })
    }

    fn add(&mut self, item: TokenStream, as_it_is: bool, errors: &mut Errors) {
        let attributes = |input: ParseStream<'_>| {
            let attributes = input.call(Attribute::parse_outer)?;
            Ok((attributes, input.parse::<TokenStream>()?))
        };
        let decorated = attributes.parse2(item.clone()).ok();
        let decorated = decorated.and_then(|(mut attributes, rest)| {
            let at = attributes
                .iter()
                .position(|attribute| is_named(attribute, "route"))?;
            let route = attributes.remove(at);
            Some((route, quote!(#(#attributes)* #rest)))
        });
        let Some((attribute, item)) = decorated else {
            self.others.extend(item);
            return;
        };
        let function = match as_it_is {
            true => None,
            false => function(item.clone(), errors),
        };
        match function {
            Some(function) => self.add_route(attribute, function, errors),
            None => self.others.extend(item),
        }
    }

    fn add_route(&mut self, attribute: Attribute, mut function: Function, errors: &mut Errors) {
        let signature = &mut function.signature;
        let receiver = signature.receiver().cloned();
        if let Some(receiver) = &receiver {
            let by_reference =
                matches!(&receiver.kind, syn::ReceiverKind::Reference(_, None, None));
            if !by_reference {
                let wrong = format!(
                    "a handler cannot take `{}`: requests share the controller",
                    written(receiver)
                );
                errors.push(receiver, &wrong, "write `&self`");
            }
            signature.inputs = std::mem::take(&mut signature.inputs)
                .into_iter()
                .skip(1)
                .collect();
        }
        let name = signature.ident.unraw();
        let mut marker = format_ident!("__route_{name}", span = Span::call_site());
        // Two of one name, of which `#[cfg]` leaves one.
        if self
            .routes
            .iter()
            .any(|other| *other.function.marker() == marker)
        {
            marker = format_ident!("__route_{}_{name}", self.routes.len());
        }
        function.method = Some(Method {
            of: (*self.head.self_ty).clone(),
            controller: self.name.unraw().to_string(),
            marker,
            receiver,
            place: attribute.span(),
        });
        self.routes.push(Decorated {
            attribute,
            function,
        });
    }
}

/// What stands in the parentheses of an attribute.
pub(crate) fn arguments(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(named) => named.value.to_token_stream(),
    }
}

/// The `impl` without what is in its braces, and that.
fn head(item: &TokenStream) -> Option<(ItemImpl, TokenStream)> {
    let mut tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let TokenTree::Group(braces) = block(tokens.pop()?)? else {
        return None;
    };
    let head = ungrouped(tokens.into_iter().collect());
    let mut head: ItemImpl = syn::parse2(quote!(#head {})).ok()?;
    let inside = |input: ParseStream<'_>| {
        Ok((
            input.call(Attribute::parse_inner)?,
            input.parse::<TokenStream>()?,
        ))
    };
    let (attributes, items) = inside.parse2(braces.stream()).ok()?;
    let outer = |attribute| Attribute {
        style: AttrStyle::Outer,
        ..attribute
    };
    head.attrs.extend(attributes.into_iter().map(outer));
    head.attrs = expecting_nothing(head.attrs);
    Some((head, items))
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
            // A block in the signature is a constant parameter.
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
    items.retain(|item| !item.is_empty());
    items
}

/// A type that borrows, as one that does not; a function borrows only when it is called.
fn lasting(ty: &Type) -> Option<Type> {
    let text = written(ty);
    let lasting = text
        .replace("'_", "'static")
        .replace('&', "&'static ")
        .replace("&'static '", "&'");
    let borrows = lasting != text && !text.contains("fn") && !text.contains("Fn");
    borrows.then(|| syn::parse_str(&lasting).ok()).flatten()
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
    errors.push(place, &wrong, &help);
    let meant = meant.map(|(mut generics, name)| {
        let (_, parameters, _) = generics.split_for_impl();
        let ty = quote!(#name #parameters);
        for parameter in generics.type_params_mut() {
            parameter.default = None;
        }
        self::meant(&generics, &ty)
    });
    Other { item, meant }
}
