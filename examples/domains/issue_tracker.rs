//! An issue of a tracker, after the life cycle of a bug in Bugzilla
//! (<https://bugzilla.readthedocs.io/en/latest/using/editing.html>): unconfirmed, confirmed, in progress, resolved,
//! verified, and reopened.

use cohesive::prelude::*;

#[derive(Id)]
pub struct IssueId(i64);

#[derive(Id)]
pub struct PersonId(String);

/// Where an issue stands.
#[derive(Lifecycle)]
pub enum IssueStatus {
    #[initial]
    Unconfirmed,
    Confirmed,
    InProgress,
    Resolved,
    #[terminal]
    Verified,
}

/// How an issue ended.
#[derive(Value)]
pub enum Resolution {
    Fixed,
    Invalid,
    WontFix,
    Duplicate,
    WorksForMe,
}

/// One remark.
#[derive(Value)]
pub struct Comment {
    #[id]
    pub number: u32,
    pub author: PersonId,
    #[field(length(1..=4000))]
    pub text: String,
}

/// Something that does not work.
#[entity]
pub struct Issue {
    #[id]
    pub id: IssueId,
    #[lifecycle]
    pub status: IssueStatus,
    #[field(length(1..=255))]
    pub summary: String,
    #[field(index)]
    pub reporter: PersonId,
    #[field(index)]
    pub assignee: Option<PersonId>,
    pub resolution: Option<Resolution>,
    #[field(references(Issue))]
    pub duplicate_of: Option<IssueId>,
    #[field(length(..=20))]
    pub keywords: BTreeSet<String>,
    #[field(length(..=500))]
    pub comments: Vec<Comment>,
    #[field(length(..=50))]
    pub watchers: BTreeSet<PersonId>,
    /// The latest moment at which anybody looked.
    #[field(merge = max)]
    pub last_seen: Option<Timestamp>,
    #[field_versions]
    pub touched: FieldVersions,
}

/// What watchers are told.
#[event]
pub enum IssueEvent {
    IssueReported { issue_id: IssueId, summary: String, reporter: PersonId },
    IssueAssigned { issue_id: IssueId, assignee: PersonId },
    IssueResolved { issue_id: IssueId, resolution: Resolution },
    IssueReopened { issue_id: IssueId },
    CommentAdded { issue_id: IssueId, number: u32, author: PersonId },
}

#[transitions]
impl Issue {
    /// Somebody reports an issue.
    #[create]
    pub fn report(id: IssueId, summary: String, reporter: PersonId) -> Self {
        emit!(IssueReported { issue_id: id, summary, reporter });
        Self { id, summary, reporter, watchers: BTreeSet::new() }
    }

    /// Somebody else has seen it too.
    #[transition(Unconfirmed => Confirmed)]
    pub fn confirm(&mut self, by: PersonId) {
        requires!(AnotherPerson: by != self.reporter, "reporters do not confirm their own issues");
    }

    /// Somebody takes it on.
    #[transition(Unconfirmed | Confirmed | InProgress => InProgress, conflict = disjoint)]
    pub fn assign(&mut self, assignee: PersonId) {
        self.assignee = Some(assignee);
        emit!(IssueAssigned { issue_id: self.id, assignee });
    }

    /// The summary says it better.
    #[transition(Unconfirmed | Confirmed | InProgress, conflict = disjoint)]
    pub fn rename(&mut self, summary: String) {
        self.summary = summary;
    }

    /// It is done, or nothing will be done about it.
    #[transition(Unconfirmed | Confirmed | InProgress => Resolved)]
    pub fn resolve(&mut self, resolution: Resolution, duplicate_of: Option<IssueId>) {
        requires!(
            DuplicateOfWhat: (resolution == Resolution::Duplicate) == duplicate_of.is_some(),
            "a duplicate names the other issue, and nothing else does"
        );
        requires!(NotOfItself: duplicate_of != Some(self.id), "an issue is no duplicate of itself");
        self.resolution = Some(resolution);
        self.duplicate_of = duplicate_of;
        emit!(IssueResolved { issue_id: self.id, resolution });
    }

    /// It was not done after all.
    #[transition(Resolved => Confirmed)]
    pub fn reopen(&mut self) {
        self.resolution = None;
        self.duplicate_of = None;
        emit!(IssueReopened { issue_id: self.id });
    }

    /// Somebody has looked, and it is done.
    #[transition(Resolved => Verified)]
    pub fn verify(&mut self, by: PersonId) {
        requires!(AnotherPerson: Some(by) != self.assignee, "nobody verifies their own work");
    }

    /// Somebody says something.
    #[transition]
    pub fn comment(&mut self, author: PersonId, text: String) {
        let number = self.comments.iter().map(|comment| comment.number).max().unwrap_or(0) + 1;
        self.comments.push(Comment { number, author, text });
        emit!(CommentAdded { issue_id: self.id, number, author });
    }

    /// Finds the issue by a word.
    #[transition]
    pub fn tag(&mut self, #[field(length(1..=30))] keyword: String) {
        self.keywords.insert(keyword);
    }

    /// The word did not fit.
    #[transition]
    pub fn untag(&mut self, keyword: String) {
        self.keywords.remove(keyword);
    }

    /// Somebody wants to be told.
    #[transition]
    pub fn watch(&mut self, person: PersonId) {
        self.watchers.insert(person);
    }

    /// Somebody looks.
    #[transition(conflict = at_head)]
    pub fn see(&mut self, at: Timestamp) {
        self.last_seen.merge(Some(at));
    }

    /// What is resolved says how.
    #[invariant]
    fn resolved_issues_say_how(&self) -> bool {
        matches!(self.status, IssueStatus::Resolved | IssueStatus::Verified) == self.resolution.is_some()
    }

    /// Duplicates name the other issue.
    #[invariant]
    fn duplicates_name_the_other(&self) -> bool {
        (self.resolution == Some(Resolution::Duplicate)) == self.duplicate_of.is_some()
    }
}
