//! The audit log: who did what, when, from where, and whether it was allowed. Never a value, never a token.

use std::time::Duration;

use highwater::{
    domain::{Clock, Role, audit::AuditEntry, table::Condition},
    service::{
        AuditRules,
        ids::{id_at, new_id},
    },
};
use sea_orm::{ConnectionTrait, Database, TransactionTrait};
use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::{TestApp, namespace, on_both},
    postgres,
    server::{SQLITE, Server},
};

/// The entries that a condition, written as GraphQL, picks, the oldest first.
async fn entries(actor: &Actor, condition: &str, fields: &str) -> Value {
    let query = format!("{{ audit_log(where: {condition}, order_by: {{at: asc}}, limit: 1000) {{ {fields} }} }}");
    actor.ask(&query).await.data()["audit_log"].clone()
}

#[tokio::test]
async fn what_is_done_and_what_is_refused_is_kept_with_who_when_and_where() {
    on_both(async |app| {
        let admin = app.acme().await;
        let reader = app.grant("acme", |grant| {
            grant.name = "reader".to_owned();
            grant.role = Role::ReadOnly;
        });
        let reader = reader.await;
        let id = admin.put("secret\u{0}key", "\"a value\"").await;
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(reader.set("other", "1").await.code(), "FORBIDDEN");
        app.clock.advance(Duration::from_secs(1));
        let delete = "mutation($id: UUID!) { delete_key_value(input: {key_value_id: $id}) { success } }";
        admin.graphql(delete, json!({"id": id})).await.data();

        let changes = "{operation: {_like: \"%_key_value\"}}";
        let fields = "at operation namespace key object_id allowed reason count address";
        let entry = |at: &str, operation: &str, key: &str, object: Value, reason: Value| {
            json!({
                "at": at, "operation": operation, "namespace": "default", "key": key, "object_id": object,
                "allowed": reason.is_null(), "reason": reason, "count": 1, "address": "127.0.0.1",
            })
        };
        let expected = [
            entry("2026-01-01T00:00:00+00:00", "set_key_value", "secret\u{0}key", Value::Null, Value::Null),
            entry("2026-01-01T00:00:01+00:00", "set_key_value", "other", Value::Null, json!("forbidden")),
            entry("2026-01-01T00:00:02+00:00", "delete_key_value", "secret\u{0}key", json!(id), Value::Null),
        ];
        assert_eq!(entries(&admin, changes, fields).await, json!(expected));

        let me = reader.ask("{ auth_info { user_id } }").await.data()["auth_info"]["user_id"].clone();
        let refused = entries(&admin, "{allowed: {_eq: false}}", "subject user_id").await;
        assert_eq!(refused, json!([{"subject": me, "user_id": me}]));
        let operator = entries(&admin, "{subject: {_eq: \"operator\"}}", "operation address token_id").await;
        let mut operations: Vec<_> = operator.as_array().unwrap().iter().map(|it| it["operation"].clone()).collect();
        operations.sort_by_key(Value::to_string);
        assert_eq!(operations, ["create_tenant", "create_token", "create_token"]);
        assert!(operator.as_array().unwrap().iter().all(|it| it["address"].is_null() && it["token_id"].is_null()));
        let everything = entries(&admin, "{}", "operation namespace key reason subject address").await.to_string();
        assert!(!everything.contains("a value"), "{everything}");
        for actor in [&admin, &reader] {
            assert!(!everything.contains(actor.token.as_deref().unwrap()), "{everything}");
        }
    })
    .await;
}

#[tokio::test]
async fn looks_that_are_alike_are_counted_together() {
    on_both(async |app| {
        let admin = app.acme().await;
        for _ in 0..5 {
            admin.ask("query { key_value(where: { key: { _eq: \"foo\" } }) { value } }").await.data();
        }
        admin.ask("{ key_value { key } }").await.data();
        app.service.flush().await;
        let looks = entries(&admin, "{operation: {_eq: \"list_key_values\"}}", "key count").await;
        let mut counts: Vec<_> =
            looks.as_array().unwrap().iter().map(|look| (look["key"].clone(), look["count"].as_i64())).collect();
        counts.sort_by_key(|(key, _)| key.to_string());
        // A flush may have come in between.
        let of_foo: i64 = counts.iter().filter(|(key, _)| key == "foo").filter_map(|(_, count)| *count).sum();
        assert_eq!((of_foo, counts.iter().filter(|(key, _)| key.is_null()).count()), (5, 1), "{counts:?}");
    })
    .await;
}

