//! Values and conditions.

use cohesive_core::model::{Arm, BinaryOperator, Expr as Model, Literal, Pattern, UnaryOperator};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote, quote_spanned};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{BinOp, Expr, ExprLit, Lit, Member, Stmt, Token, UnOp};

use super::{Binding, Lowered, Scope, ident, observed};
use crate::name::{keep, keep_all, keep_one, of};

impl Scope<'_> {
    /// The expression as a value of its own.
    pub(crate) fn value(&mut self, expr: &Expr) -> Lowered {
        self.lower(expr).owned()
    }

    /// The expression as a condition, with the condition's model.
    pub(crate) fn lower(&mut self, expr: &Expr) -> Lowered {
        match expr {
            Expr::Lit(literal) => self.literal(literal),
            Expr::Path(path) => self.path(path),
            Expr::Field(field) => self.field(field),
            Expr::Paren(inner) => {
                let Lowered { model, tokens, form } = self.lower(&inner.expr);
                Lowered { model, tokens: quote!((#tokens)), form }
            }
            Expr::Group(inner) => self.lower(&inner.expr),
            Expr::Reference(inner) if inner.mutability.is_none() => {
                let Lowered { model, tokens, .. } = self.lower(&inner.expr);
                Lowered::value(model, quote!(&#tokens))
            }
            Expr::Unary(unary) => self.unary(unary),
            Expr::Binary(binary) => self.binary(binary),
            Expr::If(choice) => self.choice(choice),
            Expr::Match(choice) => self.choose(choice),
            Expr::MethodCall(call) => self.method(call),
            Expr::Call(call) => self.construct(call),
            Expr::Struct(record) => self.record(record),
            Expr::Macro(call) => self.macro_call(&call.mac),
            Expr::Block(block) if block.label.is_none() => self.block(&block.block.stmts, expr.span()),
            other => self.refuse(other),
        }
    }

    fn literal(&mut self, literal: &ExprLit) -> Lowered {
        let model = match &literal.lit {
            Lit::Bool(value) => Literal::Bool(value.value),
            Lit::Int(value) => Literal::Int(value.base10_parse().unwrap_or_default()),
            Lit::Str(value) => Literal::Text(keep(&value.value())),
            Lit::Float(value) => {
                self.report.error_with_help(
                    "COH0607",
                    value.span(),
                    "a binary float is not exact",
                    "use a whole number, or `Decimal::new(digits, scale)`: `1.50` is `Decimal::new(150, 2)`",
                );
                Literal::Int(0)
            }
            other => {
                self.report.error("COH0601", other.span(), "this literal is not available in a transition");
                Literal::Int(0)
            }
        };
        Lowered::value(Model::Literal(model), literal.to_token_stream())
    }

    fn path(&mut self, path: &syn::ExprPath) -> Lowered {
        let text = path_text(&path.path);
        if let Some(ident) = path.path.get_ident() {
            let name = of(ident);
            if let Some((_, binding)) = self.locals.iter().rev().find(|(local, _)| local == name) {
                let tokens = match binding {
                    Binding::Owned => quote!(#ident),
                    Binding::Reference => quote!((*#ident)),
                };
                return Lowered::place(Model::Local(name), tokens);
            }
            if self.parameters.iter().any(|parameter| parameter == name) {
                return Lowered::place(Model::Input(name), quote!(self.#ident));
            }
            if !name.starts_with(char::is_uppercase) {
                return self.unknown_name(ident, name);
            }
        }
        Lowered::value(Model::Path(keep(&text)), path.to_token_stream())
    }

    fn unknown_name(&mut self, ident: &syn::Ident, name: &str) -> Lowered {
        let known: Vec<&str> =
            self.parameters.iter().map(String::as_str).chain(self.locals.iter().map(|(local, _)| local.as_str())).collect();
        let (message, help) = if name == "self" {
            ("a transition uses single fields, not the whole entity".to_owned(), "write `self.field`".to_owned())
        } else {
            let help = cohesive_core::suggest::nearest(name, known).map_or_else(
                || "a body sees `self.field`, its parameters, its own `let` names and constants".to_owned(),
                |similar| format!("a name with a similar spelling exists: `{similar}`"),
            );
            (format!("there is no `{name}` here"), help)
        };
        self.report.error_with_help("COH0603", ident.span(), message, help);
        Lowered::value(Model::Local(keep(name)), quote!(::core::unreachable!()))
    }

    fn field(&mut self, field: &syn::ExprField) -> Lowered {
        let Member::Named(name) = &field.member else {
            return self.refuse(&Expr::Field(field.clone()));
        };
        let text = of(name);
        if !is_self(&field.base) {
            let record = self.lower(&field.base);
            let tokens = record.tokens;
            return Lowered::place(Model::Member(keep_one(record.model), text), quote!(#tokens.#name));
        }
        if !self.has_state {
            self.report.error_with_help(
                "COH0603",
                field.span(),
                "a creation has no entity yet",
                "use the parameters",
            );
            return Lowered::value(Model::Field(text), quote!(::core::unreachable!()));
        }
        self.reads.entry(text.to_owned()).or_insert_with(|| name.span());
        let local = observed(text);
        let tokens = if self.assigned.contains(text) {
            let member = ident(text, name.span());
            let draft = super::local("draft");
            quote!((*::cohesive::__private::current(&#draft.patch.#member, #local)))
        } else {
            quote!((*#local))
        };
        Lowered::place(Model::Field(text), tokens)
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Lowered {
        match unary.op {
            UnOp::Deref(_) => self.lower(&unary.expr),
            UnOp::Not(_) => {
                let operand = self.lower(&unary.expr);
                let tokens = operand.tokens;
                Lowered::value(Model::Unary(UnaryOperator::Not, keep_one(operand.model)), quote!(!#tokens))
            }
            UnOp::Neg(_) => {
                if let Expr::Lit(ExprLit { lit: Lit::Int(value), .. }) = &*unary.expr {
                    let number: i128 = value.base10_parse().unwrap_or_default();
                    return Lowered::value(Model::Literal(Literal::Int(-number)), unary.to_token_stream());
                }
                let operand = self.value(&unary.expr);
                let tokens = operand.tokens;
                Lowered::value(
                    Model::Unary(UnaryOperator::Negate, keep_one(operand.model)),
                    quote!(::cohesive::__private::arithmetic::negate(#tokens)?),
                )
            }
            _ => self.refuse(&Expr::Unary(unary.clone())),
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Lowered {
        let Some(operator) = operator(&binary.op) else {
            return self.refuse(&Expr::Binary(binary.clone()));
        };
        if let Some(function) = checked(operator) {
            let (left, right) = (self.value(&binary.left), self.value(&binary.right));
            return arithmetic(operator, &function, left, right, binary.span());
        }
        let (left, right) = (self.lower(&binary.left), self.lower(&binary.right));
        let (left_tokens, right_tokens, symbol) = (left.tokens, right.tokens, &binary.op);
        Lowered::value(
            Model::Binary(operator, keep_one(left.model), keep_one(right.model)),
            quote!(#left_tokens #symbol #right_tokens),
        )
    }

    fn choice(&mut self, choice: &syn::ExprIf) -> Lowered {
        let Some((_, otherwise)) = &choice.else_branch else {
            self.report.error_with_help(
                "COH0601",
                choice.if_token.span,
                "a value needs an `else`",
                "write `if … { … } else { … }`",
            );
            return Lowered::value(Model::Literal(Literal::Bool(false)), quote!(::core::unreachable!()));
        };
        if let Expr::Let(binding) = &*choice.cond {
            let on = self.lower(&binding.expr);
            let mark = self.locals.len();
            let (pattern, pattern_tokens) = self.pattern(&binding.pat);
            let then = self.block(&choice.then_branch.stmts, choice.then_branch.span()).owned();
            self.locals.truncate(mark);
            let otherwise = self.value(otherwise);
            let (on_tokens, then_tokens, otherwise_tokens) = (on.tokens, then.tokens, otherwise.tokens);
            let arms = vec![
                Arm { pattern, condition: None, value: then.model },
                Arm { pattern: Pattern::Any, condition: None, value: otherwise.model },
            ];
            return Lowered::value(
                Model::Match { on: keep_one(on.model), arms: keep_all(arms) },
                quote!(match &#on_tokens { #pattern_tokens => #then_tokens, _ => #otherwise_tokens }),
            );
        }
        let condition = self.lower(&choice.cond);
        let then = self.block(&choice.then_branch.stmts, choice.then_branch.span()).owned();
        let otherwise = self.value(otherwise);
        let (condition_tokens, then_tokens, otherwise_tokens) =
            (condition.tokens, then.tokens, otherwise.tokens);
        Lowered::value(
            Model::If {
                condition: keep_one(condition.model),
                then: keep_one(then.model),
                otherwise: keep_one(otherwise.model),
            },
            quote!(if #condition_tokens { #then_tokens } else { #otherwise_tokens }),
        )
    }

    fn choose(&mut self, choice: &syn::ExprMatch) -> Lowered {
        let on = self.lower(&choice.expr);
        let mut arms = Vec::new();
        let mut tokens = TokenStream::new();
        for arm in &choice.arms {
            let mark = self.locals.len();
            let (pattern, guard) = guarded(&arm.pat);
            let (pattern, pattern_tokens) = self.pattern(pattern);
            let condition = guard.map(|guard| self.lower(guard));
            let value = self.value(&arm.body);
            self.locals.truncate(mark);
            let condition_tokens = condition.as_ref().map(|condition| {
                let tokens = &condition.tokens;
                quote!(if #tokens)
            });
            let value_tokens = value.tokens;
            tokens.extend(quote!(#pattern_tokens #condition_tokens => #value_tokens,));
            arms.push(Arm { pattern, condition: condition.map(|lowered| lowered.model), value: value.model });
        }
        let on_tokens = on.tokens;
        Lowered::value(
            Model::Match { on: keep_one(on.model), arms: keep_all(arms) },
            quote!(match &#on_tokens { #tokens }),
        )
    }

    fn record(&mut self, record: &syn::ExprStruct) -> Lowered {
        if let Some(rest) = &record.rest {
            self.report.error_with_help(
                "COH0601",
                rest.span(),
                "members cannot be taken from another value",
                "name every member",
            );
        }
        let mut members = Vec::new();
        let mut tokens = TokenStream::new();
        for member in &record.fields {
            let value = self.value(&member.expr);
            let (name, value_tokens) = (&member.member, value.tokens);
            tokens.extend(quote_spanned!(member.span()=> #name: #value_tokens,));
            if let Member::Named(name) = &member.member {
                members.push((of(name), value.model));
            }
        }
        let path = &record.path;
        Lowered::value(
            Model::Record { name: keep(&path_text(path)), members: keep_all(members) },
            quote!(#path { #tokens }),
        )
    }

    fn construct(&mut self, call: &syn::ExprCall) -> Lowered {
        let Expr::Path(path) = &*call.func else {
            return self.refuse(&Expr::Call(call.clone()));
        };
        let name = path_text(&path.path);
        let last = path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let pure = ["String::new", "String::from", "Vec::new", "Decimal::new", "Decimal::from"];
        if !last.starts_with(char::is_uppercase) && !pure.contains(&name.as_str()) {
            self.report.error_with_help(
                "COH0601",
                path.span(),
                format!("`{name}` is a call, and a transition calls nothing"),
                "pass the value in as a parameter, or write the expression out",
            );
        }
        let arguments: Vec<Lowered> = call.args.iter().map(|argument| self.value(argument)).collect();
        let tokens = arguments.iter().map(|argument| &argument.tokens);
        let tokens = quote!(#path(#(#tokens),*));
        let arguments = arguments.into_iter().map(|argument| argument.model).collect();
        Lowered::value(Model::Construct { name: keep(&name), arguments: keep_all(arguments) }, tokens)
    }

    fn macro_call(&mut self, call: &syn::Macro) -> Lowered {
        let name = path_text(&call.path);
        let parsed = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.tokens.clone());
        match (name.as_str(), parsed) {
            ("format", Ok(parts)) => self.concat(&parts, call),
            ("vec", Ok(items)) => {
                let items: Vec<Lowered> = items.iter().map(|item| self.value(item)).collect();
                let tokens = items.iter().map(|item| &item.tokens);
                let tokens = quote!(::cohesive::__private::Vec::from([#(#tokens),*]));
                let items = items.into_iter().map(|item| item.model).collect();
                Lowered::value(Model::List(keep_all(items)), tokens)
            }
            ("matches", _) => self.matches(call),
            _ => {
                self.report.error_with_help(
                    "COH0609",
                    call.path.span(),
                    format!("`{name}!` is not available in a transition"),
                    "values may use `matches!`, `format!` and `vec!`; `requires!`, `emit!`, `request!` and \
                     `reject!` are statements",
                );
                Lowered::value(Model::Literal(Literal::Bool(false)), quote!(::core::unreachable!()))
            }
        }
    }

    fn matches(&mut self, call: &syn::Macro) -> Lowered {
        let parser = |input: syn::parse::ParseStream<'_>| {
            let on: Expr = input.parse()?;
            input.parse::<Token![,]>()?;
            let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<Option<Token![,]>>()?;
            Ok((on, pattern))
        };
        let (on, pattern) = match parser.parse2(call.tokens.clone()) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.report.unreadable(&error);
                return Lowered::value(Model::Literal(Literal::Bool(false)), quote!(false));
            }
        };
        let on = self.lower(&on);
        let mark = self.locals.len();
        let (pattern, pattern_tokens) = self.pattern(&pattern);
        self.locals.truncate(mark);
        let truth = |value| Model::Literal(Literal::Bool(value));
        let arms = vec![
            Arm { pattern, condition: None, value: truth(true) },
            Arm { pattern: Pattern::Any, condition: None, value: truth(false) },
        ];
        let on_tokens = on.tokens;
        Lowered::value(
            Model::Match { on: keep_one(on.model), arms: keep_all(arms) },
            quote!(::core::matches!(&#on_tokens, #pattern_tokens)),
        )
    }

    /// `format!("{} of {}", a, b)`: text with plain places.
    fn concat(&mut self, parts: &Punctuated<Expr, Token![,]>, call: &syn::Macro) -> Lowered {
        let mut rest = parts.iter();
        let template = match rest.next() {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => text.value(),
            _ => String::from("{"),
        };
        let texts: Vec<&str> = template.split("{}").collect();
        let arguments: Vec<Lowered> = rest.map(|argument| self.lower(argument)).collect();
        if texts.len() != arguments.len() + 1 || texts.iter().any(|text| text.contains(['{', '}'])) {
            self.report.error_with_help(
                "COH0609",
                call.span(),
                "text is put together with one plain `{}` for each value",
                "write `format!(\"{} of {}\", a, b)`",
            );
            return Lowered::value(Model::Concat(&[]), quote!(::core::unreachable!()));
        }
        let tokens = arguments.iter().map(|argument| &argument.tokens);
        let tokens = quote!(::cohesive::__private::format!(#template, #(#tokens),*));
        let mut model = Vec::new();
        let mut arguments = arguments.into_iter();
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                model.extend(arguments.next().map(|argument| argument.model));
            }
            if !text.is_empty() {
                model.push(Model::Literal(Literal::Text(keep(text))));
            }
        }
        Lowered::value(Model::Concat(keep_all(model)), tokens)
    }

    /// A block that ends in a value: `let` statements, then the value.
    fn block(&mut self, statements: &[Stmt], span: proc_macro2::Span) -> Lowered {
        let mark = self.locals.len();
        let mut lets = Vec::new();
        let mut tokens = TokenStream::new();
        let mut value = None;
        for (index, statement) in statements.iter().enumerate() {
            match statement {
                Stmt::Local(local) => {
                    if let Some((name, model, code)) = self.binding(local) {
                        lets.push((name, model));
                        tokens.extend(code);
                    }
                }
                Stmt::Expr(expr, None) if index + 1 == statements.len() => value = Some(self.value(expr)),
                Stmt::Macro(call) if call.semi_token.is_none() && index + 1 == statements.len() => {
                    value = Some(self.macro_call(&call.mac).owned());
                }
                other => {
                    self.report.error("COH0601", other.span(), "only `let` and a final value may stand here");
                }
            }
        }
        self.locals.truncate(mark);
        let Some(value) = value else {
            self.report.error("COH0601", span, "this block has to end in a value");
            return Lowered::value(Model::Literal(Literal::Bool(false)), quote!(::core::unreachable!()));
        };
        let value_tokens = value.tokens;
        let tokens = if lets.is_empty() { value_tokens } else { quote!({ #tokens #value_tokens }) };
        let model = lets.into_iter().rev().fold(value.model, |body, (name, value)| Model::Let {
            name,
            value: keep_one(value),
            body: keep_one(body),
        });
        Lowered::value(model, tokens)
    }

    /// `let name = value;`, which binds the name for what follows.
    pub(super) fn binding(&mut self, local: &syn::Local) -> Option<(&'static str, Model, TokenStream)> {
        let (pattern, annotation) = match &local.pat {
            syn::Pat::Type(typed) => (&*typed.pat, Some(&typed.ty)),
            other => (other, None),
        };
        let (syn::Pat::Ident(binding), Some(init)) = (pattern, &local.init) else {
            self.report.error_with_help(
                "COH0601",
                local.span(),
                "a `let` here names one value",
                "write `let name = value;`",
            );
            return None;
        };
        if binding.mutability.is_some() || binding.by_ref.is_some() || init.diverge.is_some() {
            self.report.error("COH0601", local.span(), "a `let` here names one value that does not change");
        }
        let value = self.value(&init.expr);
        let name = of(&binding.ident);
        self.locals.push((name.to_owned(), Binding::Owned));
        let (ident, tokens) = (&binding.ident, value.tokens);
        let annotation = annotation.map(|ty| quote!(: #ty));
        Some((name, value.model, quote!(let #ident #annotation = #tokens;)))
    }

    /// Names bound by reference, as patterns and folds do.
    pub(super) fn bind_reference(&mut self, name: &str) {
        self.locals.push((name.to_owned(), Binding::Reference));
    }

    /// How many local names there are, to be given to [`Scope::forget`].
    pub(super) fn mark(&self) -> usize {
        self.locals.len()
    }

    /// Forgets the local names since a mark.
    pub(super) fn forget(&mut self, mark: usize) {
        self.locals.truncate(mark);
    }

    /// An expression that a transition cannot have, named in the user's words.
    pub(super) fn refuse(&mut self, expr: &Expr) -> Lowered {
        let (what, help) = construct(expr);
        self.report.error_with_help("COH0601", expr.span(), format!("{what} not available in a transition"), help);
        Lowered::value(Model::Literal(Literal::Bool(false)), quote!(::core::unreachable!()))
    }
}

/// What an unavailable expression is called, and what to do instead.
fn construct(expr: &Expr) -> (&'static str, &'static str) {
    match expr {
        Expr::Await(_) | Expr::Async(_) => ("`async` is", "request an effect, and let its reply come back as an input"),
        Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => {
            ("a loop is", "use a fold such as `self.lines.iter().any(|line| …)`")
        }
        Expr::Closure(_) => ("a closure is", "closures stand in `any`, `all`, `map` and `filter` only"),
        Expr::Cast(_) => ("`as` is", "give the field or parameter the type that the calculation needs"),
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => ("a jump is", "use `requires!` or `reject!`"),
        Expr::Try(_) => ("`?` is", "use `requires!` or `reject!`"),
        Expr::Unsafe(_) => ("`unsafe` is", "write the expression out"),
        Expr::Index(_) => ("indexing, which can panic, is", "use a fold over the list"),
        Expr::Range(_) => ("a range is", "compare with `<` and `>=`"),
        Expr::Tuple(_) => ("a tuple is", "declare a record with `#[derive(Value)]`"),
        Expr::Binary(_) => ("this operator is", "arithmetic, comparison and logic are available"),
        _ => ("this expression is", "transitions are made of conditions, calculations, assignments and messages"),
    }
}

fn arithmetic(
    operator: BinaryOperator,
    function: &TokenStream,
    left: Lowered,
    right: Lowered,
    span: proc_macro2::Span,
) -> Lowered {
    let (left_tokens, right_tokens) = (left.tokens, right.tokens);
    Lowered::value(
        Model::Binary(operator, keep_one(left.model), keep_one(right.model)),
        quote_spanned!(span=> ::cohesive::__private::arithmetic::#function(#left_tokens, #right_tokens)?),
    )
}

/// A pattern and its further condition.
pub(super) fn guarded(pattern: &syn::Pat) -> (&syn::Pat, Option<&Expr>) {
    match pattern {
        syn::Pat::Guard(guarded) => (&guarded.pat, Some(&guarded.guard)),
        other => (other, None),
    }
}

/// Whether this is the word `self`.
pub(super) fn is_self(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
}

/// A path as text, without generics: `TenderStatus::Accepted`.
pub(super) fn path_text(path: &syn::Path) -> String {
    let segments: Vec<&str> = path.segments.iter().map(|segment| of(&segment.ident)).collect();
    segments.join("::")
}

fn operator(operator: &BinOp) -> Option<BinaryOperator> {
    Some(match operator {
        BinOp::Eq(_) => BinaryOperator::Equal,
        BinOp::Ne(_) => BinaryOperator::NotEqual,
        BinOp::Lt(_) => BinaryOperator::Less,
        BinOp::Le(_) => BinaryOperator::LessOrEqual,
        BinOp::Gt(_) => BinaryOperator::Greater,
        BinOp::Ge(_) => BinaryOperator::GreaterOrEqual,
        BinOp::And(_) => BinaryOperator::And,
        BinOp::Or(_) => BinaryOperator::Or,
        BinOp::Add(_) | BinOp::AddAssign(_) => BinaryOperator::Add,
        BinOp::Sub(_) | BinOp::SubAssign(_) => BinaryOperator::Subtract,
        BinOp::Mul(_) | BinOp::MulAssign(_) => BinaryOperator::Multiply,
        BinOp::Div(_) | BinOp::DivAssign(_) => BinaryOperator::Divide,
        BinOp::Rem(_) | BinOp::RemAssign(_) => BinaryOperator::Remainder,
        _ => return None,
    })
}

/// The operator and the checked function behind an operator, for compound assignments too.
pub(super) fn compound(op: &BinOp) -> Option<(BinaryOperator, TokenStream)> {
    let operator = operator(op)?;
    let assigns = matches!(
        op,
        BinOp::AddAssign(_) | BinOp::SubAssign(_) | BinOp::MulAssign(_) | BinOp::DivAssign(_) | BinOp::RemAssign(_)
    );
    if !assigns {
        return None;
    }
    checked(operator).map(|function| (operator, function))
}

fn checked(operator: BinaryOperator) -> Option<TokenStream> {
    Some(match operator {
        BinaryOperator::Add => quote!(add),
        BinaryOperator::Subtract => quote!(subtract),
        BinaryOperator::Multiply => quote!(multiply),
        BinaryOperator::Divide => quote!(divide),
        BinaryOperator::Remainder => quote!(remainder),
        _ => return None,
    })
}
