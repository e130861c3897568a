//! Arguments whose pattern takes several names of the path, although each name must be an argument by itself.

use syn::{Pat, PatTuple, PatTupleStruct, PatType, Type, TypeTuple};

use super::names::{Names, name_of};
use crate::{
    errors::Mistake,
    route::validate::path::name::as_identifier,
    tokens::as_text,
    types::{is_a_value, named, only_type_argument},
};

/// The names that the pattern takes, and the mistake.
pub(super) struct TakenApart {
    pub(super) names: Vec<String>,
    pub(super) mistake: Mistake,
}

impl TakenApart {
    pub(super) fn of(argument: &PatType, names: &Names<'_>) -> Option<Self> {
        match (&*argument.pat, &*argument.ty) {
            (Pat::Tuple(pattern), Type::Tuple(types))
                if pattern.elems.len() == types.elems.len() =>
            {
                of_a_tuple(pattern, types, names)
            }
            (Pat::TupleStruct(wrapper), ty) => match wrapper.elems.first() {
                Some(Pat::Tuple(pattern)) => of_a_tuple_in_path(pattern, ty, names),
                Some(_) if wrapper.elems.len() == 1 => of_a_wrapper(wrapper, ty, names),
                _ => None,
            },
            _ => None,
        }
    }

    /// If the path has all these names, says which arguments to write.
    fn if_all_are_named<'a>(
        apart: Vec<String>,
        types: impl IntoIterator<Item = &'a Type>,
        wrong: String,
        names: &Names<'_>,
    ) -> Option<Self> {
        if apart.is_empty() || !apart.iter().all(|name| names.is_named(name)) {
            return None;
        }
        let arguments: Vec<String> = apart
            .iter()
            .zip(types)
            .map(|(name, ty)| format!("{}: {}", as_identifier(name), as_text(ty)))
            .collect();
        let help = format!("write `{}`", arguments.join(", "));
        Some(Self {
            names: apart,
            mistake: Mistake::new(wrong, help),
        })
    }
}

/// `(shop, id): (String, i64)`
fn of_a_tuple(pattern: &PatTuple, types: &TypeTuple, names: &Names<'_>) -> Option<TakenApart> {
    let apart = each_name(pattern)?;
    let pattern = as_text(pattern);
    let wrong = format!("each name of the path is an argument, and `{pattern}` is one argument");
    let captures = &names.paths.first()?.captures;
    let is_other = !apart.iter().any(|name| names.is_named(name));
    if is_other && captures.len() == apart.len() && types.elems.iter().all(is_a_value) {
        let help = format!("write `Path({pattern}): Path<{}>`", as_text(types));
        return Some(TakenApart {
            names: captures.clone(),
            mistake: Mistake::new(wrong, help),
        });
    }
    TakenApart::if_all_are_named(apart, &types.elems, wrong, names)
}

/// `Path((page, size)): Path<(u32, u32)>` of `?page&size`
fn of_a_tuple_in_path(pattern: &PatTuple, ty: &Type, names: &Names<'_>) -> Option<TakenApart> {
    let Type::Tuple(types) = named(ty, &["Path"]).and_then(only_type_argument)? else {
        return None;
    };
    let apart = each_name(pattern)?;
    let query = apart.iter().find(|name| names.query.contains(name))?;
    let wrong = format!("`?{query}` is a query parameter, and `Path` reads captures");
    TakenApart::if_all_are_named(apart, &types.elems, wrong, names)
}

/// `Path(page): Path<u32>` of `?page`
fn of_a_wrapper(wrapper: &PatTupleStruct, ty: &Type, names: &Names<'_>) -> Option<TakenApart> {
    let name = name_of(wrapper.elems.first()?)?;
    let taker = named(ty, &["Path", "Query", "Json", "Form"])?;
    let inner = only_type_argument(taker)?;
    let value = named(inner, &["Option", "Vec"]).and_then(only_type_argument);
    let what = match names.is_captured(&name) {
        true => format!("`{{{name}}}` is a capture"),
        false => format!("`?{name}` is a query parameter"),
    };
    let reads = match (taker.ident.to_string().as_str(), names.is_captured(&name)) {
        ("Path", true) => return None,
        ("Path", false) => "captures",
        ("Query", true) => "the query string",
        ("Query", false) => "all names of the query string",
        _ => "the body",
    };
    let wrong = format!("{what}, and `{}` reads {reads}", taker.ident);
    match is_a_value(value.unwrap_or(inner)) {
        true => TakenApart::if_all_are_named(vec![name], [inner], wrong, names),
        false => None,
    }
}

fn each_name(pattern: &PatTuple) -> Option<Vec<String>> {
    pattern.elems.iter().map(name_of).collect()
}
