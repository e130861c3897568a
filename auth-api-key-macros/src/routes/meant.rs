//! What to write in a list instead of something that is not a name.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Expr, ExprCall, ExprField, ExprTuple, LitStr, Member, Token, TypePath, UseTree,
    parse::{ParseStream, Parser},
};

use crate::{
    route::options::METHODS,
    tokens::{as_text, string},
};

pub(super) fn meant(tokens: &TokenStream) -> Option<String> {
    if let Ok(tree @ (UseTree::Path(_) | UseTree::Group(_))) = syn::parse2(tokens.clone()) {
        let names = names_below(&tree, "");
        return Some(match names {
            Some(names) => format!("write `{}`", names.join(", ")),
            None => "write each name, such as `shop::orders`".to_owned(),
        });
    }
    if let Some(above) = as_text(tokens).strip_suffix("::") {
        return Some(format!(
            "write the name that follows, such as `{above}::my_service`"
        ));
    }
    if let Ok(prefix) = syn::parse2::<LitStr>(tokens.clone()) {
        return by_a_prefix(&prefix);
    }
    if let Ok(name) = name_behind_a_path.parse2(tokens.clone()) {
        return Some(format!(
            "write `{}`: the path is in its attribute",
            as_text(name)
        ));
    }
    if let Ok(name) = name_beside_options.parse2(tokens.clone()) {
        return Some(format!(
            "write `{}`: the path and the options are in its attribute",
            as_text(name)
        ));
    }
    match &syn::parse2(tokens.clone()).ok()? {
        chain @ Expr::MethodCall(_) => {
            let names = handlers(chain)?.join(", ");
            Some(format!(
                "write `{names}`: the attributes of the routes have the methods"
            ))
        }
        Expr::Call(call) => by_a_call(call),
        list @ Expr::Macro(called) if called.mac.path.is_ident("routes") => Some(merged(list)),
        Expr::Range(list) => list.end.as_ref().map(merged),
        Expr::Field(field) => by_a_field(field),
        Expr::Tuple(tuple) => by_a_tuple(tuple),
        Expr::Reference(reference) => name(&reference.expr),
        Expr::Paren(paren) => name(&paren.expr),
        _ => None,
    }
}

/// The names in a tree such as `shop::{orders, users}`, each with its path. `None` if the tree has
/// something else.
fn names_below(tree: &UseTree, above: &str) -> Option<Vec<String>> {
    match tree {
        UseTree::Path(path) => names_below(&path.tree, &format!("{above}{}::", path.ident)),
        UseTree::Name(name) => Some(vec![format!("{above}{}", name.ident)]),
        UseTree::Group(group) => {
            let names = group.items.iter().map(|tree| names_below(tree, above));
            Some(names.collect::<Option<Vec<_>>>()?.concat())
        }
        UseTree::Rename(_) | UseTree::Glob(_) => None,
    }
}

/// `"/api"`, which is meant for the paths of the list.
fn by_a_prefix(prefix: &LitStr) -> Option<String> {
    match prefix.value().as_str() {
        "/" => Some("delete it: each path is in the attribute of its route".to_owned()),
        _ if is_a_prefix(prefix) => Some(format!(
            "for a prefix, delete it and mount the list by `.nest({}, routes![…].into())`",
            as_text(prefix)
        )),
        _ => None,
    }
}

fn is_a_prefix(prefix: &LitStr) -> bool {
    let path = prefix.value();
    path.len() > 1 && path.starts_with('/') && !path.contains("{*")
}

/// The name in `"/orders" => orders` and in `"/orders": orders`.
fn name_behind_a_path(input: ParseStream<'_>) -> syn::Result<TypePath> {
    input.parse::<LitStr>()?;
    while input.parse::<Option<Token![=>]>>()?.is_some()
        || input.parse::<Option<Token![:]>>()?.is_some()
    {}
    input.parse()
}

