use cohesive::prelude::*;

/// Ask the post to deliver a letter.
#[effect(reply = Nothing, then = delivered, otherwise = "Order::lost")]
pub struct SendLetter {}

fn main() {
    let _ = SendLetter {};
}
