//! Settings from the environment: `HIGHWATER_LISTEN`, `HIGHWATER_LIMITS__BODY_BYTES`.

use figment::value::{Dict, Value};

use super::ConfigError;

const PREFIX: &str = "HIGHWATER_";

/// Names that are no settings of the server: those of the client, and of the tests.
const OTHERS: [&str; 4] = ["HIGHWATER_URL", "HIGHWATER_TOKEN", "HIGHWATER_PROFILE", "HIGHWATER_TEST_POSTGRES"];

/// The settings among `defaults` that the environment names. A default's type says how its variable
/// is read, so that a secret made of digits stays text.
pub(super) fn read(defaults: &Dict) -> Result<Dict, ConfigError> {
    let mut known = Vec::new();
    let settings = overlay(defaults, PREFIX, &mut known)?;
    #[expect(clippy::disallowed_methods, reason = "config/ is the only place that knows environment names")]
    let unknown = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .find(|name| name.starts_with(PREFIX) && !known.contains(name) && !OTHERS.contains(&name.as_str()));
    match unknown {
        Some(name) => {
            Err(ConfigError(format!("unknown setting {name} in the environment; known are: {}", known.join(", "))))
        }
        None => Ok(settings),
    }
}

fn overlay(defaults: &Dict, prefix: &str, known: &mut Vec<String>) -> Result<Dict, ConfigError> {
    let mut settings = Dict::new();
    for (key, default) in defaults {
        let name = format!("{prefix}{}", key.to_uppercase());
        if let Value::Dict(_, inner) = default {
            let inner = overlay(inner, &format!("{name}__"), known)?;
            if !inner.is_empty() {
                settings.insert(key.clone(), inner.into());
            }
            continue;
        }
        #[expect(clippy::disallowed_methods, reason = "config/ is the only place that knows environment names")]
        let given = std::env::var_os(&name);
        if let Some(given) = given {
            let text = given.into_string().map_err(|_| ConfigError(format!("{name} is not UTF-8 text")))?;
            settings.insert(key.clone(), value(&name, text, default)?);
        }
        known.push(name);
    }
    Ok(settings)
}

fn value(name: &str, text: String, default: &Value) -> Result<Value, ConfigError> {
    match default {
        Value::Num(..) => text
            .parse::<u64>()
            .map(Value::from)
            .map_err(|_| ConfigError(format!("{name} must be a whole number, as in {}", shown(default)))),
        Value::Bool(..) => {
            text.parse::<bool>().map(Value::from).map_err(|_| ConfigError(format!("{name} must be true or false")))
        }
        Value::Array(..) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Ok(Value::from(items.map(Value::from).collect::<Vec<_>>()))
        }
        _ => Ok(Value::from(text)),
    }
}

fn shown(default: &Value) -> String {
    default.to_i128().map(|number| number.to_string()).unwrap_or_default()
}
