//! Whether a value looks like a pattern.

use crate::model::Pattern;

use super::compare::equal;
use super::evaluate::literal;
use super::shape::Shape;
use super::{Content, Scope, Stop};

impl Scope<'_> {
    /// Whether `value` looks like `pattern`; names of the pattern are bound from then on.
    pub(super) fn fits(
        &mut self,
        pattern: &Pattern,
        value: &Content,
        shape: Option<&Shape>,
    ) -> Result<bool, Stop> {
        match pattern {
            Pattern::Any => Ok(true),
            Pattern::Bind(name) => {
                self.bind(name, value.clone(), shape.cloned());
                Ok(true)
            }
            Pattern::Literal(expected) => equal(&literal(*expected)?, value),
            Pattern::Path(path) => {
                let expected = self.names.path(self.place, path)?;
                equal(&expected, value)
            }
            Pattern::Construct { name, arguments } => self.takes_apart(name, arguments, value, shape),
            Pattern::OneOf(patterns) => {
                for pattern in *patterns {
                    let mark = self.mark();
                    if self.fits(pattern, value, shape)? {
                        return Ok(true);
                    }
                    self.forget(mark);
                }
                Ok(false)
            }
        }
    }

    fn takes_apart(
        &mut self,
        name: &str,
        arguments: &[Pattern],
        value: &Content,
        shape: Option<&Shape>,
    ) -> Result<bool, Stop> {
        let unknown = || Stop::opaque(format!("the pattern `{name}(…)`"));
        let [argument] = arguments else { return Err(unknown()) };
        match (name, value) {
            ("Some" | "Option::Some", Content::Present(inner)) => {
                let shape = shape.and_then(Shape::inner);
                self.fits(argument, inner, shape.as_ref())
            }
            ("Some" | "Option::Some", Content::Absent) => Ok(false),
            _ => {
                let id = self.names.id(name).ok_or_else(unknown)?;
                self.fits(argument, value, Some(&Shape::Of(id.inner)))
            }
        }
    }
}
