//! Types of arguments that cannot be read from a text of a request.

use syn::Type;

use crate::{
    errors::Mistake,
    route::model::Path,
    tokens::as_text,
    types::{is_a_value, named, only_type_argument},
};

/// Types that hold many values.
const MANY: [&str; 11] = [
    "Vec",
    "VecDeque",
    "LinkedList",
    "HashSet",
    "BTreeSet",
    "IndexSet",
    "HashMap",
    "BTreeMap",
    "IndexMap",
    "Result",
    "Option",
];

/// What is wrong, and the part of the type that is wrong.
type Unreadable<'a> = Result<(), (&'a Type, Mistake)>;

/// The argument for a capture: one text.
pub(super) fn capture<'a>(ty: &'a Type, name: &str) -> Unreadable<'a> {
    let ty = named(ty, &["Option"])
        .and_then(only_type_argument)
        .unwrap_or(ty);
    if takes_one(ty) {
        return Ok(());
    }
    let wrong = format!(
        "`{{{name}}}` is one text, and `{}` cannot be read from it",
        as_text(ty)
    );
    let help = match named(ty, &["Vec"]) {
        Some(_) => {
            "write `String`, and split it in the body; or name it after `?`, where it may be \
                    repeated"
        }
        None => "write a type that one text can be read into, such as `String`",
    };
    Err((ty, Mistake::new(wrong, help)))
}

/// The argument for a query parameter: a text, which may be repeated or missing.
pub(super) fn query<'a>(ty: &'a Type, name: &str) -> Unreadable<'a> {
    let optional = named(ty, &["Option"]).and_then(only_type_argument);
    if let Some(inner) = optional.filter(|inner| named(inner, &["Vec", "Option"]).is_some()) {
        let wrong = match named(inner, &["Vec"]) {
            Some(_) => "a `Vec` is empty if the parameter is missing",
            None => "an `Option` in an `Option` says nothing more",
        };
        let help = format!("write `{}`", as_text(inner));
        return Err((ty, Mistake::new(wrong, help)));
    }
    let repeated = named(ty, &["Vec"]).and_then(only_type_argument);
    if let Some(inner) = repeated
        .and_then(|of| named(of, &["Option"]))
        .and_then(only_type_argument)
    {
        let wrong = "a `Vec` is empty if the parameter is missing";
        let help = format!("write `Vec<{}>`", as_text(inner));
        return Err((ty, Mistake::new(wrong, help)));
    }
    let value = optional.or(repeated).unwrap_or(ty);
    if takes_one(value) {
        return Ok(());
    }
    let wrong = format!(
        "`?{name}` is one text, and `{}` cannot be read from it",
        as_text(value)
    );
    let help = match (value, named(value, &["HashMap", "BTreeMap", "IndexMap"])) {
        (Type::Tuple(_) | Type::Array(_), _) => {
            "name each value in the path, and write an argument for it, such as `?lat&lon`"
                .to_owned()
        }
        (_, Some(_)) => format!(
            "take `Query({name}): Query<{}>` for all parameters, and delete `{name}` in the path",
            as_text(value)
        ),
        _ => "write a type that one text can be read into, such as `String`; a `Vec` of it may be \
              repeated"
            .to_owned(),
    };
    Err((value, Mistake::new(wrong, help)))
}

/// Whether it is a file of a form, or several.
pub(super) fn is_a_file(ty: &Type) -> bool {
    let inner = named(ty, &["Option", "Vec"]).and_then(only_type_argument);
    named(inner.unwrap_or(ty), &["Upload"]).is_some()
}

pub(super) fn file() -> Mistake {
    let wrong = "an `Upload` is in a form, and this route reads only the query string";
    Mistake::new(
        wrong,
        "write `type = \"form\"`; a type of yours needs another name",
    )
}

/// Whether one text may be read into the type. The macro does not know what other names stand for.
fn takes_one(ty: &Type) -> bool {
    match ty {
        Type::Path(_) => named(ty, &MANY).is_none(),
        Type::Tuple(_) | Type::Array(_) | Type::Slice(_) => false,
        _ => true,
    }
}

/// `Query<…>`, which takes names and values.
pub(super) fn query_string(ty: &Type) -> Result<(), Mistake> {
    let inner = named(ty, &["Query"]).and_then(only_type_argument);
    let Some(inner) = inner.filter(|inner| {
        let of_many = named(inner, &["Vec", "Option"]).and_then(only_type_argument);
        is_a_value(of_many.unwrap_or(inner))
    }) else {
        return Ok(());
    };
    let wrong = format!("a query string has names, and `{}` takes none", as_text(ty));
    let help = format!(
        "name it in the path, as in `?lang`, and take `lang: {}`",
        as_text(inner)
    );
    Err(Mistake::new(wrong, help))
}

/// `Path<…>`, which takes all captures of the path: as many as there are.
pub(super) fn captures(ty: &Type, path: &Path) -> Result<(), Mistake> {
    let Some(inner) = named(ty, &["Path"]).and_then(only_type_argument) else {
        return Ok(());
    };
    let taken = match inner {
        Type::Tuple(tuple) => tuple.elems.len(),
        _ if is_a_value(inner) => 1,
        _ => return Ok(()),
    };
    let names = &path.captures;
    if taken == names.len() {
        return Ok(());
    }
    let wrong = match names.len() {
        0 => format!("the path `{}` captures nothing", path.route),
        many => format!(
            "the path has {}, and `{}` takes {taken}",
            if many == 1 {
                "one capture".to_owned()
            } else {
                format!("{many} captures")
            },
            as_text(ty)
        ),
    };
    let arguments: Vec<String> = names
        .iter()
        .map(|name| format!("`{name}: String`"))
        .collect();
    let help = match names.len() {
        0 => "delete it, or write the capture into the path, as in `/partner/{id}`".to_owned(),
        _ => format!(
            "write an argument for each, such as {}",
            arguments.join(", ")
        ),
    };
    Err(Mistake::new(wrong, help))
}
