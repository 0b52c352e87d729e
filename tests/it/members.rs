//! Who belongs to a tenant: letting in, other roles, taking out, machines; and tenants under one licence.

use highwater::domain::Role;
use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::{TestApp, on_both},
};

const CREATE: &str = "mutation($input: create_membership_input!) { create_membership(input: $input) { id } }";
const SET_ROLE: &str = "mutation($input: set_membership_role_input!) { set_membership_role(input: $input) { id } }";
const DELETE: &str =
    "mutation($input: delete_membership_input!) { delete_membership(input: $input) { success error } }";
const SERVICE: &str =
    "mutation($input: create_service_account_input!) { create_service_account(input: $input) { id } }";
const KEY: &str = "mutation($input: create_api_key_input!) { create_api_key(input: $input) { id key } }";
const TENANT: &str = "mutation($input: create_tenant_input!) { create_tenant(input: $input) { id } }";

async fn me(actor: &Actor) -> String {
    let data = actor.ask("{ auth_info { user_id } }").await.data();
    data["auth_info"]["user_id"].as_str().unwrap().to_owned()
}

/// The id of the membership that a user of this name has in the actor's tenant.
async fn membership(actor: &Actor, username: &str) -> String {
    let query = "query($name: String) { membership(where: {username: {_eq: $name}}) { id } }";
    let data = actor.graphql(query, json!({"name": username})).await.data();
    data["membership"][0]["id"].as_str().unwrap_or_else(|| panic!("{data}")).to_owned()
}

async fn set_role(actor: &Actor, membership: &str, role: Role) -> Reply {
    let input = json!({"membership_id": membership, "role_id": role.id()});
    actor.graphql(SET_ROLE, json!({"input": input})).await
}

#[tokio::test]
async fn a_member_acts_in_the_tenant_with_its_role_until_it_is_taken_out() {
    on_both(async |app| {
        let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
        let id = me(&other).await;
        let refused = other.graphql_in(&acme.tenant_id, "{ hello }", Value::Null).await;
        assert_eq!(refused.code(), "UNAUTHENTICATED");
        let input = json!({"input": {"user_id": id, "role_id": Role::User.id()}});
        let made = acme.graphql(CREATE, input.clone()).await.data()["create_membership"]["id"].clone();
        assert_eq!(acme.graphql(CREATE, input).await.code(), "CONFLICT", "a second place in one tenant");

        let set = "mutation { set_key_value(input: {key: \"theirs\", value: \"1\"}) { id } }";
        other.graphql_in(&acme.tenant_id, set, Value::Null).await.data();
        assert_eq!(acme.keys("{}").await, ["theirs"]);
        let switched =
            other.graphql_in(&acme.tenant_id, "{ auth_info { tenant_id role_id } }", Value::Null).await.data();
        assert_eq!(switched["auth_info"], json!({"tenant_id": acme.tenant_id, "role_id": Role::User.id()}));
        let slugs = other.ask("{ tenant(order_by: {slug: desc}) { slug } }").await.data();
        assert_eq!(slugs["tenant"], json!([{"slug": "other"}, {"slug": "acme"}]));

        set_role(&acme, made.as_str().unwrap(), Role::ReadOnly).await.data();
        assert_eq!(other.graphql_in(&acme.tenant_id, set, Value::Null).await.code(), "FORBIDDEN");
        let delete = json!({"input": {"membership_id": made}});
        assert_eq!(acme.graphql(DELETE, delete.clone()).await.data()["delete_membership"]["success"], true);
        let gone = acme.graphql(DELETE, delete).await.data()["delete_membership"].clone();
        assert_eq!(gone, json!({"success": false, "error": "no membership has this id"}));
        assert_eq!(other.graphql_in(&acme.tenant_id, "{ hello }", Value::Null).await.code(), "UNAUTHENTICATED");
        other.put("own", "1").await;
    })
    .await;
}

