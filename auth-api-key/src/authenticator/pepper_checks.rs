//! Whether this node has the peppers that keys are stored under, asked before it serves. While it serves,
//! `missing_peppers.rs` looks.

use crate::{error::PepperError, key::Peppers, store::PepperCheck};

/// Compares the peppers of this node with those that the store's keys are made with. An error if one is
/// wrong or missing.
pub(super) fn accept(
    peppers: &mut Peppers,
    checks: Vec<PepperCheck>,
    may_be_missing: bool,
) -> Result<(), PepperError> {
    let ours = peppers.check_values();
    for PepperCheck {
        version,
        check,
        in_use,
    } in checks
    {
        match ours.iter().find(|(ours, _)| *ours == version) {
            Some((_, digest)) if *digest.as_bytes() == check => {}
            Some(_) => return Err(PepperError::WrongPepper { version }),
            None if version == 0 => {
                if in_use {
                    peppers.accept_unpeppered();
                }
            }
            // If no pepper is given at all, somebody has forgotten it.
            None if !in_use && !peppers.are_none() => {}
            None if may_be_missing => peppers.mark_missing(version),
            None => return Err(PepperError::MissingPepper { version }),
        }
    }
    Ok(())
}
