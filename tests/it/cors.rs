//! Pages of other sites: nobody's by default, those of the allow-list where there is one.

use reqwest::{Client, Method};
use serde_json::json;

use crate::support::{
    actor::{Actor, Reply},
    server::{Command, SQLITE, Server},
};

const APP: &str = "https://app.example.com";

/// What a browser asks before it sends a POST with a token from a page of `origin`.
async fn preflight(server: &Server, origin: &str) -> Reply {
    let request = Client::new().request(Method::OPTIONS, format!("{}/graphql", server.url));
    let request = request.header("origin", origin).header("access-control-request-method", "POST");
    Reply::of(request.header("access-control-request-headers", "authorization,content-type")).await
}

/// What the page then sends.
async fn post(server: &Server, origin: &str, token: &str) -> Reply {
    let actor = Actor::new(&server.url, Some(token.to_owned()), String::new());
    let post = actor.post("/graphql").header("content-type", "application/json").header("origin", origin);
    Reply::of(post.body(json!({"query": "{ hello }"}).to_string())).await
}

fn allowed(reply: &Reply) -> Option<&str> {
    reply.headers.get("access-control-allow-origin").map(|origin| origin.to_str().unwrap())
}

#[tokio::test]
async fn no_other_sites_page_gets_in_by_default() {
    let server = Server::start(SQLITE);
    let asked = preflight(&server, APP).await;
    assert_eq!((asked.status.as_u16(), allowed(&asked)), (405, None));
    for reply in [asked, post(&server, APP, server.admin_token()).await] {
        assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{reply:?}");
    }
}

#[tokio::test]
async fn pages_of_the_allow_list_get_in_and_no_others() {
    let server = Server::with(&[("HIGHWATER_CORS__ORIGINS", "https://app.example.com, http://localhost:5173")]);
    for origin in [APP, "http://localhost:5173"] {
        let asked = preflight(&server, origin).await;
        assert_eq!((asked.status.as_u16(), allowed(&asked)), (200, Some(origin)));
        let header = |name: &str| asked.headers[name].to_str().unwrap();
        assert_eq!(header("access-control-allow-methods"), "GET,POST,PUT,DELETE");
        assert!(
            ["authorization", "content-type", "x-prefect-tenant-id", "ttl", "description"]
                .iter()
                .all(|name| { header("access-control-allow-headers").split(',').any(|allowed| allowed == *name) })
        );
        assert!(header("vary").contains("origin"));
        assert!(asked.headers.get("access-control-allow-credentials").is_none());

        let answer = post(&server, origin, server.admin_token()).await;
        assert_eq!((answer.data(), allowed(&answer)), (json!({"hello": "👋"}), Some(origin)));
        let refused = post(&server, origin, "no token").await;
        assert_eq!((refused.status.as_u16(), allowed(&refused)), (401, Some(origin)));
        assert!(refused.headers["access-control-expose-headers"].to_str().unwrap().contains("www-authenticate"));
    }
    for origin in ["https://evil.example.com", "https://app.example.com.evil.com", "http://app.example.com", "null"] {
        assert_eq!(allowed(&preflight(&server, origin).await), None, "{origin}");
        assert_eq!(allowed(&post(&server, origin, server.admin_token()).await), None, "{origin}");
    }
}

#[test]
fn an_origin_that_no_browser_writes_stops_the_start() {
    for origins in ["*", "https://app.example.com/", "https://App.example.com", "app.example.com"] {
        let mut command = Command::on(SQLITE);
        command.env("HIGHWATER_CORS__ORIGINS", origins);
        let output = command.run(&["tenant", "list"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("cors.origins must be origins"), "{origins}: {said}");
    }
}
