//! What a transition cannot have, named in the user's words and blamed on the narrowest word.

use cohesive_core::model::{Expr as Model, Literal};
use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Expr, Member};

use super::{Lowered, Scope};

impl Scope<'_> {
    /// Reports an expression that a transition cannot have.
    pub(super) fn refuse(&mut self, expr: &Expr) -> Lowered {
        let (span, what, help) = construct(expr);
        self.report.error_with_help("COH0601", span, format!("{what} not available in a transition"), help);
        Lowered::value(Model::Literal(Literal::Bool(false)), quote!(::core::unreachable!()))
    }
}

/// The word to blame, what the expression is called, and what to do instead.
fn construct(expr: &Expr) -> (Span, &'static str, &'static str) {
    const LATER: &str = "request an effect, and let its reply come back as an input";
    const REFUSE: &str = "use `requires!` or `reject!`";
    const FOLD: &str = "use a fold such as `self.lines.iter().any(|line| …)`";
    const PASS: &str = "pass the value in as a parameter, or write the expression out";
    match expr {
        Expr::Await(wait) => (wait.await_token.span(), "`await` is", LATER),
        Expr::Async(block) => (block.async_token.span(), "`async` is", LATER),
        Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => (expr.span(), "a loop is", FOLD),
        Expr::Closure(_) => {
            (expr.span(), "a closure is", "closures stand in `any`, `all`, `map` and `filter` only")
        }
        Expr::Cast(cast) => {
            let help = "give the field or parameter the type that the calculation needs";
            (cast.as_token.span(), "`as` is", help)
        }
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => (expr.span(), "a jump is", REFUSE),
        Expr::Try(attempt) => (attempt.question_token.span(), "`?` is", REFUSE),
        Expr::Unsafe(_) => (expr.span(), "`unsafe` is", "write the expression out"),
        Expr::Index(index) => {
            (index.bracket_token.span.open(), "indexing, which can panic, is", "use a fold over the list")
        }
        Expr::Range(range) => (range.limits.span(), "a range is", "compare with `<` and `>=`"),
        Expr::Tuple(_) => (expr.span(), "a tuple is", "declare a record with `#[derive(Value)]`"),
        Expr::Binary(binary) => {
            (binary.op.span(), "this operator is", "arithmetic, comparison and logic are available")
        }
        Expr::Unary(unary) => (unary.op.span(), "this operator is", "`!`, `-` and `*` are available"),
        Expr::Reference(_) => (expr.span(), "`&mut` is", "assign a field: `self.field = …`"),
        Expr::Assign(_) => (expr.span(), "an assignment as a value is", "make it a statement of its own"),
        Expr::Let(_) => (expr.span(), "`let` within a condition is", "write `if let … = … { if … { … } }`"),
        Expr::Call(call) => (call.func.span(), "a call is", PASS),
        Expr::MethodCall(call) => {
            let help = "assign a field: `self.field = …`; a list grows with `self.field.push(…)`";
            (call.method.span(), "a call as a statement is", help)
        }
        Expr::Field(field) => match &field.member {
            Member::Unnamed(place) => (place.span(), "a member without a name is", "give the members names"),
            Member::Named(name) => {
                (name.span(), "a value that nobody uses is", "assign it: `self.field = …`")
            }
        },
        Expr::Path(_) | Expr::Lit(_) | Expr::Struct(_) | Expr::Paren(_) => {
            (expr.span(), "a value that nobody uses is", "assign it: `self.field = …`")
        }
        _ => {
            let help = "transitions are made of conditions, calculations, assignments and messages";
            (expr.span(), "this expression is", help)
        }
    }
}
