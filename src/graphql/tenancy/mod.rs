//! Who one is, and where one may act.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{
    Request,
    error::Result,
    key_value::{OrderBy, StringComparison, UuidComparison},
    place::Place,
    scalars::{Json, LowerUuid, Timestamptz, UpperUuid},
};
use crate::domain::{
    Caller, JsonText, Tenant,
    filter::{PatternBudget, TextTest},
};

/// The fields that tell a client about itself.
#[derive(Default)]
pub(super) struct TenancyQuery;

/// What the server knows of the caller.
struct AuthInfo<'a>(&'a Caller);

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(name = "auth_info_payload", rename_fields = "snake_case")]
impl AuthInfo<'_> {
    /// The tenant acted in.
    async fn tenant_id(&self) -> UpperUuid {
        UpperUuid::from(self.0.tenant_id.0)
    }

    /// The user behind the token; null for tokens that were issued elsewhere.
    async fn user_id(&self) -> Option<UpperUuid> {
        self.0.user_id().map(UpperUuid::from)
    }

    /// What the token may do, as `operation:object`.
    async fn permissions(&self) -> Vec<&'static str> {
        self.0.permissions.iter().map(|permission| permission.name()).collect()
    }

    /// The licence: `terms.plan` is the tier's name, `terms.key_value_pairs` the pairs it allows (null
    /// for no limit) and `terms.value_bytes` the bytes of a value.
    #[expect(clippy::unused_async, reason = "a resolver is async, whatever it does")]
    async fn license(&self) -> Result<Json> {
        let tier = &self.0.tier;
        let license = serde_json::json!({ "terms": {
            "plan": &*tier.name,
            "key_value_pairs": tier.limits.pairs,
            "value_bytes": tier.limits.value_bytes,
        }});
        Ok(Json::from(JsonText::parse(&license.to_string())?))
    }
}

/// A tenant as its people see it.
#[derive(SimpleObject)]
#[graphql(name = "tenant", rename_fields = "snake_case")]
struct TenantModel {
    /// When the tenant was made.
    created: Timestamptz,
    /// The tenant's id.
    id: LowerUuid,
    /// Name for people.
    name: String,
    /// Short name.
    slug: String,
}

/// A condition on tenants. All its fields must hold.
#[derive(InputObject)]
#[graphql(name = "tenant_bool_exp")]
struct TenantBoolExp {
    /// All of these; of none, true.
    #[graphql(name = "_and")]
    and: Option<Vec<TenantBoolExp>>,
    /// One of these; of none, false.
    #[graphql(name = "_or")]
    or: Option<Vec<TenantBoolExp>>,
    /// Not this.
    #[graphql(name = "_not")]
    not: Option<Box<TenantBoolExp>>,
    /// The tenant's id.
    id: Option<UuidComparison>,
    /// Name for people.
    name: Option<StringComparison>,
    /// Short name.
    slug: Option<StringComparison>,
}

/// The order of tenants.
#[derive(InputObject)]
#[graphql(name = "tenant_order_by")]
struct TenantOrderBy {
    /// By the tenant's id.
    id: Option<OrderBy>,
    /// By the name for people.
    name: Option<OrderBy>,
    /// By the short name.
    slug: Option<OrderBy>,
}

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(rename_fields = "snake_case", rename_args = "snake_case")]
impl TenancyQuery {
    /// What the server knows of the caller.
    async fn auth_info<'c>(&self, ctx: &'c Context<'_>) -> AuthInfo<'c> {
        AuthInfo(ctx.caller())
    }

    /// The tenants that the caller may act in, by slug where no order is asked for.
    async fn tenant(
        &self,
        ctx: &Context<'_>,
        order_by: Option<Vec<TenantOrderBy>>,
        r#where: Option<TenantBoolExp>,
    ) -> Result<Vec<TenantModel>> {
        let mut tenants = ctx.service().tenants_of(ctx.caller()).await?;
        if let Some(condition) = r#where {
            let condition = Condition::of(condition, &Place::arguments(ctx).name("where"), &PatternBudget::default())?;
            tenants.retain(|tenant| condition.holds(tenant));
        }
        // From the last key to the first: each stable sort refines the ones after it.
        for order in order_by.into_iter().flatten().rev() {
            order.sort(&mut tenants);
        }
        let model = |tenant: Tenant| TenantModel {
            created: Timestamptz::from(tenant.created),
            id: LowerUuid::from(tenant.id.0),
            name: tenant.name,
            slug: tenant.slug,
        };
        Ok(tenants.into_iter().map(model).collect())
    }
}

impl TenantOrderBy {
    fn sort(&self, tenants: &mut [Tenant]) {
        let turned = |ordering: std::cmp::Ordering, by: OrderBy| {
            if by.descending() { ordering.reverse() } else { ordering }
        };
        tenants.sort_by(|a, b| {
            let id = self.id.map(|by| turned(a.id.cmp(&b.id), by));
            let name = self.name.map(|by| turned(a.name.cmp(&b.name), by));
            let slug = self.slug.map(|by| turned(a.slug.cmp(&b.slug), by));
            [slug, name, id].into_iter().flatten().fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
    }
}

/// A condition on tenants, with its patterns compiled.
struct Condition {
    and: Vec<Condition>,
    or: Option<Vec<Condition>>,
    not: Option<Box<Condition>>,
    id: Vec<crate::domain::filter::Compare<uuid::Uuid>>,
    name: Vec<TextTest>,
    slug: Vec<TextTest>,
}

impl Condition {
    fn of(written: TenantBoolExp, place: &Place<'_>, budget: &PatternBudget) -> Result<Self> {
        let all = |list: Option<Vec<TenantBoolExp>>, place: Place<'_>| {
            let list =
                list.map(|list| list.into_iter().enumerate().map(|(at, one)| Self::of(one, &place.item(at), budget)));
            list.map(Iterator::collect::<Result<Vec<_>>>).transpose()
        };
        Ok(Self {
            and: all(written.and, place.name("_and"))?.unwrap_or_default(),
            or: all(written.or, place.name("_or"))?,
            not: written.not.map(|not| Self::of(*not, &place.name("_not"), budget).map(Box::new)).transpose()?,
            id: written.id.unwrap_or_default().compares(&place.name("id"))?,
            name: written.name.unwrap_or_default().tests(&place.name("name"), budget)?,
            slug: written.slug.unwrap_or_default().tests(&place.name("slug"), budget)?,
        })
    }

    fn holds(&self, tenant: &Tenant) -> bool {
        self.and.iter().all(|condition| condition.holds(tenant))
            && self.or.as_ref().is_none_or(|any| any.iter().any(|condition| condition.holds(tenant)))
            && self.not.as_ref().is_none_or(|condition| !condition.holds(tenant))
            && self.id.iter().all(|compare| compare.test(Some(&tenant.id.0)) == Some(true))
            && self.name.iter().all(|test| test.test(Some(&tenant.name)) == Some(true))
            && self.slug.iter().all(|test| test.test(Some(&tenant.slug)) == Some(true))
    }
}
