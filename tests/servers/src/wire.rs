//! Where messages end in what passes between a client and a server.

/// How a stream of bytes is divided.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Protocol {
    /// AMQP 0-9-1: a header of the protocol, then frames.
    Amqp,
    /// NATS: lines, of which some announce a payload.
    Nats,
}

impl Protocol {
    pub(crate) fn of(url: &str) -> Self {
        match url.split("://").next() {
            Some("amqp") => Self::Amqp,
            Some("nats") => Self::Nats,
            _ => panic!("what `{url}` speaks is not known here"),
        }
    }

    /// How long the first message is, once it is here as a whole.
    pub(crate) fn first(self, bytes: &[u8]) -> Option<usize> {
        let length = match self {
            Self::Amqp if bytes.starts_with(b"AMQP") => 8,
            Self::Amqp => {
                // Kind, channel, size; and a byte at the end.
                let size: [u8; 4] = bytes.get(3..7)?.try_into().unwrap();
                usize::try_from(u32::from_be_bytes(size)).unwrap() + 8
            }
            Self::Nats => {
                let line = bytes.windows(2).position(|pair| pair == b"\r\n")?;
                let mut words = bytes[..line].split(u8::is_ascii_whitespace);
                let payload = match words.next()? {
                    b"PUB" | b"HPUB" | b"MSG" | b"HMSG" => words.next_back().map(number)? + 2,
                    _ => 0,
                };
                line + 2 + payload
            }
        };
        (bytes.len() >= length).then_some(length)
    }
}

fn number(digits: &[u8]) -> usize {
    std::str::from_utf8(digits).unwrap().parse().unwrap()
}

#[cfg(test)]
mod tests {
    use super::Protocol;

    fn lengths(protocol: Protocol, mut bytes: &[u8]) -> Vec<usize> {
        let mut found = Vec::new();
        while let Some(length) = protocol.first(bytes) {
            found.push(length);
            bytes = &bytes[length..];
        }
        found
    }

    #[test]
    fn messages_end_where_their_protocol_says() {
        let nats =
            b"PING\r\nPUB a 5\r\na\r\nbc\r\nHMSG a 1 r 12 14\r\nNATS/1.0\r\n\r\nhi\r\n+OK\r\nPUB a 3\r\nab";
        assert_eq!(lengths(Protocol::Nats, nats), [6, 16, 34, 5]);
        let amqp = b"AMQP\0\0\x09\x01\x01\0\0\0\0\0\x02ab\xce\x08\0\0\0\0\0\0\xce\x01\0\0\0\0\0\x03ab";
        assert_eq!(lengths(Protocol::Amqp, amqp), [8, 10, 8]);
    }
}
