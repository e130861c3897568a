//! Options whose value is a list.

use syn::Expr;

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
    let meant = methods.flatten().unwrap_or_else(|| list_meant(value));
    let help = format!("write `{name} = [{meant}]`");
    errors.push(value, format!("`{name}` must be a list"), help);
    Given::Mistaken
}
