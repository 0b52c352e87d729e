import { Button, SegmentedControl, Text } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconFolder, IconKey } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'

import { useNamespaces } from '../api/namespaces'
import { BY_KEY, KEYS } from '../api/pairs'
import { setParams, useRoute } from '../frame/route'
import { useSession } from '../session'
import { Failed, Loading } from './PairsState'
import { type Branch, branch, type Separator } from './tree'

/** Keys as a tree, by `/` or `.`. A branch is read when it is opened. */
export function TreeView({ namespace }: { namespace: string }) {
  const { params } = useRoute()
  const separator: Separator = params.get('by') === '.' ? '.' : '/'
  const { data, error, refetch } = useNamespaces()
  if (error) return <Failed error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading />
  const root = namespace.replace(/\.\*$/, '')
  const shown = data.filter(({ name }) => !root || name === root || (namespace !== root && name.startsWith(`${root}.`)))
  return (
    <>
      <div className="tree-bar">
        <Text size="xs" c="dimmed">
          Branches at
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="Branches at"
          data={['/', '.']}
          value={separator}
          onChange={(by) => setParams({ by: by === '.' ? '.' : undefined })}
        />
      </div>
      <ul className="tree" aria-label="Keys" onKeyDown={walk}>
        {shown.map(({ name, pairs }) => (
          <Node key={name} label={name} note={`${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`} startsOpen={shown.length === 1}>
            <Children key={separator} namespace={name} prefix="" separator={separator} />
          </Node>
        ))}
      </ul>
      {shown.length === 0 && (
        <Text p="md" c="dimmed">
          Nothing here yet.
        </Text>
      )}
    </>
  )
}

interface NodeProps {
  label: string
  note?: string
  startsOpen?: boolean
  children: React.ReactNode
}

function Node({ label, note, startsOpen = false, children }: NodeProps) {
  const [open, setOpen] = useState(startsOpen)
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <li>
      <button type="button" className="tree-row" data-node aria-expanded={open} onClick={() => setOpen(!open)}>
        <Chevron size={14} aria-hidden />
        <IconFolder size={15} aria-hidden />
        <span className="mono">{label}</span>
        {note && <span className="dim">{note}</span>}
      </button>
      {open && children}
    </li>
  )
}

interface ChildrenProps {
  namespace: string
  prefix: string
  separator: Separator
}

function Children({ namespace, prefix, separator }: ChildrenProps) {
  const { client } = useSession()
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['pairs', 'tree', namespace, prefix, separator],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      branch(prefix, separator, pageParam, async (after, limit) => {
        const { key_value_keys: keys } = await client.request(KEYS, { namespace, prefix, after: after ?? null, limit }, { signal })
        return keys
      }),
    getNextPageParam: (page: Branch) => page.more,
  })
  if (error) return <Failed error={error} />
  if (!data) return <Text size="xs" c="dimmed" pl="xl" role="status">Loading…</Text>
  const entries = data.pages.flatMap((page) => page.entries)
  return (
    <ul>
      {entries.map((entry) =>
        entry.folder ? (
          <Node key={`/${entry.name}`} label={entry.name}>
            <Children namespace={namespace} prefix={entry.path} separator={separator} />
          </Node>
        ) : (
          <Leaf key={entry.name} namespace={namespace} pairKey={entry.path} label={entry.name || '(empty)'} />
        ),
      )}
      {hasNextPage && (
        <li>
          <Button variant="subtle" size="compact-xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </li>
      )}
    </ul>
  )
}

function Leaf({ namespace, pairKey, label }: { namespace: string; pairKey: string; label: string }) {
  const { client } = useSession()
  const open = async () => {
    const { key_value_by_key: pair } = await client.request(BY_KEY, { namespace, key: pairKey })
    // One that is gone opens as what it is: nothing.
    setParams({ open: pair?.id ?? '00000000-0000-0000-0000-000000000000' })
  }
  return (
    <li>
      <button type="button" className="tree-row" data-node onClick={() => void open()}>
        <IconKey size={14} aria-hidden className="tree-leaf" />
        <span className="mono">{label}</span>
      </button>
    </li>
  )
}

/** Arrows: up and down through what is shown, right opens, left closes or goes to the branch. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const nodes = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-node]')]
  const here = event.target as HTMLElement
  const at = nodes.indexOf(here)
  if (at < 0) return
  const expanded = here.getAttribute('aria-expanded')
  if (event.key === 'ArrowDown') nodes[at + 1]?.focus()
  else if (event.key === 'ArrowUp') nodes[at - 1]?.focus()
  else if (event.key === 'ArrowRight' && expanded === 'false') here.click()
  else if (event.key === 'ArrowRight' && expanded === 'true') nodes[at + 1]?.focus()
  else if (event.key === 'ArrowLeft' && expanded === 'true') here.click()
  else if (event.key === 'ArrowLeft') here.closest('ul')?.closest('li')?.querySelector<HTMLElement>('[data-node]')?.focus()
  else return
  event.preventDefault()
}

