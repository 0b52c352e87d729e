//! Sessions, as Prefect's page and its older clients use them.

use std::time::Duration;

use highwater::domain::Role;
use serde_json::{Value, json};

use crate::support::{
    actor::Actor,
    app::{TestApp, namespace, on_both},
};

const SWITCH: &str = "mutation SwitchTenant($tenantId: UUID!) {
    switch_tenant(input: {tenant_id: $tenantId}) { access_token expires_at refresh_token } }";
const REFRESH: &str = "mutation($input: refresh_token_input!) {
    refresh_token(input: $input) { access_token expires_at refresh_token } }";
const LOG_OUT: &str = "mutation($input: log_out_input!) { log_out(input: $input) { success error } }";

/// The two tokens of a session in `tenant_id`.
async fn session(app: &TestApp, actor: &Actor, tenant_id: &str) -> (Actor, Actor) {
    let data = actor.graphql(SWITCH, json!({"tenantId": tenant_id})).await.data();
    tokens(app, &data["switch_tenant"])
}

fn tokens(app: &TestApp, payload: &Value) -> (Actor, Actor) {
    (app.anyone(payload["access_token"].as_str()), app.anyone(payload["refresh_token"].as_str()))
}

fn access(actor: &Actor) -> Value {
    json!({"input": {"access_token": actor.token}})
}

#[tokio::test]
async fn a_session_acts_is_renewed_and_ends() {
    on_both(async |app| {
        app.acme().await;
        let acme = app.grant("acme", |grant| grant.life = Duration::from_hours(365 * 24)).await;
        let (first, refresh) = session(&app, &acme, &acme.tenant_id).await;
        first.put("foo", "1").await;
        assert_eq!(refresh.ask("{ key_value { key } }").await.code(), "FORBIDDEN", "it only renews");
        assert_eq!(refresh.graphql(SWITCH, json!({"tenantId": acme.tenant_id})).await.code(), "BAD_USER_INPUT");
        assert_eq!(first.graphql(REFRESH, access(&first)).await.code(), "BAD_USER_INPUT", "not the refresh token");

        app.clock.advance(Duration::from_mins(15));
        assert_eq!(first.ask("{ hello }").await.message(), "the API token has expired");
        let renewed = refresh.graphql(REFRESH, access(&first)).await.data()["refresh_token"].clone();
        assert_eq!(renewed["expires_at"], "2026-01-01T00:30:00+00:00");
        let (second, next) = tokens(&app, &renewed);
        assert_eq!(second.keys("{}").await, ["foo"]);
        app.clock.advance(Duration::from_hours(29 * 24));
        let renewed = next.graphql(REFRESH, access(&second)).await.data()["refresh_token"].clone();
        let (third, next) = tokens(&app, &renewed);

        let out = third.graphql(LOG_OUT, access(&third)).await.data()["log_out"].clone();
        assert_eq!(out, json!({"success": true, "error": null}));
        for token in [&third, &next] {
            assert_eq!(token.ask("{ hello }").await.message(), "the API token has been revoked");
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_may_do_no_more_than_the_key_it_grew_from_and_ends_with_it() {
    on_both(async |app| {
        let acme = app.acme().await;
        let key = app.grant("acme", |grant| {
            grant.name = "reader".to_owned();
            grant.role = Role::ReadOnly;
            grant.namespace = Some(namespace("team"));
            grant.life = Duration::from_mins(5);
        });
        let key = key.await;
        let (acts, refresh) = session(&app, &key, &acme.tenant_id).await;
        let info = "{ auth_info { permissions license user_id role_id tenant_id } }";
        assert_eq!(acts.ask(info).await.data(), key.ask(info).await.data());
        assert_eq!(acts.ask("{ key_value(namespace: \"default\") { key } }").await.code(), "FORBIDDEN");
        assert_eq!(acts.ask("{ auth_api_key { name } }").await.data()["auth_api_key"], json!([{"name": "reader"}]));
        let (inner, _) = session(&app, &acts, &acme.tenant_id).await;

        let id = acme.ask("{ auth_api_key(where: {name: {_eq: \"reader\"}}) { id } }").await.data()["auth_api_key"][0]
            ["id"]
            .clone();
        acme.graphql("mutation($id: UUID!) { delete_api_key(input: {key_id: $id}) { success } }", json!({"id": id}))
            .await
            .data();
        for token in [&acts, &refresh, &inner] {
            assert_eq!(token.ask("{ hello }").await.message(), "the API token has been revoked");
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_never_outlives_its_key() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let key = app.grant("acme", |grant| grant.life = Duration::from_mins(20)).await;
    let (acts, refresh) = session(&app, &key, &acme.tenant_id).await;
    app.clock.advance(Duration::from_mins(14));
    let renewed = refresh.graphql(REFRESH, access(&acts)).await.data()["refresh_token"].clone();
    assert_eq!(renewed["expires_at"], "2026-01-01T00:20:00+00:00");
    app.clock.advance(Duration::from_mins(6));
    let (acts, refresh) = tokens(&app, &renewed);
    for token in [&acts, &refresh] {
        assert_eq!(token.ask("{ hello }").await.message(), "the API token has expired");
    }
}

#[tokio::test]
async fn sessions_of_strangers_and_in_foreign_tenants_are_refused() {
    let app = TestApp::start().await;
    let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
    for tenant in [other.tenant_id.as_str(), "00000000-0000-0000-0000-000000000000"] {
        let refused = acme.graphql(SWITCH, json!({"tenantId": tenant})).await;
        assert_eq!(
            (refused.code().as_str(), refused.message().as_str()),
            ("NOT_FOUND", "no tenant of yours has this id")
        );
    }
    let (first, refresh) = session(&app, &acme, &acme.tenant_id).await;
    let (stranger, _) = session(&app, &other, &other.tenant_id).await;
    for query in [REFRESH, LOG_OUT] {
        for input in [access(&stranger), json!({"input": {"access_token": "nonsense"}}), access(&acme)] {
            assert_eq!(refresh.graphql(query, input).await.code(), "BAD_USER_INPUT");
        }
    }
    let kept = acme.graphql(LOG_OUT, access(&acme)).await.data()["log_out"].clone();
    assert_eq!(kept, json!({"success": false, "error": "no session has this id"}), "a key is ended by delete_api_key");
    first.ask("{ hello }").await.data();
}
