//! Conditions and values, as data.

/// A pure expression over an entity's fields, an input and a context.
///
/// There is no call into user code, no loop and no mutation. Arithmetic is checked: overflow and division by
/// zero are outcomes, not accidents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expr {
    /// A field of the entity.
    Field(&'static str),
    /// A parameter of the transition.
    Input(&'static str),
    /// A recorded value of the context, for example `now`.
    Context(&'static str),
    /// A name bound by `let`, by a pattern or by a fold.
    Local(&'static str),
    /// A literal.
    Literal(Literal),
    /// A constant or a variant without payload, for example `TenderStatus::Accepted`.
    Path(&'static str),
    /// An operator with one operand.
    Unary(UnaryOperator, &'static Self),
    /// An operator with two operands. `And` and `Or` look at the right one only when they must.
    Binary(BinaryOperator, &'static Self, &'static Self),
    /// A pure method from the short list of permitted ones.
    Call {
        /// The value it is called on.
        receiver: &'static Self,
        /// The method.
        method: &'static str,
        /// The arguments.
        arguments: &'static [Self],
    },
    /// A member of a record.
    Member(&'static Self, &'static str),
    /// One of two values.
    If {
        /// The condition.
        condition: &'static Self,
        /// The value when it holds.
        then: &'static Self,
        /// The value when it does not.
        otherwise: &'static Self,
    },
    /// The value of the first arm that fits.
    Match {
        /// The value looked at.
        on: &'static Self,
        /// The arms, in order.
        arms: &'static [Arm],
    },
    /// A record built from named members.
    Record {
        /// The type's name.
        name: &'static str,
        /// The members.
        members: &'static [(&'static str, Self)],
        /// The record that the other members are taken from.
        base: Option<&'static Self>,
    },
    /// A variant or tuple constructor with payload, for example `Some(x)`.
    Construct {
        /// The constructor.
        name: &'static str,
        /// The payload.
        arguments: &'static [Self],
    },
    /// A list of values.
    List(&'static [Self]),
    /// Text made of parts.
    Concat(&'static [Self]),
    /// One value from a list.
    Fold {
        /// How.
        fold: FoldOperator,
        /// The list.
        list: &'static Self,
        /// The name of an element within `body`.
        binding: &'static str,
        /// What is looked at for each element.
        body: &'static Self,
    },
    /// The result of a helper whose body is not read.
    Native {
        /// The helper.
        name: &'static str,
        /// The fields it may look at, sorted.
        reads: &'static [&'static str],
        /// The arguments.
        arguments: &'static [Self],
    },
    /// A value that can use a local name.
    Let {
        /// The name.
        name: &'static str,
        /// What it stands for.
        value: &'static Self,
        /// The value of the whole.
        body: &'static Self,
    },
}

impl Expr {
    /// Shows every part of this expression, itself first.
    pub fn each(&self, show: &mut dyn FnMut(&Self)) {
        show(self);
        match self {
            Self::Field(_)
            | Self::Input(_)
            | Self::Context(_)
            | Self::Local(_)
            | Self::Literal(_)
            | Self::Path(_) => {}
            Self::Unary(_, operand) | Self::Member(operand, _) => operand.each(show),
            Self::Binary(_, left, right) => {
                left.each(show);
                right.each(show);
            }
            Self::Call { receiver, arguments, .. } => {
                receiver.each(show);
                arguments.iter().for_each(|part| part.each(show));
            }
            Self::If { condition, then, otherwise } => {
                condition.each(show);
                then.each(show);
                otherwise.each(show);
            }
            Self::Match { on, arms } => {
                on.each(show);
                for arm in *arms {
                    arm.condition.iter().for_each(|part| part.each(show));
                    arm.value.each(show);
                }
            }
            Self::Record { members, base, .. } => {
                members.iter().for_each(|(_, part)| part.each(show));
                if let Some(base) = base {
                    base.each(show);
                }
            }
            Self::Native { arguments, .. }
            | Self::Construct { arguments, .. }
            | Self::List(arguments)
            | Self::Concat(arguments) => {
                arguments.iter().for_each(|part| part.each(show));
            }
            Self::Fold { list: one, body: other, .. } | Self::Let { value: one, body: other, .. } => {
                one.each(show);
                other.each(show);
            }
        }
    }

    /// The fields of the entity that this expression reads, sorted, each once.
    #[must_use]
    pub fn fields(&self) -> Vec<&'static str> {
        let mut fields = Vec::new();
        self.each(&mut |part| match part {
            Self::Field(name) => fields.push(*name),
            Self::Native { reads, .. } => fields.extend_from_slice(reads),
            _ => {}
        });
        fields.sort_unstable();
        fields.dedup();
        fields
    }
}

/// A literal value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// Text.
    Text(&'static str),
    /// An exact decimal, as written.
    Decimal(&'static str),
}

/// One arm of a [`Expr::Match`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arm {
    /// What the value must look like.
    pub pattern: Pattern,
    /// A further condition.
    pub condition: Option<Expr>,
    /// The value of the arm.
    pub value: Expr,
}

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pattern {
    /// Anything.
    Any,
    /// Anything, and call it this.
    Bind(&'static str),
    /// Exactly this literal.
    Literal(Literal),
    /// A variant without payload, or a constant.
    Path(&'static str),
    /// A variant with payload.
    Construct {
        /// The constructor.
        name: &'static str,
        /// The patterns of the payload.
        arguments: &'static [Self],
    },
    /// One of these.
    OneOf(&'static [Self]),
}

/// An operator with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`
    Not,
    /// `-`, checked.
    Negate,
}

/// An operator with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the operators")]
pub enum BinaryOperator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl BinaryOperator {
    /// The operator as it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::And => "&&",
            Self::Or => "||",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// How a list becomes one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldOperator {
    /// Whether the body holds for at least one element.
    Any,
    /// Whether the body holds for every element.
    All,
    /// For how many elements the body holds.
    Count,
    /// The checked sum of the body over all elements.
    Sum,
    /// The least value of the body; absent for an empty list.
    Min,
    /// The greatest value of the body; absent for an empty list.
    Max,
    /// The first element for which the body holds; absent when there is none.
    Find,
}

impl FoldOperator {
    /// The operator as it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Min => "min",
            Self::Max => "max",
            Self::Find => "find",
        }
    }
}
