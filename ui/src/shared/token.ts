/**
 * The token that the pages of this tab speak with.
 *
 * Session storage: it goes with the tab, and no other site can read it. It leaves the page in a header
 * or in a WebSocket's first message only, never in an address.
 */
const KEY = 'highwater.token'

/** The token of this tab; empty where there is none. */
export function storedToken(): string {
  try {
    return sessionStorage.getItem(KEY) ?? ''
  } catch {
    // A browser that forbids storage: the token lives as long as the page.
    return ''
  }
}

/** Keeps the token for this tab; an empty one is forgotten. */
export function storeToken(token: string): void {
  try {
    if (token) sessionStorage.setItem(KEY, token)
    else sessionStorage.removeItem(KEY)
  } catch {
    // As above.
  }
}

/** What people paste, without the spaces and the `Bearer` around it; nothing where no header could carry it. */
export function readToken(pasted: string): string | undefined {
  const token = pasted.trim().replace(/^Bearer\s+/i, '')
  return /^[\x21-\x7e]*$/.test(token) ? token : undefined
}

/** The header, and the payload of `connection_init`, that carry the token. */
export function authorization(token: string): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {}
}
