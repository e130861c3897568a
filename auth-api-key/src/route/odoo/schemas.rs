//! What documents say of the types of this module.

use std::{borrow::Cow, collections::BTreeMap, fmt::Display};

use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{
        Content, KnownFormat, Object, RefOr, Response, ResponseBuilder, Schema, SchemaFormat, Type,
    },
};

use super::{
    answers::FileResponse,
    arguments::Upload,
    converters::{Float, Int, Slug, Text},
};

macro_rules! schemas {
    ($([$($parameter:tt)*] $ty:ty: $name:expr, $of:ident $(.$method:ident($argument:expr))*;)*) => {
        $(
            impl<$($parameter)*> PartialSchema for $ty {
                fn schema() -> RefOr<Schema> {
                    Object::builder().schema_type(Type::$of)$(.$method($argument))*.into()
                }
            }

            impl<$($parameter)*> ToSchema for $ty {
                fn name() -> Cow<'static, str> {
                    $name.into()
                }
            }
        )*
    };
}

schemas! {
    [const MIN: i64, const MAX: i64] Int<MIN, MAX>: named("Int", (MIN, MAX), (i64::MIN, i64::MAX)),
        Integer.minimum(isize::try_from(MIN).ok()).maximum(isize::try_from(MAX).ok());
    [] Float: "Float", Number.minimum(Some(0));
    [] Slug: "Slug", String.pattern(Some("^(.*-)?[0-9]+$"));
    [const MIN: usize, const MAX: usize] Text<MIN, MAX>: named("Text", (MIN, MAX), (1, usize::MAX)),
        String.min_length(Some(MIN)).max_length(Some(MAX).filter(|max| *max < usize::MAX));
    [] Upload: "Upload",
        String.format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
}

/// Types with other bounds have other names.
fn named<T: Display + PartialEq>(name: &str, bounds: (T, T), usual: (T, T)) -> String {
    match bounds == usual {
        true => name.to_owned(),
        false => format!("{name}_{}_{}", bounds.0, bounds.1),
    }
}

impl IntoResponses for FileResponse {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let file = Content::new(Some(Upload::schema()));
        let file = ResponseBuilder::new()
            .description("The file.")
            .content("*/*", file);
        let known = Response::new("The client has it already.");
        BTreeMap::from([
            ("200".to_owned(), file.build().into()),
            ("304".to_owned(), known.into()),
        ])
    }
}
