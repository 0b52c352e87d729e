//! The names of types on the command line.

use clap::ValueEnum;

use crate::domain::Kind;

#[derive(ValueEnum, Debug, Clone, Copy)]
#[value(rename_all = "lower")]
pub(super) enum TypeArg {
    #[value(alias = "STRING")]
    String,
    #[value(alias = "NUMBER")]
    Number,
    #[value(alias = "BOOLEAN")]
    Boolean,
    #[value(alias = "DATETIME")]
    DateTime,
    #[value(alias = "DATE")]
    Date,
    #[value(alias = "DURATION")]
    Duration,
    #[value(alias = "JSON")]
    Json,
    #[value(alias = "BINARY")]
    Binary,
}

impl From<TypeArg> for Kind {
    fn from(name: TypeArg) -> Self {
        match name {
            TypeArg::String => Self::String,
            TypeArg::Number => Self::Number,
            TypeArg::Boolean => Self::Boolean,
            TypeArg::DateTime => Self::DateTime,
            TypeArg::Date => Self::Date,
            TypeArg::Duration => Self::Duration,
            TypeArg::Json => Self::Json,
            TypeArg::Binary => Self::Binary,
        }
    }
}
