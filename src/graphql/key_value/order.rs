//! `order_by` and the columns one can select by.

use std::borrow::Cow;

use async_graphql::{Enum, InputObject, InputType, InputValueError, InputValueResult, Value, registry::Registry};

use crate::domain::filter::{Column, Order};

/// A direction, and where nulls go.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "order_by", rename_items = "snake_case")]
pub(in crate::graphql) enum OrderBy {
    /// Ascending, nulls last.
    Asc,
    /// Ascending, nulls first.
    AscNullsFirst,
    /// Ascending, nulls last.
    AscNullsLast,
    /// Descending, nulls first.
    Desc,
    /// Descending, nulls first.
    DescNullsFirst,
    /// Descending, nulls last.
    DescNullsLast,
}

impl OrderBy {
    /// Whether the order is descending.
    pub(in crate::graphql) fn descending(self) -> bool {
        matches!(self, Self::Desc | Self::DescNullsFirst | Self::DescNullsLast)
    }

    /// Whether nulls come before all else.
    pub(in crate::graphql) fn nulls_first(self) -> bool {
        matches!(self, Self::AscNullsFirst | Self::Desc | Self::DescNullsFirst)
    }

    fn of(self, column: Column) -> Order {
        Order { column, descending: self.descending(), nulls_first: self.nulls_first() }
    }
}

/// The columns of `key_value`.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "key_value_select_column", rename_items = "snake_case", remote = "Column")]
pub(super) enum SelectColumn {
    /// When the pair came to life.
    Created,
    /// The pair's id.
    Id,
    /// The pair's key.
    Key,
    /// The pair's tenant.
    TenantId,
    /// When the pair was last written.
    Updated,
    /// The pair's value.
    Value,
    /// The namespace the pair is in.
    Namespace,
    /// The name of the value's type.
    Type,
    /// How often the pair was written.
    Version,
    /// Free text for people.
    Description,
    /// From when on the pair is gone.
    ExpiresAt,
}

/// The order of pairs. The written order of the fields counts.
#[derive(InputObject)]
#[graphql(name = "key_value_order_by", rename_fields = "snake_case")]
struct OrderByFields {
    created: Option<OrderBy>,
    description: Option<OrderBy>,
    expires_at: Option<OrderBy>,
    id: Option<OrderBy>,
    key: Option<OrderBy>,
    namespace: Option<OrderBy>,
    tenant_id: Option<OrderBy>,
    r#type: Option<OrderBy>,
    updated: Option<OrderBy>,
    value: Option<OrderBy>,
    version: Option<OrderBy>,
}

/// `key_value_order_by` as it was written: a derived struct would lose the order of its fields, which
/// Prefect's own clients rely on (contract filter.md, section 6).
pub(super) struct KeyValueOrderBy(pub(super) Vec<Order>);

impl InputType for KeyValueOrderBy {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <OrderByFields as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <OrderByFields as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let Some(Value::Object(fields)) = value else {
            return Err(InputValueError::custom("an object of columns and directions is expected"));
        };
        let mut orders = Vec::with_capacity(fields.len());
        for (name, direction) in fields.into_iter().filter(|(_, direction)| *direction != Value::Null) {
            let Some(column) = Column::from_name(&name) else {
                return Err(InputValueError::custom("there is no such column to order by"));
            };
            let direction = OrderBy::parse(Some(direction)).map_err(InputValueError::propagate)?;
            orders.push(direction.of(column));
        }
        Ok(Self(orders))
    }

    fn to_value(&self) -> Value {
        // Only defaults are ever shown, and this type is none.
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
