//! Documents made to hurt: each is answered at once, with the reason, and the server lives on, on small memory.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply, SET},
    server::{SQLITE, Server},
};

/// How long an answer may take, on a slow machine and without optimisation.
const AT_ONCE: Duration = Duration::from_secs(20);

/// How much the server's memory may grow: a body, what is read of it, and some.
const GROWTH: usize = 64 << 20;

/// A server, what it held before anything was asked, and who attacks it.
struct Victim {
    server: Server,
    actor: Actor,
    before: usize,
}

impl Victim {
    async fn start() -> Self {
        let server = Server::start(SQLITE);
        let actor = Actor::new(&server.url, Some(server.admin_token().to_owned()), String::new());
        actor.ask("{ hello }").await.data();
        let before = server.peak_memory();
        Self { server, actor, before }
    }

    /// The answer to a body.
    async fn send(&self, body: impl Into<reqwest::Body>) -> Reply {
        let post = self.actor.post("/graphql").header("content-type", "application/json");
        Reply::of(post.timeout(AT_ONCE).body(body)).await
    }

    async fn ask(&self, query: &str) -> Reply {
        self.send(json!({"query": query}).to_string()).await
    }

    /// Claims that the query is refused, with these words, and few.
    async fn refuses(&self, query: &str, words: &str) {
        refused(&self.ask(query).await, words);
    }

    /// Claims that the server is as well as before.
    async fn is_well(&self) {
        let grown = self.server.peak_memory() - self.before;
        println!("grown by {} kB of {} kB", grown / 1024, self.before / 1024);
        assert!(grown < GROWTH, "{} MB", grown >> 20);
        assert_eq!(self.actor.ask("{ hello }").await.data(), json!({"hello": "👋"}));
    }
}

/// Claims that an answer is a refusal with these words, and short.
#[track_caller]
fn refused(reply: &Reply, words: &str) {
    assert!(reply.status.as_u16() < 500 && reply.text.len() < 100_000, "{} bytes", reply.text.len());
    let json = reply.json();
    let errors = json["errors"].as_array().unwrap_or_else(|| panic!("{}", reply.text));
    assert!(errors.len() <= 101 && json.get("data").is_none(), "{} errors", errors.len());
    assert!(reply.message().contains(words), "{words}: {}", reply.message());
}

fn nested(depth: usize, open: &str, close: &str) -> String {
    format!("{}{}", open.repeat(depth), close.repeat(depth))
}

/// `item` for each number below `count`.
fn many(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |text, n| text + &item(n) + " ")
}

#[tokio::test]
async fn nesting_50_000_deep_is_refused() {
    let victim = Victim::start().await;
    for depth in [101, 1_500, 5_000, 50_000] {
        let objects = nested(depth, "{_not: ", "}");
        let lists = nested(depth, "[", "]");
        for query in [
            nested(depth, "{ a ", "}"),
            nested(depth, "{ ... ", "}"),
            format!("{{ key_value(where: {objects}) {{ key }} }}"),
            format!("{{ key_value(where: {{key: {{_in: {lists}}}}}) {{ key }} }}"),
            format!("query($a: {} = 1) {{ hello }}", lists.replace("[]", "[Int]")),
            format!("query($a: key_value_bool_exp = {objects}) {{ key_value(where: $a) {{ key }} }}"),
            format!("mutation {{ set_key_value(input: {{key: \"a\", value: {lists}}}) {{ id }} }}"),
        ] {
            victim.refuses(&query, "nests brackets more than 100 deep").await;
        }
    }
    victim.refuses(&nested(65, "{ a ", "}"), "nest more than 64 deep").await;
    victim.refuses(&nested(30, "{ a ", "}"), "nests fields 30 deep, at most 20 is allowed").await;
    victim.is_well().await;
}

