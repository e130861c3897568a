//! Helpers for values that may be absent or a mistake.

use super::model::{Attribute, Given, OptionName, Written};
use crate::errors::{Errors, Mistake};

impl<T> Given<T> {
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Mistaken => None,
        }
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Given<U> {
        self.and_then(|value| Given::Value(change(value)))
    }

    pub(crate) fn and_then<U>(self, read: impl FnOnce(T) -> Given<U>) -> Given<U> {
        match self {
            Self::Absent => Given::Absent,
            Self::Mistaken => Given::Mistaken,
            Self::Value(value) => read(value),
        }
    }

    /// The value; `None` is a mistake that was reported already.
    pub(crate) fn value_or_mistaken(value: Option<T>) -> Self {
        value.map_or(Self::Mistaken, Self::Value)
    }

    pub(crate) fn as_ref(&self) -> Given<&T> {
        match self {
            Self::Absent => Given::Absent,
            Self::Mistaken => Given::Mistaken,
            Self::Value(value) => Given::Value(value),
        }
    }

    /// This value, or the controller's if it is absent.
    pub(crate) fn or(self, above: &Self) -> Self
    where
        T: Clone,
    {
        match self {
            Self::Absent => above.clone(),
            given => given,
        }
    }
}

impl Attribute {
    pub(crate) fn option(&self, name: OptionName) -> Given<&Written> {
        let mut options = self.options.iter();
        let given = options.find(|(given, _)| *given == name);
        given.map_or(Given::Absent, |(_, given)| given.as_ref())
    }

    /// Reads the value of an option, and notes a mistake in it.
    pub(crate) fn read<T>(
        &self,
        name: OptionName,
        read: impl FnOnce(&Written) -> Result<T, Mistake>,
        errors: &mut Errors,
    ) -> Given<T> {
        self.option(name).and_then(|written| {
            Given::value_or_mistaken(errors.value_or_report(&written.value, read(written)))
        })
    }

    /// Notes that something else was meant as this option: it does not count as absent.
    pub(crate) fn mark_mistaken(&mut self, name: OptionName) {
        if self.option(name).is_absent() {
            self.options.push((name, Given::Mistaken));
        }
    }

    /// Notes that something else was meant as a path: it does not count as absent.
    pub(crate) fn mark_path_mistaken(&mut self) {
        if self.paths.is_absent() {
            self.paths = Given::Mistaken;
        }
    }
}
