//! Secrets, and what is signed with them.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use super::PREFIX;
use crate::broker::BrokerError;

/// How many bytes a secret has: fewer can be guessed, and more are of no use.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=BLOCK;
/// A block of SHA-256, in bytes.
const BLOCK: usize = 64;
/// What a written secret begins with.
const WRITTEN: &str = "whsec_";
/// What a signature of this sort begins with.
const VERSION: &str = "v1,";
/// What the id of a request begins with whose signature covers its headers. No document can take such an id.
const BOUND: &str = "headers_";
/// How many signatures of one request are looked at.
#[cfg(any(test, feature = "http"))]
const MOST_SIGNATURES: usize = 16;

/// What sender and receiver share. Written as `whsec_` and Base64; never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// A secret of 24 to 64 random bytes.
    ///
    /// # Errors
    /// When it is shorter or longer.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, BrokerError> {
        let bytes = bytes.into();
        if LENGTHS.contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(BrokerError::option("secrets", "one of them has not 24 to 64 bytes"))
        }
    }

    fn mac(&self, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        // A key that is shorter than a block is filled with zeros, by the definition of HMAC.
        let mut block = [0; BLOCK];
        block.iter_mut().zip(&self.0).for_each(|(byte, own)| *byte = *own);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        mac
    }
}

impl FromStr for Secret {
    type Err = BrokerError;

    fn from_str(text: &str) -> Result<Self, BrokerError> {
        let flaw = || BrokerError::option("secrets", "one of them is not `whsec_` and Base64");
        let bytes = STANDARD.decode(text.strip_prefix(WRITTEN).ok_or_else(flaw)?).map_err(|_| flaw())?;
        Self::new(bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// The value of `webhook-signature`: one signature for each secret.
pub(super) fn sign(secrets: &[Secret], id: &str, timestamp: &str, body: &[u8]) -> String {
    let signature = |secret: &Secret| {
        format!("{VERSION}{}", STANDARD.encode(secret.mac(id, timestamp, body).finalize().into_bytes()))
    };
    secrets.iter().map(signature).collect::<Vec<_>>().join(" ")
}

/// Whether one of the signatures is by one of the secrets. It takes the same time for every signature that is none.
#[cfg(any(test, feature = "http"))]
pub(super) fn is_signed(
    secrets: &[Secret],
    id: &str,
    timestamp: &str,
    body: &[u8],
    signatures: &str,
) -> bool {
    let own = signatures.split(' ').filter_map(|signature| signature.strip_prefix(VERSION));
    let decoded: Vec<_> =
        own.take(MOST_SIGNATURES).filter_map(|signature| STANDARD.decode(signature).ok()).collect();
    let mut signed = false;
    for secret in secrets {
        let mac = secret.mac(id, timestamp, body);
        for signature in &decoded {
            signed |= mac.clone().verify_slice(signature).is_ok();
        }
    }
    signed
}

/// The id of a request with these headers, which covers them.
pub(super) fn id_of<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let covered = |name: &str| name == "content-type" || name.starts_with(PREFIX);
    let lower = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value.trim()));
    let mut covered: Vec<(String, &str)> = lower.filter(|(name, _)| covered(name)).collect();
    covered.sort();
    let mut digest = Sha256::new();
    for (name, value) in covered {
        for part in [name.as_bytes(), value.as_bytes()] {
            // With its length, so that no two lists read the same.
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
    }
    let digest = digest.finalize();
    digest.iter().fold(BOUND.to_owned(), |id, byte| id + &format!("{byte:02x}"))
}

/// Whether the id is of those that cover headers.
#[cfg(any(test, feature = "http"))]
pub(super) fn covers_headers(id: &str) -> bool {
    id.starts_with(BOUND)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification of Standard Webhooks.
    #[test]
    fn signatures_are_those_of_the_specification() {
        let secret: Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
        let body = br#"{"test": 2432232314}"#;
        let signature =
            sign(std::slice::from_ref(&secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let signed = |id, timestamp, body: &[u8], signatures: &str| {
            is_signed(std::slice::from_ref(&secret), id, timestamp, body, signatures)
        };
        let (id, time) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330");
        assert!(signed(id, time, body, &signature));
        assert!(!signed("msg_p5jXN8AQM9LWM0D4loKWxJel", time, body, &signature));
        assert!(!signed(id, "1614265331", body, &signature));
        assert!(!signed(id, time, b"{}", &signature));
        for none in
            ["", "v1,", "v1,AAAA", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "g0hM9SsE", "v1,!"]
        {
            assert!(!signed(id, time, body, none), "{none}");
        }
    }

    #[test]
    fn secrets_change_without_a_gap() {
        let [old, new] = [7, 8].map(|byte| Secret::new(vec![byte; 32]).unwrap());
        let both = sign(&[new.clone(), old.clone()], "id", "1", b"body");
        assert_eq!(both.split(' ').count(), 2);
        for secrets in [vec![old.clone()], vec![new.clone()], vec![old.clone(), new.clone()]] {
            assert!(is_signed(&secrets, "id", "1", b"body", &both));
        }
        assert!(!is_signed(&[new], "id", "1", b"body", &sign(&[old], "id", "1", b"body")));
        assert!(!is_signed(&[], "id", "1", b"body", &both));
    }

    #[test]
    fn secrets_have_a_length_and_are_not_shown() {
        assert!(Secret::new(vec![1; 23]).is_err() && Secret::new(vec![1; 65]).is_err());
        for text in ["", "whsec_", "whsec_AAAA", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert!(text.parse::<Secret>().is_err(), "{text}");
        }
        let secret = Secret::new(*b"a secret of enough bytes").unwrap();
        assert!(!format!("{secret:?}").contains("enough"));
    }

    #[test]
    fn ids_cover_the_headers_of_the_event_and_no_others() {
        let headers = [("Content-Type", "application/json"), ("ce-type", "Sent"), ("ce-id", "1")];
        let id = id_of(headers);
        assert!(covers_headers(&id) && id.len() < 100);
        let reordered =
            [("host", "h"), ("CE-ID", "1"), ("ce-type", " Sent "), ("content-type", "application/json")];
        assert_eq!(id_of(reordered), id);
        for changed in [
            [("content-type", "application/json"), ("ce-type", "Lost"), ("ce-id", "1")],
            [("content-type", "application/cloudevents+json"), ("ce-type", "Sent"), ("ce-id", "1")],
            [("content-type", "application/json"), ("ce-typeS", "ent"), ("ce-id", "1")],
        ] {
            assert_ne!(id_of(changed), id);
        }
        assert_ne!(id_of(headers.into_iter().chain([("ce-subject", "x")])), id);
    }
}
