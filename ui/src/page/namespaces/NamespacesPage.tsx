import { ActionIcon, Alert, Button, Checkbox, Group, Menu, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'

import { said } from '../api/errors'
import { useNow } from '../api/live'
import { CREATE_NAMESPACE, DELETE_NAMESPACE, type Namespace, UPDATE_NAMESPACE, useNamespaces } from '../api/namespaces'
import { href } from '../frame/route'
import { Instant } from '../pairs/Instant'
import { Failed, Loading } from '../pairs/PairsState'
import { useSession } from '../session'
import { count } from '../values/size'

type Open = { what: 'make' } | { what: 'describe' | 'delete'; namespace: Namespace }

/** The namespaces that the token reaches. */
export default function NamespacesPage() {
  const { may } = useSession()
  const now = useNow(10_000)
  const [open, setOpen] = useState<Open>()
  const { data, error, refetch } = useNamespaces()
  if (error) return <Failed error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading />
  const close = () => setOpen(undefined)
  return (
    <>
      <div className="page-head">
        <h1>Namespaces</h1>
        <Text size="sm" c="dimmed">
          Where pairs live. The first pair in one makes it.
        </Text>
        <span className="spring" />
        {may('create:key-value') && (
          <Button leftSection={<IconPlus size={14} />} onClick={() => setOpen({ what: 'make' })}>
            New namespace
          </Button>
        )}
      </div>
      <div className="table-frame">
        <table className="pairs plain-table">
          <caption className="sr-only">Namespaces</caption>
          <thead>
            <tr>
              <th>Name</th>
              <th className="right">Pairs</th>
              <th>Description</th>
              <th>Created</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((namespace) => (
              <tr key={namespace.name}>
                <td>
                  <a className="mono key" href={href('pairs', { namespace: namespace.name })}>
                    {namespace.name}
                  </a>
                </td>
                <td className="right">{count(namespace.pairs)}</td>
                <td>{namespace.description}</td>
                <td>
                  <Instant at={namespace.created} now={now} />
                </td>
                <td>
                  <Menu>
                    <Menu.Target>
                      <ActionIcon size="sm" aria-label={`Actions for ${namespace.name}`}>
                        <IconDots size={16} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item component="a" href={href('pairs', { namespace: namespace.name, open: 'new' })}>
                        New pair in it
                      </Menu.Item>
                      <Menu.Item onClick={() => setOpen({ what: 'describe', namespace })}>Describe</Menu.Item>
                      {may('delete:key-value') && (
                        <Menu.Item color="red" onClick={() => setOpen({ what: 'delete', namespace })}>
                          Delete
                        </Menu.Item>
                      )}
                    </Menu.Dropdown>
                  </Menu>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {open?.what === 'make' && <Write onClose={close} />}
      {open?.what === 'describe' && <Write namespace={open.namespace} onClose={close} />}
      {open?.what === 'delete' && <Delete namespace={open.namespace} onClose={close} />}
    </>
  )
}

/** Makes a namespace, or describes one. */
function Write({ namespace, onClose }: { namespace?: Namespace; onClose: () => void }) {
  const { client } = useSession()
  const cache = useQueryClient()
  const [name, setName] = useState(namespace?.name ?? '')
  const [description, setDescription] = useState(namespace?.description ?? '')
  const write = useMutation({
    mutationFn: async () => {
      const input = { name: name.trim(), description: description || null }
      if (namespace) await client.request(UPDATE_NAMESPACE, { input })
      else await client.request(CREATE_NAMESPACE, { input })
    },
    onSuccess: onClose,
    onSettled: () => cache.invalidateQueries({ queryKey: ['pairs', 'namespaces'] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    write.mutate()
  }
  const title = namespace ? `Describe ${namespace.name}` : 'New namespace'
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack>
          {!namespace && (
            <TextInput
              label="Name"
              description="Letters, digits, _ and -, in parts joined by dots: company.team"
              data-autofocus
              required
            withAsterisk={false}
              classNames={{ input: 'mono' }}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <Textarea
            label="Description"
            autosize
            data-autofocus={namespace ? true : undefined}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {write.error && (
            <Alert color="red" role="alert" title="Not saved">
              {said(write.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={write.isPending} disabled={!name.trim()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Delete({ namespace, onClose }: { namespace: Namespace; onClose: () => void }) {
  const { client } = useSession()
  const cache = useQueryClient()
  const [force, setForce] = useState(false)
  const { name, pairs } = namespace
  const remove = useMutation({
    mutationFn: () => client.request(DELETE_NAMESPACE, { input: { name, force } }),
    onSuccess: () => {
      notifications.show({ message: `${name} deleted` })
      onClose()
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ['pairs'] }),
  })
  return (
    <Modal opened onClose={onClose} title={`Delete ${name}?`}>
      <Stack>
        {pairs > 0 ? (
          <Checkbox
            label={`Delete the ${count(pairs)} ${pairs === 1 ? 'pair' : 'pairs'} in it too`}
            checked={force}
            onChange={(event) => setForce(event.currentTarget.checked)}
          />
        ) : (
          <Text size="sm">It holds no pairs.</Text>
        )}
        {remove.error && (
          <Alert color="red" role="alert" title="Not deleted">
            {said(remove.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>
            Keep it
          </Button>
          <Button color="red" disabled={pairs > 0 && !force} loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
