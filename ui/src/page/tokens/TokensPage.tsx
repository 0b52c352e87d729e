import { Button, Group, Modal, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { said } from '../api/errors'
import { useNow } from '../api/live'
import { REVOKE_TOKEN, type Token, TOKENS } from '../api/tokens'
import { Instant } from '../pairs/Instant'
import { Failed, Loading } from '../pairs/PairsState'
import { useSession } from '../session'
import { NewToken } from './NewToken'

/** The tokens that the caller may see. */
export default function TokensPage() {
  const { client, may } = useSession()
  const now = useNow(10_000)
  const [making, setMaking] = useState(false)
  const [doomed, setDoomed] = useState<Token>()
  const { data, error, refetch } = useQuery({
    queryKey: ['tokens'],
    queryFn: async ({ signal }) => (await client.request(TOKENS, {}, { signal })).auth_api_key,
  })
  if (error) return <Failed error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <>
      <div className="page-head">
        <h1>Tokens</h1>
        <Text size="sm" c="dimmed">
          What programs and people show to the server. A token itself is shown only once, when it is made.
        </Text>
        <span className="spring" />
        {may('create:api-key') && (
          <Button leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
            New token
          </Button>
        )}
      </div>
      <div className="table-frame">
        <table className="pairs plain-table">
          <caption className="sr-only">Tokens</caption>
          <thead>
            <tr>
              <th>Name</th>
              <th>Held by</th>
              <th>Created</th>
              <th>Expires</th>
              <th>Last used</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((token) => (
              <tr key={token.id}>
                <td>{token.name}</td>
                <td>{token.created_by.username}</td>
                <td>
                  <Instant at={token.created} now={now} />
                </td>
                <td>{token.expires_at ? <Instant at={token.expires_at} now={now} /> : 'never'}</td>
                <td>{token.last_used_at ? <Instant at={token.last_used_at} now={now} /> : <span className="dim">never</span>}</td>
                <td>
                  {may('delete:api-key') && (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      color="red"
                      aria-label={`Revoke ${token.name}`}
                      onClick={() => setDoomed(token)}
                    >
                      Revoke
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {making && <NewToken onClose={() => setMaking(false)} />}
      {doomed && <Revoke token={doomed} onClose={() => setDoomed(undefined)} />}
    </>
  )
}

function Revoke({ token, onClose }: { token: Token; onClose: () => void }) {
  const { client } = useSession()
  const cache = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => client.request(REVOKE_TOKEN, { id: token.id }),
    onSuccess: () => {
      notifications.show({ message: `${token.name} revoked` })
      onClose()
    },
    onError: (error) => notifications.show({ color: 'red', title: 'Not revoked', message: said(error), autoClose: false }),
    onSettled: () => cache.invalidateQueries({ queryKey: ['tokens'] }),
  })
  return (
    <Modal opened onClose={onClose} title={`Revoke ${token.name}?`}>
      <Text size="sm">Whoever uses this token is refused from then on. This cannot be undone.</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" data-autofocus onClick={onClose}>
          Keep it
        </Button>
        <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
          Revoke
        </Button>
      </Group>
    </Modal>
  )
}
