//! The modules of the runtime crate and of the macro crate are layers: none imports from one above it,
//! or in a circle.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::{Item, UseTree, visit::Visit};

/// Lowest layer first. `store` and `rejection` do not import from each other.
const RUNTIME: (&str, &[&[&str]]) = (
    "auth-api-key",
    &[
        &["error"],
        &["key"],
        &["store", "rejection"],
        &["authenticator"],
        &["extract"],
        &["route"],
        &["admin", "openapi", "testing"],
    ],
);

/// Lowest layer first: helpers, then types, then verbs in the order of the pipeline. Parts of one layer
/// do not import from each other.
const MACROS: (&str, &[&[&str]]) = (
    "auth-api-key-macros",
    &[
        &["errors", "place", "quotes"],
        &["tokens"],
        &["attributes", "types"],
        &["values", "route::model"],
        &["route::given", "route::options"],
        &["route::parse"],
        &["route::validate"],
        &["route::expand"],
        &["route::stub"],
        &["route"],
        &["controller", "routes"],
    ],
);

/// A module: its path below `crate`.
type Module = Vec<String>;

/// What the files of a crate import from each other.
#[derive(Default)]
struct Sources {
    is_of_macros: bool,
    /// The file of each module.
    files: BTreeMap<Module, PathBuf>,
    /// The modules that are declared inside each module.
    children: BTreeMap<Module, BTreeSet<String>>,
    /// For each module, what it names of the crate.
    names: BTreeMap<Module, BTreeSet<Vec<String>>>,
    /// For each module, its functions in an `impl` of a type from another module.
    given: BTreeMap<Module, BTreeSet<Called>>,
    /// For each module, what it calls.
    called: BTreeMap<Module, BTreeSet<Called>>,
}

/// A method, which is called by its name alone, or a function of a type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Called {
    Method(String),
    Function(String, String),
}

/// Methods of the macro crate's `Given` that types of std and syn also have: a call does not show which type is meant.
const OF_OTHERS: [&str; 5] = ["and_then", "as_ref", "map", "or", "value"];

impl Sources {
    fn open(name: &str) -> Self {
        let mut sources = Self {
            is_of_macros: name == MACROS.0,
            ..Self::default()
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
        sources.read(&folder.join("src/lib.rs"), Module::new(), true);
        sources
    }

    /// The modules that a module imports from.
    fn imports(&self, module: &Module) -> BTreeSet<Module> {
        let owners = self.names[module].iter().map(|name| self.owner(name));
        let called = &self.called[module];
        let givers = self.given.iter();
        let givers = givers.filter(|(_, given)| self.is_of_macros && !given.is_disjoint(called));
        let all = owners.chain(givers.map(|(giver, _)| giver.clone()));
        all.filter(|owner| owner != module).collect()
    }

    /// Reads a file, and those of the modules declared in it.
    fn read(&mut self, file: &Path, module: Module, has_own_folder: bool) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        let parsed = syn::parse_file(&text).unwrap();
        let declared = parsed.items.iter().filter_map(|item| match item {
            // In the runtime crate, what a part shares is in the file that declares its others.
            Item::Mod(item) if self.is_of_macros => Some(item.ident.to_string()),
            _ => None,
        });
        let mut names = Names {
            module: &module,
            declared: declared.collect(),
            found: BTreeSet::new(),
            called: BTreeSet::new(),
        };
        names.visit_file(&parsed);
        self.names.insert(module.clone(), names.found);
        self.called.insert(module.clone(), names.called);
        self.given
            .insert(module.clone(), functions_of_other_types(&parsed.items));
        self.files.insert(module.clone(), file.to_owned());
        let folder = file.parent().unwrap();
        for item in parsed.items {
            let Item::Mod(item) = item else { continue };
            if item.content.is_some() {
                continue;
            }
            let name = item.ident.to_string();
            let path = item.attrs.iter().find_map(|attribute| {
                let value = &attribute.meta.require_name_value().ok()?.value;
                let syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(path),
                    ..
                }) = value
                else {
                    return None;
                };
                attribute.path().is_ident("path").then(|| path.value())
            });
            let below = match has_own_folder {
                true => folder.to_owned(),
                false => folder.join(file.file_stem().unwrap()),
            };
            let (file, own) = match path {
                Some(path) => (folder.join(&path), path.ends_with("mod.rs")),
                None if below.join(&name).join("mod.rs").exists() => {
                    (below.join(&name).join("mod.rs"), true)
                }
                None => (below.join(format!("{name}.rs")), false),
            };
            let children = self.children.entry(module.clone()).or_default();
            children.insert(name.clone());
            let child = [module.clone(), vec![name]].concat();
            self.read(&file, child, own);
        }
    }

    /// The module that a path names something of.
    fn owner(&self, path: &[String]) -> Module {
        let mut owner = Module::new();
        for name in path {
            let is_module = self
                .children
                .get(&owner)
                .is_some_and(|children| children.contains(name));
            if !is_module {
                break;
            }
            owner.push(name.clone());
        }
        owner
    }
}

/// The functions in an `impl` of a type that is in another file.
fn functions_of_other_types(items: &[Item]) -> BTreeSet<Called> {
    let own = items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    });
    let own: BTreeSet<String> = own.collect();
    let mut given = BTreeSet::new();
    for item in items {
        let Item::Impl(item) = item else { continue };
        let syn::Type::Path(of) = &*item.self_ty else {
            continue;
        };
        let of = of.path.segments.last().unwrap().ident.to_string();
        if item.trait_.is_some() || own.contains(&of) {
            continue;
        }
        for function in &item.items {
            let syn::ImplItem::Fn(function) = function else {
                continue;
            };
            let name = function.sig.ident.to_string();
            let is_private = matches!(function.vis, syn::Visibility::Inherited);
            if is_private || OF_OTHERS.contains(&name.as_str()) {
                continue;
            }
            given.insert(match function.sig.receiver() {
                Some(_) => Called::Method(name),
                None => Called::Function(of.clone(), name),
            });
        }
    }
    given
}

