//! Partitions: what a broker keeps in order.

use sha2::{Digest as _, Sha256};

/// The partition of a key, from 0 to `partitions` − 1. Publishers and subscribers of every version compute the same.
pub(crate) fn partition(key: &str, partitions: u16) -> u16 {
    let digest = Sha256::digest(key.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    // Less than `partitions`, which fits.
    u16::try_from(number % u64::from(partitions.max(1))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::partition;

    // A117: messages would change their partitions, and with them their order, if the rule changed.
    #[test]
    fn the_rule_stays_as_it_is() {
        let keys = ["", "tender:t-1", "tender:t-2", "parcel:Zürich", "parcel:🚚"];
        assert_eq!(keys.map(|key| partition(key, 16)), [4, 4, 14, 10, 9]);
        assert_eq!(keys.map(|key| partition(key, 1)), [0; 5]);
        let mut counts = [0; 16];
        for number in 0..1600 {
            counts[usize::from(partition(&format!("parcel:{number}"), 16))] += 1;
        }
        assert!(counts.iter().all(|count| (60..140).contains(count)), "{counts:?}");
    }
}
