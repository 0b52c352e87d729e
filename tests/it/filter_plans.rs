//! What the databases say of the statements: every one that must go by index does.

use highwater::domain::{
    Column, Filter, Namespace, Order, Scope, Selection, TenantId, Timestamp,
    filter::{Compare, Pattern, PatternKind, TextColumn, TextTest, TimeColumn, UuidColumn},
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use uuid::Uuid;

use crate::support::app::{Backend, TestApp, on_both};

/// Pairs of the tenant; the planners walk small tables whatever indexes there are.
const PAIRS: i64 = 20_000;

/// When the first of them was made; the others follow every second.
const START: i64 = 1_700_000_000_000_000;

const SQLITE: &str = "
WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < $2 - 1)
INSERT INTO key_value (id, tenant_id, namespace, key, kind, json, version, revision, expires_at, created, updated,
       updated_period)
SELECT randomblob(16), $1, 'default', CAST(printf('key-%06d', n) AS BLOB), 'NUMBER', '1', 1, n,
       CASE n % 4 WHEN 0 THEN $3 + 400000000000000 WHEN 1 THEN $3 END, $3 + n * 1000000, $3 + n * 1000000,
       $3 + n * 1000000 - ($3 + n * 1000000) % 600000000 FROM n";

const POSTGRES: &str = "
INSERT INTO key_value (id, tenant_id, namespace, key, kind, json, version, revision, expires_at, created, updated)
SELECT gen_random_uuid(), $1, 'default', convert_to(format('key-%s', lpad(n::text, 6, '0')), 'UTF8'), 'NUMBER', '1', 1, n,
       CASE n % 4 WHEN 0 THEN $3 + 400000000000000 WHEN 1 THEN $3 END, $3 + n * 1000000, $3 + n * 1000000
FROM generate_series(0, $2 - 1) n";

async fn filled(app: &TestApp) -> (DatabaseConnection, TenantId) {
    let tenant = app.service.add_tenant("acme", None, "enterprise").await.unwrap();
    let db = Database::connect(&app.database_url).await.unwrap();
    let backend = db.get_database_backend();
    let insert = if backend == DbBackend::Postgres { POSTGRES } else { SQLITE };
    let values = [tenant.id.0.into(), PAIRS.into(), START.into()];
    db.execute_raw(Statement::from_sql_and_values(backend, insert, values)).await.unwrap();
    if backend == DbBackend::Postgres {
        db.execute_unprepared("ANALYZE key_value").await.unwrap();
    }
    (db, tenant.id)
}

/// The plan of what the store runs for a selection, a line each step.
async fn plan(app: &TestApp, db: &DatabaseConnection, tenant: TenantId, selection: &Selection) -> String {
    explain(app, db, &app.store.statement(tenant, &Scope::One(Namespace::home()), selection)).await
}

async fn explain(app: &TestApp, db: &DatabaseConnection, statement: &str) -> String {
    let (explain, column) = match app.backend {
        Backend::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
        Backend::Postgres => ("EXPLAIN", "QUERY PLAN"),
    };
    let backend = db.get_database_backend();
    let rows = db.query_all_raw(Statement::from_string(backend, format!("{explain} {statement}"))).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
    lines.join("\n")
}

fn key(compare: Compare<String>) -> Filter {
    Filter::Text(TextColumn::Key, TextTest::Compare(compare))
}

fn name(n: usize) -> String {
    format!("key-{n:06}")
}

fn matching(kind: PatternKind, source: &str) -> Filter {
    let pattern = Pattern::new(kind, source).unwrap();
    Filter::Text(TextColumn::Key, TextTest::Matches { pattern, negated: false })
}

fn at(n: i64) -> Timestamp {
    Timestamp::from_micros(START + n * 1_000_000)
}

fn times(column: TimeColumn) -> Filter {
    Filter::All(vec![Filter::Time(column, Compare::Gte(at(100))), Filter::Time(column, Compare::Lt(at(200)))])
}

/// Two instants in different periods.
fn at_two() -> Filter {
    Filter::Time(TimeColumn::Updated, Compare::In(vec![at(0), at(19_999)].into()))
}

fn only(filter: Filter) -> Selection {
    Selection { filter, ..Selection::default() }
}

fn first(limit: u64, order: Vec<Order>) -> Selection {
    Selection { order, limit: Some(limit), ..Selection::default() }
}

