//! IN, with one operand whatever the number of items: neither database's limit on operands counts,
//! and the text of the statement, which both prepare, stays the same.

use std::fmt::Write;

use entities::key_value::{self, Column as Stored};
use sea_orm::{
    Condition, DbBackend, ExprTrait, Value,
    sea_query::{ArrayType, Expr, Func, PgFunc, Query, SelectStatement, SimpleExpr},
};

use crate::domain::JsonText;

/// An operand of a comparison, by its type in the databases.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operand<'a> {
    Bytes(&'a [u8]),
    Uuid(uuid::Uuid),
    Int(i64),
    Text(&'a str),
}

impl From<Operand<'_>> for Value {
    fn from(operand: Operand<'_>) -> Self {
        match operand {
            Operand::Bytes(bytes) => bytes.to_vec().into(),
            Operand::Uuid(id) => id.into(),
            Operand::Int(number) => number.into(),
            Operand::Text(text) => text.into(),
        }
    }
}

/// Where `column` holds one of `items`, which are all of one type.
pub(super) fn one_of(backend: DbBackend, column: Stored, items: &[Operand<'_>]) -> Condition {
    let condition = Condition::all();
    match items {
        [] => condition.add(super::never()),
        items => condition.add(among(backend, Expr::col((key_value::Entity, column)), items)),
    }
}

/// Whether `column` is one of `items`, of which there are some.
pub(super) fn among(backend: DbBackend, column: SimpleExpr, items: &[Operand<'_>]) -> SimpleExpr {
    match (items, backend) {
        ([only], _) => column.eq(*only),
        (items, DbBackend::Postgres) => column.eq(PgFunc::any(array(items))),
        (items, _) => column.in_subquery(rows(items)),
    }
}

/// `items` as one operand of PostgreSQL's.
fn array(items: &[Operand<'_>]) -> SimpleExpr {
    let (of, name) = match items.first() {
        Some(Operand::Bytes(_)) | None => (ArrayType::Bytes, "bytea[]"),
        Some(Operand::Uuid(_)) => (ArrayType::Uuid, "uuid[]"),
        Some(Operand::Int(_)) => (ArrayType::BigInt, "bigint[]"),
        Some(Operand::Text(_)) => (ArrayType::String, "text[]"),
    };
    let items = items.iter().map(|item| Value::from(*item)).collect();
    // The cast is for people: written out, an array of bytes would be one of text.
    Expr::val(Value::Array(of, Some(Box::new(items)))).cast_as(name)
}

/// SQLite has no arrays: the items travel as JSON, bytes among them in hexadecimal digits.
fn rows(items: &[Operand<'_>]) -> SelectStatement {
    let mut json = String::from("[");
    for (at, item) in items.iter().enumerate() {
        json.push_str(if at > 0 { "," } else { "" });
        match item {
            Operand::Bytes(bytes) => hex(bytes, &mut json),
            Operand::Uuid(id) => hex(id.as_bytes(), &mut json),
            // Infallible: writing to a String.
            Operand::Int(number) => _ = write!(json, "{number}"),
            Operand::Text(text) => json.push_str(JsonText::string(text).as_str()),
        }
    }
    json.push(']');
    let value: SimpleExpr = match items.first() {
        Some(Operand::Bytes(_) | Operand::Uuid(_)) => Func::cust("unhex").arg(Expr::col("value")).into(),
        _ => Expr::col("value"),
    };
    let each = Func::cust("json_each").arg(json);
    Query::select().expr(value).from_function(each, "item").to_owned()
}

fn hex(bytes: &[u8], out: &mut String) {
    out.push('"');
    for byte in bytes {
        _ = write!(out, "{byte:02x}");
    }
    out.push('"');
}
