//! Set, get, list and delete, on both databases.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::support::app::on_both;

const ALL: &str = "{ key_value { id key value version created updated type namespace } }";

#[tokio::test]
async fn overwriting_keeps_id_and_created_and_moves_updated_and_version() {
    on_both(async |app| {
        let acme = app.acme().await;
        let id = acme.put("foo", "1").await;
        app.clock.advance(Duration::from_millis(1_500));
        assert_eq!(acme.put("foo", "\"two\"").await, id);
        assert_eq!(
            acme.ask(ALL).await.data()["key_value"],
            json!([{
                "id": id, "key": "foo", "value": "two", "version": 2, "type": "STRING", "namespace": "default",
                "created": "2026-01-01T00:00:00+00:00", "updated": "2026-01-01T00:00:01.5+00:00",
            }])
        );
    })
    .await;
}

#[tokio::test]
async fn a_pair_set_again_after_its_deletion_is_a_new_one() {
    on_both(async |app| {
        let acme = app.acme().await;
        let first = acme.put("foo", "1").await;
        assert_eq!(delete(&acme, &first).await, json!({"success": true, "error": null}));
        assert!(acme.keys("{}").await.is_empty());
        let second = acme.put("foo", "1").await;
        assert_ne!(first, second);
        assert_eq!(acme.ask(ALL).await.data()["key_value"][0]["version"], 1);
        assert_eq!(delete(&acme, &first).await["success"], false);
        assert_eq!(acme.keys("{}").await, ["foo"]);
    })
    .await;
}

#[tokio::test]
async fn deleting_an_unknown_id_says_so_and_a_malformed_one_is_refused() {
    on_both(async |app| {
        let acme = app.acme().await;
        acme.put("foo", "1").await;
        let answer = delete(&acme, "00000000-0000-0000-0000-000000000000").await;
        assert_eq!(answer, json!({"success": false, "error": "no key-value pair has this id"}));
        let malformed = acme.graphql(DELETE, json!({"input": {"key_value_id": "nope"}})).await;
        assert_eq!((malformed.status.as_u16(), malformed.code().as_str()), (200, "BAD_USER_INPUT"));
        assert_eq!(acme.keys("{}").await, ["foo"]);
    })
    .await;
}

#[tokio::test]
async fn bad_pairs_are_refused_with_a_reason_and_nothing_is_written() {
    on_both(async |app| {
        let acme = app.acme().await;
        let longest = "k".repeat(1_024);
        acme.put(&longest, "1").await;
        for (key, value, reason) in [
            ("", "1", "the key is empty"),
            (&*"é".repeat(513), "1", "the key is 1026 bytes long, at most 1024 are allowed"),
            (
                "deep",
                &*format!("{}{}", "[".repeat(513), "]".repeat(513)),
                "nests arrays and objects more than 512 deep",
            ),
        ] {
            let reply = acme.set(key, value).await;
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (200, "BAD_USER_INPUT"), "{reason}");
            assert!(reply.message().contains(reason), "{reply:?}");
        }
        assert_eq!(acme.keys("{}").await, [longest]);
    })
    .await;
}

#[tokio::test]
async fn parallel_writes_of_one_key_each_count_once() {
    on_both(async |app| {
        let acme = app.acme().await;
        let sets: Vec<_> = (0..24).map(|n| n.to_string()).collect();
        let ids = join_all(sets.iter().map(|value| acme.put("foo", value))).await;
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        let rows = acme.ask(ALL).await.data()["key_value"].clone();
        assert_eq!((rows.as_array().unwrap().len(), &rows[0]["version"]), (1, &json!(24)));
    })
    .await;
}

#[tokio::test]
async fn parallel_writers_of_many_tenants_do_not_disturb_each_other() {
    on_both(async |app| {
        let mut tenants = Vec::new();
        for slug in ["a", "b", "c"] {
            tenants.push(app.tenant(slug, "enterprise").await);
        }
        let sets = tenants.iter().flat_map(|tenant| (0..40).map(move |n| (tenant, format!("k{n:02}"))));
        join_all(sets.map(async |(tenant, key)| tenant.put(&key, "1").await)).await;
        for tenant in &tenants {
            assert_eq!(tenant.keys("{}").await.len(), 40);
            let gone = tenant.ask("{ key_value { id } }").await.column("id");
            join_all(gone.iter().map(|id| delete(tenant, id))).await;
            assert!(tenant.keys("{}").await.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn an_answered_write_is_seen_by_every_read_after_it() {
    on_both(async |app| {
        let acme = app.acme().await;
        for n in 0..20 {
            acme.put("foo", &n.to_string()).await;
            let reads = join_all((0..4).map(|_| acme.ask("{ key_value { value } }"))).await;
            assert!(reads.iter().all(|read| read.data()["key_value"][0]["value"] == n), "{reads:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_pair_is_found_by_its_primary_key() {
    on_both(async |app| {
        let acme = app.acme().await;
        let id = acme.put("foo", "[1, {\"a\": null}]").await;
        let query = "query($id: uuid!) { key_value_by_pk(id: $id) { key value(path: \"$[1]\") } }";
        let found = acme.graphql(query, json!({"id": id.to_uppercase()})).await;
        assert_eq!(found.data()["key_value_by_pk"], json!({"key": "foo", "value": {"a": null}}));
        let missing = acme.graphql(query, json!({"id": "00000000-0000-0000-0000-000000000000"})).await;
        assert_eq!(missing.data()["key_value_by_pk"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn revisions_count_every_write_without_gaps() {
    on_both(async |app| {
        let acme = app.acme().await;
        join_all((0..10).map(async |n| acme.put(&format!("k{n}"), "1").await)).await;
        let id = acme.put("k0", "2").await;
        delete(&acme, &id).await;
        delete(&acme, &id).await;
        acme.set("", "1").await.code();
        let usage = app.service.usage("acme").await.unwrap();
        assert_eq!((usage.revision, usage.rows), (12, 9));
    })
    .await;
}

const DELETE: &str = "mutation($input: delete_key_value_input!) { delete_key_value(input: $input) { success error } }";

async fn delete(actor: &crate::support::actor::Actor, id: &str) -> serde_json::Value {
    let reply = actor.graphql(DELETE, json!({"input": {"key_value_id": id}})).await;
    reply.data()["delete_key_value"].clone()
}

#[tokio::test]
async fn a_value_is_also_given_as_text_whole_or_its_start_with_its_size() {
    on_both(async |app| {
        let acme = app.acme().await;
        acme.put("foo", r#"{"b": 1.0, "a": "é😀é", "n": 12345678901234567890}"#).await;
        let text = r#"{"b":1.0,"a":"é😀é","n":12345678901234567890}"#;
        let query = "{ key_value { value_bytes value_text start: value_text(first: 15) none: value_text(first: 0) } }";
        let expected =
            json!([{"value_bytes": text.len(), "value_text": text, "start": r#"{"b":1.0,"a":"é"#, "none": ""}]);
        assert_eq!(acme.ask(query).await.data()["key_value"], expected);
        let refused = acme.ask("{ key_value { value_text(first: -1) } }").await;
        assert_eq!(refused.code(), "validation-failed");
    })
    .await;
}
