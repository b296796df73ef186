//! The names that generated code gives to its own variables, given to everything.

use cohesive::prelude::*;

/// The id of a case.
#[derive(Id)]
pub struct CaseId(String);

/// A case.
#[entity]
pub struct Case {
    /// The id.
    #[id]
    pub id: CaseId,
    /// A field.
    pub state: i32,
    /// A field.
    pub draft: Option<i32>,
    /// A field.
    pub patch: Option<i32>,
    /// A field.
    pub view: Option<i32>,
    /// A field.
    pub r#type: Option<String>,
    /// A field.
    pub r#match: Option<i32>,
    /// A field.
    pub slot: Option<i32>,
}

/// A case was changed.
#[event]
pub struct CaseChanged {
    /// A member.
    pub payload: i32,
    /// A member.
    pub r#type: Option<String>,
}

/// A case was told.
#[event]
pub struct CaseTold {
    /// A member.
    pub event: CaseId,
    /// A member.
    pub id_of_event: i32,
    /// A member.
    pub r#type: String,
}

#[transitions]
impl Case {
    /// A creation.
    #[create]
    pub fn open(id: CaseId, state: i32) -> Self {
        let draft = state;
        emit!(CaseChanged { payload: draft, r#type: None });
        Self { id, state, draft: Some(draft) }
    }

    /// Another creation.
    #[create]
    #[consumes(CaseTold { event: id, .. })]
    pub fn import(id: CaseId) -> Self {
        Self { id, state: 0 }
    }

    /// What was told.
    #[transition]
    #[consumes(CaseTold { event: id, id_of_event: event, r#type })]
    pub fn tell(&mut self, event: i32, r#type: Option<String>) {
        self.state = event;
        self.r#type = r#type;
    }

    /// An update.
    #[transition]
    pub fn change(
        &mut self,
        input: i32,
        state: i32,
        draft: i32,
        context: i32,
        view: i32,
        patch: i32,
        r#type: String,
        clock: &Context,
    ) {
        requires!(Late: clock.actor().is_none(), "there is an actor");
        let state_state = input + state;
        let payload = state_state + self.state;
        self.state = payload + draft + context;
        self.patch = Some(patch);
        self.view = Some(view);
        self.r#type = Some(r#type);
        if let Some(state) = self.draft {
            self.draft = Some(state + input);
        }
        emit!(CaseChanged { payload, r#type: self.r#type });
    }
}
