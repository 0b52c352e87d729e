import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit'
import { type Client, createClient } from 'graphql-ws'

import { GRAPHQL_URL, subscriptionUrl } from '../shared/endpoint'
import { authorization } from '../shared/token'

/** How the page speaks to the server, with one token, in one tenant. */
export interface Transport {
  fetcher: Fetcher
  /** Ends the subscriptions that still run. */
  close: () => void
}

/**
 * Queries and mutations by POST, subscriptions by `graphql-transport-ws`. `onStatus` hears each HTTP status,
 * and `undefined` where no answer came.
 */
export function createTransport(
  token: string,
  tenant: string,
  onStatus: (status: number | undefined) => void,
): Transport {
  const who = authorization(token, tenant)
  // Opens its socket with the first subscription, and closes it after the last.
  const wsClient: Client = createClient({ url: subscriptionUrl(), connectionParams: who })
  const fetcher = createGraphiQLFetcher({
    url: GRAPHQL_URL,
    headers: who,
    wsClient,
    // The server knows no @defer and no @stream, and `multipart/mixed` is no answer it gives.
    enableIncrementalDelivery: false,
    fetch: (input, init) => {
      const asked = fetch(input, { ...init, credentials: 'omit' })
      asked.then(({ status }) => onStatus(status), () => onStatus(undefined))
      return asked
    },
  })
  return { fetcher, close: () => void wsClient.dispose() }
}
