//! The page that shows the API.

use crate::support::Server;

#[test]
fn the_page_is_whole_and_guarded() {
    let server = Server::start();
    let page = server.client().get("/docs");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(policy.contains("connect-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let text = String::from_utf8(page.body).unwrap();
    for part in ["<!doctype html>", "./openapi.json", "asyncapi.json", "x-rejections", "Try it"] {
        assert!(text.contains(part), "{part}");
    }
    // It works without any other service.
    for foreign in ["http://", "https://", " src=", "@import", "url("] {
        assert!(!text.contains(foreign), "{foreign}");
    }
}