#[tokio::test]
async fn the_log_is_for_administrators_of_the_tenant_and_of_the_namespaces() {
    on_both(async |app| {
        let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
        acme.put("foo", "1").await;
        assert!(!entries(&other, "{}", "key tenant_id").await.to_string().contains("foo"));
        for role in [Role::User, Role::ReadOnly] {
            let actor = app.grant("acme", |grant| grant.role = role).await;
            let refused = actor.ask("{ audit_log { key } }").await;
            assert_eq!(refused.message(), "the token lacks the permission read:audit-log");
        }
        let team = app.grant("acme", |grant| grant.namespace = Some(namespace("team"))).await;
        team.put("bar", "1").await;
        let seen = entries(&team, "{operation: {_eq: \"set_key_value\"}}", "key").await;
        assert_eq!(seen, json!([{"key": "bar"}]));
        let refused = entries(&acme, "{operation: {_eq: \"read_audit_log\"}, allowed: {_eq: false}}", "reason").await;
        assert_eq!(refused.as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn pages_and_conditions_pick_from_long_logs() {
    on_both(async |app| {
        let admin = app.acme().await;
        for n in 0..2_500 {
            app.clock.advance(Duration::from_secs(1));
            if n % 2 == 0 {
                app.service.set_tier("acme", "enterprise").await.unwrap();
            }
        }
        let query = "query($limit: Int, $offset: Int, $order: order_by, $where: audit_log_bool_exp) {
            audit_log(limit: $limit, offset: $offset, order_by: {at: $order}, where: $where) { at } }";
        let at = async |variables: Value| -> Vec<String> {
            let data = admin.graphql(query, variables).await.data();
            data["audit_log"].as_array().unwrap().iter().map(|row| row["at"].as_str().unwrap().to_owned()).collect()
        };
        let tiers = json!({"operation": {"_eq": "set_tier"}});
        let newest = at(json!({"where": tiers, "limit": 2})).await;
        assert_eq!(newest, ["2026-01-01T00:41:39+00:00", "2026-01-01T00:41:37+00:00"]);
        let oldest = at(json!({"where": tiers, "limit": 2, "offset": 1, "order": "asc"})).await;
        assert_eq!(oldest, ["2026-01-01T00:00:03+00:00", "2026-01-01T00:00:05+00:00"]);
        let deep =
            at(json!({"where": {"_not": {"operation": {"_neq": "set_tier"}}}, "offset": 1249, "limit": 5})).await;
        assert_eq!(deep, ["2026-01-01T00:00:01+00:00"], "beyond what is read at once");
        let between = json!({"_and": [tiers, {"at": {"_gte": "2026-01-01T00:10:00Z", "_lt": "2026-01-01T00:10:10Z"}}]});
        assert_eq!(at(json!({"where": between})).await.len(), 5);
        assert_eq!(at(json!({"where": tiers})).await.len(), 100, "a hundred where nothing is said");
        assert_eq!(at(json!({"limit": 0})).await.len(), 0);
        for variables in [json!({"limit": 1001}), json!({"limit": -1}), json!({"offset": -1})] {
            assert!(!admin.graphql(query, variables).await.code().is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn a_try_that_was_cut_short_is_made_again_and_the_orm_reads_what_went_down() {
    on_both(async |app| {
        let tenant_id = app.service.add_tenant("acme", None, "enterprise").await.unwrap().id;
        let now = app.clock.now();
        let bare = |n: u32| AuditEntry {
            id: id_at(now),
            at: now,
            tenant_id,
            token_id: None,
            user_id: None,
            subject: format!("nobody {n}"),
            operation: "set_key_value".to_owned(),
            namespace: None,
            key: None,
            object_id: None,
            reason: None,
            address: None,
            count: 1,
        };
        let full = |n: u32| AuditEntry {
            token_id: Some(new_id()),
            user_id: Some(new_id()),
            subject: format!("\u{1F980} \" \0 {n}"),
            namespace: Some("ns".to_owned()),
            key: Some(format!("a\u{0}key {n}")),
            object_id: Some(new_id()),
            reason: Some("forbidden".to_owned()),
            address: Some("::1".to_owned()),
            count: i64::MAX,
            ..bare(n)
        };
        let mut entries: Vec<_> = (0..1_100).map(|n| if n % 2 == 0 { bare(n) } else { full(n) }).collect();
        app.store.add_audit(&entries[..1_050].into()).await.unwrap();
        app.store.add_audit(&entries.clone().into()).await.unwrap();

        let mut found = app.store.audit(tenant_id, &Condition::default(), true, None, 10_000).await.unwrap();
        found.retain(|entry| entry.operation == "set_key_value");
        entries.sort_by_key(|entry| entry.id);
        // No text of a database holds a NUL.
        for entry in &mut entries {
            entry.subject = entry.subject.replace('\0', "\u{fffd}");
        }
        assert_eq!(found, entries);
    })
    .await;
}

#[tokio::test]
async fn what_a_reader_who_gave_up_was_about_to_write_down_is_in_the_log_once() {
    let url = postgres::fresh_database().await;
    let server = Server::with_on(&url, &[("HIGHWATER_LIMITS__REQUEST_TIME", "500ms")]);
    let admin = Actor::new(&server.url, Some(server.admin_token().to_owned()), String::new());
    let db = Database::connect(&url).await.unwrap();
    let lock = db.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE audit_log IN EXCLUSIVE MODE").await.unwrap();

    admin.put("k", "1").await;
    let query = "{ audit_log(where: {operation: {_eq: \"set_key_value\"}}) { key count } }";
    assert_eq!(admin.ask(query).await.code(), "TIMEOUT");
    lock.rollback().await.unwrap();
    assert_eq!(admin.ask(query).await.data()["audit_log"], json!([{"key": "k", "count": 1}]));
}

#[tokio::test]
async fn entries_are_forgotten_when_they_were_kept_long_enough() {
    on_both(async |app| {
        let admin = app.acme().await;
        admin.put("foo", "1").await;
        app.service.flush().await;
        let service =
            app.service.clone().auditing(AuditRules { keep: Duration::from_hours(1), ..AuditRules::default() });
        app.clock.advance(Duration::from_mins(50));
        admin.put("bar", "1").await;
        app.service.flush().await;
        app.clock.advance(Duration::from_mins(11));
        service.forget_audit().await;
        let left = entries(&admin, "{operation: {_eq: \"set_key_value\"}}", "key").await;
        assert_eq!(left, json!([{"key": "bar"}]));
    })
    .await;
}

#[tokio::test]
async fn looks_are_not_kept_where_that_is_not_wanted_and_a_proxys_word_counts_where_it_is() {
    let server = Server::with(&[("HIGHWATER_AUDIT__READS", "false"), ("HIGHWATER_ADDRESS_HEADER", "X-Forwarded-For")]);
    let admin = Actor::new(&server.url, server.admin_token.clone(), String::new());
    admin.keys("{}").await;
    let query = "mutation { set_key_value(input: {key: \"foo\", value: \"1\"}) { id } }";
    for forwarded in ["10.9.8.7, 192.0.2.1", "[2001:db8::1]:443", "nonsense"] {
        let body = json!({"query": query}).to_string();
        let request = admin.post("/graphql").header("content-type", "application/json");
        Reply::of(request.header("x-forwarded-for", forwarded).body(body)).await.data();
    }
    let seen = entries(&admin, "{subject: {_neq: \"operator\"}}", "operation address").await;
    let entry = |address: Value| json!({"operation": "set_key_value", "address": address});
    assert_eq!(seen, json!([entry(json!("192.0.2.1")), entry(json!("2001:db8::1")), entry(Value::Null)]));
}

#[tokio::test]
async fn what_was_done_before_the_server_ended_is_in_the_log_of_the_next() {
    let server = Server::start(SQLITE);
    let admin = Actor::new(&server.url, server.admin_token.clone(), String::new());
    admin.put("last words", "1").await;
    server.cli(&["tenant", "set-tier", "default", "free"]);
    let next = server.another();
    assert_eq!(server.stop().code(), Some(0));
    let admin = Actor::new(&next.url, admin.token, String::new());
    let kept = entries(&admin, "{operation: {_in: [\"set_key_value\", \"set_tier\"]}}", "operation key").await;
    assert_eq!(
        kept,
        json!([{"operation": "set_key_value", "key": "last words"}, {"operation": "set_tier", "key": null}])
    );
}

#[tokio::test]
async fn a_revoked_token_that_is_tried_again_is_in_the_log() {
    let app = TestApp::start().await;
    let admin = app.acme().await;
    let person = app.grant("acme", |grant| grant.life = Duration::from_mins(1)).await;
    app.clock.advance(Duration::from_mins(1));
    for _ in 0..3 {
        assert_eq!(person.ask("{ hello }").await.message(), "the API token has expired");
    }
    app.service.flush().await;
    let tried = entries(&admin, "{operation: {_eq: \"authenticate\"}}", "reason count address").await;
    let total: i64 = tried.as_array().unwrap().iter().filter_map(|row| row["count"].as_i64()).sum();
    assert_eq!((total, &tried[0]["reason"], &tried[0]["address"]), (3, &json!("unauthenticated"), &json!("127.0.0.1")));
}
