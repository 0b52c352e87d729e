//! GraphiQL at `/graphiql`: in a real Chromium, and the files it is made of.

use std::{fs, path::Path};

use reqwest::{Client, Response, StatusCode};

use crate::support::{
    node,
    server::{SQLITE, Server},
};

#[test]
fn graphiql_runs_a_query_with_the_token_typed_into_it() {
    in_chromium("query");
}

#[test]
fn graphiql_shows_and_completes_the_schema() {
    in_chromium("explorer");
}

#[test]
fn graphiql_keeps_tabs_and_a_history() {
    in_chromium("tabs");
}

#[test]
fn graphiql_shows_each_change_as_it_is_committed() {
    in_chromium("subscription");
}

#[test]
fn graphiql_says_that_a_token_is_refused() {
    in_chromium("refused");
}

/// One scenario, which also finds no request to another host, no line in the console, no token where none belongs.
fn in_chromium(scenario: &str) {
    let server = Server::start(SQLITE);
    let screenshots = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    fs::create_dir_all(&screenshots).expect("target/ takes folders");
    let screenshots = screenshots.to_str().expect("a path in UTF-8");
    node::script("browser", "graphiql.mjs", &[scenario, &server.url, server.admin_token(), screenshots]);
}

#[tokio::test]
async fn the_page_may_not_be_framed_kept_or_given_foreign_scripts() {
    let server = Server::start(SQLITE);
    let page = get(&server, "/graphiql", None).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&page, "cache-control"), "no-cache");
    let policy = header(&page, "content-security-policy");
    let rules: Vec<_> = policy.split("; ").collect();
    for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(rules.contains(&rule), "{rule} in: {policy}");
    }
    let html = page.text().await.unwrap();
    assert!(!html.contains("://"), "everything comes from the server itself: {html}");
    assert_eq!(html.matches("<script").count(), html.matches("<script type=\"module\" crossorigin src=").count());
}

#[tokio::test]
async fn assets_are_gzip_for_who_takes_it_plain_for_others_and_kept_for_ever() {
    let server = Server::start(SQLITE);
    let html = get(&server, "/graphiql", None).await.text().await.unwrap();
    let paths: Vec<_> = html.split('"').filter(|part| part.starts_with("/assets/")).collect();
    for (suffix, media) in
        [(".js", "text/javascript; charset=utf-8"), (".css", "text/css; charset=utf-8"), (".svg", "image/svg+xml")]
    {
        let path = paths.iter().find(|path| path.ends_with(suffix)).expect("the page loads one");
        let packed = get(&server, path, Some("br, gzip;q=0.8")).await;
        assert_eq!(header(&packed, "content-encoding"), "gzip");
        for plain in [get(&server, path, None).await, get(&server, path, Some("gzip;q=0, br")).await] {
            assert_eq!(header(&plain, "content-encoding"), "");
            assert_eq!(header(&plain, "content-type"), media);
            assert_eq!(header(&plain, "vary"), "Accept-Encoding");
            assert_eq!(header(&plain, "x-content-type-options"), "nosniff");
            assert_eq!(header(&plain, "cache-control"), "public, max-age=31536000, immutable");
            assert!(plain.text().await.is_ok_and(|text| !text.is_empty() && !text.starts_with('\u{1f}')));
        }
    }
    let licenses = get(&server, "/licenses.md", None).await;
    assert_eq!(header(&licenses, "cache-control"), "no-cache");
    assert!(licenses.text().await.unwrap().contains("## monaco-editor"));
}

#[tokio::test]
async fn an_asset_that_is_not_there_is_404_and_not_kept() {
    let server = Server::start(SQLITE);
    for path in ["/assets/index-0000.js", "/assets/..%2fgraphiql.html", "/assets/", "/graphiql.html"] {
        let response = get(&server, path, Some("gzip")).await;
        assert_eq!((response.status(), header(&response, "cache-control")), (StatusCode::NOT_FOUND, ""), "{path}");
    }
}

async fn get(server: &Server, path: &str, accept_encoding: Option<&str>) -> Response {
    let mut request = Client::new().get(format!("{}{path}", server.url));
    if let Some(codings) = accept_encoding {
        request = request.header("accept-encoding", codings);
    }
    request.send().await.expect("the server answers")
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
