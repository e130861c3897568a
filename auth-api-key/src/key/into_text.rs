//! Names, and ids of users, as callers give them.

/// A name, or the id of a user: `&str`, `String`, or another type that converts into a `String`.
///
/// This is a separate trait: many programs have numbers as ids of users, and its compile error says what to write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text",
    label = "write a `&str` or a `String`",
    note = "the name of a key and the id of a user are texts: `user.id.to_string()`"
)]
pub trait IntoText {
    /// As a `String`.
    fn into_text(self) -> String;
}

#[diagnostic::do_not_recommend]
impl<T: Into<String>> IntoText for T {
    fn into_text(self) -> String {
        self.into()
    }
}
