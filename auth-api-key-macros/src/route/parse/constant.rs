//! Strings that rustc would make of an expression: `concat!("/a", "/b")`. A macro sees only the expression.

use syn::{
    BinOp, Block, Expr, ExprBinary, ExprLit, Lit, Stmt, Token, parse::Parser,
    punctuated::Punctuated,
};

use crate::{errors::Mistake, tokens::as_text};

/// What is wrong with an expression in the place of a path.
pub(crate) fn no_path(expr: &Expr) -> Mistake {
    let (wrong, help) = match value(expr) {
        Some(text) if is_computed(expr) => (
            format!("a path is a plain string, not `{}`", as_text(expr)),
            format!("write `\"/{}\"`", text.trim_start_matches('/')),
        ),
        None if is_computed(expr) => (
            format!("the macro cannot see the value of `{}`", as_text(expr)),
            "write the path itself, as a string: `\"/my_service\"`".to_owned(),
        ),
        _ => (
            format!("`{}` is not a path", as_text(expr)),
            "write each path as a string literal: `\"/my_service\"`".to_owned(),
        ),
    };
    Mistake::new(wrong, help)
}

/// Whether rustc computes the value of an expression after the macro has run.
pub(super) fn is_computed(expr: &Expr) -> bool {
    match expr {
        Expr::Reference(inner) => is_computed(&inner.expr),
        Expr::Paren(inner) => is_computed(&inner.expr),
        Expr::Lit(ExprLit { lit, .. }) => matches!(lit, Lit::Char(_)),
        _ => matches!(
            expr,
            Expr::Binary(_)
                | Expr::Block(_)
                | Expr::Call(_)
                | Expr::Const(_)
                | Expr::Macro(_)
                | Expr::MethodCall(_)
                | Expr::Path(_)
        ),
    }
}

/// The text of an expression whose parts are all literals.
fn value(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Char(character) => Some(character.value().to_string()),
            Lit::Int(number) => Some(number.base10_digits().to_owned()),
            Lit::Bool(word) => Some(word.value.to_string()),
            _ => None,
        },
        Expr::Binary(ExprBinary {
            left,
            op: BinOp::Add(_),
            right,
            ..
        }) => Some(value(left)? + &value(right)?),
        Expr::Reference(inner) => value(&inner.expr),
        Expr::Paren(inner) => value(&inner.expr),
        Expr::Group(inner) => value(&inner.expr),
        Expr::Block(inner) => of_block(&inner.block),
        Expr::Const(inner) => of_block(&inner.block),
        Expr::MethodCall(call) if call.args.is_empty() => value(&call.receiver),
        Expr::Call(call) if call.args.len() == 1 => {
            let called = as_text(&call.func);
            let copies = [
                "String::from",
                "str::to_owned",
                "Cow::from",
                "Cow::Borrowed",
            ];
            copies
                .contains(&called.as_str())
                .then(|| value(&call.args[0]))
                .flatten()
        }
        Expr::Macro(call) => {
            let parts = Punctuated::<Expr, Token![,]>::parse_terminated;
            let parts = parts.parse2(call.mac.tokens.clone()).ok()?;
            let mut values = parts.iter().map(value);
            match call.mac.path.segments.last()?.ident.to_string().as_str() {
                "concat" => values.collect(),
                "format" if parts.len() == 1 => values.next()?.filter(|text| !text.contains('{')),
                _ => None,
            }
        }
        _ => None,
    }
}

fn of_block(block: &Block) -> Option<String> {
    match &*block.stmts {
        [Stmt::Expr(expr, None)] => value(expr),
        _ => None,
    }
}
