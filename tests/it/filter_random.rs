//! Random selections over random pairs: whatever the database answers, the evaluator answers, and
//! what the evaluator says of JSON is what PostgreSQL says.

use std::{collections::BTreeMap, time::Duration};

use highwater::{
    domain::{Caller, Column, Filter, Json, JsonPath, JsonText, Order, Pair, Selection, Value, filter::JsonTest},
    service::{Description, Expiry, Only, SetOptions},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

use crate::support::{
    app::{TestApp, on_both},
    postgres,
    random::{self, Sketch},
};

/// Sets of pairs, and selections over each.
const WORLDS: usize = 12;
const SELECTIONS: usize = 60;

/// One random value; which ones a run sees is fixed, so that a failure comes again.
fn sample<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// Makes the pairs, with time passing between them; gives those that are left, by key.
async fn build(app: &TestApp, caller: &Caller, sketches: &[Sketch]) -> Vec<Pair> {
    for sketch in sketches {
        let value = match &sketch.value {
            Some(text) => Value::json(JsonText::parse(text).unwrap()),
            None => Value::Bytes(vec![0xFF, 0x00]),
        };
        let expiry = sketch.life.map(|life| Expiry::After(Duration::from_secs(life)));
        let description = Description::Put(sketch.description.clone());
        let options = SetOptions { description, expiry, only: Only::Always };
        let at = caller.address(None, sketch.key.clone()).unwrap();
        app.service.set(caller, at, value, options).await.unwrap();
        app.clock.advance(Duration::from_secs(sketch.pause));
    }
    let by_key = Selection { order: vec![Order::ascending(Column::Key)], ..Selection::default() };
    app.service.list(caller, None, &by_key).await.unwrap()
}

fn keys(pairs: &[Pair]) -> Vec<&str> {
    pairs.iter().map(|pair| pair.address.key.as_str()).collect()
}

#[tokio::test]
async fn the_database_answers_every_selection_as_the_evaluator_does() {
    on_both(async |app| {
        let mut runner = TestRunner::deterministic();
        for world in 0..WORLDS {
            let caller = app.caller(&app.tenant(&format!("world-{world}"), "enterprise").await).await;
            // Ten minutes, by which PostgreSQL's index knows when pairs were written, end in the midst of it.
            let into = app.service.clock().now().micros().unsigned_abs() % 600_000_000;
            app.clock.advance(Duration::from_micros(600_000_000 - into + 585_000_000));
            let start = app.service.clock().now();
            let sketches = sample(&mut runner, &random::sketches());
            let pairs = build(&app, &caller, &sketches).await;
            let latest: BTreeMap<_, _> =
                sketches.iter().map(|sketch| (sketch.key.as_str(), &sketch.description)).collect();
            assert_eq!(keys(&pairs), latest.keys().copied().collect::<Vec<_>>());
            assert!(pairs.iter().map(|pair| &pair.description).eq(latest.into_values()));
            let ids: Vec<_> = pairs.iter().map(|pair| pair.id).collect();
            for _ in 0..SELECTIONS {
                let mut selection = sample(&mut runner, &random::selection(start.micros()));
                selection.filter = random::with_ids(&selection.filter, &ids);
                let mut found = app.service.list(&caller, None, &selection).await.unwrap();
                if selection.order.is_empty() {
                    found.sort_by(|a, b| a.address.cmp(&b.address));
                }
                let expected = selection.apply(pairs.clone());
                assert_eq!(keys(&found), keys(&expected), "{selection:#?} over {pairs:#?}");
                assert_eq!(found, expected);
                let count = app.service.count(&caller, None, &selection).await.unwrap();
                assert_eq!(count, expected.len() as u64, "{selection:#?} over {pairs:#?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_database_passes_over_is_nothing_that_a_filter_takes() {
    on_both(async |app| {
        let mut runner = TestRunner::deterministic();
        let caller = app.caller(&app.tenant("acme", "enterprise").await).await;
        let pairs = build(&app, &caller, &sample(&mut runner, &random::spelled_sketches())).await;
        let filters = random::spelled_filter();
        let (mut asked, mut taken) = (0, 0);
        for _ in 0..1_000 {
            let filter = sample(&mut runner, &filters);
            let selection = Selection { filter, order: vec![Order::ascending(Column::Key)], ..Selection::default() };
            let found = app.service.list(&caller, None, &selection).await.unwrap();
            let expected = selection.apply(pairs.clone());
            assert_eq!(keys(&found), keys(&expected), "{selection:#?} over {pairs:#?}");
            asked += 1;
            taken += usize::from(!expected.is_empty());
        }
        // Else the filters meet too few of the pairs to show anything.
        assert!(taken * 3 > asked, "{taken} of {asked}");
    })
    .await;
}

#[tokio::test]
async fn many_tests_of_values_are_more_than_one_statement_takes_and_are_answered() {
    on_both(async |app| {
        let caller = app.caller(&app.tenant("acme", "enterprise").await).await;
        let value = |n: usize| format!(r#"{{"a":{n},"b":"{n}","c":[{n}],"d":{{"e":true}}}}"#);
        for n in 0..3 {
            let at = caller.address(None, format!("k-{n}")).unwrap();
            let options = SetOptions { description: Description::Put(None), expiry: None, only: Only::Always };
            app.service.set(&caller, at, Value::json(JsonText::parse(&value(n)).unwrap()), options).await.unwrap();
        }
        let contains = |n: usize| Filter::Value(JsonTest::Contains(Json::parse(&JsonText::parse(&value(n)).unwrap())));
        for many in [50, 90, 300] {
            for (filter, expected) in [
                (Filter::Any((1..many).map(contains).collect()), &["k-1", "k-2"][..]),
                (Filter::All(vec![contains(1); many]), &["k-1"]),
            ] {
                let selection =
                    Selection { filter, order: vec![Order::ascending(Column::Key)], ..Selection::default() };
                assert_eq!(keys(&app.service.list(&caller, None, &selection).await.unwrap()), expected, "{many}");
            }
        }
    })
    .await;
}

/// What PostgreSQL says of two documents, in a database that sorts text by code points.
const SAYS: &str = "
    SELECT (a = b)::int AS eq, (a < b)::int AS lt, (a @> b)::int AS contains, (a <@ b)::int AS contained,
           (a ? 'a')::int AS has, (a ?| array['b', 'aa'])::int AS has_any, (a ?& array['a', 'b'])::int AS has_all,
           a::text AS text, (a #> '{a,0}')::text AS part
    FROM (SELECT doc -> 0 AS a, doc -> 1 AS b FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS d (doc, n)
          ORDER BY n) AS pairs";

/// What the evaluator says of them, as a row of the same form.
fn says(a: &str, b: &str) -> (Vec<i32>, String, Option<String>) {
    let text = JsonText::parse(a).unwrap();
    let part = JsonPath::parse("a[0]").unwrap().get(&text).map(|part| Json::parse(&part).to_pg_text());
    let (a, b) = (Json::parse(&text), Json::parse(&JsonText::parse(b).unwrap()));
    let keys = |keys: [&str; 2]| keys.map(ToOwned::to_owned);
    let answers = [
        a == b,
        a < b,
        a.contains(&b),
        b.contains(&a),
        a.has_key("a"),
        a.has_any_key(&keys(["b", "aa"])),
        a.has_all_keys(&keys(["a", "b"])),
    ];
    (answers.map(i32::from).to_vec(), a.to_pg_text(), part)
}

#[tokio::test]
async fn the_evaluator_says_of_json_what_postgres_says() {
    let db = Database::connect(postgres::sorted_by_code_points().await).await.unwrap();
    let mut runner = TestRunner::deterministic();
    let pairs: Vec<_> =
        (0..4_000).map(|_| [sample(&mut runner, &random::json()), sample(&mut runner, &random::json())]).collect();
    let documents = pairs.iter().map(|[a, b]| format!("[{a},{b}]")).collect::<Vec<_>>().join(",");
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, SAYS, [format!("[{documents}]").into()]);
    let rows = db.query_all_raw(statement).await.unwrap();
    assert_eq!(rows.len(), pairs.len());
    for (row, [a, b]) in rows.iter().zip(&pairs) {
        let answer = |column: &str| row.try_get::<i32>("", column).unwrap();
        let answers = ["eq", "lt", "contains", "contained", "has", "has_any", "has_all"].map(answer).to_vec();
        let row = (answers, row.try_get::<String>("", "text").unwrap(), row.try_get("", "part").unwrap());
        assert_eq!(says(a, b), row, "{a} and {b}");
    }
}
