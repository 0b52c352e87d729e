import { Button, Chip, FileInput, Group, Input, Skeleton, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core'
import { IconDownload, IconUpload } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useRef } from 'react'

import { fromLocalField } from '../values/time'
import { type Draft, PRESETS } from './draft'
import { download, readFile } from './files'

// CodeMirror is larger than the rest of the page: it comes when JSON is edited.
const JsonEditor = lazy(() => import('./JsonEditor'))

interface Props {
  draft: Draft
  readOnly: boolean
  error: string | undefined
  autoFocus: boolean
  onChange: (field: string) => void
}

/** The control that fits the value's type. */
export function ValueField(props: Props) {
  const { draft, readOnly, error, onChange } = props
  const line = { readOnly, error, value: draft.field, classNames: { input: 'mono' }, spellCheck: false }
  switch (draft.escaped ? 'ESCAPED' : draft.kind) {
    case 'STRING':
      return <TextValue {...props} />
    case 'NUMBER':
      return (
        <TextInput
          {...line}
          label="Value"
          inputMode="decimal"
          placeholder="42, -0.50, 6.02e23"
          description="Kept digit by digit as you write it."
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'BOOLEAN':
      return (
        <Switch
          label={draft.field === 'true' ? 'true' : 'false'}
          aria-label="Value"
          disabled={readOnly}
          checked={draft.field === 'true'}
          onChange={(event) => onChange(String(event.currentTarget.checked))}
        />
      )
    case 'DATE':
      return (
        <TextInput
          {...line}
          label="Value"
          type="date"
          max="9999-12-31"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'DATETIME':
      return <DateTimeValue {...props} />
    case 'DURATION':
      return (
        <Stack gap="xs">
          <TextInput
            {...line}
            label="Value"
            placeholder="PT30M, P1D, P1DT2H30M"
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          {!readOnly && <Presets value={draft.field} onChange={onChange} />}
        </Stack>
      )
    case 'BINARY':
      return <BytesValue {...props} />
    case 'ESCAPED':
    case 'JSON':
      return (
        <Suspense fallback={<Skeleton height={160} aria-label="Loading the editor" />}>
          <Input.Wrapper
            component="div"
            size="xs"
            label="Value"
            labelElement="div"
            description={draft.escaped && 'Written as JSON: this text holds characters that a text field cannot show.'}
            error={error}
          >
            <JsonEditor value={draft.field} readOnly={readOnly} invalid={Boolean(error)} onChange={onChange} />
          </Input.Wrapper>
        </Suspense>
      )
  }
}

function TextValue({ draft, readOnly, error, autoFocus, onChange }: Props) {
  const ref = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (autoFocus) ref.current?.focus()
  }, [autoFocus])
  return (
    <Textarea
      ref={ref}
      label="Value"
      autosize
      minRows={3}
      maxRows={20}
      spellCheck={false}
      classNames={{ input: 'mono' }}
      readOnly={readOnly}
      error={error}
      value={draft.field}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function DateTimeValue({ draft, readOnly, error, onChange }: Props) {
  return (
    <Stack gap="xs">
      <TextInput
        label="Value"
        placeholder="2026-01-31T08:30:00Z"
        description="An instant with its zone; the server keeps it in UTC."
        classNames={{ input: 'mono' }}
        spellCheck={false}
        readOnly={readOnly}
        error={error}
        value={draft.field}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {!readOnly && (
        <Group gap="xs">
          <Button variant="default" onClick={() => onChange(new Date().toISOString())}>
            Now
          </Button>
          <TextInput
            type="datetime-local"
            step={1}
            aria-label="Pick in your time zone"
            onChange={(event) => onChange(fromLocalField(event.currentTarget.value) ?? draft.field)}
          />
        </Group>
      )}
    </Stack>
  )
}

function Presets({ value, onChange }: { value: string; onChange: (field: string) => void }) {
  return (
    <Chip.Group value={value} onChange={(span) => onChange(span as string)}>
      <Group gap={6}>
        {PRESETS.map(([span, name]) => (
          <Chip key={span} size="xs" value={span}>
            {name}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  )
}

function BytesValue({ draft, readOnly, error, onChange }: Props) {
  return (
    <Stack gap="xs">
      {!readOnly && (
        <FileInput
          size="xs"
          label="Value"
          placeholder={draft.field ? 'Choose another file' : 'Choose a file'}
          leftSection={<IconUpload size={14} />}
          error={error}
          onChange={(file) => file && void readFile(file).then(onChange)}
        />
      )}
      {draft.field ? (
        <Group>
          <Button variant="default" leftSection={<IconDownload size={14} />} onClick={() => download(draft.key, draft.field)}>
            Download
          </Button>
          <Text size="xs" c="dimmed" className="mono" truncate maw="24rem">
            {draft.field.slice(0, 48)}
          </Text>
        </Group>
      ) : (
        <Text size="xs" c="dimmed">
          No bytes yet.
        </Text>
      )}
    </Stack>
  )
}
