//! What a request sends by name: in its query string, and in a form with files.

use std::{collections::BTreeMap, slice};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{StatusCode, header::CONTENT_TYPE, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error as _, IntoDeserializer, MapAccess, Visitor,
        value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer, StrDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_plain::Error;

use crate::{
    rejection::invalid_argument,
    route::{
        argument::{
            ArgumentError, FromText, KeptNames, KeptRequest, Sent, TextError, WholeRequest, read,
        },
        source::Kept,
    },
};

/// The keyword arguments of a handler of Odoo's, `**kw`: what the query string and a form have, files
/// too, read by serde. It is the last argument.
///
/// If a name is sent more than once, the first value counts, or all of them for a `Vec`; values of the form
/// come before those of the query. A field of type [`Upload`] is a file. A body that is not a form is not
/// read, and `session_id` is not an argument, as in Odoo. What cannot be read is 400 `invalid_argument`.
///
/// ```
/// use auth_api_key::{ApiKey, odoo::{Kwargs, Upload}, route};
///
/// #[derive(serde::Deserialize)]
/// struct Ticket {
///     subject: String,
///     priority: Option<u8>,
///     #[serde(default)]
///     files: Vec<Upload>,
/// }
///
/// #[route("/ticket", auth = "api_key", methods = ["POST"])]
/// async fn ticket(key: ApiKey, Kwargs(ticket): Kwargs<Ticket>) -> String {
///     let sizes = ticket.files.iter().map(|file| file.bytes.len());
///     format!("{}: {:?}", ticket.subject, sizes.collect::<Vec<_>>())
/// }
/// ```
///
/// Without a struct, `Kwargs<serde_json::Map<String, Value>>` has all values as text, and of a file its
/// name.
#[derive(Clone, Copy, Debug)]
pub struct Kwargs<T>(pub T);

/// A file of a form: a field of what [`Kwargs`] reads, or an argument named after `?` with `type = "form"`. A
/// file that nobody chose is missing.
#[derive(Clone, Debug, Deserialize)]
pub struct Upload {
    /// Its name on the sender's machine, as it was sent: never a path to write to.
    pub filename: String,
    /// Its type, as it was sent; empty if it was not.
    pub content_type: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// Why [`Kwargs`] cannot be read: the answer to the request.
#[derive(Debug)]
pub struct KwargsRejection(Response);

impl IntoResponse for KwargsRejection {
    fn into_response(self) -> Response {
        self.0
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Kwargs<T> {
    type Rejection = KwargsRejection;

    async fn from_request(request: Request, _: &S) -> Result<Self, KwargsRejection> {
        let (parts, body) = request.into_parts();
        let sent = form(parts, body).await.map_err(KwargsRejection)?;
        let named = Named {
            rest: sent.0.iter(),
            value: None,
        };
        T::deserialize(MapAccessDeserializer::new(named))
            .map(Self)
            .map_err(|error| {
                let detail = error.to_string();
                KwargsRejection(invalid_argument(StatusCode::BAD_REQUEST, None, detail))
            })
    }
}

enum Value {
    Text(String),
    File(Upload),
}

/// All that was sent, by name.
pub struct Form(BTreeMap<String, Vec<Value>>);

/// Reads the query string and the form. A body without a `Content-Type` is read as a form.
async fn form(parts: Parts, body: Body) -> Result<Form, Response> {
    let query = pairs(parts.uri.query().unwrap_or_default().as_bytes());
    let kind = parts.headers.get(CONTENT_TYPE);
    let kind = kind.map_or("", |kind| kind.to_str().unwrap_or("?"));
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let (texts, files) = match kind.to_ascii_lowercase().as_str() {
        "" | "application/x-www-form-urlencoded" => {
            let request = Request::from_parts(parts, body);
            let body = Bytes::from_request(request, &()).await;
            let body = body.map_err(IntoResponse::into_response)?;
            (pairs(&body), BTreeMap::new())
        }
        "multipart/form-data" => {
            let request = Request::from_parts(parts, body);
            let form = Multipart::from_request(request, &()).await;
            let form = form.map_err(IntoResponse::into_response)?;
            multipart(form).await.map_err(IntoResponse::into_response)?
        }
        _ => Default::default(),
    };
    let mut sent = query;
    sent.extend(texts);
    sent.extend(files);
    sent.remove("session_id");
    Ok(Form(sent))
}

type ByName = BTreeMap<String, Vec<Value>>;

fn pairs(text: &[u8]) -> ByName {
    let mut pairs = ByName::new();
    for (name, text) in form_urlencoded::parse(text).into_owned() {
        pairs.entry(name).or_default().push(Value::Text(text));
    }
    pairs
}

/// The texts and the files.
async fn multipart(mut form: Multipart) -> Result<(ByName, ByName), MultipartError> {
    let (mut texts, mut files) = (ByName::new(), ByName::new());
    while let Some(field) = form.next_field().await? {
        let Some(name) = field.name().map(str::to_owned) else {
            continue;
        };
        let Some(filename) = field.file_name().map(str::to_owned) else {
            let text = Value::Text(field.text().await?);
            texts.entry(name).or_default().push(text);
            continue;
        };
        let file = Upload {
            filename,
            content_type: field.content_type().unwrap_or_default().to_owned(),
            bytes: field.bytes().await?,
        };
        // A browser sends this for a file that nobody chose.
        if !file.filename.is_empty() || !file.bytes.is_empty() {
            files.entry(name).or_default().push(Value::File(file));
        }
    }
    Ok((texts, files))
}

impl Form {
    fn sent(&self, name: &str) -> &[Value] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

impl Sent for Form {
    fn many<T: FromText>(&self, name: &'static str) -> Result<Vec<T>, ArgumentError> {
        let values = self.sent(name).iter().map(slice::from_ref);
        values.map(|value| one(value, name)).collect()
    }

    fn optional<T: FromText>(&self, name: &'static str) -> Result<Option<T>, ArgumentError> {
        match self.sent(name) {
            [] => Ok(None),
            values => one(values, name).map(Some),
        }
    }
}

/// A request whose query string and form are read by name.
pub struct FormRequest {
    request: WholeRequest,
    /// `None` until it is read.
    form: Option<Form>,
}

impl Kept for FormRequest {
    const IS_THE_REQUEST: bool = true;

    type Call = ();

    fn of(request: Request) -> Self {
        Self {
            request: WholeRequest::of(request),
            form: None,
        }
    }

    fn parts(&mut self) -> Option<&mut Parts> {
        Some(self.request.parts())
    }

    async fn call(self) -> Result<(), Response> {
        Ok(())
    }
}

impl KeptRequest for FormRequest {
    fn request(&mut self) -> &mut WholeRequest {
        &mut self.request
    }
}

impl KeptNames for FormRequest {
    type Sent = Form;

    async fn sent(&mut self) -> Result<&Form, Response> {
        let sent = match self.form.take() {
            Some(form) => form,
            None => {
                let (parts, body) = self.request.take();
                form(parts, body).await?
            }
        };
        Ok(self.form.insert(sent))
    }
}

fn one<T: FromText>(values: &[Value], name: &'static str) -> Result<T, ArgumentError> {
    let value = T::deserialize(Values(values)).map_err(TextError::from);
    read(value, StatusCode::BAD_REQUEST, name)
}

/// Reads all that was sent into the fields of a type.
struct Named<'a, I> {
    rest: I,
    value: Option<(&'a str, &'a [Value])>,
}

impl<'de, I> MapAccess<'de> for Named<'de, I>
where
    I: Iterator<Item = (&'de String, &'de Vec<Value>)>,
{
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((name, values)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some((name, values));
        let name: StrDeserializer<'de, Error> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (name, values) = self.value.take().unwrap_or_default();
        seed.deserialize(Values(values)).map_err(|error| {
            Error::custom(format!("The argument `{name}` cannot be read: {error}."))
        })
    }
}

/// What was sent under one name: for a `Vec` all of it, for others the first.
#[derive(Clone, Copy)]
struct Values<'a>(&'a [Value]);

impl<'de> Values<'de> {
    fn text(self) -> Result<serde_plain::Deserializer<'de>, Error> {
        match self.0.first() {
            Some(Value::Text(text)) => Ok(serde_plain::Deserializer::new(text)),
            Some(Value::File(_)) => Err(Error::custom("a file was sent, and not a text")),
            None => Err(Error::custom("it is missing")),
        }
    }
}

impl<'de> IntoDeserializer<'de, Error> for Values<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! of_a_text {
    ($($read:ident)*) => {
        $(
            fn $read<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
                self.text()?.$read(visitor)
            }
        )*
    };
}

impl<'de> Deserializer<'de> for Values<'de> {
    type Error = Error;

    of_a_text! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32
        deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_unit
        deserialize_identifier deserialize_map
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.first() {
            Some(Value::File(file)) => visitor.visit_borrowed_str(&file.filename),
            _ => self.text()?.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let each = self.0.iter().map(|value| Values(slice::from_ref(value)));
        visitor.visit_seq(SeqDeserializer::new(each))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let Some(Value::File(file)) = self.0.first() else {
            return Err(Error::custom("a text was sent, and not a file"));
        };
        let parts = [
            ("filename", Part::Text(&file.filename)),
            ("content_type", Part::Text(&file.content_type)),
            ("bytes", Part::Bytes(&file.bytes)),
        ];
        visitor.visit_map(MapDeserializer::new(parts.into_iter()))
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.first() {
            Some(Value::File(file)) => visitor.visit_borrowed_bytes(&file.bytes),
            Some(Value::Text(text)) => visitor.visit_borrowed_bytes(text.as_bytes()),
            None => Err(Error::custom("it is missing")),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.text()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.text()?.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

/// A part of a file.
#[derive(Clone, Copy)]
enum Part<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl<'de> IntoDeserializer<'de, Error> for Part<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Text(text) => visitor.visit_borrowed_str(text),
            Self::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
