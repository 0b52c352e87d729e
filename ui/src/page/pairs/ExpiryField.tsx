import { Select, Stack, TextInput } from '@mantine/core'

import { exact, toLocalField } from '../values/time'
import { type Expiry, PRESETS } from './draft'

interface Props {
  expiry: Expiry
  /** When the pair ends as it is on the server. */
  ends: string | undefined
  readOnly: boolean
  error: string | undefined
  onChange: (expiry: Expiry) => void
}

/** When the pair ends. */
export function ExpiryField({ expiry, ends, readOnly, error, onChange }: Props) {
  const preset = expiry.mode === 'ttl' && PRESETS.some(([span]) => span === expiry.ttl)
  const choice = expiry.mode === 'ttl' ? (preset ? expiry.ttl : 'custom') : expiry.mode
  const choose = (next: string | null) => {
    if (next === null) return
    if (next === 'never' || next === 'keep') onChange({ mode: next })
    else if (next === 'at') onChange({ mode: 'at', at: toLocalField(new Date(Date.now() + 3_600_000)) })
    else onChange({ mode: 'ttl', ttl: next === 'custom' ? '' : next })
  }
  return (
    <Stack gap="xs">
      <Select
        label="Expires"
        allowDeselect={false}
        disabled={readOnly}
        value={choice}
        onChange={choose}
        data={[
          ...(ends ? [{ value: 'keep', label: `As before: ${exact(ends)}` }] : []),
          { value: 'never', label: 'Never' },
          ...PRESETS.map(([value, label]) => ({ value, label: `In ${label}` })),
          { value: 'custom', label: 'After another duration…' },
          { value: 'at', label: 'At a day and time…' },
        ]}
      />
      {choice === 'custom' && expiry.mode === 'ttl' && (
        <TextInput
          aria-label="Duration until it expires"
          placeholder="PT30M, P1D, P1DT2H"
          classNames={{ input: 'mono' }}
          readOnly={readOnly}
          error={error}
          value={expiry.ttl}
          onChange={(event) => onChange({ mode: 'ttl', ttl: event.currentTarget.value })}
        />
      )}
      {expiry.mode === 'at' && (
        <TextInput
          type="datetime-local"
          step={1}
          aria-label="When it expires, in your time zone"
          readOnly={readOnly}
          error={error}
          value={expiry.at}
          onChange={(event) => onChange({ mode: 'at', at: event.currentTarget.value })}
        />
      )}
    </Stack>
  )
}
