//! What the publisher sends, and what it makes of answers.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::{any, post};
use cohesive_bindings::broker::webhook::{Endpoint, Secret, Unrouted, WebhookOptions, WebhookPublisher};
use cohesive_bindings::broker::{ErrorClass, PublishError, Publisher as _};
use futures_util::stream;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::peer::{Held, KEY, KIND, NOW, message, secret, serve, signature, within};

fn options(address: SocketAddr) -> WebhookOptions {
    WebhookOptions::new([Endpoint::new(format!("http://{address}/hook?token=t"), [KIND], [secret()])])
}

fn publisher(options: WebhookOptions) -> WebhookPublisher {
    WebhookPublisher::new(options, Held::at(NOW)).unwrap()
}

async fn publish(options: WebhookOptions) -> Result<(), PublishError> {
    within(publisher(options).publish(&message("a", 0))).await
}

fn class(result: Result<(), PublishError>) -> Option<ErrorClass> {
    result.err().map(|error| error.class)
}

#[tokio::test]
async fn every_attempt_is_signed_anew_and_has_one_id() {
    let seen = Arc::new(Mutex::new(Vec::<(HeaderMap, Bytes)>::new()));
    let record = {
        let seen = Arc::clone(&seen);
        move |headers: HeaderMap, body: Bytes| async move {
            seen.lock().unwrap().push((headers, body));
            StatusCode::NO_CONTENT
        }
    };
    let address = serve(Router::new().route("/hook", post(record))).await;
    let old = Secret::new([8; 24]).unwrap();
    let mut options = options(address);
    options.endpoints[0].secrets.push(old);
    let clock = Held::at(NOW);
    let publisher = WebhookPublisher::new(options, Arc::clone(&clock) as _).unwrap();
    within(publisher.publish(&message("a", 0))).await.unwrap();
    clock.set(NOW + 60);
    within(publisher.publish(&message("a", 0))).await.unwrap();
    within(publisher.publish(&message("a", 1))).await.unwrap();

    let seen = seen.lock().unwrap();
    let text = |place: usize, name: &str| seen[place].0[name].to_str().unwrap();
    assert_eq!(text(0, "webhook-id"), text(1, "webhook-id"));
    assert_ne!(text(0, "webhook-id"), text(2, "webhook-id"));
    assert_eq!([0, 1].map(|place| text(place, "webhook-timestamp")), ["1800000000", "1800000060"]);
    for (place, time) in [(0, NOW), (1, NOW + 60), (2, NOW + 60)] {
        let (id, body) = (text(place, "webhook-id"), std::str::from_utf8(&seen[place].1).unwrap());
        let expected = [&KEY[..], &[8; 24]].map(|key| signature(key, id, time, body)).join(" ");
        assert_eq!(text(place, "webhook-signature"), expected);
    }
    assert_eq!(seen[0].1, message("a", 0).data);
    assert_eq!(
        [text(0, "content-type"), text(0, "ce-type"), text(0, "ce-id")],
        ["application/json", KIND, "a-0"]
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let followed = Arc::new(AtomicUsize::new(0));
    let count = {
        let followed = Arc::clone(&followed);
        move || async move { followed.fetch_add(1, Ordering::SeqCst).to_string() }
    };
    for status in [301, 302, 303, 307, 308] {
        let away = move || async move {
            (StatusCode::from_u16(status).unwrap(), [(header::LOCATION, "/elsewhere")])
        };
        let router = Router::new().route("/hook", post(away)).route("/elsewhere", any(count.clone()));
        let address = serve(router).await;
        assert_eq!(class(publish(options(address)).await), Some(ErrorClass::Permanent), "{status}");
    }
    assert_eq!(followed.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn who_does_not_answer_may_answer_later() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    assert_eq!(class(publish(options(address)).await), Some(ErrorClass::Transient), "nobody is there");
    let silent = post(std::future::pending::<StatusCode>);
    let address = serve(Router::new().route("/hook", silent)).await;
    let hasty = WebhookOptions { timeout: Duration::from_millis(50), ..options(address) };
    let error = publish(hasty).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Transient);
    assert!(!error.chain().contains("token"), "{}", error.chain());
    // A server that is not one of HTTP.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    assert_eq!(class(publish(options(address)).await), Some(ErrorClass::Transient));
}

// R07: the status is the answer, whatever its body is.
#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let endless = || async {
        let body = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 4096])));
        Body::from_stream(body).into_response()
    };
    let address = serve(Router::new().route("/hook", post(endless))).await;
    publish(options(address)).await.unwrap();
}