#[tokio::test]
async fn variables_50_000_deep_are_refused() {
    let victim = Victim::start().await;
    let query = "query($a: key_value_bool_exp) { key_value(where: $a) { key } }";
    for depth in [101, 1_500, 50_000] {
        let objects = nested(depth, "{\"_not\": ", "}").replace(": }", ": {}}");
        let lists = nested(depth, "[", "]");
        let ask = |query: &str, variables: &str| format!("{{\"query\": {}, \"variables\": {variables}}}", json!(query));
        refused(&victim.send(ask(query, &format!("{{\"a\": {objects}}}"))).await, "nests more than 100 deep");
        let list = "query($a: [String!]) { key_value(where: {key: {_in: $a}}) { key } }";
        refused(&victim.send(ask(list, &format!("{{\"a\": {lists}}}"))).await, "must be of type \"String\"");
        let value = format!("{{\"input\": {{\"key\": \"a\", \"value\": {lists}}}}}");
        let set = victim.send(ask(SET, &value)).await;
        assert!(depth < 128 || set.message().contains("nests arrays and objects more than"), "{set:?}");
        let text = victim.send(ask(SET, &json!(value).to_string())).await;
        assert!(depth < 128 || text.message().contains("nests arrays and objects more than"), "{text:?}");
        victim.send(format!("{{\"query\": \"{{ hello }}\", \"extensions\": {{\"a\": {lists}}}}}")).await.data();
        refused(&victim.send(lists).await, "");
    }
    victim.is_well().await;
}

#[tokio::test]
async fn wide_variables_are_refused_before_they_fill_the_memory() {
    let victim = Victim::start().await;
    let list =
        "query($a: [Int!], $b: key_value_bool_exp) { key_value(where: {_and: [{version: {_in: $a}}, $b]}) { key } }";
    let ones = format!("[{}]", vec!["1"; 1_500_000].join(","));
    let fields = format!("{{{}}}", vec!["\"a\":1"; 500_000].join(","));
    let ask = |variables: &str| format!("{{\"query\": {}, \"variables\": {variables}}}", json!(list));
    let reply = victim.send(ask(&format!("{{\"a\": {ones}}}"))).await;
    refused(&reply, "too many values in its variables, at most 100000 are allowed (limits.variable_values)");
    refused(&victim.send(ask(&format!("{{\"b\": {fields}}}"))).await, "has a field that");
    refused(&victim.send(ask(&format!("{{\"b\": {ones}}}"))).await, "must be an object");
    refused(&victim.send(format!("[{}]", ones.replace('1', "{}"))).await, "");
    refused(&victim.send(ones).await, "the batch holds too many requests");
    victim.is_well().await;
}

#[tokio::test]
async fn fragments_in_circles_and_fragments_that_double_are_refused() {
    let victim = Victim::start().await;
    victim.refuses("{ ...A } fragment A on Query { ...A }", "spreads itself").await;
    victim.refuses("{ ...A } fragment A on Query { ...A ...A hello }", "spreads itself").await;
    let circle = many(1_000, |n| format!("fragment F{n} on Query {{ ...F{} }}", (n + 1) % 1_000));
    victim.refuses(&format!("{{ ...F0 }} {circle}"), "").await;
    for (length, times) in [(20, 2), (30, 2), (60, 2), (60, 9)] {
        let spreads = |n: usize| format!("...F{n} ").repeat(times);
        let chain = many(length, |n| format!("fragment F{n} on Query {{ {} }}", spreads(n + 1)));
        let document = format!("{{ ...F0 }} {chain} fragment F{length} on Query {{ hello }}");
        victim.refuses(&document, "too many fields, at most 2000 are allowed (limits.complexity)").await;
        let unused = format!("{{ hello }} {chain} fragment F{length} on Query {{ hello }}");
        victim.refuses(&unused, "too many fields").await;
    }
    let chain = many(1_800, |n| format!("fragment F{n} on Query {{ ...F{} }}", n + 1));
    let document = format!("{{ hello }} {chain} fragment F1800 on Query {{ hello }}");
    victim.refuses(&document, "nest more than 64 deep").await;
    victim.is_well().await;
}

