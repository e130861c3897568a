//! Options whose value is a list.

use proc_macro2::TokenStream;
use syn::{Expr, ExprPath};

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
    let help = match (methods.flatten(), syn::parse2::<ExprPath>(value.clone())) {
        (None, Ok(_)) => of_a_constant(option, value),
        (Some(methods), _) => format!("write `{name} = [{methods}]`"),
        (None, Err(_)) => {
            let meant = list_meant(value, option.separators());
            format!("write `{name} = [{meant}]`")
        }
    };
    errors.push(value, format!("`{name}` must be a list"), help);
    Given::Mistaken
}

/// What to write instead of a constant, whose value the macro cannot see.
fn of_a_constant(option: OptionName, constant: &TokenStream) -> String {
    let defined = option.defined();
    let (name, example, constant) = (defined.name, defined.example, as_written(constant));
    if option != OptionName::Groups {
        return format!("write its values here, as in `{name} = {example}`");
    }
    let (one, all) = (
        format!("`{name} = [{constant}]`"),
        format!("`{name} = {example}`"),
    );
    match constant.ends_with(['s', 'S']) {
        true => {
            format!("write each code here, as in {all}; if `{constant}` is one code, write {one}")
        }
        false => {
            format!("write {one}; if `{constant}` is a list, write each code here, as in {all}")
        }
    }
}
