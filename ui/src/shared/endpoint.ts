/** The GraphQL endpoint of the server that the page came from. */
export const GRAPHQL_URL = '/graphql'

/** The same for subscriptions, as `new WebSocket` wants it. */
export function subscriptionUrl(): string {
  const url = new URL(GRAPHQL_URL, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}
