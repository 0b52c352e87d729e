import { Alert, Anchor, Button, Checkbox, Code, Paper, PasswordInput, Text, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'

import icon from '../../shared/icon.svg'
import { readToken } from '../../shared/token'

interface Props {
  /** Why the last token is no longer used. */
  refused: string | undefined
  onUse: (token: string, remember: boolean) => void
}

/** Where a token is given. */
export function Login({ refused, onUse }: Props) {
  const [draft, setDraft] = useState('')
  const [remember, setRemember] = useState(false)
  const token = readToken(draft)
  const malformed = token === undefined

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (token) onUse(token, remember)
  }

  return (
    <main className="login">
      <Paper component="form" withBorder shadow="sm" p="xl" className="login-card" onSubmit={submit}>
        <img src={icon} alt="" width={40} height={40} />
        <Title order={1} size="h2">
          Highwater
        </Title>
        <Text c="dimmed" size="sm">
          A key-value store for data pipelines
        </Text>
        {refused && (
          <Alert color="red" role="alert" title="The server does not take this token">
            {refused}
          </Alert>
        )}
        <PasswordInput
          label="Token"
          placeholder="paste it here"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          autoFocus
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          error={malformed && 'A token is one line of plain characters.'}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
        />
        <Checkbox
          label="Remember me on this computer"
          description="Otherwise the token goes when this tab is closed."
          checked={remember}
          onChange={(event) => setRemember(event.currentTarget.checked)}
        />
        <Button type="submit" size="sm" fullWidth disabled={!token}>
          Open
        </Button>
        <Text size="sm" c="dimmed">
          The server printed a first token when it started for the first time. Where it runs,{' '}
          <Code>highwater token create</Code> makes more.
        </Text>
        <Text size="sm" c="dimmed">
          A program needs no page: see <Anchor href="/graphiql">GraphiQL</Anchor>.
        </Text>
      </Paper>
    </main>
  )
}
