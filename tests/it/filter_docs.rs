//! docs/filtering.md: every example on the page is run, and every operator has one.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use serde_json::Value;

use crate::support::{actor::Actor, app::on_both};

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The cells of every row of the page's tables, without the outer back-ticks of code.
fn rows(page: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| {
        let line = line.replace("\\|", "\u{0}");
        let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{0}', "|"));
        cells.collect::<Vec<_>>()
    };
    page.lines().filter(|line| line.starts_with("| `")).map(cells).collect()
}

fn code(cell: &str) -> &str {
    cell.trim_matches('`')
}

/// The examples in tables: the operator, the condition, and the keys that it picks.
fn conditions(page: &str) -> Vec<(String, String, String)> {
    let rows = rows(page).into_iter().filter(|row| row.len() == 4);
    rows.map(|row| (code(&row[0]).to_owned(), code(&row[2]).to_owned(), row[3].clone())).collect()
}

/// The blocks of code, each with the word after its back-ticks.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let pieces: Vec<_> = page.split("```").collect();
    pieces.chunks(2).filter_map(|chunk| chunk.get(1)?.split_once('\n')).collect()
}

async fn filled(actor: &Actor, page: &str, pause: impl Fn()) -> Vec<String> {
    let pairs: Vec<_> = rows(page).into_iter().filter(|row| row.len() == 2).collect();
    for pair in &pairs {
        actor.put(code(&pair[0]), code(&pair[1])).await;
        pause();
    }
    let mut keys: Vec<_> = pairs.into_iter().map(|pair| pair[0].clone()).collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn every_condition_of_the_page_picks_what_the_page_says() {
    on_both(async |app| {
        let page = read("docs/filtering.md");
        let acme = app.acme().await;
        let all = filled(&acme, &page, || app.clock.advance(Duration::from_mins(1))).await.join(" ");
        for (operator, condition, picked) in conditions(&page) {
            let query = format!("{{ key_value(where: {condition}, order_by: {{key: asc}}) {{ key }} }}");
            let keys = acme.ask(&query).await.column("key");
            let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
            let expected = match picked.as_str() {
                "all" => &all,
                "none" => "",
                keys => keys,
            };
            assert_eq!(keys.join(" "), expected, "{operator}: {condition}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_query_of_the_page_answers_what_the_page_says() {
    on_both(async |app| {
        let page = read("docs/filtering.md");
        let acme = app.acme().await;
        filled(&acme, &page, || app.clock.advance(Duration::from_mins(1))).await;
        let (mut query, mut variables, mut answered) = ("", Value::Null, 0);
        for (kind, text) in blocks(&page) {
            let json = || serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{error}: {text}"));
            match kind {
                "graphql" => (query, variables) = (text, Value::Null),
                "json variables" => variables = json(),
                "json" => assert_eq!(acme.graphql(query, variables.clone()).await.data(), json(), "{query}"),
                "json errors" => {
                    let mut errors = acme.graphql(query, variables.clone()).await.json()["errors"].clone();
                    errors[0].as_object_mut().unwrap().remove("locations");
                    assert_eq!(errors, json(), "{query}");
                }
                _ => continue,
            }
            answered += usize::from(kind.starts_with("json") && kind != "json variables");
        }
        assert!(answered >= 10, "the page's queries are found: {answered}");
    })
    .await;
}

#[test]
fn every_operator_of_the_schema_is_on_the_page() {
    let page = read("docs/filtering.md");
    let shown: BTreeSet<_> = conditions(&page).into_iter().map(|(operator, ..)| operator).collect();
    let schema = read("schema.graphql");
    let operators = schema.lines().filter_map(|line| line.strip_prefix("  _")?.split_once(':'));
    let known: BTreeSet<_> = operators.map(|(name, _)| format!("_{name}")).collect();
    assert!(known.len() > 25, "{known:?}");
    let missing: Vec<_> = known.difference(&shown).collect();
    assert!(missing.is_empty(), "without an example: {missing:?}");
}
