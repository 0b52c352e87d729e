import { graphql, type ResultOf } from './graphql'

/** Who the token stands for, and what it may. */
export const WHO = graphql(`
  query Who {
    auth_info { tenant_id user_id permissions }
    license_usage { plan key_value_pairs value_bytes }
    tenant(order_by: [{ name: asc }]) { id name slug }
    user { username }
    api { version }
  }
`)

/** How much of the licence is used. */
export const USAGE = graphql(`
  query Usage {
    license_usage { plan key_value_pairs key_value_pairs_used }
  }
`)

/** A team that the token's user belongs to. */
export interface Tenant {
  id: string
  name: string
  slug: string
}

/** Who the token stands for, and what it may. */
export interface Who {
  tenant: Tenant
  tenants: Tenant[]
  /** The user's name; none for tokens that were issued elsewhere. */
  username: string | undefined
  userId: string | undefined
  permissions: Set<string>
  /** The tier: its name, the pairs it allows and the bytes of a value; null for no limit. */
  plan: string
  pairsAllowed: number | null
  valueBytes: number | null
  version: string
}

/** The server's answer to [`WHO`], as the page uses it. */
export function readWho({ auth_info, license_usage, tenant, user, api }: ResultOf<typeof WHO>): Who {
  const mine = auth_info.tenant_id.toLowerCase()
  return {
    tenant: tenant.find(({ id }) => id.toLowerCase() === mine) ?? { id: mine, name: 'this tenant', slug: '' },
    tenants: tenant,
    username: user[0]?.username,
    userId: auth_info.user_id ?? undefined,
    permissions: new Set(auth_info.permissions),
    plan: license_usage.plan,
    pairsAllowed: license_usage.key_value_pairs ?? null,
    valueBytes: license_usage.value_bytes ?? null,
    version: api.version,
  }
}
