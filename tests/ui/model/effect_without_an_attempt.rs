use cohesive::prelude::*;

/// Ask the post to deliver a letter.
#[effect(reply = Nothing, timeout = "30s", attempts = 0)]
pub struct SendLetter {}

fn main() {
    let _ = SendLetter {};
}
