//! Checks whether two routes can be in one list. `routes!` lets the compiler do it: axum's router would
//! refuse some pairs at start-up, and merge others in silence.

use std::mem;

use super::{
    handler::StandsFor,
    info::{ControllerRoutes, Route, RouteInfo, route_info},
};

/// For the macro: the information about the route of this name.
pub const fn info<F, R, M>(route: F) -> &'static [RouteInfo]
where
    F: StandsFor<R, M>,
    R: Route,
{
    mem::forget(route); // a constant function cannot drop what may have a destructor
    const { &[R::INFO] }
}

/// For the macro: the information about the routes of a controller.
pub const fn infos<C: ControllerRoutes>(controller: C) -> &'static [RouteInfo] {
    mem::forget(controller);
    C::ROUTES
}

/// For the macro: how many routes there are.
pub const fn total(names: &[&[RouteInfo]]) -> usize {
    let (mut total, mut at) = (0, 0);
    while at < names.len() {
        total += names[at].len();
        at += 1;
    }
    total
}

/// For the macro: how many paths these routes have.
pub const fn total_of_paths(names: &[&[RouteInfo]]) -> usize {
    let (mut total, mut at) = (0, 0);
    while at < names.len() {
        let mut route = 0;
        while route < names[at].len() {
            total += names[at][route].paths.len();
            route += 1;
        }
        at += 1;
    }
    total
}

/// For the macro: the routes of a list, sorted so that only pairs with paths that may begin alike need a
/// closer look.
pub struct ListCheck<const NAMES: usize, const ROUTES: usize, const PATHS: usize> {
    routes: [RouteInfo; ROUTES],
    /// For each name in the list (of a handler or a controller), the index after its last route.
    ends: [usize; NAMES],
    /// For each path, its route.
    owners: [usize; PATHS],
    /// For each path, the last earlier one that may begin alike, counted from one; zero if there is none.
    before: [usize; PATHS],
    /// For each route, where its paths begin.
    starts: [usize; ROUTES],
}

/// Paths with different beginnings mostly have different kinds.
const KINDS: usize = 256;

impl<const NAMES: usize, const ROUTES: usize, const PATHS: usize> ListCheck<NAMES, ROUTES, PATHS> {
    /// Finds the beginnings.
    pub const fn new(names: &[&[RouteInfo]]) -> Self {
        let mut infos = Self {
            routes: [route_info("", &[], &[], "", &[]); ROUTES],
            ends: [0; NAMES],
            owners: [0; PATHS],
            before: [0; PATHS],
            starts: [0; ROUTES],
        };
        let mut last_of_kind = [0; KINDS];
        let (mut name, mut index, mut path) = (0, 0, 0);
        while name < NAMES {
            let mut at = 0;
            while at < names[name].len() {
                infos.routes[index] = names[name][at];
                infos.starts[index] = path;
                let mut own = 0;
                while own < names[name][at].paths.len() {
                    let kind = kind(names[name][at].paths[own].1.as_bytes());
                    infos.owners[path] = index;
                    infos.before[path] = last_of_kind[kind];
                    path += 1;
                    last_of_kind[kind] = path;
                    own += 1;
                }
                at += 1;
                index += 1;
            }
            infos.ends[name] = index;
            name += 1;
        }
        infos
    }

    /// Does not compile if a route of the `name`th name clashes with a route before it. Gives the
    /// number of the next name.
    #[track_caller]
    pub const fn check(&self, name: usize) -> usize {
        let mut index = if name == 0 { 0 } else { self.ends[name - 1] };
        while index < self.ends[name] {
            let old = self.first_clash(index);
            if old < index
                && let Some(clash) = clash(&self.routes[old], &self.routes[index])
            {
                panic!("{}", clash.message().as_str());
            }
            index += 1;
        }
        name + 1
    }

    /// The first earlier route that clashes with this one, or itself.
    const fn first_clash(&self, index: usize) -> usize {
        let (mut first, mut path) = (index, self.starts[index]);
        while path < PATHS && self.owners[path] == index {
            let mut before = self.before[path];
            while before > 0 {
                let old = self.owners[before - 1];
                if old < first && clash(&self.routes[old], &self.routes[index]).is_some() {
                    first = old;
                }
                before = self.before[before - 1];
            }
            path += 1;
        }
        first
    }
}

