//! Rows by the thousand: what one statement reads, by the places of its columns and not by their names.
//!
//! On SQLite this leaves the ORM: sqlx hands each row from one thread to another, which takes several times as
//! long as to read it. A test holds the rows against those that the ORM reads.

use entities::key_value::{self, Column};
use sea_orm::{
    ConnectionTrait, DbErr, IdenStatic, QueryResult, QuerySelect, QueryTrait, RuntimeErr, Select, TryGetable,
    sea_query::Expr,
    sqlx::{Decode, Postgres, Row as _, Type},
};

use super::{
    Store,
    point::{Points, sqlite},
};

/// What a statement reads of a row, its columns in the order of the parts.
pub(super) trait FromRow: Sized + Send + 'static {
    /// From a row of SQLite's own.
    fn of_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;

    /// From a row of the ORM's.
    fn of_orm(row: &QueryResult) -> Result<Self, DbErr>;
}

impl Store {
    /// The rows of `query`.
    pub(super) async fn rows<T: FromRow>(&self, query: &Select<key_value::Entity>) -> Result<Vec<T>, DbErr> {
        let statement = query.build(self.db.get_database_backend());
        if let Points::Sqlite(gather) = &self.points
            && let Some(rows) = gather.source.list(statement.clone(), T::of_sqlite).await?
        {
            return Ok(rows);
        }
        self.db.query_all_raw(statement).await?.iter().map(T::of_orm).collect()
    }
}

/// The keys of the rows of `query`.
pub(super) fn keys(query: Select<key_value::Entity>) -> Select<key_value::Entity> {
    query.select_only().column(Column::Key)
}

/// The namespaces and keys of the rows of `query`.
pub(super) fn addresses(query: Select<key_value::Entity>) -> Select<key_value::Entity> {
    query.select_only().columns([Column::Namespace, Column::Key])
}

/// The same rows as those of `query`, with null for a value.
pub(super) fn without_values(query: Select<key_value::Entity>) -> Select<key_value::Entity> {
    use Column as C;
    query
        .select_only()
        .columns([C::Id, C::TenantId, C::Namespace, C::Key, C::Kind])
        // Raw: constants, in the place of columns.
        .expr_as(Expr::cust("'null'"), C::Json.as_str())
        .expr_as(Expr::cust("NULL"), C::Bytes.as_str())
        .columns([C::Description, C::Version, C::Revision, C::ExpiresAt, C::Created, C::Updated])
}

/// The bytes of a key.
impl FromRow for Vec<u8> {
    fn of_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        row.get(0)
    }

    fn of_orm(row: &QueryResult) -> Result<Self, DbErr> {
        column(row, 0)
    }
}

/// A namespace, and the bytes of a key in it.
impl FromRow for (String, Vec<u8>) {
    fn of_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok((row.get(0)?, row.get(1)?))
    }

    fn of_orm(row: &QueryResult) -> Result<Self, DbErr> {
        Ok((column(row, 0)?, column(row, 1)?))
    }
}

/// Every column of the entity, in its order.
impl FromRow for key_value::Model {
    fn of_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        sqlite::model(row)
    }

    fn of_orm(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            id: column(row, 0)?,
            tenant_id: column(row, 1)?,
            namespace: column(row, 2)?,
            key: column(row, 3)?,
            kind: column(row, 4)?,
            json: column(row, 5)?,
            bytes: column(row, 6)?,
            description: column(row, 7)?,
            version: column(row, 8)?,
            revision: column(row, 9)?,
            expires_at: column(row, 10)?,
            created: column(row, 11)?,
            updated: column(row, 12)?,
        })
    }
}

/// The column at `place`. PostgreSQL's is not asked again for its type, which takes longer than to read it.
fn column<T>(row: &QueryResult, place: usize) -> Result<T, DbErr>
where
    T: TryGetable + Type<Postgres> + for<'r> Decode<'r, Postgres>,
{
    match row.try_as_pg_row() {
        Some(row) => row.try_get_unchecked(place).map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into()))),
        None => row.try_get_by_index(place),
    }
}
