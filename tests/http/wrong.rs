//! Requests that are wrong, from a seed.

use serde_json::{Value as Json, json};

use crate::support::{self, accept, offer};

/// Random numbers that a seed repeats (splitmix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    fn text(&mut self, alphabet: &[&str], longest: usize) -> String {
        (0..=self.below(longest)).map(|_| self.pick(alphabet)).collect()
    }
}

/// A request that is wrong in one way at least.
#[derive(Debug, Clone)]
pub struct Wrong {
    pub method: String,
    target: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

impl Wrong {
    fn new(method: &str, target: impl Into<String>) -> Self {
        Self { method: method.to_owned(), target: target.into(), headers: Vec::new(), body: Vec::new() }
    }

    fn json(target: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type", b"application/json".to_vec())];
        Self { method: "POST".to_owned(), target: target.into(), headers, body: body.into() }
    }

    fn with(mut self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\nHost: test\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", self.body.len()).as_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Every operation that takes a body, with one that it would take.
fn writing() -> Vec<(&'static str, Json)> {
    vec![
        ("/tenders/offer", offer("F-1")),
        ("/tenders/T-1/accept", accept()),
        ("/tenders/T-1/expire", json!({})),
        ("/shipments/book", json!({ "id": "F-1", "tender_id": "F-1", "partner_id": "P-1" })),
        ("/shipments/F-9/pick_up", json!({ "picked_up_at": "2026-01-01T00:00:00Z" })),
        ("/shipments/F-9/deliver", json!({ "delivered_at": "2026-01-01T00:00:00Z" })),
        ("/shipments/F-9/cancel", json!({})),
        ("/specimens/collect", support::specimen("F-1", 77)),
        (
            "/specimens/S-1/consume",
            json!({ "amount": 1, "parts": [{ "name": "a", "count": 1, "note": "b" }] }),
        ),
        ("/specimens/S-1/describe", json!({ "words": "fuzz" })),
        ("/specimens/S-1/count", json!({})),
        ("/specimens/S-1/discard", json!({})),
        ("/tickets/issue", json!({ "id": "00000000-0000-0000-0000-000000000001", "seat": "1" })),
    ]
}

const READING: [&str; 11] = [
    "/tenders",
    "/shipments",
    "/specimens",
    "/tickets",
    "/tenders/T-1",
    "/specimens/S-1",
    "/tenders/T-1/outbox",
    "/openapi.json",
    "/asyncapi.json",
    "/docs",
    "/problems/not_found",
];
const LISTS: [&str; 5] = ["/tenders", "/shipments", "/specimens", "/tickets", "/tenders/T-1/outbox"];
const ODD: [&str; 18] = [
    "a",
    "Z",
    "0",
    "-",
    "_",
    ".",
    "~",
    "%41",
    "%2F",
    "%00",
    "%C3%A4",
    "%F0%9F%98%80",
    "!",
    "$",
    "'",
    "*",
    "+",
    ":",
];
const ESCAPES: [&str; 9] = ["%", "%z", "%zz", "%4", "%ff", "%c3%28", "%ed%a0%80", "%C0%AF", "a%F0%9F%98"];

/// One wrong request.
pub fn wrong(random: &mut Random) -> Wrong {
    match random.below(100) {
        0..10 => path(random),
        10..22 => method(random),
        22..30 => escape(random),
        30..45 => query(random),
        45..60 => header(random),
        60..97 => body(random),
        97..98 => oversized(random),
        _ => absent(random),
    }
}

fn path(random: &mut Random) -> Wrong {
    let mut target = String::new();
    let root = random.pick(&[
        "",
        "/x",
        "/tender",
        "/Tenders",
        "/admin",
        "/tenders/T-1/outbox",
        "/specimens/S-1/count",
    ]);
    target.push_str(root);
    for _ in 0..=random.below(4) {
        target.push('/');
        target.push_str(&random.text(&ODD, 12));
    }
    let method = random.pick(&["GET", "POST", "PUT", "DELETE", "FROB"]);
    // A segment of the alphabet above is never the name of a collection or a page.
    Wrong::new(method, target)
}

fn method(random: &mut Random) -> Wrong {
    let others = ["PUT", "DELETE", "PATCH", "TRACE", "FROB", "get", "Post", "M-SEARCH", "PROPFIND"];
    match random.below(3) {
        0 => Wrong::new("POST", random.pick(&READING)).with("Content-Type", "application/json"),
        1 => {
            let target = random.pick(&["/tenders/T-1/accept", "/specimens/S-1/consume", "/tickets/issue"]);
            Wrong::new("GET", target)
        }
        _ => {
            let target = if random.below(2) == 0 { random.pick(&READING) } else { random.pick(&writing()).0 };
            Wrong::new(random.pick(&others), target)
        }
    }
}

fn escape(random: &mut Random) -> Wrong {
    let bad = random.pick(&ESCAPES);
    let id = format!("{}{bad}", random.text(&ODD, 3));
    match random.below(4) {
        0 => Wrong::new("GET", format!("/tenders/{id}")),
        1 => Wrong::new("GET", format!("/specimens/{id}/outbox")),
        2 => Wrong::new("GET", format!("/problems/{id}")),
        _ => Wrong::json(format!("/tenders/{id}/accept"), accept().to_string()),
    }
}

fn query(random: &mut Random) -> Wrong {
    let junk = random.text(&ODD, 8);
    let bad = random.pick(&ESCAPES);
    let pair = match random.below(8) {
        0 => format!("x{junk}={junk}"),
        1 => format!(
            "limit={}",
            random.pick(&["0", "-1", "1001", "99999999999999999999", "1.0", "", "x", "%31%2e", "0x1"])
        ),
        2 => format!("x={bad}"),
        3 => format!("{bad}=1"),
        4 => "limit=1&limit=1".to_owned(),
        5 => format!("after={}", random.pick(&["", "%00", "%20", "%0a", "x.y\u{0}"]).replace('\0', "%00")),
        6 => format!("phase={junk}"),
        _ => format!("small=x{junk}"),
    };
    if random.below(4) == 0 {
        let (target, valid) = random.pick(&writing());
        let flag = random.pick(&[
            "dry_run=1",
            "dry_run=",
            "dry_run=TRUE",
            "dryrun=true",
            "dry_run=true&dry_run=true",
        ]);
        return Wrong::json(format!("{target}?{flag}"), valid.to_string());
    }
    let list = if pair.starts_with("phase") || pair.starts_with("small") {
        "/specimens"
    } else {
        random.pick(&LISTS)
    };
    Wrong::new("GET", format!("{list}?{pair}"))
}

fn header(random: &mut Random) -> Wrong {
    let (target, valid) = random.pick(&writing());
    let request = Wrong::json(target, valid.to_string());
    let long = vec![b'x'; 256 + random.below(1000)];
    let junk: Vec<u8> = (0..=random.below(20)).map(|_| random.pick(b"\x80\xff\xc3\xa4\xf0")).collect();
    let token = [
        Vec::new(),
        b"a b".to_vec(),
        b"a/b".to_vec(),
        b"\"a\"".to_vec(),
        b"{}".to_vec(),
        long.clone(),
        junk.clone(),
    ];
    let text = [Vec::new(), b"\t".to_vec(), b"a\tb".to_vec(), long, junk.clone()];
    let tag: [&[u8]; 10] = [
        b"",
        b"5",
        b"\"\"",
        b"\"05\"",
        b"W/\"0\"",
        b"\"0\",\"1\"",
        b"\"a\"",
        b"\"0",
        b"* , *",
        b"\"18446744073709551615\"",
    ];
    match random.below(8) {
        0 => request.with("X-Correlation-Id", random.pick(&token)),
        1 => request.with("X-Causation-Id", random.pick(&token)),
        2 => request.with("X-Actor", random.pick(&text)),
        3 => request.with("Idempotency-Key", random.pick(&text)),
        4 => request.with("If-Match", random.pick(&tag)),
        5 => {
            let name = random.pick(&[
                "X-Correlation-Id",
                "X-Causation-Id",
                "X-Actor",
                "Idempotency-Key",
                "Content-Type",
            ]);
            request.with(name, "twice").with(name, "twice")
        }
        6 => {
            let mut request = request;
            request.headers.clear();
            let media = random.pick(&[
                "text/plain",
                "",
                "application/xml",
                "application/json;charset=latin1",
                "*/*",
                "json",
            ]);
            if random.below(3) == 0 { request } else { request.with("Content-Type", media) }
        }
        _ => {
            let target = random.pick(&["/tenders/T-1", "/specimens/S-1"]);
            Wrong::new("GET", target)
                .with("If-None-Match", random.pick(&[b"5".to_vec(), b"\"5".to_vec(), junk, Vec::new()]))
        }
    }
}

fn body(random: &mut Random) -> Wrong {
    let (target, valid) = random.pick(&writing());
    let text = valid.to_string();
    let names: Vec<String> = valid.as_object().unwrap().keys().cloned().collect();
    let name = if names.is_empty() { "x".to_owned() } else { random.pick(&names) };
    let mut changed = valid.clone();
    let bytes: Vec<u8> = match random.below(13) {
        0 => text.as_bytes()[..=random.below(text.len() - 1)].to_vec(),
        1 => {
            let junk = [json!({}), json!([]), json!([[1]]), json!(1.5), json!({ "a": null }), json!([true])];
            // Where a list is right, one of lists of numbers is not.
            changed[&name] = if valid[&name].is_array() { json!([[1]]) } else { random.pick(&junk) };
            changed.to_string().into_bytes()
        }
        2 => {
            changed[format!("{name}x")] = json!("more");
            changed.to_string().into_bytes()
        }
        3 => format!("{{\"{name}\":1,\"{name}\":1}}").into_bytes(),
        4 => format!(
            "{{\"{name}\":{}}}",
            random.pick(&["1e999", "-1e999", "99999999999999999999999", "0x1", "01", "NaN", "1e400"])
        )
        .into_bytes(),
        5 => {
            let depth = 1 + random.below(3000);
            let (open, close) = random.pick(&[("[", "]"), ("{\"a\":", "}")]);
            let inner = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            format!("{{\"{name}\":{inner}}}").into_bytes()
        }
        6 => {
            let mut bytes = format!("{{\"{name}\":\"a").into_bytes();
            bytes.extend(random.pick(&[
                b"\xff".as_slice(),
                b"\xc3",
                b"\xed\xa0\x80",
                b"\x00",
                b"\n",
                b"\\u00zz",
                b"\\ud800",
                b"\\x",
            ]));
            bytes.extend(b"\"}");
            bytes
        }
        7 => random
            .pick(&["null", "true", "5", "\"text\"", "[]", "[1,2]", "[[]]", "\"\"", "-"])
            .as_bytes()
            .to_vec(),
        8 => {
            let mut bytes = text.clone().into_bytes();
            bytes.extend(random.pick(&[b"}".as_slice(), b"{}", b",", b"\x00", b"x", b"\xff", b"/* */"]));
            bytes
        }
        9 => (0..=random.below(60))
            .map(|_| random.pick(b"\x00\x01\x7f\x80\xff{}[]\",:\\aZ0-"))
            .chain([b'\x01'])
            .collect(),
        10 => text.replace('"', "'").replace("{}", "'").into_bytes(),
        11 => {
            changed[&name] = json!("a\u{0}b");
            changed.to_string().into_bytes()
        }
        _ => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
    };
    Wrong::json(target, bytes)
}

fn oversized(random: &mut Random) -> Wrong {
    let (target, _) = random.pick(&writing());
    let length = 256 * 1024 + 1 + random.below(200_000);
    Wrong::json(target, vec![random.pick(b" {\"a"); length])
}

fn absent(random: &mut Random) -> Wrong {
    let id = random.text(&["a", "b", "%2F", "%20x"], 6);
    match random.below(3) {
        0 => Wrong::new("GET", format!("/tenders/nobody{id}")),
        1 => Wrong::new("GET", format!("/specimens/nobody{id}/outbox")),
        _ => Wrong::json(format!("/tenders/nobody{id}/accept"), accept().to_string()),
    }
}
