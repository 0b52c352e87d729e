//! Nothing crosses tenants.

use highwater::domain::Role;
use serde_json::json;

use crate::support::{
    actor::{Actor, Reply},
    app::{TestApp, on_both},
};

#[tokio::test]
async fn one_tenants_pairs_are_invisible_and_untouchable_to_another() {
    on_both(async |app| {
        let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
        let id = acme.put("foo", "\"acme's\"").await;
        other.put("foo", "\"other's\"").await;
        let wide = [
            "{}".to_owned(),
            format!("{{tenant_id: {{_eq: \"{}\"}}}}", acme.tenant_id),
            format!("{{_or: [{{tenant_id: {{_neq: \"{}\"}}}}, {{}}]}}", other.tenant_id),
            format!("{{_not: {{tenant_id: {{_eq: \"{}\"}}}}}}", other.tenant_id),
            format!("{{id: {{_in: [\"{id}\"]}}}}"),
            "{value: {_eq: \"acme's\"}}".to_owned(),
            "{key: {_like: \"%\"}}".to_owned(),
        ];
        for condition in wide {
            let query = format!("{{ key_value(where: {condition}, namespace: \"*\") {{ value }} }}");
            assert!(!other.ask(&query).await.text.contains("acme"), "{condition}");
            let query = format!("{{ key_value_aggregate(where: {condition}) {{ aggregate {{ count }} }} }}");
            let count = other.ask(&query).await.data()["key_value_aggregate"]["aggregate"]["count"].as_i64().unwrap();
            assert!(count <= 1, "{condition}");
        }
        let by_pk = format!("{{ key_value_by_pk(id: \"{id}\") {{ key }} }}");
        assert_eq!(other.ask(&by_pk).await.data()["key_value_by_pk"], json!(null));
        let delete = format!("mutation {{ delete_key_value(input: {{key_value_id: \"{id}\"}}) {{ success error }} }}");
        let refused = other.ask(&delete).await.data()["delete_key_value"].clone();
        assert_eq!(refused, json!({"success": false, "error": "no key-value pair has this id"}));
        assert_eq!(acme.ask("{ key_value { value } }").await.column("value"), ["acme's"]);
    })
    .await;
}

async fn in_tenant(actor: &Actor, tenant: &str, core: bool) -> Reply {
    let mut request = actor.post("/graphql").header("content-type", "application/json");
    request = request.header("X-PREFECT-TENANT-ID", tenant);
    if core {
        request = request.header("X-PREFECT-CORE-VERSION", "1.4.1");
    }
    Reply::of(request.body(r#"{"query": "{ auth_info { tenant_id permissions } }"}"#)).await
}

#[tokio::test]
async fn the_tenant_header_chooses_among_the_users_own_tenants_only() {
    on_both(async |app| {
        let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
        let own = in_tenant(&acme, &acme.tenant_id, true).await;
        assert_eq!(own.data()["auth_info"]["tenant_id"], acme.tenant_id);
        for foreign in [&other.tenant_id, "00000000-0000-0000-0000-000000000000", "nonsense", ""] {
            let refused = in_tenant(&acme, foreign, true).await;
            assert_eq!((refused.status.as_u16(), refused.code().as_str()), (200, "UNAUTHENTICATED"));
            assert_eq!(refused.message(), "the API token is not valid for this tenant", "the same for every one");
            assert_eq!(in_tenant(&acme, foreign, false).await.status.as_u16(), 401);
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_name_in_two_tenants_is_two_people() {
    let app = TestApp::start().await;
    app.acme().await;
    let other = app.tenant("other", "free").await;
    let ci = app.grant("acme", |grant| grant.name = "ci".to_owned()).await;
    app.grant("other", |grant| {
        grant.name = "ci".to_owned();
        grant.role = Role::Admin;
    })
    .await;
    assert_eq!(in_tenant(&ci, &other.tenant_id, true).await.code(), "UNAUTHENTICATED");
    assert_eq!(ci.ask("{ tenant { slug } }").await.data()["tenant"], json!([{"slug": "acme"}]));
}
