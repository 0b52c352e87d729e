//! Who may do what: every operation, by every role, in the own and in a foreign tenant, in namespaces that
//! the token reaches and in others, through every door.
//!
//! A row is an operation; a door is a column: a function that says how the operation is asked for there.

use highwater::domain::{Permission, Role};
use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::{TestApp, namespace, on_both},
};

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    Forbidden,
    /// As if there were nothing.
    Hidden,
    Stranger,
}

/// A door, and how to ask there where that differs from row to row.
#[derive(Debug, Clone, Copy)]
enum Door {
    Graphql,
    Rest(Rest),
}

/// What an operation is about, and so what has to be there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// A pair that there is, by its address.
    Pair,
    /// An address without a pair.
    Absent,
    /// A pair that there is, by its id: where the token does not reach it, it is hidden.
    PairById,
    /// A namespace that there is not.
    NoNamespace,
    /// The tenant as a whole.
    Tenant,
    /// Who belongs to the tenant, which takes a token that reaches all of it.
    Members,
    /// An API key of an administrator's.
    OthersKey,
}

/// One try: where, and the names and ids of what is there.
struct Case {
    namespace: &'static str,
    /// Different in every try.
    name: String,
    /// Of the pair, the membership or the key.
    id: String,
    me: Value,
    tenant_id: String,
    role: Value,
}