/// The name in `orders => "none"`, in `orders: [..]` and in `get => orders`.
fn name_beside_options(input: ParseStream<'_>) -> syn::Result<TypePath> {
    let name = input.parse()?;
    if input.parse::<Option<Token![=>]>>()?.is_none() {
        input.parse::<Token![:]>()?;
    }
    let beside: TokenStream = input.parse()?;
    if let Ok(handler) = syn::parse2(beside.clone()) {
        return Ok(handler);
    }
    match syn::parse2(beside)? {
        Expr::Lit(_) | Expr::Array(_) | Expr::Tuple(_) => Ok(name),
        other => Err(syn::Error::new_spanned(other, "not an option")),
    }
}

/// `shop.orders`
fn by_a_field(field: &ExprField) -> Option<String> {
    let (Expr::Path(controller), Member::Named(route)) = (&*field.base, &field.member) else {
        return None;
    };
    let variable = controller.path.get_ident()?.to_string();
    Some(match variable.starts_with(char::is_uppercase) {
        true => format!("write `{variable}::{route}`"),
        false if variable == "self" => format!("write `Self::{route}`"),
        false => format!(
            "write the type of `{variable}` in its place, as in `Shop::{route}`, or the type alone for all routes"
        ),
    })
}

/// `("/api", Shop)`
fn by_a_tuple(tuple: &ExprTuple) -> Option<String> {
    let mut elements = tuple.elems.iter();
    let prefix = elements.next().and_then(string)?;
    let names = elements.map(|element| matches!(element, Expr::Path(_)).then(|| as_text(element)));
    let names = names.collect::<Option<Vec<_>>>()?.join(", ");
    is_a_prefix(prefix).then(|| {
        let prefix = as_text(prefix);
        format!(
            "for a prefix, delete it and mount another list by `.nest({prefix}, routes![{names}].into())`"
        )
    })
}

/// `get(orders)`, `routes()`, `Shop::new()`
fn by_a_call(call: &ExprCall) -> Option<String> {
    let Expr::Path(called) = &*call.func else {
        return None;
    };
    let segments = &called.path.segments;
    let last = segments.last()?.ident.to_string().to_uppercase();
    match call.args.first() {
        Some(handler) if METHODS.contains(&last.as_str()) || last == "ANY" => return name(handler),
        None if last == "ROUTES" => return Some(merged(call)),
        None if last == "ROUTER" => {
            return Some(format!(
                "merge it into the router: `Router::from(routes![…]).merge({})`",
                as_text(call)
            ));
        }
        _ => {}
    }
    let above = segments.iter().rev().nth(1).map(|of| &of.ident);
    if let Some(of) = above.filter(|of| of.to_string().starts_with(char::is_uppercase)) {
        // `Shop::new()` gives a controller: its name is `Shop`.
        return Some(format!("write `{of}`"));
    }
    if !call.args.is_empty() {
        return name(&call.func);
    }
    let (name, list) = (as_text(&call.func), as_text(call));
    let merged = format!("`routes![…].merge({list})`");
    Some(match above {
        None => format!("write `{name}`; a list of routes is merged: {merged}"),
        // What another module gives by a call is a list, most often.
        Some(_) => format!(
            "merge a list of routes: {merged}; if `{name}` is a route, delete the parentheses"
        ),
    })
}

fn merged(list: impl ToTokens) -> String {
    format!(
        "merge the other list: `routes![…].merge({})`",
        as_text(list)
    )
}

fn name(expr: &Expr) -> Option<String> {
    let is_name = matches!(expr, Expr::Path(_));
    is_name.then(|| format!("write `{}`", as_text(expr)))
}

/// The handlers of `get(orders).post(create)`.
fn handlers(expr: &Expr) -> Option<Vec<String>> {
    let (mut before, method, handler) = match expr {
        Expr::MethodCall(call) => (
            handlers(&call.receiver)?,
            call.method.to_string(),
            call.args.first()?,
        ),
        Expr::Call(call) => match &*call.func {
            Expr::Path(called) => (
                Vec::new(),
                called.path.segments.last()?.ident.to_string(),
                call.args.first()?,
            ),
            _ => return None,
        },
        _ => return None,
    };
    let is_method = method == "any" || METHODS.contains(&method.to_uppercase().as_str());
    let is_handler = is_method && matches!(handler, Expr::Path(_));
    before.push(as_text(handler));
    is_handler.then_some(before)
}
