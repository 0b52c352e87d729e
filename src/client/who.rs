//! Who the server takes us for.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Client, ClientError};

/// What the server knows of the token.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Who {
    /// The server's version.
    pub(crate) version: String,
    /// The tenant acted in, by short name and by id.
    pub(crate) tenant: String,
    pub(crate) tenant_id: String,
    /// The user behind the token; none for tokens that were issued elsewhere.
    pub(crate) user: Option<String>,
    /// The licence tier.
    pub(crate) tier: String,
    /// What the token may do.
    pub(crate) permissions: Vec<String>,
}

impl Client {
    /// Who the server takes us for.
    ///
    /// # Errors
    /// [`ClientError`].
    pub(crate) async fn who(&self) -> Result<Who, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            api: Api,
            auth_info: Info,
            tenant: Vec<Tenant>,
            user: Vec<User>,
        }
        #[derive(Deserialize)]
        struct Api {
            version: String,
        }
        #[derive(Deserialize)]
        struct Info {
            tenant_id: String,
            permissions: Vec<String>,
            license: License,
        }
        #[derive(Deserialize)]
        struct License {
            terms: Terms,
        }
        #[derive(Deserialize)]
        struct Terms {
            plan: String,
        }
        #[derive(Deserialize)]
        struct Tenant {
            id: String,
            slug: String,
        }
        #[derive(Deserialize)]
        struct User {
            username: String,
        }
        let query =
            "{ api { version } auth_info { tenant_id permissions license } tenant { id slug } user { username } }";
        let Data { api, auth_info, tenant, user } = self.ask(query, json!({})).await?;
        let slug = tenant.into_iter().find(|tenant| tenant.id == auth_info.tenant_id).map(|tenant| tenant.slug);
        Ok(Who {
            version: api.version,
            tenant: slug.unwrap_or_else(|| auth_info.tenant_id.clone()),
            tenant_id: auth_info.tenant_id,
            user: user.into_iter().next().map(|user| user.username),
            tier: auth_info.license.terms.plan,
            permissions: auth_info.permissions,
        })
    }
}
