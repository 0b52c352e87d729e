/**
 * The token that the pages speak with.
 *
 * Session storage unless it is to be remembered: it goes with the tab, and no other site can read it. It leaves the
 * page in a header or in a WebSocket's first message only, never in an address.
 */
const KEY = 'highwater.token'

/** Where the tenant is kept that was chosen among those of the token's user; beside the token, for as long. */
const TENANT = 'highwater.tenant'

/** The token of this tab, else the remembered one; empty where there is none. */
export function storedToken(): string {
  try {
    return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? ''
  } catch {
    // A browser that forbids storage: the token lives as long as the page.
    return ''
  }
}

/** Whether the token is kept beyond this tab. */
export function isRemembered(): boolean {
  try {
    return localStorage.getItem(KEY) !== null
  } catch {
    return false
  }
}

/** Keeps the token for this tab, or for all to come; an empty one is forgotten everywhere. */
export function storeToken(token: string, remember = false): void {
  try {
    for (const storage of [sessionStorage, localStorage]) {
      storage.removeItem(KEY)
      storage.removeItem(TENANT)
    }
    if (token) (remember ? localStorage : sessionStorage).setItem(KEY, token)
  } catch {
    // As above.
  }
}

/** The tenant that was chosen; empty for the token's own. */
export function storedTenant(): string {
  try {
    return sessionStorage.getItem(TENANT) ?? localStorage.getItem(TENANT) ?? ''
  } catch {
    return ''
  }
}

/** Keeps the chosen tenant beside the token; an empty one is forgotten. */
export function storeTenant(tenant: string): void {
  try {
    const storage = isRemembered() ? localStorage : sessionStorage
    if (tenant) storage.setItem(TENANT, tenant)
    else storage.removeItem(TENANT)
  } catch {
    // As above.
  }
}

/** What people paste, without the spaces and the `Bearer` around it; nothing where no header could carry it. */
export function readToken(pasted: string): string | undefined {
  const token = pasted.trim().replace(/^Bearer\s+/i, '')
  return /^[\x21-\x7e]*$/.test(token) ? token : undefined
}

/** The headers, and the payload of `connection_init`, that say who asks and in which tenant. */
export function authorization(token: string, tenant = ''): Record<string, string> {
  if (!token) return {}
  return { Authorization: `Bearer ${token}`, ...(tenant && { 'X-Prefect-Tenant-ID': tenant }) }
}
