import { print } from '@0no-co/graphql.web'
import type { TadaDocumentNode } from 'gql.tada'
import { type Client as Socket, createClient } from 'graphql-ws'

import { GRAPHQL_URL, subscriptionUrl } from '../../shared/endpoint'
import { authorization } from '../../shared/token'
import { ApiError, answered } from './errors'
import { stringify } from './raw'

/** How the socket for live updates stands. */
export type Line = 'connecting' | 'open' | 'lost'

/** Speaks to the server with one token, in one tenant; in the token's own where none is named. */
export class Client {
  readonly #who: Record<string, string>
  #socket: Socket | undefined
  #line: Line = 'connecting'
  readonly #watchers = new Set<() => void>()

  constructor(token: string, tenant: string) {
    this.#who = authorization(token, tenant)
  }

  /** Runs a query or a mutation. Fails with [`ApiError`]. */
  async request<Data, Variables>(
    document: TadaDocumentNode<Data, Variables>,
    variables: Variables,
    options: { signal?: AbortSignal; keepalive?: boolean } = {},
  ): Promise<Data> {
    const headers = { ...this.#who, 'Content-Type': 'application/json', Accept: 'application/json' }
    const body = stringify({ query: print(document), variables })
    let response: Response
    let answer: { data?: Data | null; errors?: unknown }
    try {
      response = await fetch(GRAPHQL_URL, { method: 'POST', credentials: 'omit', headers, body, ...options })
      answer = JSON.parse(await response.text()) as typeof answer
    } catch (error) {
      if (options.signal?.aborted) throw error
      throw new ApiError('offline', 'The server does not answer.')
    }
    if (answer.errors || !response.ok || !answer.data) throw answered(response.status, answer.errors)
    return answer.data
  }

  /** Calls `onEvent` for everything a subscription says, until the function that it gives is called. */
  subscribe<Data>(document: TadaDocumentNode<Data, object>, onEvent: (data: Data) => void): () => void {
    return this.#open().subscribe<Data>(
      { query: print(document) },
      { next: ({ data }) => data && onEvent(data), error: () => this.#say('lost'), complete: () => {} },
    )
  }

  /** How the socket stands, and a way to hear of changes: for `useSyncExternalStore`. */
  line = (): Line => this.#line
  watchLine = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Ends the subscriptions. */
  close(): void {
    void this.#socket?.dispose()
    this.#socket = undefined
  }

  #open(): Socket {
    this.#socket ??= createClient({
      url: subscriptionUrl(),
      connectionParams: this.#who,
      retryAttempts: Number.POSITIVE_INFINITY,
      // A second, then twice as long each time, up to half a minute.
      retryWait: (retries) => new Promise((go) => setTimeout(go, Math.min(1000 * 2 ** retries, 30_000))),
      // 4400 to 4499: the server refuses; to ask again is no use.
      shouldRetry: (event) => !(event instanceof CloseEvent && event.code >= 4400 && event.code < 4500),
      on: { connected: () => this.#say('open'), closed: () => this.#say('lost') },
    })
    return this.#socket
  }

  #say(line: Line): void {
    this.#line = line
    for (const watcher of this.#watchers) watcher()
  }
}
