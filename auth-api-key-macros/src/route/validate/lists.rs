//! Options whose value is a list.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, ExprPath};

use crate::{
    errors::{Errors, Mistake},
    route::{
        model::{Attribute, Given, OptionName, Written},
        options::methods_meant,
    },
    tokens::{array, as_text, list_meant},
};

/// The elements of an option whose value is a list.
pub(super) fn list(
    attribute: &Attribute,
    option: OptionName,
    errors: &mut Errors,
) -> Given<Vec<Expr>> {
    attribute.option(option).and_then(|written| {
        let list = array(&written.value, errors);
        let elements = match list {
            Some(list) => Ok(list.elems.into_iter().collect()),
            None => Err(not_a_list(option, written)),
        };
        Given::value_or_mistaken(errors.value_or_report(&written.value, elements))
    })
}

/// Reads each element of a list, and notes the mistakes. `read` also gets the values before it.
pub(super) fn each<E: ToTokens, T>(
    elements: impl IntoIterator<Item = E>,
    read: impl Fn(&E, &[T]) -> Result<T, Mistake>,
    errors: &mut Errors,
) -> Vec<T> {
    let mut values = Vec::new();
    for element in elements {
        let value = read(&element, &values);
        values.extend(errors.value_or_report(&element, value));
    }
    values
}

/// What to write instead of a value that is not a list.
fn not_a_list(option: OptionName, Written { name, value }: &Written) -> Mistake {
    let methods = (option == OptionName::Methods).then(|| methods_meant(&as_text(value)));
    let help = match (methods.flatten(), syn::parse2::<ExprPath>(value.clone())) {
        (None, Ok(_)) => of_a_constant(option, value),
        (Some(methods), _) => format!("write `{name} = [{methods}]`"),
        (None, Err(_)) => {
            let meant = list_meant(value, option.separators());
            format!("write `{name} = [{meant}]`")
        }
    };
    Mistake::new(format!("`{name}` must be a list"), help)
}

/// What to write instead of a constant, whose value the macro cannot see.
fn of_a_constant(option: OptionName, constant: &TokenStream) -> String {
    let defined = option.defined();
    let (name, example, constant) = (defined.name, defined.example, as_text(constant));
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
