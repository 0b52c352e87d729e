import { ActionIcon, Select, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconFileSearch, IconRefresh } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { AUDIT, type Entry, NAMES } from '../api/audit'
import { useNow } from '../api/live'
import { href, setParams, useRoute } from '../frame/route'
import { SearchField } from '../frame/SearchField'
import { Instant } from '../pairs/Instant'
import { Failed, Loading, Message } from '../pairs/PairsState'
import { useSession } from '../session'
import { auditWhere, type AuditView, OPERATIONS, PAGE, readAuditView } from './view'

const OPERATION_NAMES = new Map(OPERATIONS)

/** Who did what, when, from where, and whether it was allowed. */
export default function AuditPage() {
  const { client } = useSession()
  const { params } = useRoute()
  const view = useMemo(() => readAuditView(params), [params])
  const where = useMemo(() => auditWhere(view, Date.now()), [view])
  const now = useNow(10_000)
  const list = useQuery({
    queryKey: ['audit', where, view.page],
    queryFn: async ({ signal }) => {
      // One more than is shown: whether there is another page.
      const page = { limit: PAGE + 1, offset: (view.page - 1) * PAGE }
      return (await client.request(AUDIT, { where, ...page }, { signal })).audit_log
    },
    placeholderData: keepPreviousData,
  })
  const names = useQuery({
    queryKey: ['names'],
    queryFn: async ({ signal }) => {
      const { user_view_same_tenant: users } = await client.request(NAMES, {}, { signal })
      return new Map(users.map(({ id, username }) => [id, username]))
    },
  })

  return (
    <>
      <div className="page-head">
        <h1>Audit</h1>
        <Text size="sm" c="dimmed">
          Who did what, when and from where. Values and tokens are never in it.
        </Text>
        <span className="spring" />
        <ActionIcon aria-label="Read again" loading={list.isFetching} onClick={() => void list.refetch()}>
          <IconRefresh size={16} />
        </ActionIcon>
      </div>
      <Filters view={view} />
      {list.error ? (
        <Failed error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Loading />
      ) : list.data.length === 0 ? (
        <Message icon={<IconFileSearch />} title="Nothing like that">
          <Text c="dimmed">No entry fits these filters.</Text>
        </Message>
      ) : (
        <Entries entries={list.data.slice(0, PAGE)} names={names.data} now={now} />
      )}
      <nav className="pager" aria-label="Pages">
        <Text size="xs" c="dimmed">
          Page {view.page}
        </Text>
        <span className="spring" />
        <ActionIcon
          aria-label="Later entries"
          disabled={view.page === 1}
          onClick={() => setParams({ page: view.page > 2 ? String(view.page - 1) : undefined })}
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
        <ActionIcon
          aria-label="Earlier entries"
          disabled={(list.data?.length ?? 0) <= PAGE}
          onClick={() => setParams({ page: String(view.page + 1) })}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </nav>
    </>
  )
}

interface EntriesProps {
  entries: Entry[]
  names: Map<string, string> | undefined
  now: number
}

function Entries({ entries, names, now }: EntriesProps) {
  return (
    <div className="table-frame">
      <table className="pairs plain-table">
        <caption className="sr-only">Entries of the audit log, the latest first</caption>
        <thead>
          <tr>
            <th>When</th>
            <th>What</th>
            <th>Of</th>
            <th>Outcome</th>
            <th>Who</th>
            <th>From</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                <Instant at={entry.at} now={now} />
              </td>
              <td title={entry.operation}>
                {OPERATION_NAMES.get(entry.operation) ?? entry.operation}
                {entry.count > 1 && <span className="dim"> × {entry.count}</span>}
              </td>
              <td>
                <About entry={entry} />
              </td>
              <td>
                <span className="outcome" data-allowed={entry.allowed}>
                  {entry.allowed ? 'done' : (entry.reason?.replaceAll('_', ' ') ?? 'refused')}
                </span>
              </td>
              <td title={entry.subject}>{names?.get(entry.user_id ?? '') ?? entry.subject}</td>
              <td className="mono">{entry.address ?? 'the server itself'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function About({ entry: { namespace, key, object_id } }: { entry: Entry }) {
  if (key !== null && key !== undefined) {
    return (
      <>
        <a className="mono key" href={href('pairs', { namespace: namespace ?? undefined, q: key })}>
          {key}
        </a>
        {namespace && <span className="dim"> in {namespace}</span>}
      </>
    )
  }
  if (namespace === '*') return <span className="dim">all namespaces</span>
  if (namespace) return <span className="mono">{namespace}</span>
  return object_id ? <span className="mono dim">{object_id}</span> : null
}

function Filters({ view }: { view: AuditView }) {
  return (
    <div className="toolbar">
      <div className="toolbar-row">
        <SearchField label="Key" name="key" value={view.key} />
        <SearchField label="Who or from where" name="who" value={view.who} />
        <Select
          aria-label="What was done"
          placeholder="Anything"
          clearable
          searchable
          data={OPERATIONS.map(([value, label]) => ({ value, label }))}
          value={view.operation || null}
          onChange={(operation) => setParams({ operation: operation ?? undefined, page: undefined })}
        />
        <Select
          aria-label="Outcome"
          placeholder="Done or refused"
          clearable
          data={[
            { value: 'allowed', label: 'Done' },
            { value: 'refused', label: 'Refused' },
          ]}
          value={view.outcome || null}
          onChange={(outcome) => setParams({ outcome: outcome ?? undefined, page: undefined })}
        />
        <Select
          aria-label="When"
          placeholder="Any time"
          clearable
          data={[
            { value: 'hour', label: 'In the last hour' },
            { value: 'day', label: 'In the last day' },
            { value: 'week', label: 'In the last week' },
          ]}
          value={view.since || null}
          onChange={(since) => setParams({ since: since ?? undefined, page: undefined })}
        />
      </div>
    </div>
  )
}
