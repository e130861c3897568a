//! Options whose value is a list.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Expr, LitStr};

use crate::{
    errors::Errors,
    route::{
        model::{Attribute, Given, OptionName, Written},
        options::methods_meant,
    },
    tokens::{array, list_meant, written as as_written},
};

/// The elements of an option whose value is a list.
pub(super) fn list(
    attribute: &Attribute,
    option: OptionName,
    errors: &mut Errors,
) -> Given<Vec<Expr>> {
    let Written { name, value } = match attribute.option(option) {
        Given::Absent => return Given::Absent,
        Given::Mistaken => return Given::Mistaken,
        Given::Value(written) => written,
    };
    if let Some(list) = array(value, errors) {
        return Given::Value(list.elems.into_iter().collect());
    }
    let methods = (option == OptionName::Methods).then(|| methods_meant(&as_written(value)));
    let meant = methods.flatten().or_else(|| in_one_text(value));
    let meant = meant.unwrap_or_else(|| list_meant(value));
    let help = match syn::parse2::<syn::Path>(value.clone()) {
        Ok(path) if option == OptionName::Groups => format!(
            "write `{name} = [{meant}]` if `{}` is one code, and otherwise each code by itself: \
             `{name} = [\"shop\", \"staff\"]`",
            as_written(path)
        ),
        _ => format!("write `{name} = [{meant}]`"),
    };
    errors.push(value, format!("`{name}` must be a list"), help);
    Given::Mistaken
}

/// The entries of `"shop, staff"`, and of `"shop" | "staff"`.
fn in_one_text(value: &TokenStream) -> Option<String> {
    let mut each = Vec::new();
    for token in value.clone() {
        match token {
            TokenTree::Punct(bar) if bar.as_char() == '|' => {}
            text => {
                let text = syn::parse2::<LitStr>(text.into()).ok()?.value();
                each.extend(text.split(',').map(|part| part.trim().to_owned()));
            }
        }
    }
    (each.len() > 1).then(|| format!("\"{}\"", each.join("\", \"")))
}