#[tokio::test]
async fn thousands_of_anything_are_refused_with_few_errors() {
    let victim = Victim::start().await;
    let tokens = "too many tokens, at most 50000 are allowed (limits.tokens)";
    let fields = "too many fields, at most 2000 are allowed (limits.complexity)";
    let declared = |count| format!("query({}) {{ hello }}", many(count, |n| format!("$v{n}: Nope")));
    let operations = |count| many(count, |n| format!("query Q{n} {{ hello }}"));
    for (query, words) in [
        (format!("{{ {} }}", many(10_000, |n| format!("a{n}: hello"))), fields),
        (format!("{{ {} }}", many(101, |n| format!("a{n}: hello"))), "too many aliases, at most 100 are"),
        (format!("{{ {} }}", "hello ".repeat(50_000)), tokens),
        (format!("{{ {} }}", "hello ".repeat(49_000)), fields),
        (format!("{{ {} }}", "key_value { key } ".repeat(201)), "too many root fields, at most 200 are allowed"),
        (format!("{{ hello {} }}", "@x ".repeat(20_000)), "too many directives, at most 100 are allowed"),
        (format!("{{ hello {} }}", "@skip(if: false) ".repeat(2_000)), "too many directives, at most 100 are allowed"),
        (format!("{{ {} }}", many(20_000, |n| format!("nope{n}"))), fields),
        (format!("{{ {} }}", many(199, |n| format!("nope{n}"))), "Unknown field \"nope0\""),
        (declared(20_000), tokens),
        (declared(3_000), ""),
        (format!("{{ key_value({}) {{ key }} }}", many(4_000, |n| format!("nope{n}: 1"))), "Unknown argument"),
        (format!("{{ key_value(where: {{{}}}) {{ key }} }}", many(4_000, |n| format!("nope{n}: 1"))), ""),
        (format!("{{ {} }}", "n".repeat(1_000_000)), "a name is longer than the 256 bytes allowed"),
        (operations(10_000), fields),
        (operations(2_900), ""),
        (format!("{{ hello }} {}", "€".repeat(1_000_000)), tokens),
        (format!("{{ hello }} \"{}\"", "€".repeat(1_000_000)), "the document is no GraphQL: expected"),
        ("{ ".repeat(90) + &" ".repeat(3_000_000), "the document is no GraphQL: expected"),
    ] {
        victim.refuses(&query, words).await;
    }
    let batch = |count| Value::from(vec![json!({"query": "{ hello }"}); count]).to_string();
    refused(&victim.send(batch(1_000)).await, "the batch holds too many requests; none was run");
    assert_eq!(victim.send(batch(100)).await.json().as_array().unwrap().len(), 100);
    victim.is_well().await;
}

#[tokio::test]
async fn thousands_of_variables_used_thousands_of_times_are_answered() {
    let victim = Victim::start().await;
    let declared = many(6_000, |n| format!("$v{n}: String"));
    let used = many(12_000, |_| "$v5999".to_owned());
    let each = many(6_000, |n| format!("$v{n}"));
    let list = |of: &str| format!("query({declared}) {{ key_value(where: {{key: {{_in: [{of}]}}}}) {{ key }} }}");
    let given: Value = (0..6_000).map(|n| (format!("v{n}"), json!("x"))).collect::<serde_json::Map<_, _>>().into();
    let ask = async |of: &str| victim.send(json!({"query": list(of), "variables": given}).to_string()).await;
    refused(&ask(&used).await, "is not used");
    assert_eq!(ask(&each).await.data(), json!({"key_value": []}));
    victim.is_well().await;
}

