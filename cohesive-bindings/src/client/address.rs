//! What may be called.

use hyper::Uri;

use super::Flaw;

/// An address as the configuration spells it: `https`, or `http` to this host or where `cleartext` allows it. Without a
/// user and a fragment. What is wrong is said without the address, which may hold a token.
pub(crate) fn address(url: &str, cleartext: bool) -> Result<Uri, Flaw> {
    let flaw = |flaw: &str| Flaw::new("url", flaw);
    let uri: Uri = url.parse().map_err(|_| flaw("one is no URL"))?;
    let (Some(scheme), Some(host), Some(authority)) = (uri.scheme_str(), uri.host(), uri.authority()) else {
        return Err(flaw("one is no absolute URL"));
    };
    if authority.as_str().contains('@') || url.contains('#') {
        return Err(flaw("one has a user or a fragment"));
    }
    match scheme {
        "https" => Ok(uri),
        "http" if cleartext || is_this(host) => Ok(uri),
        "http" => Err(flaw("one is `http` to another host, which `cleartext` would allow")),
        _ => Err(flaw("one is neither `https` nor `http`")),
    }
}

/// Whether the host is this one.
fn is_this(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_checked_before_anything_is_sent() {
        for url in [
            "https://example.com",
            "https://example.com:8443/a?b=c",
            "http://localhost:1/",
            "http://127.0.0.1",
            "http://[::1]:80/",
        ] {
            assert!(address(url, false).is_ok(), "{url}");
        }
        for url in [
            "",
            "example.com",
            "/a",
            "ftp://example.com",
            "http://example.com",
            "https://user:password@example.com",
            "https://example.com/#a",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "https://exa mple.com",
            "file:///etc/passwd",
        ] {
            assert!(address(url, false).is_err(), "{url}");
        }
        assert!(address("http://example.com", true).is_ok());
        let flaw = address("ftp://example.com/hooks/the-token", true).unwrap_err();
        assert!(!flaw.flaw.contains("token"), "{}", flaw.flaw);
    }
}
