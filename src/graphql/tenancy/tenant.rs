//! The tenants that a caller may act in, and making more.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::table::table;
use crate::{
    domain::{
        JsonText, Tenant,
        table::{Cell, Row},
    },
    graphql::{
        Request,
        error::Result,
        key_value::{StringComparison, TimeComparison, UuidComparison},
        scalars::{Jsonb, LowerUuid, Timestamptz, UpperUuid},
    },
};

/// The fields that make tenants.
#[derive(Default)]
pub(in crate::graphql) struct TenantMutation;

/// A tenant as its people see it.
#[derive(SimpleObject, Clone)]
#[graphql(name = "tenant", rename_fields = "snake_case")]
pub(super) struct TenantModel {
    /// When the tenant was made.
    created: Timestamptz,
    /// The tenant's id.
    id: LowerUuid,
    /// What Prefect knew of a tenant beside this: nothing here.
    info: Jsonb,
    /// The licence's id in Prefect's books: there is none here.
    license_id: Option<LowerUuid>,
    /// Name for people.
    name: String,
    /// What Prefect's staff set: nothing here.
    prefect_admin_settings: Jsonb,
    /// What the page keeps of the tenant: nothing.
    settings: Jsonb,
    /// Short name.
    slug: String,
    /// The tenant's number in Prefect's billing: there is none here.
    stripe_customer: Option<String>,
}

table! {
    /// A condition on tenants. All its fields must hold.
    TenantBoolExp = "tenant_bool_exp",
    /// The order of tenants.
    TenantOrderBy = "tenant_order_by":
    /// The short name.
    slug: StringComparison,
    /// The name for people.
    name: StringComparison,
    /// The tenant's id.
    id: UuidComparison,
    /// When the tenant was made.
    created: TimeComparison,
}

impl Row for Tenant {
    fn cell(&self, column: &str) -> Option<Cell<'_>> {
        Some(match column {
            "slug" => Cell::Text(&self.slug),
            "name" => Cell::Text(&self.name),
            "id" => Cell::Uuid(self.id.0),
            "created" => Cell::Time(self.created),
            _ => return None,
        })
    }
}

impl From<Tenant> for TenantModel {
    fn from(tenant: Tenant) -> Self {
        let empty = || Jsonb::from(JsonText::stored("{}".to_owned()));
        Self {
            created: Timestamptz::from(tenant.created),
            id: LowerUuid::from(tenant.id.0),
            info: empty(),
            license_id: None,
            name: tenant.name,
            prefect_admin_settings: empty(),
            settings: empty(),
            slug: tenant.slug,
            stripe_customer: None,
        }
    }
}

/// A tenant to make.
#[derive(InputObject)]
#[graphql(name = "create_tenant_input")]
struct CreateTenantInput {
    /// Name for people.
    name: String,
    /// Short name: lower-case letters, digits and `-`; made of the name where none is given.
    slug: Option<String>,
}

/// The tenant that was made.
#[derive(SimpleObject)]
#[graphql(name = "create_tenant_payload")]
struct CreateTenantPayload {
    /// Its id.
    id: Option<UpperUuid>,
}

#[Object(rename_fields = "snake_case")]
impl TenantMutation {
    /// Makes a tenant under the caller's licence. The caller's user becomes its administrator.
    async fn create_tenant(&self, ctx: &Context<'_>, input: CreateTenantInput) -> Result<Option<CreateTenantPayload>> {
        let slug = input.slug.unwrap_or_else(|| slug(&input.name));
        let tenant = ctx.service().create_tenant(ctx.caller(), &slug, &input.name).await?;
        Ok(Some(CreateTenantPayload { id: Some(UpperUuid::from(tenant.id.0)) }))
    }
}

/// What is left of a name in a slug: letters and digits in lower case, joined by `-`.
fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}