/// Selections, each with the index that must answer it.
fn by_index() -> Vec<(&'static str, Selection, [&'static str; 2])> {
    let address = ["key_value_address", "key_value_address"];
    let id = ["sqlite_autoindex_key_value_1", "key_value_pkey"];
    let (created, updated) = (["key_value_created"; 2], ["key_value_updated"; 2]);
    let names = |from: usize, to: usize| (from..to).map(name).collect::<Vec<_>>();
    let equalities = names(0, 50).into_iter().map(|name| Filter::All(vec![key(Compare::Eq(name))])).collect();
    vec![
        ("key eq", only(key(Compare::Eq(name(7)))), address),
        ("key in", only(key(Compare::In(names(7, 107).into()))), address),
        ("key or key", only(Filter::Any(equalities)), address),
        ("key range", only(Filter::All(vec![key(Compare::Gte(name(7))), key(Compare::Lt(name(99)))])), address),
        ("key like", only(matching(PatternKind::Like, "key-0001%")), address),
        ("key like, in part", only(matching(PatternKind::Like, "key-0001%7")), address),
        ("key starts", only(Filter::Text(TextColumn::Key, TextTest::StartsWith(name(9)))), address),
        ("id eq", only(Filter::Uuid(UuidColumn::Id, Compare::Eq(Uuid::nil()))), id),
        ("id in", only(Filter::Uuid(UuidColumn::Id, Compare::In(vec![Uuid::nil(), Uuid::max()].into()))), id),
        ("created", only(times(TimeColumn::Created)), created),
        ("updated", only(times(TimeColumn::Updated)), updated),
        ("updated in", only(at_two()), updated),
        ("by key", first(100, vec![Order::ascending(Column::Key)]), address),
        ("by key, last", first(100, vec![Order::descending(Column::Key)]), address),
        ("by created", first(100, vec![Order::ascending(Column::Created)]), created),
        ("by created, last", first(100, vec![Order::descending(Column::Created)]), created),
        ("by updated, last", first(100, vec![Order::descending(Column::Updated)]), updated),
        (
            "like by key",
            Selection {
                filter: matching(PatternKind::Like, "key-00%"),
                ..first(100, vec![Order::ascending(Column::Key)])
            },
            address,
        ),
        (
            "what the evaluator looks at",
            Selection { limit: Some(5), ..only(matching(PatternKind::Regex, "7$")) },
            address,
        ),
    ]
}

