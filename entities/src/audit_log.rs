//! Who did what, when, from where, and whether it was allowed.

use sea_orm::entity::prelude::*;

/// One deed, or as many like it as came together. Never a value, never a token.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    /// The entry's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In which tenant.
    pub tenant_id: Uuid,
    /// When; of several, the first.
    pub at: i64,
    /// With which token.
    pub token_id: Option<Uuid>,
    /// The user, where it is one of this server's.
    pub user_id: Option<Uuid>,
    /// Who, as the token says it.
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// What.
    pub operation: String,
    /// In which namespace; `*` for all.
    pub namespace: Option<String>,
    /// Of which pair.
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub key: Option<Vec<u8>>,
    /// Of what else: a token, a membership, a user, a tenant.
    pub object_id: Option<Uuid>,
    /// Whether it was done.
    pub allowed: bool,
    /// Why not.
    pub reason: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// How many there were.
    pub count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
