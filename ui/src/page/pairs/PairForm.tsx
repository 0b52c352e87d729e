import { Alert, Autocomplete, Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react'

import { said, troubleOf } from '../api/errors'
import { useNamespaces } from '../api/namespaces'
import { type Pair, SET } from '../api/pairs'
import { useSession } from '../session'
import { KIND_NAMES, KINDS, type Kind } from '../values/kinds'
import { Conflict } from './Conflict'
import { deleteSoon } from './deletes'
import { type Draft, draftOf, inputOf, newDraft, problemsOf, same, withKind } from './draft'
import { ExpiryField } from './ExpiryField'
import { Facts } from './Facts'
import { leave } from './leave'
import { SizeMeter } from './SizeMeter'
import { useUnsavedGuard } from './useUnsavedGuard'
import { ValueField } from './ValueField'

interface Props {
  /** The pair as it is on the server now; none for one to be made. */
  pair: Pair | undefined
  /** Whether the pair was deleted meanwhile. */
  gone: boolean
  /** What a new form starts with. */
  start?: Draft
}

/** The form of one pair. */
export function PairForm({ pair, gone, start }: Props) {
  const { client, may } = useSession()
  const cache = useQueryClient()
  // What the draft is based on. The server's may have moved on.
  const [base, setBase] = useState(pair)
  const [draft, setDraft] = useState(() => (pair ? draftOf(pair) : (start ?? newDraft('default'))))
  const [tried, setTried] = useState(false)

  const original = base ? draftOf(base) : (start ?? newDraft('default'))
  const dirty = !same(draft, original)
  const moved = Boolean(pair && base && pair.version !== base.version)
  const readOnly = !may(pair ? 'update:key-value' : 'create:key-value')
  const problems = problemsOf(draft)
  const shown = tried ? problems : {}

  // Nothing of one's own is lost by taking what is there now.
  useEffect(() => {
    if (!moved || dirty || !pair) return
    setBase(pair)
    setDraft(draftOf(pair))
  }, [moved, dirty, pair])
  const question = useUnsavedGuard(dirty)

  const save = useMutation({
    mutationFn: (over: number) => client.request(SET, { input: inputOf(draft, over, pair?.expires_at ?? null) }),
    onSuccess: () => {
      notifications.show({ message: `${draft.key} saved`, autoClose: 2500 })
      leave()
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ['pairs'] }),
  })
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setTried(true)
    if (Object.keys(problems).length === 0 && !readOnly) save.mutate(gone ? 0 : (base?.version ?? 0))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || !['s', 'Enter'].includes(event.key)) return
    event.preventDefault()
    submit()
  }
  const edit = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const remove = () => {
    if (!pair) return
    leave()
    deleteSoon(pair, client, cache)
  }

  return (
    <form onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      {question}
      <Stack gap="md">
        {pair ? (
          <Facts pair={pair} />
        ) : (
          <NewAddress draft={draft} edit={edit} problems={shown} />
        )}
        {gone && (
          <Alert color="orange" role="alert" title="This pair was deleted meanwhile">
            Saving makes it again.
          </Alert>
        )}
        {moved && dirty && pair && (
          <Conflict
            mine={draft}
            theirs={pair}
            saving={save.isPending}
            onTakeTheirs={() => {
              setBase(pair)
              setDraft(draftOf(pair))
              save.reset()
            }}
            onKeepMine={() => save.mutate(pair.version)}
          />
        )}
        <Select
          label="Type"
          allowDeselect={false}
          disabled={readOnly}
          data={KINDS.map((kind) => ({ value: kind, label: KIND_NAMES[kind] }))}
          value={draft.kind}
          onChange={(kind) => kind && setDraft(withKind(draft, kind as Kind))}
        />
        <ValueField
          draft={draft}
          readOnly={readOnly}
          error={shown.value}
          autoFocus={Boolean(pair)}
          onChange={(field) => edit({ field })}
        />
        <SizeMeter draft={draft} />
        <Textarea
          label="Description"
          autosize
          minRows={1}
          maxRows={6}
          readOnly={readOnly}
          value={draft.description}
          onChange={(event) => edit({ description: event.currentTarget.value })}
        />
        <ExpiryField
          expiry={draft.expiry}
          ends={pair?.expires_at ?? undefined}
          readOnly={readOnly}
          error={shown.expiry}
          onChange={(expiry) => edit({ expiry })}
        />
        {save.error && !moved && (
          <Alert color="red" role="alert" title="Not saved">
            {refusal(save.error, pair)}
          </Alert>
        )}
        <Group justify="space-between" className="form-end">
          {pair && !gone && may('delete:key-value') ? (
            <Button variant="subtle" color="red" leftSection={<IconTrash size={14} />} onClick={remove}>
              Delete
            </Button>
          ) : (
            <span />
          )}
          {readOnly ? (
            <Text size="sm" c="dimmed">
              The token may look, not write.
            </Text>
          ) : (
            <Button type="submit" size="sm" loading={save.isPending} disabled={!dirty && Boolean(pair) && !gone}>
              Save
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}

interface NewAddressProps {
  draft: Draft
  edit: (changes: Partial<Draft>) => void
  problems: { namespace?: string; key?: string }
}

function NewAddress({ draft, edit, problems }: NewAddressProps) {
  const { data } = useNamespaces()
  return (
    <>
      <Autocomplete
        size="xs"
        label="Namespace"
        description="One that is not there yet is made."
        data={data?.map(({ name }) => name) ?? []}
        limit={50}
        value={draft.namespace}
        error={problems.namespace}
        onChange={(namespace) => edit({ namespace })}
      />
      <TextInput
        label="Key"
        data-autofocus
        required
        withAsterisk={false}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={draft.key}
        error={problems.key}
        onChange={(event) => edit({ key: event.currentTarget.value })}
      />
    </>
  )
}

/** The server's refusal; of what the page knows better, in its own words. */
function refusal(error: Error, pair: Pair | undefined): string {
  if (troubleOf(error) === 'conflict' && !pair) return 'There is a pair with this key in this namespace already.'
  return said(error)
}
