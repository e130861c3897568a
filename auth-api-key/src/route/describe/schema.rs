//! The schema of a type: what utoipa knows, and types of std and others by their names.

use std::any::type_name;

use utoipa::{
    ToSchema,
    openapi::{
        Array, KnownFormat, Object, OneOfBuilder, Ref, RefOr, Schema, SchemaFormat, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{AdditionalProperties, SchemaType},
    },
};

/// What an argument reads, or what an answer writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// It is not known.
    Unknown,
    /// Nothing that a document shows.
    Nothing,
    /// A content of this type.
    Content(&'static str),
    /// A form: the body, or the query string of a `GET` request.
    Form,
    /// A form, with files if it is a body.
    Kwargs,
    /// The query string.
    Query,
}

/// What is known of a type.
pub struct TypeInfo {
    pub(crate) read: Read,
    pub(crate) is_optional: bool,
    /// Whether the status is the developer's own.
    pub(crate) has_any_status: bool,
    pub(crate) schema: RefOr<Schema>,
    pub(super) components: Vec<(String, RefOr<Schema>)>,
    pub(super) type_name: &'static str,
}

impl TypeInfo {
    /// A type with a schema.
    pub(super) fn with_schema<T: ToSchema>() -> Self {
        // More exact than utoipa's, which has no bounds.
        if let Some(schema) = named(type_name::<T>()) {
            return Self::new::<T>(schema.into(), Vec::new());
        }
        let (schema, mut components) = (T::schema(), Vec::new());
        T::schemas(&mut components);
        let schema = match schema {
            RefOr::T(schema) if is_component::<T>(&schema) => {
                let name = component_name::<T>();
                let reference = Ref::from_schema_name(name.as_str());
                components.push((name, RefOr::T(schema)));
                RefOr::Ref(reference)
            }
            schema => schema,
        };
        Self::new::<T>(schema, components)
    }

    /// A type that may be known by its name.
    pub(super) fn by_name<T: ?Sized>() -> Self {
        let schema = named(type_name::<T>()).unwrap_or_else(any_value);
        Self::new::<T>(schema.into(), Vec::new())
    }

    fn new<T: ?Sized>(schema: RefOr<Schema>, components: Vec<(String, RefOr<Schema>)>) -> Self {
        Self {
            read: Read::Unknown,
            is_optional: false,
            has_any_status: false,
            schema,
            components,
            type_name: type_name::<T>(),
        }
    }

    pub(super) fn or_null(mut self) -> Self {
        let null = Object::with_type(Type::Null);
        self.schema = OneOfBuilder::new().item(null).item(self.schema).into();
        self
    }

    pub(super) fn in_array(mut self) -> Self {
        self.schema = Array::new(self.schema).into();
        self
    }

    /// Without the path.
    pub(crate) fn type_name(&self) -> String {
        short(self.type_name)
    }

    /// Its fields as parameters of the query string.
    pub(crate) fn properties(
        &self,
        components: &[(String, RefOr<Schema>)],
    ) -> Option<Vec<Parameter>> {
        let schema = match &self.schema {
            RefOr::T(schema) => schema,
            RefOr::Ref(reference) => {
                let name = reference.ref_location.rsplit('/').next()?;
                let (_, schema) = components.iter().find(|(known, _)| known == name)?;
                match schema {
                    RefOr::T(schema) => schema,
                    RefOr::Ref(_) => return None,
                }
            }
        };
        let Schema::Object(object) = schema else {
            return None;
        };
        if object.properties.is_empty() {
            return None;
        }
        let parameter = |(name, schema): (&String, &RefOr<Schema>)| {
            let is_required = object.required.contains(name);
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(required(is_required))
                .schema(Some(schema.clone()))
                .build()
        };
        Some(object.properties.iter().map(parameter).collect())
    }
}

pub(crate) fn required(is_required: bool) -> utoipa::openapi::Required {
    match is_required {
        true => utoipa::openapi::Required::True,
        false => utoipa::openapi::Required::False,
    }
}

/// Whether a schema has a name of its own in the document.
fn is_component<T: ?Sized>(schema: &Schema) -> bool {
    let is_foreign = ["alloc::", "std::", "core::", "serde_json::", "("]
        .iter()
        .any(|start| type_name::<T>().starts_with(start));
    let is_plain = match schema {
        Schema::Array(_) => true,
        Schema::Object(object) => {
            let is_object = object.schema_type == SchemaType::Type(Type::Object);
            !is_object && object.enum_values.is_none()
        }
        _ => false,
    };
    !is_foreign && !is_plain
}

