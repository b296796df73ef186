//! Drives the service over real HTTP from `demo.json`, and shows what became of it.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::Value as Json;

/// The requests, with the status that each has to get.
const SCRIPT: &str = include_str!("demo.json");

/// A place for the demo's database, removed at the end.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        Self(std::env::temp_dir().join(format!("cohesive-freight-{}.db", std::process::id())))
    }

    pub fn database(&self) -> PathBuf {
        self.0.clone()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(ending);
            // It is not there unless this is the demo, and a leftover in the temporary folder harms nobody.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// One answer.
struct Answer {
    status: u16,
    version: String,
    body: Json,
}

/// Sends the script, then prints state, outbox and rejections.
pub fn drive(url: &str) -> ExitCode {
    let script: Vec<Json> = match serde_json::from_str(SCRIPT) {
        Ok(script) => script,
        Err(error) => {
            eprintln!("demo.json: {error}");
            return ExitCode::FAILURE;
        }
    };
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    match play(&agent, url, &script) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the demo stopped: {error}");
            ExitCode::FAILURE
        }
    }
}

fn play(agent: &ureq::Agent, url: &str, script: &[Json]) -> Result<bool, ureq::Error> {
    println!("driving {url}\n\nrequests");
    let mut as_expected = true;
    let mut rejections = Vec::new();
    for step in script {
        let text = |member: &str| step.get(member).and_then(Json::as_str).unwrap_or("");
        let answer = match step.get("wait_for").and_then(Json::as_str) {
            Some(path) => wait_for(agent, &format!("{url}{path}"))?,
            None => post(agent, url, step)?,
        };
        let expected = step.get("status").and_then(Json::as_u64).unwrap_or(200);
        let outcome =
            member(&answer.body, "outcome").or_else(|| member(&answer.body, "code")).unwrap_or_default();
        println!("  {:<58} {} {outcome} {}", text("say"), answer.status, answer.version);
        if u64::from(answer.status) != expected {
            println!("    expected {expected}: {}", answer.body);
            as_expected = false;
        }
        if answer.status >= 400 {
            rejections.push(answer.body);
        }
    }
    println!("\nstate");
    for plural in ["tenders", "shipments"] {
        for item in items(agent, &format!("{url}/{plural}"))? {
            println!("  {}", item.get("state").unwrap_or(&Json::Null));
        }
    }
    println!("\noutbox");
    for path in ["tenders/T-1", "tenders/T-2", "shipments/T-1"] {
        for item in items(agent, &format!("{url}/{path}/outbox"))? {
            let name = member(&item, "name").unwrap_or_default();
            println!("  {path} {name} {}", item.get("payload").unwrap_or(&Json::Null));
        }
    }
    println!("\nrejections");
    for problem in &rejections {
        let code = member(problem, "code").unwrap_or_default();
        println!("  {code}: {}", member(problem, "detail").unwrap_or_default());
    }
    println!(
        "\n{}",
        if as_expected { "everything answered as expected" } else { "some answers were unexpected" }
    );
    Ok(as_expected)
}

fn member(document: &Json, name: &str) -> Option<String> {
    document.get(name).and_then(Json::as_str).map(str::to_owned)
}

/// Looks until it is there: messages take a moment. After ten seconds the answer is what it is.
fn wait_for(agent: &ureq::Agent, url: &str) -> Result<Answer, ureq::Error> {
    let mut looks = 0;
    loop {
        let answer = read(agent.get(url).call()?)?;
        looks += 1;
        if answer.status != 404 || looks == 200 {
            return Ok(answer);
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

fn post(agent: &ureq::Agent, url: &str, step: &Json) -> Result<Answer, ureq::Error> {
    let text = |member: &str| step.get(member).and_then(Json::as_str);
    let mut request = agent.post(format!("{url}{}", text("path").unwrap_or("/")));
    request = request.header("Content-Type", "application/json");
    for (member, header) in [("key", "Idempotency-Key"), ("if_match", "If-Match")] {
        if let Some(value) = text(member) {
            request = request.header(header, value);
        }
    }
    let body = step.get("body").map_or_else(|| "{}".to_owned(), Json::to_string);
    read(request.send(body)?)
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let version = response.headers().get("ETag").and_then(|etag| etag.to_str().ok()).unwrap_or("").to_owned();
    let status = response.status().as_u16();
    let body = serde_json::from_str(&response.body_mut().read_to_string()?).unwrap_or(Json::Null);
    Ok(Answer { status, version, body })
}

fn items(agent: &ureq::Agent, url: &str) -> Result<Vec<Json>, ureq::Error> {
    let text = agent.get(url).call()?.body_mut().read_to_string()?;
    let document: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
    Ok(document.get("items").and_then(Json::as_array).cloned().unwrap_or_default())
}
