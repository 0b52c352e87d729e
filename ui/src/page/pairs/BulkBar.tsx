import { Button, Code, Group, List, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'

import { said } from '../api/errors'
import { DELETE_MANY, type Row } from '../api/pairs'
import { useSession } from '../session'
import { count } from '../values/size'

interface Props {
  selected: ReadonlyMap<string, Row>
  onDone: () => void
}

/** What can be done with the rows that were selected. */
export function BulkBar({ selected, onDone }: Props) {
  const { client, may } = useSession()
  const cache = useQueryClient()
  const [asking, ask] = useDisclosure(false)
  const rows = [...selected.values()]
  const pairs = `${count(rows.length)} ${rows.length === 1 ? 'pair' : 'pairs'}`

  const remove = useMutation({
    mutationFn: async () => {
      let gone = 0
      for (const namespace of new Set(rows.map((row) => row.namespace))) {
        const keys = rows.filter((row) => row.namespace === namespace).map(({ key }) => key)
        const { delete_key_values: deleted } = await client.request(DELETE_MANY, { namespace, keys })
        gone += deleted?.affected_rows ?? 0
      }
      return gone
    },
    onSuccess: (gone) => {
      notifications.show({ message: `${count(gone)} deleted` })
      onDone()
    },
    onSettled: () => {
      ask.close()
      return cache.invalidateQueries({ queryKey: ['pairs'] })
    },
    onError: (error) => notifications.show({ color: 'red', title: 'Not all deleted', message: said(error), autoClose: false }),
  })

  if (rows.length === 0) return null
  return (
    <>
      <div className="bulk" role="region" aria-label="Selected pairs">
        <Text size="sm">{pairs} selected</Text>
        <Button variant="subtle" onClick={onDone}>
          Clear
        </Button>
        {may('delete:key-value') && (
          <Button color="red" leftSection={<IconTrash size={14} />} onClick={ask.open}>
            Delete
          </Button>
        )}
      </div>
      <Modal opened={asking} onClose={ask.close} title={`Delete ${pairs}?`}>
        <List size="sm" className="doomed">
          {rows.slice(0, 10).map((row) => (
            <List.Item key={row.id}>
              <Code>{row.key}</Code> <span className="dim">in {row.namespace}</span>
            </List.Item>
          ))}
          {rows.length > 10 && <List.Item>and {count(rows.length - 10)} more</List.Item>}
        </List>
        <Text size="sm" mt="sm">
          This cannot be undone.
        </Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" data-autofocus onClick={ask.close}>
            Keep them
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete {pairs}
          </Button>
        </Group>
      </Modal>
    </>
  )
}