/// `Order`, and `Page_Order` for a `Page<Order>`.
fn component_name<T: ToSchema>() -> String {
    let full = type_name::<T>();
    let arguments = full.split_once('<').map(|(_, rest)| rest);
    let arguments = arguments.map(|rest| rest.trim_end_matches('>'));
    let arguments = arguments.into_iter().flat_map(|rest| rest.split(','));
    let arguments = arguments.filter(|argument| !argument.trim().starts_with('\''));
    arguments.fold(T::name().into_owned(), |name, argument| {
        let argument =
            short(argument.trim()).replace(['<', '>', ' ', '&', '[', ']', '(', ')'], "_");
        format!("{name}_{argument}")
    })
}

/// A type's name without paths.
fn short(name: &str) -> String {
    let mut shortened = String::new();
    let mut segment = String::new();
    for character in name.chars() {
        match character {
            ':' => segment.clear(),
            '<' | '>' | ',' | ' ' | '(' | ')' | '&' | '[' | ']' | ';' => {
                shortened.push_str(&segment);
                segment.clear();
                shortened.push(character);
            }
            _ => segment.push(character),
        }
    }
    shortened + &segment
}

/// `{}`, which is any value.
pub(crate) fn any_value() -> Schema {
    Object::with_type(SchemaType::AnyValue).into()
}

/// The schema of a type that has none, if its name is one of those that everybody knows.
fn named(name: &str) -> Option<Schema> {
    let text = |format: SchemaFormat| {
        Object::builder()
            .schema_type(Type::String)
            .format(Some(format))
            .build()
            .into()
    };
    let plain = |of: Type| Object::with_type(of).into();
    Some(match name {
        "bool" => plain(Type::Boolean),
        "alloc::string::String" | "str" | "&str" | "alloc::boxed::Box<str>" => plain(Type::String),
        "char" => Object::builder()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(1))
            .into(),
        "f32" | "f64" => plain(Type::Number),
        "u8" => whole(Some(0), Some(u8::MAX.into())),
        "u16" => whole(Some(0), isize::try_from(u16::MAX).ok()),
        "u32" => whole(Some(0), isize::try_from(u32::MAX).ok()),
        "u64" | "usize" => match usize::try_from(u64::MAX) {
            Ok(maximum) => Object::builder()
                .schema_type(Type::Integer)
                .minimum(Some(0_usize))
                .maximum(Some(maximum))
                .into(),
            Err(_) => whole(Some(0), None),
        },
        "u128" => whole(Some(0), None),
        "i8" => whole(Some(i8::MIN.into()), Some(i8::MAX.into())),
        "i16" => whole(Some(i16::MIN.into()), Some(i16::MAX.into())),
        "i32" => whole(
            isize::try_from(i32::MIN).ok(),
            isize::try_from(i32::MAX).ok(),
        ),
        "i64" | "isize" => whole(
            isize::try_from(i64::MIN).ok(),
            isize::try_from(i64::MAX).ok(),
        ),
        "i128" => plain(Type::Integer),
        "core::net::ip_addr::Ipv4Addr" => text(SchemaFormat::KnownFormat(KnownFormat::Ipv4)),
        "core::net::ip_addr::Ipv6Addr" => text(SchemaFormat::KnownFormat(KnownFormat::Ipv6)),
        "std::path::PathBuf" | "core::net::ip_addr::IpAddr" => plain(Type::String),
        "uuid::Uuid" => text(SchemaFormat::Custom("uuid".to_owned())),
        "jiff::timestamp::Timestamp" => text(SchemaFormat::KnownFormat(KnownFormat::DateTime)),
        "jiff::civil::date::Date" | "chrono::naive::date::NaiveDate" => {
            text(SchemaFormat::KnownFormat(KnownFormat::Date))
        }
        "jiff::zoned::Zoned"
        | "jiff::civil::datetime::DateTime"
        | "jiff::civil::time::Time"
        | "jiff::span::Span"
        | "chrono::naive::datetime::NaiveDateTime"
        | "chrono::naive::time::NaiveTime" => plain(Type::String),
        "axum::extract::multipart::Multipart" => plain(Type::Object),
        "serde_json::map::Map<alloc::string::String, serde_json::value::Value>" => {
            Object::builder()
                .schema_type(Type::Object)
                .additional_properties(Some(AdditionalProperties::FreeForm(true)))
                .into()
        }
        _ if name.starts_with("chrono::datetime::DateTime<") => {
            text(SchemaFormat::KnownFormat(KnownFormat::DateTime))
        }
        _ => return None,
    })
}

fn whole(minimum: Option<isize>, maximum: Option<isize>) -> Schema {
    Object::builder()
        .schema_type(Type::Integer)
        .minimum(minimum)
        .maximum(maximum)
        .into()
}
