//! The tenants that a caller may act in.

use std::cmp::Ordering;

use async_graphql::{InputObject, SimpleObject};
use uuid::Uuid;

use crate::{
    domain::{
        Tenant,
        filter::{Compare, PatternBudget, TextTest},
    },
    graphql::{
        error::Result,
        key_value::{OrderBy, StringComparison, UuidComparison},
        place::Place,
        scalars::{LowerUuid, Timestamptz},
    },
};

/// A tenant as its people see it.
#[derive(SimpleObject)]
#[graphql(name = "tenant", rename_fields = "snake_case")]
pub(super) struct TenantModel {
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
pub(super) struct TenantBoolExp {
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
pub(super) struct TenantOrderBy {
    /// By the tenant's id.
    id: Option<OrderBy>,
    /// By the name for people.
    name: Option<OrderBy>,
    /// By the short name.
    slug: Option<OrderBy>,
}

impl From<Tenant> for TenantModel {
    fn from(tenant: Tenant) -> Self {
        Self {
            created: Timestamptz::from(tenant.created),
            id: LowerUuid::from(tenant.id.0),
            name: tenant.name,
            slug: tenant.slug,
        }
    }
}

/// The `tenants` that a condition picks, in the order asked for.
pub(super) fn select(
    mut tenants: Vec<Tenant>,
    condition: Option<TenantBoolExp>,
    order_by: Option<Vec<TenantOrderBy>>,
    place: &Place<'_>,
) -> Result<Vec<Tenant>> {
    if let Some(condition) = condition {
        let condition = Condition::of(condition, &place.name("where"), &PatternBudget::default())?;
        tenants.retain(|tenant| condition.holds(tenant));
    }
    // From the last key to the first: each stable sort refines the ones after it.
    for order in order_by.into_iter().flatten().rev() {
        order.sort(&mut tenants);
    }
    Ok(tenants)
}

impl TenantOrderBy {
    fn sort(&self, tenants: &mut [Tenant]) {
        let turned = |ordering: Ordering, by: OrderBy| {
            if by.descending() { ordering.reverse() } else { ordering }
        };
        tenants.sort_by(|a, b| {
            let id = self.id.map(|by| turned(a.id.cmp(&b.id), by));
            let name = self.name.map(|by| turned(a.name.cmp(&b.name), by));
            let slug = self.slug.map(|by| turned(a.slug.cmp(&b.slug), by));
            [slug, name, id].into_iter().flatten().fold(Ordering::Equal, Ordering::then)
        });
    }
}

/// A condition on tenants, with its patterns compiled.
struct Condition {
    and: Vec<Condition>,
    or: Option<Vec<Condition>>,
    not: Option<Box<Condition>>,
    id: Vec<Compare<Uuid>>,
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
