import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'

import type { Client } from '../api/client'
import { said } from '../api/errors'
import { DELETE } from '../api/pairs'

/** How long a deletion waits for second thoughts, in milliseconds. Until then the server hears nothing of it. */
export const PATIENCE = 6_000

/** Pairs that are to be deleted, with what deletes them now. */
let waiting: ReadonlyMap<string, () => void> = new Map()
const watchers = new Set<() => void>()

// Who leaves the page has not called it back.
window.addEventListener('pagehide', () => {
  for (const send of waiting.values()) send()
})

/** The ids of pairs that are to be deleted: shown no more, and not gone yet. */
export function useDeleted(): ReadonlyMap<string, () => void> {
  return useSyncExternalStore(watch, () => waiting)
}

/** Deletes a pair once nobody has called it back in time. */
export function deleteSoon(pair: { id: string; key: string }, client: Client, cache: QueryClient): void {
  if (waiting.has(pair.id)) return
  const send = async () => {
    window.clearTimeout(timer)
    notifications.hide(pair.id)
    try {
      await client.request(DELETE, { id: pair.id }, { keepalive: true })
      await cache.invalidateQueries({ queryKey: ['pairs'] })
    } catch (error) {
      notifications.show({ color: 'red', title: 'Not deleted', message: said(error), autoClose: false })
    } finally {
      settle(pair.id)
    }
  }
  const timer = window.setTimeout(() => void send(), PATIENCE)
  const undo = () => {
    window.clearTimeout(timer)
    notifications.hide(pair.id)
    settle(pair.id)
  }
  put(new Map(waiting).set(pair.id, () => void send()))
  notifications.show({
    id: pair.id,
    autoClose: false,
    withCloseButton: false,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" truncate>
          Deleting <b>{pair.key}</b>
        </Text>
        <Button variant="light" onClick={undo}>
          Undo
        </Button>
      </Group>
    ),
  })
}

function settle(id: string): void {
  const next = new Map(waiting)
  next.delete(id)
  put(next)
}

function put(next: ReadonlyMap<string, () => void>): void {
  waiting = next
  for (const watcher of watchers) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
