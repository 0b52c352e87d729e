import { Alert, Button, Group, Modal, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'

import { said } from '../api/errors'
import { branches, useNamespaces } from '../api/namespaces'
import { CREATE_TOKEN, ROLES } from '../api/tokens'
import { copy } from '../pairs/copy'
import { useSession } from '../session'
import { prefectLines } from '../values/snippets'

const LIVES: [string, string][] = [
  ['1', '1 day'],
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'A year'],
]

/** Makes a token, and shows it once. */
export function NewToken({ onClose }: { onClose: () => void }) {
  const { client, who } = useSession()
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const [role, setRole] = useState<string | null>(null)
  const [within, setWithin] = useState<string[]>([])
  const namespaces = useNamespaces()
  const roles = useQuery({
    queryKey: ['roles'],
    queryFn: async ({ signal }) => (await client.request(ROLES, {}, { signal })).auth_role,
  })

  const make = useMutation({
    mutationFn: async () => {
      const expires_at = new Date(Date.now() + Number(days) * 86_400_000).toISOString()
      const narrowed = { ...(role && { role_id: role }), ...(within.length > 0 && { namespaces: within }) }
      const input = { name: name.trim(), user_id: who.userId ?? '', expires_at, ...narrowed }
      return (await client.request(CREATE_TOKEN, { input })).create_api_key?.key ?? ''
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: ['tokens'] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) make.mutate()
  }

  if (make.data) return <Made name={name} token={make.data} onClose={onClose} />
  return (
    <Modal opened onClose={onClose} title="New token" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            description="What it is for, as you will read it in the list."
            data-autofocus
            required
            withAsterisk={false}
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Expires after"
            allowDeselect={false}
            data={LIVES.map(([value, label]) => ({ value, label }))}
            value={days}
            onChange={(next) => setDays(next ?? '90')}
          />
          <Select
            label="Role"
            description="What it may do; never more than you."
            placeholder="As I"
            clearable
            data={roles.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
            value={role}
            onChange={setRole}
          />
          <TagsInput
            label="Namespaces"
            description="What it reaches: names, or name.* for one and all below."
            placeholder={within.length > 0 ? '' : 'All that I reach'}
            data={branches(namespaces.data?.map(({ name }) => name) ?? [])}
            clearable
            value={within}
            onChange={setWithin}
          />
          {make.error && (
            <Alert color="red" role="alert" title="Not made">
              {said(make.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending} disabled={!name.trim()}>
              Make the token
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Made({ name, token, onClose }: { name: string; token: string; onClose: () => void }) {
  const lines = prefectLines(location.origin, token)
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      size="lg"
      title={`The token ${name}`}
    >
      <Stack>
        <Alert color="orange" title="Copy it now">
          The server keeps no copy: once this is closed, nobody can show it again.
        </Alert>
        <Shown label="Token" text={token} />
        <Text size="sm">For Prefect 1.x:</Text>
        <Shown label="Prefect lines" text={lines} />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have copied it</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Shown({ label, text }: { label: string; text: string }) {
  return (
    <div className="shown">
      <pre className="code" tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <Button
        variant="default"
        leftSection={<IconCopy size={14} />}
        aria-label={`Copy the ${label}`}
        onClick={() => void copy(label, text)}
      >
        Copy
      </Button>
    </div>
  )
}
