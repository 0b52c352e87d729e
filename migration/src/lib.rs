//! Highwater's schema, step by step.
//!
//! A step is never edited once it is merged, and never imports the entities: they describe today,
//! a migration describes then.

mod m20261121_000001_create_tenant;
mod m20261121_000002_create_key_value;
mod m20261121_000003_create_user;
mod m20261121_000004_create_token;
mod m20261121_000005_index_key_value_times;
mod m20261121_000006_create_key_value_change;
mod m20261121_000007_create_identity_revision;
mod m20261121_000008_add_token_sessions;
mod m20261121_000009_add_service_accounts;
mod m20261121_000010_create_audit_log;
mod m20261121_000011_create_request_count;
mod m20261121_000012_create_lease;
mod m20261121_000013_index_key_value_end;
mod m20261121_000014_lighten_writes;
mod m20261122_000015_index_periods;
mod m20261122_000016_index_periods_on_sqlite;

pub use sea_orm_migration::{MigrationStatus, MigratorTrait};
use sea_orm_migration::{MigrationTrait, async_trait};

/// Every step, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_tenant::Migration),
            Box::new(m20261121_000002_create_key_value::Migration),
            Box::new(m20261121_000003_create_user::Migration),
            Box::new(m20261121_000004_create_token::Migration),
            Box::new(m20261121_000005_index_key_value_times::Migration),
            Box::new(m20261121_000006_create_key_value_change::Migration),
            Box::new(m20261121_000007_create_identity_revision::Migration),
            Box::new(m20261121_000008_add_token_sessions::Migration),
            Box::new(m20261121_000009_add_service_accounts::Migration),
            Box::new(m20261121_000010_create_audit_log::Migration),
            Box::new(m20261121_000011_create_request_count::Migration),
            Box::new(m20261121_000012_create_lease::Migration),
            Box::new(m20261121_000013_index_key_value_end::Migration),
            Box::new(m20261121_000014_lighten_writes::Migration),
            Box::new(m20261122_000015_index_periods::Migration),
            Box::new(m20261122_000016_index_periods_on_sqlite::Migration),
        ]
    }
}