type Graphql = fn(&Case) -> (&'static str, Value);
/// A method, a path and a body.
type Rest = fn(&Case) -> (&'static str, String, &'static str);

struct Row {
    /// The root field of GraphQL's.
    field: &'static str,
    needs: Permission,
    about: About,
    graphql: Graphql,
    kestra: Option<Rest>,
    /// Asked only in the token's home: this door knows no other namespace.
    prominence: Option<Rest>,
}

/// Root fields that everybody may ask for who has a token: they tell it about itself, or renew and end it.
const FREE: [&str; 9] =
    ["api", "auth_info", "auth_role", "hello", "log_out", "permissions_info", "refresh_token", "switch_tenant", "user"];

fn input(name: &str, input: &Value) -> (&'static str, Value) {
    let query = format!("mutation($input: {name}_input!) {{ {name}(input: $input) {{ __typename SUCCESS }} }}");
    let succeeds = ["delete_", "update_"].iter().any(|it| name.starts_with(it)) && name != "delete_key_values";
    let query = query.replace("SUCCESS", if succeeds { "success" } else { "" });
    (query.leak(), json!({"input": input}))
}

fn kv(case: &Case) -> String {
    format!("/api/v1/main/namespaces/{}/kv/{}", case.namespace, case.name)
}

fn rename(case: &Case) -> (&'static str, Value) {
    let new_key = format!("renamed {}", case.name);
    input("rename_key_value", &json!({"key": case.name, "new_key": new_key, "namespace": case.namespace}))
}

fn rows() -> Vec<Row> {
    use About::{Absent, Members, NoNamespace, OthersKey, Pair, PairById, Tenant};
    use Permission as P;
    let row =
        |field, needs, about, graphql: Graphql| Row { field, needs, about, graphql, kestra: None, prominence: None };
    let all = |field, needs, about, graphql: Graphql, kestra: Rest, prominence: Rest| Row {
        kestra: Some(kestra),
        prominence: Some(prominence),
        ..row(field, needs, about, graphql)
    };
    let set: Graphql =
        |case| input("set_key_value", &json!({"key": case.name, "namespace": case.namespace, "value": 1}));
    let put: Rest = |case| ("PUT", kv(case), "1");
    let post: Rest = |case| ("POST", format!("/kv/{}", case.name), "1");
    vec![
        all("set_key_value", P::CreateKeyValue, Absent, set, put, post),
        all("set_key_value", P::UpdateKeyValue, Pair, set, put, post),
        all(
            "key_value_by_key",
            P::ReadKeyValue,
            Pair,
            |case| {
                (
                    "query($ns: String, $key: String!) { key_value_by_key(namespace: $ns, key: $key) { value } }",
                    json!({"ns": case.namespace, "key": case.name}),
                )
            },
            |case| ("GET", kv(case), ""),
            |case| ("GET", format!("/kv/{}", case.name), ""),
        ),
        all(
            "key_value",
            P::ReadKeyValue,
            Pair,
            |case| ("query($ns: String) { key_value(namespace: $ns) { key } }", json!({"ns": case.namespace})),
            |case| ("GET", format!("/api/v1/main/namespaces/{}/kv", case.namespace), ""),
            |_| ("GET", "/kv?list".to_owned(), ""),
        ),
        row("key_value_keys", P::ReadKeyValue, Pair, |case| {
            ("query($ns: String) { key_value_keys(namespace: $ns) }", json!({"ns": case.namespace}))
        }),
        row("key_value_aggregate", P::ReadKeyValue, Pair, |case| {
            let query = "query($ns: String) { key_value_aggregate(namespace: $ns) { aggregate { count } } }";
            (query, json!({"ns": case.namespace}))
        }),
        row("key_value_by_pk", P::ReadKeyValue, PairById, |case| {
            ("query($id: uuid!) { key_value_by_pk(id: $id) { key } }", json!({"id": case.id}))
        }),
        row("key_value_revision", P::ReadKeyValue, Tenant, |_| ("{ key_value_revision }", Value::Null)),
        row("delete_key_value", P::DeleteKeyValue, PairById, |case| {
            input("delete_key_value", &json!({"key_value_id": case.id}))
        }),
        all(
            "delete_key_value",
            P::DeleteKeyValue,
            Pair,
            |case| input("delete_key_value", &json!({"key": case.name, "namespace": case.namespace})),
            |case| ("DELETE", kv(case), ""),
            |case| ("DELETE", format!("/kv/{}", case.name), ""),
        ),
        row("rename_key_value", P::DeleteKeyValue, Pair, rename),
        row("delete_key_values", P::DeleteKeyValue, Pair, |case| {
            input("delete_key_values", &json!({"prefix": case.name, "namespace": case.namespace}))
        }),
        row("namespace", P::ReadKeyValue, Tenant, |_| ("{ namespace { name } }", Value::Null)),
        row("create_namespace", P::CreateKeyValue, NoNamespace, |case| {
            input("create_namespace", &json!({"name": case.namespace}))
        }),
        row("update_namespace", P::UpdateKeyValue, Pair, |case| {
            input("update_namespace", &json!({"name": case.namespace, "description": "x"}))
        }),
        row("delete_namespace", P::DeleteKeyValue, Pair, |case| {
            input("delete_namespace", &json!({"name": case.namespace, "force": true}))
        }),
        row("auth_api_key", P::ReadApiKey, Tenant, |_| ("{ auth_api_key { name } }", Value::Null)),
        row("create_api_key", P::CreateApiKey, Tenant, |case| {
            input("create_api_key", &json!({"name": case.name, "user_id": case.me}))
        }),
        row("delete_api_key", P::DeleteApiKey, OthersKey, |case| input("delete_api_key", &json!({"key_id": case.id}))),
        row("tenant", P::ReadTenant, Tenant, |_| ("{ tenant { slug } }", Value::Null)),
        row("tenant_by_pk", P::ReadTenant, Tenant, |case| {
            ("query($id: uuid!) { tenant_by_pk(id: $id) { slug } }", json!({"id": case.tenant_id}))
        }),
        row("license_usage", P::ReadTenant, Tenant, |_| ("{ license_usage { plan } }", Value::Null)),
        row("membership", P::ReadTenant, Tenant, |_| ("{ membership { id } }", Value::Null)),
        row("user_view_same_tenant", P::ReadTenant, Tenant, |_| ("{ user_view_same_tenant { id } }", Value::Null)),
        row("audit_log", P::ReadAuditLog, Tenant, |_| ("{ audit_log { operation } }", Value::Null)),
        row("create_tenant", P::CreateTenant, Tenant, |case| input("create_tenant", &json!({"name": case.name}))),
        row("create_membership", P::CreateMembership, Members, |case| {
            input("create_membership", &json!({"username": format!("new {}", case.name), "role_id": case.role}))
        }),
        row("set_membership_role", P::UpdateMembership, Members, |case| {
            input("set_membership_role", &json!({"membership_id": case.id, "role_id": case.role}))
        }),
        row("delete_membership", P::DeleteMembership, Members, |case| {
            input("delete_membership", &json!({"membership_id": case.id}))
        }),
        row("create_service_account", P::CreateServiceAccount, Members, |case| {
            input("create_service_account", &json!({"name": case.name, "role_id": case.role}))
        }),
    ]
}

/// What must become of a row's request by someone of this role.
fn expected(row: &Row, role: Role, whole: bool, reached: bool) -> Outcome {
    match row.about {
        _ if !role.permissions().contains(&row.needs) => Outcome::Forbidden,
        About::Pair | About::Absent | About::NoNamespace if !reached => Outcome::Forbidden,
        About::PairById if !reached => Outcome::Hidden,
        About::Members if !whole => Outcome::Forbidden,
        About::OthersKey if role != Role::Admin => Outcome::Hidden,
        _ => Outcome::Done,
    }
}

fn graphql_outcome(reply: &Reply, field: &str) -> Outcome {
    let json = reply.json();
    match json["errors"][0]["extensions"]["code"].as_str() {
        Some("FORBIDDEN") => Outcome::Forbidden,
        Some("UNAUTHENTICATED") => Outcome::Stranger,
        Some("NOT_FOUND") => Outcome::Hidden,
        Some(_) => panic!("{field}: {reply:?}"),
        None if json["data"][field].is_null() || json["data"][field]["success"] == false => Outcome::Hidden,
        None => Outcome::Done,
    }
}

fn http_outcome(reply: &Reply) -> Outcome {
    match reply.status.as_u16() {
        200..300 => Outcome::Done,
        401 => Outcome::Stranger,
        403 => Outcome::Forbidden,
        404 => Outcome::Hidden,
        _ => panic!("{reply:?}"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// Puts there what the row is about, as the administrator, and gives its id.
async fn prepare(admin: &Actor, row: &Row, case: &mut Case) {
    match row.about {
        About::Pair | About::PairById => {
            let set = json!({"input": {"key": case.name, "namespace": case.namespace, "value": 0}});
            let query = "mutation($input: set_key_value_input!) { set_key_value(input: $input) { id } }";
            case.id = text(&admin.graphql(query, set).await.data()["set_key_value"]["id"]);
        }
        About::NoNamespace => {
            let (query, variables) = input("delete_namespace", &json!({"name": case.namespace, "force": true}));
            admin.graphql(query, variables).await.data();
        }
        About::Members => {
            let query = "mutation($input: create_membership_input!) { create_membership(input: $input) { id } }";
            let input = json!({"input": {"username": case.name, "role_id": case.role}});
            let made = admin.graphql(query, input).await.data();
            case.id = text(&made["create_membership"]["id"]);
        }
        About::OthersKey => {
            let me = admin.ask("{ auth_info { user_id } }").await.data()["auth_info"]["user_id"].clone();
            let query = "mutation($input: create_api_key_input!) { create_api_key(input: $input) { id } }";
            let made = admin.graphql(query, json!({"input": {"name": case.name, "user_id": me}})).await.data();
            case.id = text(&made["create_api_key"]["id"]);
        }
        About::Absent | About::Tenant => {}
    }
}

#[tokio::test]
async fn every_operation_asks_for_its_permission_namespace_and_tenant_through_every_door() {
    on_both(async |app| {
        let (admin, other) = (app.acme().await, app.tenant("other", "enterprise").await);
        let mut tries = 0;
        for role in Role::ALL {
            for whole in [true, false] {
                let actor = app.grant("acme", |grant| {
                    grant.name = format!("{role:?} {whole}");
                    grant.role = role;
                    grant.namespace = (!whole).then(|| namespace("team"));
                });
                let actor = actor.await;
                let me = actor.ask("{ auth_info { user_id } }").await.data()["auth_info"]["user_id"].clone();
                for (row, at) in rows().iter().flat_map(|row| ["team", "elsewhere"].map(|at| (row, at))) {
                    let wanted = expected(row, role, whole, whole || at == "team");
                    let told = format!("{} ({:?}) by {role:?}, all namespaces: {whole}, in {at}", row.field, row.about);
                    let at_home = !whole && at == "team";
                    let rest = [row.kestra, row.prominence.filter(|_| at_home)].map(|ask| ask.map(Door::Rest));
                    for door in [Some(Door::Graphql)].into_iter().chain(rest).flatten() {
                        tries += 1;
                        let mut case = Case {
                            namespace: at,
                            name: format!("try-{tries}"),
                            id: String::new(),
                            me: me.clone(),
                            tenant_id: admin.tenant_id.clone(),
                            role: json!(Role::ReadOnly.id()),
                        };
                        prepare(&admin, row, &mut case).await;
                        let outcome = match door {
                            Door::Rest(ask) => {
                                let (method, path, body) = ask(&case);
                                http_outcome(&Reply::of(actor.request(method, &path).body(body)).await)
                            }
                            Door::Graphql => {
                                let (query, variables) = (row.graphql)(&case);
                                let abroad = actor.graphql_in(&other.tenant_id, query, variables.clone()).await;
                                assert_eq!(graphql_outcome(&abroad, row.field), Outcome::Stranger, "{told}, abroad");
                                graphql_outcome(&actor.graphql(query, variables).await, row.field)
                            }
                        };
                        assert_eq!(outcome, wanted, "{told}, by {door:?}");
                    }
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_belongs_to_another_tenant_is_hidden_by_its_id() {
    on_both(async |app| {
        let (admin, other) = (app.acme().await, app.tenant("other", "enterprise").await);
        let by_id = [About::PairById, About::Members, About::OthersKey];
        for (n, row) in rows().iter().filter(|row| by_id.contains(&row.about)).enumerate() {
            let mut case = Case {
                namespace: "team",
                name: format!("theirs-{n}"),
                id: String::new(),
                me: Value::Null,
                tenant_id: other.tenant_id.clone(),
                role: json!(Role::ReadOnly.id()),
            };
            prepare(&other, row, &mut case).await;
            if row.field.starts_with("create_") {
                continue;
            }
            let (query, variables) = (row.graphql)(&case);
            assert_eq!(graphql_outcome(&admin.graphql(query, variables.clone()).await, row.field), Outcome::Hidden);
            assert_eq!(graphql_outcome(&other.graphql(query, variables).await, row.field), Outcome::Done);
        }
        let by_pk = "query($id: uuid!) { tenant_by_pk(id: $id) { slug } }";
        let hidden = admin.graphql(by_pk, json!({"id": other.tenant_id})).await;
        assert_eq!(graphql_outcome(&hidden, "tenant_by_pk"), Outcome::Hidden);
    })
    .await;
}

#[tokio::test]
async fn no_operation_is_missing_from_the_table() {
    let app = TestApp::start().await;
    let query = "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }";
    let schema = app.acme().await.ask(query).await.data()["__schema"].clone();
    let rows = rows();
    for field in ["queryType", "mutationType"].iter().flat_map(|it| schema[it]["fields"].as_array().unwrap()) {
        let name = field["name"].as_str().unwrap();
        let known = FREE.contains(&name) || rows.iter().any(|row| row.field == name);
        assert!(known, "{name} needs a row here: who may?");
    }
}
