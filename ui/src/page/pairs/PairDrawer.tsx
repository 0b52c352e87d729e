import { Drawer, Tabs, Text } from '@mantine/core'
import { IconTrashX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { PAIR, type Pair } from '../api/pairs'
import { useRoute } from '../frame/route'
import { useSession } from '../session'
import { CodeTab } from './CodeTab'
import { newDraft } from './draft'
import { close } from './leave'
import { PairForm } from './PairForm'
import { Failed, Loading, Message } from './PairsState'

/** One pair beside the table: to look at, change, or make where it has no id. */
export function PairDrawer({ id }: { id: string | undefined }) {
  const { params } = useRoute()
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="min(42rem, 100vw)"
      title={id ? 'Pair' : 'New pair'}
      classNames={{ body: 'drawer-body' }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {id ? <Existing id={id} tab={params.get('tab')} /> : <New />}
    </Drawer>
  )
}

function New() {
  const { params } = useRoute()
  const namespace = params.get('in_namespace') ?? params.get('namespace')?.replace(/\.\*$/, '')
  const [draft] = useState(() => ({ ...newDraft(namespace || 'default'), key: params.get('key') ?? '' }))
  return <PairForm start={draft} pair={undefined} gone={false} />
}

function Existing({ id, tab: first }: { id: string; tab: string | null }) {
  const { client } = useSession()
  const [tab, setTab] = useState(first === 'code' ? 'code' : 'pair')
  const { data, error, refetch } = useQuery({
    queryKey: ['pairs', 'one', id],
    queryFn: async ({ signal }) => (await client.request(PAIR, { id }, { signal })).key_value_by_pk ?? null,
  })
  // Once it was there, the form stays, also when the pair goes meanwhile.
  const [last, setLast] = useState<Pair>()
  if (data && data !== last) setLast(data)
  if (error && !last) return <Failed error={error} onRetry={() => void refetch()} />
  if (data === null && !last) {
    return (
      <Message icon={<IconTrashX />} title="This pair is gone">
        <Text c="dimmed">It was deleted or expired, or the token does not reach it.</Text>
      </Message>
    )
  }
  const pair = data ?? last
  if (!pair) return <Loading />
  return (
    <Tabs value={tab} onChange={(next) => setTab(next ?? 'pair')}>
      <Tabs.List>
        <Tabs.Tab value="pair">Pair</Tabs.Tab>
        <Tabs.Tab value="code">Code to paste</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="pair" pt="md">
        <PairForm pair={pair} gone={data === null} />
      </Tabs.Panel>
      <Tabs.Panel value="code" pt="md">
        <CodeTab pair={pair} />
      </Tabs.Panel>
    </Tabs>
  )
}
