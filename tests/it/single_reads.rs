//! Reads of one key, and writes, which leave the ORM: what they find and leave is what the ORM reads.

use std::time::Duration;

use futures_util::future::join_all;
use highwater::{
    domain::{JsonText, Namespace, Value as Stored},
    service::{Description, Expiry, Only, SetOptions},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::{Value, json};

use crate::support::{actor::Actor, app::on_both, random};

const FIELDS: &str = "id key value type namespace description version created updated expires_at tenant_id";

fn value(sketch: &random::Sketch) -> Stored {
    let bytes = || Stored::Bytes(vec![0, 0xFF, b'a']);
    sketch.value.as_deref().map_or_else(bytes, |text| Stored::json(JsonText::parse(text).unwrap()))
}

/// The pairs under `key`, by the statement for one key, and as the ORM reads them for the evaluator, which has to
/// compare their values.
async fn both_ways(acme: &Actor, key: &str) -> (Value, Value) {
    let query = format!(
        "query($key: String!, $keys: [String!]!) {{ one: key_value(where: {{key: {{_eq: $key}}}}) {{ {FIELDS} }}
        listed: key_value(where: {{key: {{_in: $keys}}, value: {{_neq: \"no such value\"}}}}) {{ {FIELDS} }} }}"
    );
    let data = acme.graphql(&query, json!({"key": key, "keys": [key, "no such key"]})).await.data();
    (data["one"].clone(), data["listed"].clone())
}

#[tokio::test]
async fn a_key_reads_alike_alone_and_in_a_list() {
    on_both(async |app| {
        let acme = app.acme().await;
        let caller = app.caller(&acme).await;
        let mut runner = TestRunner::deterministic();
        let (mut live, mut gone) = (0, 0);
        let mut sketches = || random::sketches().new_tree(&mut runner).unwrap().current();
        for sketch in [sketches(), sketches(), sketches()].concat() {
            let value = value(&sketch);
            let options = SetOptions {
                description: Description::Put(sketch.description),
                expiry: sketch.life.map(|life| Expiry::After(Duration::from_secs(life))),
                only: Only::Always,
            };
            let at = caller.address(None, sketch.key.clone()).unwrap();
            app.service.set(&caller, at, value, options).await.unwrap();
            let (one, listed) = both_ways(&acme, &sketch.key).await;
            assert_eq!(one, listed);
            live += one.as_array().unwrap().len();
            app.clock.advance(Duration::from_mins(1));
            let (one, listed) = both_ways(&acme, &sketch.key).await;
            assert_eq!(one, listed);
            gone += usize::from(one == json!([]));
        }
        assert!(live > 5 && gone > 0, "{live} pairs lived, {gone} of them not for long");
    })
    .await;
}

#[tokio::test]
async fn what_a_write_answers_is_what_the_orm_reads() {
    on_both(async |app| {
        let acme = app.acme().await;
        let caller = app.caller(&acme).await;
        let mut runner = TestRunner::deterministic();
        let mut sketches = || random::sketches().new_tree(&mut runner).unwrap().current();
        let (mut first, mut later) = (0, 0);
        for sketch in [sketches(), sketches(), sketches(), sketches()].concat() {
            for life in [sketch.life, None, Some(9), Some(9)] {
                let value = value(&sketch);
                let options = SetOptions {
                    description: Description::Put(sketch.description.clone().filter(|_| life.is_some())),
                    expiry: life.filter(|life| *life > 0).map(|life| Expiry::After(Duration::from_secs(life))),
                    only: Only::Always,
                };
                app.clock.advance(Duration::from_secs(1));
                let at = caller.address(None, sketch.key.clone()).unwrap();
                let written = app.service.set(&caller, at, value, options).await.unwrap();
                first += usize::from(written.version == 1);
                later += usize::from(written.version > 1);
                let read = app.store.pair(caller.tenant_id, written.id).await.unwrap();
                assert_eq!(read.as_ref(), Some(&written));
            }
        }
        assert!(first > 2 && later > 5, "{first} pairs were made, {later} times one was overwritten");
    })
    .await;
}

#[tokio::test]
async fn a_text_that_can_be_no_key_finds_nothing() {
    on_both(async |app| {
        let acme = app.acme().await;
        acme.put("a", "1").await;
        for text in ["", "A", "a ", &"k".repeat(2_000)] {
            assert_eq!(both_ways(&acme, text).await, (json!([]), json!([])), "{text}");
        }
        let page = "{ none: key_value(where: {key: {_eq: \"a\"}}, limit: 0) { key }
            past: key_value(where: {key: {_eq: \"a\"}}, offset: 1) { key }
            both: key_value(where: {key: {_eq: \"a\"}, value: {_eq: 2}}) { key } }";
        assert_eq!(acme.ask(page).await.data(), json!({"none": [], "past": [], "both": []}));
    })
    .await;
}

#[tokio::test]
async fn every_reader_sees_what_was_written_before_it_asked_and_only_its_own_tenants() {
    on_both(async |app| {
        let (acme, other) = (app.acme().await, app.tenant("other", "enterprise").await);
        let rounds = (0..40).map(|n| {
            let (acme, other) = (&acme, &other);
            async move {
                let key = format!("k{n}");
                for value in ["1", "2", "3"] {
                    acme.put(&key, value).await;
                    let (one, _) = both_ways(acme, &key).await;
                    assert_eq!(one[0]["value"].to_string(), value);
                    assert_eq!(both_ways(other, &key).await.0, json!([]));
                }
            }
        });
        join_all(rounds).await;
        let elsewhere = format!(
            "{{ key_value(namespace: \"{}.b\", where: {{key: {{_eq: \"k1\"}}}}) {{ key }} }}",
            Namespace::home()
        );
        assert_eq!(acme.ask(&elsewhere).await.data()["key_value"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn those_who_are_read_together_each_get_their_own() {
    on_both(async |app| {
        let callers = [app.caller(&app.tenant("one", "enterprise").await).await, app.caller(&app.acme().await).await];
        let places = || {
            let keys = (0..10).flat_map(|key| [("a", key), ("b", key), ("b", key), ("c", key)]);
            keys.flat_map(|(namespace, key)| [0, 1].map(|who| (who, namespace, format!("key {key}"))))
        };
        // Twice: pairs that come, and pairs that are there.
        for version in 1..3 {
            let sets = places().filter(|(_, namespace, _)| *namespace != "c").map(async |(who, namespace, key)| {
                let value = Stored::json(JsonText::parse(&format!("\"{who} {namespace} {key} {version}\"")).unwrap());
                let at = callers[who].address(Some(namespace.to_owned()), key).unwrap();
                app.service.set(&callers[who], at, value, SetOptions::default()).await.unwrap();
            });
            join_all(sets).await;
            // Each asks before the first round trip sets out.
            let reads = places().map(async |(who, namespace, key)| {
                let at = callers[who].address(Some(namespace.to_owned()), key.clone()).unwrap();
                let found = app.service.get(&callers[who], &at).await.unwrap();
                let told = found.map(|pair| {
                    assert_eq!((pair.tenant_id, &pair.address), (callers[who].tenant_id, &at));
                    pair.value.to_json().as_str().to_owned()
                });
                let expected = (namespace != "c").then(|| format!("\"{who} {namespace} {key} {version}\""));
                assert_eq!(told, expected);
            });
            join_all(reads).await;
        }
    })
    .await;
}