/// What kind of path it is, by its shape up to the first capture.
const fn kind(shape: &[u8]) -> usize {
    let (mut hash, mut at) = (0_usize, 0);
    while at < shape.len() && shape[at] != b'{' {
        hash = hash.wrapping_mul(31).wrapping_add(shape[at] as usize);
        at += 1;
    }
    hash % KINDS
}

/// Two routes that cannot be in one list, each with the path that clashes.
pub(super) struct Clash<'a> {
    wrong: &'static str,
    help: &'static str,
    sites: [(&'a RouteInfo, &'static str); 2],
}

pub(super) const fn clash<'a>(old: &'a RouteInfo, new: &'a RouteInfo) -> Option<Clash<'a>> {
    let mut at = 0;
    while at < old.paths.len() * new.paths.len() {
        let (old_path, old_shape) = old.paths[at / new.paths.len()];
        let (new_path, new_shape) = new.paths[at % new.paths.len()];
        let (wrong, help) = match relation(old_shape, new_shape) {
            Relation::Alike if old.line == new.line && same(old.handler, new.handler) => {
                ("a route is in the list twice", "delete one of the two")
            }
            Relation::Alike if old.methods.is_empty() != new.methods.is_empty() => (
                "two routes answer the same requests",
                "the route without `methods` answers all methods: give it `methods` that the other route does not have, or a different path",
            ),
            Relation::Alike if methods_meet(old.methods, new.methods) => (
                "two routes answer the same requests",
                "give them different paths, or `methods` that have none in common",
            ),
            Relation::Alike if !same(old_path, new_path) => (
                "two routes of one path name its captures differently",
                "use the same names in both paths",
            ),
            Relation::CaptureBesideCatchAll => (
                "a capture and a catch-all are at the same place, which axum cannot route",
                "put one of them below its own segment, such as `/files/{*rest}`",
            ),
            Relation::Alike | Relation::Apart => {
                at += 1;
                continue;
            }
        };
        let sites = [(old, old_path), (new, new_path)];
        return Some(Clash { wrong, help, sites });
    }
    None
}

/// How axum's router compares two paths without the names of their captures.
enum Relation {
    Apart,
    Alike,
    CaptureBesideCatchAll,
}

const fn relation(a: &str, b: &str) -> Relation {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() && !matches!((a, b), ([.., b'*', b'}'], _) | (_, [.., b'*', b'}'])) {
        return Relation::Apart;
    }
    let (mut at, mut braced) = (0, false);
    while at < a.len() && at < b.len() && a[at] == b[at] {
        // Two braces are one literal brace.
        braced = a[at] == b'{' && !braced;
        at += 1;
    }
    match (a.split_at(at).1, b.split_at(at).1) {
        ([], []) => Relation::Alike,
        ([b'}', ..], [b'*', ..]) | ([b'*', ..], [b'}', ..]) if braced => {
            Relation::CaptureBesideCatchAll
        }
        _ => Relation::Apart,
    }
}

/// Whether both take the same method; an empty list takes all methods.
const fn methods_meet(old: &[&str], new: &[&str]) -> bool {
    let mut at = 0;
    while at < old.len() * new.len() {
        if same(old[at / new.len()], new[at % new.len()]) {
            return true;
        }
        at += 1;
    }
    old.is_empty() || new.is_empty()
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut same = a.len() == b.len();
    let mut at = 0;
    while same && at < a.len() {
        same = a[at] == b[at];
        at += 1;
    }
    same
}

impl Clash<'_> {
    /// What is wrong, where, and what to write instead.
    pub(super) const fn message(&self) -> Message {
        let [(old, old_path), (new, new_path)] = self.sites;
        Message::EMPTY
            .with(self.wrong)
            .with(":")
            .with_site(old, old_path)
            .with_site(new, new_path)
            .with("\nhelp: ")
            .with(self.help)
    }
}

