/** What the table shows, as it stands in the address; and the query that shows it. */

import type { OrderBy, Where } from '../api/pairs'
import { KINDS, type Kind } from '../values/kinds'

/** The columns that sort, each with an order the database has. */
export const SORTABLE = ['key', 'namespace', 'updated', 'expires_at', 'version'] as const

/** Rows on a page. */
export const PAGE_SIZES = [25, 50, 100, 200] as const

/** What is shown. */
export interface View {
  /** A namespace, `name.*` for it and all below, or empty for all. */
  namespace: string
  search: string
  /** Whether the search looks into values too. */
  deep: boolean
  kinds: Kind[]
  ends: '' | 'never' | 'ever' | 'day' | 'week'
  since: '' | 'hour' | 'day' | 'week'
  sort: { column: (typeof SORTABLE)[number]; descending: boolean } | undefined
  /** From 1. */
  page: number
  size: number
}

/** The view that parameters write; what they write wrongly is as if it were not there. */
export function readView(params: URLSearchParams): View {
  const one = <T extends string>(name: string, of: readonly T[]) => of.find((choice) => choice === params.get(name))
  const sort = params.get('sort') ?? ''
  const column = SORTABLE.find((name) => name === sort.replace(/^-/, ''))
  const page = Number(params.get('page'))
  const size = Number(params.get('size'))
  return {
    namespace: params.get('namespace') ?? '',
    search: params.get('q') ?? '',
    deep: params.get('in') === 'values',
    kinds: KINDS.filter((kind) => params.get('type')?.split(',').includes(kind)),
    ends: one('ends', ['never', 'ever', 'day', 'week']) ?? '',
    since: one('since', ['hour', 'day', 'week']) ?? '',
    sort: column && { column, descending: sort.startsWith('-') },
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    size: PAGE_SIZES.find((offered) => offered === size) ?? 50,
  }
}

/** Whether anything narrows the view down. */
export function isFiltered(view: View): boolean {
  return Boolean(view.namespace || view.search || view.kinds.length || view.ends || view.since)
}

/** The namespace to ask in, and the condition. `now` in milliseconds. */
export function condition(view: View, now: number): { namespace: string; where: Where } {
  const tree = view.namespace.endsWith('.*') ? view.namespace.slice(0, -2) : undefined
  const all: Where[] = []
  if (tree) all.push({ _or: [{ namespace: { _eq: tree } }, { namespace: { _starts_with: `${tree}.` } }] })
  if (view.search) all.push(matching(view.search, view.deep))
  if (view.kinds.length) all.push({ type: { _in: view.kinds } })
  if (view.ends === 'never' || view.ends === 'ever') all.push({ expires_at: { _is_null: view.ends === 'never' } })
  if (view.ends === 'day' || view.ends === 'week') all.push({ expires_at: { _lt: instant(now + SPANS[view.ends]) } })
  if (view.since) all.push({ updated: { _gt: instant(now - SPANS[view.since]) } })
  const where = all.length === 1 ? all[0]! : all.length ? { _and: all } : {}
  return { namespace: tree || !view.namespace ? '*' : view.namespace, where }
}

/** The order, down to the last tie, so that pages neither repeat nor skip a pair. */
export function order({ sort }: View): OrderBy {
  // The order of the index on addresses: any page of a million is there without sorting.
  const address: OrderBy = [{ namespace: 'asc' }, { key: 'asc' }]
  if (!sort) return address
  const first = { [sort.column]: sort.descending ? 'desc_nulls_last' : 'asc_nulls_last' } as OrderBy[number]
  return [first, ...address.filter((field) => !(sort.column in field))]
}

const SPANS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 }

/** To the minute, so that a view that is shown again is the same question. */
function instant(time: number): string {
  return new Date(Math.floor(time / 60_000) * 60_000).toISOString()
}

/** `*` and `?` as in file names, over the whole key; without them, the text anywhere in key or description. */
function matching(search: string, deep: boolean): Where {
  const start = /^([^*?]+)\*$/.exec(search)?.[1]
  // By index, where the start is known.
  if (start && !deep) return { key: { _starts_with: start } }
  const escaped = search.replace(/[\\%_]/g, '\\$&')
  const wild = /[*?]/.test(search)
  const pattern = wild ? escaped.replaceAll('*', '%').replaceAll('?', '_') : `%${escaped}%`
  const places: Where[] = [{ key: wild ? { _like: pattern } : { _ilike: pattern } }]
  if (!wild) places.push({ description: { _ilike: pattern } })
  if (deep) places.push({ value: { _cast: { String: { _ilike: wild ? `%${pattern}%` : pattern } } } })
  return places.length === 1 ? places[0]! : { _or: places }
}
