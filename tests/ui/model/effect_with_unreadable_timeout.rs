use cohesive::prelude::*;

/// Ask the post to deliver a letter.
#[effect(reply = Nothing, timeout = "half an hour", attempts = 3)]
pub struct SendLetter {}

/// Ask the bank for money.
#[effect(reply = Nothing, timeout = 30, attempts = 3)]
pub struct CollectMoney {}

fn main() {
    let _ = (SendLetter {}, CollectMoney {});
}
