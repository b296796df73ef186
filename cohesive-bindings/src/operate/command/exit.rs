//! How a subcommand ended.

use std::process::ExitCode;

/// How a subcommand ended. The numbers are part of the interface and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[must_use = "the process has to end with it"]
pub enum Exit {
    /// 0: what was asked for is done.
    Done,
    /// 1: the store or a writer failed. What had been done before is told; the rest is not done, or not known.
    Failed,
    /// 2: the arguments make no sense, or what they ask for needs to be confirmed. Nothing was done.
    Usage,
    /// 3: nothing is there by one of the numbers. What the other numbers name is done.
    Nothing,
    /// 4: what was tried did not succeed, and things are as before.
    Unsuccessful,
}

impl Exit {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Done, Self::Failed, Self::Usage, Self::Nothing, Self::Unsuccessful];

    /// The number that the process ends with.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Nothing => 3,
            Self::Unsuccessful => 4,
        }
    }

    /// What it means, for help texts.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "the store or a writer failed",
            Self::Usage => "wrong or unconfirmed arguments; nothing was done",
            Self::Nothing => "nothing is there by one of the numbers",
            Self::Unsuccessful => "tried without success; things are as before",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_never_change() {
        assert_eq!(Exit::ALL.map(Exit::code), [0, 1, 2, 3, 4]);
        let names = Exit::ALL.map(|exit| format!("{exit:?}"));
        assert_eq!(names, ["Done", "Failed", "Usage", "Nothing", "Unsuccessful"]);
    }
}
