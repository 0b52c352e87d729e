import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'

import { useSession } from '../session'
import type { Line } from './client'
import { graphql, type ResultOf } from './graphql'

const CHANGES = graphql(`
  subscription Changes {
    key_value_changes(namespace: "*") { id }
  }
`)

/** How long changes are gathered before what is shown is read again, in milliseconds. */
const GATHER = 400

/** Reads again what is shown whenever a pair changes on the server. Once, for the whole page. */
export function useLiveUpdates(): void {
  const { client, may } = useSession()
  const cache = useQueryClient()
  const reads = may('read:key-value')

  useEffect(() => {
    if (!reads) return
    let timer: number | undefined
    let waiting = false
    // One reading after the other: where it takes longer than changes stay away, none would ever come to its end.
    const refresh = () => {
      waiting = true
      timer ??= window.setTimeout(async () => {
        waiting = false
        await cache.invalidateQueries({ queryKey: ['pairs'] })
        timer = undefined
        if (waiting) refresh()
      }, GATHER)
    }
    const stop = client.subscribe<ResultOf<typeof CHANGES>>(CHANGES, refresh)
    // What changed while the line was lost was told to nobody.
    const unwatch = client.watchLine(() => client.line() === 'open' && refresh())
    return () => {
      stop()
      unwatch()
      window.clearTimeout(timer)
    }
  }, [client, cache, reads])
}

/** How the socket for live updates stands. */
export function useLine(): Line {
  const { client } = useSession()
  return useSyncExternalStore(client.watchLine, client.line)
}

/** The time, and a new render every so many milliseconds: for "3 minutes ago". */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), every)
    return () => window.clearInterval(timer)
  }, [every])
  return now
}
