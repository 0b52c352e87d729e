import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useTable } from '@tanstack/react-table'
import { type KeyboardEvent, useMemo } from 'react'

import type { Row } from '../api/pairs'
import { setParams } from '../frame/route'
import { useSession } from '../session'
import { columns, features } from './columns'
import { deleteSoon } from './deletes'
import { SORTABLE, type View } from './view'

interface Props {
  rows: Row[]
  view: View
  visible: Record<string, boolean>
  now: number
  /** Whether these rows answer an older question, until the new answer is there. */
  stale: boolean
  selected: ReadonlyMap<string, Row>
  onSelected: (selected: ReadonlyMap<string, Row>) => void
}

/** A page of pairs. Arrows go from row to row, Enter and `e` open, Space selects, Delete deletes. */
export function PairsTable({ rows, view, visible, now, stale, selected, onSelected }: Props) {
  const { client, may } = useSession()
  const cache = useQueryClient()
  const rowSelection = useMemo(() => Object.fromEntries([...selected.keys()].map((id) => [id, true as const])), [selected])
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: (row) => row.id,
    meta: { now },
    state: { columnVisibility: visible, rowSelection },
    onRowSelectionChange: (update) => {
      const next = typeof update === 'function' ? update(rowSelection) : update
      // Rows of other pages stay selected as they were read there.
      const known = new Map([...selected, ...rows.map((row) => [row.id, row] as const)])
      onSelected(new Map([...known].filter(([id]) => next[id])))
    },
  })

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-key]')]
    const at = links.findIndex((link) => link.closest('tr') === (event.target as HTMLElement).closest('tr'))
    const row = rows[at]
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
    if (to !== undefined) links[Math.max(0, Math.min(to, links.length - 1))]?.focus()
    else if (event.key === 'e') setParams({ open: row.id })
    else if (event.key === ' ' && event.target instanceof HTMLAnchorElement) table.getRow(row.id).toggleSelected()
    else if (event.key === 'Delete' && may('delete:key-value')) {
      deleteSoon(row, client, cache)
      links[at + 1]?.focus()
    } else return
    event.preventDefault()
  }

  return (
    <div className="table-frame" data-stale={stale || undefined} aria-busy={stale}>
      <table className="pairs">
        <caption className="sr-only">Pairs. Arrow keys go from row to row, Enter opens one.</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <Head key={header.id} id={header.column.id} view={view}>
                  <table.FlexRender header={header} />
                </Head>
              ))}
            </tr>
          ))}
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} data-selected={row.getIsSelected() || undefined}>
              {row.getVisibleCells().map((cell) => (
                <td key={cell.id} data-column={cell.column.id}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface HeadProps {
  id: string
  view: View
  children: React.ReactNode
}

function Head({ id, view, children }: HeadProps) {
  const column = SORTABLE.find((name) => name === id)
  if (!column) return <th data-column={id}>{children}</th>
  const sorted = view.sort?.column === column ? view.sort : undefined
  // Down, up, and back to the order that needs no sorting.
  const first = column === 'updated' || column === 'version' ? '-' : ''
  const other = first ? '' : '-'
  const next = !sorted ? first : sorted.descending === Boolean(first) ? other : undefined
  const Arrow = sorted?.descending ? IconArrowDown : IconArrowUp
  return (
    <th data-column={id} aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        onClick={() => setParams({ sort: next === undefined ? undefined : `${next}${column}`, page: undefined })}
      >
        {children}
        {sorted && <Arrow size={13} aria-hidden />}
      </button>
    </th>
  )
}
