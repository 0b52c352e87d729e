//! Texts that must be in a column of every row that a test takes: what keeps the rows that cannot be taken
//! in the database, where the test itself has no SQL.

use entities::key_value::Column as Stored;
use sea_orm::{
    ColumnTrait, Condition, DbBackend, ExprTrait,
    sea_query::{Expr, Func, SimpleExpr},
};

use crate::domain::{
    Json, Kind, Value,
    filter::{Compare, Filter, JsonTest, LOWERED_TO_ASCII, Pattern, PatternKind, TextTest},
    json::Needle,
};

/// Most texts that are looked for in one column, the longest first.
const NEEDLES: usize = 4;

/// Most alternatives of a test, each with needles of its own.
const ALTERNATIVES: usize = 16;

/// How many tests the translation of `test` counts for at most.
pub(super) fn cost(test: &Filter) -> usize {
    match test {
        Filter::Value(JsonTest::Compare(Compare::In(set))) => NEEDLES * set.items().len().clamp(1, ALTERNATIVES),
        Filter::Value(JsonTest::HasKeysAny(keys)) => keys.len().clamp(1, ALTERNATIVES),
        Filter::Value(_) | Filter::Text(_, TextTest::Matches { .. }) => NEEDLES,
        _ => 1,
    }
}

/// Where the value may pass `test`; none where any may.
pub(super) fn value(backend: DbBackend, test: &JsonTest) -> Option<Condition> {
    let key = |key: &String| key_of(backend, key);
    match test {
        JsonTest::Compare(Compare::Eq(value)) | JsonTest::Contains(value) => within(backend, value),
        JsonTest::Compare(Compare::In(set)) => any(set.items(), |value| within(backend, value)),
        JsonTest::HasKey(one) => Some(key(one)),
        JsonTest::HasKeysAny(keys) => any(keys, |one| Some(key(one))),
        JsonTest::HasKeysAll(keys) => {
            (!keys.is_empty()).then(|| keys.iter().take(NEEDLES).map(key).fold(Condition::all(), Condition::add))
        }
        _ => None,
    }
}

/// Where the key may match `pattern`; none where any may.
pub(super) fn key(backend: DbBackend, pattern: &Pattern) -> Option<Condition> {
    if pattern.kind() == PatternKind::ILike {
        let runs = pattern.parts().into_iter().flat_map(|part| ascii(&part)).collect();
        return all(runs, String::len, |run| key_has_folded(backend, run));
    }
    all(pattern.parts(), String::len, |part| Condition::all().add(key_has(backend, part)))
}

/// Where the key has `text` in it.
pub(super) fn key_has(backend: DbBackend, text: &str) -> SimpleExpr {
    let (key, text) = (Expr::col(Stored::Key), Expr::val(text.as_bytes().to_vec()));
    let at = match backend {
        // Raw: the only name that this has for bytes.
        DbBackend::Postgres => Expr::cust_with_exprs("position($1 in $2)", [text, key]),
        _ => Func::cust("instr").args([key, text]).into(),
    };
    at.gt(0)
}

/// Where the key has in it, without regard to case, the ASCII text `run`, which is in lower case.
fn key_has_folded(backend: DbBackend, run: &str) -> Condition {
    let lower = match backend {
        // Keys may hold NUL, which text cannot; escaped, every byte of ASCII but NUL and the backslash is itself.
        // Raw: sea-query has no COLLATE; any other might have its own idea of ASCII's lower case.
        DbBackend::Postgres => {
            let escaped = Func::cust("encode").args([Expr::col(Stored::Key), Expr::val("escape")]);
            Expr::cust_with_exprs(r#"lower($1 COLLATE "C")"#, [escaped.into()])
        }
        _ => Func::lower(Expr::col(Stored::Key).cast_as("text")).into(),
    };
    let others = LOWERED_TO_ASCII.into_iter().filter(|(ascii, _)| run.contains(*ascii));
    others.fold(Condition::any().add(has(backend, lower, run)), |any, (_, other)| {
        any.add(key_has(backend, other.encode_utf8(&mut [0; 4])))
    })
}

/// The parts of `text`, in lower case, that are ASCII and have no backslash.
fn ascii(text: &str) -> Vec<String> {
    let runs = text.split(|c: char| !c.is_ascii() || matches!(c, '\\' | '\0'));
    runs.filter(|run| !run.is_empty()).map(ToOwned::to_owned).collect()
}

/// Where the value may equal or contain `part`.
fn within(backend: DbBackend, part: &Json) -> Option<Condition> {
    let json = all(part.needles(), |needle| needle.text.len(), |needle| json_has(backend, needle))?;
    Some(or_bytes(json, part.as_text()))
}

/// Where the value may have the key `key`.
fn key_of(backend: DbBackend, key: &str) -> Condition {
    or_bytes(json_has(backend, &Needle::key(key)), Some(key))
}

/// Where `json` holds, or the value is the bytes that are shown as `text`.
fn or_bytes(json: Condition, text: Option<&str>) -> Condition {
    match text.map(|text| Value::of_text(Kind::Binary, text)) {
        Some(Ok(Value::Bytes(bytes))) => Condition::any().add(json).add(Stored::Bytes.eq(bytes)),
        _ => json,
    }
}

fn json_has(backend: DbBackend, needle: &Needle) -> Condition {
    let found = |text: &str| has(backend, Expr::col(Stored::Json), text);
    let plain = Condition::any().add(found(&needle.text));
    let Some(starts) = &needle.with_exponent else { return plain };
    // The cheap searches first: SQLite goes from left to right.
    let starts = starts.iter().map(|start| found(start)).fold(Condition::any(), Condition::add);
    // Raw: neither operator has another name.
    let has_exponent = match backend {
        DbBackend::Postgres => "$1 ~ '[0-9][eE]'",
        _ => "? GLOB '*[0-9][eE]*'",
    };
    let has_exponent = Expr::cust_with_exprs(has_exponent, [Expr::col(Stored::Json)]);
    plain.add(Condition::all().add(starts).add(has_exponent))
}

fn has(backend: DbBackend, text: SimpleExpr, part: &str) -> SimpleExpr {
    let function = if backend == DbBackend::Postgres { "strpos" } else { "instr" };
    Expr::expr(Func::cust(function).args([text, Expr::val(part)])).gt(0)
}

/// Where all of the longest of `needles` are found; none where there is none.
fn all<T>(mut needles: Vec<T>, length: impl Fn(&T) -> usize, found: impl Fn(&T) -> Condition) -> Option<Condition> {
    needles.sort_by_key(|needle| std::cmp::Reverse(length(needle)));
    needles.truncate(NEEDLES);
    (!needles.is_empty()).then(|| needles.iter().map(found).fold(Condition::all(), Condition::add))
}

/// Where one of the items' conditions holds; none where an item has none, or there are too many.
fn any<T>(items: &[T], condition: impl Fn(&T) -> Option<Condition>) -> Option<Condition> {
    if items.is_empty() || items.len() > ALTERNATIVES {
        return None;
    }
    items.iter().map(condition).try_fold(Condition::any(), |any, one| one.map(|one| any.add(one)))
}
