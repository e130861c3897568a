//! Extractors that read the body, which is read once, after all else.

use syn::Type;

use super::names::{Input, Names};
use crate::{
    errors::{Errors, Mistake},
    route::model::{Argument, Source},
    tokens::as_text,
    types::{READERS, first_type_argument, is_extractor, named, reads_the_body},
};

pub(super) fn bodies(names: &Names<'_>, arguments: &[Argument], errors: &mut Errors) {
    let mut last = arguments.iter();
    let Some(last) = last.find(|argument| matches!(argument.source, Source::Last)) else {
        return;
    };
    let is_other = |(input, argument): &(&Input<'_>, &Argument)| {
        matches!(argument.source, Source::Extractor)
            && (reads(&argument.ty) || is_extractor(input.typed, &READERS))
    };
    for (_, other) in names.inputs.iter().zip(arguments).filter(is_other) {
        errors.add(&other.ty, too_early(&other.ty, &last.ty));
    }
}

/// Reports extractors that read the body beside a form, which reads it for the names after `?`.
pub(super) fn beside_a_form(arguments: &[Argument], errors: &mut Errors) {
    let extractors = arguments
        .iter()
        .filter(|argument| matches!(argument.source, Source::Extractor));
    for reader in extractors.filter(|argument| reads(&argument.ty)) {
        let wrong = format!(
            "`{}` reads the body, which is the form on a route with `type = \"form\"`",
            as_text(&reader.ty)
        );
        let help = "name what the form has after the path, as in `\"/path?name\"`, or delete \
                    `type = \"form\"`";
        errors.add(&reader.ty, Mistake::new(wrong, help));
    }
}

/// Whether a type, maybe in an `Option` or a `Result`, reads the body.
fn reads(ty: &Type) -> bool {
    let inner = named(ty, &["Option", "Result"]).and_then(first_type_argument);
    named(inner.unwrap_or(ty), &READERS).is_some()
}

fn too_early(other: &Type, last: &Type) -> Mistake {
    let both = reads_the_body(last);
    let (other, last) = (as_text(other), as_text(last));
    match both {
        true => Mistake::new(
            format!("`{other}` and `{last}` both read the body, which can be read once"),
            "take one of the two; `Bytes` alone gives the whole body",
        ),
        false => Mistake::new(
            format!("`{other}` reads the body, which must be read last"),
            "move it to the end of the arguments",
        ),
    }
}
