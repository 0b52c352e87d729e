//! The web page at `/`: in a real Chromium, against the real binary.

use std::{fs, path::Path};

use reqwest::Client;

use crate::support::{
    node,
    server::{SQLITE, Server},
};

#[test]
fn a_token_is_given_kept_and_forgotten() {
    in_chromium("session", "login", &Server::start(SQLITE), &[]);
}

#[test]
fn what_a_token_may_not_do_is_not_offered() {
    let server = Server::start(SQLITE);
    let reader = server.token(&["--name", "reader", "--role", "read-only"]);
    let team = server.token(&["--name", "team", "--namespace", "team"]);
    in_chromium("session", "permissions", &server, &[&reader, &team]);
}

#[test]
fn a_server_out_of_reach_is_said_and_mended() {
    in_chromium("session", "offline", &Server::start(SQLITE), &[]);
}

#[test]
fn pairs_are_found_narrowed_sorted_and_paged_by_the_server() {
    in_chromium("pairs", "list", &Server::start(SQLITE), &[]);
}

#[test]
fn everything_is_done_without_a_mouse() {
    in_chromium("pairs", "keyboard", &Server::start(SQLITE), &[]);
}

#[test]
fn what_others_write_shows_at_once() {
    in_chromium("pairs", "live", &Server::start(SQLITE), &[]);
}

#[test]
fn deleting_leaves_time_to_think_again() {
    in_chromium("pairs", "deletion", &Server::start(SQLITE), &[]);
}

#[test]
fn keys_are_a_tree_by_slashes_or_dots() {
    in_chromium("pairs", "tree", &Server::start(SQLITE), &[]);
}

#[test]
fn a_pair_of_each_type_is_made_exactly_as_typed() {
    in_chromium("form", "create", &Server::start(SQLITE), &[]);
}

#[test]
fn an_edit_is_one_write_that_loses_nothing_of_anybodys() {
    in_chromium("form", "edit", &Server::start(SQLITE), &[]);
}

#[test]
fn a_write_that_met_another_is_refused_and_shown_with_it() {
    in_chromium("form", "conflict", &Server::start(SQLITE), &[]);
}

#[test]
fn the_licence_is_shown_and_what_is_past_it_refused() {
    in_chromium("form", "limits", &Server::with(&[("HIGHWATER_DEFAULT_TIER", "free")]), &[]);
}

#[test]
fn what_is_stored_never_runs_as_code() {
    in_chromium("safety", "hostile", &Server::start(SQLITE), &[]);
}

#[test]
fn the_first_load_is_small() {
    in_chromium("safety", "weight", &Server::start(SQLITE), &[]);
}

#[test]
fn tokens_are_made_shown_once_and_revoked() {
    in_chromium("places", "tokens", &Server::start(SQLITE), &[]);
}

#[test]
fn namespaces_are_made_described_and_deleted() {
    in_chromium("places", "namespaces", &Server::start(SQLITE), &[]);
}

#[test]
fn the_tenants_of_a_user_are_a_click_apart() {
    in_chromium("places", "tenants", &Server::start(SQLITE), &[]);
}

#[test]
fn the_audit_log_is_searched_by_what_whom_and_how_it_ended() {
    let server = Server::start(SQLITE);
    let reader = server.token(&["--name", "reader", "--role", "read-only"]);
    in_chromium("places", "audit", &server, &[&reader]);
}

#[test]
fn it_looks_right_light_and_dark_wide_and_narrow() {
    in_chromium("places", "looks", &Server::start(SQLITE), &[]);
}

/// One scenario, which also finds no request to another host, no line in the console, no token where none belongs.
fn in_chromium(file: &str, scenario: &str, server: &Server, tokens: &[&str]) {
    let screenshots = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    fs::create_dir_all(&screenshots).expect("target/ takes folders");
    let screenshots = screenshots.to_str().expect("a path in UTF-8");
    let arguments = [&[file, scenario, &server.url, screenshots, server.admin_token()], tokens].concat();
    print!("{}", node::script("browser", "page.mjs", &arguments));
}

#[tokio::test]
async fn the_page_may_hold_nothing_inline_and_be_framed_by_nobody() {
    let server = Server::start(SQLITE);
    let page = Client::new().get(&server.url).send().await.expect("the server answers");
    let header = |name| page.headers().get(name).map_or("", |value| value.to_str().expect("text"));
    let policy = header("content-security-policy");
    let rules: Vec<_> = policy.split("; ").collect();
    for rule in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
        assert!(rules.contains(&rule), "{rule} in: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("cache-control"), "no-cache");
    let html = page.text().await.expect("a body");
    assert!(!html.contains("://") && !html.contains("<style"), "everything comes from the server itself: {html}");
    assert_eq!(html.matches("<script").count(), html.matches("<script type=\"module\" crossorigin src=").count());
}
