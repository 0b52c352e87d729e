import { useHotkeys, useLocalStorage } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'

import { useNow } from '../api/live'
import { COUNT, LIST, type Row } from '../api/pairs'
import { setParams, useRoute } from '../frame/route'
import { useSession } from '../session'
import { BulkBar } from './BulkBar'
import { useDeleted } from './deletes'
import { PairDrawer } from './PairDrawer'
import { Pager } from './Pager'
import { PairsTable } from './PairsTable'
import { PairsState } from './PairsState'
import { Toolbar } from './Toolbar'
import { TreeView } from './TreeView'
import { condition, order, readView, type View } from './view'

const NO_ROWS: Row[] = []

/** The pairs: found, listed, and one of them opened. */
export function PairsPage() {
  const { params } = useRoute()
  const view = useMemo(() => readView(params), [params])
  const tree = params.get('as') === 'tree'
  const open = params.get('open')
  const searchRef = useRef<HTMLInputElement>(null)
  const [visible, setVisible] = useLocalStorage<Record<string, boolean>>({ key: 'highwater.columns', defaultValue: {} })
  const { may } = useSession()

  useHotkeys([
    ['/', () => searchRef.current?.focus()],
    ['n', () => may('create:key-value') && setParams({ open: 'new', tab: undefined })],
  ])

  return (
    <>
      <h1 className="sr-only">Pairs</h1>
      <Toolbar view={view} tree={tree} searchRef={searchRef} visible={visible} onVisible={setVisible} />
      {tree ? <TreeView namespace={view.namespace} /> : <Listed view={view} visible={visible} />}
      {open && <PairDrawer key={open} id={open === 'new' ? undefined : open} />}
    </>
  )
}

function Listed({ view, visible }: { view: View; visible: Record<string, boolean> }) {
  const { client } = useSession()
  const now = useNow(10_000)
  const deleted = useDeleted()
  const [selected, setSelected] = useState<ReadonlyMap<string, Row>>(new Map())

  // A new look at the clock only with a new question: it is part of the question.
  const asked = useMemo(() => ({ ...condition(view, Date.now()), order_by: order(view) }), [view])
  const { namespace, where } = asked
  const list = useQuery({
    queryKey: ['pairs', 'list', asked, view.page, view.size],
    queryFn: async ({ signal }) => {
      const page = { limit: view.size, offset: (view.page - 1) * view.size }
      return (await client.request(LIST, { ...asked, ...page }, { signal })).key_value
    },
    placeholderData: keepPreviousData,
  })
  // A page that is not full is the last, and says how many there are.
  const seen = list.data && !list.isPlaceholderData ? list.data.length : undefined
  const ends = seen !== undefined && seen < view.size && (seen > 0 || view.page === 1)
  // On its own: counting a million takes longer than showing fifty.
  const counted = useQuery({
    enabled: seen !== undefined && !ends,
    queryKey: ['pairs', 'count', namespace, where],
    queryFn: async ({ signal }) => {
      const { key_value_aggregate: found } = await client.request(COUNT, { namespace, where }, { signal })
      return found.aggregate?.count ?? 0
    },
    placeholderData: keepPreviousData,
  })

  const total = ends ? (view.page - 1) * view.size + seen : counted.data
  const filter = JSON.stringify([namespace, where])
  useEffect(() => setSelected(new Map()), [filter])

  const rows = useMemo(() => (list.data ?? NO_ROWS).filter(({ id }) => !deleted.has(id)), [list.data, deleted])
  if (!list.data || (list.error && !list.isFetching)) {
    return <PairsState view={view} error={list.error} onRetry={() => void list.refetch()} />
  }
  if (rows.length === 0 && view.page === 1) return <PairsState view={view} error={null} empty />
  return (
    <>
      <PairsTable
        rows={rows}
        view={view}
        visible={visible}
        now={now}
        stale={list.isPlaceholderData}
        selected={selected}
        onSelected={setSelected}
      />
      <Pager view={view} shown={rows.length} total={total} />
      <BulkBar selected={selected} onDone={() => setSelected(new Map())} />
    </>
  )
}
