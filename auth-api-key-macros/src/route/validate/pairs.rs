//! Which arguments are meant for the names of the path that no argument has.

use syn::Type;

use crate::errors::closest;

/// An argument that may be meant by a name of the path.
#[derive(Clone, Copy)]
pub(super) struct Spare<'a> {
    pub(super) name: &'a str,
    pub(super) ty: &'a Type,
    /// Whether it is a plain value, which only the path gives.
    pub(super) is_value: bool,
}

/// For each name, the place of the argument that is meant: one of a similar name, or the value at its place, if there are
/// as many values as names.
pub(super) fn pairs(names: &[&str], arguments: &[Spare<'_>]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; names.len()];
    for alike in [is_near, is_a_part] {
        let all = (0..names.len()).flat_map(|name| (0..arguments.len()).map(move |at| (name, at)));
        let similar: Vec<(usize, usize)> = all
            .filter(|(name, at)| pairs[*name].is_none() && !pairs.contains(&Some(*at)))
            .filter(|(name, at)| alike(names[*name], arguments[*at].name))
            .collect();
        for (name, at) in &similar {
            let others = similar
                .iter()
                .filter(|other| other.0 == *name || other.1 == *at);
            if others.count() == 1 {
                pairs[*name] = Some(*at);
            }
        }
    }
    let is_left = |at: &usize| arguments[*at].is_value && !pairs.contains(&Some(*at));
    let rest: Vec<usize> = (0..arguments.len()).filter(is_left).collect();
    if rest.len() == pairs.iter().filter(|pair| pair.is_none()).count() {
        let without = pairs.iter_mut().filter(|pair| pair.is_none());
        without.zip(rest).for_each(|(pair, at)| *pair = Some(at));
    }
    pairs
}

fn is_near(name: &str, argument: &str) -> bool {
    closest(name, [argument]).is_some()
}

/// Whether one of the two begins or ends with the other: `q` and `query`, `id` and `order_id`.
fn is_a_part(name: &str, argument: &str) -> bool {
    let has = |long: &str, short: &str| long.starts_with(short) || long.ends_with(short);
    has(name, argument) || has(argument, name)
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::{Spare, pairs};

    #[test]
    fn arguments_are_found_by_a_similar_name_and_then_by_their_place() {
        for (names, arguments, expected) in [
            (&["partner_id"][..], &["id"][..], &[Some(0)][..]),
            (&["type"], &["kind"], &[Some(0)]),
            (&["q"], &["page", "query"], &[Some(1)]),
            (
                &["shop", "order"],
                &["order_id", "shop_id"],
                &[Some(1), Some(0)],
            ),
            (
                &["shop", "order"],
                &["order_id", "name"],
                &[Some(1), Some(0)],
            ),
            (&["from", "to"], &["begin", "end"], &[Some(0), Some(1)]),
            (&["from", "to"], &["begin"], &[None, None]),
            (&["id"], &["width", "height"], &[None]),
            (&["id"], &[], &[None]),
        ] {
            let (ty, is_value) = (&parse_quote!(u64), true);
            let meant = |name: &&'static str| Spare { name, ty, is_value };
            let arguments: Vec<Spare<'_>> = arguments.iter().map(meant).collect();
            assert_eq!(pairs(names, &arguments), expected, "{names:?}");
        }
    }
}