/// A text that a constant function can build. What does not fit is left out.
pub(super) struct Message {
    bytes: [u8; 2048],
    len: usize,
}

impl Message {
    const EMPTY: Self = Self {
        bytes: [0; 2048],
        len: 0,
    };

    const fn with(mut self, text: &str) -> Self {
        if let Some((_, free)) = self.bytes.split_at_mut_checked(self.len)
            && let Some((place, _)) = free.split_at_mut_checked(text.len())
        {
            place.copy_from_slice(text.as_bytes());
            self.len += text.len();
        }
        self
    }

    const fn with_site(self, route: &RouteInfo, path: &str) -> Self {
        let (mut digits, mut first, mut line) = ([0; 10], 10, route.line);
        while line > 0 || first == 10 {
            first -= 1;
            digits[first] = b'0' + (line % 10) as u8;
            line /= 10;
        }
        self.with("\n  ")
            .with(route.handler)
            .with(" ")
            .with(path)
            .with(" at ")
            .with(route.file)
            .with(":")
            .with(text(digits.split_at(first).1))
    }

    pub(super) const fn as_str(&self) -> &str {
        text(self.bytes.split_at(self.len).0)
    }
}

const fn text(bytes: &[u8]) -> &str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => unreachable!(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::info::{RouteInfo, route_info},
        clash, kind,
    };

    /// Segments in axum's form, and in the form of the attribute's expansion.
    const SEGMENTS: [(&str, &str); 12] = [
        ("", ""),
        ("a", "a"),
        ("ab", "ab"),
        ("{x}", "{}"),
        ("{y}", "{}"),
        ("a{x}", "a{}"),
        ("{*r}", "{*}"),
        ("a{*r}", "a{*}"),
        ("{{{x}", "{{{}"),
        ("{{{*r}", "{{{*}"),
        ("{{}}", "{{}}"),
        ("{{*}}", "{{*}}"),
    ];

    fn leak<T>(value: T) -> &'static T {
        Box::leak(Box::new(value))
    }

    /// All paths of one to three segments that axum can route alone, for all methods.
    fn routes() -> Vec<RouteInfo> {
        let mut paths = vec![(String::new(), String::new())];
        let mut all = Vec::new();
        for _ in 0..3 {
            let longer = paths.iter().flat_map(|(path, shape)| {
                SEGMENTS.map(|(name, alike)| (format!("{path}/{name}"), format!("{shape}/{alike}")))
            });
            paths = longer.collect();
            paths.retain(|(path, _)| matchit::Router::new().insert(path, ()).is_ok());
            all.extend(paths.iter().cloned());
        }
        let route = |(path, shape): (String, String)| {
            let path: &'static [_] = leak([(&**leak(path), &**leak(shape))]);
            route_info("", path, &[], "none", &[])
        };
        all.into_iter().map(route).collect()
    }

    #[test]
    fn two_routes_clash_if_the_router_refuses_them() {
        let routes = routes();
        assert!(routes.len() > 500);
        for old in &routes {
            for new in routes.iter().step_by(7) {
                let mut router = matchit::Router::new();
                router.insert(old.paths[0].0, ()).unwrap();
                let refused = router.insert(new.paths[0].0, ()).is_err();
                let (old_path, new_path) = (old.paths[0].0, new.paths[0].0);
                assert_eq!(clash(old, new).is_some(), refused, "{old_path} {new_path}");
                let kinds = [old, new].map(|route| kind(route.paths[0].1.as_bytes()));
                assert!(!refused || kinds[0] == kinds[1], "{old_path} {new_path}");
            }
        }
    }

    #[test]
    fn list_without_a_clash_is_never_refused() {
        let routes = routes();
        for first in (0..routes.len()).step_by(97) {
            let mut router = matchit::Router::new();
            let mut list: Vec<&RouteInfo> = Vec::new();
            for new in routes.iter().cycle().skip(first).take(routes.len()) {
                let path = new.paths[0].0;
                let clashes = list.iter().any(|old| clash(old, new).is_some());
                assert_eq!(clashes, router.insert(path, ()).is_err(), "{path}");
                if !clashes {
                    list.push(new);
                }
            }
        }
    }
}