#[tokio::test]
async fn what_has_an_index_is_answered_by_it_and_nothing_walks_the_table() {
    on_both(async |app| {
        let (db, tenant) = filled(&app).await;
        for (what, selection, index) in by_index() {
            let plan = plan(&app, &db, tenant, &selection).await;
            let index = index[usize::from(app.backend == Backend::Postgres)];
            assert!(plan.contains(index), "{what} does not use {index}:\n{plan}");
            // SQLite says SCAN of a table or a whole index, and SEARCH of a part; the items of a set are a table too.
            let scans = ["SCAN key_value", "Seq Scan", "MULTI-INDEX"];
            assert!(!scans.iter().any(|scan| plan.contains(scan)), "{what}:\n{plan}");
            // What was written in the same ten minutes lies together in the index, and is sorted together.
            let of_a_period = ["Presorted Key: updated_period", "FOR LAST TERM OF ORDER BY"];
            let by_period = what == "by updated, last" && of_a_period.iter().any(|sorts| plan.contains(sorts));
            let sorts = plan.matches("Sort  (").count() + plan.matches("USE TEMP B-TREE").count();
            assert_eq!(sorts, usize::from(by_period), "{what} sorts:\n{plan}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_picked_by_its_times_is_looked_up_in_any_order() {
    on_both(async |app| {
        let (db, tenant) = filled(&app).await;
        for column in [Column::Key, Column::Created, Column::Updated] {
            let selection = Selection { filter: at_two(), ..first(5, vec![Order::ascending(column)]) };
            let plan = plan(&app, &db, tenant, &selection).await;
            assert!(plan.contains("key_value_updated"), "by {column:?}:\n{plan}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_written_last_comes_first_from_period_to_period() {
    on_both(async |app| {
        let (_, tenant) = filled(&app).await;
        let scope = Scope::One(Namespace::home());
        // Many periods of ten minutes; the pairs were written a second apart.
        let last = first(5_000, vec![Order::descending(Column::Updated)]);
        let keys = async |selection| {
            let found = app.store.addresses(tenant, &scope, &selection).await.unwrap();
            found.into_iter().map(|address| address.key.as_str().to_owned()).collect::<Vec<_>>()
        };
        let live = |n: &usize| n % 4 != 1;
        let (count, every) = (usize::try_from(PAIRS).unwrap(), |n| name(n));
        assert_eq!(keys(last).await, (0..count).rev().filter(live).take(5_000).map(every).collect::<Vec<_>>());

        // From the last second of a period to the first of the one after the next.
        let second = usize::try_from(600 - START / 1_000_000 % 600).unwrap();
        let (from, to) = (second + 599, second + 2 * 600);
        let at = |n: usize| at(i64::try_from(n).unwrap());
        let updated = |compare| Filter::Time(TimeColumn::Updated, compare);
        for (filter, expected) in [
            (vec![updated(Compare::Gt(at(from))), updated(Compare::Lte(at(to)))], from + 1..to + 1),
            (vec![updated(Compare::Gte(at(from))), updated(Compare::Lt(at(to)))], from..to),
            (vec![updated(Compare::In(vec![at(from + 3), at(from + 1), at(from + 2)].into()))], from + 1..from + 4),
            (vec![updated(Compare::In(vec![at(from), at(from + 1)].into()))], from..from + 2),
            (vec![updated(Compare::Eq(at(from)))], from..from + 1),
            (vec![Filter::Not(Box::new(updated(Compare::Gt(at(from)))))], 0..from + 1),
        ] {
            let order = vec![Order::ascending(Column::Updated)];
            let found = keys(Selection { filter: Filter::All(filter), order, ..Selection::default() }).await;
            assert_eq!(found, expected.filter(live).map(every).collect::<Vec<_>>());
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_answered_by_index_is_answered_right() {
    on_both(async |app| {
        let (_, tenant) = filled(&app).await;
        let scope = Scope::One(Namespace::home());
        let counts: Vec<_> =
            futures_util::future::join_all(by_index().into_iter().map(async |(what, selection, _)| {
                (what, app.store.list(tenant, &scope, &selection).await.unwrap().len())
            }))
            .await;
        // One pair in four had expired before the test's clock began.
        let expected = [
            ("key eq", 1),
            ("key in", 75),
            ("key or key", 37),
            ("key range", 69),
            ("key like", 75),
            ("key like, in part", 5),
            ("key starts", 0),
            ("id eq", 0),
            ("id in", 0),
            ("created", 75),
            ("updated", 75),
            ("updated in", 2),
            ("by key", 100),
            ("by key, last", 100),
            ("by created", 100),
            ("by created, last", 100),
            ("by updated, last", 100),
            ("like by key", 100),
            ("what the evaluator looks at", 5),
        ];
        assert_eq!(counts, expected);
    })
    .await;
}

#[tokio::test]
async fn the_sweeper_finds_what_has_expired_by_its_end() {
    on_both(async |app| {
        let (db, _) = filled(&app).await;
        let statement = app.store.ended_statement(Timestamp::from_micros(START + 400_000_000_000_000), 500);
        let plan = explain(&app, &db, &statement).await;
        assert!(plan.contains("key_value_end") && !plan.contains("Sort") && !plan.contains("B-TREE"), "{plan}");
    })
    .await;
}

/// Pairs of 200 tenants, each with namespaces of its own of ten pairs, by keys as long as they may be: their index is
/// deeper than the others.
const TEAMS: &str = "
INSERT INTO tenant (id, slug, name, tier, revision, pairs, created)
SELECT CAST(lpad(to_hex(n + 1), 32, '0') AS uuid), 'team-' || n, 'Team', 'enterprise', 0, 100, 0
FROM generate_series(0, 199) n;
INSERT INTO key_value (id, tenant_id, namespace, key, kind, json, version, revision, created, updated)
SELECT gen_random_uuid(), CAST(lpad(to_hex(n / 100 + 1), 32, '0') AS uuid), format('team-%s.space-%s', n / 100, n / 10),
       convert_to((SELECT string_agg(md5(n || '/' || i), '') FROM generate_series(1, 7) i), 'UTF8'), 'NUMBER', '1', 1, n,
       1, 1 FROM generate_series(0, 19999) n;
ANALYZE key_value";

#[tokio::test]
async fn a_pair_is_found_by_its_address_where_tenants_have_namespaces_of_their_own() {
    let app = TestApp::on(Backend::Postgres).await;
    let db = Database::connect(&app.database_url).await.unwrap();
    db.execute_unprepared(TEAMS).await.unwrap();
    let scope = Scope::One(Namespace::new("team-7.space-71").unwrap());
    let statement = app.store.statement(TenantId(Uuid::from_u128(8)), &scope, &only(key(Compare::Eq(name(7)))));
    let plan = explain(&app, &db, &statement).await;
    assert!(plan.contains("key_value_address"), "{plan}");
}
