import { Button, Group, Loader, Text, Title } from '@mantine/core'

import { said, troubleOf } from '../api/errors'

interface Props {
  error: Error | null
  onRetry: () => void
  onLeave: () => void
}

/** Until the server has said who the token stands for; or what keeps it from that. */
export function Waiting({ error, onRetry, onLeave }: Props) {
  if (!error) {
    return (
      <main className="login" aria-busy>
        <Loader aria-label="Asking the server" />
      </main>
    )
  }
  return (
    <main className="login">
      <div className="empty" role="alert">
        <Title order={1} size="h3">
          {troubleOf(error) === 'offline' ? 'The server cannot be reached' : 'The server cannot answer'}
        </Title>
        <Text c="dimmed">{said(error)}</Text>
        <Group justify="center">
          <Button onClick={onRetry}>Try again</Button>
          <Button variant="default" onClick={onLeave}>
            Use another token
          </Button>
        </Group>
      </div>
    </main>
  )
}
