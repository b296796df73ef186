//! Places and mistakes of one expansion. Everybody pushes and carries on, so that all mistakes show at once.

use cohesive_core::diagnostic::Diagnostic;
use cohesive_core::model::At;
use proc_macro2::Span;

/// The spans behind places, and the mistakes found so far.
#[derive(Default)]
pub(crate) struct Report {
    spans: Vec<Span>,
    findings: Vec<Diagnostic>,
}

impl Report {
    /// The place of a token.
    pub(crate) fn at(&mut self, span: Span) -> At {
        self.spans.push(span);
        At(u32::try_from(self.spans.len() - 1).unwrap_or(u32::MAX))
    }

    /// The token behind a place.
    pub(crate) fn span(&self, at: At) -> Span {
        self.spans.get(at.0 as usize).copied().unwrap_or_else(Span::call_site)
    }

    /// Notes a mistake.
    pub(crate) fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Notes a mistake at a token.
    pub(crate) fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        let at = self.at(span);
        self.push(Diagnostic::error(code, at, message));
    }

    /// Notes a mistake at a token, with a way out.
    pub(crate) fn error_with_help(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let at = self.at(span);
        self.push(Diagnostic::error(code, at, message).help(help));
    }

    /// Notes what cannot be read as Rust. `within` is blamed when the text ends too early, and so has no word.
    pub(crate) fn unreadable(&mut self, error: &syn::Error, within: Span) {
        for error in error.clone() {
            self.error("COH0001", narrowest(error.span(), within), error.to_string());
        }
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// The mistakes with their tokens, in source order.
    pub(crate) fn into_findings(self) -> impl Iterator<Item = (Span, String)> {
        let mut findings: Vec<(Span, String)> =
            self.findings.iter().map(|finding| (self.span(finding.at), finding.text())).collect();
        findings.sort_by_key(|(span, _)| place(*span));
        findings.into_iter()
    }
}

/// The span of an error, or `within` where the error has none of its own.
pub(crate) fn narrowest(error: Span, within: Span) -> Span {
    if same_place(error, Span::call_site()) { within } else { error }
}

/// Whether two spans begin at one place.
pub(crate) fn same_place(one: Span, other: Span) -> bool {
    place(one) == place(other)
}

/// Line and column. Outside of the compiler, where tests run, there are none.
fn place(span: Span) -> (usize, usize) {
    if !proc_macro::is_available() {
        return (0, 0);
    }
    let start = span.unwrap().start();
    (start.line(), start.column())
}

/// Names as a list in words: `a`, `b` and `c`.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