/// Collects the paths that begin with `crate`, `self`, `super` or a module of the file, as paths below
/// `crate`.
struct Names<'a> {
    module: &'a Module,
    /// The modules that the file declares.
    declared: BTreeSet<String>,
    found: BTreeSet<Vec<String>>,
    called: BTreeSet<Called>,
}

impl Names<'_> {
    fn add(&mut self, path: &[String]) {
        let (mut base, mut rest) = match path {
            [first, rest @ ..] if first == "crate" => (Module::new(), rest),
            [first, rest @ ..] if first == "self" => (self.module.clone(), rest),
            [first, ..] if first == "super" => (self.module.clone(), path),
            [first, ..] if self.declared.contains(first) => (self.module.clone(), path),
            _ => return,
        };
        while let [first, others @ ..] = rest
            && first == "super"
        {
            base.pop();
            rest = others;
        }
        base.extend(rest.iter().cloned());
        self.found.insert(base);
    }

    fn tree(&mut self, tree: &UseTree, mut path: Vec<String>) {
        match tree {
            UseTree::Path(below) => {
                path.push(below.ident.to_string());
                self.tree(&below.tree, path);
            }
            UseTree::Name(name) => {
                path.push(name.ident.to_string());
                self.add(&path);
            }
            UseTree::Rename(name) => {
                path.push(name.ident.to_string());
                self.add(&path);
            }
            UseTree::Glob(_) => self.add(&path),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, path.clone());
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|name| name.ident.to_string());
        let names: Vec<String> = names.collect();
        if let [.., of, name] = names.as_slice() {
            let function = Called::Function(of.clone(), name.clone());
            self.called.insert(function);
        }
        self.add(&names);
        syn::visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.called.insert(Called::Method(call.method.to_string()));
        syn::visit::visit_expr_method_call(self, call);
    }

    // Unit tests stand inside their module.
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.ident != "tests" {
            syn::visit::visit_item_mod(self, item);
        }
    }

    // A visibility is a scope, not an import.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

/// The part that a module is in, by the longest name that it begins with, and the layer of that.
fn part<'a>(layers: &[&[&'a str]], module: &[String]) -> (&'a str, usize) {
    for length in (1..=module.len()).rev() {
        let name = module[..length].join("::");
        for (at, parts) in layers.iter().enumerate() {
            if let Some(part) = parts.iter().find(|part| **part == name) {
                return (part, at);
            }
        }
    }
    panic!("`{}` is on no layer", module.join("::"))
}

fn wrong_imports((name, layers): (&str, &[&[&str]])) -> Vec<String> {
    let sources = Sources::open(name);
    assert!(sources.files.len() > 20, "{:?}", sources.files.keys());
    let mut wrong = Vec::new();
    for (module, names) in &sources.names {
        if module.is_empty() || module == &["reviewed"] {
            continue;
        }
        for name in names {
            let owner = sources.owner(name);
            let (from, to) = (module.join("::"), name.join("::"));
            if owner.is_empty() {
                wrong.push(format!("{from} imports {to} through lib.rs"));
                continue;
            }
            let (here, there) = (part(layers, module), part(layers, &owner));
            if there.0 != here.0 && there.1 >= here.1 {
                wrong.push(format!("{from} imports {to}, which is not below it"));
            }
        }
    }
    wrong
}

#[test]
fn module_imports_only_from_layers_below_it() {
    let wrong: Vec<String> = [RUNTIME, MACROS]
        .into_iter()
        .flat_map(wrong_imports)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A call also counts as an import, if the method is in an `impl` of a type of another file, and no other type has a method
/// of this name. The test also prints all imports:
/// `cargo test --test workspace macro_crate -- --nocapture`.
#[test]
fn no_files_of_the_macro_crate_import_each_other_in_a_circle() {
    let sources = Sources::open(MACROS.0);
    let imports = |module: &Module| sources.imports(module).into_iter().collect();
    let mut done = BTreeSet::new();
    for module in sources.files.keys() {
        visit(module, &imports, &mut Vec::new(), &mut done);
        let below: Vec<String> = imports(module)
            .iter()
            .map(|below| below.join("::"))
            .collect();
        println!("{:24} -> {}", module.join("::"), below.join(", "));
    }
}

#[test]
fn no_files_of_a_module_import_each_other_in_a_circle() {
    let sources = Sources::open(RUNTIME.0);
    // What a part shows of its files is not an import: nothing in its `mod.rs` uses it.
    let imports = |module: &Module| -> Vec<Module> {
        if sources.children.contains_key(module) && module.len() == 1 {
            return Vec::new();
        }
        sources.imports(module).into_iter().collect()
    };
    let mut done = BTreeSet::new();
    for module in sources.files.keys() {
        visit(module, &imports, &mut Vec::new(), &mut done);
    }
}

/// Follows imports to their ends, and panics if they lead back.
fn visit(
    module: &Module,
    imports: &impl Fn(&Module) -> Vec<Module>,
    above: &mut Vec<Module>,
    done: &mut BTreeSet<Module>,
) {
    if done.contains(module) {
        return;
    }
    let names = |modules: &[Module]| -> Vec<String> {
        modules.iter().map(|module| module.join("::")).collect()
    };
    assert!(
        !above.contains(module),
        "{} -> {}",
        names(above).join(" -> "),
        module.join("::")
    );
    above.push(module.clone());
    for import in imports(module) {
        visit(&import, imports, above, done);
    }
    above.pop();
    done.insert(module.clone());
}