#[tokio::test]
async fn a_role_bounds_every_token_of_its_user_at_once() {
    on_both(async |app| {
        let admin = app.acme().await;
        let person = app.grant("acme", |grant| {
            grant.name = "person".to_owned();
            grant.role = Role::User;
        });
        let person = person.await;
        person.put("foo", "1").await;
        let place = membership(&admin, "person@acme").await;
        set_role(&admin, &place, Role::ReadOnly).await.data();
        assert_eq!(person.set("foo", "2").await.message(), "the token lacks the permission update:key-value");
        assert_eq!(person.keys("{}").await, ["foo"]);
        set_role(&admin, &place, Role::Admin).await.data();
        person.put("foo", "3").await;
        let permissions = person.ask("{ auth_info { permissions } }").await.data()["auth_info"]["permissions"].clone();
        assert_eq!(permissions.as_array().unwrap().len(), Role::User.permissions().len(), "a token grows by no role");
        admin.graphql(DELETE, json!({"input": {"membership_id": place}})).await.data();
        assert_eq!(person.ask("{ hello }").await.message(), "the API token has been revoked");
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    on_both(async |app| {
        let admin = app.acme().await;
        let own = membership(&admin, "someone in acme@acme").await;
        let refused = set_role(&admin, &own, Role::User).await;
        let reason = "this is the tenant's last administrator; make someone else one first";
        assert_eq!((refused.code().as_str(), refused.message().as_str()), ("CONFLICT", reason));
        let delete = json!({"input": {"membership_id": own}});
        assert_eq!(admin.graphql(DELETE, delete.clone()).await.code(), "CONFLICT");
        set_role(&admin, &own, Role::Admin).await.data();

        let second = json!({"input": {"username": "second", "role_id": Role::Admin.id()}});
        let second = admin.graphql(CREATE, second).await.data()["create_membership"]["id"].clone();
        let both = [own.as_str(), second.as_str().unwrap()];
        let demotions = futures_util::future::join_all(both.map(|id| set_role(&admin, id, Role::ReadOnly))).await;
        let refused = demotions.iter().filter(|reply| reply.json().get("errors").is_some()).count();
        assert_eq!(refused, 1, "of two who are demoted at once, one stays: {demotions:?}");
    })
    .await;
}

#[tokio::test]
async fn nobody_gives_what_it_does_not_have() {
    let app = TestApp::start().await;
    let admin = app.acme().await;
    let input = |role: Role| json!({"input": {"username": "x", "role_id": role.id()}});
    for actor in [
        app.grant("acme", |grant| grant.role = Role::User).await,
        app.grant("acme", |grant| grant.role = Role::ReadOnly).await,
        app.grant("acme", |grant| grant.namespace = Some(crate::support::app::namespace("team"))).await,
    ] {
        for role in Role::ALL {
            assert_eq!(actor.graphql(CREATE, input(role)).await.code(), "FORBIDDEN");
        }
        let own = membership(&admin, "someone in acme@acme").await;
        assert_eq!(set_role(&actor, &own, Role::Admin).await.code(), "FORBIDDEN");
        assert_eq!(actor.graphql(DELETE, json!({"input": {"membership_id": own}})).await.code(), "FORBIDDEN");
    }
    let nobody = "00000000-0000-0000-0000-000000000000";
    for (query, input, code) in [
        (CREATE, json!({"username": "x", "role_id": nobody}), "NOT_FOUND"),
        (CREATE, json!({"role_id": Role::User.id()}), "BAD_USER_INPUT"),
        (CREATE, json!({"user_id": nobody, "username": "x", "role_id": Role::User.id()}), "BAD_USER_INPUT"),
        (CREATE, json!({"user_id": nobody, "role_id": Role::User.id()}), "NOT_FOUND"),
        (CREATE, json!({"username": "", "role_id": Role::User.id()}), "BAD_USER_INPUT"),
        (SET_ROLE, json!({"membership_id": nobody, "role_id": Role::User.id()}), "NOT_FOUND"),
        (SERVICE, json!({"name": "", "role_id": Role::User.id()}), "BAD_USER_INPUT"),
    ] {
        assert_eq!(admin.graphql(query, json!({"input": input})).await.code(), code, "{query} {input}");
    }
}

#[tokio::test]
async fn a_service_account_is_a_user_whose_keys_administrators_make() {
    on_both(async |app| {
        let (admin, other) = (app.acme().await, app.tenant("other", "free").await);
        let input = json!({"input": {"name": "nightly", "role_id": Role::User.id()}});
        let machine = admin.graphql(SERVICE, input.clone()).await.data()["create_service_account"]["id"].clone();
        assert_eq!(admin.graphql(SERVICE, input.clone()).await.code(), "CONFLICT");
        other.graphql(SERVICE, input).await.data();

        let key = json!({"input": {"name": "its key", "user_id": machine}});
        assert_eq!(other.graphql(KEY, key.clone()).await.code(), "NOT_FOUND", "another tenant's machine");
        let key = admin.graphql(KEY, key).await.data()["create_api_key"]["key"].clone();
        let machine = app.anyone(key.as_str());
        machine.put("foo", "1").await;
        let info = machine.ask("{ auth_info { api_token_scope role_id } user { account_type username } }").await.data();
        assert_eq!(info["auth_info"], json!({"api_token_scope": "RUNNER", "role_id": Role::User.id()}));
        assert_eq!(info["user"], json!([{"account_type": "SERVICE", "username": "nightly@acme"}]));
        assert_eq!(admin.ask("{ auth_info { api_token_scope } }").await.data()["auth_info"]["api_token_scope"], "USER");

        let machines = "{ user_view_same_tenant(where: {account_type: {_eq: \"SERVICE\"}}) { username memberships { role tenant { slug } } } }";
        let seen = json!([{"username": "nightly@acme", "memberships": [{"role": "USER", "tenant": {"slug": "acme"}}]}]);
        assert_eq!(admin.ask(machines).await.data()["user_view_same_tenant"], seen);
        let person = me(&app.grant("acme", |grant| grant.name = "person".to_owned()).await).await;
        let for_a_person = json!({"input": {"name": "x", "user_id": person}});
        assert_eq!(admin.graphql(KEY, for_a_person).await.code(), "NOT_FOUND", "people make their own");
    })
    .await;
}

#[tokio::test]
async fn tenants_made_under_a_licence_share_its_room_for_tenants() {
    on_both(async |app| {
        let (acme, free) = (app.acme().await, app.tenant("small", "free").await);
        let input = |name: &str| json!({"input": {"name": name, "slug": null}});
        let refused = free.graphql(TENANT, input("Another")).await;
        assert_eq!(refused.message(), "there are 1 tenants under this licence, the free tier allows 1");
        let made = acme.graphql(TENANT, input("Data Science & Co.")).await.data()["create_tenant"]["id"].clone();
        let made = made.as_str().unwrap();
        let own = acme.graphql_in(made, "{ auth_info { role_id } }", Value::Null).await;
        assert_eq!(own.data()["auth_info"]["role_id"], json!(Role::Admin.id()));
        let slugs = acme.ask("{ tenant { slug name } }").await.data();
        let expected =
            [json!({"slug": "acme", "name": "acme"}), json!({"slug": "data-science-co", "name": "Data Science & Co."})];
        assert_eq!(slugs["tenant"], json!(expected));
        assert_eq!(acme.graphql(TENANT, input("data science co")).await.code(), "CONFLICT", "the slug is taken");
        for bad in ["", "###", &"x".repeat(300)] {
            assert_eq!(acme.graphql(TENANT, input(bad)).await.code(), "BAD_USER_INPUT");
        }
        let usage = acme.ask("{ license_usage { tenants tenants_used } }").await.data();
        assert_eq!(usage["license_usage"], json!({"tenants": null, "tenants_used": 2}));
        app.service.set_tier("data-science-co", "free").await.unwrap();
        let inner = acme.graphql_in(made, TENANT, input("inner")).await;
        assert_eq!(inner.message(), "there are 2 tenants under this licence, the free tier allows 1");
    })
    .await;
}