// R07: the same where the rest of the answer never comes, or is cut.
#[tokio::test]
async fn an_answer_whose_rest_is_lost_is_an_answer() {
    for (rest, stays) in [("x", true), ("x", false), ("", true)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            let head = "HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\n";
            stream.write_all(format!("{head}{rest}").as_bytes()).await.unwrap();
            if stays {
                std::future::pending::<()>().await;
            }
        });
        publish(options(address)).await.unwrap();
        server.abort();
    }
}

// R21: the longest wait that an endpoint asks for is told to the relay.
#[tokio::test]
async fn a_relay_hears_how_long_to_wait() {
    let busy = |wait: &'static str| {
        post(move || async move { (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, wait)]) })
    };
    let router = Router::new().route("/short", busy("1")).route("/long", busy("30"));
    let address = serve(router).await;
    let endpoint = |path: &str| Endpoint::new(format!("http://{address}{path}"), [KIND], [secret()]);
    for paths in [["/short", "/long"], ["/long", "/short"]] {
        let error = publish(WebhookOptions::new(paths.map(endpoint))).await.unwrap_err();
        assert_eq!((error.class, error.retry_after), (ErrorClass::Transient, Some(Duration::from_secs(30))));
    }
}

#[tokio::test]
async fn a_message_of_several_endpoints_is_published_when_all_have_it() {
    let answers = |status: StatusCode| post(move || async move { status });
    let router = Router::new()
        .route("/hook", answers(StatusCode::NO_CONTENT))
        .route("/full", answers(StatusCode::TOO_MANY_REQUESTS))
        .route("/gone", answers(StatusCode::GONE));
    let address = serve(router).await;
    let with = |paths: &[&str]| {
        let endpoint = |path: &&str| Endpoint::new(format!("http://{address}{path}"), [KIND], [secret()]);
        WebhookOptions::new(paths.iter().map(endpoint))
    };
    assert_eq!(class(publish(with(&["/hook", "/hook"])).await), None);
    assert_eq!(class(publish(with(&["/hook", "/gone"])).await), Some(ErrorClass::Permanent));
    assert_eq!(class(publish(with(&["/gone", "/full", "/hook"])).await), Some(ErrorClass::Transient));
    let gone = publish(with(&["/gone"])).await.unwrap_err();
    assert!(gone.message.contains("gone"), "{}", gone.message);
}

// R01
#[tokio::test]
async fn a_message_without_an_endpoint_is_refused_unless_it_may_pass() {
    let address = serve(Router::new()).await;
    let publisher = |options| publisher(options);
    let mut other = message("a", 0);
    other.kind = "ParcelSent2".to_owned();
    let refused = publisher(options(address)).publish(&other).await;
    assert_eq!(class(refused), Some(ErrorClass::Permanent));
    let passing = WebhookOptions { unrouted: Unrouted::Pass, ..options(address) };
    publisher(passing).publish(&other).await.unwrap();
}

fn certificates() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/brokers/webhook/certificates")
}

/// Serves a router behind TLS, for `localhost`.
async fn serve_tls(router: Router) -> SocketAddr {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let certificate = CertificateDer::from_pem_file(certificates().join("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(certificates().join("server.key")).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let service = hyper_util::service::TowerToHyperService::new(router.clone());
            let stream = hyper_util::rt::TokioIo::new(stream);
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(stream, service));
        }
    });
    address
}

#[tokio::test]
async fn https_is_for_those_whose_certificate_is_trusted() {
    let address = serve_tls(Router::new().route("/", post(|| async {}))).await;
    let to = |host: &str| {
        let url = format!("https://{host}:{}/", address.port());
        let root_certificates = Some(certificates().join("authority.pem"));
        WebhookOptions { root_certificates, ..WebhookOptions::new([Endpoint::new(url, [KIND], [secret()])]) }
    };
    publish(to("localhost")).await.unwrap();
    assert_eq!(class(publish(to("127.0.0.1")).await), Some(ErrorClass::Transient), "it is not the name");
    let authority = std::fs::read_dir("/etc/ssl/certs").is_ok_and(|mut entries| entries.next().is_some());
    let strange = WebhookOptions { root_certificates: None, ..to("localhost") };
    if authority {
        assert_eq!(class(publish(strange).await), Some(ErrorClass::Transient), "nobody vouches for it");
    } else {
        assert!(WebhookPublisher::new(strange, Held::at(NOW)).is_err());
    }
    let missing = WebhookOptions { root_certificates: Some("missing.pem".into()), ..to("localhost") };
    assert!(WebhookPublisher::new(missing, Held::at(NOW)).is_err());
}