#[tokio::test]
async fn a_batch_shares_one_budget() {
    let victim = Victim::start().await;
    let heavy = json!({"query": format!("{{ {} }}", "hello ".repeat(60))});
    let reply = victim.send(Value::from(vec![heavy; 10]).to_string()).await;
    let answers = reply.json();
    let refused = answers.as_array().unwrap().iter().filter(|answer| answer.get("errors").is_some()).count();
    assert_eq!((refused, answers[2]["data"]["hello"].as_str()), (7, Some("👋")), "{reply:?}");
    let words = format!("{{ {} }}", many(49_000, |n| format!("n{n}")));
    let reply = victim.send(Value::from(vec![json!({"query": words}); 10]).to_string()).await;
    let answers = reply.json();
    let message = |at: usize| answers[at]["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message(0).contains("too many fields"), "{reply:?}");
    assert!((1..10).all(|at| message(at).contains("too many tokens")), "{reply:?}");
    victim.is_well().await;
}

#[tokio::test]
async fn introspection_is_answered_within_bounds() {
    let victim = Victim::start().await;
    let full = include_str!("../clients/introspection.graphql");
    let schema = victim.ask(full).await.data();
    assert!(schema["__schema"]["types"].as_array().unwrap().len() > 20);
    let inside = "a fields { type { ".repeat(6).replace("a fields", "fields");
    let circular = format!("{{ __schema {{ types {{ {inside} name {} }} }} }}", "} }".repeat(6));
    victim.refuses(&circular, "too much of introspection").await;
    let spread = "{ __schema { types { ...A } } }
        fragment A on __Type { fields { type { ...B } } inputFields { type { ...B } } }
        fragment B on __Type { fields { type { ...C } } inputFields { type { ...C } } }
        fragment C on __Type { fields { type { name } } inputFields { type { name } } }";
    victim.refuses(spread, "too much of introspection").await;
    let aliased = |count| {
        format!("{{ {} }}", many(count, |n| format!("a{n}: __schema {{ types {{ name fields {{ name }} }} }}")))
    };
    victim.refuses(&aliased(200), "too many aliases").await;
    let again = "__schema { types { name fields { name args { name type { name } } } } } ".repeat(100);
    victim.refuses(&format!("{{ {again} }}"), "too much of introspection").await;
    let batch = victim.send(Value::from(vec![json!({"query": full}); 100]).to_string()).await;
    assert!(batch.text.len() < 1_000_000, "{}", batch.text.len());
    victim.is_well().await;
}

#[tokio::test]
async fn bodies_of_64_mb_and_bodies_that_are_no_text_are_refused() {
    let victim = Victim::start().await;
    let huge = victim.send(vec![b' '; 64 << 20]).await;
    assert_eq!((huge.status.as_u16(), huge.code().as_str()), (413, "PAYLOAD_TOO_LARGE"));
    let query = format!("{{\"query\": \"{{ hello }} #{}\"}}", "x".repeat(64 << 20));
    assert_eq!(victim.send(query).await.status.as_u16(), 413);
    let mut bytes = b"{\"query\": \"{ hello }".to_vec();
    for end in [&b"\xff\"}"[..], b"\xc0\x80\"}", b"\xed\xa0\x80\"}", b"\"", b""] {
        bytes.truncate(20);
        bytes.extend_from_slice(end);
        let reply = victim.send(bytes.clone()).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (400, "BAD_REQUEST"));
    }
    let zeros = victim.send(vec![0; 4 << 20]).await;
    refused(&zeros, "not valid JSON");
    victim.is_well().await;
}

#[tokio::test]
async fn integers_out_of_range_are_refused() {
    let victim = Victim::start().await;
    let mut digits = String::from("9999999");
    for _ in 0..6 {
        digits = digits.repeat(3);
        for number in [digits.clone(), format!("-{digits}"), format!("{digits}e{digits}"), format!("0.{digits}")] {
            if number.len() < 25 {
                continue;
            }
            victim.refuses(&format!("{{ key_value(limit: {number}) {{ key }} }}"), "").await;
            let variables = format!("{{\"n\": {number}}}");
            let query = json!("query($n: Int) { key_value(limit: $n) { key } }");
            let reply = victim.send(format!("{{\"query\": {query}, \"variables\": {variables}}}")).await;
            assert!(reply.status.as_u16() < 500 && !reply.code().is_empty(), "{number}: {reply:?}");
        }
    }
    victim.is_well().await;
}
