import { useSyncExternalStore } from 'react'

/**
 * Where the page is: a name and parameters, in the address's fragment, which browsers send to no server.
 *
 *     #/pairs?namespace=etl&sort=-updated
 */
export interface Route {
  name: string
  params: URLSearchParams
}

/** Asked before the page leaves where it is: calls `go` once it may. */
export type Guard = (go: () => void) => void

let here = location.hash
let route = parse(here)
let guard: Guard | undefined
const watchers = new Set<() => void>()

window.addEventListener('popstate', () => {
  const wanted = location.hash
  if (wanted === here) return
  if (!guard) return settle(wanted)
  // The browser has gone already: back to where the guard stands.
  history.pushState(null, '', here || '#/')
  guard(() => navigate(wanted, 'push'))
})

/** The route, and a new render whenever it changes. */
export function useRoute(): Route {
  return useSyncExternalStore(watch, () => route)
}

/** The fragment of a route; empty parameters are left out. */
export function href(name: string, params: Record<string, string | undefined> | URLSearchParams = {}): string {
  const entries = params instanceof URLSearchParams ? [...params] : Object.entries(params)
  const kept = entries.filter((entry): entry is [string, string] => Boolean(entry[1]))
  const query = new URLSearchParams(kept).toString()
  return `#/${name}${query && `?${query}`}`
}

/** Goes to a fragment that [`href`] made, once the guard agrees. `replace` leaves no step to go back to. */
export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  if (to === here) return
  if (guard) guard(() => navigate(to, how))
  else navigate(to, how)
}

/** Changes some parameters of the route; undefined and empty ones go. */
export function setParams(changes: Record<string, string | undefined>, how: 'push' | 'replace' = 'push'): void {
  const params = new URLSearchParams(route.params)
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value)
    else params.delete(name)
  }
  go(href(route.name, params), how)
}

/** Puts a guard before every way out, or takes it away. */
export function setGuard(next: Guard | undefined): void {
  guard = next
}

function navigate(to: string, how: 'push' | 'replace'): void {
  if (how === 'push') history.pushState(null, '', to)
  else history.replaceState(null, '', to)
  settle(to)
}

function settle(hash: string): void {
  here = hash
  route = parse(hash)
  for (const watcher of watchers) watcher()
}

function parse(hash: string): Route {
  const [name = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  return { name: name || 'pairs', params: new URLSearchParams(query) }
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
