//! The columns of a pair.

/// A column of a pair, as queries name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// When the pair came to life.
    Created,
    /// The pair's id.
    Id,
    /// Its key.
    Key,
    /// Its tenant's id.
    TenantId,
    /// When it was last written.
    Updated,
    /// Its value.
    Value,
    /// Its namespace.
    Namespace,
    /// The name of its value's type.
    Type,
    /// Its counter of writes.
    Version,
    /// Free text for people; may be null.
    Description,
    /// From when on it is gone; may be null.
    ExpiresAt,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 11] = [
        Self::Created,
        Self::Id,
        Self::Key,
        Self::TenantId,
        Self::Updated,
        Self::Value,
        Self::Namespace,
        Self::Type,
        Self::Version,
        Self::Description,
        Self::ExpiresAt,
    ];

    /// The column's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Id => "id",
            Self::Key => "key",
            Self::TenantId => "tenant_id",
            Self::Updated => "updated",
            Self::Value => "value",
            Self::Namespace => "namespace",
            Self::Type => "type",
            Self::Version => "version",
            Self::Description => "description",
            Self::ExpiresAt => "expires_at",
        }
    }

    /// The column called `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        for column in Column::ALL {
            assert_eq!(Column::from_name(column.name()), Some(column));
        }
        assert_eq!(Column::from_name("Key"), None);
    }
}
